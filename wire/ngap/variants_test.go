package ngap

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cordon/ident"
	"cordon/wire/per"
	"cordon/wire/wiretest"
)

// variants are the alternatives that the samples do not take.
func variants() []Message {
	node := func(kind ident.NodeKind, bits uint8) ident.RANNode {
		return ident.RANNode{PLMN: samplePLMN, Kind: kind, Bits: bits, ID: 1<<bits - 1}
	}
	up := func(u UserLocation) Message {
		return &UplinkNASTransport{AMFUENGAPID: 1, RANUENGAPID: 2, NASPDU: unhex("7e 00 43"), UserLocation: u}
	}
	out := []Message{
		up(UserLocation{Kind: AccessNR, PLMN: samplePLMN, Cell: 1<<36 - 1, TAI: sampleTAI}),
		up(UserLocation{Kind: AccessEUTRA, PLMN: samplePLMN, Cell: 1<<28 - 1, TAI: sampleTAI, Time: 1}),
		up(UserLocation{Kind: AccessN3IWF, Addr: sampleAddr, Port: 4500}),
		up(UserLocation{Kind: AccessN3IWF, Addr: netip.MustParseAddr("2001:db8::1"), Port: 65535}),
		&UEContextReleaseCommand{UENGAPIDs: UENGAPIDs{AMF: 5}, Cause: CauseNASNormalRelease},
		&UEContextReleaseCommand{UENGAPIDs: UENGAPIDs{AMF: 5, RAN: new(ident.RANUENGAPID(0))}, Cause: CauseMiscOMIntervention},
		&NGReset{Cause: CauseMiscUnspecified},
		&NGReset{ResetType: ResetType{Part: []NGConnection{{}, {AMF: new(ident.AMFUENGAPID(1))}, {RAN: new(ident.RANUENGAPID(1))}}}},
		&ErrorIndication{Cause: new(CauseRadioInsufficientUECapabilities)},
		&ErrorIndication{Cause: new(CauseNASUENotInPLMNServingArea)},
		&HandoverRequired{HandoverType: Handover5GSToUTRAN, Target: TargetID{ENB: true, Node: node(ident.NgENBLongMacro, 21), TAI: ident.TAI{PLMN: samplePLMN, TAC: 0xffff}}, PDUSessions: []PDUSessionTransfer{{1, []byte{0}}}, SourceToTargetContainer: []byte{1}},
		&LocationReportingControl{Request: LocationRequest{Event: LocationPresenceInArea, Areas: []AreaOfInterest{{Reference: 1, Cells: []CGI{{EUTRA: true, PLMN: samplePLMN, Cell: 1}}}, {Reference: 64}}}},
		&UEContextReleaseComplete{RecommendedForPaging: &RecommendedForPaging{Cells: []CellStay{{Cell: CGI{PLMN: samplePLMN}}}, Targets: []PagingTarget{{TAI: sampleTAI}}}},
		&InitialContextSetupRequest{AllowedNSSAI: []ident.SNSSAI{{SST: 255, SD: ident.NoSD}}, IndexToRFSP: new(uint16(256)), UEAMBR: &BitRates{0, 1}},
	}
	for _, n := range []ident.RANNode{
		node(ident.GNB, 22), node(ident.GNB, 24), node(ident.GNB, 28), node(ident.GNB, 32), node(ident.NgENBMacro, 20),
		node(ident.NgENBShortMacro, 18), node(ident.NgENBLongMacro, 21), node(ident.N3IWF, 16),
	} {
		out = append(out, &NGSetupRequest{GlobalRANNodeID: n, RANNodeName: strings.Repeat("n", 150), SupportedTAs: []SupportedTA{
			{TAC: ident.MaxTAC, PLMNs: []PLMNSupport{{samplePLMN, []ident.SNSSAI{{SST: 1, SD: ident.NoSD}, {SST: 1}}}}, RAT: new(RATNRLEO)},
		}})
	}
	return out
}

func TestVariants(t *testing.T) {
	var packets []wiretest.Packet
	for _, m := range variants() {
		b, err := Append(nil, m)
		if err != nil {
			t.Errorf("%+v: %v", m, err)
			continue
		}
		if got, d := Parse(b); d != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("%+v became %+v, %v", m, got, d)
		}
		packets = append(packets, wiretest.NGAP(b))
	}
	wiretest.Check(t, packets...)
}

