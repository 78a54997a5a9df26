package n4

import (
	"slices"

	"cordon/wire/pfcp"
)

// maxObserved is how many findings wait for an SMF, each of a kind and source. Of what finds no room only the count of drops tells.
const maxObserved = 64

// observed tells findings to the SMFs that take them.
func (u *UserPlane) observed(ev Observed) {
	for _, p := range u.order {
		if s := u.of(p); p.associated && s.wants {
			u.keepObserved(p, ev.Findings)
			u.tellObserved(p)
		}
	}
}

// keepObserved has findings wait, those of a kind and source together.
func (u *UserPlane) keepObserved(p *peer, list []pfcp.Observed) {
	s := u.of(p)
	for _, o := range list {
		i := slices.IndexFunc(s.observed, func(w pfcp.Observed) bool { return w.Kind == o.Kind && w.Source == o.Source })
		switch {
		case i >= 0:
			s.observed[i].Count += o.Count
		case len(s.observed) < maxObserved:
			s.observed = append(s.observed, o)
		default:
			u.drop(p, ReasonBusy)
		}
	}
}

// tellObserved sends findings that wait, if the SMF is there and has answered for those before: so they never take the room of
// anything else.
func (u *UserPlane) tellObserved(p *peer) {
	s := u.of(p)
	if len(s.observed) == 0 || s.telling || !p.associated || p.silent {
		return
	}
	n := min(len(s.observed), pfcp.MaxObserved)
	some := slices.Clone(s.observed[:n])
	s.observed = slices.Delete(s.observed, 0, n)
	s.telling = true
	u.ask(p, request{kind: askOther, observed: some}, &pfcp.NodeReportRequest{Node: u.cfg.Node, Observed: some})
}

// toldObserved goes on when findings were taken; those that were not wait until the SMF is heard again.
func (u *UserPlane) toldObserved(p *peer, r *request, err error) {
	u.of(p).telling = false
	if err != nil {
		u.keepObserved(p, r.observed)
		return
	}
	u.tellObserved(p)
}
