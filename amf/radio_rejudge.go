package amf

import (
	"slices"

	"cordon/rules"
)

// Rejudge judges the radio again, by another law. One that is unlawful now begins to drain: it is
// told to bring nobody more, and its snapshot says so to the devices that it brings none the less.
// Without a law it stays as it is. That its record has become narrower than what it said before is
// the operator's doing and no finding.
// The effects are valid until the next call; where nothing has changed there are none.
func (r *Radio) Rejudge(law *rules.Snapshot) []Effect {
	r.out = r.out[:0]
	if r.info == nil || law == nil {
		return r.out
	}
	c, was := r.said, r.info
	next, v := r.weigh(law, &c)
	if _, ok := r.acceptable(next.Areas); !ok || v.Act == rules.Refuse {
		r.drain(next, c, v)
		return r.out
	}
	if sameTerms(was, next) {
		return r.out
	}
	r.judged(&c, v)
	r.lawful(next, c)
	r.emit(Joined{r.info})
	return r.out
}

// drain is the radio's end, unless it is lawful again before its association is closed. It keeps the
// areas that it had: where a device is remains true, though it is not served there.
func (r *Radio) drain(next *RadioInfo, c claim, v rules.Verdict) {
	was := r.info
	next.Draining, next.Areas = true, was.Areas
	if sameTerms(was, next) {
		return
	}
	r.info, r.said = next, c
	r.judged(&c, v)
	if !was.Draining {
		r.hold()
		r.emit(Draining{Radio: r.id, Node: next.Node, Verdict: v})
	}
	r.emit(Joined{r.info})
}

// lawful takes a radio in that may serve. One that was draining goes on.
func (r *Radio) lawful(next *RadioInfo, c claim) {
	was := r.info
	r.info, r.said = next, c
	if was.Draining {
		r.emit(Lawful{Radio: r.id, Node: next.Node})
		r.hold()
	}
}

// sameTerms reports whether a radio serves under one snapshot as it does under the other.
func sameTerms(x, y *RadioInfo) bool {
	if x.Standing != y.Standing || x.Element != y.Element || x.Draining != y.Draining || len(x.Areas) != len(y.Areas) {
		return false
	}
	for i := range x.Areas {
		if !slices.Equal(x.Areas[i].Served, y.Areas[i].Served) {
			return false
		}
	}
	return true
}
