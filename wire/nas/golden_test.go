package nas

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"reflect"
	"slices"

	"strings"
	"testing"

	"time"

	"cordon/ident"
	"cordon/wire/wiretest"
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

func mustPLMN(s string) ident.PLMN {
	p, err := ident.ParsePLMN(s)
	if err != nil {
		panic(err)
	}
	return p
}

func capability(s string) UESecurityCapability {
	u, err := NewUESecurityCapability(unhex(s))
	if err != nil {
		panic(err)
	}
	return u
}

var (
	p90170 = mustPLMN("90170")
	p00101 = mustPLMN("00101")

	capturedGUTI = ident.GUTI{GUAMI: ident.GUAMI{PLMN: p90170, Region: 2, Set: 1, Pointer: 0}, TMSI: 0xe2001a00}
	testGUTI     = ident.GUTI{GUAMI: ident.GUAMI{PLMN: p00101, Region: 0xca, Set: 0x3f8, Pointer: 0x15}, TMSI: 0x01020304}
	capturedSUCI = MobileIdentity{Type: IdentitySUCI, SUCI: ident.SUCI{
		PLMN: p90170, Routing: ident.RoutingIndicator{0, 0}, Output: unhex("0000000010")}}
	internet = ident.SNSSAI{SST: 1, SD: ident.NoSD}
)

