package ran

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"cordon/ident"
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
	cfg    Config
	began  time.Time
	groups []*group

	echoing int // phones whose packets came back, when last looked

	started      atomic.Int64
	registered   atomic.Int64
	sessions     atomic.Int64 // open ones
	attached     atomic.Int64 // phones that have all of theirs
	failed       atomic.Int64 // phones that gave up
	deregistered atomic.Int64
	firstStart   atomic.Int64 // Unix nanoseconds
	lastAttach   atomic.Int64
}

// group is a radio with its phones. What is not atomic belongs to the radio's loop.
type group struct {
	load   *load
	radio  *Radio
	phones []loadPhone
	notify func(*UE, Note)

	attach          histogram
	reregistered    int
	serviceRequests int
	leaving         bool
}

// loadPhone is what the generator remembers of one phone.
type loadPhone struct {
	ue         *UE
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
	l := &load{cfg: cfg, began: time.Now()}
	if err := l.check(); err != nil {
		return Summary{}, err
	}
	defer l.closeRadios()
	l.progress("radios")
	if err := l.openRadios(ctx); err != nil {
		return Summary{}, err
	}
	if err := l.addPhones(ctx); err != nil {
		return Summary{}, err
	}
	l.progress("preparing")
	if err := l.prepare(ctx); err != nil {
		return Summary{}, err
	}
	sending, stopSending := context.WithCancel(ctx)
	defer stopSending()
	var senders sync.WaitGroup
	if l.traffic() {
		for _, g := range l.groups {
			senders.Go(func() { g.radio.n3.sendAll(sending, l.cfg.PPS) })
		}
	}
	l.switchOn(ctx)
	l.until(ctx, "attaching", l.cfg.Patience, func() bool {
		return l.attached.Load()+l.failed.Load() >= int64(cfg.Phones)
	})
	if l.traffic() {
		l.until(ctx, "traffic", cfg.Traffic, func() bool { return false })
		// The last packet of each session counts, or one that follows.
		since := time.Now().Add(-time.Duration(float64(time.Second) / l.cfg.PPS))
		l.until(ctx, "settling", l.cfg.Patience, func() bool {
			l.echoing = l.alive(since)
			return l.attached.Load()+l.failed.Load() >= int64(cfg.Phones) && l.echoing >= int(l.attached.Load())
		})
		stopSending()
		senders.Wait()
		l.until(ctx, "settling", drainLimit, l.drained)
	}
	l.until(ctx, "holding", cfg.Hold, func() bool { return false })
	return l.finish(ctx), nil
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

func (l *load) traffic() bool { return l.cfg.Traffic > 0 && l.cfg.Target.IsValid() }

func (l *load) check() error {
	c := &l.cfg
	if c.Patience == 0 {
		c.Patience = defaultPatience
	}
	if c.PPS == 0 {
		c.PPS = 1
	}
	if c.Payload == 0 {
		c.Payload = 64
	}
	last := c.First + ident.SUPI(max(c.Phones-1, 0))
	switch {
	case len(c.Radios) == 0:
		return errors.New("no radio")
	case c.Phones < 0 || c.Phones > maxPerRadio*len(c.Radios):
		return fmt.Errorf("%d phones: want 0 to %d for each radio", c.Phones, maxPerRadio)
	case c.Phones > 0 && c.Phone.SIM == nil:
		return errors.New("phones without a SIM")
	case c.Phones > 0 && !(c.First.InPLMN(c.Phone.PLMN) && last.InPLMN(c.Phone.PLMN) && len(last.IMSI()) == len(c.First.IMSI())):
		return fmt.Errorf("%d phones from this IMSI on are not all of the home network %s", c.Phones, c.Phone.PLMN)
	case c.AtOnce < 0:
		return fmt.Errorf("%d phones attaching at once: want 0 for no limit, or more", c.AtOnce)
	case len(c.Phone.Sessions) > 15:
		return fmt.Errorf("%d sessions: a phone has at most 15", len(c.Phone.Sessions))
	case c.Payload < minPayload || c.Payload > 65000:
		return fmt.Errorf("payload of %d octets: want %d to 65000", c.Payload, minPayload)
	case c.Target.IsValid() && !c.Target.Addr().Is4():
		return fmt.Errorf("target %s: want an IPv4 address", c.Target)
	}
	if l.traffic() {
		for _, r := range c.Radios {
			if !r.N3.IsValid() {
				return fmt.Errorf("radio %q has no N3 address, and there is to be traffic", r.Name)
			}
		}
	}
	return nil
}

// openRadios sets all radios up at once.
func (l *load) openRadios(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, openingLimit)
	defer cancel()
	errs := make([]error, len(l.cfg.Radios))
	l.groups = make([]*group, len(l.cfg.Radios))
	var all sync.WaitGroup
	for i, cfg := range l.cfg.Radios {
		g := &group{load: l, notify: cfg.Notify}
		cfg.Notify = g.noted
		l.groups[i] = g
		all.Go(func() { g.radio, errs[i] = Open(ctx, cfg) })
	}
	all.Wait()
	bad, first := 0, error(nil) // what ails one mostly ails them all
	for i, err := range errs {
		if err == nil {
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

func (l *load) closeRadios() {
	var all sync.WaitGroup
	for _, g := range l.groups {
		if g != nil && g.radio != nil {
			all.Go(g.radio.Close)
		}
	}
	all.Wait()
}

// addPhones shares the phones out among the radios, in turn.
func (l *load) addPhones(ctx context.Context) error {
	n := len(l.groups)
	for i, g := range l.groups {
		err := g.radio.do(ctx, func() {
			for k := i; k < l.cfg.Phones; k += n {
				u := &UE{radio: g.radio}
				g.radio.add(u, l.cfg.First+ident.SUPI(k), &l.cfg.Phone)
				g.phones = append(g.phones, loadPhone{ue: u})
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// prepare has every phone conceal its identity, which costs more than the rest of its
// registration, before any is switched on.
func (l *load) prepare(ctx context.Context) error {
	errs := make([]error, len(l.groups))
	var all sync.WaitGroup
	for i, g := range l.groups {
		all.Go(func() {
			err := g.radio.do(context.WithoutCancel(ctx), func() {
				for k := range g.phones {
					if errs[i] = g.phones[k].ue.phone.Prepare(); errs[i] != nil || ctx.Err() != nil {
						return
					}
				}
			})
			errs[i] = errors.Join(errs[i], err)
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("concealing identities: %w", err)
	}
	return nil
}

// switchOn switches phones on at the rate asked for, or as others get done.
func (l *load) switchOn(ctx context.Context) {
	l.firstStart.Store(time.Now().UnixNano())
	done, doneAt := int64(0), time.Duration(0)
	due := func(since time.Duration) int {
		n := dueAt(l.cfg.Rate, since, l.cfg.Phones)
		if l.cfg.AtOnce == 0 {
			return n
		}
		if now := l.attached.Load() + l.failed.Load(); now != done {
			done, doneAt = now, since
		} else if since-doneAt > l.cfg.Patience {
			return n // stragglers hold every place; the others are not made to wait for them
		}
		return min(n, int(done)+l.cfg.AtOnce)
	}
	l.pace(ctx, "attaching", due, func(g *group, p *loadPhone) {
		p.started = time.Now()
		l.started.Add(1)
		g.radio.step(p.ue, PowerOn{})
	})
}

// leave has all phones deregister at the same rate.
func (l *load) leave(ctx context.Context) {
	for _, g := range l.groups {
		if g.radio.do(ctx, func() { g.leaving = true }) != nil {
			return
		}
	}
	rate := l.cfg.Rate
	if rate == 0 {
		rate = leaveRate
	}
	due := func(since time.Duration) int { return dueAt(rate, since, l.cfg.Phones) }
	l.pace(ctx, "leaving", due, func(g *group, p *loadPhone) { g.radio.step(p.ue, Detach{}) })
}
