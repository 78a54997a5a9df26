package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cordon/evidence"
)

// A site is where a test keeps a log and what belongs to it.
type site struct {
	*testing.T
	Config
	kept []byte // the last checkpoint that was to be remembered
}

func newSite(t *testing.T) *site {
	dir := t.TempDir()
	s := &site{T: t, Config: Config{
		Dir: filepath.Join(dir, "evidence"), KeyFile: filepath.Join(dir, "log.key"),
		PseudonymFile: filepath.Join(dir, "pseudonym.key"), Origin: "example.org/evidence",
	}}
	s.Remember = func(signed []byte) { s.kept = bytes.Clone(signed) }
	return s
}

func (s *site) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *site) open() *Log {
	s.Helper()
	l, err := Open(s.Config)
	s.must(err)
	s.Cleanup(func() { l.Close() })
	return l
}

// fill writes a log of n entries in groups of that size and closes it.
func (s *site) fill(n, group int) {
	s.Helper()
	l := s.open()
	for i := range n {
		l.Append(finding(i))
		if i%group == group-1 {
			s.must(l.Sync())
		}
	}
	s.must(l.Close())
}

func finding(i int) evidence.Entry {
	return evidence.Entry{Kind: evidence.Finding, Act: "foreign-endpoint", Element: "gnb-7", Count: uint64(i),
		Detail: []evidence.Detail{{Name: "endpoint", Value: "192.0.2.7"}}}
}

func (s *site) verifier(witnesses ...string) *evidence.Verifier {
	s.Helper()
	key, err := PublicKey(s.KeyFile)
	s.must(err)
	v, err := evidence.NewVerifier(key, witnesses...)
	s.must(err)
	return v
}

func (s *site) verify() (Report, error) { return Verify(s.Dir, s.verifier(), nil) }

// size verifies the log and returns how many entries it has.
func (s *site) size() int64 {
	s.Helper()
	r, err := s.verify()
	s.must(err)
	return r.Checkpoint.Size
}

// What was appended is there, in its order, also after the log was closed and opened again, in logs
// of sizes about those at which tiles and bundles become full.
func TestWriteAndRead(t *testing.T) {
	for _, n := range []int{0, 1, 2, 255, 256, 257, 511, 512, 700} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			s := newSite(t)
			s.fill(n, 100)
			s.fill(n, 1000)
			if got := s.size(); got != int64(2*n) {
				t.Fatalf("%d entries, want %d", got, 2*n)
			}
			r := NewReader(s.Dir, s.verifier())
			_, c, err := r.Checkpoint()
			s.must(err)
			lines, err := r.Entries(c, 0, c.Size)
			s.must(err)
			for i, line := range lines {
				e, err := evidence.ParseEntry(line)
				s.must(err)
				if e.Count != uint64(i%n) {
					t.Fatalf("entry %d is number %d of its time", i, e.Count)
				}
			}
		})
	}
}

// Every entry can be proved to who has the public key, and no proof holds for another place.
func TestProofs(t *testing.T) {
	s := newSite(t)
	s.fill(600, 250)
	r, v := NewReader(s.Dir, nil), s.verifier()
	for _, i := range []int64{0, 1, 255, 256, 300, 599} {
		p, err := r.Prove(i, nil)
		s.must(err)
		p, err = evidence.ParseProof(evidence.AppendProof(nil, p))
		s.must(err)
		e, c, err := p.Verify(v)
		s.must(err)
		if e.Count != uint64(i) || c.Size != 600 {
			t.Errorf("proof of entry %d: %+v under %+v", i, e, c)
		}
		p.Index ^= 1
		if _, _, err := p.Verify(v); !errors.Is(err, evidence.ErrProof) {
			t.Errorf("entry %d proved at %d: %v", i, p.Index, err)
		}
	}
	for _, i := range []int64{-1, 600, 1 << 50} {
		if _, err := r.Prove(i, nil); err == nil {
			t.Errorf("entry %d was proved", i)
		}
	}
	old := s.kept
	s.fill(300, 300)
	p, err := r.Prove(3, old)
	s.must(err)
	if _, c, err := p.Verify(v); err != nil || c.Size != 600 {
		t.Errorf("under the earlier checkpoint: %v, %v", c, err)
	}
	if _, err := r.Prove(700, old); err == nil {
		t.Error("an entry was proved under a checkpoint from before it")
	}
}

// A second process cannot write the same log.
func TestOneWriter(t *testing.T) {
	s := newSite(t)
	s.open()
	if l, err := Open(s.Config); err == nil {
		l.Close()
		t.Error("opened twice")
	}
}

// A log does not begin among other files, where nobody could tell what belongs to it; what a process left that was killed
// at its first checkpoint is no other file.
func TestOwnDirectory(t *testing.T) {
	s := newSite(t)
	s.must(os.MkdirAll(filepath.Join(s.Dir, "lost+found"), dirMode))
	s.must(os.WriteFile(filepath.Join(s.Dir, checkpointFile+unready), nil, fileMode))
	other := filepath.Join(s.Dir, "notes.txt")
	s.must(os.WriteFile(other, nil, fileMode))
	if _, err := Open(s.Config); err == nil || !strings.Contains(err.Error(), "holds notes.txt, which is no part of a log") {
		t.Errorf("begun: %v", err)
	}
	s.must(os.Remove(other))
	s.fill(1, 1)
	if n := s.size(); n != 1 {
		t.Errorf("%d entries", n)
	}
}

// A log keeps its key and origin.
func TestKeys(t *testing.T) {
	s := newSite(t)
	s.fill(10, 10)
	other := s.Config
	other.Origin = "example.org/other"
	if _, err := Open(other); err == nil {
		t.Error("opened under another origin")
	}
	other = s.Config
	other.KeyFile = filepath.Join(t.TempDir(), "other.key")
	if _, err := Open(other); err == nil {
		t.Error("opened without the key")
	}
	elsewhere := newSite(t)
	elsewhere.fill(1, 1)
	other.KeyFile = elsewhere.KeyFile
	if _, err := Open(other); !errors.Is(err, ErrTampered) {
		t.Errorf("opened with another key: %v", err)
	}
	s.must(os.Chmod(s.KeyFile, 0o644))
	if _, err := Open(s.Config); err == nil {
		t.Error("opened with a key that others may read")
	}
}

// Pseudonyms stay as long as their key does.
func TestPseudonyms(t *testing.T) {
	s := newSite(t)
	l := s.open()
	first := l.Pseudonym("imsi-001010000000001")
	s.must(l.Close())
	l = s.open()
	if again := l.Pseudonym("imsi-001010000000001"); again != first {
		t.Errorf("%s is now %s", first, again)
	}
	s.must(l.Close())
	s.must(os.Remove(s.PseudonymFile))
	if again := s.open().Pseudonym("imsi-001010000000001"); again == first {
		t.Errorf("%s outlived its key", first)
	}
}

// Times never go back, and where the clock did the entry says so.
func TestClock(t *testing.T) {
	var q queue
	first, none := q.stamp(testTime)
	again, clock := q.stamp(testTime.Add(-testStep))
	if !none.IsZero() || !again.Equal(first) || !clock.Equal(first.Add(-testStep)) {
		t.Errorf("%v %v, then %v %v", first, none, again, clock)
	}
	if later, clock := q.stamp(testTime.Add(testStep)); !later.Equal(first.Add(testStep)) || !clock.IsZero() {
		t.Errorf("later: %v %v", later, clock)
	}
}
