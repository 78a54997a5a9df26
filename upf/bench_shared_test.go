package upf_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"cordon/ident"
	"cordon/upf"
	"cordon/upf/upftest"
)

// BenchmarkShared is a UPF's work for devices with IPv6, and for devices that share public addresses, beside the
// same devices without. Each has one flow.
func BenchmarkShared(b *testing.B) {
	for _, kind := range []string{"IPv4", "NAT", "IPv6"} {
		for _, n := range []int{1, 10000} {
			up, down, s := crowd(b, kind, n)
			order := rand.New(rand.NewPCG(3, 4)).Perm(n)
			run := func(name string, way [][]byte, hops int, decide func(i, k int) upf.Verdict, want upf.Action) {
				b.Run(fmt.Sprintf("%s/%s/%d", name, kind, n), func(b *testing.B) {
					b.ReportAllocs()
					header := make([]byte, 20)
					i := 0
					for b.Loop() {
						k := order[i%n]
						copy(header, way[k][hops:]) // what NAT changes, and the hops
						ports := binary.BigEndian.Uint64(way[k][hops+20:])
						if v := decide(i, k); v.Action != want {
							b.Fatal(v.Reason)
						}
						copy(way[k][hops:], header)
						binary.BigEndian.PutUint64(way[k][hops+20:], ports)
						i++
					}
				})
			}
			radio := netip.MustParseAddrPort(upftest.RadioA + ":2152")
			run("uplink", up, 16, func(i, k int) upf.Verdict { return s.Uplink(time.Duration(i), radio, up[k]) }, upf.ToN6)
			run("downlink", down, 0, func(i, k int) upf.Verdict { return s.Downlink(time.Duration(i), down[k]) }, upf.ToN3)
		}
	}
}

// crowd is n devices of a kind, each with a datagram for N3 and the answer to it from N6.
func crowd(b *testing.B, kind string, n int) (up, down [][]byte, s *upf.Sessions) {
	b.Helper()
	cfg := upftest.Config()
	cfg.MaxSessions, cfg.NATBlock = n, 64
	cfg.NAT = []netip.Prefix{netip.MustParsePrefix("203.0.113.0/28")}
	cfg.Pools = []upf.Pool{{Instance: "a", Prefix: netip.MustParsePrefix("10.64.0.0/16"), NAT: kind == "NAT"},
		{Instance: "a", Prefix: netip.MustParsePrefix("2001:db8::/44")}}
	s, err := upf.New(cfg, nil)
	if err != nil {
		b.Fatal(err)
	}
	for i := range n {
		v := upftest.Session{Instance: "a", UE: netip.AddrFrom4([4]byte{10, 64, byte((i + 2) >> 8), byte(i + 2)}),
			Radio: netip.MustParseAddrPort(upftest.RadioA + ":2152"), Remote: ident.TEID(i + 1)}
		ue, far := v.UE.String(), upftest.Far
		if kind == "IPv6" {
			v.UE, v.UE6 = netip.Addr{}, netip.MustParsePrefix(fmt.Sprintf("2001:db8:0:%x::/64", i+1))
			ue, far = v.UE6.Addr().Next().String(), upftest.Far6
		}
		answer, err := s.Establish(0, v.Establishment(ident.SEID(i+1)))
		if err != nil {
			b.Fatal(err)
		}
		packet := upftest.GPDU(answer.Created[0].Local.TEID, upftest.Datagram(ue, far, 5000, 53, make([]byte, 36)...))
		first := s.Uplink(0, v.Radio, append([]byte(nil), packet...))
		if first.Action != upf.ToN6 {
			b.Fatal(first.Reason)
		}
		up, down = append(up, packet), append(down, upftest.Reply(first.Packet))
	}
	return up, down, s
}
