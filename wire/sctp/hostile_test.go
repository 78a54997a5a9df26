package sctp

import (
	"encoding/binary"
	"net/netip"
	"runtime"
	"slices"
	"testing"
	"time"
)

// attacker sends packets of its own making from the address and port of the network's
// client, or any other.
type attacker struct {
	n *network
	h *host
}

func (x attacker) send(from netip.Addr, port uint16, tag uint32, chunks ...Chunk) {
	b := AppendPacket(nil, port, x.h.ep.cfg.Port, tag, chunks...)
	x.h.ep.Input(x.n.now, Path{Remote: netip.AddrPortFrom(from, 9899)}, b)
}

// answer takes the next packet the host sends, without letting it reach anyone.
func (x attacker) answer() (Packet, bool) {
	b, _, ok := x.h.ep.Emit(x.n.now, make([]byte, 2048))
	if !ok {
		return Packet{}, false
	}
	p, err := ParsePacket(b)
	if err != nil {
		x.n.t.Fatalf("emitted a packet that does not parse: %v", err)
	}
	return p, true
}

func chunkOf(append func([]byte) []byte) Chunk {
	b := append(nil)
	return Chunk{Type: ChunkType(b[0]), Flags: b[1], Value: b[4:binary.BigEndian.Uint16(b[2:])]}
}

func data(d Data) Chunk { return chunkOf(d.Append) }

func initChunk(i Init) Chunk { return chunkOf(func(b []byte) []byte { return i.Append(b, TypeInit) }) }

var plainInit = Init{Tag: 7, Window: 100_000, Out: 10, In: 10, TSN: 1}

// alive is the oracle: a new radio gets its association and its message through.
func alive(t *testing.T, n *network, s *host) {
	t.Helper()
	c := n.host("203.0.113.9", Config{Port: 40000})
	ups, got := len(s.up), len(s.got)
	a, err := c.ep.Connect(n.now, pathTo(s), s.ep.cfg.Port)
	if err != nil {
		t.Fatal(err)
	}
	n.run(time.Minute, func() bool { return len(s.up) == ups+1 && len(c.up) == 1 })
	if err := a.Send(numbered(0, 0, 100)); err != nil {
		t.Fatal(err)
	}
	n.run(time.Minute, func() bool {
		return slices.ContainsFunc(s.got[got:], func(m Message) bool { return check([]Message{m}, map[uint16]uint32{0: 1}) == nil })
	})
}

// N2-45: an INIT flood costs no memory, and a real radio still gets through.
func TestInitFlood(t *testing.T) {
	n := newNetwork(t, 1)
	s := n.host("192.0.2.1", Config{Listen: true})
	x := attacker{n, s}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range 20_000 {
		x.send(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), uint16(i)|1, 0, initChunk(plainInit))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 1<<20 {
		t.Errorf("%d octets kept", grown)
	}
	if st := s.ep.Stats(); st.Associations != 0 || st.Overflows != 20_000-maxAnswers {
		t.Errorf("%+v", st)
	}
	alive(t, n, s)
}

// N2-46: an ABORT, SHUTDOWN COMPLETE or anything else with another tag changes nothing.
func TestBlindAttacks(t *testing.T) {
	n := newNetwork(t, 1)
	s, c, sa, ca := pair(t, n, Config{}, Config{})
	x := attacker{n, s}
	tags := []uint32{0, 1, sa.ownTag + 1, sa.ownTag - 1, sa.peerTag, ^sa.ownTag}
	for _, tag := range tags {
		for _, kind := range []ChunkType{TypeAbort, TypeShutdown, TypeShutdownAck, TypeShutdownComplete, TypeCookieAck, TypeError, TypeSACK, TypeData, TypeHeartbeat, TypeInitAck, TypeCookieEcho, 0xc1} {
			for _, flags := range []uint8{0, FlagT} {
				if flags == FlagT && tag == sa.peerTag && kind == TypeAbort {
					continue // knowing the peer's tag is not blind
				}
				x.send(c.addr, ca.ep.cfg.Port, tag, Chunk{Type: kind, Flags: flags, Value: make([]byte, 16)})
			}
		}
	}
	n.settle(s)
	if sa.Err() != nil || len(s.down) != 0 || len(s.up) != 1 {
		t.Fatalf("the association ended: %v", sa.Err())
	}
	if err := ca.Send(numbered(0, 0, 50)); err != nil {
		t.Fatal(err)
	}
	n.run(time.Minute, func() bool { return len(s.got) == 1 })
}

