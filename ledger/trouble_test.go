package ledger

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cordon/evidence"
)

// While the disk refuses nobody waits, what fits is kept and what does not is counted; the operator
// hears of it at once and every minute; and when the disk is back the log tells what it lost, where.
func TestDiskRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		var heard bytes.Buffer
		s.Log = slog.New(slog.NewTextHandler(&heard, nil))
		l := s.open()
		l.Append(finding(0))
		s.must(l.Sync())
		s.must(os.Rename(s.Dir, s.Dir+".away"))
		n := 1
		appendOne := func() {
			l.Append(finding(n))
			n++
		}
		appendOne()
		if err := l.Sync(); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), s.Dir) {
			t.Errorf("synced without a directory: %v", err)
		}
		lost := uint64(0)
		for lost == 0 {
			appendOne()
			_, _, _, lost = l.Health()
		}
		for range 99 {
			appendOne()
		}
		time.Sleep(10 * time.Minute)
		ok, problem, pending, lost := l.Health()
		if ok || !strings.Contains(problem, s.Dir) || pending != n-1-100 || lost != 100 {
			t.Errorf("health: %v %q, %d of %d wait, %d lost", ok, problem, pending, n, lost)
		}
		s.must(os.Rename(s.Dir+".away", s.Dir))
		s.must(l.Sync())
		appendOne()
		time.Sleep(2 * complainEvery)
		s.must(l.Close())
		if ok, problem, pending, lost := l.Health(); !ok || pending != 0 || lost != 100 {
			t.Errorf("health afterwards: %v %q, %d wait, %d lost", ok, problem, pending, lost)
		}
		if errs, well := strings.Count(heard.String(), "level=ERROR"), strings.Count(heard.String(), "written again"); errs < 10 || errs > 12 || well != 1 {
			t.Errorf("%d complaints and %d relieved: %s", errs, well, &heard)
		}
		s.gapAt(int64(n-1-100), 100, int64(n-100+1))
	})
}

// gapAt looks for the gap in the one place where it belongs.
func (s *site) gapAt(at int64, lost uint64, size int64) {
	s.Helper()
	r, err := s.verify()
	s.must(err)
	if r.Gaps != 1 || r.Lost != lost || r.Checkpoint.Size != size {
		s.Errorf("%d gaps of %d, %d entries: want 1 of %d, %d", r.Gaps, r.Lost, r.Checkpoint.Size, lost, size)
	}
	lines, err := NewReader(s.Dir, nil).Entries(r.Checkpoint, at-1, at+2)
	s.must(err)
	var list []evidence.Entry
	for _, line := range lines {
		e, err := evidence.ParseEntry(line)
		s.must(err)
		list = append(list, e)
	}
	gap := list[1]
	if gap.Kind != evidence.Gap || gap.Count != lost || gap.To.Before(gap.From) || !strings.Contains(gap.Why, s.Dir) ||
		list[0].Kind != evidence.Finding || list[2].Count-list[0].Count != lost+1 {
		s.Errorf("about the gap: %+v", list)
	}
}

