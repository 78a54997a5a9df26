package amf

import (
	"time"

	"cordon/ident"
	"cordon/rules"
	"cordon/wire/ngap"
)

// An idle device for which data waits is looked for (TS 23.502 §4.2.3.3, TS 24.501 §5.6.2): its radios page it a few
// times, until it proves to be there or is given up. Whoever can send to it can cause that, so it is bounded: one search at a
// time for a device, a rest after one in vain, and so many pages a second for all.
const (
	t3513     = 4 * time.Second // PAGING
	pageTries = 3
	pageRest  = time.Minute // of a device that was not found
)

// Page asks that an idle device be looked for, once, by every radio for which By holds.
type Page struct {
	Msg       *ngap.Paging
	Protected bool // the subscriber is
	Law       *rules.Snapshot
}

// By reports whether a radio is to page: it serves an area in which the device may be, is not about to leave, and the rules
// let it serve the subscriber there.
func (p Page) By(r *RadioInfo) bool {
	if r == nil || r.Draining {
		return false
	}
	for _, t := range p.Msg.TAIs {
		area := r.area(t)
		if area == nil || len(area.Served) == 0 {
			continue
		}
		v := rules.Decide(p.Law, rules.Question{Gate: rules.GateDevice, Node: r.Node, Protected: p.Protected, TAC: t.TAC})
		if v.Act != rules.Refuse {
			return true
		}
	}
	return false
}

// Paged reports how the search for a device that was registered in an area has ended.
type Paged struct {
	TAC      ident.TAC
	Answered bool
}

// pace bounds what is done in a second.
type pace struct {
	second int64
	n      int
}

func (p *pace) allow(now time.Time, most int) bool {
	if at := now.Unix(); at != p.second {
		p.second, p.n = at, 0
	}
	if p.n >= most {
		return false
	}
	p.n++
	return true
}

// reach has the user plane of a session come back, for which data waits.
func (a *AMF) reach(ev SMReach) {
	u := a.ues[ev.SUPI]
	switch {
	case u == nil || !u.sessions.Has(ev.PSI):
		a.drop(ReasonNoSession)
		a.emit(SMUnreached(ev))
	case u.conn != nil:
		u.wanted = u.wanted.With(ev.PSI)
		a.wake(u.conn)
	case u.wanted != 0: // it is being looked for
		u.wanted = u.wanted.With(ev.PSI)
		a.drop(ReasonDuplicate)
	case uint32(a.now.Unix()) < u.deaf:
		a.drop(ReasonIdle)
		a.emit(SMUnreached(ev))
	default:
		u.wanted = u.wanted.With(ev.PSI)
		a.page(u)
	}
}

// page looks for an idle device once. A search that finds no room in this second has lost one of its tries and no more.
func (a *AMF) page(u *ue) {
	areas := a.area(ident.TAI{PLMN: a.cfg.GUAMI.PLMN, TAC: u.near}, u.class()).tais
	if a.law == nil || len(areas) == 0 || u.pages == pageTries {
		a.notFound(u)
		return
	}
	u.pages++
	a.timers.Start(timerKey{uint64(u.supi), timerPage}, a.now.Add(t3513))
	if !a.paged.allow(a.now, a.cfg.Limits.pages()) {
		a.drop(ReasonPaging)
		return
	}
	guti := a.guti(u)
	if u.former != 0 && u.pages%2 == 1 { // it is not known which of the two it has (TS 24.501 §5.4.4.6)
		guti.TMSI = u.former
	}
	a.emit(Page{Msg: &ngap.Paging{STMSI: guti.STMSI(), TAIs: areas}, Protected: u.protected, Law: a.law})
}

// pageUnanswered is the expiry of T3513 (TS 24.501 §5.6.2.2.1).
func (a *AMF) pageUnanswered(supi ident.SUPI) {
	if u := a.ues[supi]; u != nil && u.conn == nil && u.wanted != 0 {
		a.page(u)
	}
}

// notFound gives a search up.
func (a *AMF) notFound(u *ue) {
	a.drop(ReasonNoAnswer)
	a.emit(Paged{TAC: u.near})
	u.deaf = uint32(a.now.Add(pageRest).Unix())
	a.unwant(u)
}

// unwant tells the sessions for which data waits that their device is not reached, and ends the search.
func (a *AMF) unwant(u *ue) {
	for psi := range sessions(u.wanted) {
		a.emit(SMUnreached{u.supi, psi})
	}
	u.wanted = 0
	a.endPaging(u)
}

func (a *AMF) endPaging(u *ue) {
	u.pages = 0
	a.timers.Stop(timerKey{uint64(u.supi), timerPage})
}

// found ends the search for a device that has proven to be there. What is wanted of it comes with the request in hand.
func (a *AMF) found(u *ue) {
	u.deaf = 0
	if u.pages > 0 {
		a.emit(Paged{TAC: u.near, Answered: true})
		a.endPaging(u)
	}
}

// wake asks for the sessions of a connected device for which data waits, once it has no procedure.
func (a *AMF) wake(c *conn) {
	u := c.ue
	if c.state != stateReady {
		a.drop(ReasonHeld)
		return
	}
	want := u.wanted & u.sessions &^ c.asking &^ c.woken
	if u.wanted = 0; want == 0 {
		a.drop(ReasonDuplicate)
		return
	}
	for psi := range sessions(want) {
		if !a.activateSession(c, psi) {
			want = want.Without(psi)
			a.emit(SMUnreached{u.supi, psi})
		}
	}
	a.withdraw(c, want)
	c.woken |= want
}

// activateSession asks for the user plane of a session, if the rules let it be where the device is.
func (a *AMF) activateSession(c *conn, psi ident.PDUSessionID) bool {
	if a.law == nil {
		a.drop(ReasonNoLaw)
		return false
	}
	sealed, ok := a.admitSession(c, psi, false)
	if !ok { // it stays idle
		a.drop(ReasonLaw)
		return false
	}
	a.emit(SMActivate{SUPI: c.ue.supi, PSI: psi, Radio: c.radio, Protected: c.ue.protected, Sealed: sealed})
	return true
}

// awoken asks the radio for a session that a connected device was woken for, unless the rules have changed meanwhile.
func (a *AMF) awoken(c *conn, ev SMActivated) {
	c.woken = c.woken.Without(ev.PSI)
	if !ev.OK {
		a.drop(ReasonNoAnswer)
		return
	}
	a.setupSession(c, []pendingSession{{psi: ev.PSI, snssai: ev.SNSSAI, transfer: ev.Transfer}})
}
