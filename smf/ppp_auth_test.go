package smf

import (
	"bytes"
	"encoding/hex"
	"testing"
)

func TestPPPAuthentication(t *testing.T) {
	for _, c := range []struct {
		name, req, want string
		answer          func([]byte) []byte
	}{
		{"PAP", "0107000b03757365027077", "0207000500", papAnswer},
		{"PAP acknowledgement", "0207000500", "", papAnswer},
		{"PAP longer than it is", "0107000c03757365027077", "", papAnswer},
		{"PAP of a length that cannot be", "0107000303757365027077", "", papAnswer},
		{"CHAP response", "0202000a041122334461", "03020004", chapAnswer},
		{"CHAP challenge", "010200090411223344", "", chapAnswer},
		{"nothing", "", "", chapAnswer},
	} {
		req, _ := hex.DecodeString(c.req)
		want, _ := hex.DecodeString(c.want)
		if got := c.answer(req); !bytes.Equal(got, want) {
			t.Errorf("%s: %x, want %x", c.name, got, want)
		}
		for n := range req {
			if got := c.answer(req[:n]); got != nil {
				t.Errorf("%s: its first %d octets are answered", c.name, n)
			}
		}
	}
}