// Entries of many goroutines are all there, each one's in its order, and the log verifies while it
// is being written.
func TestManyWriters(t *testing.T) {
	s := newSite(t)
	l := s.open()
	const each, writers = 3000, 4
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range each {
				l.Append(evidence.Entry{Kind: evidence.Finding, Act: "x", Element: strconv.Itoa(w), Count: uint64(i)})
				if i%500 == 0 {
					if err := l.Sync(); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	v := s.verifier()
	for range 8 {
		if _, err := Verify(s.Dir, v, nil); err != nil {
			t.Errorf("while it is written: %v", err)
		}
	}
	all.Wait()
	s.must(l.Close())
	l.Append(finding(1))
	if _, _, _, lost := l.Health(); lost != 1 {
		t.Errorf("%d lost, want the one after the end", lost)
	}
	next := map[string]uint64{}
	lines, err := NewReader(s.Dir, v).Entries(mustCheckpoint(s), 0, each*writers)
	s.must(err)
	for _, line := range lines {
		e, err := evidence.ParseEntry(line)
		s.must(err)
		if e.Count != next[e.Element] {
			t.Fatalf("writer %s: entry %d, want %d", e.Element, e.Count, next[e.Element])
		}
		next[e.Element]++
	}
}

func mustCheckpoint(s *site) evidence.Checkpoint {
	s.Helper()
	_, c, err := NewReader(s.Dir, s.verifier()).Checkpoint()
	s.must(err)
	return c
}

// childOf names the directory that a child of the test writes in until it is killed.
const childOf = "CORDON_LEDGER_CHILD"

func TestMain(m *testing.M) {
	dir := os.Getenv(childOf)
	if dir == "" {
		os.Exit(m.Run())
	}
	l, err := Open(Config{Dir: dir + "/evidence", KeyFile: dir + "/log.key", PseudonymFile: dir + "/pseudonym.key", Origin: "example.org/evidence"})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for n := 0; ; n += 100 {
		for range 100 {
			l.Append(finding(n))
		}
		if err := l.Sync(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(n + 100)
	}
}

// A writer that is killed loses nothing that it had synced, and its log goes on.
func TestKilled(t *testing.T) {
	s := newSite(t)
	size := int64(0)
	for round := range 4 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childOf+"="+strings.TrimSuffix(s.Dir, "/evidence"))
		out, err := cmd.StdoutPipe()
		s.must(err)
		s.must(cmd.Start())
		synced := int64(0)
		for lines := bufio.NewScanner(out); synced < int64(1000*round+100) && lines.Scan(); {
			if synced, err = strconv.ParseInt(lines.Text(), 10, 64); err != nil {
				t.Errorf("the child says %q", lines.Text())
			}
		}
		s.must(cmd.Process.Kill())
		cmd.Wait()
		l := s.open() // takes up what the killed one left
		s.must(l.Close())
		got := s.size()
		if got < size+synced || synced == 0 {
			t.Errorf("%d entries, of which %d and %d were synced", got, size, synced)
		}
		size = got
	}
}

// A group that is cut short at any of its files leaves the log as it was: for who reads it, for who
// starts again from there, and for the writer itself once it can go on.
func TestCutShort(t *testing.T) {
	for _, name := range []string{"tile/entries/000", "tile/0/000", "tile/entries/001.p/44", "tile/0/001.p/44", "tile/1/000.p/1", checkpointFile} {
		s := newSite(t)
		l := s.open()
		l.Append(finding(0))
		s.must(l.Sync())
		obstacle := filepath.Join(s.Dir, name+unready)
		s.must(os.MkdirAll(obstacle, dirMode))
		for i := range 299 {
			l.Append(finding(i + 1))
		}
		if err := l.Sync(); err == nil {
			t.Fatalf("%s: synced", name)
		}
		if c := mustCheckpoint(s); c.Size != 1 {
			t.Errorf("%s: signed for %d entries", name, c.Size)
		}
		killed := *s
		killed.Dir = filepath.Join(t.TempDir(), "evidence")
		s.must(os.CopyFS(killed.Dir, os.DirFS(s.Dir)))
		s.must(os.Remove(filepath.Join(killed.Dir, name+unready)))
		killed.fill(5, 5)
		if n := killed.size(); n != 6 {
			t.Errorf("%s: %d entries after a new start, want 6", name, n)
		}
		s.must(os.Remove(obstacle))
		s.must(l.Close())
		if n := s.size(); n != 300 {
			t.Errorf("%s: %d entries, want 300", name, n)
		}
	}
}

// A log that another has written, or that was put back, is not written on.
func TestChangedUnderneath(t *testing.T) {
	s := newSite(t)
	s.fill(3, 3)
	backup := filepath.Join(t.TempDir(), "evidence")
	s.must(os.CopyFS(backup, os.DirFS(s.Dir)))
	l := s.open()
	l.Append(finding(3))
	s.must(l.Sync())
	s.must(os.Rename(s.Dir, s.Dir+".away"))
	s.must(os.Rename(backup, s.Dir))
	l.Append(finding(4))
	if err := l.Sync(); !errors.Is(err, ErrTampered) {
		t.Errorf("written on: %v", err)
	}
	if err := l.Close(); err == nil || !strings.Contains(err.Error(), "1 entries could not be written") {
		t.Errorf("closed: %v", err)
	}
	if n := s.size(); n != 3 {
		t.Errorf("%d entries in the copy that was put back", n)
	}
}

// What an entry takes on disk besides its form is what the page on evidence says.
func TestRoom(t *testing.T) {
	s := newSite(t)
	s.fill(20*256, 1000)
	r, err := s.verify()
	s.must(err)
	var room int64
	for _, name := range s.names() {
		st, err := os.Stat(name)
		s.must(err)
		room += st.Size()
	}
	if more := float64(room-r.Octets) / float64(r.Checkpoint.Size); more < 34 || more > 35 {
		t.Errorf("an entry takes %.2f octets besides its form", more)
	}
}
