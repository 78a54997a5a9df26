package nas

import "math/bits"

// BitRate is a rate in bit/s. On the wire it is a number of 16 bits and a unit, 1 kbit/s
// times a power of four (TS 24.501 §9.11.4.14, table 9.11.4.12.1); a rate that cannot be
// said so is rounded up.
type BitRate uint64

// AMBR is the aggregate bit rate of a session, downlink first as on the wire.
type AMBR struct {
	Downlink, Uplink BitRate
}

const (
	maxRateUnit  = 25
	maxRateValue = 65535
)

// rateUnit is 1, 4, 16, 64 or 256 times a power of thousand.
func rateUnit(unit int) uint64 {
	r := uint64(1000)
	for range (unit - 1) / 5 {
		r *= 1000
	}
	return r << (2 * ((unit - 1) % 5))
}

// exactUnits is the order in which units are tried: the powers of thousand first, from
// the largest, as others write them, then all, from the finest.
var exactUnits = [...]int{21, 16, 11, 6, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 14, 15, 17, 18, 19, 20, 22, 23, 24, 25}

// wire is a unit in which the rate is exact, or else the finest in which it fits.
func (r BitRate) wire() (unit byte, value uint16) {
	if r == 0 {
		return 1, 0
	}
	for _, u := range exactUnits {
		if n := uint64(r) / rateUnit(u); n <= maxRateValue && n*rateUnit(u) == uint64(r) {
			return byte(u), uint16(n)
		}
	}
	for u := 1; u <= maxRateUnit; u++ {
		if n := uint64(r) / rateUnit(u); n < maxRateValue { // what is left over is not 0
			return byte(u), uint16(n + 1)
		}
	}
	return maxRateUnit, maxRateValue
}

// bitRate is a unit and a value. Unit 0 says that the value does not count; one beyond
// the last means the last.
func bitRate(c *coder, r *BitRate) {
	if c.writing {
		u, n := r.wire()
		c.put(u, byte(n>>8), byte(n))
		return
	}
	unit, value := min(int(c.get()), maxRateUnit), uint16(0)
	u16(c, &value)
	if unit == 0 {
		return
	}
	over, rate := bits.Mul64(uint64(value), rateUnit(unit))
	c.check(over == 0)
	*r = BitRate(rate)
}

func ambr(c *coder, a *AMBR) {
	bitRate(c, &a.Downlink)
	bitRate(c, &a.Uplink)
}
