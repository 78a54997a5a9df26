package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// nobody runs the program without any privilege; it is root's to give.
const nobody = 65534

// A core that cannot start says why in one sentence, with what to do, and exits with status 1.
func TestNoStart(t *testing.T) {
	tests := []struct {
		name    string
		prepare func(*testing.T, *site)
		want    []string
	}{
		{"N2's port in use", func(t *testing.T, s *site) { occupy(t, "udp", s.Net+".1:9899") }, []string{"opening N2", "9899", "in use"}},
		{"N3's port in use", func(t *testing.T, s *site) { occupy(t, "udp", s.Net+".1:2152") }, []string{"opening the user plane", "2152", "in use"}},
		{"the API's port in use", func(t *testing.T, s *site) { occupy(t, "tcp", fmt.Sprintf("127.0.0.1:%d", s.APIPort())) }, []string{"opening the console", "in use"}},
		{"an address that is not here", func(t *testing.T, s *site) { s.Net = "192.0.2" }, []string{"192.0.2.1"}},
		{"a store that cannot be written", func(t *testing.T, s *site) { freeze(t, s) }, []string{"cordon.db"}},
		{"a store that is none", func(t *testing.T, s *site) { ruin(t, s) }, []string{"cordon.db"}},
		{"the wrong key", func(t *testing.T, s *site) { s.serve(t).kill(); swapKey(t, s) }, []string{"key file is not the one"}},
		{"a key that others may read", func(t *testing.T, s *site) { s.serve(t).kill(); os.Chmod(filepath.Join(s.Dir, "cordon.key"), 0o644) }, []string{"cordon.key", "0644"}},
		{"a token that others may read", func(t *testing.T, s *site) { s.serve(t).kill(); os.Chmod(filepath.Join(s.Dir, "cordon.token"), 0o644) }, []string{"cordon.token", "0644"}},
		{"no privilege for raw sockets", func(t *testing.T, s *site) { s.SCTP = "raw" }, []string{"opening N2", "CAP_NET_RAW"}},
		{"no privilege for a TUN device", func(t *testing.T, s *site) { s.N6 = "tun" }, []string{"opening the user plane", "CAP_NET_ADMIN"}},
		{"no directory for the store", func(t *testing.T, s *site) { s.Store = "/nonexistent" }, []string{"/nonexistent"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t)
			as := unprivileged(t, s)
			test.prepare(t, s)
			own(t, s, as)
			p := s.launch(t, as)
			status, said := p.exit(t, 20*time.Second), strings.TrimSpace(p.log.String())
			t.Log(said)
			if status != 1 || !strings.HasPrefix(said, "cordon: ") || strings.Contains(said, "\n") {
				t.Errorf("status %d, %q", status, said)
			}
			for _, w := range test.want {
				if !strings.Contains(said, w) {
					t.Errorf("want %q", w)
				}
			}
		})
	}
}

// A second core on a running one's configuration does not start, and the first does not notice.
func TestSecondStart(t *testing.T) {
	s := newSite(t)
	p := s.serve(t)
	second := s.launch(t, nil)
	said := func() string { return strings.TrimSpace(second.log.String()) }
	if status := second.exit(t, 20*time.Second); status != 1 || strings.Contains(said(), "\n") || !strings.HasPrefix(said(), "cordon: ") {
		t.Errorf("status %d, %q", status, said())
	}
	t.Log(said())
	p.devices(t)
	p.cmd.Process.Signal(os.Interrupt)
	if status := p.exit(t, 10*time.Second); status != 0 {
		t.Errorf("status %d:\n%s", status, p.log)
	}
}

func occupy(t *testing.T, network, addr string) {
	t.Helper()
	if network == "tcp" {
		l, err := net.Listen(network, addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		return
	}
	c, err := net.ListenPacket(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
}

func write(t *testing.T, s *site, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.Dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// ruin puts something else in the place of the store.
func ruin(t *testing.T, s *site) {
	t.Helper()
	s.serve(t).kill()
	for _, name := range []string{"cordon.db-wal", "cordon.db-shm"} {
		os.Remove(filepath.Join(s.Dir, name))
	}
	write(t, s, "cordon.db", strings.Repeat("no database ", 1000))
}

// swapKey puts another key in the place of the store's.
func swapKey(t *testing.T, s *site) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(s.Dir, "cordon.key"))
	if err != nil {
		t.Fatal(err)
	}
	other := newSite(t)
	other.serve(t).kill()
	key, err := os.ReadFile(filepath.Join(other.Dir, "cordon.key"))
	if err != nil || string(key) == string(b) {
		t.Fatalf("no other key: %v", err)
	}
	write(t, s, "cordon.key", string(key))
}

// freeze makes a store that has been used one that can only be read.
func freeze(t *testing.T, s *site) {
	t.Helper()
	s.serve(t).kill()
	for _, name := range []string{"cordon.db", "."} {
		if err := os.Chmod(filepath.Join(s.Dir, name), 0o555); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(s.Dir, 0o755) })
}

// unprivileged is who runs a core that is to have no privilege.
func unprivileged(t *testing.T, s *site) *syscall.SysProcAttr {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	for dir := s.Dir; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
}

// own gives a core's files to who runs it.
func own(t *testing.T, s *site, as *syscall.SysProcAttr) {
	t.Helper()
	if as == nil {
		return
	}
	files, err := os.ReadDir(s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append([]string{"."}, names(files)...) {
		if err := os.Chown(filepath.Join(s.Dir, f), nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
}

func names(files []os.DirEntry) (all []string) {
	for _, f := range files {
		all = append(all, f.Name())
	}
	return all
}
