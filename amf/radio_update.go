package amf

import "cordon/wire/ngap"

// update is RAN Configuration Update (TS 38.413 §8.7.2): judged as NG Setup is, and taken
// whole or not at all.
func (r *Radio) update(in Input, m *ngap.RANConfigurationUpdate) {
	c := r.said
	c.peer = in.Peer
	if m.GlobalRANNodeID != nil && *m.GlobalRANNodeID != c.node {
		// The identity is what everything known of a radio hangs on. It sets up anew for another.
		r.finding(FindingIdentity, *m.GlobalRANNodeID)
		r.refuseUpdate(ngap.CauseMiscUnspecified)
		return
	}
	if m.RANNodeName != "" {
		c.name = m.RANNodeName
	}
	if len(m.SupportedTAs) > 0 {
		c.areas = claimed(m.SupportedTAs)
	}
	next, v := r.weigh(in.Law, &c)
	if !r.passes(in.Law, &c, v) {
		r.refuseUpdate(ngap.CauseMiscUnspecified)
		return
	}
	if cause, ok := r.acceptable(next.Areas); !ok {
		r.outOfScope(&c, next.Areas)
		r.refuseUpdate(cause)
		return
	}
	r.lawful(next, c)
	r.emit(Reply{&ngap.RANConfigurationUpdateAcknowledge{}})
	r.emit(Joined{r.info})
}

func (r *Radio) refuseUpdate(cause ngap.Cause) {
	wait := ngap.Wait60s
	r.emit(Reply{&ngap.RANConfigurationUpdateFailure{Cause: cause, TimeToWait: &wait}})
	r.emit(Drop{ReasonRefused})
}
