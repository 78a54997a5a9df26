package node

import (
	"context"
	"slices"
	"sync"
	"time"

	"cordon/amf"
	"cordon/ident"
)

// Draining takes radios that may not serve any more out of service without a herd of devices: those
// whose devices have somewhere to go first, a few at a time, their devices released at a
// bounded rate, and the association closed at the end.

// DrainRate bounds how fast radios are drained.
type DrainRate struct {
	Devices int // released in a second
	Radios  int // at a time
}

const (
	drainTick = 50 * time.Millisecond
	// drainPatience is how long after its last device was told to go a radio may take to
	// confirm. One that nobody may rely on does not get to keep what it serves by silence.
	drainPatience = 5 * time.Second
)

// drains are the radios to be drained, in order.
type drains struct {
	mu    sync.Mutex // guards order
	order []*drain
	wake  chan struct{}
}

// drain is one radio on its way out.
type drain struct {
	by    *association
	told  map[ident.RANUENGAPID]ident.AMFUENGAPID // released already
	quiet time.Time                               // when the last was told, or the radio's turn came; zero before
}

func newDrains() *drains { return &drains{wake: make(chan struct{}, 1)} }

// start adds radios in the order given; one that is there already keeps its place.
func (d *drains) start(all []*association) {
	d.mu.Lock()
	for _, a := range all {
		if !slices.ContainsFunc(d.order, func(o *drain) bool { return o.by == a }) {
			d.order = append(d.order, &drain{by: a, told: make(map[ident.RANUENGAPID]ident.AMFUENGAPID)})
		}
	}
	d.mu.Unlock()
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// stop takes a radio off that is gone, or may serve again.
func (d *drains) stop(a *association) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.order = slices.DeleteFunc(d.order, func(o *drain) bool { return o.by == a })
}

func (d *drains) len() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.order)
}

// turn are the radios whose turn it is.
func (d *drains) turn(most int) []*drain {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.order[:min(most, len(d.order))])
}

// runDrains drains until ctx ends.
func (n *Node) runDrains(ctx context.Context) {
	tick := time.NewTicker(drainTick)
	defer tick.Stop()
	for {
		if n.drains.len() == 0 {
			select {
			case <-ctx.Done():
				return
			case <-n.drains.wake:
			}
		}
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			n.drainSome(ctx, now)
		}
	}
}

// drainSome is one tick's worth.
func (n *Node) drainSome(ctx context.Context, now time.Time) {
	budget := max(1, n.d.Drain.Devices*int(drainTick)/int(time.Second))
	for _, d := range n.drains.turn(max(1, n.d.Drain.Radios)) {
		budget -= n.evict(ctx, now, d, budget)
		if d.by.connections() == 0 || now.Sub(d.quiet) > drainPatience {
			n.drains.stop(d.by)
			n.drained(d)
		}
	}
}

// evict tells up to so many of the radio's devices to go, and reports how many it told.
func (n *Node) evict(ctx context.Context, now time.Time, d *drain, most int) (told int) {
	if d.quiet.IsZero() {
		d.quiet = now
	}
	for ran, ref := range d.by.held() {
		if told >= most {
			break
		}
		if d.told[ran] == ref.conn {
			continue
		}
		d.told[ran] = ref.conn
		d.quiet = now
		told++
		n.shards[ref.shard].post(ctx, input{amf: amf.Evict{Conn: ref.conn}})
	}
	return told
}

// drained ends the association of a radio that serves nobody any more.
func (n *Node) drained(d *drain) {
	n.d.Log.Warn("radio is out of service", "radio", d.by.name(), "node", d.by.node(), "devices_released", len(d.told))
	n.recordDrained(d)
	d.by.conn.Close()
}
