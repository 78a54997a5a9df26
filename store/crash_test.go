package store

import (
	"bufio"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"cordon/ident"
)

// crashChild puts contexts for ever, one a quarter of a millisecond, and prints the
// number of each that has been put at least 100 ms ago.
func crashChild(c Config) int {
	s, err := Open(c)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	start := time.Now()
	put := make([]time.Duration, 0, 1<<20)
	tick := time.NewTicker(250 * time.Microsecond)
	for told := 0; ; <-tick.C {
		now := time.Since(start)
		s.PutContext(supi(len(put)%5000), fmt.Appendf(nil, "%d", len(put)))
		put = append(put, now)
		for told < len(put) && now-put[told] >= 100*time.Millisecond {
			told++
		}
		fmt.Println(told - 1)
	}
}

// Whatever was put 100 ms before the process is killed is there afterwards, and the
// store opens as if nothing had happened.
func TestKilledWhileWriting(t *testing.T) {
	c := at(t)
	for round := range 3 {
		cmd := child(t, "crash", c)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		last := -1
		for in := bufio.NewScanner(out); in.Scan(); {
			n := -1
			if _, err := fmt.Sscan(in.Text(), &n); err != nil {
				t.Fatal(in.Text())
			}
			if last = max(last, n); n >= 1500+700*round {
				cmd.Process.Signal(syscall.SIGKILL)
			}
		}
		cmd.Wait() // it was killed
		if last < 1500 {
			t.Fatalf("the child told %d", last)
		}
		s := reopen(t, c)
		got := contexts(t, s)
		for n := max(0, last-4999); n <= last; n++ {
			at := -1
			fmt.Sscan(got[supi(n%5000)], &at)
			if at < n { // a newer one may have been written since
				t.Fatalf("round %d: %d was put 100 ms before the end at %d, and %d is there", round, n, last, at)
			}
		}
		for id := range got {
			s.DeleteContext(id)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// fullChild fills the space that it is given, goes on putting, is given more, and sees
// that everything arrives.
func fullChild(c Config) int {
	signal.Ignore(syscall.SIGXFSZ) // so that the write fails instead
	s, err := Open(c)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	if err := allow(256 << 10); err != nil {
		fmt.Println(err)
		return 1
	}
	blob := make([]byte, 1000)
	for i := range 1000 {
		s.PutContext(supi(i), blob)
	}
	fmt.Println("first:", s.Sync())
	fmt.Println("health:", s.Health())
	s.PutContext(supi(0), []byte("newer"))
	fmt.Println("asked:", s.w.do(func(t *tx) error {
		_, err := settle(t.ctx, t.conn, "while full", make([]byte, 16))
		return err
	}))
	if _, err := s.LoadContexts(func(ident.SUPI, []byte) error { return nil }); err != nil {
		fmt.Println("reading:", err)
	}
	if err := allow(64 << 20); err != nil {
		fmt.Println(err)
		return 1
	}
	for start := time.Now(); s.Health() != nil; time.Sleep(time.Millisecond) { // the writer retries on its own
		if time.Since(start) > 20*time.Second {
			fmt.Println("never well again:", s.Health())
			return 1
		}
	}
	fmt.Println("pending:", s.Stats().Pending)
	fmt.Println("close:", s.Close())
	return 0
}

// allow limits how large a file this process may make.
func allow(octets uint64) error {
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: octets, Max: 64 << 20})
}

// When the disk is full the store says so, keeps what it was given, and writes it once
// there is room.
func TestDiskFull(t *testing.T) {
	c := at(t)
	out, err := child(t, "full", c).Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	want := []string{"first: the disk ", "health: the disk ", "asked: the disk ", "pending: 0", "close: <nil>"}
	if len(lines) != len(want) {
		t.Fatalf("%s", out)
	}
	for i, w := range want {
		if !strings.HasPrefix(lines[i], w) {
			t.Errorf("%q, want %q", lines[i], w)
		}
	}
	got := contexts(t, reopen(t, c))
	if len(got) != 1000 || got[supi(0)] != "newer" || len(got[supi(999)]) != 1000 {
		t.Errorf("%d contexts, the first is %.10q", len(got), got[supi(0)])
	}
}

// The engine's own word for a full disk is understood too.
func TestPageLimit(t *testing.T) {
	c := at(t)
	s := reopen(t, c)
	limit := func(pages int) {
		err := s.w.do(func(tx *tx) error {
			_, err := tx.conn.ExecContext(tx.ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	limit(20)
	for i := range 500 {
		s.PutContext(supi(i), make([]byte, 1000))
	}
	if err := s.Sync(); err == nil || !strings.Contains(err.Error(), "is full: free some space") {
		t.Fatalf("%v", err)
	}
	if s.Health() == nil || s.Stats().Failures == 0 || s.Stats().Pending != 500 {
		t.Errorf("%v, %+v", s.Health(), s.Stats())
	}
	if err := s.Close(); err == nil || !strings.Contains(err.Error(), "500 contexts could not be written") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(c.Path); err != nil {
		t.Error(err)
	}
}
