package upf

import (
	"math/rand/v2"
	"testing"
)

// TestEnds: it knows what a map would, with chains that are long, for radios that give all sessions the same few
// tunnels.
func TestEnds(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	const slots = 24
	mem := &Memory{Records: make([]Record, slots), Down: make([]Line, slots)}
	var ends ends
	ends.init(mem, r.Uint64)
	ends.heads, ends.shift = ends.heads[:4], 62
	want, has := map[endpoint]uint32{}, map[uint32]endpoint{}
	for step := range 20000 {
		i := uint32(r.IntN(slots))
		if e, ok := has[i]; ok {
			ends.remove(i, e)
			if want[e] == i {
				delete(want, e)
			}
			delete(has, i)
		}
		if r.IntN(3) > 0 {
			e := endpoint{1 + uint32(r.IntN(3)), 1 + uint32(r.IntN(6))}
			mem.Records[i].Down = i + 1
			mem.Down[i].Tunnel.Store(uint64(e.teid) | uint64(e.peer)<<32)
			ends.add(i, e, r.IntN(4) > 0)
			want[e], has[i] = i, e
		}
		for peer := range uint32(4) {
			for teid := range uint32(8) {
				e := endpoint{peer, teid}
				got, ok := ends.find(e)
				if i, known := want[e]; ok != known || ok && got != i {
					t.Fatalf("step %d: %+v is of %d, %v; want %d, %v", step, e, got, ok, i, known)
				}
			}
		}
		if ends.len() != len(want) {
			t.Fatalf("step %d: %d, want %d", step, ends.len(), len(want))
		}
	}
}
