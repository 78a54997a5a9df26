package node

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cordon/amf"
	"cordon/console"
	"cordon/ident"
	"cordon/rules"
	"cordon/store"
	"cordon/transport"
	"cordon/trust"
	"cordon/wire/ngap"
)

// What somebody tries who has something to gain from not obeying the law.

// court is a running core on a network in memory whose records a test changes. It is for tests in a bubble.
type court struct {
	*Node
	facts  *rules.Facts
	dial   func() transport.Conn
	orders *orders
}

// orders is a store of orders in memory.
type orders struct {
	last int
	list []store.Statement
	fail error
}

func (o *orders) AddStatement(kind string, text []byte) (int, error) {
	if o.fail != nil {
		return 0, o.fail
	}
	o.last++
	o.list = append(o.list, store.Statement{Number: o.last, Kind: kind, Text: text})
	return o.last, nil
}

func (o *orders) RemoveStatement(number int) error {
	n := len(o.list)
	o.list = slices.DeleteFunc(o.list, func(s store.Statement) bool { return s.Number == number })
	if o.fail == nil && len(o.list) == n {
		return fs.ErrNotExist
	}
	return o.fail
}

func (o *orders) Statements() ([]store.Statement, error) { return slices.Clone(o.list), nil }

func newCourt(t *testing.T) *court {
	t.Helper()
	c := &court{facts: testFacts(t), orders: &orders{}}
	n := still(t, 1, &testStore{})
	n.d.Statements = c.orders
	net := transport.NewMem(transport.MemConfig{})
	addr := netip.MustParseAddrPort("192.0.2.1:38412")
	l, err := net.Listen(addr)
	if err != nil {
		t.Fatal(err)
	}
	n.d.N2, n.d.Log, n.d.Drain = l, slog.New(slog.DiscardHandler), DrainRate{Devices: 20, Radios: 1}
	n.d.Law.Reread = func() ([]trust.File, []*rules.Regime, error) {
		return []trust.File{{Name: "records.yaml", Text: trust.Export(c.facts)}}, nil, nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	c.Node, c.dial = n, func() transport.Conn {
		conn, err := net.Dial(t.Context(), netip.MustParseAddrPort("192.0.2.2:0"), addr)
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}
	return c
}

// up is a radio that is set up.
func (c *court) up(t *testing.T, id uint32) transport.Conn {
	t.Helper()
	conn := c.dial()
	say(t, conn, setupRequest(id, 1))
	synctest.Wait()
	return conn
}

// without changes the law so that radios have no record any more.
func (c *court) without(t *testing.T, ids ...uint32) {
	t.Helper()
	for _, id := range ids {
		for i := range c.facts.Elements {
			if c.facts.Elements[i].Node.ID == id {
				c.facts.Elements = append(c.facts.Elements[:i:i], c.facts.Elements[i+1:]...)
				break
			}
		}
	}
	if err := c.Reload(t.Context(), console.Act{Who: "ada", Why: "test"}); err != nil {
		t.Fatal(err)
	}
}

// present presents a device.
func present(t *testing.T, c transport.Conn, id uint32, ran ident.RANUENGAPID) {
	t.Helper()
	plmn := testPLMN
	b, err := ngap.Append(nil, &ngap.InitialUEMessage{
		RANUENGAPID: ran, NASPDU: []byte{0x7e, 0, 0x41, 0x79, 0, 13, 1, 0, 0xf1, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x2e, 2, 0xf0, 0xf0},
		UserLocation: ngap.UserLocation{Kind: ngap.AccessNR, PLMN: plmn, TAI: ident.TAI{PLMN: plmn, TAC: 1}, Cell: uint64(id) << 12},
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Send(transport.Message{Stream: 1, PPID: transport.PPIDNGAP, Data: b}) // which the core may have ended
}

// mustEnd waits for the end of an association, for so long.
func mustEnd(t *testing.T, c transport.Conn, within time.Duration) {
	t.Helper()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			if _, err := c.Receive(); err != nil {
				return
			}
		}
	}()
	select {
	case <-ended:
	case <-time.After(within):
		t.Errorf("a radio that may not serve is still connected after %v", within)
		c.Abort()
		<-ended
	}
}

// TestDrainAllWithoutRecord: several radios whose records are withdrawn at once are all drained, though none has a
// name any more.
func TestDrainAllWithoutRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCourt(t)
		radios := []transport.Conn{c.up(t, 1), c.up(t, 2), c.up(t, 3)}
		c.without(t, 1, 2, 3)
		for _, r := range radios {
			mustEnd(t, r, 10*time.Second)
		}
	})
}

