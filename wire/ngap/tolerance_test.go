package ngap

import (
	"bytes"
	"net/netip"
	"testing"
)

// What radios write that the canonical encoding does not have is read, and not written.
func TestTolerated(t *testing.T) {
	clean, err := Append(nil, &UplinkNASTransport{AMFUENGAPID: 1, RANUENGAPID: 2, NASPDU: []byte{0x7e}, UserLocation: sampleCell})
	if err != nil {
		t.Fatal(err)
	}
	p := apart(t, clean)
	for _, tt := range []struct {
		name string
		pdu  []byte
	}{
		{"octets after the PDU", append(bytes.Clone(clean), 0, 0, 0)},
		{"padding bits", append([]byte{clean[0] | 0x1f}, clean[1:]...)},
		{"octets after a value", p.together([]field{p.ies[0], {p.ies[1].id, p.ies[1].crit, append(bytes.Clone(p.ies[1].value), 0)}, p.ies[2], p.ies[3]})},
		{"a number in more octets than it needs", p.together([]field{{p.ies[0].id, Reject, unhex("40 000001")}, p.ies[1], p.ies[2], p.ies[3]})},
	} {
		m, d := Parse(tt.pdu)
		if m == nil || d != nil {
			t.Errorf("%s: %v", tt.name, d)
			continue
		}
		if b, err := Append(nil, m); err != nil || !bytes.Equal(b, clean) {
			t.Errorf("%s: %x, %v; want %x", tt.name, b, err, clean)
		}
	}
}

// N3 addresses are of one family or, in what is read, of both.
func TestTunnelAddress(t *testing.T) {
	v4, v6 := netip.MustParseAddr("10.45.0.1"), netip.MustParseAddr("2001:db8::7")
	head := "00 "
	for _, tt := range []struct {
		hex  string
		want GTPTunnel
	}{
		{head + "0f 80 0a2d0001 00000001", GTPTunnel{Addr: v4, TEID: 1}},
		{head + "3f 80 20010db8000000000000000000000007 00000002", GTPTunnel{Addr: v6, TEID: 2}},
		{head + "4f 80 0a2d0001 20010db8000000000000000000000007 00000003", GTPTunnel{v4, v6, 3}},
	} {
		m := &PathSwitchRequestAcknowledgeTransfer{UL: &tt.want}
		b, err := AppendTransfer(nil, m)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseTransfer[PathSwitchRequestAcknowledgeTransfer](b)
		if err != nil || *got.UL != tt.want || !bytes.HasSuffix(b, unhex(tt.hex[len(head)+6:])) {
			t.Errorf("%v: %x, %+v, %v", tt.want, b, got, err)
		}
	}
	for _, bad := range []GTPTunnel{{}, {Addr6: v6}, {Addr: v6, Addr6: v6}} {
		if b, err := AppendTransfer(nil, &PathSwitchRequestAcknowledgeTransfer{UL: &bad}); err == nil {
			t.Errorf("%v encodes as %x", bad, b)
		}
	}
}
