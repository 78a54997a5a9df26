//go:build linux

package netnstest

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Space is a network namespace.
type Space struct{ file *os.File }

// New makes a namespace, whose loopback is up.
func New(t testing.TB) *Space {
	t.Helper()
	s := &Space{}
	if err := OnThread(func() (err error) {
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return err
		}
		s.file, err = os.Open("/proc/thread-self/ns/net")
		return err
	}); err != nil {
		t.Fatalf("making a network namespace: %v", err)
	}
	t.Cleanup(func() { s.file.Close() })
	s.Sh(t, "ip link set lo up")
	return s
}

// OnThread runs f on a thread of its own, which goes with whatever f did to it. f may end the test.
func OnThread(f func() error) (err error) {
	done, returned := make(chan struct{}), false
	go func() {
		defer close(done)
		runtime.LockOSThread()
		err = f()
		returned = true
	}()
	<-done
	if !returned {
		runtime.Goexit()
	}
	return err
}

// Do runs f inside: the sockets it opens and the processes it starts stay there.
func (s *Space) Do(f func() error) error {
	return OnThread(func() error {
		if err := unix.Setns(int(s.file.Fd()), unix.CLONE_NEWNET); err != nil {
			return err
		}
		return f()
	})
}

// Sh runs lines of the shell inside, which have to succeed.
func (s *Space) Sh(t testing.TB, lines string) {
	t.Helper()
	cmd := exec.Command("sh", "-ec", lines)
	cmd.Env = append(os.Environ(), "PATH="+os.Getenv("PATH")+":/usr/sbin:/sbin")
	var out []byte
	if err := s.Do(func() (err error) { out, err = cmd.CombinedOutput(); return err }); err != nil {
		t.Fatalf("%s: %v\n%s", lines, err, out)
	}
}

// Path is what `ip` takes for the namespace's name.
func (s *Space) Path() string { return fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), s.file.Fd()) }

// Wire joins two: each has an interface of that name with an address, up.
func (s *Space) Wire(t testing.TB, name, addr string, other *Space, otherAddr string) {
	t.Helper()
	s.Sh(t, fmt.Sprintf("ip link add %[1]s type veth peer name %[1]s netns %[3]s; ip addr add %[2]s dev %[1]s; ip link set %[1]s up", name, addr, other.Path()))
	other.Sh(t, fmt.Sprintf("ip addr add %[2]s dev %[1]s; ip link set %[1]s up", name, otherAddr))
}

// Whole has an interface send whole packets with whole checksums, as what is at the far end of a network card does, and take what a
// program redirects to it.
func (s *Space) Whole(t testing.TB, name string) {
	t.Helper()
	for command, value := range map[uint32]uint32{unix.ETHTOOL_STXCSUM: 0, unix.ETHTOOL_STSO: 0, unix.ETHTOOL_SGSO: 0, unix.ETHTOOL_SGRO: 1} {
		if err := s.Do(func() error { return offload(name, command, value) }); err != nil {
			t.Fatal(err)
		}
	}
}

// offload sets one of an interface's offloads.
func offload(name string, command, value uint32) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	v := struct{ command, data uint32 }{command, value}
	request := struct {
		name [unix.IFNAMSIZ]byte
		data unsafe.Pointer
		_    [16]byte
	}{data: unsafe.Pointer(&v)}
	copy(request.name[:], name)
	if _, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SIOCETHTOOL, uintptr(unsafe.Pointer(&request))); e != 0 {
		return fmt.Errorf("offload %#x of %s: %w", command, name, e)
	}
	return nil
}
