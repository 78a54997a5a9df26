package upf

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

const (
	ueA  = "10.45.0.2"
	ueB  = "10.45.0.3"
	far  = "198.51.100.1"
	gate = "10.45.0.1"
)

var stranger = netip.MustParseAddrPort("203.0.113.5:2152")

// header wraps a packet in a GTP-U header of one's choice.
func header(h gtpu.Header, inner []byte) []byte { return append(h.Append(nil, len(inner)), inner...) }

// set changes octets of a packet from an offset on.
func set(b []byte, off int, v ...byte) []byte {
	b = bytes.Clone(b)
	copy(b[off:], v)
	return b
}

func TestHostile(t *testing.T) {

	ok := func() []byte { return udp(ueA, far, 1000, 2000, 1, 2, 3, 4) }
	type rig struct {
		s *Sessions
		v session
	}
	whole := func(b []byte) func(rig) []byte { return func(r rig) []byte { return gpdu(r.v.teid, b) } }
	raw := func(b []byte) func(rig) []byte { return func(rig) []byte { return b } }
	wrap := func(h gtpu.Header) func(rig) []byte {
		return func(r rig) []byte { h.Type, h.TEID = gtpu.TypeGPDU, r.v.teid; return header(h, ok()) }
	}
	to := func(dst string) func(rig) []byte { return whole(udp(ueA, dst, 1000, 38412, 1)) }
	icmp := func(typ byte) func(rig) []byte { return whole(ipv4(ueA, far, protoICMP, typ, 0, 0, 0, 0, 0, 0, 0)) }
	frag := func(proto byte, field uint16, n int) func(rig) []byte {
		return whole(set(ipv4(ueA, far, proto, make([]byte, n)...), 6, byte(field>>8), byte(field)))
	}
	for _, tt := range []struct {
		name   string
		from   netip.AddrPort
		packet func(rig) []byte
		action Action
		want   Reason
	}{
		{"uplink of the right radio", gnbA, whole(ok()), ToN6, ReasonNone},
		{"uplink from another port of it", netip.MustParseAddrPort("10.0.1.1:50000"), whole(ok()), ToN6, ReasonNone},
		{"uplink from its IPv4-mapped address", netip.MustParseAddrPort("[::ffff:10.0.1.1]:2152"), whole(ok()), ToN6, ReasonNone},
		{"N3-01 unknown TEID of a known radio", gnbA, raw(gpdu(7, ok())), ToN3, ReasonUnknownTEID},
		{"N3-01 unknown TEID of a stranger", stranger, raw(gpdu(7, ok())), Drop, ReasonUnknownTEID},
		{"N3-01 TEID 0", gnbA, raw(gpdu(0, ok())), ToN3, ReasonUnknownTEID},
		{"N3-02 right slot, wrong random bits", stranger, func(r rig) []byte { return gpdu(r.v.teid^1<<31, ok()) }, Drop, ReasonUnknownTEID},
		{"N3-03 another radio", gnbB, whole(ok()), Drop, ReasonWrongSource},
		{"N3-03 a stranger", stranger, whole(ok()), Drop, ReasonWrongSource},
		{"N3-04 another device's address", gnbA, whole(udp(ueB, far, 1, 2)), Drop, ReasonSpoofedSource},
		{"N3-04 an outside address", gnbA, whole(udp(far, "198.51.100.2", 1, 2)), Drop, ReasonSpoofedSource},
		{"N3-04 no address", gnbA, whole(udp("0.0.0.0", far, 68, 67)), Drop, ReasonSpoofedSource},
		{"N3-05 the UPF", gnbA, to("10.0.0.1"), Drop, ReasonForbidden},
		{"N3-05 N2-55 the AMF", gnbA, to("10.0.0.38"), Drop, ReasonForbidden},
		{"N3-05 host", gnbA, to("127.0.0.1"), Drop, ReasonForbidden},
		{"N3-05 this network", gnbA, to("0.0.0.0"), Drop, ReasonForbidden},
		{"N3-05 metadata", gnbA, to("169.254.169.254"), Drop, ReasonForbidden},
		{"N3-05 multicast", gnbA, to("224.0.0.251"), Drop, ReasonForbidden},
		{"N3-05 reserved", gnbA, to("240.0.0.1"), Drop, ReasonForbidden},
		{"N3-05 broadcast", gnbA, to("255.255.255.255"), Drop, ReasonForbidden},
		{"N3-05 the pool's broadcast", gnbA, to("10.45.255.255"), Drop, ReasonForbidden},
		{"N3-05 the gateway", gnbA, to(gate), Drop, ReasonForbidden},
		{"N3-05 a forbidden host, port of a service", gnbA, whole(udp(ueA, "192.0.2.1", 1000, 54, 1)), Drop, ReasonForbidden},
		{"N3-05 a service, by TCP", gnbA, whole(ipv4(ueA, "192.0.2.1", protoTCP, 0, 1, 0, 53)), Drop, ReasonForbidden},
		{"N3-05 a service, later fragment", gnbA, whole(set(udp(ueA, "192.0.2.1", 1000, 53), 6, 0, 9)), Drop, ReasonForbidden},
		{"a service that devices may use", gnbA, whole(udp(ueA, "192.0.2.1", 1000, 53, 1)), ToN6, ReasonNone},
		{"the gateway answers echo", gnbA, whole(ipv4(ueA, gate, protoICMP, 8, 0, 0xf7, 0xff, 0, 0, 0, 0)), ToLocal, ReasonNone},
		{"N3-07 length above", gnbA, func(r rig) []byte { return gpdu(r.v.teid, ok())[:30] }, Drop, ReasonMalformedGTPU},
		{"N3-07 length below", gnbA, func(r rig) []byte { return append(gpdu(r.v.teid, ok()), 0) }, Drop, ReasonMalformedGTPU},
		{"N3-07 E and nothing", gnbA, raw([]byte{0x34, 255, 0, 0, 0, 0, 0, 1}), Drop, ReasonMalformedGTPU},
		{"N3-07 version 2", gnbA, raw([]byte{0x50, 255, 0, 0, 0, 0, 0, 1}), Drop, ReasonMalformedGTPU},
		{"N3-07 GTP'", gnbA, raw([]byte{0x20, 255, 0, 0, 0, 0, 0, 1}), Drop, ReasonMalformedGTPU},
		{"N3-07 empty", gnbA, raw(nil), Drop, ReasonMalformedGTPU},
		{"N3-07 no inner packet", gnbA, whole(nil), Drop, ReasonMalformedIP},
		{"N3-07 inner length above", gnbA, whole(set(ok(), 2, 1, 0)), Drop, ReasonMalformedIP},
		{"N3-07 inner length below its header", gnbA, whole(set(ok(), 2, 0, 19)), Drop, ReasonMalformedIP},
		{"N3-07 inner header too short", gnbA, whole(set(ok(), 0, 0x44)), Drop, ReasonMalformedIP},
		{"N3-07 inner IPv6", gnbA, whole(append([]byte{0x60}, make([]byte, 39)...)), Drop, ReasonMalformedIP},
		{"inner packet with octets after it", gnbA, whole(append(ok(), 0, 0)), ToN6, ReasonNone},
		{"N3-09 downlink container", gnbA, wrap(gtpu.Header{HasContainer: true, Container: gtpu.Container{QFI: 1}}), Drop, ReasonWrongContainer},
		{"N3-09 QFI 63", gnbA, wrap(gtpu.Header{HasContainer: true, Container: gtpu.Container{Type: gtpu.Uplink, QFI: 63}}), Drop, ReasonUnknownQFI},
		{"N3-09 no container is the default flow", gnbA, wrap(gtpu.Header{}), ToN6, ReasonNone},
		{"extension that must be understood", gnbA, raw([]byte{0x34, 255, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0x84, 1, 0, 0, 0}), ToN3, ReasonUnknownExtension},
		{"the same of a stranger", stranger, raw([]byte{0x34, 255, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0x84, 1, 0, 0, 0}), Drop, ReasonUnknownExtension},
		{"N3-11 tiny first fragment", gnbA, frag(protoTCP, moreFragments, 16), Drop, ReasonFragment},
		{"N3-11 fragment within the header", gnbA, frag(protoTCP, 1, 64), Drop, ReasonFragment},
		{"N3-11 fragment past the end", gnbA, frag(protoUDP, 0x1fff, 64), Drop, ReasonFragment},
		{"N3-11 middle of odd size", gnbA, frag(protoUDP, moreFragments|4, 63), Drop, ReasonFragment},
		{"N3-11 empty fragment", gnbA, frag(protoUDP, 4, 0), Drop, ReasonFragment},
		{"an honest first fragment", gnbA, frag(protoUDP, moreFragments, 64), ToN6, ReasonNone},
		{"an honest last fragment", gnbA, frag(protoUDP, 8, 63), ToN6, ReasonNone},
		{"N3-14 end marker", gnbA, func(r rig) []byte { return header(gtpu.Header{Type: gtpu.TypeEndMarker, TEID: r.v.teid}, nil) }, Drop, ReasonUnexpectedType},
		{"N3-19 router advertisement", gnbA, icmp(9), Drop, ReasonForbiddenICMP},
		{"N3-19 redirect", gnbA, icmp(5), Drop, ReasonForbiddenICMP},
		{"N3-19 DHCP server", gnbA, whole(udp(ueA, far, 67, 68)), Drop, ReasonDHCPServer},
		{"N3-20 half a datagram", gnbA, func(r rig) []byte { return gpdu(r.v.teid, ok())[8:] }, Drop, ReasonMalformedGTPU},
		{"ping", gnbA, icmp(8), ToN6, ReasonNone},
		{"timestamp", gnbA, icmp(13), Drop, ReasonForbiddenICMP},
		{"ICMP cut off", gnbA, whole(ipv4(ueA, far, protoICMP, 8)), Drop, ReasonForbiddenICMP},
		{"source route", gnbA, whole(set(append(ok(), make([]byte, 4)...), 0, 0x46)), Drop, ReasonIPOptions},
		{"N6-05 another device", gnbA, to(ueB), Drop, ReasonOtherUE},
		{"message of no use", gnbA, raw([]byte{0x30, 31, 0, 0, 0, 0, 0, 0}), Drop, ReasonUnexpectedType},
		{"message unknown", gnbA, raw([]byte{0x30, 99, 0, 0, 0, 0, 0, 0}), Drop, ReasonUnexpectedType},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSessions(t, func(c *Config) {
				c.Services = []Service{{netip.MustParseAddr("192.0.2.1"), protoUDP, 53}}
			})
			v, other := attach(t, s, 1, ueA, gnbA), attach(t, s, 2, ueB, gnbB)
			got := s.Uplink(time.Minute, tt.from, tt.packet(rig{s, v}))
			if got.Action != tt.action || got.Reason != tt.want {
				t.Errorf("%v %v; want %v %v", got.Action, got.Reason, tt.action, tt.want)
			}
			if up, _ := s.Stats(); tt.want != ReasonNone && up.Drops[tt.want] != 1 {
				t.Errorf("not counted as %v", tt.want)
			}
			live(t, s, v, gnbA)
			live(t, s, other, gnbB)
		})
	}
}

