package amf

import (
	"strings"
	"testing"
	"time"

	"cordon/ident"
)

// TestConfig: each fault is named with its field, and all of them at once.
func TestConfig(t *testing.T) {
	cases := []struct {
		want string
		edit func(*Config)
	}{
		{"Name", func(c *Config) { c.Name = "" }},
		{"Name", func(c *Config) { c.Name = strings.Repeat("x", 151) }},
		{"GUAMI", func(c *Config) { c.GUAMI.PLMN = ident.PLMN{0xaa} }},
		{"GUAMI", func(c *Config) { c.GUAMI.Set = 1024 }},
		{"GUAMI", func(c *Config) { c.GUAMI.Pointer = 64 }},
		{"TACs", func(c *Config) { c.TACs = nil }},
		{"TACs", func(c *Config) { c.TACs = []ident.TAC{0} }},
		{"TACs", func(c *Config) { c.TACs = []ident.TAC{0xfffffe} }},
		{"Slices", func(c *Config) { c.Slices = nil }},
		{"Slices", func(c *Config) { c.Slices = make([]ident.SNSSAI, 9) }},
		{"Integrity: algorithm 0", func(c *Config) { c.Integrity = []uint8{2, 0} }}, // N1-07
		{"Integrity names no", func(c *Config) { c.Integrity = nil }},
		{"Integrity: algorithm 2", func(c *Config) { c.Integrity = []uint8{2, 2} }},
		{"Ciphering: algorithm 4", func(c *Config) { c.Ciphering = []uint8{4} }},
		{"FullName", func(c *Config) { c.FullName = strings.Repeat("long ", 60) }},
		{"T3512", func(c *Config) { c.T3512 = time.Second }},
		{"T3502", func(c *Config) { c.T3502 = 4 * time.Hour }},
		{"T3346", func(c *Config) { c.T3346 = 0 }},
		{"profile \"acme\"", func(c *Config) { c.Radios = []RadioRule{{Profile: "acme"}} }},
	}
	all := testConfig()
	for _, tt := range cases {
		c := testConfig()
		tt.edit(c)
		tt.edit(all)
		if err := c.Check(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("want %q, got %v", tt.want, err)
		}
	}
	if n := strings.Count(all.Check().Error(), "\n"); n < 9 {
		t.Errorf("of all faults %d are told", n+1)
	}
	if err := testConfig().Check(); err != nil {
		t.Error(err)
	}
}

// TestNames: every reason, finding and state has a name of its own.
func TestNames(t *testing.T) {
	seen := map[string]bool{}
	name := func(s string) {
		if s == "" || seen[s] {
			t.Errorf("name %q is missing or taken", s)
		}
		seen[s] = true
	}
	for r := range reasons {
		name("reason " + r.String())
	}
	for k := range findings {
		name("finding " + k.String())
	}
	for s := range states {
		name("state " + s.String())
	}
	for _, p := range profiles {
		name("profile " + p.Name)
	}
}
