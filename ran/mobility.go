package ran

import (
	"slices"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// maxForbidden is how many tracking areas each list of forbidden ones holds; a new one then
// takes the place of the oldest (TS 24.501 §5.3.13).
const maxForbidden = 40

// forbids reports whether a tracking area's cells are not suitable.
func (p *Phone) forbids(t ident.TAI) bool {
	return slices.Contains(p.roaming, t) || slices.Contains(p.regional, t)
}

// active reports whether the phone has a use for a cell.
func (p *Phone) active() bool { return p.wanted || p.state != Deregistered }

// campOn is a cell found. What waited for one goes on.
func (p *Phone) campOn(t ident.TAI) {
	if p.forbids(t) {
		return // nothing of ours offers that
	}
	elsewhere := p.cell != t
	p.cell, p.camped = t, true
	if elsewhere { // what failed elsewhere does not count here (§5.5.1.1)
		p.unserved, p.attempts = ident.TAI{}, 0
	}
	switch {
	case p.connected:
	case p.state == Deregistered && p.wanted && !p.running(T3346):
		if elsewhere || !p.running(T3511) && !p.running(T3502) {
			p.begin()
		}
	case p.state == Registered:
		p.catchUp()
	}
}

// catchUp does what a registered phone owes the core on its cell (§5.5.1.3.2, §5.6.1.1).
func (p *Phone) catchUp() {
	switch {
	case p.running(T3346): // it goes on once that has run out
	case p.due || !slices.Contains(p.area, p.cell):
		p.register(nas.RegistrationMobility)
	case p.restricted():
	case p.data:
		p.request(nas.ServiceData, ngap.RRCMOData, 0)
	case p.hasUnasked():
		p.request(nas.ServiceSignalling, ngap.RRCMOSignalling, 0)
	}
}

// restricted reports whether the phone is where it has no service (§5.3.5.2).
func (p *Phone) restricted() bool { return p.registered && !p.hasService() }

// hasService reports whether the service area list, if there is one, has the present
// tracking area.
func (p *Phone) hasService() bool {
	switch s := p.services; {
	case p.unserved == p.cell:
		return false
	case s == nil:
		return true
	default:
		return slices.Contains(s.TAIs, p.cell) != s.NotAllowed || slices.Contains(s.Networks, p.cell.PLMN)
	}
}

// hasUnasked reports whether there are sessions still to be asked for.
func (p *Phone) hasUnasked() bool {
	return slices.ContainsFunc(p.sessions, func(s session) bool { return s.state == sessionWanted || s.unheard })
}

// forbid takes the present tracking area for one that the phone may not use, by a reject's
// cause (§5.3.13): its cells are no longer suitable.
func (p *Phone) forbid(c nas.Cause) {
	list := &p.roaming
	if c == nas.CauseTrackingAreaNotAllowed {
		list = &p.regional
	}
	p.camped = false
	p.learnForbidden(list, p.cell)
	p.area = slices.DeleteFunc(slices.Clone(p.area), func(t ident.TAI) bool { return t == p.cell })
	p.attempts = 0
	p.note(NoteForbidden, Failure{What: "tracking area not allowed", MM: c})
}

func (p *Phone) learnForbidden(list *[]ident.TAI, tais ...ident.TAI) {
	for _, t := range tais {
		if slices.Contains(*list, t) || p.camped && t == p.cell {
			continue // known, or where the core has just registered the phone
		}
		if len(*list) == maxForbidden {
			*list = slices.Delete(*list, 0, 1)
		}
		*list = append(*list, t)
		if !p.running(TForbidden) {
			p.start(TForbidden, p.cfg.Timers.Forbidden, standardForbidden)
		}
	}
}

// pardon erases the lists of forbidden areas.
func (p *Phone) pardon() {
	p.roaming, p.regional = nil, nil
	p.stop(TForbidden)
}

// forbidding reports whether a cause is about the tracking area alone, so that another one
// may do.
func forbidding(c nas.Cause) bool {
	return c == nas.CauseTrackingAreaNotAllowed || c == nas.CauseRoamingNotAllowed || c == nas.CauseNoSuitableCells
}

// turnedAway is a registration or service that was rejected for the tracking area (§5.5.1.2.5,
// §5.5.1.3.5, §5.6.1.5): the phone tries the next suitable cell in another.
func (p *Phone) turnedAway(k NoteKind, f Failure) {
	p.initial, p.pending = nil, nil
	p.forbid(f.MM)
	if f.MM == nas.CauseTrackingAreaNotAllowed || !p.registered {
		p.leave()
		p.forget()
	} else {
		p.state, p.due = Registered, true
	}
	p.fail(k, 0, f)
	p.await()
}

// notLetIn is the radio refusing the connection. That is no failure of the procedure, which
// begins again on a cell that lets the phone in (§5.5.1.2.7 a, §5.6.1.7 a).
func (p *Phone) notLetIn() {
	p.connected, p.camped = false, false
	p.stop(T3540)
	switch p.state {
	case Registering:
		p.stop(T3510)
		update := p.kind != nas.RegistrationInitial
		p.back(update)
		p.due = update && p.registered
	case Requesting:
		p.stop(T3517)
		p.state, p.data, p.initial = Registered, p.openSessions() != 0, nil
	case Deregistering:
		p.gone()
	}
}

// placed takes in what a Registration Accept says of areas. The present one is of the
// registration area whatever the core says, so that the phone does not update for ever.
func (p *Phone) placed(m *nas.RegistrationAccept) {
	if len(m.TAIs) > 0 || p.kind == nas.RegistrationInitial {
		p.area = slices.Clone(m.TAIs)
	}
	if !slices.Contains(p.area, p.cell) {
		p.area = append(p.area, p.cell)
	}
	if p.services = m.ServiceAreas; p.services != nil { // none: no restriction
		p.unserved = ident.TAI{}
	}
	p.due = false
	p.learnForbidden(&p.roaming, m.ForbiddenRoaming...)
	p.learnForbidden(&p.regional, m.ForbiddenRegional...)
	if p.restricted() {
		p.note(NoteRestricted, Failure{What: "no service in this tracking area"})
	}
}

// reconfigured takes in what a Configuration Update Command says of areas (§5.4.4.3).
func (p *Phone) reconfigured(m *nas.ConfigurationUpdateCommand) {
	if len(m.TAIs) > 0 {
		p.area = slices.Clone(m.TAIs)
	}
	if m.ServiceAreas != nil {
		p.services, p.unserved = m.ServiceAreas, ident.TAI{}
		if p.restricted() {
			p.note(NoteRestricted, Failure{What: "no service in this tracking area"})
		}
	}
}
