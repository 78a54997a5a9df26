package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cordon/transport/wireguard"
)

func TestUPFExample(t *testing.T) {
	status, example, _ := run(t, nil, "", "upf", "example")
	if status != 0 {
		t.Fatal("no example")
	}
	file := filepath.Join(t.TempDir(), "upf.yaml")
	if err := os.WriteFile(file, []byte(example), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, out, errs := run(t, nil, "", "upf", "--check", "--config", file); status != 0 || out != file+": ok\n" {
		t.Errorf("%d %s %s", status, out, errs)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(example, "path_mtu: 1500", "path_mtu: 15", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, errs := run(t, nil, "", "upf", "--check", "--config", file); status != 1 || !strings.Contains(errs, `wireguard.path_mtu: "15": want a number from 1280 to 9000`) {
		t.Errorf("%d %s", status, errs)
	}
}

func TestUPFKey(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	status, out, errs := run(t, nil, "", "upf", "key", file)
	if status != 0 {
		t.Fatal(errs)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	private, err := wireguard.ParsePrivateKey(strings.TrimSpace(string(text)))
	if err != nil || private.Public().String()+"\n" != out {
		t.Errorf("%v: printed %q", err, out)
	}
	if st, err := os.Stat(file); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %v, %v", st.Mode(), err)
	}
	if status, again, _ := run(t, nil, "", "upf", "key", "--public", file); status != 0 || again != out {
		t.Errorf("the same key again: %d %q", status, again)
	}
	if status, out, errs := run(t, nil, "", "upf", "key", file); status != 1 || out != "" || !strings.Contains(errs, "exists") {
		t.Errorf("a key was made over another: %d %q %q", status, out, errs)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if status, out, errs := run(t, nil, "", "upf", "key", "--public", file); status != 1 || out != "" || !strings.Contains(errs, "may be read by others") {
		t.Errorf("a key that all may read: %d %q %q", status, out, errs)
	}
}
