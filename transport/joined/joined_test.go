package joined

import (
	"bytes"
	"testing"
)

// TestSize: control messages that make no sense leave the read whole.
func TestSize(t *testing.T) {
	for _, oob := range [][]byte{nil, make([]byte, 7), make([]byte, 16), make([]byte, 64), bytes.Repeat([]byte{0xff}, 64)} {
		if n := Size(oob, 1000); n != 1000 {
			t.Errorf("% x: %d", oob, n)
		}
	}
}
