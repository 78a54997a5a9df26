package ran

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"cordon/wire/gtpu"
)

// Open starts a radio and waits until the core accepted its NG Setup, trying again as
// often as the core's TimeToWait allows. The error is a Refused, that of Dial or Listen, or
// when ctx ended, what it was then that had not come about.
func Open(ctx context.Context, cfg RadioConfig) (*Radio, error) {
	opening := make(chan error, 1)
	r, err := launch(cfg, opening)
	if err != nil {
		return nil, err
	}
	select {
	case err = <-opening:
	case <-ctx.Done():
		r.Close()
		return nil, r.unopened(ctx.Err())
	}
	if err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// Launch starts a radio and does not wait for the core. Until the core accepts it, its cell is
// barred; it tries again as [RadioConfig] says. The error is that of Listen.
func Launch(cfg RadioConfig) (*Radio, error) { return launch(cfg, nil) }

func launch(cfg RadioConfig, opening chan error) (*Radio, error) {
	r := &Radio{
		cfg:     cfg,
		inbox:   make(chan item, inboxSize),
		stopped: make(chan struct{}),
		opening: opening,
		counts:  map[string]int{},
	}
	r.announce()
	if cfg.N3.IsValid() {
		listen := cfg.Listen
		if listen == nil {
			listen = ListenUDP
		}
		addr := cfg.N3
		if addr.Port() == 0 {
			addr = netip.AddrPortFrom(addr.Addr(), gtpu.Port)
		}
		conn, err := listen(addr)
		if err != nil {
			return nil, err
		}
		r.n3 = newEndpoint(conn, addr.Addr(), r.wake, func(f *flow, a netip.Addr) { r.errand(func() { r.formed(f, a) }) })
	}
	life, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	if r.n3 != nil {
		r.running.Go(r.n3.read)
	}
	r.running.Go(func() { r.dial(life) })
	r.running.Go(func() { r.loop(life) })
	return r, nil
}

// unopened is what there is to say of a radio that was closed before it was set up.
func (r *Radio) unopened(ended error) error {
	switch {
	case errors.Is(ended, context.Canceled):
		return fmt.Errorf("waiting for NG Setup: %w", ended)
	case r.lastErr != nil:
		return late{r.lastErr}
	case r.link != nil:
		return late{errors.New("the core does not answer NG Setup")}
	}
	return late{errors.New("no core answers")}
}

// late is what stood in the way when time was up. It is a [context.DeadlineExceeded] as well.
type late struct{ error }

func (l late) Unwrap() []error { return []error{l.error, context.DeadlineExceeded} }
