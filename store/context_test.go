package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"cordon/ident"
)

func supi(n int) ident.SUPI {
	s, err := ident.ParseSUPI(fmt.Sprintf("00101%010d", n))
	if err != nil {
		panic(err)
	}
	return s
}

func at(t testing.TB) Config {
	dir := t.TempDir()
	return Config{Path: filepath.Join(dir, "cordon.db"), KeyFile: filepath.Join(dir, "cordon.key")}
}

func reopen(t testing.TB, c Config) *Store {
	t.Helper()
	s, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func contexts(t *testing.T, s *Store) map[ident.SUPI]string {
	t.Helper()
	got := map[ident.SUPI]string{}
	bad, err := s.LoadContexts(func(id ident.SUPI, blob []byte) error {
		got[id] = string(blob)
		return nil
	})
	if err != nil || bad != 0 {
		t.Fatalf("%d unreadable, %v", bad, err)
	}
	return got
}

func TestContexts(t *testing.T) {
	c := at(t)
	s := reopen(t, c)
	for i := range 1000 {
		s.PutContext(supi(i), fmt.Appendf(nil, "first %d", i))
	}
	if err := s.Sync(); err != nil {
		t.Fatal(err)
	}
	s.PutContext(supi(1), []byte("older"))
	s.PutContext(supi(1), []byte("newer"))
	s.DeleteContext(supi(2))
	s.PutContext(supi(3), nil) // an empty context is one, and no deletion
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	got := contexts(t, reopen(t, c))
	if len(got) != 999 || got[supi(1)] != "newer" || got[supi(999)] != "first 999" {
		t.Errorf("%d contexts, 1 is %q, 999 is %q", len(got), got[supi(1)], got[supi(999)])
	}
	if _, ok := got[supi(2)]; ok {
		t.Error("a deleted context is back")
	}
	if v, ok := got[supi(3)]; !ok || v != "" {
		t.Errorf("the empty context: %q, %v", v, ok)
	}
}

func TestLoadStops(t *testing.T) {
	s := reopen(t, at(t))
	s.PutContext(supi(1), []byte("x"))
	s.Sync()
	enough := errors.New("enough")
	if _, err := s.LoadContexts(func(ident.SUPI, []byte) error { return enough }); err != enough {
		t.Errorf("%v", err)
	}
}

// Without anybody waiting, a context is on disk soon after it was put.
func TestWrittenBehind(t *testing.T) {
	s := reopen(t, at(t))
	s.PutContext(supi(1), []byte("x"))
	for start := time.Now(); s.Stats().Contexts == 0; {
		if time.Since(start) > 10*time.Second {
			t.Fatal("never written")
		}
		runtime.Gosched()
	}
	if got := contexts(t, s); got[supi(1)] != "x" {
		t.Errorf("%q", got)
	}
}

// What is on disk shows neither contexts nor keys, and rows cannot be exchanged.
func TestSealed(t *testing.T) {
	c := at(t)
	s := reopen(t, c)
	s.PutContext(supi(1), []byte("a registered device's keys"))
	s.PutContext(supi(2), []byte("another's"))
	if err := s.Sync(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{c.Path, c.Path + "-wal"} {
		if b, err := os.ReadFile(name); err != nil || bytes.Contains(b, []byte("device's keys")) {
			t.Errorf("%s: %v, holds a context in clear", name, err)
		}
	}
	err := s.w.do(func(t *tx) error {
		_, err := t.conn.ExecContext(t.ctx, "UPDATE contexts SET sealed = (SELECT sealed FROM contexts WHERE supi = ?) WHERE supi = ?", int64(supi(1)), int64(supi(2)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var seen []ident.SUPI
	bad, err := s.LoadContexts(func(id ident.SUPI, _ []byte) error { seen = append(seen, id); return nil })
	if bad != 1 || err != nil || len(seen) != 1 || seen[0] != supi(1) {
		t.Errorf("%d unreadable, %v, %d seen", bad, err, len(seen))
	}
}

func TestFilesAreTheOwners(t *testing.T) {
	c := at(t)
	s := reopen(t, c)
	s.PutContext(supi(1), []byte("x"))
	s.Sync()
	for _, name := range []string{c.Path, c.Path + "-wal", c.Path + "-shm", c.Path + ".lock", c.KeyFile} {
		st, err := os.Stat(name)
		if err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, mode %v", name, err, st.Mode())
		}
	}
}

func TestNetwork(t *testing.T) {
	c := at(t)
	s := reopen(t, c)
	first := s.Network()
	if first.Boot != 1 || time.Since(first.Epoch) > time.Minute {
		t.Errorf("%+v", first)
	}
	s.Close()
	s = reopen(t, c)
	if n := s.Network(); n.Boot != 2 || !n.Epoch.Equal(first.Epoch) {
		t.Errorf("%+v after %+v", n, first)
	}
}

func TestAfterClose(t *testing.T) {
	s := reopen(t, at(t))
	s.Close()
	s.PutContext(supi(1), []byte("x"))
	if err := s.Sync(); !errors.Is(err, errClosed) {
		t.Errorf("%v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("a second Close: %v", err)
	}
}

func BenchmarkPutContext(b *testing.B) {
	s := reopen(b, at(b))
	blob := bytes.Repeat([]byte{7}, 600)
	for i := range 20000 {
		s.PutContext(supi(i), blob)
	}
	s.Sync()
	b.ResetTimer()
	cpu := cpuTime()
	for i := 0; b.Loop(); i++ {
		s.PutContext(supi(i*7919%20000), blob)
		if i%500 == 499 { // as if they came a little over 20 ms apart
			s.Sync()
		}
	}
	s.Sync()
	b.ReportMetric(float64(cpuTime()-cpu)/float64(b.N), "cpu-ns/op")
}
