package ran

import (
	"context"
	"time"
)

// dueAt is how many of n phones are to have begun after a time, at a rate.
func dueAt(rate float64, since time.Duration, n int) int {
	if rate <= 0 {
		return n
	}
	return min(n, int(rate*since.Seconds())+1)
}

// pace runs act for each phone in its radio's loop, until all that are due have had it.
func (l *load) pace(ctx context.Context, phase string, due func(since time.Duration) int, act func(*group, *loadPhone)) {
	tick := time.NewTicker(startTick)
	defer tick.Stop()
	begin, shown := time.Now(), time.Now()
	done := 0
	for done < l.cfg.Phones {
		upTo := max(done, due(time.Since(begin)))
		for i, g := range l.groups {
			n := len(l.groups)
			first, last := (done+n-1-i)/n, (upTo+n-1-i)/n // of this radio's phones
			if first == last {
				continue
			}
			if !g.radio.post(item{do: func() {
				for k := first; k < last; k++ {
					act(g, &g.phones[k])
				}
			}}) {
				return
			}
		}
		done = upTo
		if time.Since(shown) >= progressTick {
			shown = time.Now()
			l.progress(phase)
		}
		if done == l.cfg.Phones {
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
		Phase: phase, Elapsed: time.Since(l.began), Phones: l.cfg.Phones, Started: int(l.started.Load()),
		Registered: int(l.registered.Load()), Sessions: int(l.sessions.Load()), Failed: int(l.failed.Load()),
	}
	for _, g := range l.groups {
		if g != nil && g.radio != nil {
			t := g.radio.Traffic()
			p.Sent += t.Sent
			p.Echoed += t.Echoed
		}
	}
	l.cfg.Progress(p)
}

// drained reports whether all that was sent came back.
func (l *load) drained() bool {
	var sent, echoed uint64
	for _, g := range l.groups {
		t := g.radio.Traffic()
		sent += t.Sent
		echoed += t.Echoed
	}
	return echoed >= sent
}

// alive counts the phones of which a packet came back in every session since a time.
func (l *load) alive(since time.Time) int {
	n := 0
	for _, g := range l.groups {
		_ = g.radio.do(context.Background(), func() {
			for i := range g.phones {
				if g.radio.n3.allAlive(g.phones[i].ue.flows, len(l.cfg.Phone.Sessions), since) {
					n++
				}
			}
		})
	}
	return n
}