// Values outside their bounds are not sent, but refused where they are made.
func TestNotEncoded(t *testing.T) {
	for _, m := range []Message{
		&NGSetupRequest{GlobalRANNodeID: sampleNode},
		&NGSetupRequest{GlobalRANNodeID: ident.RANNode{Kind: ident.GNB, Bits: 21}, SupportedTAs: []SupportedTA{{}}},
		&NGSetupRequest{GlobalRANNodeID: ident.RANNode{Kind: ident.N3IWF, Bits: 22}, SupportedTAs: []SupportedTA{{}}},
		&NGSetupResponse{AMFName: strings.Repeat("n", 151), ServedGUAMIs: make([]ServedGUAMI, 1), PLMNSupport: make([]PLMNSupport, 1)},
		&UplinkNASTransport{AMFUENGAPID: ident.MaxAMFUENGAPID + 1},
		&UplinkNASTransport{UserLocation: UserLocation{Kind: AccessNR, Cell: 1 << 36}},
		&UplinkNASTransport{UserLocation: UserLocation{Kind: AccessN3IWF}},
		&UplinkNASTransport{UserLocation: UserLocation{Kind: 3}},
		&InitialContextSetupRequest{AllowedNSSAI: make([]ident.SNSSAI, 9)},
		&ErrorIndication{Cause: new(Cause(5 << 8))},
		&ErrorIndication{Cause: new(Cause(200))},
		&HandoverRequest{Setup: []PDUSessionSetup{{NAS: []byte{1}}}, AllowedNSSAI: make([]ident.SNSSAI, 1)},
	} {
		if b, err := Append([]byte{1}, m); err == nil || len(b) != 1 {
			t.Errorf("%+v encodes as %x", m, b)
		}
	}
}

// located is a location with one extension of the criticality given.
func located(crit Criticality) []byte {
	c := coder{Coder: per.Encoder(nil)}
	alt, no, yes := uint8(AccessNR), false, true
	c.choice(&alt, 3)
	c.Preamble(true, &no, &yes)
	u := sampleCell
	cellID(&c, &u.PLMN, &u.Cell, nrCellBits)
	tai(&c, &u.TAI)
	n, id, value := uint32(1), ID(999), []byte{1, 2}
	per.Int(&c.Coder, &n, 1, 65535)
	c.field(&id, &crit)
	o := c.Open()
	content(&c, &value)
	c.Close(o)
	return c.Bytes()
}

// An extension inside an IE that is not comprehended is judged by its own criticality.
func TestExtensions(t *testing.T) {
	b, err := Append(nil, &UplinkNASTransport{NASPDU: []byte{1}, UserLocation: sampleCell})
	if err != nil {
		t.Fatal(err)
	}
	p := apart(t, b)
	for _, crit := range []Criticality{Reject, Ignore, Notify} {
		ies := slices.Clone(p.ies)
		ies[3].value = located(crit)
		byCriticality(field{id: 999, crit: crit}, false).check(t, crit.String(), p.together(ies))
	}
}

func TestText(t *testing.T) {
	for want, got := range map[string]string{
		"radio network: user-inactivity":   CauseRadioUserInactivity.String(),
		"nas: uE-not-in-PLMN-serving-area": CauseNASUENotInPLMNServingArea.String(),
		"1280":                             Cause(5 << 8).String(),
		"InitialUEMessage":                 ProcInitialUEMessage.String(),
		"200":                              Procedure(200).String(),
		"AMF-UE-NGAP-ID":                   idAMFUENGAPID.String(),
		"65000 missing":                    IEDiagnostic{ID: 65000, Missing: true}.String(),
	} {
		if got != want {
			t.Errorf("%q; want %q", got, want)
		}
	}
	_, d := Parse(unhex("00 0f 00 03 00 00 00"))
	if s := d.Error(); !strings.Contains(s, "NAS-PDU missing") || !strings.Contains(s, "InitialUEMessage initiating message") {
		t.Error(s)
	}
	if _, d = Parse(unhex("00 0f 00 03 00 00")); !strings.Contains(d.Error(), "transfer-syntax-error: per: bit") {
		t.Error(d)
	}
}
