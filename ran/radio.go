package ran

import (
	"context"
	"errors"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"cordon/ident"
	"cordon/timer"
	"cordon/wire/ngap"
)

// ErrStopped is a radio that was closed.
var ErrStopped = errors.New("radio is closed")

// Refused is an NG Setup Failure that leaves nothing to wait for.
type Refused struct{ Cause ngap.Cause }

func (r Refused) Error() string { return "the core refuses the radio: " + r.Cause.String() }

const (
	inboxSize    = 1024
	backlogSize  = 1 << 16 // messages that wait for the association
	setupGuard   = 10 * time.Second
	lingering    = 300 * time.Millisecond // a core may take 200 to acknowledge what was sent last (RFC 9260 §6.2)
	defaultRetry = time.Second
)

// Radio is one gNB with the phones on it. One goroutine, its loop, owns everything; the
// exported methods post to it.
type Radio struct {
	cfg     RadioConfig
	inbox   chan item
	stopped chan struct{} // closed when the loop has ended
	cancel  context.CancelFunc
	running sync.WaitGroup // loop, dialler, readers
	n3      *endpoint      // nil without a user plane

	// What follows belongs to the loop.
	now     time.Time
	link    *link
	up      bool // NG Setup is done
	amf     ngap.NGSetupResponse
	ues     []*UE  // nil where a phone has left
	free    []slot // the places of those that have left, the longest free first
	timers  timer.Queue[timerKey]
	events  []pending // what phones are still to be told
	stepped bool      // a step is under way
	effects []Effect
	buf     []byte
	backlog []Message
	opening chan error // where Open waits for the first NG Setup, until it has its answer
	taps    []*tap
	counts  map[string]int
	starts  int
	lastErr error // why the association ended, or could not be set up

	off      bool // it was switched off
	overload overload
	proposed *proposal // to the core
	refusals int       // of NG Setup, since it was last accepted
	watch    []*watcher

	cell atomic.Pointer[cell] // what it broadcasts

	mu     sync.Mutex // guards what follows, and is held while a phone comes from another radio
	mail   []func()   // for the loop; without limit, so that loops may write to each other
	closed bool       // nobody reads it any more
}

// link is one association.
type link struct {
	n2      N2
	streams uint16
}

// item is what the loop takes in: a call, or news of an association.
type item struct {
	do   func()
	link *link
	msg  Message
	err  error // the association has ended
}

type pending struct {
	ue *UE
	ev Event
}

// timerKey is a phone's timer, or one of the radio's own.
type timerKey struct {
	ue    uint32
	timer Timer
	psi   ident.PDUSessionID
}

const radioItself = ^uint32(0)

// Timers of the radio itself.
const (
	timerDial Timer = iota
	timerSetup
)

// Timers of phones that are not of TS 24.501.
const (
	timerSearch  Timer = iota + 64 // of one without a cell
	timerSolicit                   // of a session without its prefix
)

// Close ends the radio's association and forgets its phones. It waits for all that the
// radio had running.
func (r *Radio) Close() {
	r.cancel()
	if r.n3 != nil {
		_ = r.n3.conn.Close() // unblocks its reader
	}
	r.running.Wait()
}

// Add puts a phone on the radio, switched off. Reach are the radios that it may use, the best
// first; it never leaves this one where reach is empty.
func (r *Radio) Add(ctx context.Context, supi ident.SUPI, cfg *PhoneConfig, reach ...*Radio) (*UE, error) {
	u := newUE(r, supi, cfg, reach)
	err := r.do(ctx, func() { r.settle(u) })
	return u, err
}

// Core is what the core said of itself in NG Setup.
func (r *Radio) Core(ctx context.Context) (m ngap.NGSetupResponse, err error) {
	err = r.do(ctx, func() { m = r.amf })
	return m, err
}

// Traffic is what crossed N3 so far.
func (r *Radio) Traffic() Traffic {
	if r.n3 == nil {
		return Traffic{RTT: &Latency{}}
	}
	t, _ := r.n3.traffic()
	return t
}

// Counts is how often the core did what a radio has reason to complain of, and how often
// the association was set up ("associations") by name.
func (r *Radio) Counts(ctx context.Context) (c map[string]int, err error) {
	err = r.do(ctx, func() { c = maps.Clone(r.counts) })
	return c, err
}

