package amf

import (
	"cordon/ident"
	"cordon/wire/ngap"
)

// update is RAN Configuration Update (TS 38.413 §8.7.2): judged as NG Setup is, and taken
// whole or not at all.
func (r *Radio) update(m *ngap.RANConfigurationUpdate, taken func(ident.RANNode) bool) {
	next := *r.info
	if m.GlobalRANNodeID != nil && *m.GlobalRANNodeID != next.Node {
		// The identity is what everything known of a radio hangs on. It sets up anew for another.
		r.finding(FindingIdentity, *m.GlobalRANNodeID)
		r.refuseUpdate(ngap.CauseMiscUnspecified)
		return
	}
	if m.RANNodeName != "" {
		next.Name = m.RANNodeName
		next.Profile = r.cfg.profile(next.Node, next.Name)
	}
	if len(m.SupportedTAs) > 0 {
		areas, plmn := r.areas(m.SupportedTAs)
		if cause, ok := r.acceptable(areas, plmn); !ok {
			r.outOfScope(next.Node, m.SupportedTAs, areas)
			r.refuseUpdate(cause)
			return
		}
		next.Areas = areas
	}
	r.info = &next
	r.emit(Reply{&ngap.RANConfigurationUpdateAcknowledge{}})
	r.emit(Joined{r.info})
}

func (r *Radio) refuseUpdate(cause ngap.Cause) {
	wait := ngap.Wait60s
	r.emit(Reply{&ngap.RANConfigurationUpdateFailure{Cause: cause, TimeToWait: &wait}})
	r.emit(Drop{ReasonRefused})
}
