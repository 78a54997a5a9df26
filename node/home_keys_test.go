package node

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cordon/ident"
)

// Keys as "openssl genpkey -algorithm X25519" and "openssl ecparam -name prime256v1 -genkey"
// write them, and the digits of TS 33.501 annex C.4.
const (
	pemX25519 = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIMgDVeCkhtCDHmBNsSl+ZrIvTRnf6dBCsgTQZ/LsjE9F\n-----END PRIVATE KEY-----\n"
	hexA      = "c53c22208b61860b06c62e5406a7b330c2b577aa5558981510d128247d38bd1d"
	hexB      = "f1ab1074477ebcc7f554ea1c5fc368b1616730155e0041ac447d6301975fecda"
)

func TestLoadHomeKeys(t *testing.T) {
	file := func(t *testing.T, text string, mode os.FileMode) string {
		path := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tests := []struct {
		name    string
		profile ident.SchemeID
		text    string
		mode    os.FileMode
		want    string // in the error
	}{
		{"profile A, digits", ident.SchemeProfileA, hexA + "\n", 0o600, ""},
		{"profile B, digits", ident.SchemeProfileB, hexB, 0o600, ""},
		{"profile A, PEM", ident.SchemeProfileA, pemX25519, 0o600, ""},
		{"profile B, PEM of the other curve", ident.SchemeProfileB, pemX25519, 0o600, "want a private key"},
		{"short", ident.SchemeProfileA, hexA[2:], 0o600, "want a private key"},
		{"no digits", ident.SchemeProfileA, strings.Repeat("x", 64), 0o600, "want a private key"},
		{"PEM of nothing", ident.SchemeProfileA, "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", 0o600, "want a private key"},
		{"not on the curve", ident.SchemeProfileB, strings.Repeat("0", 64), 0o600, "home network private key"},
		{"readable by others", ident.SchemeProfileA, hexA, 0o644, "may be read by others"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			keys, err := LoadHomeKeys(SecurityConfig{Keys: []HomeKeyConfig{{ID: 7, Profile: test.profile, File: file(t, test.text, test.mode)}}})
			if test.want != "" {
				if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "home network key 7: ") {
					t.Errorf("%v, want %q", err, test.want)
				}
				return
			}
			if err != nil || keys.Keys[7].Scheme() != test.profile || keys.AllowNull {
				t.Errorf("%+v, %v", keys, err)
			}
		})
	}
}
