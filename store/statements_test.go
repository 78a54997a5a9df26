package store

import (
	"errors"
	"testing"
)

func TestStatements(t *testing.T) {
	c := at(t)
	s := reopen(t, c)
	first, err := s.AddStatement("cut", []byte("one"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.AddStatement("record", []byte("two"))
	if err != nil || second <= first {
		t.Fatalf("numbers %d, %d: %v", first, second, err)
	}
	if err := s.RemoveStatement(second); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveStatement(second); !errors.Is(err, ErrUnknown) {
		t.Errorf("removed twice: %v", err)
	}
	third, err := s.AddStatement("record", []byte("three"))
	if err != nil || third <= second {
		t.Fatalf("number %d after %d was taken back: %v", third, second, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = reopen(t, c)
	all, err := s.Statements()
	if err != nil || len(all) != 2 || all[0].Number != first || string(all[0].Text) != "one" || all[1].Kind != "record" || string(all[1].Text) != "three" {
		t.Fatalf("after a restart: %+v, %v", all, err)
	}
	// A row that was made into another kind's is no statement any more.
	alter := func(tx *tx) error { return tx.change("UPDATE statements SET kind = 'record' WHERE kind = 'cut'") }
	if err := s.w.do(alter); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Statements(); err == nil {
		t.Errorf("a statement of another kind was read: %+v", all)
	}
}
