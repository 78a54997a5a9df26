package node

import (
	"bytes"
	"fmt"
	"net/netip"
	"sync/atomic"
	"testing"

	"cordon/console"
	"cordon/ident"
	"cordon/ran"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// paging is a core with two radios in one area, a device that talks, and one that sleeps and can be at either radio.
type paging struct {
	*testing.T
	w             *world
	live          *ran.Live
	talker, other *modem
	sleeper       *ran.UE
	pages         [2]atomic.Int32 // that each radio got
	swallow       atomic.Int32    // how many more of them come to nothing
	said          [][]byte
}

func newPaging(t *testing.T) *paging {
	p := &paging{T: t, w: start(t, cellConfig(t))}
	p.w.subscribe(t, 2)
	cfg := p.w.load(t, 1)
	for i := range cfg.Radios {
		cfg.Radios[i].Deaf = func(m ngap.Message) bool {
			_, page := m.(*ngap.Paging)
			if page {
				p.pages[i].Add(1)
			}
			return page && p.swallow.Add(-1) >= 0
		}
	}
	of := cfg.Groups[0]
	of.Target = netip.AddrPort{}
	of.Phone.Sessions[0].Type, of.Phone.Sessions[0].DNN = nas.PDUSessionEthernet, "cell"
	cfg.Groups = nil
	for i, reach := range []func(int) []int{ran.Reach(1), ran.Reach(0, 1)} {
		g, h := of, &modem{up: make(chan []byte, 64), down: make(chan []byte, 64), told: make(chan struct{}), done: make(chan struct{})}
		g.Name, g.Host, g.Reach, g.First = fmt.Sprint(i), h, reach, of.First+ident.SUPI(i)
		cfg.Groups = append(cfg.Groups, g)
		p.talker, p.other = p.other, h
	}
	var err error
	if p.live, err = ran.Begin(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.live.Close() })
	p.sleeper = p.live.Phone("1", 0)
	p.meet()
	return p
}

// meet has each of the two know where the other is.
func (p *paging) meet() {
	p.Helper()
	sayFrame(p.T, p.talker, p.other, frame(macAll, macOne, "who is there"), &p.said)
	sayFrame(p.T, p.other, p.talker, frame(macOne, macTwo, "I am"), &p.said)
}

// sleeps has the device go idle, as the core sees it.
func (p *paging) sleeps() {
	p.Helper()
	if err := p.sleeper.Idle(p.Context()); err != nil {
		p.Fatal(err)
	}
	p.idle()
	for i := range p.pages {
		p.pages[i].Store(0)
	}
}

func (p *paging) idle() {
	p.Helper()
	if !eventually(func() bool {
		d, err := p.w.Device(p.Context(), p.sleeper.SUPI())
		return err == nil && !d.Connected && len(d.Sessions) == 1 && d.Sessions[0].State == "idle"
	}) {
		p.Fatal("the session is not idle")
	}
}

// wakes sends the device three frames at once and wants them to come in their order.
func (p *paging) wakes() {
	p.Helper()
	for i := range 3 {
		p.talker.up <- frame(macTwo, macOne, fmt.Sprint("wake up ", i))
	}
	for i := range 3 {
		if got := p.other.gets(p.T); !bytes.Equal(got, frame(macTwo, macOne, fmt.Sprint("wake up ", i))) {
			p.Fatalf("%q came, and not frame %d", got, i)
		}
	}
}

// paged wants each radio to have been asked so often.
func (p *paging) paged(first, second int32) {
	p.Helper()
	if got := [2]int32{p.pages[0].Load(), p.pages[1].Load()}; got != [2]int32{first, second} {
		p.Errorf("the radios were asked to page %v times, not %d and %d", got, first, second)
	}
}

// TestPaging: what comes for an idle device has it paged once by the radios of its area, and reaches it in order, at whichever
// radio it is by now, and when a page was lost.
func TestPaging(t *testing.T) {
	p := newPaging(t)
	p.sleeps()
	p.wakes()
	p.paged(1, 1)

	p.sleeps()
	p.swallow.Store(2)
	p.wakes()
	p.paged(2, 2)

	p.sleeps()
	if err := p.live.Radio(0).Switch(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if !eventually(func() bool { return p.sleeper.Radio() == p.live.Radio(1) && len(p.w.Node.radiosUp()) == 1 }) {
		t.Fatal("the device is where it was")
	}
	p.wakes()
	p.paged(0, 1)
	if f := p.w.metrics.searches.family(p.w.cfg.TACs); len(f.Samples) != 1 || f.Samples[0].Value != 3 ||
		fmt.Sprint(f.Samples[0].Labels) != fmt.Sprint([]console.Label{{Name: "area", Value: "000001"}, {Name: "outcome", Value: "answered"}}) {
		t.Errorf("%+v", f)
	}
}