// TestHostileSequences are the cases that take more than one packet.
func TestHostileSequences(t *testing.T) {
	packet := udp(ueA, far, 1, 2, 'x')
	t.Run("N3-01 error indications are few", func(t *testing.T) {
		s := newSessions(t, nil)
		attach(t, s, 1, ueA, gnbA)
		replies := 0
		for range 1000 {
			if v := s.Uplink(0, gnbA, gpdu(7, packet)); v.Action == ToN3 {
				replies++
				h, rest, err := gtpu.Parse(v.Packet)
				m, merr := gtpu.ParseErrorIndication(rest)
				if err != nil || merr != nil || h.Type != gtpu.TypeErrorIndication || m.TEID != 7 || m.Peer != n3 || v.To != gnbA {
					t.Fatalf("%+v %+v to %v", h, m, v.To)
				}
			}
		}
		if replies != answersPerSecond {
			t.Errorf("%d answers", replies)
		}
	})
	t.Run("N3-02 sweep", func(t *testing.T) {
		s := newSessions(t, nil)
		v := attach(t, s, 1, ueA, gnbA)
		for i := range 1000 {
			s.Uplink(0, gnbB, gpdu(ident.TEID(i+1), packet))
		}
		up, _ := s.Stats()
		if got := up.Drops[ReasonSweep]; got < 600 || got > 1000-missesInWindow || got+up.Drops[ReasonUnknownTEID] != 1000 {
			t.Errorf("%d single, %d in a sweep", up.Drops[ReasonUnknownTEID], got)
		}
		live(t, s, v, gnbA)
	})
	t.Run("N3-02 sessions that a restart has ended", func(t *testing.T) {
		s := newSessions(t, nil)
		attach(t, s, 1, ueA, gnbA)
		guess := ident.TEID(1 << 21)
		for k := range 2000 {
			for _, from := range []netip.AddrPort{gnbA, gnbB} { // a radio that is back, and one that is not
				teid := 1<<20*ident.TEID(k%50+7) + ident.TEID(k%50)
				if v := s.Uplink(time.Duration(k)*time.Millisecond, from, gpdu(teid, packet)); v.Reason != ReasonUnknownTEID {
					t.Fatalf("packet %d from %v: %v", k, from, v.Reason)
				}
			}
			guess++
			s.Uplink(time.Duration(k)*time.Millisecond, stranger, gpdu(guess, packet)) // whom nobody else answers for
		}
		if up, _ := s.Stats(); up.Drops[ReasonSweep] == 0 {
			t.Error("the stranger has not swept")
		}
	})
	t.Run("N3-02 sweeps from everywhere", func(t *testing.T) {
		s := newSessions(t, nil)
		for i := range 5000 {
			from := netip.AddrPortFrom(addrOf(0xc6120000+uint32(i%100)), gtpu.Port)
			if v := s.Uplink(0, from, gpdu(ident.TEID(i+1), packet)); v.Reason != ReasonUnknownTEID {
				t.Fatalf("packet %d: %v", i, v.Reason)
			}
		}
	})
	t.Run("N3-16 replay", func(t *testing.T) {
		s := newSessions(t, func(c *Config) { c.FilterDuplicates = true })
		v := attach(t, s, 1, ueA, gnbA)
		send := func(seq uint16) Reason {
			return s.Uplink(0, gnbA, header(gtpu.Header{Type: gtpu.TypeGPDU, TEID: v.teid, HasSeq: true, Seq: seq}, packet)).Reason
		}
		for _, step := range []struct {
			seq  uint16
			want Reason
		}{
			{0xfffe, 0}, {0xffff, 0}, {0xffff, ReasonReplayed}, {0xfffe, ReasonReplayed}, {1, 0}, {0, 0}, {0, ReasonReplayed},
			{100, 0}, {69, 0}, {68, ReasonReplayed}, {69, ReasonReplayed}, {300, 0}, {100, ReasonReplayed}, {299, 0},
		} {
			if got := send(step.seq); got != step.want {
				t.Errorf("sequence %d: %v; want %v", step.seq, got, step.want)
			}
		}
		if _, err := s.Modify(0, toRadio(v.seid, gnbB.Addr(), 5), func(Verdict) {}); err != nil {
			t.Fatal(err)
		}
		if got := s.Uplink(0, gnbB, header(gtpu.Header{Type: gtpu.TypeGPDU, TEID: v.teid, HasSeq: true, Seq: 7}, packet)); got.Reason != ReasonNone {
			t.Errorf("after a change of radio: %v", got.Reason)
		}
	})
	t.Run("N3-17 two sources at once", func(t *testing.T) {
		s := newSessions(t, nil)
		v := attach(t, s, 1, ueA, gnbA)
		live(t, s, v, gnbA)
		if got := s.Uplink(time.Hour+time.Second, gnbB, gpdu(v.teid, packet)); got.Reason != ReasonSecondSource || got.CP != 1 || !got.Reason.Finding() {
			t.Errorf("%v of session %d", got.Reason, got.CP)
		}
		if got := s.Uplink(2*time.Hour, gnbB, gpdu(v.teid, packet)); got.Reason != ReasonWrongSource {
			t.Errorf("long after: %v", got.Reason)
		}
	})
	t.Run("N3-22 flood of malformed", func(t *testing.T) {
		s := newSessions(t, nil)
		v := attach(t, s, 1, ueA, gnbA)
		bad := []byte{0x34, 255, 0, 9, 0, 0, 0, 1, 0, 0, 0, 0x85, 0}
		if n := testing.AllocsPerRun(10000, func() { s.Uplink(0, gnbB, bad) }); n != 0 {
			t.Errorf("%v allocations for each", n)
		}
		live(t, s, v, gnbA)
	})
	t.Run("error indication of the endpoint", func(t *testing.T) {
		s := newSessions(t, nil)
		v, w := attach(t, s, 1, ueA, gnbA), attach(t, s, 2, ueB, gnbB)
		b, err := gtpu.ErrorIndication{TEID: v.gnb, Peer: gnbA.Addr()}.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Uplink(0, gnbB, b); got.Reason != ReasonForeignErrorInd {
			t.Errorf("of another radio: %v", got.Reason)
		}
		if got := s.Uplink(0, gnbA, b); got.Action != Peer || got.Peer != PeerLostTunnel || got.CP != 1 || !got.Report {
			t.Errorf("%+v", got)
		}
		if got := s.Uplink(0, gnbA, b); got.Report {
			t.Error("reported twice")
		}
		live(t, s, w, gnbB)
	})
	t.Run("nothing before the radio is known, nothing after it left", func(t *testing.T) {
		s := newSessions(t, nil)
		a, err := s.Establish(0, establishment(1, netip.MustParseAddr(ueA)))
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Uplink(0, gnbA, gpdu(a.Created[0].Local.TEID, packet)); got.Reason != ReasonUnbound {
			t.Errorf("before: %v", got.Reason)
		}
		v := attach(t, s, 2, ueB, gnbA)
		idle := pfcp.Modification{SEID: v.seid, FARs: []pfcp.FAR{{ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP}}}
		if _, err := s.Modify(0, idle, nil); err != nil {
			t.Fatal(err)
		}
		if got := s.Uplink(0, gnbA, gpdu(v.teid, udp(ueB, far, 1, 2))); got.Reason != ReasonUnbound {
			t.Errorf("after: %v", got.Reason)
		}
	})
}

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

