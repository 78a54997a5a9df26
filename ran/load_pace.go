package ran

import (
	"context"
	"sync"
	"time"
)

// visit runs act for phones, each in the loop of the radio where it is. The group is done when
// all have been visited; those on a radio that was closed are left out.
func (l *load) visit(phones []*loadPhone, act func(*Radio, *loadPhone)) *sync.WaitGroup {
	left := new(sync.WaitGroup)
	left.Add(len(phones))
	there := map[*Radio][]*loadPhone{}
	for _, p := range phones {
		r := p.ue.radio.Load()
		there[r] = append(there[r], p)
	}
	for r, ps := range there {
		call(r, ps, act, left)
	}
	return left
}

// call visits phones on one radio, and follows those that have moved on.
func call(r *Radio, phones []*loadPhone, act func(*Radio, *loadPhone), left *sync.WaitGroup) {
	ok := r.errand(func() {
		for _, p := range phones {
			if now := p.ue.radio.Load(); now != r {
				call(now, []*loadPhone{p}, act, left)
				continue
			}
			act(r, p)
			left.Done()
		}
	})
	if !ok {
		left.Add(-len(phones))
	}
}

// switchOn switches phones on at the rate asked for, or as others get done.
func (l *load) switchOn(ctx context.Context) {
	l.firstStart.Store(time.Now().UnixNano())
	done, doneAt := int64(0), time.Duration(0)
	due := func(since time.Duration) int {
		n := dueAt(l.cfg.Rate, since, len(l.phones))
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
	l.pace(ctx, "attaching", due, func(r *Radio, p *loadPhone) {
		p.started = time.Now()
		l.started.Add(1)
		r.step(p.ue, PowerOn{})
	})
}

// leave has all phones deregister at the same rate.
func (l *load) leave(ctx context.Context) {
	l.leaving.Store(true)
	rate := l.cfg.Rate
	if rate == 0 {
		rate = leaveRate
	}
	due := func(since time.Duration) int { return dueAt(rate, since, len(l.phones)) }
	l.pace(ctx, "leaving", due, func(r *Radio, p *loadPhone) { r.step(p.ue, Detach{}) })
}

// dueAt is how many of n phones are to have begun after a time, at a rate.
func dueAt(rate float64, since time.Duration, n int) int {
	if rate <= 0 {
		return n
	}
	return min(n, int(rate*since.Seconds())+1)
}

// pace runs act for each phone in its radio's loop, until all that are due have had it.
func (l *load) pace(ctx context.Context, phase string, due func(since time.Duration) int, act func(*Radio, *loadPhone)) {
	tick := time.NewTicker(startTick)
	defer tick.Stop()
	begin, shown := time.Now(), time.Now()
	done := 0
	for done < len(l.phones) {
		upTo := max(done, due(time.Since(begin)))
		l.visit(l.phones[done:upTo], act)
		done = upTo
		if time.Since(shown) >= progressTick {
			shown = time.Now()
			l.progress(phase)
		}
		if done == len(l.phones) {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// until waits until a condition holds, at most for a time.
func (l *load) until(ctx context.Context, phase string, limit time.Duration, done func() bool) {
	if limit <= 0 {
		return
	}
	end := time.NewTimer(limit)
	defer end.Stop()
	tick := time.NewTicker(progressTick / 4)
	defer tick.Stop()
	for i := 0; !done(); i++ {
		if i%4 == 0 {
			l.progress(phase)
		}
		select {
		case <-tick.C:
		case <-end.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (l *load) progress(phase string) {
	if l.cfg.Progress == nil {
		return
	}
	p := Progress{
		Phase: phase, Elapsed: time.Since(l.began), Phones: len(l.phones), Started: int(l.started.Load()),
		Registered: int(l.registered.Load()), Sessions: int(l.sessions.Load()), Failed: int(l.failed.Load()),
	}
	for _, t := range l.towers {
		if t != nil && t.radio != nil {
			c := t.radio.Traffic()
			p.Sent += c.Sent
			p.Echoed += c.Echoed
		}
	}
	l.cfg.Progress(p)
}

// drained reports whether all that was sent came back.
func (l *load) drained() bool {
	var sent, echoed uint64
	for _, t := range l.towers {
		c := t.radio.Traffic()
		sent += c.Sent
		echoed += c.Echoed
	}
	return echoed >= sent
}

// alive counts the phones of which a packet came back in every session since a time, and
// those attached that have nowhere to send any.
func (l *load) alive(since time.Time) (echoing, quiet int) {
	var mu sync.Mutex // guards both
	l.visit(l.phones, func(r *Radio, p *loadPhone) {
		silent := !p.group.flows()
		echoes := !silent && r.n3.allAlive(p.ue.flows, len(p.group.Phone.Sessions), since)
		mu.Lock()
		defer mu.Unlock()
		if echoes {
			echoing++
		} else if silent && p.attached {
			quiet++
		}
	}).Wait()
	return echoing, quiet
}
