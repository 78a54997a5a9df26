package evidence

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

var someLeases = []Lease{
	{Addr: netip.MustParseAddr("198.51.100.7"), First: 20480, Last: 20735, Subject: "sub-aaaabbbbccccdddd"},
	{Ended: true, Addr: netip.MustParseAddr("198.51.100.7"), First: 65280, Last: 65535, Subject: "sub-eeeeffffgggghhhh"},
}

// TestLeases: what is written reads back from an entry's written form.
func TestLeases(t *testing.T) {
	e := Entry{Time: time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC), Kind: Leases, Act: "leases", Detail: LeaseDetails(someLeases)}
	read, err := ParseEntry(AppendEntry(nil, e))
	if err != nil || read.Detail[0] != (Detail{"lease_00", "given 198.51.100.7:20480-20735 sub-aaaabbbbccccdddd"}) {
		t.Fatal(read, err)
	}
	if got, err := read.Leases(); err != nil || !slices.Equal(got, someLeases) {
		t.Errorf("%v, %v", got, err)
	}
	if got := LeaseDetails(make([]Lease, MaxDetails+1)); len(got) != MaxDetails || !slices.IsSortedFunc(got, func(a, b Detail) int { return strings.Compare(a.Name, b.Name) }) {
		t.Errorf("%v", got)
	}
	if got, err := (&Entry{Kind: Note, Detail: []Detail{{"lease_00", "x"}}}).Leases(); got != nil || err != nil {
		t.Errorf("a note's: %v, %v", got, err)
	}
	for port, want := range map[uint16]bool{20479: false, 20480: true, 20735: true, 20736: false} {
		if someLeases[0].Covers(netip.AddrPortFrom(someLeases[0].Addr, port)) != want {
			t.Errorf("port %d", port)
		}
	}
}

// FuzzLease: what reads as a lease is written the same.
func FuzzLease(f *testing.F) {
	for _, l := range someLeases {
		f.Add(l.String())
	}
	for _, s := range []string{"", "given 198.51.100.7:1 sub-a", "given 198.51.100.7:2-1 sub-a", "given 198.51.100.7:01-2 sub-a", "given [2001:db8::1]:1-2 sub-a", "taken 198.51.100.7:1-2 sub-a", "given 198.51.100.7:1-65536 sub-a", "given 198.51.100.7:1-2 "} {
		if l, err := parseLease(s); err == nil {
			f.Errorf("%q is %v", s, l)
		}
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if l, err := parseLease(s); err == nil && (l.String() != s || l.First > l.Last || !l.Addr.Is4()) {
			t.Fatalf("%q is %+v", s, l)
		}
	})
}
