package wiretest

import (
	"encoding/hex"
	"strings"
	"testing"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// An oracle that never objects proves nothing: each wrapping has a message that passes
// and one that must not.
func TestOracle(t *testing.T) {
	for _, tt := range []struct {
		name, good, bad, reads string
		wrap                   func([]byte) Packet
	}{
		{"NGAP", "00 17 40 03 00 00 00", "00 15 00 09 00 00 01 00 1b 00 40 10 00", "OverloadStop", NGAP},
		{"NAS", "7e 00 59 14", "7e 00 59", "Authentication failure", NAS},
		{"GTP-U", "30 01 00 00 00 00 00 00", "34 ff 00 01 00 00 00 01 00", "Echo request", GTPU},
		{"PFCP", "20 01 00 0c 00 00 01 00 00 60 00 04 e0 00 00 01", "20 01 00 0a 00 00 01 00 00 60 00 04 e0 00", "Heartbeat", PFCP},
	} {
		t.Run(tt.name, func(t *testing.T) {
			good := tt.wrap(unhex(t, tt.good))
			Check(t, good)
			if s := Text(t, good); !strings.Contains(s, tt.reads) {
				t.Errorf("no %q in\n%s", tt.reads, s)
			}
			if notes := Dissect(t, good, tt.wrap(unhex(t, tt.bad))); len(notes) == 0 || notes[0].Packet != 1 {
				t.Errorf("notes %v; want some on packet 1", notes)
			}
		})
	}
}
