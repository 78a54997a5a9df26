package ran

import (
	"math/bits"
	"net/netip"
	"time"

	"cordon/ident"
	"cordon/wire/nas"
)

// noted follows what happens to a phone, in the radio's loop.
func (t *tower) noted(u *UE, n Note) {
	if u.load != nil {
		t.follow(u.load, n)
		select {
		case t.load.changed <- struct{}{}:
		default: // whoever waits will look anyway
		}
	}
	if t.notify != nil {
		t.notify(u, n)
	}
}

func (t *tower) follow(p *loadPhone, n Note) {
	l := t.load
	switch n.Kind {
	case NoteRegistered:
		if !p.registered {
			p.registered = true
			l.registered.Add(1)
		}
		p.recover(l)
		t.weigh(p)
	case NoteReregistering:
		t.reregistered++
		t.unregister(p)
	case NoteRegistrationFailed:
		if p.ue.phone.state == Deregistered {
			t.unregister(p)
		}
		if !p.ue.phone.wanted {
			p.giveUp(l)
		}
	case NoteNoCell:
		if p.ue.hopeless {
			p.giveUp(l)
		}
	case NoteRestricted:
		if !p.attached {
			p.giveUp(l) // sessions wait for an area with service
		}
	case NoteServiceRequested:
		t.serviceRequests++
	case NoteDeregistered:
		t.unregister(p)
		switch {
		case !l.leaving.Load():
			p.giveUp(l) // the core's wish
		case !p.left:
			p.left = true
			l.deregistered.Add(1)
		}
	default:
		t.followSession(p, n)
	}
}

func (t *tower) followSession(p *loadPhone, n Note) {
	l := t.load
	switch n.Kind {
	case NoteSessionOpened:
		p.setOpen(l, p.open|1<<n.PSI)
		t.weigh(p)
		t.start(p, n.PSI)
		t.tether(p, n.PSI)
	case NoteAddressFormed:
		t.tether(p, n.PSI)
	case NoteSessionFailed:
		p.giveUp(l) // the core said no; the phone does not soon ask again by itself
	case NoteSessionClosed:
		p.setOpen(l, p.open&^(1<<n.PSI))
		t.weigh(p)
		if n.Cause.SM == nas.SMCauseRegular && !l.leaving.Load() {
			p.ended = Failure{What: "session released by the core"}
			p.giveUp(l)
		}
	}
}

// start has packets flow on a session that was opened: to each echo service that it can have an address for.
func (t *tower) start(p *loadPhone, psi ident.PDUSessionID) {
	f, s := p.ue.flow(psi), p.ue.phone.session(psi)
	if f == nil || s == nil || !t.load.flowing || t.load.leaving.Load() {
		return
	}
	if targets := p.group.targets(s.kind()); len(targets) > 0 {
		t.radio.n3.start(f, t.load.cfg.Payload, targets...)
	}
}

// tether has a session carry its host's packets, once it has its addresses.
func (t *tower) tether(p *loadPhone, psi ident.PDUSessionID) {
	h := t.load.hosts[p.group]
	if h == nil || p.number != 0 || psi != 1 {
		return
	}
	f := p.ue.flow(psi)
	s, ok := p.ue.status(t.radio).Session(psi)
	if f == nil || !ok {
		return
	}
	h.attach(f)
	h.address(t.radio, &s, f)
}

// targets are the echo services for a session of a type.
func (g *Group) targets(kind nas.PDUSessionType) (list []netip.AddrPort) {
	if g.Target.IsValid() && kind != nas.PDUSessionIPv6 {
		list = append(list, g.Target)
	}
	if g.Target6.IsValid() && kind != nas.PDUSessionIPv4 {
		list = append(list, g.Target6)
	}
	return list
}

// flows reports whether the group's phones are to send packets.
func (g *Group) flows() bool { return g.Target.IsValid() || g.Target6.IsValid() }

// giveUp has nobody wait for a phone that will not try again by itself.
func (p *loadPhone) giveUp(l *load) {
	if !p.gaveUp {
		p.gaveUp = true
		l.failed.Add(1)
	}
}

// recover is the phone getting on after all.
func (p *loadPhone) recover(l *load) {
	if p.gaveUp {
		p.gaveUp = false
		l.failed.Add(-1)
	}
}

func (t *tower) unregister(p *loadPhone) {
	if p.registered {
		p.registered = false
		t.load.registered.Add(-1)
	}
	p.setOpen(t.load, 0)
	t.weigh(p)
}

func (p *loadPhone) setOpen(l *load, open uint16) {
	l.sessions.Add(int64(bits.OnesCount16(open) - bits.OnesCount16(p.open)))
	p.open = open
}

// weigh decides whether a phone is attached, and when that came about.
func (t *tower) weigh(p *loadPhone) {
	l := t.load
	now := p.registered && bits.OnesCount16(p.open) >= len(p.group.Phone.Sessions)
	if now == p.attached {
		return
	}
	p.attached = now
	if !now {
		l.attached.Add(-1)
		return
	}
	l.attached.Add(1)
	p.recover(l)
	if !p.timed {
		p.timed = true
		at := time.Now()
		t.attach.add(at.Sub(p.started))
		l.lastAttach.Store(at.UnixNano())
	}
}

// why is what to say of a phone that is not attached.
func (p *loadPhone) why() string {
	switch {
	case p.started.IsZero():
		return "not switched on"
	case p.ue.searching:
		return "no suitable cell"
	case p.ue.phone.failure.What != "":
		return p.ue.phone.failure.String()
	case p.ended.What != "":
		return p.ended.String()
	case p.ue.phone.restricted():
		return "no service in this tracking area"
	}
	return "still " + p.ue.phone.state.String()
}
