package pfcp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"cordon/ident"
)

// wire is a message of the elements given.
func wire(t Type, elements ...[]byte) []byte {
	b := []byte{version1, byte(t), 0, 0}
	if t.Session() {
		b = append(b, 0, 0, 0, 0, 0, 0, 0, 5)
		b[0] |= flagSEID
	}
	b = append(b, 0, 0, 7, 0)
	b = append(b, bytes.Join(elements, nil)...)
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)-4))
	return b
}

// el is an element of parts.
func el(t IE, parts ...[]byte) []byte {
	v := bytes.Join(parts, nil)
	return append([]byte{byte(t >> 8), byte(t), byte(len(v) >> 8), byte(len(v))}, v...)
}

func octets(b ...byte) []byte { return b }

var (
	someNode = el(ieNodeID, octets(0, 192, 0, 2, 1))
	someSEID = el(ieFSEID, octets(2, 0, 0, 0, 0, 0, 0, 0, 1, 192, 0, 2, 1))
	someFAR  = el(ieCreateFAR, el(ieFARID, octets(0, 0, 0, 1)), el(ieApplyAction, octets(1)))
	ruleHead = append(el(iePDRID, octets(0, 1)), el(iePrecedence, octets(0, 0, 0, 1))...)
	toFAR    = el(ieFARID, octets(0, 0, 0, 1))
	access   = el(ieSourceInterface, octets(0))
)

// request is an establishment whose only PDR has the elements in its PDI.
func request(elements ...[]byte) []byte {
	return wire(TypeEstablishmentRequest, someNode, someSEID, el(ieCreatePDR, ruleHead, el(iePDI, elements...), toFAR), someFAR)
}