// An ABORT with the right tag, either way round, is one.
func TestRightAborts(t *testing.T) {
	for _, reflected := range []bool{false, true} {
		n := newNetwork(t, 1)
		s, c, sa, ca := pair(t, n, Config{}, Config{})
		x := attacker{n, s}
		if reflected {
			x.send(c.addr, ca.ep.cfg.Port, sa.peerTag, Chunk{Type: TypeAbort, Flags: FlagT})
		} else {
			x.send(c.addr, ca.ep.cfg.Port, sa.ownTag, Chunk{Type: TypeAbort})
		}
		if sa.Err() != ErrAborted {
			t.Errorf("reflected %v: %v", reflected, sa.Err())
		}
	}
}

// N2-46: a blind INIT from an association's own address gets an answer and changes nothing;
// nor does replaying the cookie that made the association.
func TestForgedRestart(t *testing.T) {
	n := newNetwork(t, 1)
	var echo []byte
	n.drop = func(_ netip.Addr, p Packet) bool {
		if c := p.first(); c.Type == TypeCookieEcho {
			echo = slices.Clone(c.Value)
		}
		return false
	}
	s, c, sa, ca := pair(t, n, Config{}, Config{})
	n.settle(s)
	x := attacker{n, s}
	for range 1000 {
		x.send(c.addr, ca.ep.cfg.Port, 0, initChunk(plainInit))
	}
	for {
		p, ok := x.answer()
		if !ok {
			break
		}
		if p.first().Type != TypeInitAck || p.Tag != plainInit.Tag {
			t.Fatalf("answered with type %d", p.first().Type)
		}
	}
	tag := sa.ownTag
	for range 10 {
		x.send(c.addr, ca.ep.cfg.Port, tag, Chunk{Type: TypeCookieEcho, Value: echo})
	}
	n.now += 2 * time.Minute // the cookie is stale, but names this very association (§5.2.4)
	x.send(c.addr, ca.ep.cfg.Port, tag, Chunk{Type: TypeCookieEcho, Value: echo})
	n.settle(s)
	if sa.Err() != nil || len(s.up) != 1 {
		t.Fatalf("%v, %d ups", sa.Err(), len(s.up))
	}
	sa.Abort()
	n.settle(s)
	x.send(c.addr, ca.ep.cfg.Port, tag, Chunk{Type: TypeCookieEcho, Value: echo})
	if p, ok := x.answer(); !ok || p.first().Type != TypeError {
		t.Error("a stale cookie is not answered with an ERROR")
	}
	if s.ep.Stats().Associations != 0 {
		t.Error("a stale cookie made an association")
	}
}

// A cookie works for the address and port it was made for, unchanged, within its life.
func TestCookies(t *testing.T) {
	n := newNetwork(t, 1)
	s := n.host("192.0.2.1", Config{Listen: true})
	x := attacker{n, s}
	radio, other := netip.MustParseAddr("198.51.100.7"), netip.MustParseAddr("198.51.100.8")
	x.send(radio, 9000, 0, initChunk(plainInit))
	p, _ := x.answer()
	ack, err := ParseInit(p.first())
	if err != nil {
		t.Fatal(err)
	}
	good := ack.understand().cookie
	try := func(from netip.Addr, port uint16, tag uint32, cookie []byte) int {
		x.send(from, port, tag, Chunk{Type: TypeCookieEcho, Value: cookie})
		return s.ep.Stats().Associations
	}
	for i := range good {
		bad := slices.Clone(good)
		bad[i] ^= 1
		if try(radio, 9000, ack.Tag, bad) != 0 {
			t.Fatalf("a cookie with octet %d changed is accepted", i)
		}
		if try(radio, 9000, ack.Tag, good[:i]) != 0 {
			t.Fatalf("a cookie of %d octets is accepted", i)
		}
	}
	if try(other, 9000, ack.Tag, good)+try(radio, 9001, ack.Tag, good)+try(radio, 9000, ack.Tag+1, good) != 0 {
		t.Error("a cookie is accepted from elsewhere")
	}
	if try(radio, 9000, ack.Tag, good) != 1 {
		t.Error("the right cookie is refused")
	}
}

