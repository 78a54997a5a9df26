package datapath

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"cordon/wire/pfcp"
)

// TestChoice: whatever keeps the kernel from forwarding is told in one sentence, and refused only where the mode was
// asked for by name.
func TestChoice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		name string
		set  settings
		want string
		fine bool // it forwards, or does without
	}{
		{"as it should be", settings{Fast: FastAuto}, "XDP native on n3u, XDP native on n6u", true},
		{"off", settings{Fast: FastOff}, "every packet goes through this process: as configured", true},
		{"no capability", settings{Fast: FastAuto, Drop: noBPF}, "every packet goes through this process: this user may not load programs into the kernel, which wants CAP_BPF", true},
		{"no capability and a mode", settings{Fast: FastNative, Drop: noBPF}, "forwarding in the kernel, mode native: this user may not", false},
		{"no such interface", settings{Fast: FastAuto, N6Device: "nobody0"}, "every packet goes through this process: interface nobody0: Link not found", true},
		{"loopback has no native XDP", settings{Fast: FastAuto, N6Device: "lo"}, "TCX on n3u, TCX on lo; no native on lo, its driver has no such XDP", true},
		{"native on loopback", settings{Fast: FastNative, N6Device: "lo"}, "interface lo: no program of mode native: its driver has no such XDP", false},
		{"traffic control", settings{Fast: FastTCX}, "TCX on n3u, TCX on n6u", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.set.N3 = planeN3
			p := w.newPlane(t, tt.set)
			if !tt.fine {
				p.cmd.Wait()
				if said := p.said.String(); p.cmd.ProcessState.Success() || !strings.Contains(said, tt.want) || strings.Count(said, "\n") != 1 {
					t.Errorf("%s", said)
				}
				return
			}
			var c Choice
			p.ask("Choice", struct{}{}, &c)
			if !strings.HasPrefix(c.Fast, tt.want) && !strings.Contains(c.Fast, tt.want) || strings.Contains(c.Fast, "\n") {
				t.Errorf("%s", c.Fast)
			}
			p.stop()
		})
	}
}

// noBPF are the capabilities without which no program is loaded.
var noBPF = []uintptr{unix.CAP_BPF, unix.CAP_SYS_ADMIN, unix.CAP_PERFMON}

// TestReplaced: what an earlier process left is replaced where it does not fit, and the reason is told.
func TestReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pin := fmt.Sprintf("test-%d-replaced", os.Getpid())
	t.Cleanup(func() { w.plane.Do(func() error { _, err := Detach(pin); return err }) })
	start := func(set settings) string {
		t.Helper()
		set.N3, set.Pin = planeN3, pin
		p := w.newPlane(t, set)
		var c Choice
		p.ask("Choice", struct{}{}, &c)
		if set.Fast == FastNative && !strings.Contains(c.Fast, "adopted") {
			var a pfcp.Established
			p.ask("Establish", sessionOf("10.45.0.2", 0), &a)
		}
		p.stop()
		return c.Fast
	}
	want := func(said, part string) {
		t.Helper()
		if !strings.Contains(said, part) {
			t.Errorf("%q: want %q", said, part)
		}
	}
	want(start(settings{Fast: FastNative}), "XDP native on n3u, XDP native on n6u; sessions outlast this process in "+pinsRoot+"/"+pin)
	want(start(settings{Fast: FastNative, Pool: "10.45.0.0/17"}), "was replaced, its sessions are gone: map down: ")
	want(start(settings{Fast: FastNative, Pool: "10.45.0.0/17"}), "1 sessions were adopted")
	want(start(settings{Fast: FastGeneric, Pool: "10.45.0.0/17"}), "XDP generic on n3u, XDP generic on n6u")
	want(start(settings{Fast: FastOff}), "what an earlier process left in the kernel was taken away")
	if n, err := Detach(pin); err == nil {
		t.Errorf("%d interfaces still had a program", n)
	}
	if _, err := Detach("../" + pin); err == nil {
		t.Error("another directory's name was taken")
	}
}

// TestOnePin: a pin is one process's.
func TestOnePin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pin := fmt.Sprintf("test-%d-one", os.Getpid())
	t.Cleanup(func() { w.plane.Do(func() error { _, err := Detach(pin); return err }) })
	first := w.newPlane(t, settings{Fast: FastNative, N3: planeN3, Pin: pin})
	var c Choice
	first.ask("Choice", struct{}{}, &c)
	if _, err := Detach(pin); err == nil || !strings.Contains(err.Error(), "belongs to another process") {
		t.Errorf("%v", err)
	}
	first.stop()
	n := 0
	err := w.plane.Do(func() (err error) { n, err = Detach(pin); return err })
	if n != 2 || err != nil {
		t.Errorf("%d interfaces, %v", n, err)
	}
}

// TestSeparate: at the hook of traffic control the kernel joins no packets, and does again when the program goes.
func TestSeparate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pin := fmt.Sprintf("test-%d-separate", os.Getpid())
	check := func(when string, want bool) {
		t.Helper()
		for _, dev := range []string{"n3u", "n6u"} {
			var got bool
			if err := w.plane.Do(func() (err error) { got, err = joins(dev); return err }); err != nil || got != want {
				t.Errorf("%s, on %s: %v, %v; want %v", when, dev, got, err, want)
			}
		}
	}
	if err := w.plane.Do(func() error { return errors.Join(setJoins("n3u", true), setJoins("n6u", true)) }); err != nil {
		t.Fatal(err)
	}
	run := func(set settings) {
		t.Helper()
		p := w.newPlane(t, set)
		var c Choice
		p.ask("Choice", struct{}{}, &c)
		check("while it runs", set.Fast != FastTCX)
		p.stop()
	}
	run(settings{Fast: FastTCX, N3: planeN3})
	check("when it has ended", true)
	for _, end := range []settings{{Fast: FastGeneric, N3: planeN3, Pin: pin}, {Fast: FastOff, N3: planeN3, Pin: pin}} {
		run(settings{Fast: FastTCX, N3: planeN3, Pin: pin})
		check("when it has left the program", false)
		run(end)
		check("when another mode has followed", true)
	}
}
