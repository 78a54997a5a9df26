package rules

import (
	"fmt"
	"time"
)

// Date is a day in UTC, counted from 1 January 1970. The zero value is no date: an absent bound,
// or a fact that is not known.
type Date int32

// DateOf is the day that t falls on.
func DateOf(t time.Time) Date { return Date(t.Unix() / 86400) }

// ParseDate reads a day as 2027-12-31, from 1970-01-02 to 9999-12-31.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Unix() < 86400 {
		return 0, fmt.Errorf("%.20q is no date: want one as 2027-12-31", s)
	}
	return DateOf(t), nil
}

// Time is the day's first moment.
func (d Date) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String is empty for no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// AddMonths is the same day of the month so many months later, or the first of the month after
// where that month is too short.
func (d Date) AddMonths(n int) Date { return DateOf(d.Time().AddDate(0, n, 0)) }