// N2-45: caps hold for all and for each prefix, and an association that ends makes room.
func TestCaps(t *testing.T) {
	n := newNetwork(t, 1)
	s := n.host("192.0.2.1", Config{Listen: true, MaxAssociations: 5, MaxPerPrefix: 3})
	for i, c := range []struct {
		addr string
		ok   bool
	}{
		{"198.51.100.1", true}, {"198.51.100.2", true}, {"198.51.100.3", true}, {"198.51.100.4", false},
		{"198.51.101.1", true}, {"2001:db8::1", true}, {"203.0.113.1", false},
	} {
		h := n.host(c.addr, Config{})
		a, err := h.ep.Connect(n.now, pathTo(s), 38412)
		if err != nil {
			t.Fatal(err)
		}
		n.run(time.Minute, func() bool { return len(h.up)+len(h.down) > 0 })
		if up := a.Err() == nil; up != c.ok {
			t.Errorf("association %d from %s: up is %v", i, c.addr, up)
		}
	}
	if st := s.ep.Stats(); st.RefusedFull != 1 || st.RefusedShare != 1 || st.Associations != 5 {
		t.Errorf("%+v", st)
	}
	s.up[0].Abort()
	alive(t, n, s)
}

// Fragments that never become a message, tiny messages that nobody reads, and TSNs far
// ahead: what is held stays within bounds.
func TestHoarding(t *testing.T) {
	attacks := map[string]func(i uint32) Data{
		"slow partial message": func(i uint32) Data { return Data{TSN: i, Begin: i == 0, Data: make([]byte, 1000)} },
		"fragments beyond a gap": func(i uint32) Data {
			return Data{TSN: i + 1, Stream: 1, Data: make([]byte, 1000)}
		},
		"one octet each, beyond a gap": func(i uint32) Data {
			return Data{TSN: i + 1, SSN: 9, Begin: true, End: true, Data: []byte{1}}
		},
		"one octet each, unread": func(i uint32) Data {
			return Data{TSN: i, Unordered: true, Begin: true, End: true, Data: []byte{1}}
		},
		"every second TSN": func(i uint32) Data {
			return Data{TSN: 2*i + 1, SSN: 9, Begin: true, End: true, Data: []byte{1}}
		},
		"a new stream each": func(i uint32) Data {
			return Data{TSN: i + 1, Stream: uint16(i), Begin: true, End: true, Data: []byte{1}}
		},
		"streams that do not exist": func(i uint32) Data {
			return Data{TSN: i, Stream: 40_000, Begin: true, End: true, Data: []byte{1}}
		},
	}
	for name, attack := range attacks {
		t.Run(name, func(t *testing.T) {
			n := newNetwork(t, 1)
			s, c, sa, ca := pair(t, n, Config{Streams: 65535}, Config{Streams: 30_000})
			s.paused = true
			first := sa.rx.cumulative + 1
			x := attacker{n, s}
			for i := range uint32(8000) {
				d := attack(i)
				d.TSN += first
				x.send(c.addr, ca.ep.cfg.Port, sa.ownTag, data(d))
				for {
					if _, ok := x.answer(); !ok {
						break
					}
				}
				if sa.state == closed {
					break
				}
				if sa.rx.held > 2*sa.ep.cfg.Window+2000 || len(sa.rx.ahead) > span || len(sa.control) > sa.ep.cfg.Packet {
					t.Fatalf("after %d: %d octets, %d slots, %d of control", i, sa.rx.held, len(sa.rx.ahead), len(sa.control))
				}
			}
			s.paused = false
			alive(t, n, s)
		})
	}
}

// What breaks the protocol ends the association, with an ABORT, and nothing else.
func TestViolations(t *testing.T) {
	one := []byte{1}
	for name, chunk := range map[string]func(a *Association) Chunk{
		"DATA without data":          func(a *Association) Chunk { return Chunk{Type: TypeData, Value: make([]byte, 12)} },
		"middle without a beginning": func(a *Association) Chunk { return data(Data{TSN: a.rx.cumulative + 1, Data: one}) },
		"stream number skipped": func(a *Association) Chunk {
			return data(Data{TSN: a.rx.cumulative + 1, SSN: 5, Begin: true, End: true, Data: one})
		},
		"SACK of what was not sent": func(a *Association) Chunk { return chunkOf(SACK{Cumulative: a.tx.nextTSN()}.Append) },
		"SACK that lies about its length": func(a *Association) Chunk {
			return Chunk{Type: TypeSACK, Value: []byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0}}
		},
		"SHUTDOWN without a TSN": func(a *Association) Chunk { return Chunk{Type: TypeShutdown} },
	} {
		n := newNetwork(t, 1)
		s, c, sa, ca := pair(t, n, Config{}, Config{})
		x := attacker{n, s}
		x.send(c.addr, ca.ep.cfg.Port, sa.ownTag, chunk(sa))
		p, ok := x.answer()
		if !ok || p.first().Type != TypeAbort || sa.Err() != ErrProtocol {
			t.Errorf("%s: ended with %v", name, sa.Err())
		}
		alive(t, n, s)
	}
}

