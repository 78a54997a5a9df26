package ran

import (
	"slices"
	"time"

	"cordon/ident"
	"cordon/wire/ngap"
)

const standardRejectWait = 4 * time.Second // RRCReject says 1 to 16 s (TS 38.331 §6.3.2)

// maxOverloads is how many slice overloads the radio heeds.
const maxOverloads = 16

// overload is what the core asked the radio to hold back (TS 38.413 §8.7.7).
type overload struct {
	on   bool
	msg  ngap.OverloadStart
	owed [1 + maxOverloads]int // part of a refusal in percent, of all and per slice overload
}

// refuses reports whether a connection is not to be set up, for a phone that uses these slices.
func (o *overload) refuses(cause ngap.RRCEstablishmentCause, used []ident.SNSSAI) bool {
	if !o.on {
		return false
	}
	m := &o.msg
	reduction := 0
	if m.TrafficLoadReduction != nil {
		reduction = int(*m.TrafficLoadReduction)
	}
	all := len(m.Slices) == 0 || m.Response != nil || reduction > 0
	if all && held(m.Response, cause) && o.due(0, reduction) {
		return true
	}
	for i, s := range m.Slices[:min(len(m.Slices), maxOverloads)] {
		if within(used, s.Slices) && held(s.Response, cause) && o.due(1+i, int(s.Reduction)) {
			return true
		}
	}
	return false
}

// due spreads refusals evenly: so many of each hundred. Without a reduction it is all.
func (o *overload) due(i, percent int) bool {
	if percent == 0 {
		return true
	}
	o.owed[i] += percent
	if o.owed[i] < 100 {
		return false
	}
	o.owed[i] -= 100
	return true
}

// within reports whether all slices that a phone uses are among the overloaded ones.
func within(used, overloaded []ident.SNSSAI) bool {
	return len(used) > 0 && !slices.ContainsFunc(used, func(s ident.SNSSAI) bool { return !slices.Contains(overloaded, s) })
}

// held reports whether an action covers a kind of connection (§9.3.1.105). Without an action
// that is all that phones begin themselves.
func held(a *ngap.OverloadAction, cause ngap.RRCEstablishmentCause) bool {
	action := ngap.OverloadRejectSignalling
	if a != nil {
		action = *a
	}
	mo := cause == ngap.RRCMOData || cause == ngap.RRCMOSMS || cause == ngap.RRCMOVideoCall || cause == ngap.RRCMOVoiceCall
	switch action {
	case ngap.OverloadRejectNonEmergencyMO:
		return mo
	case ngap.OverloadPermitEmergencyAndMT:
		return cause != ngap.RRCEmergency && cause != ngap.RRCMTAccess
	case ngap.OverloadPermitHighPriorityAndMT:
		return cause != ngap.RRCHighPriorityAccess && cause != ngap.RRCMPSPriorityAccess &&
			cause != ngap.RRCMCSPriorityAccess && cause != ngap.RRCMTAccess
	}
	return mo || cause == ngap.RRCMOSignalling
}

// overloaded is Overload Start; a later one replaces it.
func (r *Radio) overloaded(m *ngap.OverloadStart) {
	r.overload = overload{on: true, msg: *m}
	r.news()
}

// recovered is the end of an overload: phones need not keep away any longer.
func (r *Radio) recovered() {
	r.overload = overload{}
	for _, u := range r.ues {
		if u != nil {
			u.away = nil
		}
	}
	r.announced()
}

// turnDown refuses a phone the connection that it asked for.
func (r *Radio) turnDown(u *UE) {
	wait := r.cfg.RejectWait
	if wait == 0 {
		wait = standardRejectWait
	}
	u.keepAway(r, r.now.Add(wait))
	r.noted(u, Note{Kind: NoteNotLetIn, Cause: Failure{What: "refused by the radio"}})
	r.step(u, NotLetIn{})
}
