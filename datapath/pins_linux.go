package datapath

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unsafe"

	"github.com/cilium/ebpf"
	"golang.org/x/sys/unix"
)

const (
	bpfRoot  = "/sys/fs/bpf"
	pinsRoot = bpfRoot + "/cordon"
)

// pins is the directory that keeps one forwarder's maps and links when no process does. While a
// process has it, no other gets it.
type pins struct {
	dir  string
	held *os.File
}

// openPins makes the directory of that name, or takes the one that is there.
func openPins(name string) (*pins, error) {
	if err := mountBPF(); err != nil {
		return nil, err
	}
	p := &pins{dir: filepath.Join(pinsRoot, name)}
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return nil, err
	}
	var err error
	if p.held, err = os.Open(p.dir); err != nil {
		return nil, err
	}
	if err := unix.Flock(int(p.held.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		p.held.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, fmt.Errorf("%s belongs to another process that runs: want a pin of its own for each user plane", p.dir)
		}
		return nil, fmt.Errorf("taking %s: %w", p.dir, err)
	}
	return p, nil
}

// errMount says that there is no file system to pin in.
var errMount = errors.New("no BPF file system at " + bpfRoot + " (mount -t bpf bpf " + bpfRoot + ")")

// mountBPF sees to the file system in which maps and links are pinned.
func mountBPF() error {
	var st unix.Statfs_t
	if err := unix.Statfs(bpfRoot, &st); err != nil {
		return fmt.Errorf("%w: %w", errMount, err)
	}
	if st.Type == unix.BPF_FS_MAGIC {
		return nil
	}
	if err := unix.Mount("bpf", bpfRoot, "bpf", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, "mode=0700"); err != nil {
		return fmt.Errorf("%w, and this process may not mount one: %w", errMount, err)
	}
	return nil
}

// close gives the directory up, with what is in it.
func (p *pins) close() { p.held.Close() }

// path is the file of a map or link. The file system has no dots in its names.
func (p *pins) path(name string) string {
	return filepath.Join(p.dir, strings.TrimPrefix(name, ".data."))
}

// empty takes everything out of the directory: what no process has is gone then, and a program that
// only its link kept no longer runs.
func (p *pins) empty() error {
	p.joinAgain()
	entries, err := os.ReadDir(p.dir)
	for _, e := range entries {
		err = errors.Join(err, os.Remove(filepath.Join(p.dir, e.Name())))
	}
	return err
}

// layoutPin is the map that says what the others mean.
const layoutPin = "layout"

// pinned is its entry.
type pinned struct {
	Version uint64
	Device  [unix.IFNAMSIZ]byte    // the TUN device that stays too
	Joined  [2][unix.IFNAMSIZ]byte // interfaces on which packets are to be joined again when the program goes
}

func deviceOf(name string) (d [unix.IFNAMSIZ]byte) {
	copy(d[:], name)
	return d
}

// errNothing says that nothing is pinned.
var errNothing = errors.New("nothing is pinned")

// maps are the pinned maps of these specifications, of that layout version. Other errors than errNothing say why
// what is there is of no use.
func (p *pins) maps(specs map[string]*ebpf.MapSpec, version uint64) (map[string]*ebpf.Map, error) {
	has, err := p.pinned()
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, errNothing
	case err != nil:
		return nil, err
	case has.Version != version:
		return nil, fmt.Errorf("its layout is version %#x, and this program's %#x", has.Version, version)
	}
	found := map[string]*ebpf.Map{}
	for name, spec := range specs {
		m, err := ebpf.LoadPinnedMap(p.path(name), nil)
		if err == nil {
			found[name] = m
			err = compatible(spec, m)
		}
		if err != nil {
			closeMaps(found)
			return nil, fmt.Errorf("map %s: %w", name, err)
		}
	}
	return found, nil
}

// compatible reports whether a map is as it would be made. Those of variables get a flag on the way.
func compatible(spec *ebpf.MapSpec, m *ebpf.Map) error {
	if spec = spec.Copy(); strings.HasPrefix(spec.Name, ".data.") {
		spec.Flags |= unix.BPF_F_MMAPABLE
	}
	return spec.Compatible(m)
}