func TestDownlink(t *testing.T) {
	big := udp(far, ueA, 1, 2, make([]byte, 1400)...)
	for _, tt := range []struct {
		name   string
		packet []byte
		action Action
		want   Reason
	}{
		{"to the device", udp(far, ueA, 1, 2, 'x'), ToN3, ReasonNone},
		{"as large as may be", udp(far, ueA, 1, 2, make([]byte, 1372)...), ToN3, ReasonNone},
		{"nothing", nil, Drop, ReasonMalformedIP},
		{"N6-02 from a device's address", udp(ueB, ueA, 1, 2), Drop, ReasonUESource},
		{"N6-02 from its own address", udp(ueA, ueA, 1, 2), Drop, ReasonUESource},
		{"N6-02 from the gateway, no ICMP", udp(gate, ueA, 1, 2), Drop, ReasonUESource},
		{"unreachable, of the gateway", ipv4(gate, ueA, protoICMP, 3, 1, 0, 0, 0, 0, 0, 0), ToN3, ReasonNone},
		{"N6-04 redirect", ipv4(far, ueA, protoICMP, 5, 1, 0, 0, 0, 0, 0, 0), Drop, ReasonForbiddenICMP},
		{"N6-04 options", set(append(udp(far, ueA, 1, 2), 0, 0, 0, 0), 0, 0x46, 0, 0, 32), Drop, ReasonIPOptions},
		{"from multicast", udp("224.0.0.1", ueA, 1, 2), Drop, ReasonBadSource},
		{"from loopback", udp("127.0.0.1", ueA, 1, 2), Drop, ReasonBadSource},
		{"to nobody", udp(far, "10.45.9.9", 1, 2), Drop, ReasonUnknownUE},
		{"to no device's address", udp(far, "10.99.0.1", 1, 2), Drop, ReasonUnknownUE},
		{"to the pool's broadcast", udp(far, "10.45.255.255", 1, 2), Drop, ReasonUnknownUE},
		{"too big", big, Drop, ReasonTooBig},
		{"too big, not to be fragmented", set(big, 6, 0x40), ToN6, ReasonTooBig},
		{"tiny fragment", set(ipv4(far, ueA, protoTCP, make([]byte, 8)...), 6, 0x20), Drop, ReasonFragment},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSessions(t, nil)
			v := attach(t, s, 1, ueA, gnbA)
			attach(t, s, 2, ueB, gnbB)
			var sent []byte
			if tt.want == ReasonNone {
				sent = aged(tt.packet)
			}
			got := s.Downlink(time.Minute, tt.packet)
			if got.Action != tt.action || got.Reason != tt.want {
				t.Fatalf("%v %v; want %v %v", got.Action, got.Reason, tt.action, tt.want)
			}
			if _, down := s.Stats(); tt.want != ReasonNone && down.Drops[tt.want] != 1 {
				t.Errorf("not counted as %v", tt.want)
			}
			if got.Action != ToN3 {
				return
			}
			h, rest, err := gtpu.Parse(append(bytes.Clone(got.Head), got.Packet...))
			want := gtpu.Header{Type: gtpu.TypeGPDU, TEID: v.gnb, HasContainer: true, Container: gtpu.Container{QFI: qfi}}
			if err != nil || h != want || !bytes.Equal(rest, sent) || got.To != gnbA {
				t.Errorf("%+v, %v to %v", h, err, got.To)
			}
		})
	}
}