// TestDrainFlood: a radio that brings a new device for each that is told to go neither keeps its association nor
// holds up the one that is drained after it.
func TestDrainFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCourt(t)
		hostile, other := c.up(t, 1), c.up(t, 2)
		for i := range ident.RANUENGAPID(20) {
			present(t, hostile, 1, i)
		}
		synctest.Wait()
		c.facts.Elements = slices.DeleteFunc(c.facts.Elements, func(e rules.Element) bool { return e.Node.ID == 2 })
		c.cutOff(t, 1)
		var flood sync.WaitGroup
		flood.Go(func() {
			for ran := ident.RANUENGAPID(1000); c.association(1) != nil; ran++ {
				present(t, hostile, 1, ran)
				time.Sleep(20 * time.Millisecond)
			}
		})
		mustEnd(t, hostile, 30*time.Second)
		flood.Wait()
		mustEnd(t, other, 10*time.Second)
	})
}

// cutOff has an operator cut radios off, after the records were read anew.
func (c *court) cutOff(t *testing.T, ids ...uint32) {
	t.Helper()
	by := console.Act{Who: "ada", Why: "test"}
	for _, id := range ids {
		if _, err := c.Cut(t.Context(), console.CutOrder{Act: by, Element: record(c.facts, id).Name}); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Reload(t.Context(), by); err != nil {
		t.Fatal(err)
	}
}

// TestDrainRate: one device a second is one device a second.
func TestDrainRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := still(t, 1, &testStore{})
		n.d.Drain = DrainRate{Devices: 1, Radios: 1}
		a := n.living(1, "192.0.2.1:1")
		a.draining.Store(true)
		for ran := range ident.RANUENGAPID(10) {
			a.ues[ran] = ueRef{conn: ident.AMFUENGAPID(100 + ran)}
		}
		n.drains.start([]*association{a})
		for range 5 * drainsASecond {
			n.drainSome(t.Context(), time.Now())
			time.Sleep(drainTick)
		}
		if told := len(n.shards[0].inbox); told < 4 || told > 6 {
			t.Errorf("%d devices told to go in 5 s", told)
		}
	})
}

// TestPendingFlood: who makes up identities cannot push a radio out of the list that comes from elsewhere, nor
// claim its identity in its place, nor fill the evidence log.
func TestPendingFlood(t *testing.T) {
	p, now, told := newPending(), time.Now(), 0
	at := func(id uint32, from string) claim {
		addr := netip.MustParseAddrPort(from)
		return claim{amf.Claim{Node: ident.RANNode{PLMN: testPLMN, Kind: ident.GNB, Bits: 24, ID: id}, Peer: addr.Addr()}, addr}
	}
	genuine := at(7, "198.51.100.1:38412")
	p.note(now, genuine)
	for i := range uint32(3000) {
		now = now.Add(10 * time.Millisecond)
		if _, tell := p.note(now, at(1000+i, "203.0.113.9:38412")); tell {
			told++
		}
	}
	p.note(now, at(7, "203.0.113.9:38412"))
	if len(p.radios) != maxPending || told > maxPendingTold {
		t.Errorf("%d radios wait, %d told", len(p.radios), told)
	}
	if w := p.radios[claimant{genuine.Node, genuine.peer.Addr()}]; w == nil || w.peer != genuine.peer {
		t.Errorf("the radio that was first is not on the list: %+v", w)
	}
	if untold, tell := p.note(now.Add(repeatAfter), at(9999, "203.0.113.9:38412")); !tell || untold != uint64(3000-told)+1 {
		t.Errorf("told %v, after %d that were not", tell, untold)
	}
	if !p.forget(genuine.Node) || slices.ContainsFunc(p.list(), func(w waiting) bool { return w.Node == genuine.Node }) {
		t.Error("a radio that is dismissed is still on the list")
	}
}

