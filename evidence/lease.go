package evidence

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// Lease is that a subscriber got ports of a public address for their packets alone, or has them no more. An entry of kind
// [Leases] has up to MaxDetails of them as its details, in the order in which they came about. Who has
// which ports is said anew after each [Start], which ends all leases before it.
type Lease struct {
	Ended       bool
	Addr        netip.Addr // IPv4
	First, Last uint16
	Subject     string // the subscriber's pseudonym
}

const (
	leaseGiven = "given"
	leaseEnded = "ended"
)

// String is the written form: "given 198.51.100.7:20480-20735 sub-...".
func (l Lease) String() string {
	return fmt.Sprintf("%s %s:%d-%d %s", map[bool]string{false: leaseGiven, true: leaseEnded}[l.Ended], l.Addr, l.First, l.Last, l.Subject)
}

// Covers reports whether a port is one of the lease's.
func (l Lease) Covers(at netip.AddrPort) bool {
	return at.Addr() == l.Addr && l.First <= at.Port() && at.Port() <= l.Last
}

// LeaseDetails are what an entry has of leases, of which at most MaxDetails are taken.
func LeaseDetails(list []Lease) []Detail {
	var out []Detail
	for i, l := range list[:min(len(list), MaxDetails)] {
		out = append(out, Detail{fmt.Sprintf("lease_%02d", i), l.String()})
	}
	return out
}

// Leases are those that an entry of that kind has. What does not read as one, which [LeaseDetails] does not write, is an error.
func (e *Entry) Leases() ([]Lease, error) {
	if e.Kind != Leases {
		return nil, nil
	}
	var list []Lease
	for _, d := range e.Detail {
		l, err := parseLease(d.Value)
		if err != nil {
			return nil, fmt.Errorf("detail %s: %w", d.Name, err)
		}
		list = append(list, l)
	}
	return list, nil
}

func parseLease(s string) (l Lease, err error) {
	bad := fmt.Errorf("%q is no lease: want \"given\" or \"ended\", an address with its ports, and a subscriber", s)
	words := strings.Split(s, " ")
	if len(words) != 3 || words[0] != leaseGiven && words[0] != leaseEnded || words[2] == "" {
		return l, bad
	}
	at, last, ranged := strings.Cut(words[1], "-")
	first, err := netip.ParseAddrPort(at)
	end, err2 := strconv.ParseUint(last, 10, 16)
	if err != nil || err2 != nil || !ranged || !first.Addr().Is4() || uint16(end) < first.Port() {
		return l, bad
	}
	l = Lease{Ended: words[0] == leaseEnded, Addr: first.Addr(), First: first.Port(), Last: uint16(end), Subject: words[2]}
	if l.String() != s {
		return Lease{}, bad // as 007 for 7
	}
	return l, nil
}