// Unknown chunks and parameters are answered as the high bits of their types ask.
func TestUnknown(t *testing.T) {
	n := newNetwork(t, 1)
	s, c, sa, ca := pair(t, n, Config{}, Config{})
	n.run(time.Second, nil)
	x := attacker{n, s}
	const asconf, forwardTSN, pktdrop, reserved = 0xc1, 0xc0, 0x81, 0x3f
	for _, u := range []struct {
		kind           ChunkType
		reported, next bool
	}{{asconf, true, true}, {forwardTSN, true, true}, {pktdrop, false, true}, {0x40, true, false}, {reserved, false, false}} {
		x.send(c.addr, ca.ep.cfg.Port, sa.ownTag, Chunk{Type: u.kind, Value: make([]byte, 8)}, Chunk{Type: TypeHeartbeat, Value: []byte{0, 1, 0, 4}})
		reported, next := false, false
		for {
			p, ok := x.answer()
			if !ok {
				break
			}
			for c := range p.Chunks() {
				reported = reported || c.Type == TypeError && Cause(binary.BigEndian.Uint16(c.Value)) == CauseUnknownChunk
				next = next || c.Type == TypeHeartbeatAck
			}
		}
		if reported != u.reported || next != u.next {
			t.Errorf("chunk type %#x: reported %v, went on %v", u.kind, reported, next)
		}
	}
}

func TestInitAnswers(t *testing.T) {
	radio := netip.MustParseAddr("198.51.100.7")
	with := func(f func(*Init)) Init {
		i := plainInit
		f(&i)
		return i
	}
	long := plainInit
	for range 20 {
		long = long.WithParam(0xc123, make([]byte, 60))
	}
	for _, c := range []struct {
		name string
		init Init
		want ChunkType // 0: silence
	}{
		{"plain", plainInit, TypeInitAck},
		{"many addresses", plainInit.WithParam(ParamIPv4, make([]byte, 4)).WithParam(ParamIPv6, make([]byte, 16)), TypeInitAck},
		{"a host name", plainInit.WithParam(ParamHostName, []byte("radio.example\x00")), TypeAbort},
		{"no outbound streams", with(func(i *Init) { i.Out = 0 }), TypeAbort},
		{"no inbound streams", with(func(i *Init) { i.In = 0 }), TypeAbort},
		{"no window", with(func(i *Init) { i.Window = 1499 }), TypeAbort},
		{"tag 0", with(func(i *Init) { i.Tag = 0 }), 0},
		{"much that is unknown", long, TypeInitAck},
	} {
		n := newNetwork(t, 1)
		s := n.host("192.0.2.1", Config{Listen: true})
		x := attacker{n, s}
		x.send(radio, 9000, 0, initChunk(c.init))
		p, ok := x.answer()
		if ok != (c.want != 0) || ok && (p.first().Type != c.want || p.Tag != c.init.Tag) {
			t.Errorf("%s: answered %v with %+v", c.name, ok, p)
		}
		if len(p.chunks) > 700 {
			t.Errorf("%s: an answer of %d octets", c.name, len(p.chunks))
		}
		x.send(radio, 9000, 5, initChunk(c.init))
		x.send(radio, 9000, 0, initChunk(c.init), Chunk{Type: TypeCookieAck})
		if _, ok := x.answer(); ok {
			t.Errorf("%s: answered with a tag, or with company", c.name)
		}
	}
}

