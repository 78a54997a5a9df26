package node

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"cordon/ident"
	"cordon/subscriber"
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
			store := &testStore{
				stored: map[ident.SUPI][]byte{supi: {0, 0, 0, 0}},
				get:    func(ident.SUPI) (subscriber.Profile, error) { return subscriber.Profile{}, c.err },
			}
			still(t, 1, store)
			if len(store.deleted) != c.deleted {
				t.Errorf("%d contexts deleted", len(store.deleted))
			}
		})
	}
}
