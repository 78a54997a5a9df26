package ledger

import (
	"testing"

	"cordon/evidence"
)

// verdict is a typical entry.
func verdict() evidence.Entry {
	return evidence.Entry{
		Kind: evidence.Verdict, Act: "refuse", Gate: "n2", Element: "gnb-leeds-07", Subject: "gnb 19b/22",
		Rules: []string{"uk-2022.hrv-5g-ban", "uk-2019.sensitive-site"}, Regimes: []string{"uk-2022", "uk-2019"},
		Snapshot: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		Why:      "installed after 2020-12-31",
		Detail:   []evidence.Detail{{Name: "areas", Value: "00101-000007"}, {Name: "peer", Value: "198.51.100.7"}},
	}
}

// BenchmarkAppend writes entries until they are on disk, synced and signed.
func BenchmarkAppend(b *testing.B) {
	dir := b.TempDir()
	l, err := Open(Config{Dir: dir + "/evidence", KeyFile: dir + "/log.key", PseudonymFile: dir + "/pseudonym.key", Origin: "example.org/evidence"})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	e := verdict()
	for b.Loop() {
		l.Append(e)
		if len := l.pendingOctets(); len > maxQueue/2 {
			if err := l.Sync(); err != nil { // as fast as the disk takes them, and none lost
				b.Fatal(err)
			}
		}
	}
	if err := l.Sync(); err != nil {
		b.Fatal(err)
	}
	if _, _, _, lost := l.Health(); lost > 0 {
		b.Fatalf("%d entries lost", lost)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}

// BenchmarkAppendCaller is what an entry costs who hands it over.
func BenchmarkAppendCaller(b *testing.B) {
	l := &Log{dirty: make(chan struct{}, 1), urgent: make(chan struct{}, 1), trouble: make(chan struct{}, 1)}
	e := verdict()
	b.ReportAllocs()
	for b.Loop() {
		if l.Append(e); len(l.waiting) > hurry {
			l.waiting, l.count = l.waiting[:0], 0
		}
	}
}

func (l *Log) pendingOctets() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.waiting)
}
