package datapath

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"cordon/ident"
	"cordon/upf"
	"cordon/upf/upftest"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// randomWorlds are configurations and sessions under which random packets are tried.
var randomWorlds = []struct {
	name   string
	change func(*upf.Config)
	edit   func(*pfcp.Establishment)
}{
	{"as it is", nil, nil},
	{"devices may reach each other, and numbers may not repeat", func(c *upf.Config) { c.UEToUE, c.FilterDuplicates, c.MarkN6 = true, true, true }, nil},
	{"slow sessions that need a container", func(c *upf.Config) { c.RequireContainer = true }, func(e *pfcp.Establishment) {
		e.QERs[0].UplinkMBR, e.QERs[0].DownlinkMBR = 1, 1
	}},
	{"sealed sessions", func(c *upf.Config) { c.UEToUE = true }, func(e *pfcp.Establishment) {
		for i := range e.PDRs {
			e.PDRs[i].PDI.Filters = []pfcp.SDF{{Remote: netip.MustParsePrefix(upftest.Far + "/32")}, {Protocol: upftest.UDP, RemotePorts: pfcp.Ports{First: 1, Last: 60}},
				{Remote: netip.MustParsePrefix("2606:4700::/32")}}
		}
	}},
	{"gates closed", nil, func(e *pfcp.Establishment) {
		f := &e.FARs[e.CP.SEID%2]
		*f = pfcp.FAR{ID: f.ID, Action: pfcp.Drop}
	}},
	{"waiting devices", nil, func(e *pfcp.Establishment) { e.FARs[1] = pfcp.FAR{ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP} }},
}

// packetSource makes packets that are nearly right.
type packetSource struct {
	*rand.Rand
	w     *upftest.World
	table []upftest.Step
}

func newPacketSource(seed uint64, w *upftest.World) *packetSource {
	s := &packetSource{rand.New(rand.NewPCG(seed, 1)), w, nil}
	for _, c := range upftest.Cases() {
		if c.Change == nil && len(c.Steps) == 1 {
			s.table = append(s.table, c.Steps...)
		}
	}
	return s
}

func oneOf[T any](s *packetSource, list ...T) T { return list[s.IntN(len(list))] }

// packet is a packet from one address to another.
func (s *packetSource) packet(from, to netip.Addr) []byte {
	if from.Is4() != to.Is4() {
		to = netip.MustParseAddr(oneOf(s, upftest.Far, upftest.Service))
		if from.Is6() {
			to = netip.MustParseAddr(upftest.Far6)
		}
	}
	src, dst := from.String(), to.String()
	port := func() uint16 {
		return oneOf[uint16](s, 53, 67, 547, 1000, uint16(1024+s.IntN(64)), uint16(s.IntN(1<<16)))
	}
	payload := make([]byte, oneOf(s, 0, 1, 7, 8, 64, s.IntN(1500), 1380+s.IntN(120)))
	switch s.IntN(8) {
	case 0:
		return upftest.Message(src, dst, oneOf[byte](s, 0, 3, 8, 11, 128, 129, 133, 135, byte(s.IntN(256))), 0, append([]byte{0, byte(s.IntN(4)), 0, 1}, payload...)...)
	case 1, 2, 3:
		return upftest.Segment(src, dst, port(), port(), byte(s.IntN(256)), payload...)
	case 4:
		return upftest.IP(src, dst, byte(s.IntN(256)), payload...)
	case 5:
		b := upftest.Datagram(src, dst, port(), port(), payload...)
		if from.Is4() {
			b[8] = byte(s.IntN(3)) // hops that are left
		}
		return b
	}
	return upftest.Datagram(src, dst, port(), port(), payload...)
}

