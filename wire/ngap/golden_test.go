package ngap

import (
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"cordon/wire/wiretest"
)

var update = flag.Bool("update", false, "write testdata/golden.txt anew; the dissector's test then judges it")

// golden is what testdata/golden.txt has under each name.
func golden(t testing.TB) map[string][]byte {
	t.Helper()
	b, err := os.ReadFile("testdata/golden.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for line := range strings.Lines(string(b)) {
		name, digits, _ := strings.Cut(strings.TrimSpace(line), " ")
		if out[name], err = hex.DecodeString(digits); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	return out
}

func TestGolden(t *testing.T) {
	if *update {
		writeGolden(t)
	}
	want := golden(t)
	for _, s := range samples() {
		got, err := Append(nil, s.m)
		if err != nil || !bytes.Equal(got, want[s.name]) {
			t.Errorf("%s: encode: %x, %v; want %x", s.name, got, err, want[s.name])
			continue
		}
		m, d := Parse(want[s.name])
		if d != nil || !reflect.DeepEqual(m, s.m) {
			t.Errorf("%s: decode: %+v, %v; want %+v", s.name, m, d, s.m)
		}
		for n := range got {
			if m, d := Parse(got[:n]); m != nil || d == nil || d.Cause == nil {
				t.Errorf("%s: accepted the first %d octets of %d", s.name, n, len(got))
			}
		}
	}
	if n := len(samples()); n != len(want)-len(sampleTransfers) || n == 0 {
		t.Errorf("%d golden lines for %d samples and %d transfers", len(want), n, len(sampleTransfers))
	}
}

func writeGolden(t *testing.T) {
	var b strings.Builder
	for _, s := range samples() {
		pdu, err := Append(nil, s.m)
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
		fmt.Fprintf(&b, "%s %x\n", s.name, pdu)
	}
	for _, s := range sortedTransfers() {
		tr, err := AppendTransfer(nil, sampleTransfers[s])
		if err != nil {
			t.Errorf("%s: %v", s, err)
		}
		fmt.Fprintf(&b, "%s %x\n", s, tr)
	}
	if err := os.WriteFile("testdata/golden.txt", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// What we send, a dissector nobody here wrote reads without complaint.
func TestDissected(t *testing.T) {
	var packets []wiretest.Packet
	var names []string
	for _, s := range samples() {
		b, err := Append(nil, s.m)
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		packets, names = append(packets, wiretest.NGAP(b)), append(names, s.name)
	}
	for _, n := range wiretest.Dissect(t, packets...) {
		t.Errorf("%s: %v\n%s", names[n.Packet], n, wiretest.Text(t, packets[n.Packet]))
	}
}
