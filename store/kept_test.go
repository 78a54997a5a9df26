package store

import "testing"

func TestKept(t *testing.T) {
	c := at(t)
	s := reopen(t, c)
	if v, err := s.Kept("findings"); v != nil || err != nil {
		t.Fatalf("before anything was kept: %q, %v", v, err)
	}
	for _, v := range []string{"one", "two"} {
		if err := s.Keep("findings", []byte(v)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Keep("checkpoint", []byte("three")); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = reopen(t, c)
	if v, err := s.Kept("findings"); string(v) != "two" || err != nil {
		t.Errorf("after a restart: %q, %v: want the newest", v, err)
	}
	// One name's value under another name is nobody's.
	swap := func(tx *tx) error {
		return tx.change("UPDATE kept SET sealed = (SELECT sealed FROM kept WHERE name = 'checkpoint') WHERE name = 'findings'")
	}
	if err := s.w.do(swap); err != nil {
		t.Fatal(err)
	}
	if v, err := s.Kept("findings"); err == nil {
		t.Errorf("another name's value was read: %q", v)
	}
}
