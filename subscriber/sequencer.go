package subscriber

import (
	"errors"
	"time"

	"cordon/aka"
	"cordon/ident"
)

// Tick is the unit in which SEQ counts time. SIMs refuse a step beyond aka.Delta, which
// with this unit is ten months of not being used; after that they resynchronise once.
const Tick = 100 * time.Millisecond

// ahead is how many ticks the sequence numbers of one subscriber may run ahead of time:
// vectors asked for at once, each of which needs a number of its own.
const ahead = 50

// ErrSQNExhausted is a SIM whose sequence numbers are used up; it can only be replaced.
var ErrSQNExhausted = errors.New("sequence numbers of this SIM are exhausted")

// Sequencer makes sequence numbers from the time (TS 33.102 annex C.1.1.3), so that none
// needs to be written down: SEQ is the ticks since the network's epoch plus the
// subscriber's offset. It holds no more than the subscribers of the last few seconds.
//
// Its numbers rise for each subscriber, also when the clock is set back while it runs. It
// starts beyond everything that an earlier Sequencer with the same epoch and IND made, so a
// restart reuses none. Two things escape it, and cost a SIM one resynchronisation: a clock
// that was set back over the restart, and a second restart within five seconds for a
// subscriber who meanwhile asked for more than a vector a tick. Sequencers that are in use
// at one time have different INDs and need not know of one another.
type Sequencer struct {
	epoch  time.Time
	ind    uint8
	floor  uint64 // no tick below this is used
	latest uint64 // the highest that the clock has shown
	recent map[ident.SUPI]uint64
}

// NewSequencer starts one at the time now. epoch is the network's own and never changes;
// ind is 0 to 31.
func NewSequencer(epoch, now time.Time, ind uint8) *Sequencer {
	q := &Sequencer{epoch: epoch, ind: ind & 31, recent: map[ident.SUPI]uint64{}}
	q.floor = q.clock(now) + ahead + 1
	return q
}

// clock is the tick that now lies in, never less than before.
func (q *Sequencer) clock(now time.Time) uint64 {
	t := uint64(max(0, now.Sub(q.epoch)/Tick))
	if t <= q.latest {
		return q.latest
	}
	q.latest = t
	for supi, used := range q.recent {
		if used < max(t, q.floor) { // the next one is higher anyway
			delete(q.recent, supi)
		}
	}
	return t
}

// Next is the sequence number for a vector made at the time now. Of one that is asked for
// oftener than time can bear (five seconds' worth at once) the last is given again: a
// device may then have to resynchronise, but whoever asked cannot drive the numbers on.
func (q *Sequencer) Next(now time.Time, p *Profile) (aka.SQN, error) {
	first := max(q.clock(now), q.floor)
	next := first
	if used, ok := q.recent[p.SUPI]; ok && used >= first {
		next = min(used+1, first+ahead)
	}
	seq, err := shift(next, p.SQNOffset)
	if err != nil {
		return 0, err
	}
	q.recent[p.SUPI] = next
	return aka.MakeSQN(seq, q.ind), nil
}

// Resync is the answer to a SIM that found a challenge not fresh: the offset with which the
// next number is the one after its own. rand is that of the challenge refused. The caller
// stores the offset in the profile and makes a new vector; with aka.ErrMAC the SIM did not
// make auts, and nothing changes.
func (q *Sequencer) Resync(now time.Time, p *Profile, rand [16]byte, auts [14]byte) (int64, error) {
	f, err := p.Credentials.Functions()
	if err != nil {
		return 0, err
	}
	ms, err := aka.OpenAUTS(f, rand, auts)
	if err != nil {
		return 0, err
	}
	if ms.SEQ() == aka.MaxSEQ {
		return 0, ErrSQNExhausted
	}
	return int64(ms.SEQ()) + 1 - int64(max(q.clock(now), q.floor)), nil
}

// shift adds a subscriber's offset. Both are far below 2^62, so the sum does not overflow.
func shift(tick uint64, offset int64) (uint64, error) {
	seq := int64(tick) + offset
	if seq < 1 || uint64(seq) > aka.MaxSEQ {
		return 0, ErrSQNExhausted
	}
	return uint64(seq), nil
}