// What breaks a message, the cause for the peer, and the element at fault.
func TestRefused(t *testing.T) {
	update := func(elements ...[]byte) []byte {
		return wire(TypeModificationRequest, el(ieUpdateFAR, append([][]byte{el(ieFARID, octets(0, 0, 0, 1))}, elements...)...))
	}
	for _, tt := range []struct {
		name  string
		b     []byte
		cause Cause
		ie    IE
		err   error
	}{
		{"nothing", nil, CauseInvalidLength, 0, ErrShort},
		{"version 2", append([]byte{0x40}, wire(TypeHeartbeatRequest)[1:]...), CauseInvalidLength, 0, ErrVersion},
		{"two messages", append([]byte{version1 | flagFollowOn}, wire(TypeHeartbeatRequest)[1:]...), CauseInvalidLength, 0, ErrLength},
		{"longer than it says", append(wire(TypeVersionNotSupported), 0), CauseInvalidLength, 0, ErrLength},
		{"a session's without a SEID", append([]byte{version1}, wire(TypeDeletionRequest)[1:]...), CauseInvalidLength, 0, ErrHeader},
		{"unknown type", wire(99), CauseServiceNotSupported, 0, ErrUnknownType},
		{"mandatory missing", wire(TypeHeartbeatRequest), CauseMandatoryMissing, ieRecovery, ErrMissing},
		{"mandatory missing in a group", wire(TypeEstablishmentRequest, someNode, someSEID, el(ieCreatePDR, ruleHead, toFAR), someFAR), CauseMandatoryMissing, iePDI, ErrMissing},
		{"element past the end", wire(TypeHeartbeatRequest, octets(0, 96, 0, 5, 0, 0, 0, 1)), CauseInvalidLength, ieRecovery, ErrShort},
		{"element in a group past the group's end", request(octets(0, 20, 0, 2, 0)), CauseInvalidLength, ieSourceInterface, ErrShort},
		{"head of an element cut", wire(TypeHeartbeatRequest, el(ieRecovery, octets(0, 0, 0, 1)), octets(0, 1)), CauseInvalidLength, 0, ErrShort},
		{"value too short", wire(TypeHeartbeatRequest, el(ieRecovery, octets(0, 0, 1))), CauseInvalidLength, ieRecovery, ErrShort},
		{"a hundred rules", wire(TypeModificationRequest, bytes.Repeat(el(ieRemovePDR, el(iePDRID, octets(0, 1))), 100)), CauseNoResources, ieRemovePDR, ErrTooMany},
		{"thousands of unknown elements", wire(TypeVersionNotSupported, bytes.Repeat(el(999), maxElements+1)), CauseNoResources, 0, ErrTooMany},
		{"cause 0", wire(TypeDeletionResponse, el(ieCause, octets(0))), CauseMandatoryIncorrect, ieCause, ErrValue},
		{"no address in a F-SEID", wire(TypeEstablishmentRequest, someNode, el(ieFSEID, octets(0, 0, 0, 0, 0, 0, 0, 0, 1))), CauseMandatoryIncorrect, ieFSEID, ErrValue},
		{"node identity of type 3", wire(TypeAssociationReleaseRequest, el(ieNodeID, octets(3, 1, 2, 3, 4))), CauseMandatoryIncorrect, ieNodeID, ErrValue},
		{"empty domain name", wire(TypeAssociationReleaseRequest, el(ieNodeID, octets(2))), CauseMandatoryIncorrect, ieNodeID, ErrValue},
		{"domain name with a space", wire(TypeAssociationReleaseRequest, el(ieNodeID, octets(2, 1, ' '))), CauseMandatoryIncorrect, ieNodeID, ErrValue},
		{"another interface", request(el(ieSourceInterface, octets(5))), CauseServiceNotSupported, ieSourceInterface, ErrUnsupported},
		{"an application", request(access, el(ieApplication, octets(1))), CauseServiceNotSupported, ieApplication, ErrUnsupported},
		{"an Ethernet filter", request(access, el(ieEthernetFilter)), CauseServiceNotSupported, ieEthernetFilter, ErrUnsupported},
		{"an address to be chosen", request(access, el(ieUEAddress, octets(ueChooseV4))), CauseServiceNotSupported, ieUEAddress, ErrUnsupported},
		{"no address", request(access, el(ieUEAddress, octets(0))), CauseMandatoryIncorrect, ieUEAddress, ErrValue},
		{"a prefix of 0 bits", request(access, el(ieUEAddress, octets(ueV6|uePrefixLength), make([]byte, 17))), CauseMandatoryIncorrect, ieUEAddress, ErrValue},
		{"a tunnel of no address", request(access, el(ieFTEID, octets(0, 0, 0, 0, 1))), CauseMandatoryIncorrect, ieFTEID, ErrValue},
		{"a filter by ToS", request(access, el(ieSDF, octets(sdfDescription|sdfTOS, 0, 0, 0))), CauseServiceNotSupported, ieSDF, ErrUnsupported},
		{"a filter that denies", request(access, el(ieSDF, octets(1, 0, 0, 30), []byte("deny out ip from any to any 80"))), CauseServiceNotSupported, ieSDF, ErrUnsupported},
		{"a filter past its end", request(access, el(ieSDF, octets(1, 0, 0, 30), []byte("permit"))), CauseInvalidLength, ieSDF, ErrShort},
		{"a framed route without a length", request(access, el(ieFramedRoute, []byte("10.0.0.0"))), CauseMandatoryIncorrect, ieFramedRoute, ErrValue},
		{"a framed route of the other version", request(access, el(ieFramedRoute, []byte("2001:db8::/32"))), CauseMandatoryIncorrect, ieFramedRoute, ErrValue},
		{"another session type", wire(TypeEstablishmentRequest, someNode, someSEID, el(ieCreatePDR, ruleHead, el(iePDI, access), toFAR), someFAR, el(iePDNType, octets(4))), CauseServiceNotSupported, iePDNType, ErrUnsupported},
		{"N4-07 duplication", update(el(ieApplyAction, octets(2|16))), CauseServiceNotSupported, ieApplyAction, ErrUnsupported},
		{"N4-07 duplicating parameters", wire(TypeModificationRequest, el(ieCreateFAR, toFAR, el(ieApplyAction, octets(1)), el(ieDuplicating))), CauseServiceNotSupported, ieDuplicating, ErrUnsupported},
		{"action in a second octet", update(el(ieApplyAction, octets(2, 1))), CauseServiceNotSupported, ieApplyAction, ErrUnsupported},
		{"a redirection", update(el(ieApplyAction, octets(2)), el(ieUpdateForwarding, el(ieDestinationInterface, octets(1)), el(ieRedirect))), CauseServiceNotSupported, ieRedirect, ErrUnsupported},
		{"an outer header that is not GTP-U", update(el(ieApplyAction, octets(2)), el(ieUpdateForwarding, el(ieDestinationInterface, octets(1)), el(ieOuterHeaderCreation, octets(4, 0)))), CauseServiceNotSupported, ieOuterHeaderCreation, ErrUnsupported},
		{"a trigger without its limit", wire(TypeModificationRequest, el(ieCreateURR, el(ieURRID, octets(0, 0, 0, 1)), el(ieMeasurementMethod, octets(2)), el(ieReportingTriggers, octets(2, 0)))), CauseConditionalMissing, ieReportingTriggers, ErrMissing},
		{"a quota of nothing", wire(TypeModificationRequest, el(ieUpdateURR, el(ieURRID, octets(0, 0, 0, 1)), el(ieVolumeQuota, octets(1), make([]byte, 8)))), CauseConditionalMissing, ieReportingTriggers, ErrMissing},
		{"an endpoint to be chosen in an error indication", wire(TypeReportRequest, el(ieReportType, octets(4)), el(ieErrorIndicationReport, el(ieFTEID, octets(5)))), CauseMandatoryIncorrect, ieFTEID, ErrValue},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h, m, err := Parse(tt.b)
			de, ok := errors.AsType[*DecodeError](err)
			if !ok || m != nil {
				t.Fatalf("%+v, %v", m, err)
			}
			if de.Cause != tt.cause || tt.ie != 0 && de.IE != tt.ie || !errors.Is(err, tt.err) {
				t.Errorf("%v, cause %v, of %v; want %v, %v, %v", err, de.Cause, de.IE, tt.err, tt.cause, tt.ie)
			}
			if a := Refuse(h, NodeID{Addr: a4}, 1, err); a != nil {
				if _, err := Append(nil, h.Seq, a); err != nil {
					t.Errorf("the refusal does not encode: %v", err)
				}
			} else if h.Type.Request() && h.Type != TypeHeartbeatRequest {
				t.Error("nothing to answer it with")
			}
		})
	}
}

