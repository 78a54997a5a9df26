package nas

import "time"

// TimeZone is an offset from universal time in quarters of an hour, -79 to 79, daylight
// saving included (TS 24.008 §10.5.3.8).
type TimeZone int8

// UniversalTime is what time it is, and where (TS 24.008 §10.5.3.9).
type UniversalTime struct {
	Time time.Time // in UTC, to the second, 2000 to 2099
	Zone TimeZone
}

// swapped is two decimal digits, the first in the lower half.
func swapped(c *coder, v *int) {
	if c.writing {
		c.check(*v >= 0 && *v < 100)
		c.put(byte(*v%10<<4 | *v/10))
		return
	}
	b := c.get()
	c.check(b&15 < 10 && b>>4 < 10)
	*v = int(b&15)*10 + int(b>>4)
}

const zoneWest = 0x08 // sign bit

func timeZone(c *coder, z *TimeZone) {
	if c.writing {
		n := int(*z)
		if n < 0 {
			n = -n
		}
		c.check(n < 80)
		swapped(c, &n)
		if *z < 0 && c.err == nil {
			c.b[len(c.b)-1] |= zoneWest
		}
		return
	}
	b := c.get()
	c.check(b>>4 < 10)
	n := TimeZone(b&7)*10 + TimeZone(b>>4)
	if b&zoneWest != 0 {
		n = -n
	}
	*z = n
}

func universalTime(c *coder, u *UniversalTime) {
	t := u.Time.UTC()
	year, month, day := t.Year()-2000, int(t.Month()), t.Day()
	hour, minute, second := t.Clock()
	for _, v := range [...]*int{&year, &month, &day, &hour, &minute, &second} {
		swapped(c, v)
	}
	timeZone(c, &u.Zone)
	if c.writing {
		return
	}
	t = time.Date(2000+year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	// A date that does not exist comes out as another one.
	c.check(int(t.Month()) == month && t.Day() == day && t.Hour() == hour && t.Minute() == minute && t.Second() == second)
	u.Time = t
}
