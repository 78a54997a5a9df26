package rules

import (
	"iter"
	"slices"

	"cordon/ident"
)

// shards is how many maps a table has. A change copies one of them, which at 100,000 elements
// holds about a hundred.
const shards = 1024

// table is a map that is changed by copying a small part of it.
type table[K comparable] struct {
	hash  func(K) uint32
	parts []map[K]*record
	n     int
}

func newTable[K comparable](hash func(K) uint32) *table[K] {
	return &table[K]{hash: hash, parts: make([]map[K]*record, shards)}
}

func (t *table[K]) at(k K) *record { return t.parts[t.hash(k)%shards][k] }

// put is for a table that nobody else sees yet.
func (t *table[K]) put(k K, r *record) {
	i := t.hash(k) % shards
	if t.parts[i] == nil {
		t.parts[i] = map[K]*record{}
	}
	if t.parts[i][k] == nil {
		t.n++
	}
	t.parts[i][k] = r
}

// edit is a copy to which changes are made through its own copies of parts.
func (t *table[K]) edit() *tableEdit[K] {
	c := *t
	c.parts = slices.Clone(t.parts)
	return &tableEdit[K]{table: &c, own: make([]bool, shards)}
}

type tableEdit[K comparable] struct {
	table *table[K]
	own   []bool // parts that are copied already
}

// set puts a record, or takes it away where r is nil.
func (e *tableEdit[K]) set(k K, r *record) {
	i := e.table.hash(k) % shards
	part := e.table.parts[i]
	if !e.own[i] {
		c := make(map[K]*record, len(part)+1)
		for k, r := range part {
			c[k] = r
		}
		part, e.own[i] = c, true
		e.table.parts[i] = c
	}
	if part[k] != nil {
		e.table.n--
	}
	if delete(part, k); r != nil {
		part[k] = r
		e.table.n++
	}
}

// all is every record, in no order.
func (t *table[K]) all() iter.Seq[*record] {
	return func(yield func(*record) bool) {
		for _, part := range t.parts {
			for _, r := range part {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// hashName is FNV-1a. Names are the operator's own, so nobody chooses them to collide.
func hashName(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h ^ h>>15
}

func hashNode(n ident.RANNode) uint32 {
	h := n.ID*2654435761 ^ uint32(n.Bits)<<8 ^ uint32(n.Kind) ^ uint32(n.PLMN[0])<<16 ^ uint32(n.PLMN[1])<<20 ^ uint32(n.PLMN[2])<<24
	return h ^ h>>15
}
