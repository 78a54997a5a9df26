package amf

import (
	"fmt"
	"testing"
	"time"
)

// TestPagingStorm: data for many idle devices at once pages as many in a second as may be, and the others when their next try
// comes, none of them more often than alone.
func TestPagingStorm(t *testing.T) {
	const phones, most = 20, 8
	cfg := testConfig()
	cfg.Limits.Pages = most
	w := newWorld(t, cfg)
	w.quiet = true
	for i := range phones {
		p := w.phone(fmt.Sprint("p", i))
		w.register(p)
		w.establish(p, 1)
		w.idle(p)
	}
	asked, pages, unreached := 0, map[string]int{}, 0
	step := func(ev Event) (sent int) {
		for _, e := range w.a.Step(w.now, ev) {
			switch e := e.(type) {
			case Page:
				sent++
				pages[w.whose(e.Msg.STMSI)]++
			case SMUnreached:
				unreached++
			}
		}
		return sent
	}
	for i := range phones {
		for range 3 { // an edge that says it again and again
			asked += step(SMReach{SUPI: w.phone(fmt.Sprint("p", i)).supi, PSI: 1})
		}
	}
	if asked != most {
		t.Errorf("%d pages at once", asked)
	}
	for range 3 * t3513 / time.Second {
		w.now = w.now.Add(time.Second)
		if n := step(Tick{}); n > most {
			t.Errorf("%d pages in a second", n)
		}
	}
	for who, n := range pages {
		if n > pageTries {
			t.Errorf("%s was paged %d times", who, n)
		}
	}
	if unreached != phones {
		t.Errorf("%d of %d are given up", unreached, phones)
	}
	for i := range phones { // and they rest
		if step(SMReach{SUPI: w.phone(fmt.Sprint("p", i)).supi, PSI: 1}) != 0 {
			t.Error("paged again at once")
		}
	}
}