// TestTooBig: what goes back is a correct ICMP message from the gateway that quotes the packet.
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

func TestUEToUE(t *testing.T) {
	s := newSessions(t, func(c *Config) { c.UEToUE = true })
	a, b := attach(t, s, 1, ueA, gnbA), attach(t, s, 2, ueB, gnbB)
	up := s.Uplink(0, gnbA, gpdu(a.teid, udp(ueA, ueB, 1, 2, 'x')))
	if up.Action != ToLocal {
		t.Fatalf("%v %v", up.Action, up.Reason)
	}
	if down := s.Local(0, up.Packet); down.Action != ToN3 || down.To != gnbB || down.TEID != b.gnb {
		t.Errorf("%v %v to %v", down.Action, down.Reason, down.To)
	}
	last := udp(ueA, ueB, 1, 2, 'x')
	last[8] = 1 // it is one hop from device to device, which has been taken
	if down := s.Local(0, last); down.Action != ToN3 {
		t.Errorf("at its last hop: %v %v", down.Action, down.Reason)
	}
}

// TestHold: what comes while a device is idle is reported once, bounded, and delivered in
// order when it is back.
func TestHold(t *testing.T) {
	s := newSessions(t, nil)
	v := attach(t, s, 1, ueA, gnbA)
	idle := pfcp.Modification{SEID: v.seid, FARs: []pfcp.FAR{{ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP}}}
	for range 2 {
		if _, err := s.Modify(0, idle, nil); err != nil {
			t.Fatal(err)
		}
		for i := range heldEach + 2 {
			got := s.Downlink(0, udp(far, ueA, 1, 2, byte(i)))
			if i < heldEach && (got.Action != Held || got.Report != (i == 0) || got.CP != 1) || i >= heldEach && got.Reason != ReasonBufferFull {
				t.Fatalf("packet %d: %+v", i, got)
			}
		}
		var order []byte
		if _, err := s.Modify(0, toRadio(v.seid, gnbB.Addr(), 9), func(d Verdict) {
			order = append(order, d.Packet[len(d.Packet)-1])
			if d.To != gnbB || d.TEID != 9 || len(d.Head) != HeadSize {
				t.Errorf("%+v", d)
			}
		}); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(order, []byte{0, 1, 2, 3, 4, 5, 6, 7}) || s.down.held.octets != 0 {
			t.Errorf("order % x, %d octets kept", order, s.down.held.octets)
		}
	}
	if _, err := s.Modify(0, idle, nil); err != nil {
		t.Fatal(err)
	}
	s.Downlink(0, udp(far, ueA, 1, 2))
	drop := toRadio(v.seid, gnbB.Addr(), 9)
	drop.DropBuffered = true
	if _, err := s.Modify(0, drop, func(Verdict) { t.Error("a discarded packet is sent") }); err != nil || s.down.held.octets != 0 {
		t.Errorf("%v, %d octets kept", err, s.down.held.octets)
	}
}

