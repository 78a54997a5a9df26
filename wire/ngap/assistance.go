package ngap

import (
	"net/netip"

	"cordon/ident"
	"cordon/wire/per"
)

// TraceActivation asks a radio to trace a device (TS 38.413 §9.3.1.14). Depth is 0 to 5,
// minimum first.
type TraceActivation struct {
	TraceID    [8]byte
	Interfaces uint8 // bit map
	Depth      uint8
	Collector  netip.Addr
}

func traceActivation(c *coder, v *TraceActivation) {
	t := c.begin()
	per.Fixed(&c.Coder, v.TraceID[:])
	per.Bits(&c.Coder, &v.Interfaces, 8)
	per.Enum(&c.Coder, &v.Depth, 6, 0, true)
	address(c, &v.Collector)
	c.end(t)
}

// InactiveAssistance helps a radio to keep a device in RRC inactive (TS 38.413 §9.3.1.15).
type InactiveAssistance struct {
	IndexValue    uint16 // UE identity index, 10 bits
	DRX           *PagingDRX
	PeriodicTimer uint8 // as a GPRS timer 3 (TS 38.413 §9.3.1.24)
	MICO          bool
	TAIs          []ident.TAI // 1 to 16
	Expected      *ExpectedBehaviour
}

func inactiveAssistance(c *coder, v *InactiveAssistance) {
	drx, mico, expected := v.DRX != nil, v.MICO, v.Expected != nil
	t := c.begin(&drx, &mico, &expected)
	var alt uint8
	c.choice(&alt, 1)
	per.Bits(&c.Coder, &v.IndexValue, 10)
	present(c, drx, &v.DRX, pagingDRX)
	per.Bits(&c.Coder, &v.PeriodicTimer, 8)
	if mico {
		c.flag()
	}
	if c.Decoding() {
		v.MICO = mico
	}
	tais16(c, &v.TAIs)
	present(c, expected, &v.Expected, expectedBehaviour)
	c.end(t)
}

// tais16 codes lists of one to sixteen items that are a TAI.
func tais16(c *coder, v *[]ident.TAI) { list(c, v, 1, 16, taiItem) }

func taiItem(c *coder, v *ident.TAI) {
	t := c.begin()
	tai(c, v)
	c.end(t)
}

// ExpectedBehaviour is what a device is expected to do (TS 38.413 §9.3.1.93). Enumerations
// are the standard's, in its order.
type ExpectedBehaviour struct {
	Activity         *ExpectedActivity
	HandoverInterval *uint8 // 0 to 6: 15, 30, 60, 90, 120, 180 s, long
	Mobility         *uint8 // 0 stationary, 1 mobile
	Trajectory       []CellStay
}

// ExpectedActivity is how long a device is active and idle, in seconds, 1 to 181.
type ExpectedActivity struct {
	Active, Idle *uint8
	Source       *uint8 // 0 subscription, 1 statistics
}

// CellStay is a cell and the seconds spent there, 0 to 4095.
type CellStay struct {
	Cell   CGI
	Stayed *uint16
}

func expectedBehaviour(c *coder, v *ExpectedBehaviour) {
	activity, interval := v.Activity != nil, v.HandoverInterval != nil
	mobility, trajectory := v.Mobility != nil, len(v.Trajectory) > 0
	t := c.begin(&activity, &interval, &mobility, &trajectory)
	present(c, activity, &v.Activity, expectedActivity)
	present(c, interval, &v.HandoverInterval, enum[uint8](7, 0))
	present(c, mobility, &v.Mobility, enum[uint8](2, 0))
	if trajectory {
		list(c, &v.Trajectory, 1, 16, cellStay)
	}
	c.end(t)
}

func expectedActivity(c *coder, v *ExpectedActivity) {
	active, idle, source := v.Active != nil, v.Idle != nil, v.Source != nil
	t := c.begin(&active, &idle, &source)
	present(c, active, &v.Active, activityPeriod)
	present(c, idle, &v.Idle, activityPeriod)
	present(c, source, &v.Source, enum[uint8](2, 0))
	c.end(t)
}

// activityPeriod's permitted values leave gaps that PER does not see.
func activityPeriod(c *coder, v *uint8) { per.ExtInt(&c.Coder, v, 1, 181, 255) }

func cellStay(c *coder, v *CellStay) {
	stayed := v.Stayed != nil
	t := c.begin(&stayed)
	cgi(c, &v.Cell)
	present(c, stayed, &v.Stayed, secondsStayed)
	c.end(t)
}

func secondsStayed(c *coder, v *uint16) { per.Int(&c.Coder, v, 0, 4095) }