// What is read although it is not written so.
func TestTolerated(t *testing.T) {
	up := func(elements ...[]byte) *PDI {
		_, m, err := Parse(request(elements...))
		if err != nil {
			t.Fatal(err)
		}
		return &m.(*Establishment).PDRs[0].PDI
	}
	plain := el(ieNetworkInstance, []byte("internet"))
	if got := up(access, plain).Instance; got != "internet" {
		t.Errorf("plain network instance: %q", got)
	}
	if got := up(access, plain, el(ieNetworkInstance, []byte("other"))).Instance; got != "internet" {
		t.Errorf("of two the first: %q", got)
	}
	if got := up(el(ieSourceInterface, octets(2))).Source; got != Core {
		t.Errorf("the side of N6's services: %v", got)
	}
	if got := up(el(ieSourceInterface, octets(1, 9, 9)), el(32800, octets(0x12, 0x34, 1)), el(999, make([]byte, 40))).Source; got != Core {
		t.Errorf("a later release's octets, another's enterprise, unknown: %v", got)
	}
	if got := up(access, el(ieUEAddress, octets(ueV6|ueDelegated), a6.AsSlice(), octets(8))).UE6; got != netip.MustParsePrefix("2001:db8::/56") {
		t.Errorf("delegated prefix: %v", got)
	}
	if got := up(access, el(ieFTEID, octets(fteidV4|fteidV6, 0, 0, 0, 7), a4.AsSlice(), a6.AsSlice())).Local; got != (FTEID{TEID: 7, Addr: a4}) {
		t.Errorf("both addresses: %+v", got)
	}
	for _, removal := range []byte{0, 1, 6} {
		b := wire(TypeEstablishmentRequest, someNode, someSEID, el(ieCreatePDR, ruleHead, el(iePDI, access), toFAR, el(ieOuterHeaderRemoval, octets(removal))), someFAR)
		if _, m, err := Parse(b); err != nil || !m.(*Establishment).PDRs[0].RemoveOuterHeader {
			t.Errorf("outer header removal %d: %v", removal, err)
		}
	}
	total := el(ieUsageDeleted, el(ieURRID, octets(0, 0, 0, 1)), el(ieUsageSequence, octets(0, 0, 0, 1)), el(ieUsageTrigger, octets(0, 8)), el(ieVolumeMeasurement, octets(1, 0, 0, 0, 0, 0, 0, 0, 9)))
	_, m, err := Parse(wire(TypeDeletionResponse, el(ieCause, octets(1)), total))
	if err != nil || m.(*Deleted).Rules[0].Usage.DownlinkBytes != 9 || m.(*Deleted).Rules[0].Trigger != TriggerTermination {
		t.Errorf("a total only: %+v, %v", m, err)
	}
}

// What cannot be said on the wire is not sent.
func TestUnwritable(t *testing.T) {
	for name, m := range map[string]Message{
		"no identity":      &AssociationReleaseRequest{},
		"no address":       &Establishment{Node: NodeID{Addr: a4}, CP: FSEID{SEID: 1}},
		"rate":             &Modification{CreateQERs: []QER{{ID: 1, UplinkMBR: 1 << 40}}},
		"QFI":              &Modification{CreateQERs: []QER{{ID: 1, QFI: 64}}},
		"too many":         &Modification{RemovePDRs: make([]PDRID, 65)},
		"IPv6 for IPv4":    &Modification{CreatePDRs: []PDR{{PDI: PDI{UE: a6}}}},
		"long name":        &Modification{CreatePDRs: []PDR{{PDI: PDI{Instance: ident.DNN(strings.Repeat("a", 64))}}}},
		"more than all":    &NodeReportRequest{Node: NodeID{Addr: a4}, Failed: make([]netip.Addr, 1)},
		"load of 101":      &Modified{Cause: CauseAccepted, Load: &Load{Percent: 101}},
		"unknown endpoint": &SessionReport{Lost: []OuterHeader{{TEID: 1}}},
	} {
		if b, err := Append([]byte{1}, 1, m); err == nil || len(b) != 1 {
			t.Errorf("%s: %x, %v", name, b, err)
		}
	}
}

