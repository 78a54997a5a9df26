package node

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cordon/evidence"
	"cordon/ident"
	"cordon/wire/pfcp"
)

// toldLeases is evidence that a test reads.
type toldLeases struct {
	mu      sync.Mutex // guards entries
	entries []evidence.Entry
}

func (t *toldLeases) Append(e evidence.Entry) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.entries = append(t.entries, e)
}

// told is what has been appended.
func (t *toldLeases) told() []evidence.Entry {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.entries)
}

func (t *toldLeases) Pseudonym(supi string) string        { return "sub-" + supi }
func (t *toldLeases) Digest([]byte) string                { return "" }
func (t *toldLeases) Health() (bool, string, int, uint64) { return true, "", 0, 0 }

// lines are what all entries tell, each user plane's after its name.
func (t *toldLeases) lines(test *testing.T) (out []string) {
	for _, e := range t.told() {
		list, err := e.Leases()
		if err != nil || uint64(len(list)) != e.Count || len(list) == 0 {
			test.Errorf("%+v: %v", e, err)
		}
		for _, l := range list {
			out = append(out, strings.TrimSpace(e.Element+" "+l.String()))
		}
	}
	return out
}

func portsAt(n int) pfcp.PublicPorts {
	return pfcp.PublicPorts{Addr: netip.MustParseAddr("198.51.100.7"), First: uint16(1024 + 256*n), Last: uint16(1024 + 256*n + 255)}
}

// TestLeases: what a session gets and gives back is told in its order, several facts together, and of what has no public
// ports nothing is.
func TestLeases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e toldLeases
		var l leases
		l.init(&e)
		done := make(chan struct{})
		go func() { defer close(done); l.run(t.Context()) }()
		a, b := ident.SUPI(1010000000001), ident.SUPI(1010000000002)
		l.given("", 1, a, portsAt(0))
		l.given("", 2, b, pfcp.PublicPorts{})
		l.given("", 3, b, portsAt(1))
		l.ended("", 2)
		l.ended("", 1)
		l.ended("", 1)
		if got := e.told(); len(got) != 0 {
			t.Errorf("told at once: %+v", got)
		}
		time.Sleep(leaseDelay)
		synctest.Wait()
		l.given("upf-mill", 1, a, portsAt(0)) // another user plane's session of that number
		l.given("", 1, a, portsAt(2))
		l.given("", 1, a, portsAt(3)) // anew, without an end
		l.tell()
		name := func(s ident.SUPI) string { return "sub-imsi-" + s.IMSI() }
		want := []string{
			"given 198.51.100.7:1024-1279 " + name(a), "given 198.51.100.7:1280-1535 " + name(b), "ended 198.51.100.7:1024-1279 " + name(a),
			"upf-mill given 198.51.100.7:1024-1279 " + name(a),
			"given 198.51.100.7:1536-1791 " + name(a), "ended 198.51.100.7:1536-1791 " + name(a), "given 198.51.100.7:1792-2047 " + name(a),
		}
		if got := e.lines(t); !slices.Equal(got, want) || len(e.told()) != 3 {
			t.Errorf("%d entries tell\n%s\nwant\n%s", len(e.told()), strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// TestLeasesInGroups: a storm of sessions is told in entries that are full.
func TestLeasesInGroups(t *testing.T) {
	var e toldLeases
	var l leases
	l.init(&e)
	for i := range 100 {
		l.given("", ident.SEID(i+1), ident.SUPI(1010000000001+i), portsAt(i))
	}
	l.tell()
	if got := e.lines(t); len(e.told()) != 7 || len(got) != 100 || !strings.HasPrefix(got[99], fmt.Sprintf("given 198.51.100.7:%d-", 1024+99*256)) {
		t.Errorf("%d entries: %v", len(e.told()), got)
	}
}
