package ledger

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"cordon/evidence"
)

// names are the files of a log.
func (s *site) names() []string {
	s.Helper()
	var list []string
	s.must(filepath.WalkDir(s.Dir, func(at string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, at)
		}
		return err
	}))
	return list
}

// tampered is a log of a few tiles, some of them with narrower forms beside them.
func tampered(t *testing.T) *site {
	s := newSite(t)
	s.fill(512, 512)
	s.fill(18, 4)
	if n := len(s.names()); n < 15 {
		t.Fatalf("a log of %d files shows little", n)
	}
	s.size()
	return s
}

// One octet altered in any file of a log makes its verification fail, and so does a file that is
// shorter or longer.
func TestAlteredFiles(t *testing.T) {
	s := tampered(t)
	for _, name := range s.names() {
		was, err := os.ReadFile(name)
		s.must(err)
		check := func(what string, is []byte) {
			s.must(os.WriteFile(name, is, fileMode))
			if _, err := s.verify(); err == nil {
				t.Errorf("%s: %s, and it verifies", name, what)
			} else if !strings.Contains(err.Error(), s.Dir) {
				t.Errorf("%s: %s, and who verifies is not told where: %v", name, what, err)
			}
		}
		offsets := []int{0, 1, len(was) / 3, len(was) - 1}
		if filepath.Base(name) == checkpointFile {
			offsets = offsets[:0]
			for i := range was {
				offsets = append(offsets, i)
			}
		}
		for _, at := range offsets {
			for _, bit := range []byte{1, 0x80} {
				is := append([]byte(nil), was...)
				is[at] ^= bit
				check("an octet altered", is)
			}
		}
		check("cut short", was[:len(was)-1])
		check("emptied", nil)
		check("made longer", append(was[:len(was):len(was)], 0))
		s.must(os.WriteFile(name, was, fileMode))
	}
	s.size()
}

// No file of a log can be taken away, but for the narrower forms of tiles, which hold nothing of
// their own, and none can be added.
func TestMissingAndAddedFiles(t *testing.T) {
	s := tampered(t)
	missed := 0
	for _, name := range s.names() {
		s.must(os.Rename(name, name+".away"))
		s.must(os.Rename(name+".away", s.Dir+"/../away"))
		_, err := s.verify()
		rel, _ := filepath.Rel(s.Dir, name)
		tile, _ := evidence.ParsePath(filepath.ToSlash(rel))
		superseded := tile.Count > 0 && tile.Count < int(530>>(tileHeight*max(0, tile.Level))%evidence.Width)
		if err == nil {
			missed++
		}
		if (err == nil) != superseded {
			t.Errorf("%s taken away: %v", rel, err)
		}
		s.must(os.Rename(s.Dir+"/../away", name))
	}
	if missed != 4+4 {
		t.Errorf("%d files are not missed", missed)
	}
	some, err := os.ReadFile(s.Dir + "/tile/0/000")
	s.must(err)
	for _, name := range []string{"notes.txt", "tile/x", "tile/0/000.bak", "tile/entries/000.p/0", "tile/0/000.p/300", "tile/9/000", "tile/0/00", "tile/0/x001/000.p/1/2"} {
		at := filepath.Join(s.Dir, name)
		s.must(os.MkdirAll(filepath.Dir(at), dirMode))
		s.must(os.WriteFile(at, some, fileMode))
		if _, err := s.verify(); !errors.Is(err, ErrTampered) {
			t.Errorf("%s added: %v", name, err)
		}
		s.must(os.Remove(at))
	}
	s.must(os.Symlink("/etc/hostname", s.Dir+"/tile/0/005"))
	if _, err := s.verify(); !errors.Is(err, ErrTampered) {
		t.Errorf("a link added: %v", err)
	}
	s.must(os.Remove(s.Dir + "/tile/0/005"))
	for _, name := range []string{"tile/0/000", checkpointFile} {
		s.must(os.Remove(filepath.Join(s.Dir, name)))
		s.must(syscall.Mkfifo(filepath.Join(s.Dir, name), fileMode))
		if _, err := s.verify(); !errors.Is(err, ErrTampered) {
			t.Errorf("%s a pipe: %v", name, err)
		}
	}
}