// goldens are messages that other implementations sent (the captured ones) or that
// another dissector read as they were meant.
var goldens = []struct {
	name, hex string
	msg       Message
}{
	{"captured registration request", "7e004179000d0109f1070000000000000000102e04f0f0f0f0", &RegistrationRequest{
		Kind: RegistrationInitial, FollowOn: true, KSI: NoKSI, Identity: capturedSUCI, Security: capability("f0f0f0f0")}},
	{"captured registration request in a container", "7e004179000d0109f1070000000000000000101001002e04f0f0f0f02f020101530100", &RegistrationRequest{
		Kind: RegistrationInitial, FollowOn: true, KSI: NoKSI, Identity: capturedSUCI, Security: capability("f0f0f0f0"),
		MMCapability: []byte{0}, RequestedNSSAI: []ident.SNSSAI{internet}, Update: new(UpdateType(0))}},
	{"registration request after movement", "7e0041 02 000bf200f110cafe1501020304 c3 1003070000 2e02e0e0 2f0704010102030102 5200f110000001 40020200 50026000 b1 2b0101 77000bf200f110cafe1501020304 25022000 180101 510102 9f 7100037e0043 6a0102", &RegistrationRequest{
		Kind: RegistrationMobility, Identity: MobileIdentity{Type: IdentityGUTI, GUTI: testGUTI}, NonCurrentKSI: new(KSI(3)),
		MMCapability: []byte{7, 0, 0}, Security: capability("e0e0"), RequestedNSSAI: []ident.SNSSAI{{SST: 1, SD: 0x010203}, {SST: 2, SD: ident.NoSD}},
		LastTAI: &ident.TAI{PLMN: p00101, TAC: 1}, UplinkData: new(PDUSessions(0).With(1)), SessionStatus: new(PDUSessions(0).With(5).With(6)),
		MICO: new(uint8(1)), Status: new(StatusEMMRegistered), AdditionalGUTI: &testGUTI, AllowedSessions: new(PDUSessions(0).With(5)),
		UsageSetting: new(uint8(1)), DRX: new(uint8(2)), Slicing: new(uint8(15)), Container: unhex("7e0043"), T3324: new(20 * time.Minute)}},
	{"captured registration accept", "7e0042010177000bf209f107020040e2001a0054070009f10700000115020101210201005e0129", &RegistrationAccept{
		Result: Registered3GPP, GUTI: &capturedGUTI, TAIs: []ident.TAI{{PLMN: p90170, TAC: 1}}, AllowedNSSAI: []ident.SNSSAI{internet},
		Features: []byte{1, 0}, T3512: new(9 * time.Hour)}},
	{"registration accept with all a device looks for", "7e00420109 77000bf200f110cafe1501020304 4a0302f839 5418 0100f110000001000005 2202f839000009 0000f11000000a 15070401010203 0101 11021201 31020101 210101 50022000 26022000 72000205 2b 79000d 0403696d73 07 0000f110000001 b0 90 5e018a 5d011e 16011e", &RegistrationAccept{
		Result: Registered3GPP | SMSOverNASAllowed, GUTI: &testGUTI, EquivalentPLMNs: []ident.PLMN{mustPLMN("20893")},
		TAIs:         []ident.TAI{{PLMN: p00101, TAC: 1}, {PLMN: p00101, TAC: 5}, {PLMN: mustPLMN("20893"), TAC: 9}, {PLMN: mustPLMN("20893"), TAC: 10}, {PLMN: mustPLMN("20893"), TAC: 11}, {PLMN: p00101, TAC: 10}},
		AllowedNSSAI: []ident.SNSSAI{{SST: 1, SD: 0x010203}, internet}, RejectedNSSAI: []RejectedSNSSAI{{internet, 2}}, ConfiguredNSSAI: []ident.SNSSAI{internet},
		Features: []byte{1}, SessionStatus: new(PDUSessions(0).With(5)), Reactivation: new(PDUSessions(0).With(5)), ReactivationErrors: []ReactivationError{{5, CauseLADNNotAvailable}},
		LADNs: []LADN{{"ims", []ident.TAI{{PLMN: p00101, TAC: 1}}}}, MICO: new(uint8(0)), Slicing: new(uint8(0)),
		T3512: new(5 * time.Minute), Non3GPPDeregistration: new(time.Minute), T3502: new(time.Minute)}},
	{"registration accept that keeps a device out of two areas", "7e00420101 54070000f110000001 2707a100f110000005", &RegistrationAccept{
		Result: Registered3GPP, TAIs: []ident.TAI{{PLMN: p00101, TAC: 1}},
		ServiceAreas: &ServiceAreas{NotAllowed: true, TAIs: []ident.TAI{{PLMN: p00101, TAC: 5}, {PLMN: p00101, TAC: 6}}}}},
	{"captured registration complete", "7e0043", &RegistrationComplete{}},
	{"captured registration reject", "7e004417", &RegistrationReject{Cause: CauseCapabilitiesMismatch}},
	{"registration reject with back-off", "7e004416 5f011e 16011e 69021101 3a0165", &RegistrationReject{
		Cause: CauseCongestion, T3346: new(time.Minute), T3502: new(time.Minute), RejectedNSSAI: []RejectedSNSSAI{{internet, 1}}, LowerBound: new(10 * time.Second)}},
	{"deregistration request", "7e004509000bf200f110cafe1501020304", &DeregistrationRequestUE{
		Kind: Deregister3GPP | SwitchOff, Identity: MobileIdentity{Type: IdentityGUTI, GUTI: testGUTI}}},
	{"deregistration accept", "7e0046", &DeregistrationAcceptUE{}},
	{"deregistration request from the network", "7e0047055803 5f0122", &DeregistrationRequestNetwork{
		Kind: Deregister3GPP | ReregistrationNeeded, Cause: CauseIllegalUE, T3346: new(2 * time.Minute)}},
	{"deregistration accept from the device", "7e0048", &DeregistrationAcceptNetwork{}},
	{"captured service request", "7e004c100007f40040db00af267100157e004c100007f40040db00af264002020050020200", &ServiceRequest{
		Service: ServiceData, STMSI: ident.STMSI{Set: 1, TMSI: 0xdb00af26}, Container: unhex("7e004c100007f40040db00af264002020050020200")}},
	{"captured service request in its container", "7e004c100007f40040db00af264002020050020200", &ServiceRequest{
		Service: ServiceData, STMSI: ident.STMSI{Set: 1, TMSI: 0xdb00af26}, UplinkData: new(PDUSessions(0).With(1)), SessionStatus: new(PDUSessions(0).With(1))}},
	{"captured service accept", "7e004e5002020026020000", &ServiceAccept{SessionStatus: new(PDUSessions(0).With(1)), Reactivation: new(PDUSessions(0))}},
	{"service accept with errors", "7e004e5002020026020200720002012b", &ServiceAccept{SessionStatus: new(PDUSessions(0).With(1)),
		Reactivation: new(PDUSessions(0).With(1)), ReactivationErrors: []ReactivationError{{1, CauseLADNNotAvailable}}}},
	{"captured service reject", "7e004d09", &ServiceReject{Cause: CauseIdentityUnderivable}},
	{"control plane service request", "7e004f01 40020200 7100037e0043", &ControlPlaneServiceRequest{Service: 1, UplinkData: new(PDUSessions(0).With(1)), Container: unhex("7e0043")}},
	{"configuration update command with the time", "7e0054430f90004f00700065006e00350047005346404712211280946340490100", &ConfigurationUpdateCommand{
		FullName: "Open5GS", Zone: new(TimeZone(4)), Time: &UniversalTime{time.Date(2021, 12, 21, 8, 49, 36, 0, time.UTC), 4}, DaylightSaving: new(uint8(0))}},
	{"configuration update command with acknowledgement", "7e0054d177000bf200f110cafe1501020304 54070000f110000001 15020101 4307900043006f0072", &ConfigurationUpdateCommand{
		Indication: new(AcknowledgementRequested), GUTI: &testGUTI, TAIs: []ident.TAI{{PLMN: p00101, TAC: 1}}, AllowedNSSAI: []ident.SNSSAI{internet}, FullName: "Cor"}},
	{"configuration update complete", "7e0055", &ConfigurationUpdateComplete{}},
	{"captured authentication request", "7e0056010200002147b9600ef9e3d55807dd2639d93df8a92010a5fb1b4f67fb8000c39ed6660edb4c90", &AuthenticationRequest{
		KSI: 1, ABBA: []byte{0, 0}, RAND: (*[16]byte)(unhex("47b9600ef9e3d55807dd2639d93df8a9")), AUTN: (*[16]byte)(unhex("a5fb1b4f67fb8000c39ed6660edb4c90"))}},
	{"captured authentication response", "7e00572d1037f9455949e3186913136abe94b05ef7", &AuthenticationResponse{RES: (*[16]byte)(unhex("37f9455949e3186913136abe94b05ef7"))}},
	{"authentication response by EAP", "7e0057780005 0201000501", &AuthenticationResponse{EAP: unhex("0201000501")}},
	{"authentication reject", "7e0058", &AuthenticationReject{}},
	{"captured authentication failure", "7e005915300edbf532a2bf2734120e98f5fc08f3", &AuthenticationFailure{
		Cause: CauseSynchFailure, AUTS: (*[14]byte)(unhex("dbf532a2bf2734120e98f5fc08f3"))}},
	{"authentication failure", "7e005914", &AuthenticationFailure{Cause: CauseMACFailure}},
	{"authentication result", "7e005a01000403010004 38020000", &AuthenticationResult{KSI: 1, EAP: unhex("03010004"), ABBA: []byte{0, 0}}},
	{"identity request", "7e005b01", &IdentityRequest{Identity: IdentitySUCI}},
	{"identity response", "7e005c000d0109f107000000000000000010", &IdentityResponse{Identity: capturedSUCI}},
	{"captured security mode command", "7e005d020104f0f0f0f0e1360102", &SecurityModeCommand{
		Integrity: 2, KSI: 1, Replayed: capability("f0f0f0f0"), IMEISVRequest: new(IMEISVRequested), Additional: new(RetransmitInitial)}},
	{"captured security mode complete", "7e005e7700094573806121856151f17100237e004179000d0109f1070000000000000000101001002e04f0f0f0f02f020101530100", &SecurityModeComplete{
		IMEISV: new(ident.IMEISV(0x4370816125816151)), Container: unhex("7e004179000d0109f1070000000000000000101001002e04f0f0f0f02f020101530100")}},
	{"security mode reject", "7e005f18", &SecurityModeReject{Cause: CauseSecurityModeRejected}},
	{"status", "7e006461", &MMStatus{Cause: CauseUnknownType}},
	{"notification", "7e006501", &Notification{Access: Access3GPP}},
	{"notification response", "7e006650022000", &NotificationResponse{SessionStatus: new(PDUSessions(0).With(5))}},
	{"captured UL NAS transport", "7e00670100152e0101c1ffff91a12801007b000780000a00000d00120181220101250908696e7465726e6574", &ULNASTransport{
		PayloadType: PayloadSM, Payload: unhex("2e0101c1ffff91a12801007b000780000a00000d00"), Session: 1, Request: RequestInitial, Slice: &internet, DNN: "internet"}},
	{"DL NAS transport", "7e00680100052e0101d661 1201 585a 370165", &DLNASTransport{
		PayloadType: PayloadSM, Payload: unhex("2e0101d661"), Session: 1, Cause: CauseNotForwarded, BackOff: new(10 * time.Second)}},
}

