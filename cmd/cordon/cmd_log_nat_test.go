package main

import (
	"encoding/json"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon/evidence"
	"cordon/ledger"
)

// TestLogNAT: who had a port, at each moment of a log that holds what can befall.
func TestLogNAT(t *testing.T) {
	dir := t.TempDir()
	s := &logSite{t, filepath.Join(dir, "evidence"), filepath.Join(dir, "log.key")}
	l, err := ledger.Open(ledger.Config{Dir: s.dir, KeyFile: s.key, PseudonymFile: filepath.Join(dir, "pseudonyms.key"), Origin: "example.org/evidence"})
	if err != nil {
		t.Fatal(err)
	}
	lease := func(ended bool, who string) evidence.Lease {
		return evidence.Lease{Ended: ended, Addr: netip.MustParseAddr("198.51.100.7"), First: 20480, Last: 20735, Subject: who}
	}
	other := evidence.Lease{Addr: netip.MustParseAddr("198.51.100.8"), First: 20480, Last: 20735, Subject: "sub-other"}
	leases := func(list ...evidence.Lease) evidence.Entry {
		return evidence.Entry{Kind: evidence.Leases, Act: "leases", Detail: evidence.LeaseDetails(list)}
	}
	steps := []struct {
		e     evidence.Entry
		holds string // who has the port after it
		note  string
	}{
		{evidence.Entry{Kind: evidence.Start, Act: "start"}, "", "the core started at"},
		{leases(lease(false, "sub-a"), other), "sub-a", ""},
		{evidence.Entry{Kind: evidence.Note, Why: "something else"}, "sub-a", ""},
		{leases(lease(true, "sub-a"), other), "", ""},
		{leases(other, lease(false, "sub-b")), "sub-b", ""},
		{leases(lease(false, "sub-c")), "sub-c", ""}, // it is told before the end of b's
		{leases(lease(true, "sub-b")), "sub-c", ""},
		{leases(lease(true, "sub-c"), lease(false, "sub-c")), "sub-c", ""},
		{evidence.Entry{Kind: evidence.Gap, Count: 5, From: time.Now(), To: time.Now(), Why: "the disk is full"}, "sub-c", "5 entries from"},
		{evidence.Entry{Kind: evidence.Stop, Act: "stop"}, "sub-c", "the core stopped at"},
		{evidence.Entry{Kind: evidence.Start, Act: "start"}, "", "the core started at"},
		{leases(lease(false, "sub-c")), "sub-c", ""},
	}
	for _, step := range steps {
		l.Append(step.e)
		time.Sleep(2 * time.Millisecond) // two entries of one moment could not be asked between
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	r := ledger.NewReader(s.dir, nil)
	_, cp, err := r.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	lines, err := r.Entries(cp, 0, cp.Size)
	if err != nil || len(lines) != len(steps) {
		t.Fatal(len(lines), err)
	}
	ask := func(port string, at time.Time) (h holder) {
		out := s.cordon("log", "nat", "198.51.100.7:"+port, "--at", at.Format(time.RFC3339Nano), "--log", s.dir, "--json")
		if err := json.Unmarshal([]byte(out), &h); err != nil {
			t.Fatal(err, out)
		}
		return h
	}
	var times []time.Time
	for i, line := range lines {
		e, err := evidence.ParseEntry(line)
		if err != nil {
			t.Fatal(err)
		}
		times = append(times, e.Time)
		h := ask("20500", e.Time)
		if h.Subject != steps[i].holds || steps[i].note != "" && !slices.ContainsFunc(h.Notes, func(n string) bool { return strings.Contains(n, steps[i].note) }) {
			t.Errorf("after entry %d: %+v, want %q", i, h, steps[i].holds)
		}
		if h := ask("20736", e.Time); h.Subject != "" {
			t.Errorf("the port beyond, after entry %d: %+v", i, h)
		}
	}
	for i, want := range map[int][2]int64{2: {1, 3}, 4: {4, 5}, 6: {5, 7}, 8: {7, 10}, 11: {11, 0}} {
		h := ask("20480", times[i])
		if h.Entry != want[0] || h.EndedBy != want[1] || !h.Given.Equal(times[want[0]]) || (want[1] != 0) != h.Ended.Equal(times[want[1]]) {
			t.Errorf("after entry %d: %+v, want entries %v", i, h, want)
		}
	}
	if h := ask("20480", times[0].Add(-time.Hour)); h.Subject != "" || len(h.Notes) != 0 {
		t.Errorf("before the log: %+v", h)
	}
	if out := s.cordon("log", "nat", "198.51.100.7:20735", "--log", s.dir); !strings.Contains(out, "subscriber  sub-c\n") || !strings.Contains(out, "entry 11\n") || !strings.Contains(out, "ended       -\n") {
		t.Errorf("%s", out)
	}
	s.refused(statusUsage, `"198.51.100.7": want a public address and a port`, "log", "nat", "198.51.100.7", "--log", s.dir)
	s.refused(statusUsage, `"yesterday": want a time`, "log", "nat", "198.51.100.7:1", "--at", "yesterday", "--log", s.dir)
}
