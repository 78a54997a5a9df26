package store

import (
	"database/sql"
	"fmt"
	"io/fs"
	"testing"
)

// made writes a store as the first release did: its schema, its marks, a subscriber and a context.
func made(t *testing.T, c Config) {
	t.Helper()
	other := Config{Path: c.Path + ".other", KeyFile: c.KeyFile} // whose key and sealing are the same
	s := reopen(t, other)
	p := profile(t, 1, "method", "eap-aka-prime")
	credentials, blob := s.sealCredentials(&p), s.sealer.seal("contexts", uint64(p.SUPI), []byte("x"))
	s.Close()
	if _, err := touch(c.Path); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", dsn(c.Path))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	first, err := fs.ReadFile(migrations, "migrations/0001_first.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		string(first), fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = 1", applicationID),
		fmt.Sprintf("INSERT INTO subscribers (supi, algorithm, method, amf, plan, sqn_offset, created, sealed) VALUES (%d, 0, 1, 32768, 'gold', -7, 1, x'%x')", p.SUPI, credentials),
		fmt.Sprintf("INSERT INTO contexts (supi, sealed) VALUES (%d, x'%x')", p.SUPI, blob),
	} {
		if _, err := db.Exec(text); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
}

// A store of the first release opens with all that is in it; nobody in it is protected.
func TestMigrateFromFirst(t *testing.T) {
	c := at(t)
	made(t, c)
	s := reopen(t, c)
	want := profile(t, 1, "method", "eap-aka-prime")
	want.SQNOffset = -7
	if got, err := s.Get(want.SUPI); err != nil || got != want {
		t.Fatalf("%+v, %v", got, err)
	}
	if got := contexts(t, s); got[want.SUPI] != "x" {
		t.Errorf("contexts %v", got)
	}
	if err := s.SetProtected(want.SUPI, true); err != nil {
		t.Fatal(err)
	}
	s.Close()
	s = reopen(t, c)
	want.Protected = true
	if got, err := s.Get(want.SUPI); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}
