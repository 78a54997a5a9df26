package node

import (
	"fmt"
	"slices"
	"sync/atomic"

	"cordon/amf"
	"cordon/console"
	"cordon/ident"
	"cordon/wire/ngap"
)

// page has radios look for an idle device. The message concerns no connection, so it is the same for all and goes on stream 0.
func (s *shard) page(e amf.Page) {
	b, err := ngap.Append(nil, e.Msg)
	if err != nil {
		s.n.bug(fmt.Errorf("encoding %T: %w", e.Msg, err))
		return
	}
	for _, a := range s.n.associations() {
		if !a.draining.Load() && e.By(a.info.Load()) {
			a.send(0, b)
			s.n.metrics.pages.Add(1)
		}
	}
}

// searches count how searches for idle devices ended, by the area in which they were registered. That nobody answers in one is
// all that shows a radio which swallows pages.
type searches [2][]atomic.Uint64 // by whether the device was found, and by the place of the area in the configuration

var searchNames = [2]string{"unanswered", "answered"}

func newSearches(areas int) searches {
	return searches{make([]atomic.Uint64, areas), make([]atomic.Uint64, areas)}
}

// searched counts one. An area from before a restart that is not served any more is nobody's.
func (n *Node) searched(e amf.Paged) {
	how := 0
	if e.Answered {
		how = 1
	}
	if i := slices.Index(n.amf.TACs, e.TAC); i >= 0 {
		n.metrics.searches[how][i].Add(1)
	}
}

// family is the searches as an operator sees them.
func (s *searches) family(areas []ident.TAC) console.Family {
	f := console.Family{Name: "cordon_paging_total", Help: "Searches for idle devices for which data waited, by the tracking area they registered in and how they ended.", Kind: console.Counter}
	for how := range s {
		for i := range s[how] {
			if v := s[how][i].Load(); v > 0 {
				f.Samples = append(f.Samples, console.Sample{Labels: []console.Label{
					{Name: "area", Value: fmt.Sprintf("%06x", uint32(areas[i]))}, {Name: "outcome", Value: searchNames[how]}}, Value: float64(v)})
			}
		}
	}
	return f
}