var smGoldens = []struct {
	name, hex string
	h         SMHeader
	msg       SMMessage
}{
	{"captured establishment request", "2e0101c1ffff91a12801007b000780000a00000d00", SMHeader{1, 1}, &PDUSessionEstablishmentRequest{
		IntegrityRate: IntegrityRate{FullRate, FullRate}, SessionType: PDUSessionIPv4, SSC: 1, Capability: []byte{0},
		Options: []ProtocolOption{{ID: OptionByNAS}, {ID: OptionDNSv4}}}},
	{"establishment request with always-on before its options", "2e0501c1ffff93a1 55 0400 b1 7b000e 80 8021 0401010004 000300 001000", SMHeader{5, 1}, &PDUSessionEstablishmentRequest{
		IntegrityRate: IntegrityRate{FullRate, FullRate}, SessionType: PDUSessionIPv4v6, SSC: 1, MaxFilters: new(uint16(32)), AlwaysOn: new(uint8(1)),
		Options: []ProtocolOption{{ID: OptionIPCP, Content: unhex("01010004")}, {ID: OptionDNSv6}, {ID: OptionMTUv4}}}},
	{"captured establishment accept", "2e0101c211000901000631310101ff01060b00010b00012905010a2d00032201017900060120410101097b000f80000d0408080808000d0408080404250908696e7465726e6574", SMHeader{1, 1}, &PDUSessionEstablishmentAccept{
		SessionType: PDUSessionIPv4, SSC: 1, Rules: []QoSRule{DefaultRule(1, 1)}, AMBR: AMBR{1e9, 1e9},
		Address: &PDUAddress{Type: PDUSessionIPv4, IPv4: netip.MustParseAddr("10.45.0.3")}, Slice: &internet,
		Flows:   []QoSFlow{{QFI: 1, Op: FlowCreate, Replace: true, FiveQI: 9}},
		Options: []ProtocolOption{{OptionDNSv4, []byte{8, 8, 8, 8}}, {OptionDNSv4, []byte{8, 8, 4, 4}}}, DNN: "internet"}},
	{"establishment accept in IPv6 with a guaranteed flow", "2e0501c2120020 010006 31310101ff01 020014 21120f 100a000001ffffffff 501388 70b8fc 0a02 06060064060032 5933 2909020000000000000001 561e 81 790020 012041010109 022045010101 0203060001 0303060001 0403060002 0503060002 250403696d73", SMHeader{5, 1}, &PDUSessionEstablishmentAccept{
		SessionType: PDUSessionIPv6, SSC: 1, AMBR: AMBR{100e6, 50e6}, Cause: SMCauseIPv6Only, AlwaysOn: new(uint8(1)), RQTimer: new(time.Minute),
		Rules: []QoSRule{DefaultRule(1, 1), {ID: 2, Op: RuleCreate, Precedence: 10, QFI: 2, Filters: []PacketFilter{{ID: 2, Direction: FilterDownlink, Components: []FilterComponent{
			{ComponentRemoteIPv4, unhex("0a000001ffffffff")}, {ComponentRemotePort, unhex("1388")}, {ComponentTrafficClass, unhex("b8fc")}}}}}},
		Address: &PDUAddress{Type: PDUSessionIPv6, InterfaceID: [8]byte{7: 1}},
		Flows: []QoSFlow{{QFI: 1, Op: FlowCreate, Replace: true, FiveQI: 9},
			{QFI: 2, Op: FlowCreate, Replace: true, FiveQI: 1, GFBRUplink: 1e6, GFBRDownlink: 1e6, MFBRUplink: 2e6, MFBRDownlink: 2e6}}, DNN: "ims"}},
	{"establishment reject", "2e0101c31b 37018a 610101", SMHeader{1, 1}, &PDUSessionEstablishmentReject{
		Cause: SMCauseUnknownDNN, BackOff: new(5 * time.Minute), CongestionReattempt: new(uint8(1))}},
	{"authentication command", "2e0100c500050101000501", SMHeader{1, 0}, &PDUSessionAuthenticationCommand{EAP: unhex("0101000501")}},
	{"authentication complete", "2e0100c600050201000501", SMHeader{1, 0}, &PDUSessionAuthenticationComplete{EAP: unhex("0201000501")}},
	{"authentication result", "2e0100c7780004 03010004", SMHeader{1, 0}, &PDUSessionAuthenticationResult{EAP: unhex("03010004")}},
	{"modification request", "2e0102c9 280101 13ffff 7a0004 01000140", SMHeader{1, 2}, &PDUSessionModificationRequest{
		Capability: []byte{1}, IntegrityRate: &IntegrityRate{FullRate, FullRate}, Rules: []QoSRule{{ID: 1, Op: RuleDelete, Bare: true}}}},
	{"modification reject", "2e0102ca20", SMHeader{1, 2}, &PDUSessionModificationReject{Cause: SMCauseNotSupported}},
	{"modification command", "2e0100cb 2a06 060064 060032 81 790003 024000", SMHeader{1, 0}, &PDUSessionModificationCommand{
		AMBR: &AMBR{100e6, 50e6}, AlwaysOn: new(uint8(1)), Flows: []QoSFlow{{QFI: 2, Op: FlowDelete}}}},
	{"modification complete", "2e0100cc", SMHeader{1, 0}, &PDUSessionModificationComplete{}},
	{"modification command reject", "2e0100cd53", SMHeader{1, 0}, &PDUSessionModificationCommandReject{Cause: SMCauseSemanticQoS}},
	{"release request", "2e0103d15924", SMHeader{1, 3}, &PDUSessionReleaseRequest{Cause: SMCauseRegular}},
	{"release reject", "2e0103d22b", SMHeader{1, 3}, &PDUSessionReleaseReject{Cause: SMCauseInvalidSession}},
	{"release command", "2e0103d324d1", SMHeader{1, 3}, &PDUSessionReleaseCommand{Cause: SMCauseRegular, Access: Access3GPP}},
	{"release complete", "2e0103d4", SMHeader{1, 3}, &PDUSessionReleaseComplete{}},
	{"status", "2e0103d62f", SMHeader{1, 3}, &SMStatus{Cause: SMCausePTIMismatch}},
}

