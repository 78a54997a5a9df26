package ran

import (
	"time"

	"cordon/ident"
)

// luggage is a running timer that a phone takes along to another radio.
type luggage struct {
	timer Timer
	psi   ident.PDUSessionID
	when  time.Time
}

// move hands an idle phone over to another radio's loop. Nothing of it may be touched here
// afterwards.
func (r *Radio) move(u *UE, to *Radio) {
	bags := r.pack(u)
	for _, f := range u.flows {
		r.n3.leave(f)
	}
	r.ues[u.index] = nil
	r.free = append(r.free, slot{u.index, u.gen, u.tunnels})
	// Who finds the phone on the new radio must find it there after this mail was read.
	to.mu.Lock()
	u.radio.Store(to)
	to.addMail(func() { to.welcome(u, bags, r) })
	to.mu.Unlock()
	to.poke()
}

// pack stops a phone's timers and gives what is left of them.
func (r *Radio) pack(u *UE) (bags []luggage) {
	r.timers.Stop(timerKey{ue: u.index, timer: timerSearch})
	for _, f := range u.flows {
		r.timers.Stop(timerKey{u.index, timerSolicit, f.psi})
	}
	for t := T3346; t <= TForbidden; t++ {
		for psi := range ident.PDUSessionID(maxPSI + 1) {
			key := timerKey{u.index, t, psi}
			if when, ok := r.timers.When(key); ok {
				bags = append(bags, luggage{t, psi, when})
				r.timers.Stop(key)
			}
			if !t.perSession() {
				break
			}
		}
	}
	return bags
}

// welcome is a phone that comes from another radio.
func (r *Radio) welcome(u *UE, bags []luggage, from *Radio) {
	r.settle(u)
	for _, b := range bags {
		r.timers.Start(timerKey{u.index, b.timer, b.psi}, b.when)
	}
	for _, f := range u.flows {
		r.n3.adopt(f)
	}
	u.searching = false
	u.moves++
	r.noted(u, Note{Kind: NoteMoved, From: from})
	r.look(u)
	u.happened()
}
