package amf

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"cordon/ident"
	"cordon/wire/nas"
)

// Config is what the AMF serves and how it does so. It is checked whole by Check and never
// changes afterwards.
type Config struct {
	Name     string      // AMF name, 1 to 150 characters
	GUAMI    ident.GUAMI // its PLMN is the one served
	Capacity uint8       // relative AMF capacity
	TACs     []ident.TAC // areas served, at least one
	Slices   []ident.SNSSAI

	// Integrity and Ciphering are the NAS algorithms in the order of preference: 1 to 3 and 0
	// to 3. Integrity never holds 0.
	Integrity []uint8
	Ciphering []uint8

	T3512 time.Duration // periodic registration, 2 s to 310 h
	T3502 time.Duration // back-off after failed registrations
	T3346 time.Duration // back-off under congestion

	FullName  string // network names shown by devices; empty is none
	ShortName string
	NITZ      bool // tell devices the time, in the zone of the times given to Step
	IMSVoice  bool // announce voice over PS

	Radios []RadioRule // first match names the profile; none goes by the radio's name

	Limits Limits
}

// RadioRule gives radios a profile: by identity if Node is set, else by the beginning of
// their names.
type RadioRule struct {
	Node    *ident.RANNode
	Prefix  string
	Profile string
}

// Limits bounds what a shard holds. Zero stands for the default in each comment.
type Limits struct {
	HalfOpen    int // connections that have proven nothing: 4096
	Connections int // signalling connections: 1 << 18
	Devices     int // registered contexts: 1 << 18
	Pages       int // idle devices looked for in a second: 256
}

func (l Limits) halfOpen() int { return orDefault(l.HalfOpen, 4096) }

// closing bounds the connections whose release is not answered. A radio that has let thousands
// of devices go at a time is not hurried.
func (l Limits) closing() int { return 4 * l.halfOpen() }

func (l Limits) connections() int { return orDefault(l.Connections, 1<<18) }
func (l Limits) pages() int       { return orDefault(l.Pages, 256) }
func (l Limits) devices() int     { return orDefault(l.Devices, 1<<18) }

func orDefault(n, fallback int) int {
	if n == 0 {
		return fallback
	}
	return n
}

// Timers and counts of the network side (TS 24.501 table 10.2.2), and guards that no standard
// sets.
const (
	t3522 = 6 * time.Second // DEREGISTRATION REQUEST
	t3550 = 6 * time.Second // REGISTRATION ACCEPT
	t3555 = 6 * time.Second // CONFIGURATION UPDATE COMMAND
	t3560 = 6 * time.Second // AUTHENTICATION REQUEST, SECURITY MODE COMMAND
	t3570 = 6 * time.Second // IDENTITY REQUEST
	tries = 5               // a message is sent once and again four times

	tVector   = 10 * time.Second // the subscriber store
	tContext  = 10 * time.Second // INITIAL CONTEXT SETUP, and what it waits for
	tRelease  = 10 * time.Second // UE CONTEXT RELEASE COMMAND
	tEnding   = 3 * time.Second  // PDU SESSION RESOURCE RELEASE COMMAND; what waits for it has the time of a setup, 10 s
	tIdle     = 10 * time.Second // a connection without follow-on request and without sessions
	tOpen     = 2 * time.Minute  // a connection that never proves anything
	tEvict    = 2 * time.Second  // CONFIGURATION UPDATE COMMAND to a device that is evicted
	tFollowOn = 30 * time.Second // a connection whose device has more to ask, and does not

	reachableMargin = 4 * time.Minute // mobile reachable timer beyond T3512 (TS 24.501 §5.3.7)
	implicitAfter   = 4 * time.Minute // implicit deregistration timer after that
)

// Check reports everything that is wrong with c, each with the name of its field.
func (c *Config) Check() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if n := len(c.Name); n < 1 || n > 150 {
		bad("Name has %d characters: want 1 to 150", n)
	}
	if g := c.GUAMI; !g.PLMN.Valid() || g.Set > 1023 || g.Pointer > 63 {
		bad("GUAMI %v: want a PLMN, a set of 0 to 1023 and a pointer of 0 to 63", g)
	}
	if len(c.TACs) == 0 || len(c.TACs) > 256 {
		bad("TACs has %d entries: want 1 to 256", len(c.TACs))
	}
	for _, t := range c.TACs {
		if t > ident.MaxTAC || t == 0 || t == ident.MaxTAC-1 {
			bad("TACs: %v is reserved or too large", t) // 000000 and fffffe: TS 23.003 §28.6
		}
	}
	if n := len(c.Slices); n == 0 || n > 8 {
		bad("Slices has %d entries: want 1 to 8", n)
	}
	if _, err := nas.Append(nil, &nas.ConfigurationUpdateCommand{FullName: c.FullName, ShortName: c.ShortName}); err != nil {
		bad("FullName %q, ShortName %q: %v", c.FullName, c.ShortName, err)
	}
	checkAlgorithms := func(field string, list []uint8, lowest uint8) {
		if len(list) == 0 {
			bad("%s names no algorithm", field)
		}
		for i, alg := range list {
			if alg < lowest || alg > 3 || slices.Contains(list[:i], alg) {
				bad("%s: algorithm %d: want each of %d to 3 at most once", field, alg, lowest)
			}
		}
	}
	checkAlgorithms("Integrity", c.Integrity, 1) // NIA0 protects nothing
	checkAlgorithms("Ciphering", c.Ciphering, 0)
	checkTime := func(field string, d, longest time.Duration) {
		if d < 2*time.Second || d > longest {
			bad("%s is %v: want 2s to %v", field, d, longest)
		}
	}
	checkTime("T3512", c.T3512, 310*time.Hour)
	checkTime("T3502", c.T3502, 3*time.Hour)
	checkTime("T3346", c.T3346, 3*time.Hour)
	for _, r := range c.Radios {
		if _, ok := LookupProfile(r.Profile); !ok {
			bad("Radios: profile %q is unknown", r.Profile)
		}
	}
	return errors.Join(errs...)
}