// address is one that means something.
func (s *packetSource) address() netip.Addr {
	v := oneOf(s, s.w.Sessions()...)
	if s.IntN(3) > 0 && v.UE.IsValid() {
		return v.UE
	}
	if s.IntN(2) > 0 && v.UE6.IsValid() {
		b := v.UE6.Addr().As16()
		b[15] = byte(1 + s.IntN(200))
		return netip.AddrFrom16(b)
	}
	return netip.MustParseAddr(oneOf(s, upftest.Far, upftest.Far, upftest.Far6, upftest.Far6, upftest.Gate, upftest.Gate6, upftest.Core, upftest.Core6, upftest.Service,
		upftest.Service6, upftest.Public, "203.0.113.9", "127.0.0.1", "224.0.0.1", "fe80::1", "ff02::2", "64:ff9b::c633:6401", "10.45.0.77", "2001:db8:45:99::1"))
}

// spoil changes an octet or two, or the length.
func (s *packetSource) spoil(b []byte) []byte {
	for range s.IntN(3) {
		if len(b) > 0 && s.IntN(3) == 0 {
			b[s.IntN(min(len(b), 64))] = byte(s.Uint32())
		}
	}
	switch s.IntN(20) {
	case 0:
		return b[:s.IntN(len(b)+1)]
	case 1:
		return append(b, make([]byte, 1+s.IntN(8))...)
	}
	return b
}

// step is a random step.
func (s *packetSource) step() (upftest.Step, []byte) {
	if s.IntN(10) == 0 {
		st := oneOf(s, s.table...)
		return st, s.spoil(append([]byte(nil), st.Octets(s.w)...))
	}
	v := oneOf(s, s.w.Sessions()...)
	own := v.UE
	if !own.IsValid() || v.UE6.IsValid() && s.IntN(2) == 0 {
		own = v.UE6.Addr().Next()
	}
	if s.IntN(2) == 0 {
		from := netip.MustParseAddr(upftest.Far)
		if own.Is6() {
			from = netip.MustParseAddr(upftest.Far6)
		}
		if v.Instance == "shared" && s.IntN(4) > 0 {
			own = netip.MustParseAddr(upftest.Public)
		}
		if s.IntN(6) == 0 {
			from = s.address()
		}
		return upftest.Step{N6: true}, s.spoil(s.packet(from, own))
	}
	from, to := own, netip.MustParseAddr(upftest.Far)
	if own.Is6() {
		to = netip.MustParseAddr(upftest.Far6)
	}
	if s.IntN(3) == 0 {
		to = s.address()
	}
	if s.IntN(20) == 0 {
		from = s.address()
	}
	h := gtpu.Header{TEID: v.TEID, HasSeq: s.IntN(2) == 0, Seq: uint16(s.IntN(50)), HasNPDU: s.IntN(8) == 0, HasContainer: s.IntN(8) > 0,
		Container: gtpu.Container{Type: gtpu.Uplink, QFI: upftest.QFI}}
	if s.IntN(30) == 0 {
		h.TEID ^= ident.TEID(1) << s.IntN(32)
	}
	st := upftest.Step{From: v.Radio}
	if s.IntN(30) == 0 {
		st.From = netip.MustParseAddrPort(oneOf(s, upftest.RadioA, upftest.RadioB, upftest.Stranger) + ":2152")
	}
	b := s.packet(from, to)
	if s.IntN(4) == 0 {
		b = s.spoil(b)
	}
	b = upftest.Wrap(h, b)
	if h.HasContainer && s.IntN(40) == 0 {
		b[11] = oneOf[byte](s, 0x03, 0x84, 0xc0) // another extension
	}
	if s.IntN(6) == 0 {
		b = s.spoil(b)
	}
	return st, b
}

