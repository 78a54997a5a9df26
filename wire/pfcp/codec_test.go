package pfcp

import (
	"net/netip"
	"reflect"
	"testing"

	"cordon/ident"
	"cordon/wire/wiretest"
)

var (
	a4 = netip.MustParseAddr("192.0.2.1")
	a6 = netip.MustParseAddr("2001:db8::1")
	p6 = netip.MustParsePrefix("2001:db8:1:2::/64")
)

var fullPDR = PDR{ID: 1, Precedence: 255, RemoveOuterHeader: true, FAR: 1, QERs: []QERID{1, 2}, URRs: []URRID{1},
	PDI: PDI{Source: Access, Local: FTEID{Choose: true, ChooseID: 5}, Instance: "internet.site", UE: netip.MustParseAddr("10.45.0.2"), UE6: p6,
		Framed:  []netip.Prefix{netip.MustParsePrefix("10.9.0.0/24"), netip.MustParsePrefix("2001:db8:9::/48")},
		Filters: []SDF{{}, {Remote: netip.MustParsePrefix("198.51.100.0/24"), Protocol: 17, RemotePorts: Ports{53, 53}, LocalPorts: Ports{1024, 65535}}},
		QFIs:    []ident.QFI{1, 9}}}

var downPDR = PDR{ID: 2, Precedence: 255, FAR: 2, PDI: PDI{Source: Core, Instance: "internet", UE: netip.MustParseAddr("10.45.0.2")}}

var fullURR = URR{ID: 1, VolumeThreshold: Volume{Total: 1 << 40}, VolumeQuota: Volume{Uplink: 5, Downlink: 6}, TimeThreshold: 60, TimeQuota: 3600, Period: 300}

var usage = []UsageReport{{URR: 1, Sequence: 7, Trigger: TriggerVolumeQuota, Usage: Usage{1, 2, 3, 4}, Seconds: 60}, {URR: 2}}

