package rules

import (
	"slices"
	"sort"
)

// chunkSize is how many members a chunk of a ranking has at most; a change copies one chunk.
const chunkSize = 512

// ranking is the elements that a share is of, in the order in which they are kept, with sums that make one
// change cheap. Elements whose measure is not known are counted, and never kept.
type ranking struct {
	measure Measure
	chunks  []chunk
	sum     amount
	known   int
	unknown int
	last    *record // of those kept; nil where none is
	kept    int
}

type chunk struct {
	members []*record
	sum     amount
}

// append adds what comes after all others. It is for a ranking that nobody else sees yet.
func (k *ranking) append(r *record, n uint64) {
	if len(k.chunks) == 0 || len(k.chunks[len(k.chunks)-1].members) >= chunkSize/2 {
		k.chunks = append(k.chunks, chunk{members: make([]*record, 0, chunkSize/2)})
	}
	c := &k.chunks[len(k.chunks)-1]
	c.members, c.sum = append(c.members, r), c.sum.plus(n)
	k.sum, k.known = k.sum.plus(n), k.known+1
}

// find is the chunk that r belongs to, and its place there.
func (k *ranking) find(r *record) (at, place int) {
	at = sort.Search(len(k.chunks), func(i int) bool {
		m := k.chunks[i].members
		return byInstallation(m[len(m)-1], r) >= 0
	})
	if at == len(k.chunks) {
		at--
	}
	place, _ = slices.BinarySearchFunc(k.chunks[at].members, r, byInstallation)
	return at, place
}

// with is a copy that has r.
func (k *ranking) with(r *record, n uint64) *ranking {
	c := *k
	c.chunks = slices.Clone(k.chunks)
	if len(c.chunks) == 0 {
		c.append(r, n)
		return &c
	}
	at, place := c.find(r)
	old := c.chunks[at]
	grown := chunk{slices.Insert(slices.Clone(old.members), place, r), old.sum.plus(n)}
	c.chunks[at] = grown
	c.sum, c.known = c.sum.plus(n), c.known+1
	if len(grown.members) > chunkSize {
		c.split(at)
	}
	return &c
}

// split makes two chunks of one.
func (k *ranking) split(at int) {
	all := k.chunks[at].members
	var halves [2]chunk
	for i, members := range [][]*record{all[:len(all)/2], all[len(all)/2:]} {
		halves[i].members = slices.Clone(members)
		for _, r := range members {
			n, _ := k.measure.of(r.e)
			halves[i].sum = halves[i].sum.plus(n)
		}
	}
	k.chunks = slices.Replace(k.chunks, at, at+1, halves[:]...)
}

// without is a copy that lacks r, which it has.
func (k *ranking) without(r *record, n uint64) *ranking {
	c := *k
	c.chunks = slices.Clone(k.chunks)
	at, place := c.find(r)
	old := c.chunks[at]
	c.chunks[at] = chunk{slices.Delete(slices.Clone(old.members), place, place+1), old.sum.minus(n)}
	if len(c.chunks[at].members) == 0 {
		c.chunks = slices.Delete(c.chunks, at, at+1)
	}
	c.sum, c.known = c.sum.minus(n), c.known-1
	return &c
}

// keep finds the longest run of first members whose share of themselves and the others is not above the cap.
func (k *ranking) keep(share Percent, others amount) {
	k.last, k.kept = nil, 0
	var sum amount
	fits := func(more amount) bool {
		kept := sum.and(more)
		return !kept.exceeds(share, others.and(kept))
	}
	for _, c := range k.chunks {
		if fits(c.sum) {
			sum, k.kept, k.last = sum.and(c.sum), k.kept+len(c.members), c.members[len(c.members)-1]
			continue
		}
		for _, r := range c.members {
			n, _ := k.measure.of(r.e)
			if !fits(amount{lo: n}) {
				return
			}
			sum, k.kept, k.last = sum.plus(n), k.kept+1, r
		}
		return
	}
}

// keeps reports whether r, a member, is among those kept.
func (k *ranking) keeps(r *record) bool {
	if _, known := k.measure.of(r.e); !known || k.last == nil {
		return false
	}
	return byInstallation(r, k.last) <= 0
}
