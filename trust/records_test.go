package trust

import (
	"os"
	"reflect"
	"testing"

	"cordon/rules"
)

func parse(t *testing.T, files ...File) *rules.Facts {
	t.Helper()
	f, _, err := Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFull(t *testing.T) {
	text, err := os.ReadFile("testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f := parse(t, File{"full.yaml", text})
	out := Export(f)
	t.Logf("%s", out)
	if again := parse(t, File{"again.yaml", out}); !reflect.DeepEqual(f, again) {
		t.Errorf("\n%+v\n%+v", f, again)
	}
}
