// Package umltest runs a program under a Linux kernel of the test's own: Debian's
// user-mode-linux, booted from the host's file system, which has modules the host may
// lack (sctp, tun, veth, netem) and whose network nobody else sees. It is for tests
// alone.
//
// The packages user-mode-linux, kmod and iproute2 must be installed. Where
// they are not, a test skips with a notice, except under continuous integration (CI set in
// the environment), where that fails it.
package umltest

import (
	"bytes"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"cordon/transport/netnstest"
)

// Guest is what to run.
type Guest struct {
	Program string // on the host's file system, which the guest sees whole, as does TMPDIR a file system of its own
	Args    []string
	Env     []string
	Modules []string      // loaded first
	Setup   []string      // shell commands, run before the program as root of the guest
	Memory  int           // MiB; 512 when zero
	Limit   time.Duration // of the whole; two minutes when zero
}

// Run boots a kernel, runs the program, and returns what it printed. It fails the test
// unless the program ran and exited with status zero.
func Run(t testing.TB, g Guest) string {
	t.Helper()
	kernel := find(t, "linux.uml")
	for _, tool := range []string{"modprobe", "ip"} {
		find(t, tool)
	}
	if g.Memory == 0 {
		g.Memory = 512
	}
	if g.Limit == 0 {
		g.Limit = 2 * time.Minute
	}
	dir := t.TempDir()
	script := filepath.Join(dir, "init")
	if err := os.WriteFile(script, []byte(g.script(dir)), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(kernel, "root=/dev/root", "rootfstype=hostfs", "rw", "init="+script,
		fmt.Sprintf("mem=%dM", g.Memory), "con=null", "con0=null,fd:1", "quiet")
	var console bytes.Buffer
	cmd.Stdout, cmd.Stderr = &console, &console
	cmd.Env = append(os.Environ(), "TMPDIR="+dir) // where the guest's memory lives
	if shim := xstateShim(t, dir); shim != "" {
		cmd.Env = append(cmd.Env, "LD_PRELOAD="+shim)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatalf("booting %s: %v", kernel, err)
	}
	// The guest's processes are the host's too, in the group made for them.
	kill := func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	late := time.AfterFunc(g.Limit, kill)
	cmd.Wait() // its status says nothing: powering off counts as failure or not by version
	inTime := late.Stop()
	kill()
	return g.result(t, dir, inTime, console.String())
}

// result judges what the guest left behind.
func (g Guest) result(t testing.TB, dir string, inTime bool, console string) string {
	t.Helper()
	output, _ := os.ReadFile(filepath.Join(dir, "output"))
	status, err := os.ReadFile(filepath.Join(dir, "status"))
	switch {
	case !inTime:
		t.Fatalf("%s did not finish within %v:\n%s", g.Program, g.Limit, output)
	case err != nil:
		t.Fatalf("the guest did not come to run %s:\n%s\n%s", g.Program, console, output)
	case strings.TrimSpace(string(status)) != "0":
		t.Fatalf("%s: exit status %s:\n%s", g.Program, strings.TrimSpace(string(status)), output)
	}
	return string(output)
}

// script is the guest's first process.
func (g Guest) script(dir string) string {
	var b strings.Builder
	line := func(format string, a ...any) { fmt.Fprintf(&b, format+"\n", a...) }
	line("#!/bin/sh")
	line("export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/ TMPDIR=/mnt")
	line("mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t tmpfs tmp /mnt")
	line("trap 'echo o > /proc/sysrq-trigger; sleep 60' EXIT")
	line("exec > %s 2>&1", quote(filepath.Join(dir, "output")))
	line("set -e")
	line("mkdir -p /mnt/lib/modules; ln -s /usr/lib/uml/modules/$(uname -r) /mnt/lib/modules/")
	line(`printf '#!/bin/sh\nexec modprobe -d /mnt "$@"\n' > /mnt/modprobe; chmod +x /mnt/modprobe`)
	line("echo /mnt/modprobe > /proc/sys/kernel/modprobe") // for what the kernel loads by itself
	line("ip link set lo up")
	for _, m := range g.Modules {
		line("modprobe -d /mnt %s", quote(m))
	}
	for _, s := range g.Setup {
		line("%s", s)
	}
	line("set +e")
	b.WriteString("env")
	for _, e := range g.Env {
		b.WriteString(" " + quote(e))
	}
	b.WriteString(" " + quote(g.Program))
	for _, a := range g.Args {
		b.WriteString(" " + quote(a))
	}
	line("")
	line("echo $? > %s", quote(filepath.Join(dir, "status")))
	line("sync")
	return b.String()
}

// quote makes one word of s for the shell.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// find looks a program up; without it the test is skipped, or fails under continuous
// integration.
func find(t testing.TB, name string) string {
	t.Helper()
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", "/sbin") {
		p := filepath.Join(dir, name)
		if st, err := os.Stat(p); err == nil && st.Mode()&0o111 != 0 {
			return p
		}
	}
	netnstest.Lack(t, name+" for a kernel of its own (apt-get install user-mode-linux kmod iproute2)")
	return ""
}

//go:embed testdata/xstate.c
var xstateSource []byte

// xstateShim builds what user-mode-linux of Debian 12 needs on processors with AMX, and
// returns its path; empty on others.
func xstateShim(t testing.TB, dir string) string {
	t.Helper()
	cpu, err := os.ReadFile("/proc/cpuinfo")
	if err != nil || !bytes.Contains(cpu, []byte(" amx_tile")) {
		return ""
	}
	source, shim := filepath.Join(dir, "xstate.c"), filepath.Join(dir, "xstate.so")
	if err := os.WriteFile(source, xstateSource, 0o600); err != nil {
		t.Fatal(err)
	}
	cc, err := exec.LookPath("cc")
	if err != nil {
		netnstest.Lack(t, "a C compiler, for what user-mode-linux misses on a processor with AMX")
	}
	if out, err := exec.Command(cc, "-O2", "-shared", "-fPIC", "-o", shim, source).CombinedOutput(); err != nil {
		t.Fatalf("building xstate.c: %v\n%s", err, out)
	}
	return shim
}

// BuildTest compiles the calling package's tests into a binary that needs nothing of the
// host, and returns its path.
func BuildTest(t testing.TB) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "guest.test")
	cmd := exec.Command("go", "test", "-c", "-o", bin, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building the guest's tests: %v\n%s", err, out)
	}
	return bin
}