func TestEndMarker(t *testing.T) {
	s := newSessions(t, nil)
	v := attach(t, s, 1, ueA, gnbA)
	m := toRadio(v.seid, gnbB.Addr(), 9)
	m.FARs[0].SendEndMarkers = true
	var sent []Verdict
	if _, err := s.Modify(0, m, func(d Verdict) { sent = append(sent, d) }); err != nil || len(sent) != 1 {
		t.Fatalf("%v, %d sent", err, len(sent))
	}
	h, _, err := gtpu.Parse(sent[0].Packet)
	if err != nil || h.Type != gtpu.TypeEndMarker || h.TEID != v.gnb || sent[0].To != gnbA {
		t.Errorf("%+v to %v", h, sent[0].To)
	}
	if got := s.Uplink(0, gnbA, gpdu(v.teid, udp(ueA, far, 1, 2))); got.Reason != ReasonWrongSource {
		t.Errorf("uplink by the old path: %v", got.Reason)
	}
	if got := s.Uplink(0, gnbB, gpdu(v.teid, udp(ueA, far, 1, 2))); got.Action != ToN6 {
		t.Errorf("uplink by the new path: %v", got.Reason)
	}
}

// TestAMBR: offered four times its rate for ten seconds, a session gets its rate and one burst.
func TestAMBR(t *testing.T) {
	for _, rate := range []uint64{1, 64, 1000, 20_000, 1_000_000} { // kbit/s
		s := newSessions(t, nil)
		v := attach(t, s, 1, ueA, gnbA)
		limit := pfcp.Modification{SEID: v.seid, QERs: []pfcp.QER{{ID: 1, UplinkMBR: rate, DownlinkMBR: rate / 2}}}
		if _, err := s.Modify(0, limit, nil); err != nil {
			t.Fatal(err)
		}
		up, down := gpdu(v.teid, udp(ueA, far, 1, 2, make([]byte, 1372)...)), udp(far, ueA, 1, 2, make([]byte, 1372)...)
		gap := time.Duration(1400*8*1e6/rate) / 4
		span := max(10*time.Second, 100*gap)
		if rate >= 1_000_000 {
			span = time.Second / 4
		}
		for now := time.Duration(0); now < span; now += gap {
			s.Uplink(now, gnbA, bytes.Clone(up))
			s.Downlink(now, bytes.Clone(down))
		}
		u, _ := s.Usage(v.seid)
		check := func(name string, got, kbits uint64) {
			if kbits == 0 {
				if got != 0 {
					t.Errorf("%d kbit/s %s: %d octets at rate 0", rate, name, got)
				}
				return
			}
			fair := float64(kbits) * 1000 / 8 * span.Seconds()
			burst := max(float64(kbits)*1000/8*burstTime.Seconds(), burstBytes)
			if f := float64(got); f < fair*0.999-1400 || f > fair*1.001+burst+2800 {
				t.Errorf("%d kbit/s %s: %d octets in %v; fair is %.0f", rate, name, got, span, fair)
			}
		}
		check("uplink", u.UplinkBytes, rate)
		check("downlink", u.DownlinkBytes, rate/2)
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
