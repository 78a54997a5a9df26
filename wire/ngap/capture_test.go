package ngap

import (
	"bytes"
	"encoding/hex"
	"os"
	"strings"
	"testing"
)

type captured struct {
	name string
	pdu  []byte
}

// capturedPDUs are what other makers' radios and cores sent.
func capturedPDUs(t testing.TB) []captured {
	t.Helper()
	b, err := os.ReadFile("testdata/captured.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []captured
	for line := range strings.Lines(string(b)) {
		name, digits, ok := strings.Cut(strings.TrimSpace(line), " ")
		if name == "#" {
			continue
		}
		pdu, err := hex.DecodeString(digits)
		if err != nil || !ok {
			t.Fatalf("captured.txt: %q: %v", line, err)
		}
		out = append(out, captured{name, pdu})
	}
	if len(out) == 0 {
		t.Fatal("no captured PDUs")
	}
	return out
}

// Both wrote the canonical encoding, so ours is the same to the bit.
func TestCaptured(t *testing.T) {
	for _, tt := range capturedPDUs(t) {
		m, d := Parse(tt.pdu)
		if m == nil || d != nil {
			t.Errorf("%s: %v\n%x", tt.name, d, tt.pdu)
			continue
		}
		got, err := Append(nil, m)
		if err != nil || !bytes.Equal(got, tt.pdu) {
			t.Errorf("%s: %T %+v encodes, %v, as\n%x, not\n%x", tt.name, m, m, err, got, tt.pdu)
		}
		for n := range tt.pdu {
			if m, d := Parse(tt.pdu[:n]); m != nil || d == nil {
				t.Errorf("%s: accepted the first %d octets of %d", tt.name, n, len(tt.pdu))
			}
		}
	}
}
