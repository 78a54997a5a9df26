package upf

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"

	"cordon/ident"
	"cordon/wire/gtpu"
)

func TestEcho(t *testing.T) {
	s := newSessions(t, nil)
	from := netip.MustParseAddrPort("203.0.113.5:40000")
	b, _ := gtpu.EchoRequest{Seq: 77}.AppendBinary(nil)
	v := s.Uplink(0, from, b)
	h, rest, err := gtpu.Parse(v.Packet)
	m, merr := gtpu.ParseEchoResponse(h, rest)
	if v.Action != ToN3 || v.To != from || err != nil || merr != nil || m.Seq != 77 {
		t.Errorf("%+v: %+v, %v, %v", v, m, err, merr)
	}
	n := 1
	for range 1000 {
		if s.Uplink(0, from, b).Action == ToN3 {
			n++
		}
	}
	if n != strangerEchoPerSecond {
		t.Errorf("%d echo responses in a second", n)
	}
	response, _ := gtpu.EchoResponse{}.AppendBinary(nil)
	if got := s.Uplink(0, gnbA, response); got.Reason != ReasonUnexpectedType {
		t.Errorf("response of a stranger: %+v", got)
	}
	attach(t, s, 1, ueA, gnbA)
	if got := s.Uplink(0, gnbA, response); got.Peer != PeerAlive {
		t.Errorf("response of a radio: %+v", got)
	}
	for _, m := range []gtpu.Type{gtpu.TypeEchoRequest, gtpu.TypeEchoResponse, gtpu.TypeErrorIndication} {
		if got := s.Uplink(0, gnbA, header(gtpu.Header{Type: m}, []byte{14})); got.Reason != ReasonMalformedGTPU {
			t.Errorf("%v cut off: %v", m, got.Reason)
		}
	}
}

func TestTooBig(t *testing.T) {
	s := newSessions(t, nil)
	attach(t, s, 1, ueA, gnbA)
	in := set(udp(far, ueA, 1, 2, make([]byte, 1400)...), 6, 0x40)
	b := s.Downlink(0, in).Packet
	p := view(b)
	if new(packet).parse(b) != ReasonNone || addrOf(p.source()).String() != gate || addrOf(p.destination()).String() != far ||
		checksum(p[:20]) != 0 || checksum(p[20:]) != 0 || p[20] != 3 || p[21] != 4 ||
		binary.BigEndian.Uint16(p[26:]) != 1400 || !bytes.Equal(p[28:], in[:28]) {
		t.Errorf("% x", b)
	}
	n := 1
	for range 1000 {
		if s.Downlink(0, in).Action == ToN6 {
			n++
		}
	}
	if n != errorsPerSecond {
		t.Errorf("%d in a second", n)
	}
}

func TestGatewayEcho(t *testing.T) {
	s := newSessions(t, nil)
	v := attach(t, s, 1, ueA, gnbA)
	ping := ipv4(ueA, gate, protoICMP, 8, 0, 0, 0, 0x12, 0x34, 0, 1)
	binary.BigEndian.PutUint16(ping[22:], checksum(ping[20:]))
	up := s.Uplink(0, gnbA, gpdu(v.teid, ping))
	if up.Action != ToLocal {
		t.Fatalf("%v %v", up.Action, up.Reason)
	}
	down := s.Local(0, up.Packet)
	p := view(down.Packet)
	if down.Action != ToN3 || down.To != gnbA || p[20] != 0 || checksum(p[20:]) != 0 || checksum(p[:20]) != 0 ||
		addrOf(p.source()).String() != gate || addrOf(p.destination()).String() != ueA {
		t.Errorf("%v %v: % x", down.Action, down.Reason, p)
	}
}

// Error indications of strangers, and of one radio, do not use up what others may send.
func TestErrorIndicationFlood(t *testing.T) {
	s := newSessions(t, nil)
	v := attach(t, s, 1, ueA, gnbA)
	attach(t, s, 2, ueB, gnbB)
	indication := func(from netip.AddrPort, teid ident.TEID) Verdict {
		b, err := gtpu.ErrorIndication{TEID: teid, Peer: from.Addr()}.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		return s.Uplink(0, from, b)
	}
	for range 2 * lostTunnelsPerSecond {
		indication(netip.MustParseAddrPort("10.0.1.99:2152"), v.gnb)
		indication(gnbB, v.gnb)
	}
	if up, _ := s.Stats(); up.Drops[ReasonRateLimited] != lostTunnelsPerSecond || up.Drops[ReasonForeignErrorInd] != 3*lostTunnelsPerSecond {
		t.Errorf("%d withheld, %d foreign", up.Drops[ReasonRateLimited], up.Drops[ReasonForeignErrorInd])
	}
	if got := indication(gnbA, v.gnb); got.Peer != PeerLostTunnel || !got.Report {
		t.Errorf("%+v", got)
	}
}