// A file that no checkpoint commits to is found, after a running core had time to sign for it, and
// cleared away by the next start.
func TestUnsignedFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := tampered(t)
		for _, name := range []string{"tile/0/002.p/19", "tile/0/002.p/200", "tile/0/003", "tile/entries/002", "tile/entries/003.p/1", "tile/0/004.p/2.new"} {
			at := filepath.Join(s.Dir, name)
			s.must(os.MkdirAll(filepath.Dir(at), dirMode))
			s.must(os.WriteFile(at, []byte("x"), fileMode))
			if _, err := s.verify(); !errors.Is(err, ErrTampered) || !strings.Contains(err.Error(), at) {
				t.Errorf("%s: %v", name, err)
			}
			s.fill(1, 1)
			s.size()
		}
	})
}

// A log that was put back to an earlier state is refused, and so is one that was begun anew or
// grew in another way.
func TestRolledBack(t *testing.T) {
	s := newSite(t)
	s.fill(300, 300)
	backup := t.TempDir()
	s.must(os.CopyFS(backup, os.DirFS(s.Dir)))
	s.fill(10, 10)
	later := s.kept
	back := s.Config
	back.Dir, back.Known = backup, later
	if _, err := Open(back); !errors.Is(err, ErrRolledBack) || !strings.Contains(err.Error(), backup) {
		t.Errorf("an earlier copy: %v", err)
	}
	if _, err := Verify(backup, s.verifier(), later); !errors.Is(err, ErrRolledBack) {
		t.Errorf("verifying an earlier copy: %v", err)
	}
	back.Dir = filepath.Join(t.TempDir(), "new")
	if _, err := Open(back); !errors.Is(err, ErrRolledBack) {
		t.Errorf("an empty directory: %v", err)
	}
	back.KeyFile = filepath.Join(t.TempDir(), "new.key")
	if _, err := Open(back); err == nil || !strings.Contains(err.Error(), "put it back") {
		t.Errorf("an empty directory and no key: %v", err)
	}
	back.Origin, back.Dir = "example.org/second", filepath.Join(t.TempDir(), "second")
	if l, err := Open(back); err != nil {
		t.Errorf("a new log under a new name: %v", err)
	} else {
		s.must(l.Close())
	}
	back = s.Config
	back.Dir, back.Known = backup, nil
	l, err := Open(back)
	s.must(err)
	for i := range 30 {
		l.Append(finding(1000 + i))
	}
	s.must(l.Close())
	back.Known = later
	if _, err := Open(back); !errors.Is(err, ErrTampered) {
		t.Errorf("another continuation: %v", err)
	}
	if _, err := Verify(backup, s.verifier(), later); !errors.Is(err, evidence.ErrProof) {
		t.Errorf("verifying another continuation: %v", err)
	}
	s.Known = later
	s.fill(1, 1)
	if _, err := Verify(s.Dir, s.verifier(), later); err != nil {
		t.Errorf("the log itself: %v", err)
	}
}

// A log whose end was altered is not continued.
func TestOpenAltered(t *testing.T) {
	for _, name := range []string{"checkpoint", "tile/0/001.p/44", "tile/entries/001.p/44", "tile/1/000.p/1"} {
		s := newSite(t)
		s.fill(300, 300)
		at := filepath.Join(s.Dir, name)
		b, err := os.ReadFile(at)
		s.must(err)
		b[len(b)/2] ^= 1
		s.must(os.WriteFile(at, b, fileMode))
		if _, err := Open(s.Config); !errors.Is(err, ErrTampered) || !strings.Contains(err.Error(), s.Dir) {
			t.Errorf("%s altered: %v", name, err)
		}
		s.must(os.Remove(at))
		if _, err := Open(s.Config); err == nil {
			t.Errorf("opened without %s", name)
		}
	}
}
