package node

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"cordon/amf"
	"cordon/ident"
	"cordon/trust"
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
	drainTick     = 50 * time.Millisecond
	drainsASecond = int(time.Second / drainTick)
	// drainPatience is how long after its last device was told to go a radio may take to
	// confirm. One that nobody may rely on does not get to keep what it serves by silence.
	drainPatience = 5 * time.Second
)

// drains are the radios to be drained, in order.
type drains struct {
	mu    sync.Mutex // guards order
	order []*drain
	wake  chan struct{}

	credit int // devices that may be told to go, times drainsASecond; of the goroutine that drains
}

// drain is one radio on its way out. Whom it had when its turn came is all that is waited for: those that it
// brings afterwards are turned away where they ask, and it does not get to stay by bringing more.
type drain struct {
	by    *association
	begun bool
	here  []heldUE  // to be told to go
	told  []heldUE  // told, and not gone when that was looked at last
	quiet time.Time // when the last was told, or the radio's turn came
	count int       // told in all
}

// heldUE is a connection in an association's table.
type heldUE struct {
	ran ident.RANUENGAPID
	ueRef
}

func newDrains() *drains { return &drains{wake: make(chan struct{}, 1)} }

// start adds radios in the order given; one that is there already keeps its place.
func (d *drains) start(all []*association) {
	d.mu.Lock()
	there := make(map[*association]bool, len(d.order))
	for _, o := range d.order {
		there[o.by] = true
	}
	for _, a := range all {
		if !there[a] {
			there[a] = true
			d.order = append(d.order, &drain{by: a})
		}
	}
	d.mu.Unlock()
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// stop takes a radio off that is gone, or may serve again, and reports whether it was there.
func (d *drains) stop(a *association) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := len(d.order)
	d.order = slices.DeleteFunc(d.order, func(o *drain) bool { return o.by == a })
	return len(d.order) < n
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
	all, rate := n.drains, max(1, n.d.Drain.Devices)
	all.credit = min(all.credit+rate, max(rate, drainsASecond))
	for _, d := range all.turn(max(1, n.d.Drain.Radios)) {
		all.credit -= n.evict(ctx, now, d, all.credit/drainsASecond) * drainsASecond
		// Whoever is to be served again is off the list by now, and keeps its association.
		if d.done(now) && all.stop(d.by) {
			n.drained(d)
		}
	}
}

// evict tells up to so many of the radio's devices to go, and reports how many it told.
func (n *Node) evict(ctx context.Context, now time.Time, d *drain, most int) (told int) {
	if !d.begun {
		d.begun, d.quiet = true, now
		d.here = d.by.held()
	}
	for told < most && len(d.here) > 0 {
		u := d.here[0]
		d.here = d.here[1:]
		conn, still := d.by.find(u.conn, u.ran)
		if !still {
			continue
		}
		d.told = append(d.told, u)
		d.quiet = now
		told++
		n.shards[conn.shard].post(ctx, input{amf: amf.Evict{Conn: u.conn}})
	}
	d.count += told
	return told
}

// done reports whether the radio has nobody any more that it had, or has had its time.
func (d *drain) done(now time.Time) bool {
	if len(d.here) > 0 {
		return false
	}
	d.told = d.by.among(d.told)
	return len(d.told) == 0 || now.Sub(d.quiet) > drainPatience
}

// drained ends the association of a radio that serves nobody any more.
func (n *Node) drained(d *drain) {
	n.d.Log.Warn("radio is out of service", "radio", d.by.name(), "node", d.by.node(), "devices_released", d.count)
	n.recordDrained(d)
	d.by.conn.Close()
}

// drainRefused begins to drain the radios that may not serve any longer, in an order that keeps
// service; last of all those whose record is gone, for which nobody knows one.
func (n *Node) drainRefused() {
	var refused, lawful []string
	devices := make(map[string]int)
	leaving := make(map[string][]*association) // by the name of the record, which may be none
	for _, a := range n.radiosUp() {
		name := a.element()
		if !a.draining.Load() {
			lawful = append(lawful, name)
			continue
		}
		if leaving[name] = append(leaving[name], a); name != "" {
			refused = append(refused, name)
			devices[name] = a.connections()
		}
	}
	if len(leaving) == 0 {
		return
	}
	slices.Sort(refused)
	slices.Sort(lawful)
	var order []*association
	for _, name := range trust.DrainOrder(trust.Dark(n.law.in.facts, refused, lawful), devices) {
		order = append(order, leaving[name]...)
		delete(leaving, name)
	}
	for _, name := range slices.Sorted(maps.Keys(leaving)) {
		order = append(order, leaving[name]...)
	}
	n.drains.start(order)
}
