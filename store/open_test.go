package store

import (
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Every way in which a store does not open ends in one sentence that says what to do.
func TestOpenRefused(t *testing.T) {
	edit := func(t *testing.T, c Config, statement string) {
		db, err := sql.Open("sqlite", dsn(c.Path))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	write := func(t *testing.T, path, text string, mode os.FileMode) {
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name  string
		spoil func(t *testing.T, c *Config)
		want  string
	}{
		{"key file missing", func(t *testing.T, c *Config) { os.Remove(c.KeyFile) }, "is missing, and the store was sealed under it: put it back"},
		{"another key", func(t *testing.T, c *Config) { write(t, c.KeyFile, strings.Repeat("ab", 32), 0o600) }, "not the one that this store was sealed under"},
		{"key too short", func(t *testing.T, c *Config) { write(t, c.KeyFile, "abcd\n", 0o600) }, "holds 4 characters: want 64 hexadecimal digits"},
		{"key not hexadecimal", func(t *testing.T, c *Config) { write(t, c.KeyFile, strings.Repeat("xy", 32), 0o600) }, "no hexadecimal digit"},
		{"key readable by others", func(t *testing.T, c *Config) { os.Chmod(c.KeyFile, 0o640) }, "may be read by others (mode 0640): run chmod 600"},
		{"no directory", func(t *testing.T, c *Config) { c.Path = filepath.Join(filepath.Dir(c.Path), "no", "cordon.db") }, "does not exist: make it first"},
		{"a directory", func(t *testing.T, c *Config) { c.Path = filepath.Dir(c.Path) }, "directory"},
		{"a newer schema", func(t *testing.T, c *Config) { edit(t, *c, "PRAGMA user_version = 99") }, "was written by a newer Cordon (schema 99"},
		{"another program's", func(t *testing.T, c *Config) { edit(t, *c, "PRAGMA application_id = 7") }, "is another program's database"},
		{"no database", func(t *testing.T, c *Config) { write(t, c.Path, strings.Repeat("no database ", 1000), 0o600) }, "is not a Cordon store, or is damaged"},
		{"torn", func(t *testing.T, c *Config) { os.Truncate(c.Path, 5000) }, "damaged: restore a backup"},
		{"in use", func(t *testing.T, c *Config) { reopen(t, *c) }, "another process has it open"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := at(t)
			reopen(t, c).Close()
			test.spoil(t, &c)
			s, err := Open(c)
			if err == nil {
				s.Close()
				t.Fatal("opened")
			}
			if msg := err.Error(); !strings.Contains(msg, test.want) || strings.Contains(msg, "\n") || !strings.HasPrefix(msg, "opening the store: ") {
				t.Errorf("%q, want %q", msg, test.want)
			}
		})
	}
}

// A database that is there without its key must not be given a new one.
func TestNoKeyIsMadeForAnOldStore(t *testing.T) {
	c := at(t)
	reopen(t, c).Close()
	os.Remove(c.KeyFile)
	if _, err := Open(c); err == nil {
		t.Fatal("opened")
	}
	if _, err := os.Stat(c.KeyFile); !os.IsNotExist(err) {
		t.Errorf("a key file is there: %v", err)
	}
}

// The tests below need a process of their own: one that is killed, one that may write no
// more, one without leave. It is this test binary, told by its environment what to do.
const childEnv = "CORDON_STORE_TEST_CHILD"

func TestMain(m *testing.M) {
	if what := os.Getenv(childEnv); what != "" {
		c := Config{Path: os.Args[1], KeyFile: os.Args[2]}
		os.Exit(map[string]func(Config) int{"crash": crashChild, "full": fullChild, "open": openChild}[what](c))
	}
	os.Exit(m.Run())
}

func child(t *testing.T, what string, c Config) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], c.Path, c.KeyFile)
	cmd.Env = append(os.Environ(), childEnv+"="+what)
	cmd.Stderr = os.Stderr
	return cmd
}

// openChild tries to open and prints what comes of it.
func openChild(c Config) int {
	s, err := Open(c)
	if err != nil {
		os.Stdout.WriteString(err.Error())
		return 1
	}
	s.Close()
	return 0
}

// Who may not write the file is told so. Root may write everything, so the child is
// somebody else when we are root.
func TestReadOnly(t *testing.T) {
	dir, err := os.MkdirTemp("/tmp", "cordon-store") // t.TempDir's parents are closed to others
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	c := Config{Path: filepath.Join(dir, "cordon.db"), KeyFile: filepath.Join(dir, "cordon.key")}
	reopen(t, c).Close()
	binary := filepath.Join(dir, "test")
	if err := os.Link(os.Args[0], binary); err != nil {
		b, err := os.ReadFile(os.Args[0])
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(binary, b, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{c.Path, c.Path + ".lock", dir} {
		if err := os.Chmod(name, 0o555); err != nil {
			t.Fatal(err)
		}
	}
	cmd := child(t, "open", c)
	cmd.Path = binary
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	out, err := cmd.Output()
	if err == nil || !strings.Contains(string(out), "may not be read and written by this user") {
		t.Errorf("%v: %q", err, out)
	}
}