// TestStrangersVerdicts: who presents the identities of radios on record, one after the other, is written down so often
// and no more; that others were refused is written down all the same.
func TestStrangersVerdicts(t *testing.T) {
	r, now, told := newRepeats(), time.Now(), 0
	hostile, other := netip.MustParseAddr("203.0.113.9"), netip.MustParseAddr("198.51.100.1")
	for i := range uint32(5000) {
		if _, _, fresh := r.fresh(now, occasion{node: ident.RANNode{ID: i}}, hostile); fresh {
			told++
		}
	}
	if told != maxStrangers {
		t.Errorf("%d of 5000 are written down", told)
	}
	if _, _, fresh := r.fresh(now, occasion{node: ident.RANNode{ID: 9000}}, other); !fresh {
		t.Error("another's verdict is not written down")
	}
	if _, untold, fresh := r.fresh(now.Add(repeatAfter), occasion{node: ident.RANNode{ID: 9001}}, hostile); !fresh || untold != uint64(5000-maxStrangers) {
		t.Errorf("written down %v, after %d that were not", fresh, untold)
	}
}

// approved has an operator approve a radio that has no record, and returns the order's number.
func (c *court) approved(t *testing.T, e rules.Element) int {
	t.Helper()
	if err := c.Approve(t.Context(), console.Act{Who: "ada", Why: "test"}, string(trust.Export(&rules.Facts{Elements: []rules.Element{e}}))); err != nil {
		t.Fatal(err)
	}
	return c.orders.last
}

// TestApprovalSuperseded: an operator who puts into the files what was approved can read them anew and start from them, and
// the approval is over.
func TestApprovalSuperseded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCourt(t)
		e := testRadio(0x777, netip.MustParseAddr("198.51.200.1"))
		c.approved(t, e)
		kept, _ := c.orders.Statements()
		c.facts.Elements = append(c.facts.Elements, e)
		in := statutes{asOf: c.law.in.asOf}
		in.files, _, _ = c.d.Law.Reread()
		if err := in.enact(kept); err != nil {
			t.Fatal(err)
		}
		if l, err := newLaw(in, false); err != nil || len(l.given) != 1 || len(l.in.approved) != 0 {
			t.Errorf("a start from these files: %v", err)
		}
		if err := c.Reload(t.Context(), console.Act{}); err != nil {
			t.Errorf("reading these files: %v", err)
		}
		if left, _ := c.orders.Statements(); len(left) != 0 || c.law.now.Load().Radio(e.Node) == nil {
			t.Errorf("%d approvals are kept", len(left))
		}
	})
}

// TestApprovalTakenBack: an approval that was a mistake is taken back by its number; the radio is without a record then.
func TestApprovalTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCourt(t)
		e := testRadio(0x777, netip.MustParseAddr("198.51.200.1"))
		number := c.approved(t, e)
		radio := c.up(t, 0x777)
		for range 2 {
			err := c.Restore(t.Context(), console.Act{}, number)
			if again := c.law.now.Load().Radio(e.Node) != nil; again || err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("it has a record %v: %v", again, err)
			}
		}
		mustEnd(t, radio, 10*time.Second)
		if err := c.Restore(t.Context(), console.Act{}, number); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("what is not in force is taken back: %v", err)
		}
	})
}

