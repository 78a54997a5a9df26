package rules

import "testing"

func TestPacksCompile(t *testing.T) {
	for _, name := range Packs() {
		if _, err := Pack(name); err != nil {
			t.Errorf("%v", err)
		}
	}
}
