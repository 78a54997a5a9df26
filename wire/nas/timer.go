package nas

import (
	"fmt"
	"time"
)

// Deactivated is the value of a timer that is not to run.
const Deactivated time.Duration = -1

// Units of the three upper bits, by value; 0 is deactivated.
var (
	units2 = [8]time.Duration{2 * time.Second, time.Minute, 6 * time.Minute, time.Minute, time.Minute, time.Minute, time.Minute, 0}
	units3 = [8]time.Duration{10 * time.Minute, time.Hour, 10 * time.Hour, 2 * time.Second, 30 * time.Second, time.Minute, 320 * time.Hour, 0}
)

// timer2 is a GPRS timer or GPRS timer 2 (TS 24.008 §10.5.7.3, §10.5.7.4).
func timer2(c *coder, d *time.Duration) { codeTimer(c, d, &units2) }

// timer3 is a GPRS timer 3 (TS 24.008 §10.5.7.4a).
func timer3(c *coder, d *time.Duration) { codeTimer(c, d, &units3) }

func codeTimer(c *coder, d *time.Duration, units *[8]time.Duration) {
	if !c.writing {
		v := c.get()
		if *d = units[v>>5] * time.Duration(v&31); v>>5 == 7 {
			*d = Deactivated
		}
		return
	}
	v, err := timerOctet(*d, units)
	c.check(err == nil)
	c.put(v)
}

func timerOctet(d time.Duration, units *[8]time.Duration) (byte, error) {
	if d == Deactivated {
		return 7 << 5, nil
	}
	for unit, u := range units[:7] {
		if d >= 0 && d%u == 0 && d/u < 32 {
			return byte(unit)<<5 | byte(d/u), nil
		}
	}
	return 0, fmt.Errorf("timer of %v: %w", d, ErrValue)
}

// Timer2 is the shortest duration not below d that a GPRS timer 2 can say (T3502, T3346
// and their like); Append refuses others. Nothing is longer than 3 h 6 min.
func Timer2(d time.Duration) time.Duration { return roundTimer(d, &units2) }

// Timer3 is the shortest duration not below d that a GPRS timer 3 can say (T3512 and the
// back-off timers); Append refuses others. Nothing is longer than 9920 h.
func Timer3(d time.Duration) time.Duration { return roundTimer(d, &units3) }

func roundTimer(d time.Duration, units *[8]time.Duration) time.Duration {
	if d == Deactivated {
		return d
	}
	d = max(d, 0)
	best, longest := time.Duration(-1), time.Duration(0)
	for _, u := range units[:7] {
		n := min((d+u-1)/u, 31)
		longest = max(longest, 31*u)
		if n*u >= d && (best < 0 || n*u < best) {
			best = n * u
		}
	}
	if best < 0 {
		return longest
	}
	return best
}
