package rules

import (
	"slices"
	"strings"

	"cordon/ident"
)

// Decide answers a question from a snapshot. It allocates nothing.
func Decide(s *Snapshot, q Question) Verdict {
	if s == nil || s.base == nil {
		return Verdict{}
	}
	r := s.names.at(q.Element)
	if q.Node != (ident.RANNode{}) {
		r = s.nodes.at(q.Node)
	}
	if r == nil {
		q.Areas = nil
		return Verdict{Rule: ownRecord, Name: q.Element, asked: q}
	}
	return s.answer(r, &q, true)
}

// Judge is the verdict on an element of this name apart from what it claims: what a gate says of it
// that asks for an unprotected subscriber, or for none.
func (s *Snapshot) Judge(name string) Verdict {
	if s == nil || s.base == nil {
		return Verdict{}
	}
	r := s.names.at(name)
	if r == nil {
		return Verdict{Rule: ownRecord, Name: name}
	}
	return s.answer(r, &Question{Element: name}, false)
}

// answer is the verdict on a record, with what the question claims or without.
func (s *Snapshot) answer(r *record, q *Question, claims bool) Verdict {
	t := s.stand(r, q)
	v := Verdict{Known: true, Name: r.e.Name, from: s, record: r, claims: claims}
	if claims {
		switch q.Gate {
		case GateN2:
			v.claim = r.match(q, &t)
		case GateDevice:
			if q.TAC != 0 && !slices.Contains(r.e.TACs, q.TAC) {
				t.join(Refuse, 0, 0, ownArea)
				v.claim.hits = hitArea
			}
		case GateSession:
			if q.Slice != (ident.SNSSAI{}) && !slices.Contains(r.e.Slices, q.Slice) {
				t.join(Refuse, 0, 0, ownSlice)
				v.claim.slice, v.claim.hits = q.Slice, hitSlice
			}
			s.session(q, &t)
		}
	}
	v.Act, v.Owes, v.Due, v.Rule = t.act, t.owes, t.due, t.rule
	if t.act == Refuse {
		v.Owes, v.Due = 0, 0
	}
	v.asked = *q
	v.asked.Areas = nil // whose memory is the caller's
	return v
}

// forProtected reports whether a question is about a protected subscriber.
func (q *Question) forProtected() bool {
	switch q.Gate {
	case GateDevice, GateSession, GateHandover:
		return q.Protected
	}
	return false
}

// stand is what all rules come to for an element, apart from claims.
func (s *Snapshot) stand(r *record, q *Question) tally {
	t := r.judged.plain
	if q.forProtected() {
		t = r.judged.protected
	}
	for i := range r.judged.live {
		v := &r.judged.live[i]
		outcome, due := s.now(r, v, q)
		t.add(v.rule, outcome, due, s.asOf)
	}
	if s.cuts.of(r) != nil {
		t.join(Refuse, 0, 0, ownCut)
	}
	return t
}

// now is what a live ruling comes to for a question.
func (s *Snapshot) now(r *record, v *ruling, q *Question) (Outcome, Date) {
	if v.outcome == byDomain {
		return s.live[v.rule.slot].of(r, v, s.asOf)
	}
	if q.Gate == GateSession && !s.allowed(v.rule.Apart, q) {
		return v.rule.violated(v.due, s.asOf)
	}
	return Satisfied, 0
}

// allowed reports whether a session keeps to the lists of a separation.
func (s *Snapshot) allowed(t *SeparationTerms, q *Question) bool {
	if len(t.OnlyDNNs) > 0 && !slices.ContainsFunc(t.OnlyDNNs, func(d ident.DNN) bool { return strings.EqualFold(string(d), string(q.DNN)) }) {
		return false
	}
	if len(t.OnlySlices) > 0 && !slices.Contains(t.OnlySlices, q.Slice) {
		return false
	}
	return len(t.OnlyUserPlanes) == 0 || slices.ContainsFunc(t.OnlyUserPlanes, func(want string) bool {
		if q.UserPlane == "" {
			return want == "own"
		}
		if tag, ok := strings.CutPrefix(want, "tag:"); ok {
			up := s.names.at(q.UserPlane)
			return up != nil && slices.Contains(up.e.Tags, tag)
		}
		return want == q.UserPlane
	})
}

// session adds what the user plane that is asked for may do.
func (s *Snapshot) session(q *Question, t *tally) {
	if q.UserPlane == "" {
		return
	}
	up := s.names.at(q.UserPlane)
	if up == nil {
		t.join(Refuse, 0, 0, ownRecord)
		return
	}
	u := s.stand(up, q)
	t.join(u.act, u.owes, u.due, u.rule)
}

// match compares what a radio claims with its record.
func (r *record) match(q *Question, t *tally) claim {
	var c claim
	if !r.e.OwnsN2(q.Peer) {
		t.join(Refuse, 0, 0, ownAddress)
		c.hits |= hitAddress
	}
	if r.e.Fingerprint != "" && q.Fingerprint != "" && r.e.Fingerprint != q.Fingerprint {
		t.join(Refuse, 0, 0, ownCertificate)
		c.hits |= hitCertificate
	}
	for i := range q.Areas {
		a := &q.Areas[i]
		if !slices.Contains(r.e.TACs, a.TAI.TAC) || !r.serves(a.TAI.PLMN) {
			t.join(Refuse, 0, 0, ownArea)
			c.area, c.hits = a.TAI, c.hits|hitArea
		}
		for _, n := range a.Slices {
			if !slices.Contains(r.e.Slices, n) {
				t.join(Restrict, 0, 0, ownSlice)
				c.slice, c.hits = n, c.hits|hitSlice
			}
		}
	}
	return c
}

func (r *record) serves(p ident.PLMN) bool {
	if len(r.e.PLMNs) == 0 {
		return p == r.e.Node.PLMN
	}
	return slices.Contains(r.e.PLMNs, p)
}