func TestGolden(t *testing.T) {
	for _, tt := range goldens {
		t.Run(tt.name, func(t *testing.T) {
			want := unhex(tt.hex)
			if got, err := Append([]byte{0xaa}, tt.msg); err != nil || !bytes.Equal(got[1:], want) {
				t.Errorf("encoded %x, %v\n   want %x", got, err, want)
			}
			got, ignored, err := Parse(want)
			if err != nil || len(ignored) > 0 || !reflect.DeepEqual(got, tt.msg) {
				t.Errorf("decoded %+v, %v, %v\n   want %+v", got, ignored, err, tt.msg)
			}
		})
	}
}

func TestSMGolden(t *testing.T) {
	for _, tt := range smGoldens {
		t.Run(tt.name, func(t *testing.T) {
			want := unhex(tt.hex)
			if got, err := AppendSM([]byte{0xaa}, tt.h, tt.msg); err != nil || !bytes.Equal(got[1:], want) {
				t.Errorf("encoded %x, %v\n   want %x", got, err, want)
			}
			h, got, ignored, err := ParseSM(want)
			if err != nil || len(ignored) > 0 || h != tt.h || !reflect.DeepEqual(got, tt.msg) {
				t.Errorf("decoded %+v %+v, %v, %v\n   want %+v %+v", h, got, ignored, err, tt.h, tt.msg)
			}
		})
	}
}

