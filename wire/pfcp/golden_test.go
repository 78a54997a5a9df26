package pfcp

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"cordon/wire/wiretest"
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

// golden are messages as octets, by the clauses' figures, and as values, the same both ways; tshark reads the words in them.
var golden = []struct {
	name  string
	hex   string
	msg   Message
	reads []string
}{
	{"heartbeat request", "20 01 000c 000007 00 0060 0004 e0000001", &HeartbeatRequest{Recovery: 0xe0000001}, []string{"PFCP Heartbeat Request", "Recovery Time Stamp"}},
	{"association setup of an SMF", "20 05 001e 000007 00  003c 0005 00 c0000201 0060 0004 00000001 0059 0001 03 00b7 0000 ",
		&AssociationSetupRequest{Node: NodeID{Addr: a4}, Recovery: 1, CP: FeatureLOAD | FeatureOVRL, Retain: true},
		[]string{"IPv4: 192.0.2.1", "LOAD", "PFCP Session Retention Information"}},
	{"association setup of a UPF", "20 05 0021 000007 00  003c 000a 02 03 757066 04 65646765 0060 0004 00000001 002b 0003 10 01 10",
		&AssociationSetupRequest{Node: NodeID{FQDN: "upf.edge"}, Recovery: 1, UP: FeatureFTUP | FeatureEMPU | FeatureMNOP},
		[]string{"upf.edge", "FTUP", "EMPU", "MNOP"}},
	{"establishment", "21 32 014c 0000000000000000 000007 00  003c 0005 00 c0000201 0039 000d 02 1122334455667788 c0000201 0001 0047 0038 0002 0001 001d 0004 000000ff 0002 0020 0014 0001 00 0015 0001 05 0016 0009 08 696e7465726e6574 005d 0005 02 0a2d0002 005f 0001 00 006c 0004 00000001 006d 0004 00000001 0001 0076 0038 0002 0002 001d 0004 000000ff 0002 0054 0014 0001 01 0016 0009 08 696e7465726e6574 005d 0005 06 0a2d0002 0017 0035 01 00 0031 7065726d6974206f75742031372066726f6d203139382e35312e3130302e302f323420353320746f2061737369676e6564 006c 0004 00000002 006d 0004 00000001 0003 0023 006c 0004 00000001 002c 0001 02 0004 0012 002a 0001 01 0016 0009 08 696e7465726e6574 0003 000d 006c 0004 00000002 002c 0001 0c 0007 0020 006d 0004 00000001 0019 0001 00 001a 000a 00000003e8 00000007d0 007c 0001 09 0071 0001 01",
		&Establishment{Node: NodeID{Addr: a4}, CP: FSEID{SEID: 0x1122334455667788, Addr: a4},
			PDRs: []PDR{
				{ID: 1, Precedence: 255, RemoveOuterHeader: true, FAR: 1, QERs: []QERID{1},
					PDI: PDI{Local: FTEID{Choose: true}, Instance: "internet", UE: netip.MustParseAddr("10.45.0.2")}},
				{ID: 2, Precedence: 255, FAR: 2, QERs: []QERID{1},
					PDI: PDI{Source: Core, Instance: "internet", UE: netip.MustParseAddr("10.45.0.2"),
						Filters: []SDF{{Remote: netip.MustParsePrefix("198.51.100.0/24"), Protocol: 17, RemotePorts: Ports{53, 53}}}}}},
			FARs: []FAR{{ID: 1, Action: Forward, Destination: Core, Instance: "internet"}, {ID: 2, Action: Buffer | NotifyCP}},
			QERs: []QER{{ID: 1, UplinkMBR: 1000, DownlinkMBR: 2000, QFI: 9}}},
		[]string{"SEID: 0x1122334455667788", "CH (CHOOSE): True", "Network Instance: internet", "10.45.0.2",
			"permit out 17 from 198.51.100.0/24 53 to assigned", "UL MBR: 1000", "DL MBR: 2000", "QFI: 0x09"}},
	{"establishment of type Ethernet", "213200cb000000000000000000000700003c000500c00002010039000d020000000000000001c000020100010037003800020001001d0004000000ff0002001800140001000015000105001600050463656c6c008e000101005f000100006c0004000000010001002d003800020002001d0004000000ff000200130014000101001600050463656c6c008e000101006c0004000000020003001f006c000400000001002c0001020004000e002a000101001600050463656c6c0003000d006c000400000002002c00010c0071000105",
		&Establishment{Node: NodeID{Addr: a4}, CP: FSEID{SEID: 1, Addr: a4},
			PDRs: []PDR{
				{ID: 1, Precedence: 255, RemoveOuterHeader: true, FAR: 1, PDI: PDI{Local: FTEID{Choose: true}, Instance: "cell", Ethernet: true}},
				{ID: 2, Precedence: 255, FAR: 2, PDI: PDI{Source: Core, Instance: "cell", Ethernet: true}}},
			FARs: []FAR{{ID: 1, Action: Forward, Destination: Core, Instance: "cell"}, {ID: 2, Action: Buffer | NotifyCP}}},
		[]string{"Ethernet PDU Session Information", "PDN Type: Ethernet"}},
	{"established", "21 33 0042 1122334455667788 000007 00  003c 0005 00 c0000202 0013 0001 01 0039 000d 02 0000000000000006 c0000202 0008 0013 0038 0002 0001 0015 0009 01 00001001 c0000203",
		&Established{CP: 0x1122334455667788, Node: NodeID{Addr: netip.MustParseAddr("192.0.2.2")}, Cause: CauseAccepted,
			UP: FSEID{SEID: 6, Addr: netip.MustParseAddr("192.0.2.2")}, Created: []CreatedPDR{{ID: 1, Local: FTEID{TEID: 0x1001, Addr: netip.MustParseAddr("192.0.2.3")}}}},
		[]string{"Request accepted", "TEID: 0x00001001", "192.0.2.3"}},
	{"modification", "21 34 0039 0000000000000006 000007 00  000a 0029 006c 0004 00000002 002c 0001 02 000b 0018 002a 0001 00 0054 000a 0100 0a0b0c0d c0000201 0031 0001 02",
		&Modification{SEID: 6, FARs: []FAR{{ID: 2, Action: Forward, Outer: OuterHeader{TEID: 0x0a0b0c0d, Addr: a4}, SendEndMarkers: true, Keep: KeepInstance | KeepBAR}}},
		[]string{"GTP-U/UDP/IPv4", "TEID: 0x0a0b0c0d", "SNDEM"}},
	{"report of downlink data", "21 38 001b 0000000000000005 000007 00  0027 0001 01 0053 0006 0038 0002 0002",
		&SessionReport{CP: 5, Data: []PDRID{2}}, []string{"DLDR (Downlink Data Report): True", "Rule ID: 2"}},
	{"deletion", "21 36 000c 0000000000000006 000007 00", &Deletion{SEID: 6}, []string{"PFCP Session Deletion Request"}},
	{"version not supported", "20 0b 0004 000007 00", &VersionNotSupported{}, []string{"Version Not Supported Response"}},
}

func TestGolden(t *testing.T) {
	for _, tt := range golden {
		t.Run(tt.name, func(t *testing.T) {
			want := unhex(tt.hex)
			if got, err := Append(nil, 7, tt.msg); err != nil || !bytes.Equal(got, want) {
				t.Errorf("encode: %x, %v\nwant    %x", got, err, want)
			}
			h, got, err := Parse(want)
			if err != nil || h.Seq != 7 || !reflect.DeepEqual(got, tt.msg) {
				t.Errorf("decode: %+v, %v\nwant    %+v", got, err, tt.msg)
			}
		})
	}
}

// What the octets mean is what an independent dissector reads in them.
func TestGoldenDissected(t *testing.T) {
	var packets []wiretest.Packet
	for _, tt := range golden {
		packets = append(packets, wiretest.PFCP(unhex(tt.hex)))
	}
	frames := strings.Split(wiretest.Text(t, packets...), "\nFrame ")
	if len(frames) != len(golden) {
		t.Fatalf("%d frames, want %d", len(frames), len(golden))
	}
	for i, tt := range golden {
		for _, s := range tt.reads {
			if !strings.Contains(frames[i], s) {
				t.Errorf("%s: no %q in\n%s", tt.name, s, frames[i])
			}
		}
	}
}
