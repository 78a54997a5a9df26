package ran

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

const (
	defaultPatience = 60 * time.Second
	openingLimit    = 30 * time.Second
	maxPerRadio     = 1 << 20 // what RAN-UE-NGAP-IDs and TEIDs have room for
	startTick       = 2 * time.Millisecond
	progressTick    = 200 * time.Millisecond
	drainLimit      = 2 * time.Second
	leaveRate       = 2000.0 // phones that deregister each second when no rate is given
)

// load is one run of the load generator.
type load struct {
	cfg     Config
	began   time.Time
	towers  []*tower
	place   map[*Radio]int // of a radio in the configuration
	phones  []*loadPhone   // in the order in which they are switched on
	changed chan struct{}  // something happened to a phone
	flowing bool           // there is traffic

	stopSending context.CancelFunc
	stopHosts   context.CancelFunc
	senders     sync.WaitGroup

	hosts    map[*Group]*hosting
	carrying sync.WaitGroup // the hosts' packets

	echoing int // phones whose packets came back, when last looked

	started      atomic.Int64
	registered   atomic.Int64
	sessions     atomic.Int64 // open ones
	attached     atomic.Int64 // phones that have all of theirs
	failed       atomic.Int64 // phones that gave up
	deregistered atomic.Int64
	firstStart   atomic.Int64 // Unix nanoseconds
	lastAttach   atomic.Int64
	leaving      atomic.Bool
}

// tower is a radio of the load. What it counts belongs to the radio's loop.
type tower struct {
	load   *load
	radio  *Radio
	notify func(*UE, Note)

	attach          histogram
	reregistered    int
	serviceRequests int
}

// loadPhone is what the generator remembers of one phone. It belongs to the loop of the radio
// where the phone is.
type loadPhone struct {
	ue         *UE
	group      *Group
	number     int // in its group
	started    time.Time
	open       uint16 // sessions, a bit each
	registered bool
	attached   bool // now
	timed      bool // its first attach is in the histogram
	gaveUp     bool
	left       bool
	ended      Failure // why the core took a session away
}

// Run puts a load on a core and tells what came of it. The error says why there was none:
// a configuration that cannot be, a radio that the core refuses. What phones meet is in the
// Summary. When ctx ends, Run goes on to the end at once.
func Run(ctx context.Context, cfg Config) (Summary, error) {
	l := newLoad(cfg)
	l.flowing = cfg.Traffic > 0
	defer l.closeRadios() // again, if all went well
	if err := l.open(ctx); err != nil {
		return Summary{}, err
	}
	l.switchOn(ctx)
	settled := func() bool { return l.attached.Load()+l.failed.Load() >= int64(len(l.phones)) }
	l.until(ctx, "attaching", l.cfg.Patience, settled)
	if l.flowing {
		l.until(ctx, "traffic", cfg.Traffic, func() bool { return false })
		// The last packet of each session counts, or one that follows.
		since := time.Now().Add(-time.Duration(float64(time.Second) / l.cfg.PPS))
		l.until(ctx, "settling", l.cfg.Patience, func() bool {
			quiet := 0
			l.echoing, quiet = l.alive(since)
			return settled() && l.echoing+quiet >= int(l.attached.Load())
		})
		l.hush()
		l.until(ctx, "settling", drainLimit, l.drained)
	}
	l.until(ctx, "holding", cfg.Hold, func() bool { return false })
	return l.finish(ctx), nil
}

func newLoad(cfg Config) *load {
	return &load{cfg: cfg, began: time.Now(), place: map[*Radio]int{}, hosts: map[*Group]*hosting{}, changed: make(chan struct{}, 1), stopSending: func() {}, stopHosts: func() {}}
}

// open has all ready: radios set up, phones with their identities concealed and switched off,
// senders at work.
func (l *load) open(ctx context.Context) error {
	if err := l.check(); err != nil {
		return err
	}
	l.progress("radios")
	for i := range l.cfg.Groups {
		if g := &l.cfg.Groups[i]; g.Host != nil {
			l.hosts[g] = &hosting{host: g.Host}
		}
	}
	if err := l.openRadios(ctx); err != nil {
		return err
	}
	if err := l.addPhones(ctx); err != nil {
		return err
	}
	l.progress("preparing")
	if err := l.prepare(ctx); err != nil {
		return err
	}
	life, stop := context.WithCancel(ctx)
	l.stopHosts = stop
	for _, h := range l.hosts {
		l.carrying.Go(func() { h.pump(life) })
	}
	if l.flowing {
		sending, stop := context.WithCancel(ctx)
		l.stopSending = stop
		for _, t := range l.towers {
			l.senders.Go(func() { t.radio.n3.sendAll(sending, l.cfg.PPS) })
		}
	}
	return nil
}

