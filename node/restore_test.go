package node

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"cordon/ident"
	"cordon/ran"
	"cordon/store"
	"cordon/subscriber"
	"cordon/wire/ngap"
)

// TestRestoreKeepsWhatItCannotJudge: a subscriber who is gone takes the context along; one who
// cannot be read at this start keeps it for the next.
func TestRestoreKeepsWhatItCannotJudge(t *testing.T) {
	supi, _ := ident.ParseSUPI(firstIMSI)
	for _, c := range []struct {
		name    string
		err     error
		deleted int
	}{
		{"gone", fmt.Errorf("subscriber: %w", fs.ErrNotExist), 1},
		{"disk", errors.New("the disk refuses"), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			kept := &testStore{
				stored: map[ident.SUPI][]byte{supi: {0, 0, 0, 0}},
				get:    func(ident.SUPI) (subscriber.Profile, error) { return subscriber.Profile{}, c.err },
			}
			still(t, 1, kept)
			if len(kept.deleted) != c.deleted {
				t.Errorf("%d contexts deleted", len(kept.deleted))
			}
		})
	}
}

// TestRestoreOnOtherProcessors: registered devices are found by their temporary identities
// although the node has another number of shards than the one that gave these out.
func TestRestoreOnOtherProcessors(t *testing.T) {
	w := start(t, testConfig(t))
	w.subscribe(t, 12)
	load := w.load(t, 12)
	load.Groups[0].Phone.Sessions, load.Traffic = nil, 0
	if s, err := ran.Run(t.Context(), load); err != nil || s.Registered != 12 {
		t.Fatalf("%d registered: %v", s.Registered, err)
	}
	w.end(t)()
	old, err := store.Open(w.cfg.Store)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	before := &testStore{stored: make(map[ident.SUPI][]byte)}
	if _, err := old.LoadContexts(func(supi ident.SUPI, b []byte) error { before.stored[supi] = b; return nil }); err != nil {
		t.Fatal(err)
	}
	if len(before.stored) != 12 {
		t.Fatalf("%d contexts", len(before.stored))
	}
	n := still(t, len(w.shards)+1, before)
	for supi := range before.stored {
		home := n.shardOfSUPI(supi)
		v, ok := n.shards[home].amf.Device(supi)
		if !ok {
			t.Fatal("a device is not registered any more")
		}
		stmsi := v.GUTI.STMSI()
		if found := n.home(&ngap.InitialUEMessage{STMSI: &stmsi}); found != home {
			t.Errorf("a device of shard %d is looked for on %d", home, found)
		}
	}
}