// TestOrderNotKept: an approval that cannot be kept is not in force, and evidence has that it was given. A cut does not
// wait for the disk: it is in force at once, says that it is not kept, and is kept as soon as that can be.
func TestOrderNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCourt(t)
		synctest.Wait()
		before := c.law.digest()
		full := errors.New("the disk is full")
		c.fails(full)
		record := string(trust.Export(&rules.Facts{Elements: []rules.Element{testRadio(0x777777, netip.MustParseAddr("198.51.100.77"))}}))
		if err := c.Approve(t.Context(), console.Act{Who: "ada"}, record); !errors.Is(err, full) || c.law.digest() != before {
			t.Errorf("an approval that is not kept: %v", err)
		}
		if !c.told("approve refused") {
			t.Error("evidence has no word of the approval")
		}
		r, err := c.Cut(t.Context(), console.CutOrder{Act: console.Act{Who: "ada"}, Vendor: "maker"})
		if err != nil || r.Unkept == "" || r.Number < firstUnkept || c.law.digest() == before || !c.told("cut") {
			t.Errorf("a cut that is not kept: %+v, %v", r, err)
		}
		if st, _ := c.Law(t.Context()); st.Problem == "" || st.Cuts != 1 {
			t.Errorf("the status says %+v", st)
		}
		c.fails(nil)
		time.Sleep(2 * keepCutsEvery * time.Second)
		cuts, _ := c.Cuts(t.Context())
		if len(cuts) != 1 || cuts[0].Number >= firstUnkept || !c.told("kept") {
			t.Fatalf("the disk has room again: %+v", cuts)
		}
		if st, _ := c.Law(t.Context()); st.Problem != "" {
			t.Errorf("the status says %q", st.Problem)
		}
		if err := c.Restore(t.Context(), console.Act{Who: "ada"}, cuts[0].Number); err != nil || c.law.digest() != before {
			t.Errorf("restored: %v", err)
		}
	})
}

// fails has the store refuse orders from now on, or take them again. Orders are kept under the law's lock.
func (c *court) fails(with error) {
	c.law.mu.Lock()
	defer c.law.mu.Unlock()
	c.orders.fail = with
}

// told reads evidence up to an entry of that act, and reports whether there is one.
func (c *court) told(act string) bool {
	log := c.d.Evidence.(memory).entries
	for range len(log) {
		if e := <-log; e.Act == act {
			return true
		}
	}
	return false
}

// TestClockLeaps: a clock that leaps years ahead brings no law of years ahead into force before an operator says so; one
// that goes a day further does.
func TestClockLeaps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCourt(t)
		synctest.Wait()
		l := c.law
		today := l.in.asOf
		sure := func(back time.Duration) {
			l.mu.Lock()
			l.calendar = calendar{wall: time.Now().Round(0).Add(-back), since: time.Now()}
			l.in.asOf = rules.DateOf(l.calendar.wall)
			l.mu.Unlock()
			time.Sleep(2 * lawTick)
		}
		sure(24 * time.Hour)
		if l.now.Load().AsOf() != today {
			t.Errorf("a day later the law is of %v", l.now.Load().AsOf())
		}
		sure(10 * 366 * 24 * time.Hour)
		st, _ := c.Law(t.Context())
		if l.in.asOf >= today || st.Problem == "" {
			t.Errorf("the law followed the clock to %v: %q", l.in.asOf, st.Problem)
		}
		if err := c.Reload(t.Context(), console.Act{}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * lawTick)
		if st, _ = c.Law(t.Context()); l.now.Load().AsOf() != today || st.Problem != "" {
			t.Errorf("after an operator's word the law is of %v: %q", l.now.Load().AsOf(), st.Problem)
		}
	})
}

// dayStore is a store that has kept a day.
type dayStore struct {
	*testStore
	day string
}

func (s *dayStore) Kept(name string) ([]byte, error) {
	if name != keptDay || s.day == "" {
		return nil, nil
	}
	return []byte(s.day), nil
}

func (s *dayStore) Keep(name string, value []byte) error {
	if name == keptDay {
		s.day = string(value)
	}
	return nil
}

// TestClockPutBack: a start with the clock put back obeys the law of the last day; a day of its own forgets it.
func TestClockPutBack(t *testing.T) {
	s := &dayStore{day: "2026-11-22"}
	d := Deps{Store: s, Log: slog.New(slog.DiscardHandler)}
	day := func(text string) rules.Date {
		v, err := rules.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tt := range []struct {
		clock string
		fixed bool
		want  string
	}{
		{"2024-01-01", false, "2026-11-22"}, {"2026-12-01", false, "2026-12-01"}, {"2024-01-01", true, "2024-01-01"}, {"2024-01-02", false, "2024-01-02"},
	} {
		d.Law.asOf, d.Law.Fixed = day(tt.clock), tt.fixed
		if got, err := d.startDay(); err != nil || got != day(tt.want) {
			t.Errorf("at %s, fixed %v: %v, %v", tt.clock, tt.fixed, got, err)
		}
	}
}