func TestSDF(t *testing.T) {
	for text, want := range map[string]SDF{
		"permit out ip from any to assigned":                           {},
		"permit out ip from any to any":                                {},
		"permit out 6 from 192.0.2.7 80 to assigned 1024-2048":         {Remote: netip.MustParsePrefix("192.0.2.7/32"), Protocol: 6, RemotePorts: Ports{80, 80}, LocalPorts: Ports{1024, 2048}},
		"permit out 17 from 2001:db8::1/32 1-5 to assigned":            {Remote: netip.MustParsePrefix("2001:db8::/32"), Protocol: 17, RemotePorts: Ports{1, 5}},
		"  permit  out ip from 198.51.100.77/24 0-65535 to assigned  ": {Remote: netip.MustParsePrefix("198.51.100.0/24"), RemotePorts: Ports{0, 65535}},
	} {
		got, err := ParseSDF(text)
		if err != nil || got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
		if again, err := ParseSDF(got.String()); err != nil || again != got {
			t.Errorf("%q became %q", text, got)
		}
	}
	for text, want := range map[string]error{
		"": ErrValue, "permit out ip from any to": ErrValue, "permit in ip from any to assigned": ErrUnsupported, "deny out ip from any to assigned": ErrUnsupported,
		"permit out tcp from any to assigned": ErrValue, "permit out 0 from any to assigned": ErrValue, "permit out 256 from any to assigned": ErrValue,
		"permit out ip from !192.0.2.1 to assigned": ErrUnsupported, "permit out ip from 192.0.2.1/33 to assigned": ErrValue, "permit out ip from fe80::1%eth0 to assigned": ErrValue,
		"permit out ip from any 80,443 to assigned": ErrUnsupported, "permit out ip from any 5-4 to assigned": ErrValue, "permit out ip from any 65536 to assigned": ErrValue,
		"permit out ip from any to 10.0.0.1": ErrUnsupported, "permit out ip from any to assigned frag": ErrValue, "permit out ip from any to assigned 80 frag": ErrUnsupported,
		"permit out ip from any 0 to assigned": ErrValue, "permit out ip from any 1 2 to assigned": ErrValue, "permit out ip to any from assigned": ErrValue,
	} {
		if got, err := ParseSDF(text); err != want || got != (SDF{}) {
			t.Errorf("%q: %+v, %v; want %v", text, got, err, want)
		}
	}
}

// A report of several kinds is told one at a time, and each kind travels.
func TestReports(t *testing.T) {
	m := &SessionReport{CP: 5, Data: []PDRID{1, 2}, Usage: usage, Lost: []OuterHeader{{TEID: 9, Addr: a4}}, Inactive: true}
	got := m.Reports()
	if len(got) != 5 {
		t.Fatalf("%+v", got)
	}
	for _, r := range got {
		if again := r.Message().Reports(); len(again) != 1 || !reflect.DeepEqual(again[0], r) {
			t.Errorf("%+v became %+v", r, again)
		}
	}
}

// FuzzParse: what is accepted re-encodes and parses back equal; what is refused is a DecodeError and nothing beside it.
func FuzzParse(f *testing.F) {
	for _, tt := range golden {
		f.Add(unhex(tt.hex))
	}
	for _, m := range messages {
		f.Add(encode(f, m))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		h, m, err := Parse(b)
		if err != nil {
			if _, ok := errors.AsType[*DecodeError](err); !ok || m != nil {
				t.Fatalf("%+v, %v", m, err)
			}
			return
		}
		again, err := Append(nil, h.Seq, m)
		if err != nil {
			t.Fatalf("%+v does not encode: %v", m, err)
		}
		h2, m2, err := Parse(again)
		if err != nil || h2.Type != h.Type || h2.Seq != h.Seq || !reflect.DeepEqual(m, m2) {
			t.Fatalf("%+v became %+v, %v", m, m2, err)
		}
	})
}

// FuzzSDF: a flow description that is accepted is written so that it reads the same.
func FuzzSDF(f *testing.F) {
	f.Add("permit out 6 from 192.0.2.7 80 to assigned 1024-2048")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSDF(text)
		if err != nil {
			return
		}
		if again, err := ParseSDF(s.String()); err != nil || again != s {
			t.Fatalf("%q became %q, %v", text, s, err)
		}
	})
}
