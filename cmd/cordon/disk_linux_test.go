package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"cordon/console"
	"cordon/transport/netnstest"
)

// A disk that fills up under a running core costs nobody their service: the operator is told
// in a sentence, and what waited is written once there is room.
func TestFullDisk(t *testing.T) {
	netnstest.Need(t)
	s := newSite(t)
	s.Store = filepath.Join(s.Dir, "disk")
	s.enter = smallDisk(t, s.Store)
	p := s.serve(t)
	p.subscribe(t, 40)
	r := begin(t, s.load(t, "--phones", "20", "--rate", "0", "--traffic", "5m", "--pps", "5", "--reconnect", "200ms"))
	wait(t, 30*time.Second, "the first phones are registered", func() bool { return r.registered() == 20 })

	on := func(line string) {
		t.Helper()
		if err := s.enter(func() error { return exec.Command("sh", "-c", line).Run() }); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	store := func() (st console.Health) {
		t.Helper()
		c, err := p.api(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var all console.Status
		if err := c.get("/v1/status", &all); err != nil {
			t.Fatal(err)
		}
		return all.Store
	}
	on("cat /dev/zero > " + s.Store + "/filler 2>/dev/null; true")
	more := begin(t, s.load(t, "--phones", "20", "--rate", "0", "--imsi", "001010000000021", "--gnb", "20", "--n3", s.Net+".20",
		"--traffic", "5m", "--pps", "5", "--reconnect", "200ms"))
	wait(t, 30*time.Second, "phones register on a full disk", func() bool { return more.registered() == 20 })
	more.carries(t, 20)
	wait(t, 30*time.Second, "the operator is told", func() bool { return !store().OK })
	if h := store(); !strings.Contains(h.Problem, "full") || h.Pending == 0 {
		t.Errorf("%+v", h)
	}
	t.Logf("%+v", store())
	on("rm " + s.Store + "/filler")
	wait(t, 30*time.Second, "what waited is written", func() bool { h := store(); return h.OK && h.Pending == 0 })
	p.kill()
	p = s.serve(t)
	if n := len(p.devices(t)); n != 40 {
		t.Errorf("%d of 40 devices are known after the disk had been full", n)
	}
	r.carries(t, 20)
	more.carries(t, 20)
	if a, b := r.end(t), more.end(t); a.Reregistered+b.Reregistered != 0 {
		t.Error("a device had to register anew")
	}
}

// smallDisk mounts one that only those see who enter.
func smallDisk(t *testing.T, dir string) func(func() error) error {
	t.Helper()
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	var ns *os.File
	err := netnstest.OnThread(func() (err error) {
		if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
			return err
		}
		if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
			return err
		}
		if err := unix.Mount("cordon-test", dir, "tmpfs", 0, "size=8m"); err != nil {
			return err
		}
		ns, err = os.Open("/proc/thread-self/ns/mnt")
		return err
	})
	if err != nil {
		t.Fatalf("mounting a small disk: %v", err)
	}
	t.Cleanup(func() { ns.Close() })
	return func(f func() error) error {
		return netnstest.OnThread(func() error {
			if err := unix.Unshare(unix.CLONE_FS); err != nil {
				return err
			}
			if err := unix.Setns(int(ns.Fd()), unix.CLONE_NEWNS); err != nil {
				return err
			}
			return f()
		})
	}
}