func (p *pins) pinned() (k pinned, err error) {
	m, err := ebpf.LoadPinnedMap(p.path(layoutPin), nil)
	if err != nil {
		return pinned{}, err
	}
	defer m.Close()
	err = m.Lookup(uint32(0), &k)
	return k, err
}

// keepMaps pins maps, and what they are last: without it they are nothing.
func (p *pins) keepMaps(maps map[string]*ebpf.Map, k pinned) error {
	for name, m := range maps {
		if err := m.Pin(p.path(name)); err != nil {
			return fmt.Errorf("keeping map %s: %w", name, err)
		}
	}
	m, err := ebpf.NewMap(&ebpf.MapSpec{Name: layoutPin, Type: ebpf.Array, KeySize: 4, ValueSize: uint32(unsafe.Sizeof(k)), MaxEntries: 1})
	if err != nil {
		return err
	}
	defer m.Close()
	if err := m.Put(uint32(0), k); err != nil {
		return err
	}
	return m.Pin(p.path(layoutPin))
}

// noteJoined keeps the names of interfaces for joinAgain.
func (p *pins) noteJoined(devices []string) error {
	return p.change(func(k *pinned) {
		for i := range k.Joined {
			k.Joined[i] = [unix.IFNAMSIZ]byte{}
			if i < len(devices) {
				k.Joined[i] = deviceOf(devices[i])
			}
		}
	})
}

// joinAgain has packets be joined where they were before there was a program. What an earlier version kept has no such names.
func (p *pins) joinAgain() {
	k, err := p.pinned()
	if err != nil || k.Joined == [2][unix.IFNAMSIZ]byte{} {
		return
	}
	for _, name := range k.Joined {
		if name[0] != 0 {
			joinAgain([]string{unix.ByteSliceToString(name[:])})
		}
	}
	_ = p.noteJoined(nil)
}

// change changes what the pinned maps are said to be.
func (p *pins) change(f func(*pinned)) error {
	m, err := ebpf.LoadPinnedMap(p.path(layoutPin), nil)
	if err != nil {
		return err
	}
	defer m.Close()
	var k pinned
	if err := m.Lookup(uint32(0), &k); err != nil {
		return err
	}
	f(&k)
	return m.Put(uint32(0), k)
}

func closeMaps(maps map[string]*ebpf.Map) {
	for _, m := range maps {
		m.Close()
	}
}

// Detach takes a forwarder that no process has out of the kernel: programs from their interfaces, all
// sessions, and the TUN device. It reports how many interfaces were freed.
func Detach(pin string) (interfaces int, err error) {
	if !filepath.IsLocal(pin) || filepath.Base(pin) != pin {
		return 0, fmt.Errorf("%q is no name of a pin", pin)
	}
	if _, err := os.Stat(filepath.Join(pinsRoot, pin)); err != nil {
		return 0, fmt.Errorf("nothing is pinned under the name %s: %w", pin, err)
	}
	p, err := openPins(pin)
	if err != nil {
		return 0, err
	}
	defer p.close()
	if k, err := p.pinned(); err == nil {
		if dev, err := rtnl().LinkByName(unix.ByteSliceToString(k.Device[:])); err == nil && dev.Type() == "tuntap" {
			if err := rtnl().LinkDel(dev); err != nil {
				return 0, fmt.Errorf("removing %s: %w", dev.Attrs().Name, err)
			}
		}
	}
	for _, name := range []string{pinN3, pinN6} {
		if _, err := os.Stat(p.path(name)); err == nil {
			interfaces++
		}
	}
	if err := p.empty(); err != nil {
		return 0, fmt.Errorf("emptying %s: %w", p.dir, err)
	}
	return interfaces, os.Remove(p.dir)
}

// Names of the pinned links.
const (
	pinN3 = "link-n3"
	pinN6 = "link-n6"
)
