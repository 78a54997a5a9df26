package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"slices"
	"strings"
)

// Digest is a SHA-256 over everything that verdicts follow from: date, regimes, records, findings and orders.
// The order in which they were given does not change it. Elements are hashed one by one, and
// then in 1,024 parts by a hash of their names, so that a change is hashed in parts.
func (s *Snapshot) Digest() [32]byte {
	if s == nil || s.base == nil {
		return [32]byte{}
	}
	h := sha256.New()
	h.Write(s.base.digest[:])
	for i := range s.sums {
		h.Write(s.sums[i][:])
	}
	if s.cuts != nil {
		writeSorted(h, "cut", s.cuts.all)
	}
	return [32]byte(h.Sum(nil))
}

// DigestText is the digest as evidence and reports name a snapshot.
func (s *Snapshot) DigestText() string {
	d := s.Digest()
	return "sha256:" + hex.EncodeToString(d[:])
}

// sum hashes what elements are judged by.
func (b *base) sum(f *Facts) {
	h := sha256.New()
	writeSorted(h, "date", []Date{b.asOf})
	writeSorted(h, "vendor", f.Vendors)
	writeSorted(h, "site", f.Sites)
	writeSorted(h, "zone", f.Zones)
	writeSorted(h, "link", f.Links)
	for _, g := range b.regimes {
		writeSorted(h, "regime "+g.Name, g.Vendors)
		writeSorted(h, "parameter", g.Parameters)
		rules := make([]Rule, len(g.Rules))
		for i, r := range g.Rules {
			rules[i] = *r
			rules[i].Regime = nil
		}
		writeSorted(h, "rule", rules)
	}
	b.digest = [32]byte(h.Sum(nil))
}

// writeSorted hashes a list as JSON, each value on a line, in the order of the lines.
func writeSorted[T any](h hash.Hash, name string, of []T) {
	lines := make([]string, len(of))
	for i := range of {
		text, err := json.Marshal(of[i])
		if err != nil {
			text = []byte(err.Error()) // no number of a checked record is one that JSON cannot hold
		}
		lines[i] = string(text)
	}
	slices.Sort(lines)
	h.Write([]byte(name + "\n" + strings.Join(lines, "\n") + "\n\n"))
}

// sumElement hashes an element with what was found of it. Scratch is its to use.
func (r *record) sumElement(scratch *canonical) {
	scratch.b = scratch.b[:0]
	scratch.element(r)
	r.digest = sha256.Sum256(scratch.b)
}

// sumAll hashes all elements.
func (s *Snapshot) sumAll(records []*record) {
	var scratch canonical
	for _, r := range records {
		r.sumElement(&scratch)
	}
	for i := range s.sums {
		s.sumPart(i)
	}
}

// sumPart hashes one part of the elements, in the order of their digests.
func (s *Snapshot) sumPart(i int) {
	all := make([][32]byte, 0, len(s.names.parts[i]))
	for _, r := range s.names.parts[i] {
		all = append(all, r.digest)
	}
	if len(all) == 0 {
		s.sums[i] = [32]byte{}
		return
	}
	slices.SortFunc(all, func(a, b [32]byte) int { return slices.Compare(a[:], b[:]) })
	h := sha256.New()
	for _, d := range all {
		h.Write(d[:])
	}
	s.sums[i] = [32]byte(h.Sum(nil))
}
