package amf

import (
	"cordon/ident"
	"cordon/rules"
	"cordon/wire/nas"
)

// route is what a session leads to, as far as rules ask.
type route struct {
	slice ident.SNSSAI
	dnn   ident.DNN
}

// judgeSession asks the session gate about a session of c's device. A session that leads to nothing
// known may have been any, so its verdict is that of no data network and no slice.
func (a *AMF) judgeSession(c *conn, to route) rules.Verdict {
	return rules.Decide(a.law, rules.Question{
		Gate: rules.GateSession, Node: c.radio.Node, Protected: c.ue.protected, TAC: c.tai.TAC, DNN: to.dnn, Slice: to.slice,
	})
}

// judgedSession reports a verdict of the session gate.
func (a *AMF) judgedSession(c *conn, to route, v rules.Verdict) {
	a.emit(Judged{
		Gate: rules.GateSession, Verdict: v, Radio: c.radio.ID, Node: c.radio.Node,
		SUPI: c.ue.supi, Protected: c.ue.protected, TAC: c.tai.TAC, DNN: to.dnn, Slice: to.slice,
	})
}

// admitSession judges a session whose user plane is asked for, and remembers what it is told. What has
// been reported of it before is not reported again.
func (a *AMF) admitSession(c *conn, psi ident.PDUSessionID, fresh bool) (sealed, ok bool) {
	u := c.ue
	to := a.lists.route(u.routes[psi])
	v := a.judgeSession(c, to)
	ok, sealed = v.Act != rules.Refuse, v.Owes&rules.SealedOnly != 0
	if !ok || v.Act == rules.Restrict && (fresh || sealed != u.sealed.Has(psi)) {
		a.judgedSession(c, to, v)
	}
	u.seal(psi, sealed)
	return sealed, ok
}

func (u *ue) seal(psi ident.PDUSessionID, sealed bool) {
	if u.sealed = u.sealed.Without(psi); sealed {
		u.sealed = u.sealed.With(psi)
	}
}

// judgeSessions judges sessions of a connected device again, after its place or the law has changed.
// One that is refused now loses its user plane and stays; in case the radio has been asked for it
// and has not answered, it is sealed as well.
func (a *AMF) judgeSessions(c *conn, which nas.PDUSessions) {
	u := c.ue
	var refused nas.PDUSessions
	for psi := range sessions(which) {
		to := a.lists.route(u.routes[psi])
		v := a.judgeSession(c, to)
		sealed := v.Owes&rules.SealedOnly != 0 || v.Act == rules.Refuse
		if v.Act == rules.Refuse && c.active.Has(psi) {
			refused = refused.With(psi)
		}
		if sealed == u.sealed.Has(psi) && !refused.Has(psi) {
			continue
		}
		if v.Act != rules.Allow {
			a.judgedSession(c, to, v)
		}
		u.seal(psi, sealed)
		a.emit(SMSeal{SUPI: u.supi, PSI: psi, Sealed: sealed})
	}
	if refused == 0 {
		return
	}
	a.withdraw(c, refused)
	for psi := range sessions(refused) {
		a.emit(SMDeactivate{u.supi, psi})
	}
	a.idle(c)
}
