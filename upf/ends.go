package upf

// ends finds the session that leads downlink to a tunnel at a peer, which an error indication names. Of a million
// sessions nearly all lead where their downlink line says, so of each of those it keeps no more than two
// numbers: the sessions whose endpoints have one hash are a chain, and its lines are asked. A session that leads to
// several tunnels is in a map.
//
// A radio chooses the tunnels. So the hash is a secret one, and of sessions that lead to the same
// tunnel only the last is there: nobody makes the chains long.
type ends struct {
	mem     *Memory
	heads   []uint32 // by hash: 1 + slot of the first of its chain, 0 of none
	next    []uint32 // by slot: likewise of the one behind it
	several map[endpoint]uint32
	factor  uint64 // odd
	shift   uint8
	chained int
}

func (t *ends) init(mem *Memory, random func() uint64) {
	*t = ends{mem: mem, next: make([]uint32, len(mem.Records)), several: map[endpoint]uint32{}, factor: random() | 1, shift: 64}
	n := 1
	for n < len(mem.Records) {
		n, t.shift = 2*n, t.shift-1
	}
	t.heads = make([]uint32, n)
}

// len is how many tunnels it knows.
func (t *ends) len() int { return t.chained + len(t.several) }

// head is where the chain begins that an endpoint belongs to.
func (t *ends) head(e endpoint) *uint32 {
	return &t.heads[(uint64(e.peer)<<32|uint64(e.teid))*t.factor>>t.shift]
}

// of is where the downlink line of a session in a chain leads.
func (t *ends) of(i uint32) endpoint {
	tunnel := t.mem.Down[t.mem.Records[i].Down-1].Tunnel.Load()
	return endpoint{uint32(tunnel >> 32), uint32(tunnel)}
}

// find is the session that leads to e.
func (t *ends) find(e endpoint) (uint32, bool) {
	for at := *t.head(e); at != 0; at = t.next[at-1] {
		if t.of(at-1) == e {
			return at - 1, true
		}
	}
	i, ok := t.several[e]
	return i, ok
}

// add notes that session i leads to e, and no earlier one any more. Line says that its downlink line does, and that it
// leads nowhere else.
func (t *ends) add(i uint32, e endpoint, line bool) {
	if was, ok := t.find(e); ok {
		t.remove(was, e)
	}
	if !line {
		t.several[e] = i
		return
	}
	head := t.head(e)
	t.next[i], *head = *head, i+1
	t.chained++
}

// remove forgets that session i leads to e, unless a later one does. What the session's line says no longer matters.
func (t *ends) remove(i uint32, e endpoint) {
	for at := t.head(e); *at != 0; at = &t.next[*at-1] {
		if *at == i+1 {
			*at, t.next[i] = t.next[i], 0
			t.chained--
			return
		}
	}
	if was, ok := t.several[e]; ok && was == i {
		delete(t.several, e)
	}
}
