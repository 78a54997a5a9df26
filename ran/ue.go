package ran

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync/atomic"
	"time"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// UE is a phone on a radio. Its methods may be called from any goroutine but a radio's
// own: they ask the loop of the radio where the phone is and wait for it.
type UE struct {
	radio atomic.Pointer[Radio] // where it is; written with that one's mutex held
	reach []*Radio              // that it may use, the best first; empty: that one alone

	// What follows belongs to the radio's loop.
	index     uint32 // its place there
	phone     Phone
	flows     []*flow
	amf       ident.AMFUENGAPID
	stream    uint16 // of the connection
	theirs    uint16 // on which the core speaks of it
	gen       uint8  // of the connection, so that a late message for the last one is known
	tunnels   uint8  // made so far, so that an old tunnel's packets are known
	connected bool
	hasAMF    bool
	secured   bool // the context is set up: sessions may be
	reported  bool // the radio capability was sent
	searching bool // no suitable cell
	hopeless  bool // nor could one become suitable, as far as the phone knows
	away      []time.Time
	mobility  *ngap.MobilityRestrictions // of the connection
	rejected  map[Failure]int
	moves     int
	load      *loadPhone // what the load generator knows of it, if it is one's
	// What flows that are gone have sent and got back.
	pastSent, pastEchoed uint64

	waiting []*waiter
	// tamper, when set, replaces what the phone sends.
	tamper func(nas []byte) [][]byte
}

type waiter struct {
	until func(Status) (bool, error)
	done  chan error
}

func newUE(r *Radio, supi ident.SUPI, cfg *PhoneConfig, reach []*Radio) *UE {
	u := &UE{phone: NewPhone(supi, cfg), reach: reach}
	u.radio.Store(r)
	return u
}

// Radio is where the phone is.
func (u *UE) Radio() *Radio { return u.radio.Load() }

// do runs f in the loop of the radio where the phone is, and waits for it.
func (u *UE) do(ctx context.Context, f func(*Radio)) error {
	for {
		r, there := u.radio.Load(), false
		err := r.do(ctx, func() {
			if u.radio.Load() == r {
				there = true
				f(r)
			}
		})
		if err != nil || there {
			return err
		}
	}
}

// SUPI is whose phone it is.
func (u *UE) SUPI() ident.SUPI { return u.phone.supi }

// Do hands the phone an event.
func (u *UE) Do(ctx context.Context, ev Event) error {
	return u.do(ctx, func(r *Radio) { r.step(u, ev) })
}

// Status asks for the phone's state.
func (u *UE) Status(ctx context.Context) (s Status, err error) {
	err = u.do(ctx, func(r *Radio) { s = u.status(r) })
	return s, err
}

// Await waits until a condition holds, which is asked now and whenever something happened
// to the phone. The condition runs in the radio's loop and must not block.
func (u *UE) Await(ctx context.Context, until func(Status) (bool, error)) error {
	return u.await(ctx, func(*Radio) {}, until)
}

// await has the loop do something first.
func (u *UE) await(ctx context.Context, first func(*Radio), until func(Status) (bool, error)) error {
	w := &waiter{until, make(chan error, 1)}
	if err := u.do(ctx, func(r *Radio) {
		u.waiting = append(u.waiting, w)
		first(r)
		if u.radio.Load() == r {
			u.happened()
		}
	}); err != nil {
		return err
	}
	for {
		r := u.radio.Load()
		select {
		case err := <-w.done:
			return err
		case <-r.stopped:
			if u.radio.Load() == r {
				return ErrStopped
			}
		case <-ctx.Done():
			s, _ := u.Status(context.WithoutCancel(ctx))
			return fmt.Errorf("waiting for a phone that is %s (last failure: %q): %w", s.State, s.Failure, ctx.Err())
		}
	}
}

// after hands the phone an event and waits for what comes of it. The waiting begins first: a refusal may be
// over, with the phone registered elsewhere, before anybody looks.
func (u *UE) after(ctx context.Context, ev Event, until func(Status) (bool, error)) error {
	return u.await(ctx, func(r *Radio) { r.step(u, ev) }, until)
}

// Register switches the phone on and waits until it is registered and all its sessions
// have their user plane. A refusal is the error, a Failure.
func (u *UE) Register(ctx context.Context) error {
	return u.after(ctx, PowerOn{}, func(s Status) (bool, error) {
		if s.Failure.What != "" {
			return true, s.Failure
		}
		return s.State == Registered && attached(s, u.phone.cfg), nil
	})
}

