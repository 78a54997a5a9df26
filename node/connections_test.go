package node

import (
	"testing"

	"cordon/amf"
	"cordon/ident"
	"cordon/wire/ngap"
)

// TestResetPairs: a reset ends the connections that its pairs name and no other, though a pair
// may lack either identity, or both.
func TestResetPairs(t *testing.T) {
	amfID := func(id ident.AMFUENGAPID) *ident.AMFUENGAPID { return &id }
	ranID := func(id ident.RANUENGAPID) *ident.RANUENGAPID { return &id }
	for _, c := range []struct {
		name  string
		pair  ngap.NGConnection
		ended ident.AMFUENGAPID // 0: none
	}{
		{"both", ngap.NGConnection{AMF: amfID(100), RAN: ranID(0)}, 100},
		{"the core's", ngap.NGConnection{AMF: amfID(101)}, 101},
		{"the radio's", ngap.NGConnection{RAN: ranID(1)}, 101},
		{"neither", ngap.NGConnection{}, 0},
		{"the core's, of nobody", ngap.NGConnection{AMF: amfID(999)}, 0},
		{"the radio's, of nobody", ngap.NGConnection{RAN: ranID(9)}, 0},
		{"two that do not belong together", ngap.NGConnection{AMF: amfID(100), RAN: ranID(1)}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := still(t, 1, &testStore{})
			a := n.living(1, "192.0.2.1:1")
			a.ues[0], a.ues[1] = ueRef{conn: 100}, ueRef{conn: 101}
			a.reset(t.Context(), amf.Reset{Pairs: []ngap.NGConnection{c.pair}})
			var ended ident.AMFUENGAPID
			if len(n.shards[0].inbox) > 0 {
				ended = (<-n.shards[0].inbox).amf.(amf.Lost).Conn
			}
			want := 2
			if c.ended != 0 {
				want = 1
			}
			if ended != c.ended || a.connections() != want || len(n.shards[0].inbox) != 0 {
				t.Errorf("ended %d and kept %d, want %d and %d", ended, a.connections(), c.ended, want)
			}
		})
	}
}
