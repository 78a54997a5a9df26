package upf

import (
	"bytes"
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

// TestUplinkMapped: a radio's IPv4 address is the same in the form that a socket of both versions has it in.
func TestUplinkMapped(t *testing.T) {
	s := newSessions(t, nil)
	v := attach(t, s, 1, ueA, gnbA)
	if got := s.Uplink(0, netip.MustParseAddrPort("[::ffff:10.0.1.1]:2152"), gpdu(v.teid, udp(ueA, far, 1, 2))); got.Action != ToN6 {
		t.Errorf("%v %v", got.Action, got.Reason)
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
