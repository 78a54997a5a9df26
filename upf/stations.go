package upf

import (
	"math/bits"
	"sync/atomic"
)

// stations says where MAC addresses are. One half writes it, and the other reads it meanwhile: an entry that is being
// written is not there to the reader.
//
// Devices choose their addresses. So the hash is a secret one, and the places for an address are few: whoever
// makes up addresses comes to the bound of his session, and finds nothing made long.
type stations struct {
	entries []station // in groups of stationWays
	factor  uint64    // odd
	shift   uint8
	first   uint32 // line of the first bridge
	ports   []port // by line - first; nil on the side of N6, which has one for all
}

// station is an address and who has it.
type station struct {
	key atomic.Uint64 // bridge.key of the address, 0: free
	at  atomic.Uint64 // line of the session, and above it the second in which it last sent
}

// port is what lives behind a session.
type port struct {
	n    uint8
	macs [maxMACs]uint32 // entries
}

const (
	stationWays  = 8
	outsideOf    = 4096 // addresses on N6 of one bridge
	stationSlack = 4    // entries for each address there may be
)

// init makes room for what bridges may have behind their sessions or, if outside, on N6.
func (t *stations) init(bridges []bridge, outside bool, random func() uint64) {
	if len(bridges) == 0 {
		return
	}
	n, sessions := 0, 0
	for i := range bridges {
		sessions += bridges[i].cfg.Sessions
		if outside && bridges[i].cfg.N6 {
			n += outsideOf
		}
	}
	if !outside {
		n, t.ports = sessions*maxMACs, make([]port, sessions)
	}
	groups := uint(bits.Len(uint(max(n*stationSlack/stationWays, 2) - 1)))
	*t = stations{entries: make([]station, stationWays<<groups), factor: random() | 1, shift: uint8(64 - groups), first: bridges[0].first, ports: t.ports}
}

// group is where an address may be: the first of its stationWays entries.
func (t *stations) group(key uint64) int {
	return int(key * t.factor >> t.shift * stationWays)
}

// place is the entry of an address.
func (t *stations) place(key uint64) (int, bool) {
	if len(t.entries) == 0 {
		return 0, false
	}
	from := t.group(key)
	for i := from; i < from+stationWays; i++ {
		if t.entries[i].key.Load() == key {
			return i, true
		}
	}
	return 0, false
}

// find is the line that has an address, and the second in which it last sent.
func (t *stations) find(key uint64) (line, second uint32, ok bool) {
	i, ok := t.place(key)
	if !ok {
		return 0, 0, false
	}
	at := t.entries[i].at.Load()
	return uint32(at), uint32(at >> 32), t.entries[i].key.Load() == key
}

// holds reports whether somebody has sent from an address within the last age seconds.
func (t *stations) holds(key uint64, second, age uint32) bool {
	_, last, ok := t.find(key)
	return ok && second-last < age
}

// learn notes that an address is behind the session of a line, or says why it cannot be: another's that has not been
// silent for long stays his.
func (t *stations) learn(key uint64, line, second, age uint32) Reason {
	if len(t.entries) == 0 {
		return ReasonManyMACs
	}
	at := uint64(line) | uint64(second)<<32
	i, known := t.place(key)
	if known {
		e := &t.entries[i]
		switch was := e.at.Load(); {
		case was == at:
			return ReasonNone
		case uint32(was) == line:
			e.at.Store(at)
			return ReasonNone
		case second-uint32(was>>32) < age:
			return ReasonSpoofedSource
		}
	} else if i, known = t.vacant(key, second, age); !known {
		return ReasonManyMACs
	}
	if !t.room(line, second, age) {
		return ReasonManyMACs
	}
	t.remove(i)
	t.entries[i].at.Store(at)
	t.entries[i].key.Store(key)
	if t.ports != nil {
		p := &t.ports[line-t.first]
		p.macs[p.n] = uint32(i)
		p.n++
	}
	return ReasonNone
}

// vacant is an entry that an address may have: one that is free, or the one that has been silent for longest, if for age seconds.
func (t *stations) vacant(key uint64, second, age uint32) (int, bool) {
	at, longest, from := 0, age, t.group(key)
	for i := from; i < from+stationWays; i++ {
		e := &t.entries[i]
		if e.key.Load() == 0 {
			return i, true
		}
		if silent := second - uint32(e.at.Load()>>32); silent >= longest {
			at, longest = i, silent+1
		}
	}
	return at, longest > age
}

// room sees that a session may have one more address, for which one of its own goes that has been silent for age seconds.
func (t *stations) room(line, second, age uint32) bool {
	if t.ports == nil {
		return true
	}
	p := &t.ports[line-t.first]
	for _, i := range p.macs[:p.n] {
		if p.n == maxMACs && second-uint32(t.entries[i].at.Load()>>32) >= age {
			t.remove(int(i))
		}
	}
	return p.n < maxMACs
}

// remove forgets the address of an entry.
func (t *stations) remove(i int) {
	e := &t.entries[i]
	if e.key.Load() == 0 {
		return
	}
	line := uint32(e.at.Load())
	e.key.Store(0)
	if t.ports == nil {
		return
	}
	p := &t.ports[line-t.first]
	for k := range p.macs[:p.n] {
		if p.macs[k] == uint32(i) {
			p.n--
			p.macs[k] = p.macs[p.n]
			return
		}
	}
}

// forget forgets what is behind the session of a line.
func (t *stations) forget(line uint32) {
	p := &t.ports[line-t.first]
	for p.n > 0 {
		t.remove(int(p.macs[0]))
	}
}