// Strangers get an ABORT, at a bounded rate, never in answer to one (§8.4).
func TestStrangers(t *testing.T) {
	n := newNetwork(t, 1)
	s := n.host("192.0.2.1", Config{Listen: true})
	x := attacker{n, s}
	from := netip.MustParseAddr("198.51.100.7")
	for _, c := range []struct{ kind, want ChunkType }{
		{TypeData, TypeAbort}, {TypeHeartbeat, TypeAbort}, {TypeSACK, TypeAbort}, {TypeShutdownAck, TypeShutdownComplete},
	} {
		x.send(from, 9000, 77, Chunk{Type: c.kind, Value: make([]byte, 13)})
		p, ok := x.answer()
		if !ok || p.first().Type != c.want || p.first().Flags != FlagT || p.Tag != 77 {
			t.Errorf("type %d: %v %+v", c.kind, ok, p)
		}
	}
	for _, kind := range []ChunkType{TypeAbort, TypeShutdownComplete, TypeCookieAck, TypeError, TypeInitAck, TypeCookieEcho} {
		x.send(from, 9000, 77, Chunk{Type: kind, Value: make([]byte, 13)})
		if p, ok := x.answer(); ok {
			t.Errorf("type %d is answered with %+v", kind, p)
		}
	}
	x.send(netip.MustParseAddr("224.0.0.1"), 9000, 77, Chunk{Type: TypeData})
	x.send(netip.IPv4Unspecified(), 9000, 77, Chunk{Type: TypeData})
	if _, ok := x.answer(); ok {
		t.Error("an address that is nobody's is answered")
	}
	sent := 0
	for range 10_000 {
		x.send(from, 9000, 77, Chunk{Type: TypeData})
		if _, ok := x.answer(); ok {
			sent++
		}
	}
	if sent > straysPerPeriod {
		t.Errorf("%d ABORTs in one instant", sent)
	}
}

// FuzzEndpoint: whatever packets come in, with the right tag or not, what is held is
// bounded, what is sent parses, and another radio is served as if nothing had happened.
func FuzzEndpoint(f *testing.F) {
	f.Add([]byte{0, 0, 3, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 60, 1, 2, 3, 4})
	f.Add([]byte{0, 3, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Add([]byte{1, 6, 0, 0, 0, 7, 0, 4, 0, 0, 0, 1, 2, 14, 1, 0, 0, 8, 0, 0})
	f.Add([]byte{3, 1, 0, 16, 0, 0, 0, 7, 0, 1, 0, 0, 0, 10, 0, 10, 0, 0, 0, 1})
	f.Fuzz(func(t *testing.T, script []byte) {
		n := newNetwork(t, 1)
		s, c, sa, ca := pair(t, n, Config{}, Config{})
		n.hosts = n.hosts[:1] // the client has gone quiet
		x := attacker{n, s}
		for len(script) >= 4 { // how, type, flags, length, value
			how, kind, flags, size := script[0], ChunkType(script[1]), script[2], min(int(script[3]), len(script)-4)
			value := slices.Clone(script[4 : 4+size])
			script = script[4+size:]
			if kind == TypeData && len(value) >= 4 { // near what is expected, or it would be far ahead always
				binary.BigEndian.PutUint32(value, sa.rx.cumulative+binary.BigEndian.Uint32(value)%64)
			}
			if kind == TypeSACK && len(value) >= 4 {
				binary.BigEndian.PutUint32(value, sa.tx.acked+binary.BigEndian.Uint32(value)%4)
			}
			tag := [...]uint32{sa.ownTag, sa.peerTag, 0, 1}[how&3]
			x.send(c.addr, ca.ep.cfg.Port+uint16(how>>7), tag, Chunk{Type: kind, Flags: flags, Value: value})
			if how&4 != 0 {
				n.now += time.Duration(how) * 10 * time.Millisecond
				s.ep.Expire(n.now)
			}
			if how&8 != 0 && sa.Err() == nil {
				sa.Send(numbered(uint16(how&1), 0, 3000))
			}
			n.settle(s)
			if len(sa.control) > sa.ep.cfg.Packet || len(sa.rx.ahead) > span || sa.rx.held > 2*sa.ep.cfg.Window+2000 ||
				sa.tx.flight < 0 || sa.tx.queued < 0 || sa.tx.resends < 0 || sa.rx.held < 0 {
				t.Fatalf("%d of control, %d slots, %d held, %d in flight, %d queued, %d to resend",
					len(sa.control), len(sa.rx.ahead), sa.rx.held, sa.tx.flight, sa.tx.queued, sa.tx.resends)
			}
			if st := s.ep.Stats(); st.Associations > 1 {
				t.Fatalf("%d associations of one peer without a cookie echoed", st.Associations)
			}
		}
		n.air = nil
		s.paused = false
		up := n.host("203.0.113.9", Config{Port: 40000})
		ups := len(s.up)
		if _, err := up.ep.Connect(n.now, pathTo(s), s.ep.cfg.Port); err != nil {
			t.Fatal(err)
		}
		n.run(time.Minute, func() bool { return len(s.up) == ups+1 && len(up.up) == 1 })
	})
}
