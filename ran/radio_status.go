package ran

import (
	"context"
	"slices"

	"cordon/ident"
)

// RadioStatus is how a radio stands with the core.
type RadioStatus struct {
	Up         bool  // the core has accepted it and the association stands
	Off        bool  // it was switched off
	Overloaded bool  // the core asked it to hold phones back
	Refused    int   // NG Setups since the last that was accepted
	Err        error // why the last association ended, or could not be set up
	TACs       []ident.TAC
	Slices     []ident.SNSSAI
	Phones     int // on it, connected or not
}

type watcher struct {
	until func(RadioStatus) bool
	done  chan struct{}
}

// Status asks how the radio stands.
func (r *Radio) Status(ctx context.Context) (s RadioStatus, err error) {
	err = r.do(ctx, func() { s = r.status() })
	return s, err
}

func (r *Radio) status() RadioStatus {
	s := RadioStatus{Up: r.up, Off: r.off, Overloaded: r.overload.on, Refused: r.refusals, Err: r.lastErr,
		TACs: slices.Clone(r.cfg.TACs), Slices: slices.Clone(r.cfg.Slices)}
	for _, u := range r.ues {
		if u != nil {
			s.Phones++
		}
	}
	return s
}

// Await waits until a condition holds, which is asked now and whenever the radio's standing
// with the core has changed. It runs in the radio's loop and must not block.
func (r *Radio) Await(ctx context.Context, until func(RadioStatus) bool) error {
	w := &watcher{until, make(chan struct{})}
	if err := r.do(ctx, func() { r.watch = append(r.watch, w); r.news() }); err != nil {
		return err
	}
	select {
	case <-w.done:
		return nil
	case <-r.stopped:
		return ErrStopped
	case <-ctx.Done():
		return ctx.Err()
	}
}

// news asks those who wait whether this is it.
func (r *Radio) news() {
	if len(r.watch) == 0 {
		return
	}
	s := r.status()
	r.watch = slices.DeleteFunc(r.watch, func(w *watcher) bool {
		ok := w.until(s)
		if ok {
			close(w.done)
		}
		return ok
	})
}
