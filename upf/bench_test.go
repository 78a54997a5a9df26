package upf

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"cordon/wire/pfcp"
)

// many makes n sessions at 64 radios, policed far above what is offered.
func many(b *testing.B, n int) (*Sessions, []session) {
	s := newSessions(b, func(c *Config) { c.MaxSessions = 0 })
	all := make([]session, n)
	for i := range all {
		gnb := netip.AddrPortFrom(addrOf(0x0a000101+uint32(i%64)), 2152)
		ue := addrOf(0x0a2d0002 + uint32(i))
		all[i] = attach(b, s, 1+1, ue.String(), gnb)
		rate := pfcp.Modification{SEID: all[i].seid, QERs: []pfcp.QER{{ID: 1, UplinkMBR: 1 << 39, DownlinkMBR: 1 << 39}}}
		if _, err := s.Modify(0, rate, nil); err != nil {
			b.Fatal(err)
		}
	}
	return s, all
}

func BenchmarkForward(b *testing.B) {
	for _, n := range []int{1, 1000, 60000} {
		s, all := many(b, n)
		order := rand.New(rand.NewPCG(3, 4)).Perm(n)
		up, down := make([][]byte, n), make([][]byte, n)
		from := make([]netip.AddrPort, n)
		for i, v := range all {
			up[i] = gpdu(v.teid, udp(v.ue.String(), far, 1, 2, make([]byte, 36)...))
			down[i] = udp(far, v.ue.String(), 1, 2, make([]byte, 36)...)
			from[i] = netip.AddrPortFrom(addrOf(0x0a000101+uint32(i%64)), 2152)
		}
		b.Run(fmt.Sprintf("uplink/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				k := order[i%n]
				up[k][16+8] = 64 // hops
				if v := s.Uplink(time.Duration(i), from[k], up[k]); v.Action != ToN6 {
					b.Fatal(v.Reason)
				}
				i++
			}
		})
		b.Run(fmt.Sprintf("downlink/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				k := order[i%n]
				down[k][8] = 64
				if v := s.Downlink(time.Duration(i), down[k]); v.Action != ToN3 {
					b.Fatal(v.Reason)
				}
				i++
			}
		})
	}
}

func BenchmarkSession(b *testing.B) {
	s := newSessions(b, func(c *Config) { c.MaxSessions = 0 })
	ue := netip.MustParseAddr(ueA)
	attach(b, s, 1, ueB, gnbB) // that others have the same rules, as they do
	if _, err := s.Establish(0, establishment(2, netip.MustParseAddr("10.45.0.9"))); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	now := time.Duration(0)
	for b.Loop() {
		a, err := s.Establish(now, establishment(1, ue))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Modify(now, toRadio(a.UP.SEID, gnbA.Addr(), 1), nil); err != nil {
			b.Fatal(err)
		}
		if _, err := s.Delete(now, pfcp.Deletion{SEID: a.UP.SEID}); err != nil {
			b.Fatal(err)
		}
		now += time.Millisecond
	}
}

// BenchmarkEntries installs a session's entries: both its lines, and where an error indication finds it. The budget is
// half a microsecond; to write one entry of a map by a system call takes thrice as long.
func BenchmarkEntries(b *testing.B) {
	const n = 60000
	s, all := many(b, n)
	order := rand.New(rand.NewPCG(3, 4)).Perm(n)
	slots := make([]uint32, n)
	for k, i := range order {
		slots[k], _ = s.find(all[i].seid)
	}
	b.ReportAllocs()
	i, p, began := 0, &plan{}, processorTime(b)
	for b.Loop() {
		var ends [maxEnds]endpoint
		p.slot = slots[i%n]
		p.shape, p.ue4 = s.slots.state(p.slot).shape, uint32(s.mem.Up[p.slot].Device.Load())
		s.outers(p.slot, &ends)
		s.peers.hold(s.peers.list[ends[1].peer].addr)
		s.lead(p, &ends, &ends)
		i++
	}
	b.ReportMetric(float64(processorTime(b)-began)/float64(i), "cpu-ns")
}
