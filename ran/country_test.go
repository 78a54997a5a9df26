package ran

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"cordon/ident"
	"cordon/wire/nas"
)

// country is a core with radios in tracking areas 1, 2, ... and a phone that reaches them all.
type country struct {
	*testing.T
	ctx    context.Context
	core   *testCore
	radios []*Radio
	u      *UE
	notes  []NoteKind // read them while the loops are at rest
}

// inCountry runs a test with radios whose tracking areas are given, in virtual time.
func inCountry(t *testing.T, tacs []ident.TAC, arrange func(*testCore, *PhoneConfig), f func(*country)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Hour)
		defer cancel()
		c := newTestCore(t)
		defer c.close()
		phone := testPhone(c)
		if arrange != nil {
			arrange(c, &phone)
		}
		x := &country{T: t, ctx: ctx, core: c}
		radio := testRadio(c)
		radio.Reconnect = true
		radio.Notify = func(_ *UE, n Note) { x.notes = append(x.notes, n.Kind) }
		for i, cfg := range Radios(len(tacs), radio) {
			cfg.TACs = tacs[i : i+1]
			r, err := Open(ctx, cfg)
			check(t, err)
			defer r.Close()
			x.radios = append(x.radios, r)
		}
		var err error
		x.u, err = x.radios[0].Add(ctx, firstIMSI, &phone, x.radios...)
		check(t, err)
		f(x)
	})
}

// awaitOn waits until the phone is registered on a radio, with its sessions' addresses, and
// has a packet echoed.
func (x *country) awaitOn(r *Radio) Status {
	x.Helper()
	check(x.T, x.u.Await(x.ctx, func(s Status) (bool, error) {
		return s.State == Registered && s.Camped && x.u.Radio() == r && sessionsOpen(s, x.u), nil
	}))
	check(x.T, x.u.Echo(x.ctx, 1, serviceSide))
	s, err := x.u.Status(x.ctx)
	check(x.T, err)
	return s
}

func sessionsOpen(s Status, u *UE) bool {
	n := 0
	for _, y := range s.Sessions {
		if y.Addr.IsValid() {
			n++
		}
	}
	return n == len(u.phone.cfg.Sessions)
}

// asked is how many initial messages of a type came from a tracking area.
func (x *country) asked(t ident.TAC, m nas.MessageType) int {
	x.core.mu.Lock()
	defer x.core.mu.Unlock()
	return x.core.asked[t][m]
}

func (x *country) law(f func(*testCore)) {
	x.core.mu.Lock()
	defer x.core.mu.Unlock()
	f(x.core)
}
