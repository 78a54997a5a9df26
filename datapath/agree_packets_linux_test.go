package datapath

import (
	"net/netip"
	"testing"

	"cordon/upf"
	"cordon/wire/gtpu"
)

// kernelConfig has pools of either family, services and places that devices may not reach.
func kernelConfig() upf.Config {
	return upf.Config{
		N3:          netip.MustParseAddr("10.0.0.1"),
		Pools:       []upf.Pool{{Instance: "internet", Prefix: netip.MustParsePrefix("10.45.0.0/24")}},
		Forbidden:   []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24")},
		Services:    []upf.Service{{Addr: netip.MustParseAddr("192.0.2.1"), Protocol: protoUDP, Port: 53}},
		MaxSessions: 16,
	}
}

// wrap is a device's packet as its radio sends it.
func wrap(v session, h gtpu.Header, packet []byte) []byte {
	h.Type, h.TEID = gtpu.TypeGPDU, v.teid
	return append(h.Append(nil, len(packet)), packet...)
}

var contained = gtpu.Header{HasContainer: true, Container: gtpu.Container{Type: gtpu.Uplink, QFI: qfi}}

func TestProgramForwards(t *testing.T) {
	k := newKernel(t, kernelConfig())
	a := k.attach(1, "10.45.0.2", "10.0.1.1", nil)
	from := netip.AddrPortFrom(a.radio, gtpu.Port)
	if v := k.uplink(from, wrap(a, contained, udpPacket("10.45.0.2", "198.51.100.1", 1000, 2000, []byte("hello")))); v.Action != upf.ToN6 {
		t.Errorf("%+v", v)
	}
	if v := k.downlink(udpPacket("198.51.100.1", "10.45.0.2", 2000, 1000, []byte("hello"))); v.Action != upf.ToN3 {
		t.Errorf("%+v", v)
	}
	if k.forwarded != 2 {
		t.Errorf("the program forwarded %d packets", k.forwarded)
	}
	k.sameCounts()
}