// attached reports whether all sessions that the phone is to have have a tunnel.
func attached(s Status, cfg *PhoneConfig) bool {
	up := 0
	for _, x := range s.Sessions {
		if x.Tunnel && x.Ready() {
			up++
		}
	}
	return up >= len(cfg.Sessions)
}

// Service has the phone ask for its connection and sessions' user plane, as if it had
// data to send, and waits for it.
func (u *UE) Service(ctx context.Context) error {
	return u.after(ctx, Pending{}, func(s Status) (bool, error) {
		if s.Failure.What != "" {
			return true, s.Failure
		}
		return s.State == Registered && s.Connected && attached(s, u.phone.cfg), nil
	})
}

// Idle has the radio ask the core to release the phone's connection for inactivity, and
// waits until it is.
func (u *UE) Idle(ctx context.Context) error {
	// It may have another connection soon after.
	return u.await(ctx, func(r *Radio) { r.inactive(u) }, func(s Status) (bool, error) { return !s.Connected, nil })
}

// Deregister has the phone leave, and waits until it has and its connection is gone.
func (u *UE) Deregister(ctx context.Context, switchOff bool) error {
	if err := u.Do(ctx, Detach{SwitchOff: switchOff}); err != nil {
		return err
	}
	return u.Await(ctx, func(s Status) (bool, error) { return s.State == Deregistered && !s.Connected, nil })
}

// ErrNoEcho is a packet that did not come back.
var ErrNoEcho = errors.New("no packet came back")

// Echo sends one packet through a session to a UDP echo service every 100 ms until one
// comes back, whole, or ctx ends.
func (u *UE) Echo(ctx context.Context, psi ident.PDUSessionID, service netip.AddrPort) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	var before, after uint64
	for first := true; ; first = false {
		there := false
		if err := u.do(ctx, func(r *Radio) { after, there = r.echo(u, psi, service) }); err != nil {
			return err
		}
		switch {
		case !there:
			return fmt.Errorf("session %d has no user plane to %s: %w", psi, service.Addr(), ErrNoEcho)
		case first:
			before = after
		case after > before:
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("session %d: %w: %w", psi, ErrNoEcho, ctx.Err())
		}
	}
}

// echo sends a packet of a session, if there is one, and tells how many have come back so far.
func (r *Radio) echo(u *UE, psi ident.PDUSessionID, service netip.AddrPort) (echoed uint64, there bool) {
	f := u.flow(psi)
	if f == nil || r.n3 == nil {
		return 0, false
	}
	return r.n3.sendOne(f, service)
}

// Seal protects a message as the phone's next one would be, so that a test can send
// something of its own in the phone's name; the phone's COUNT goes up by one.
func (u *UE) Seal(ctx context.Context, m nas.Message) (b []byte, err error) {
	if derr := u.do(ctx, func(*Radio) { b, err = u.phone.seal(m) }); derr != nil {
		return nil, derr
	}
	return b, err
}

// SendNAS sends octets as if the phone had, on the connection it has.
func (u *UE) SendNAS(ctx context.Context, b []byte) error {
	var err error
	if derr := u.do(ctx, func(r *Radio) { err = r.sendNAS(u, b) }); derr != nil {
		return derr
	}
	return err
}

// Tamper replaces every NAS message that the phone sends from now on by what f makes of
// it, nothing being a message lost. It runs in the radio's loop. Nil ends it.
func (u *UE) Tamper(ctx context.Context, f func(nas []byte) [][]byte) error {
	return u.do(ctx, func(*Radio) { u.tamper = f })
}

func (u *UE) flow(psi ident.PDUSessionID) *flow {
	for _, f := range u.flows {
		if f.psi == psi {
			return f
		}
	}
	return nil
}

// happened asks those who wait whether this is it.
func (u *UE) happened() {
	if len(u.waiting) == 0 {
		return
	}
	s := u.status(u.radio.Load())
	keep := u.waiting[:0]
	for _, w := range u.waiting {
		if ok, err := w.until(s); ok || err != nil {
			w.done <- err
		} else {
			keep = append(keep, w)
		}
	}
	clear(u.waiting[len(keep):])
	u.waiting = keep
}

// ranID names the phone's connection to the core.
func (u *UE) ranID() ident.RANUENGAPID { return ident.RANUENGAPID(u.index<<8 | uint32(u.gen)) }

// restrict remembers where the core says that the phone may go.
func (u *UE) restrict(m *ngap.MobilityRestrictions) {
	if m != nil {
		u.mobility = m
	}
}