// Every message of this package is among the goldens.
func TestGoldensComplete(t *testing.T) {
	have := map[MessageType]bool{}
	for _, tt := range goldens {
		have[tt.msg.Type()] = true
	}
	haveSM := map[SMMessageType]bool{}
	for _, tt := range smGoldens {
		haveSM[tt.msg.Type()] = true
	}
	for i := range 256 {
		if mt := MessageType(i); newMessage(mt) != nil && !have[mt] {
			t.Errorf("no golden of %v", mt)
		}
		if mt := SMMessageType(i); newSMMessage(mt) != nil && !haveSM[mt] {
			t.Errorf("no golden of %v", mt)
		}
	}
}

// Another dissector finds nothing wrong with what we write.
func TestDissected(t *testing.T) {
	var packets []wiretest.Packet
	for _, tt := range goldens {
		packets = append(packets, wiretest.NAS(unhex(tt.hex)))
	}
	for _, tt := range smGoldens {
		packets = append(packets, wiretest.NAS(unhex(tt.hex)))
	}
	wiretest.Check(t, packets...)
}

// So it is with every optional element that is more than octets to us, one by one.
func TestElementsDissected(t *testing.T) {
	var packets []wiretest.Packet
	for _, s := range suites() {
		mandatory, optional := s.split()
		if bytes.Contains(bytes.Join(mandatory, nil), []byte("\x2a\x2a\x2a\x2a")) {
			continue // octets that should be an EAP packet
		}
		for i, b := range optional {
			e := &s.ies[len(mandatory)+i]
			if opaque := bytes.Trim(b[e.value():], "\x2a"); len(opaque) > 0 {
				packets = append(packets, wiretest.NAS(s.join(append(slices.Clone(mandatory), b)...)))
			}
		}
	}
	wiretest.Check(t, packets...)
}
