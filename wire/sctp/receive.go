package sctp

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// span is how many TSNs beyond a gap are kept; what comes further ahead is dropped
// unacknowledged, and its sender sends it again.
const span = 4096

// overhead is what a message or fragment costs here besides its octets. It is counted, so
// that a peer cannot fill memory with one-octet messages.
const overhead = 64

const (
	maxBlocks     = 64 // gap ack blocks in one SACK
	maxDuplicates = 8  // duplicate TSNs in one SACK
)

// receiver is the receiving half of an association: which TSNs have arrived, and what of
// them makes a message.
//
// Messages are assembled in the order of their TSNs, which is the order of every
// stream. Only a message of a single fragment, next in its stream or unordered, is delivered
// across a gap: that is what streams are for, and longer messages are rare. Fragments of one
// message have consecutive TSNs (§6.9), so at most one is ever incomplete below the gap.
type receiver struct {
	cumulative uint32 // every TSN up to this one has arrived
	highest    uint32 // of those that have arrived
	ahead      []slot // by TSN modulo its length, a power of two, for TSNs above cumulative
	have       []uint64
	next       sequences

	partial  []byte // of the message that begin began
	begin    Data
	unfinish bool

	ready      fifo[Message]
	held       int // octets and overhead in ahead, partial and ready
	advertised int // the window last told to the peer
	duplicates []uint32
	packets    int // with DATA since the last SACK
}

// slot is a chunk above a gap. When done, it was delivered already.
type slot struct {
	Data
	done bool
}

// arrival says what became of a chunk.
type arrival uint8

const (
	arrived   arrival = iota // in order
	gapped                   // above a gap
	duplicate                // known already
	refused                  // no room; as if it had been lost
)

// take takes a DATA chunk. It copies what it keeps. An error means that the peer broke the
// protocol.
func (r *receiver) take(d Data, cfg *Config, streams uint16) (arrival, error) {
	ahead := int32(d.TSN - r.cumulative)
	switch {
	case ahead <= 0 || r.has(d.TSN):
		if len(r.duplicates) < maxDuplicates {
			r.duplicates = append(r.duplicates, d.TSN)
		}
		return duplicate, nil
	case ahead > span:
		return refused, nil
	case ahead > 1:
		return r.takeAhead(d, cfg, streams)
	case r.held > 2*cfg.Window:
		return refused, nil
	}
	if before(r.highest, d.TSN) {
		r.highest = d.TSN
	}
	r.cumulative++
	if err := r.assemble(d, cfg, streams); err != nil {
		return arrived, err
	}
	return arrived, r.advance(cfg, streams)
}

// takeAhead takes a chunk above a gap.
func (r *receiver) takeAhead(d Data, cfg *Config, streams uint16) (arrival, error) {
	if r.held+len(d.Data)+overhead > cfg.Window {
		return refused, nil
	}
	r.reach(d.TSN)
	s := slot{Data: d}
	whole := d.Begin && d.End && d.Stream < streams
	if whole && (d.Unordered || d.SSN == *r.next.of(d.Stream)) {
		r.deliver(d, slices.Clone(d.Data))
		s.done, s.Data.Data = true, nil
	} else {
		s.Data.Data = slices.Clone(d.Data)
		r.held += len(d.Data) + overhead
	}
	i := int(d.TSN) & (len(r.ahead) - 1)
	r.ahead[i] = s
	r.have[i/64] |= 1 << (i % 64)
	if before(r.highest, d.TSN) {
		r.highest = d.TSN
	}
	return gapped, nil
}

// has reports whether a TSN above the gap has arrived.
func (r *receiver) has(tsn uint32) bool {
	if before(r.highest, tsn) || len(r.ahead) == 0 {
		return false
	}
	i := int(tsn) & (len(r.ahead) - 1)
	return r.have[i/64]&(1<<(i%64)) != 0
}

// reach makes ahead long enough to hold tsn.
func (r *receiver) reach(tsn uint32) {
	need := int(tsn - r.cumulative)
	if need <= len(r.ahead) {
		return
	}
	n := max(64, 1<<bits.Len(uint(need-1)))
	ahead, have := make([]slot, n), make([]uint64, n/64)
	for t := r.cumulative + 1; !before(r.highest, t); t++ {
		if r.has(t) {
			i := int(t) & (n - 1)
			ahead[i] = r.ahead[int(t)&(len(r.ahead)-1)]
			have[i/64] |= 1 << (i % 64)
		}
	}
	r.ahead, r.have = ahead, have
}