// hush ends the traffic.
func (l *load) hush() {
	l.stopSending()
	l.senders.Wait()
}

// finish takes stock, has the phones leave if they are to, and sums up.
func (l *load) finish(ctx context.Context) Summary {
	var s Summary
	l.takeStock(&s)
	if l.cfg.Deregister {
		l.leave(ctx)
		l.until(ctx, "leaving", l.cfg.Patience, func() bool { return l.registered.Load() <= 0 })
	}
	l.closeRadios()
	l.sumUp(&s)
	l.progress("done")
	return s
}

// openRadios sets all radios up at once.
func (l *load) openRadios(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, openingLimit)
	defer cancel()
	errs := make([]error, len(l.cfg.Radios))
	l.towers = make([]*tower, len(l.cfg.Radios))
	var all sync.WaitGroup
	for i, cfg := range l.cfg.Radios {
		t := &tower{load: l, notify: cfg.Notify}
		cfg.Notify = t.noted
		l.towers[i] = t
		all.Go(func() { t.radio, errs[i] = openOne(ctx, cfg) })
	}
	all.Wait()
	bad, first := 0, error(nil) // what ails one mostly ails them all
	for i, err := range errs {
		if err == nil {
			l.place[l.towers[i].radio] = i
			continue
		}
		if bad++; first == nil {
			first = fmt.Errorf("radio %q: %w", l.cfg.Radios[i].Name, err)
		}
	}
	if bad > 1 {
		first = fmt.Errorf("%d of %d radios are not set up, the first: %w", bad, len(errs), first)
	}
	return first
}

// openOne sets one radio up. One that the load can do without has only to have had its answer.
func openOne(ctx context.Context, cfg RadioConfig) (*Radio, error) {
	if !cfg.Optional {
		return Open(ctx, cfg)
	}
	r, err := Launch(cfg)
	if err != nil {
		return nil, err
	}
	err = r.Await(ctx, func(s RadioStatus) bool { return s.Up || s.Err != nil })
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		r.Close()
		return nil, err
	}
	return r, nil
}

func (l *load) closeRadios() {
	l.hush()
	l.stopHosts()
	for _, h := range l.hosts {
		_ = h.host.Close() // unblocks its reader
	}
	l.carrying.Wait()
	var all sync.WaitGroup
	for _, t := range l.towers {
		if t != nil && t.radio != nil {
			all.Go(t.radio.Close)
		}
	}
	all.Wait()
}

// addPhones puts each phone on the best radio in its reach, or on one after the other.
func (l *load) addPhones(ctx context.Context) error {
	begin := make([][]*UE, len(l.towers))
	for i := range l.cfg.Groups {
		g := &l.cfg.Groups[i]
		for k := range g.Phones {
			first, reach := len(l.phones)%len(l.towers), []*Radio(nil)
			if g.Reach != nil {
				places := g.Reach(k)
				first = places[0]
				for _, p := range places {
					reach = append(reach, l.towers[p].radio)
				}
			}
			u := newUE(l.towers[first].radio, g.supi(k), &g.Phone, reach)
			u.load = &loadPhone{ue: u, group: g, number: k}
			l.phones = append(l.phones, u.load)
			begin[first] = append(begin[first], u)
		}
	}
	for i, ues := range begin {
		r := l.towers[i].radio
		if err := r.do(ctx, func() {
			for _, u := range ues {
				r.settle(u)
			}
		}); err != nil {
			return err
		}
	}
	return nil
}

// prepare has every phone conceal its identity, which costs more than the rest of its
// registration, before any is switched on.
func (l *load) prepare(ctx context.Context) error {
	var mu sync.Mutex // guards failed
	var failed error
	l.visit(l.phones, func(_ *Radio, p *loadPhone) {
		if ctx.Err() != nil {
			return
		}
		if err := p.ue.phone.Prepare(); err != nil {
			mu.Lock()
			defer mu.Unlock()
			failed = err
		}
	}).Wait()
	if failed != nil {
		return fmt.Errorf("concealing identities: %w", failed)
	}
	return nil
}
