package rules_test

import (
	"testing"

	"cordon/rules"
)

func TestPacksParse(t *testing.T) {
	for _, name := range rules.Packs() {
		if _, err := rules.Pack(name); err != nil {
			t.Errorf("%v", err)
		}
	}
}

func day(t testing.TB, s string) rules.Date {
	t.Helper()
	d, err := rules.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
