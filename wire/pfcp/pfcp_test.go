package pfcp

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// A log line tells causes apart, and a cause of later releases by its number.
func TestCauseNames(t *testing.T) {
	seen := map[string]Cause{}
	for c := range Cause(80) {
		name := c.String()
		if other, twice := seen[name]; twice {
			t.Errorf("%d and %d are both %q", c, other, name)
		}
		seen[name] = c
	}
	if named := 80 - strings.Count(strings.Join(keys(seen), "\n"), "PFCP cause"); named != 16 {
		t.Errorf("%d causes have names, want 16", named)
	}
}

func keys(m map[string]Cause) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	return out
}

func TestRejection(t *testing.T) {
	err := error(&Rejection{Cause: CauseNoResources, What: "session", Err: io.ErrShortWrite})
	if !errors.Is(err, io.ErrShortWrite) || err.Error() != "n4: session: no resources available: short write" {
		t.Errorf("%v", err)
	}
	if bare := (&Rejection{Cause: CauseNoSession, What: "SEID 1"}).Error(); bare != "n4: SEID 1: session context not found" {
		t.Errorf("%s", bare)
	}
}

// Exactly one of drop, forward and buffer; notification only of what is buffered.
func TestApplyAction(t *testing.T) {
	valid := map[ApplyAction]bool{Drop: true, Forward: true, Buffer: true, Buffer | NotifyCP: true}
	for a := range ApplyAction(16) {
		if a.Valid() != valid[a] {
			t.Errorf("%04b: valid %v", a, a.Valid())
		}
	}
}