// advance moves the cumulative TSN over what had arrived ahead of it.
func (r *receiver) advance(cfg *Config, streams uint16) error {
	for r.has(r.cumulative + 1) {
		r.cumulative++
		i := int(r.cumulative) & (len(r.ahead) - 1)
		s := r.ahead[i]
		r.ahead[i] = slot{}
		r.have[i/64] &^= 1 << (i % 64)
		if s.done {
			if r.unfinish {
				return ErrProtocol
			}
			continue
		}
		r.held -= len(s.Data.Data) + overhead
		if err := r.assemble(s.Data, cfg, streams); err != nil {
			return err
		}
	}
	if r.cumulative == r.highest && len(r.ahead) > 256 {
		r.ahead, r.have = nil, nil
	}
	return nil
}

// assemble takes the chunk that is next in order.
func (r *receiver) assemble(d Data, cfg *Config, streams uint16) error {
	switch {
	case d.Begin == r.unfinish: // a message inside another, or a middle without a beginning
		return ErrProtocol
	case d.Stream >= streams:
		return nil // acknowledged and dropped; the peer is told elsewhere
	case d.Begin && !d.Unordered && d.SSN != *r.next.of(d.Stream):
		return ErrProtocol // no message that has yet to come can carry the number in between
	case d.Begin && d.End:
		r.deliver(d, slices.Clone(d.Data))
		return nil
	case d.Begin:
		r.begin, r.unfinish = d, true
		r.begin.Data = nil
		r.partial = nil
		r.held += overhead
	case d.Stream != r.begin.Stream || d.Unordered != r.begin.Unordered || !d.Unordered && d.SSN != r.begin.SSN:
		return ErrProtocol
	}
	if len(r.partial)+len(d.Data) > cfg.MaxMessage {
		return ErrTooLong
	}
	r.partial = append(r.partial, d.Data...)
	r.held += len(d.Data)
	if d.End {
		whole := r.partial
		r.held -= len(whole) + overhead
		r.partial, r.unfinish = nil, false
		r.deliver(r.begin, whole)
	}
	return nil
}

// deliver makes a whole message ready. It owns data.
func (r *receiver) deliver(d Data, data []byte) {
	if !d.Unordered {
		*r.next.of(d.Stream)++
	}
	r.held += len(data) + overhead
	r.ready.push(Message{Stream: d.Stream, PPID: d.PPID, Unordered: d.Unordered, Data: data})
}

// window is what may be advertised to the peer.
func (r *receiver) window(cfg *Config) int { return max(0, cfg.Window-r.held) }

// appendSACK reports what has arrived.
func (r *receiver) appendSACK(b []byte, cfg *Config) []byte {
	r.advertised = r.window(cfg)
	s := SACK{Cumulative: r.cumulative, Window: uint32(r.advertised)}
	for t := r.cumulative + 1; !before(r.highest, t) && len(s.blocks) < 4*maxBlocks; {
		first := r.runEnd(t, false)
		t = r.runEnd(first, true)
		s.blocks = binary.BigEndian.AppendUint16(s.blocks, uint16(first-r.cumulative))
		s.blocks = binary.BigEndian.AppendUint16(s.blocks, uint16(t-1-r.cumulative))
	}
	for _, t := range r.duplicates {
		s.duplicates = binary.BigEndian.AppendUint32(s.duplicates, t)
	}
	r.duplicates = r.duplicates[:0]
	r.packets = 0
	return s.Append(b)
}

// runEnd returns the first TSN from t on, up to highest and one more, that has not
// arrived, or that has if present is false; 64 are looked at in one step.
func (r *receiver) runEnd(t uint32, present bool) uint32 {
	for !before(r.highest, t) {
		i := int(t) & (len(r.ahead) - 1)
		left := 64 - i%64
		word := r.have[i/64] >> (i % 64)
		if present {
			word = ^word
		}
		n := min(bits.TrailingZeros64(word), left)
		t += uint32(n)
		if n < left {
			break
		}
	}
	return t
}
