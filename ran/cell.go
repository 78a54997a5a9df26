package ran

import (
	"context"
	"slices"
	"time"

	"cordon/ident"
)

// cell is what a radio broadcasts to all phones in its reach. It is immutable.
type cell struct {
	tai    ident.TAI
	barred bool // no phone may use it
}

// slot is a place on a radio that a phone has left, with what its connections and tunnels
// were numbered by: the next phone there goes on from it, so that what comes late for the
// last one is known.
type slot struct {
	index        uint32
	gen, tunnels uint8
}

// restingSlots is how many places are free before one is used again.
const restingSlots = 64

// tai is the tracking area of the radio's cell: its first one.
func (r *Radio) tai() ident.TAI {
	t := ident.TAI{PLMN: r.cfg.Node.PLMN}
	if len(r.cfg.TACs) > 0 {
		t.TAC = r.cfg.TACs[0]
	}
	return t
}

// announce broadcasts what the radio is now.
func (r *Radio) announce() {
	r.cell.Store(&cell{tai: r.tai(), barred: !r.up || r.off})
}

// announced broadcasts it and has the radio's idle phones look around.
func (r *Radio) announced() {
	r.announce()
	for i := 0; i < len(r.ues); i++ { // looking moves them
		if u := r.ues[i]; u != nil {
			r.look(u)
		}
	}
	r.news()
}

// settle gives a phone a place on the radio.
func (r *Radio) settle(u *UE) {
	if len(r.free) > restingSlots {
		s := r.free[0]
		r.free = r.free[1:]
		u.index, u.gen, u.tunnels = s.index, s.gen, s.tunnels
		r.ues[s.index] = u
		return
	}
	u.index, u.gen, u.tunnels = uint32(len(r.ues)), 0, 0
	r.ues = append(r.ues, u)
}

// look has an idle phone camp on the first suitable cell in its reach, or wait for one (TS
// 38.304 §5.2).
func (r *Radio) look(u *UE) {
	if u.connected || u.phone.connected || !u.phone.active() {
		return
	}
	best, again := u.suitable(r.now)
	search := timerKey{ue: u.index, timer: timerSearch}
	switch {
	case best == nil:
		if u.phone.camped {
			r.step(u, Lost{})
		}
		if again > 0 {
			r.timers.Start(search, r.now.Add(again))
		}
		if !u.searching {
			u.searching = true
			r.noted(u, Note{Kind: NoteNoCell, Cause: Failure{What: "no suitable cell"}})
			u.happened()
		}
		return
	case best != r:
		r.move(u, best)
		return
	}
	if u.searching {
		u.searching = false
		r.timers.Stop(search)
	}
	if tai := r.tai(); !u.phone.camped || u.phone.cell != tai {
		r.step(u, Camped{tai})
	}
}

// suitable is the first radio in the phone's reach whose cell it may use. Without one, again
// is when to look again, 0 for when its own radio has news.
func (u *UE) suitable(now time.Time) (best *Radio, again time.Duration) {
	reach := u.reach
	if len(reach) == 0 {
		reach = []*Radio{u.radio.Load()}
	} else if again = u.phone.cfg.Timers.Search; again == 0 {
		again = standardSearch
	}
	u.hopeless = true
	for i, r := range reach {
		c := r.cell.Load()
		if u.phone.forbids(c.tai) {
			continue
		}
		u.hopeless = false
		if c.barred {
			continue
		}
		if i < len(u.away) && u.away[i].After(now) {
			if wait := u.away[i].Sub(now); again == 0 || wait < again {
				again = wait
			}
			continue
		}
		return r, 0
	}
	return nil, again
}

// keepAway has the phone look elsewhere for a while.
func (u *UE) keepAway(from *Radio, until time.Time) {
	if u.away == nil {
		u.away = make([]time.Time, max(len(u.reach), 1))
	}
	u.away[max(slices.Index(u.reach, from), 0)] = until
}

// Switch turns the radio off, as a power cut would, or on again. While it is off its cell is
// gone and its association is not set up again.
func (r *Radio) Switch(ctx context.Context, on bool) error {
	return r.do(ctx, func() {
		if r.off == !on {
			return
		}
		r.off = !on
		key := timerKey{ue: radioItself, timer: timerDial}
		switch {
		case r.off:
			r.timers.Stop(key)
			if r.link != nil {
				r.link.n2.Abort()
			}
		case r.link == nil:
			r.timers.Start(key, r.now)
		}
		r.announced()
	})
}
