// Package netnstest makes network namespaces for tests of several hosts: each is a [Space] without a name, which goes with
// the file that holds it, and so with the test. Here is also the rule for every test that needs what not everybody has.
package netnstest

import (
	"os"
	"os/exec"
	"testing"
)

// Need skips a test where there is no root or one of the programs is missing, and fails it in CI, where it has to run.
func Need(t testing.TB, programs ...string) {
	t.Helper()
	if os.Geteuid() != 0 {
		Lack(t, "root")
	}
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			Lack(t, program)
		}
	}
}

// Lack skips a test that needs something which is not here, and fails it in CI, where it has to run.
func Lack(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("this test needs %s, and CI has to run it", what)
	}
	t.Skipf("SKIPPED here: this test needs %s", what)
}