// do runs f in the loop and waits for it.
func (r *Radio) do(ctx context.Context, f func()) error {
	done := make(chan struct{})
	select {
	case r.inbox <- item{do: func() { f(); close(done) }}:
	case <-r.stopped:
		return ErrStopped
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-done:
		return nil
	case <-r.stopped:
		return ErrStopped
	case <-ctx.Done():
		return ctx.Err()
	}
}

// post hands the loop an item; false when it has ended.
func (r *Radio) post(it item) bool {
	select {
	case r.inbox <- it:
		return true
	case <-r.stopped:
		return false
	}
}

// wake tells the loop that a flow has data and no tunnel. A full inbox loses it: the flow
// will ask again.
func (r *Radio) wake(f *flow) {
	select {
	case r.inbox <- item{do: func() {
		if f.ue.radio.Load() == r { // and has not moved on
			r.step(f.ue, Pending{})
		}
	}}:
	default:
	}
}

// dial sets up an association and reads it to its end.
func (r *Radio) dial(ctx context.Context) {
	n2, err := r.cfg.Dial(ctx)
	if err != nil {
		r.post(item{err: err})
		return
	}
	if r.cfg.Recorder != nil {
		n2 = r.cfg.Recorder.Wrap(r.cfg.Name, n2)
	}
	out, _ := n2.Streams()
	l := &link{n2, out}
	if !r.post(item{link: l}) {
		n2.Abort()
		return
	}
	for {
		m, err := n2.Receive()
		if !r.post(item{link: l, msg: m, err: err}) || err != nil {
			_ = n2.Close()
			return
		}
	}
}

// loop is the radio's own goroutine.
func (r *Radio) loop(ctx context.Context) {
	defer close(r.stopped)
	defer r.closeMail()
	sleep := time.NewTimer(0)
	defer sleep.Stop()
	for {
		r.now = time.Now()
		r.expire(ctx)
		r.flush()
		sleep.Reset(r.idle())
		select {
		case it := <-r.inbox:
			r.now = time.Now()
			r.take(it)
			for range len(r.inbox) { // without the cost of a select for each
				r.take(<-r.inbox)
			}
		case <-sleep.C:
		case <-ctx.Done():
			r.goodbye()
			r.up = false
			r.announce()
			return
		}
	}
}

// goodbye ends the association, and waits a moment for that to reach the core: a process
// that ended at once would leave the core with a radio that it takes for living.
func (r *Radio) goodbye() {
	if r.link == nil {
		return
	}
	r.flush()
	_ = r.link.n2.Close()
	time.Sleep(lingering)
}

// idle is how long nothing is due.
func (r *Radio) idle() time.Duration {
	wait := time.Hour
	if when, ok := r.timers.Next(); ok {
		wait = max(time.Until(when), 0)
	}
	if len(r.backlog) > 0 {
		wait = min(wait, time.Millisecond)
	}
	return wait
}

func (r *Radio) take(it item) {
	r.readMail()
	switch {
	case it.do != nil:
		it.do()
	case it.link == nil || it.link == r.link && it.err != nil:
		r.lost(it.err)
	case r.link == nil && it.err == nil && it.msg.Data == nil:
		if r.off {
			it.link.n2.Abort()
			return
		}
		r.link = it.link
		r.starts++
		r.present()
	case it.link == r.link:
		r.receive(it.msg)
	}
}

// expire runs what is due.
func (r *Radio) expire(ctx context.Context) {
	for {
		key, ok := r.timers.Pop(r.now)
		switch {
		case !ok:
			return
		case key.timer == timerSearch:
			r.look(r.ues[key.ue])
		case key.timer == timerSolicit:
			r.solicit(r.ues[key.ue], key.psi)
		case key == timerKey{ue: radioItself, timer: timerDial}:
			r.running.Go(func() { r.dial(ctx) })
		case key == timerKey{ue: radioItself, timer: timerSetup}:
			r.present()
		default:
			r.step(r.ues[key.ue], Expired{key.timer, key.psi})
		}
	}
}

// count notes something that a core should not do, or another event of interest.
func (r *Radio) count(what string) { r.counts[what]++ }
