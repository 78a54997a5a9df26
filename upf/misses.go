package upf

import (
	"net/netip"
	"time"
)

// misses are the TEIDs that one source has named in a while and that no session has. Who guesses names ever others. Who has not
// noticed that its sessions are gone, as a radio after this user plane's restart, names the same few again and again, however
// many packets that makes. Each is a bit, at a place that nobody outside can know.
type misses struct {
	source    netip.Addr
	since     time.Duration
	key       uint64
	different int
	named     [missPlaces / 64]uint64
}

const (
	missPlaces = 4096
	// missWindow is how long what was named is remembered.
	missWindow = 10 * time.Second
	// missesInWindow is how many different ones are no sweep: about as many devices of a radio are sending at any moment.
	missesInWindow = 200
	// strangersMissing is how many sources that are no peers are looked at at once.
	strangersMissing = 16
)

// missesOf are those of a source, a peer of that number or, if it is 0, a stranger. Each has its own, so that nobody answers for
// what others name; the stranger that was first seen longest ago makes room for another.
func (s *Sessions) missesOf(now time.Duration, number uint32, source netip.Addr) *misses {
	at := &s.peers.list[number].misses
	if number == 0 {
		at = s.strangersMisses(source)
	}
	if m := *at; m == nil || m.source != source || now-m.since >= missWindow {
		*at = &misses{source: source, since: now, key: s.cfg.Random() | 1}
	}
	return *at
}

func (s *Sessions) strangersMisses(source netip.Addr) (at **misses) {
	for k := range s.up.misses {
		m := s.up.misses[k]
		if m != nil && m.source == source {
			return &s.up.misses[k]
		}
		if at == nil || *at != nil && (m == nil || m.since < (*at).since) {
			at = &s.up.misses[k]
		}
	}
	return at
}

// sweep notes a TEID, and reports whether it is one too many.
func (m *misses) sweep(teid uint32) bool {
	h := (uint64(teid) + m.key>>32) * m.key
	h ^= h >> 29
	at := h * 0x9e3779b97f4a7c15 >> 52 // the first 12 bits, a place
	if bit := uint64(1) << (at % 64); m.named[at/64]&bit == 0 {
		m.named[at/64] |= bit
		m.different++
		return m.different > missesInWindow
	}
	return false
}
