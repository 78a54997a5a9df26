package rules

import "math/bits"

// maxMeasure is the largest traffic or premises of one element.
const maxMeasure = 1e12

// amount is a sum of measures in millionths, exact, so that no order of adding changes it and a share of just
// the cap is not above it.
type amount struct{ hi, lo uint64 }

func (a amount) plus(n uint64) amount {
	lo, carry := bits.Add64(a.lo, n, 0)
	return amount{a.hi + carry, lo}
}

func (a amount) minus(n uint64) amount {
	lo, borrow := bits.Sub64(a.lo, n, 0)
	return amount{a.hi - borrow, lo}
}

func (a amount) less(b amount) amount {
	lo, borrow := bits.Sub64(a.lo, b.lo, 0)
	return amount{a.hi - b.hi - borrow, lo}
}

func (a amount) and(b amount) amount {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	return amount{a.hi + b.hi + carry, lo}
}

// times is right for n up to 100,000: sums stay far below.
func (a amount) times(n uint64) amount {
	hi, lo := bits.Mul64(a.lo, n)
	return amount{hi + a.hi*n, lo}
}

func (a amount) above(b amount) bool { return a.hi > b.hi || a.hi == b.hi && a.lo > b.lo }

func (a amount) float() float64 { return (float64(a.hi)*(1<<64) + float64(a.lo)) / millionths }

const (
	millionths = 1e6
	whole      = 100_000 // Percent of everything
)

// exceeds reports that a is more than a share of the whole of which it is a part.
func (a amount) exceeds(share Percent, of amount) bool {
	return a.times(whole).above(of.times(uint64(share)))
}

// percentOf is the share that a is, for people.
func (a amount) percentOf(of amount) float64 {
	if of == (amount{}) {
		return 0
	}
	return 100 * a.float() / of.float()
}

// measure is what an element counts, in millionths, and whether that is known.
func (m Measure) of(e *Element) (uint64, bool) {
	v := 1.0
	switch m {
	case Traffic:
		v = e.Traffic
	case Premises:
		v = e.Premises
	}
	if !(v >= 0) {
		return 0, false
	}
	return uint64(v*millionths + 0.5), true
}