var messages = []Message{
	&HeartbeatRequest{Recovery: 0xe0000001},
	&HeartbeatResponse{Recovery: 0xe0000001},
	&AssociationSetupRequest{Node: NodeID{Addr: a4}, Recovery: 1, CP: FeatureLOAD | FeatureOVRL, Retain: true, Observed: true},
	&AssociationSetupRequest{Node: NodeID{FQDN: "upf.edge.example"}, Recovery: 1, UP: FeatureFTUP | FeatureMNOP | FeatureFRRT},
	&AssociationSetupResponse{Node: NodeID{Addr: a6}, Cause: CauseAccepted, Recovery: 2, UP: FeatureFTUP | FeatureEMPU, Retained: true},
	&AssociationUpdateRequest{Node: NodeID{Addr: a4}, Release: true, Grace: 120},
	&AssociationUpdateResponse{Node: NodeID{Addr: a4}, Cause: CauseAccepted},
	&AssociationReleaseRequest{Node: NodeID{Addr: a4}},
	&AssociationReleaseResponse{Node: NodeID{Addr: a4}, Cause: CauseNoAssociation},
	&VersionNotSupported{},
	&NodeReportRequest{Node: NodeID{Addr: a4}, Failed: []netip.Addr{a4, a6}, Recovered: []netip.Addr{a6}},
	&NodeReportRequest{Node: NodeID{Addr: a4}, Observed: []Observed{{Kind: "spoofed source", Source: a4, Count: 3}, {Kind: "x", Source: a6, Count: 1 << 40}}},
	&NodeReportResponse{Node: NodeID{Addr: a4}, Cause: CauseMandatoryMissing, Offending: ieNodeReportType},
	&Establishment{Node: NodeID{Addr: a4}, CP: FSEID{SEID: 0x1122334455667788, Addr: a4}, PDRs: []PDR{fullPDR, downPDR},
		FARs: []FAR{{ID: 1, Action: Forward, Destination: Core, Instance: "internet"}, {ID: 2, Action: Buffer | NotifyCP, BAR: 1}},
		QERs: []QER{{ID: 1, UplinkMBR: 1000, DownlinkMBR: 2000}, {ID: 2, UplinkMBR: Unlimited, DownlinkMBR: Unlimited, UplinkGBR: 5, QFI: 9, CloseUL: true}},
		URRs: []URR{fullURR, {ID: 2}}, BARs: []BAR{{ID: 1, Delay: 2, Packets: 20}}, Inactivity: 600, Existing: 99},
	&Established{CP: 5, Node: NodeID{Addr: a4}, Cause: CauseAccepted, UP: FSEID{SEID: 6, Addr: a6}, Public: PublicPorts{Addr: a4, First: 65280, Last: 65535},
		Created: []CreatedPDR{{ID: 1, Local: FTEID{TEID: 0x0a0b0c0d, Addr: a4}}, {ID: 3, Local: FTEID{TEID: 7, Addr: a6}}},
		Load:    &Load{Sequence: 1, Percent: 50}, Overload: &Overload{Sequence: 2, Percent: 10, Seconds: 60}},
	&Established{CP: 5, Node: NodeID{Addr: a4}, Cause: CauseMandatoryMissing, Offending: ieCreatePDR},
	&Modification{SEID: 6, RemovePDRs: []PDRID{1}, RemoveFARs: []FARID{2}, RemoveQERs: []QERID{3}, RemoveURRs: []URRID{4}, RemoveBARs: []BARID{1},
		CreatePDRs: []PDR{downPDR}, CreateFARs: []FAR{{ID: 3, Action: Drop}}, CreateQERs: []QER{{ID: 4, UplinkMBR: Unlimited, DownlinkMBR: Unlimited}},
		CreateURRs: []URR{{ID: 5, Period: 6}}, CreateBARs: []BAR{{ID: 2}}, PDRs: []PDR{fullPDR},
		FARs: []FAR{{ID: 2, Action: Forward, Destination: Access, Instance: "access", Outer: OuterHeader{TEID: 9, Addr: a6}, SendEndMarkers: true, BAR: 1}},
		QERs: []QER{{ID: 2, UplinkMBR: Unlimited, DownlinkMBR: Unlimited, QFI: 9}}, URRs: []URR{fullURR}, BARs: []BAR{{ID: 1, Delay: 1}},
		Query: true, QueryURRs: []URRID{7}, DropBuffered: true, Inactivity: 5},
	&Modification{SEID: 6,
		PDRs: []PDR{{ID: 1, FAR: 2, Keep: keepPDR &^ KeepFAR}, {ID: 2, Precedence: 0, Keep: keepPDR &^ KeepPrecedence}, {ID: 3, URRs: []URRID{4}, Keep: keepPDR &^ KeepURRs},
			{ID: 4, RemoveOuterHeader: true, Keep: keepPDR &^ KeepRemoval}, {ID: 5, PDI: PDI{Source: Core, Filters: []SDF{{Protocol: 6}}}, Keep: keepPDR &^ KeepPDI}},
		FARs: []FAR{{ID: 1, Action: Buffer | NotifyCP, Keep: keepFAR &^ KeepAction}, {ID: 2, Outer: OuterHeader{TEID: 9, Addr: a4}, Keep: keepFAR &^ KeepOuter},
			{ID: 3, Keep: keepFAR &^ KeepDestination}, {ID: 4, Destination: CPFunction, Keep: keepFAR &^ KeepDestination}, {ID: 5, Keep: keepFAR}},
		QERs: []QER{{ID: 1, CloseUL: true, Keep: keepQER &^ KeepGate}, {ID: 2, Keep: keepQER &^ KeepMBR}, {ID: 3, Keep: keepQER &^ KeepGBR}, {ID: 4, QFI: 5, Keep: keepQER &^ KeepQFI}},
		URRs: []URR{{ID: 1, VolumeQuota: Volume{Total: 7}, Keep: keepURR &^ KeepVolumeQuota}, {ID: 2, Keep: keepURR &^ KeepPeriod}, {ID: 3, Keep: keepURR}, {ID: 4}}},
	&Modified{CP: 5, Cause: CauseAccepted, Usage: usage, Public: PublicPorts{Addr: a4, First: 1024, Last: 1039}, Created: []CreatedPDR{{ID: 1, Local: FTEID{TEID: 1, Addr: a4}}}},
	&Deletion{SEID: 6},
	&Deleted{CP: 5, Cause: CauseAccepted, Rules: usage, Usage: Usage{1, 2, 3, 4}, Load: &Load{Percent: 100}},
	&SessionReport{CP: 5, Data: []PDRID{2}, Usage: usage, Lost: []OuterHeader{{TEID: 9, Addr: a4}}, Inactive: true},
	&Reported{SEID: 6, Cause: CauseNoSession, DropBuffered: true},
}

func encode(t testing.TB, m Message) []byte {
	t.Helper()
	b, err := Append(nil, 0x010203, m)
	if err != nil {
		t.Fatalf("%+v: %v", m, err)
	}
	return b
}

// What is written parses back equal, and no prefix of it is taken for a message.
func TestRoundTrip(t *testing.T) {
	for _, m := range messages {
		b := encode(t, m)
		h, got, err := Parse(b)
		if err != nil || h.Seq != 0x010203 || h.Type != m.Type() || !reflect.DeepEqual(got, m) {
			t.Errorf("%v: %x\n got %+v, %v\nwant %+v", m.Type(), b, got, err, m)
		}
		for n := range b {
			if _, got, err := Parse(b[:n]); err == nil || got != nil {
				t.Errorf("%v: its first %d octets are taken", m.Type(), n)
			}
		}
	}
}

// An independent dissector finds nothing wrong with what is sent.
func TestDissected(t *testing.T) {
	var packets []wiretest.Packet
	for _, m := range messages {
		packets = append(packets, wiretest.PFCP(encode(t, m)))
	}
	wiretest.Check(t, packets...)
}