// TestProgramRandom: whatever comes, the program and the reference agree on verdict, octets, memory and counts.
func TestProgramRandom(t *testing.T) {
	forEachProgram(t, func(t *testing.T, v variant) {
		const packets = 3000
		k := newKernel(t, v)
		var counted [upf.Reasons]uint64
		for i, c := range randomWorlds {
			t.Run(c.name, func(t *testing.T) {
				w := k.begin(t, c.change, c.edit)
				s := newPacketSource(uint64(i), w)
				forwarded, drops, passed := k.forwarded, k.drops, k.passed
				for _, v := range w.Sessions() { // before its radio has sent
					if v.UE.IsValid() {
						k.take(&upftest.Step{From: netip.MustParseAddrPort(upftest.Stranger + ":2152")},
							upftest.GPDU(v.TEID, upftest.Datagram(v.UE.String(), upftest.Far, 1000, 2000)))
					}
				}
				for n := range packets {
					st, b := s.step()
					var tags []uint16
					if s.IntN(4) == 0 {
						tags = []uint16{7, 9}[:1+s.IntN(2)]
					}
					if n == packets/2 && i == 0 {
						k.sameMemory()
						k.sameCounts()
						// From here on it drops more than it asks about: what would have been answered makes the difference.
						k.lenient, k.program.limits.Asks, k.program.limits.Findings = true, 1, 1<<upf.ReasonSpoofedSource
					}
					k.take(&st, b, tags...)
					if k.at(k.now + time.Duration(s.IntN(20))*time.Millisecond); n%100 == 0 && !k.lenient {
						k.sameMemory()
					}
					if t.Failed() {
						t.Fatalf("packet %d of %v, N6 %v: % x", n, st.From, st.N6, b)
					}
				}
				if !k.lenient {
					k.sameMemory()
					k.sameCounts()
				}
				for r, n := range k.dropped() {
					counted[r] += n
				}
				t.Logf("%d forwarded, %d dropped, %d passed on", k.forwarded-forwarded, k.drops-drops, k.passed-passed)
			})
		}
		for _, r := range countedReasons {
			if counted[r] == 0 {
				t.Errorf("no packet was dropped by the program as %v", r)
			}
			counted[r] = 0
		}
		for r, n := range counted {
			if n > 0 {
				t.Errorf("%d packets were dropped by the program as %v, which is not said to be", n, upf.Reason(r))
			}
		}
	})
}

// countedReasons are those for which the program drops and counts a packet itself.
var countedReasons = []upf.Reason{
	upf.ReasonMalformedGTPU, upf.ReasonUnknownExtension, upf.ReasonUnknownTEID, upf.ReasonUnbound, upf.ReasonWrongSource, upf.ReasonSecondSource,
	upf.ReasonWrongContainer, upf.ReasonUnknownQFI, upf.ReasonSpoofedSource, upf.ReasonForbidden, upf.ReasonOtherUE, upf.ReasonReplayed,
	upf.ReasonForbiddenICMP, upf.ReasonDHCPServer, upf.ReasonLinkOnly, upf.ReasonPorts, upf.ReasonMalformedIP, upf.ReasonIPOptions,
	upf.ReasonFragment, upf.ReasonGate, upf.ReasonRate, upf.ReasonNotSealed, upf.ReasonHops, upf.ReasonTooBig, upf.ReasonUnknownUE,
	upf.ReasonUESource, upf.ReasonBadSource, upf.ReasonUnmapped,
}

// FuzzProgram: whatever comes to either side, the program and the reference agree. The sessions stay from one packet to
// the next, as they do in life.
func FuzzProgram(f *testing.F) {
	var all []*kernel
	var w *upftest.World
	for _, v := range []variant{whole, spread, control} {
		k := newKernel(f, v)
		w = k.begin(f, func(c *upf.Config) { c.UEToUE = true }, nil)
		all = append(all, k)
	}
	s := newPacketSource(1, w)
	for range 50 {
		st, b := s.step()
		f.Add(st.N6, st.From.Addr() == w.B.Radio.Addr(), b)
	}
	n := 0
	f.Fuzz(func(t *testing.T, n6, b bool, octets []byte) {
		if len(octets) > 3000 {
			return // more than a frame takes
		}
		st := upftest.Step{N6: n6, From: w.A.Radio}
		if b {
			st.From = w.B.Radio
		}
		n++
		for _, k := range all {
			k.t = t
			k.take(&st, octets)
			if n%64 == 0 {
				k.sameMemory()
				k.sameCounts()
			}
		}
	})
}
