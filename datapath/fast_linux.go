package datapath

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/rlimit"
	"golang.org/x/sys/unix"

	"cordon/upf"
	"cordon/wire/pfcp"
)

// fast is the half of a forwarder that runs in the kernel: the program on the two interfaces, and the
// memory that it shares with package upf.
//
// Pinned, both outlast the process. The next process with the same pin adopts them where their layout is
// the one that it knows, and replaces them where not.
type fast struct {
	program    *program
	sessions   *upf.Sessions
	private    *upf.Memory // of sessions: what the program has a copy of
	pins       *pins       // nil: nothing is kept
	attaching  sync.Mutex  // guards on while the neighbours are followed
	on         []*attached
	neighbours *neighbours
	kick       chan struct{} // wakes it
	log        *slog.Logger
	notes      []string
	joined     []string   // interfaces on which packets were joined before
	adopted    int        // sessions of an earlier process
	base       pfcp.Usage // what lines had counted when this process came
	gone       pfcp.Usage // what lines that are gone had counted since
}

// layoutVersion is of all maps: of package upf's memory, and of what this package and its program keep beside it.
const layoutVersion = upf.LayoutVersion<<16 | 4

// openFast loads the program, or finds the one that an earlier process left, and has it forward.
// rules guards the sessions.
func openFast(cfg *Config, n6 n6, rules *sync.RWMutex) (*fast, *upf.Sessions, error) {
	k := &fast{log: cfg.Log, kick: make(chan struct{}, 1)}
	sessions, err := k.open(cfg, n6, rules)
	if err != nil {
		return nil, nil, errors.Join(explain(err, cfg), k.abandon())
	}
	return k, sessions, nil
}

func (k *fast) open(cfg *Config, n6 n6, rules *sync.RWMutex) (*upf.Sessions, error) {
	if err := rlimit.RemoveMemlock(); err != nil {
		return nil, err
	}
	if cfg.Pin != "" {
		var err error
		if k.pins, err = openPins(cfg.Pin); err != nil && !errors.Is(err, errMount) {
			return nil, err
		} else if err != nil {
			k.note("nothing stays when this process ends: %v", err)
		}
	}
	sessions, err := k.openMemory(cfg)
	if err != nil {
		return nil, err
	}
	o := outerOf(&k.program.memory.Settings[0])
	if err := k.program.tell(o); err != nil {
		return nil, err
	}
	k.attaching.Lock()
	defer k.attaching.Unlock()
	if k.neighbours, err = openNeighbours(cfg, k.program, o, rules, k.kick, k.returned); err != nil {
		return nil, err
	}
	if err := k.attach(cfg); err != nil || k.pins == nil {
		return sessions, err
	}
	return sessions, n6.keep()
}

func (k *fast) note(format string, args ...any) {
	k.notes = append(k.notes, fmt.Sprintf(format, args...))
}

// openMemory makes the sessions, in the memory that was left or in new.
func (k *fast) openMemory(cfg *Config) (*upf.Sessions, error) {
	layout, err := cfg.UPF.Layout()
	if err != nil {
		return nil, err
	}
	if k.pins != nil {
		switch sessions, err := k.adopt(cfg, layout); {
		case err == nil:
			return sessions, nil
		case !errors.Is(err, errNothing):
			k.note("what an earlier process left was replaced, its sessions are gone: %v", err)
		}
		if err := k.pins.empty(); err != nil {
			return nil, fmt.Errorf("emptying %s: %w", k.pins.dir, err)
		}
	}
	if k.program, err = loadProgram(layout, nil); err != nil {
		return nil, err
	}
	sessions, private, err := newSessions(cfg, k.program.memory)
	if err != nil {
		return nil, err
	}
	k.publish(sessions, private)
	if k.pins != nil {
		return sessions, k.pins.keepMaps(k.program.maps, pinned{Version: layoutVersion, Device: deviceOf(cfg.Device)})
	}
	return sessions, nil
}

// adopt takes over what an earlier process left.
func (k *fast) adopt(cfg *Config, layout upf.Layout) (*upf.Sessions, error) {
	spec, err := programSpec(layout, "")
	if err != nil {
		return nil, err
	}
	maps, err := k.pins.maps(spec.Maps, layoutVersion)
	if err != nil {
		return nil, err
	}
	defer closeMaps(maps)
	p, err := loadProgram(layout, maps)
	if err != nil {
		return nil, err
	}
	sessions, private, err := newSessions(cfg, p.memory)
	if err == nil {
		err = sameWorld(private, p.memory)
	}
	if err != nil {
		p.close()
		return nil, err
	}
	a := sessions.Adopt(newClock().now())
	k.program, k.adopted = p, a.Sessions+a.Waiting
	k.publish(sessions, private)
	k.base = lineCounts(p.memory)
	k.note("%d sessions were adopted", k.adopted)
	if a.Waiting > 0 {
		k.note("%d of them pass nothing until they are established again", a.Waiting)
	}
	for m, n := range a.Removed {
		if n > 0 {
			k.note("%d were removed: %s", n, upf.Misfit(m))
		}
	}
	return sessions, nil
}

// sameWorld says in what a configuration differs that sessions cannot outlast.
func sameWorld(now, before *upf.Memory) error {
	a, b := &now.Settings[0], &before.Settings[0]
	switch {
	case !slices.Equal(now.Pools, before.Pools):
		return errors.New("the address pools are others now")
	case a.N3v4 != b.N3v4 || a.N3v6 != b.N3v6:
		return errors.New("the address on N3 is another now")
	case a.NATBlock != b.NATBlock:
		return errors.New("NAT's blocks have another size now")
	}
	return nil
}

// newSessions makes the UPF in shared memory, but with settings of its own: the program must at no
// time see them half written.
func newSessions(cfg *Config, shared *upf.Memory) (*upf.Sessions, *upf.Memory, error) {
	m := *shared
	m.Settings, m.Pools = slices.Clone(m.Settings), make([]upf.PoolEntry, len(m.Pools))
	m.Ranges, m.Services = make([]upf.Range, len(m.Ranges)), make([]upf.ServiceEntry, len(m.Services))
	m.Special = make([]uint64, len(m.Special))
	s, err := upf.New(cfg.UPF, &m)
	return s, &m, err
}

// publish gives the program the sessions' settings, what restricts before what allows.
func (k *fast) publish(s *upf.Sessions, private *upf.Memory) {
	k.sessions, k.private = s, private
	from, to := private, k.program.memory
	k.publishFramed()
	outer := to.Settings[0].Outer
	settings := slices.Clone(from.Settings)
	settings[0].Outer = outer
	copyWords(to.Special, from.Special)
	copyWords(to.Pools, from.Pools)
	copyWords(to.Ranges, from.Ranges)
	copyWords(to.Services, from.Services)
	copyWords(to.Settings, settings)
}

// publishFramed tells the program of networks behind devices: that there are any before where, since it leaves
// to user space only then what is special and nobody's. Where they were stays special, as it does in package upf.
func (k *fast) publishFramed() {
	n := k.sessions.Framed()
	atomic.StoreUint32(&k.program.limits.Framed, uint32(n))
	if n > 0 {
		copyWords(k.program.memory.Special, k.private.Special)
	}
}

// copyWords copies word by word what differs.
func copyWords[T any](to, from []T) {
	if len(to) == 0 {
		return
	}
	n := len(to) * int(unsafe.Sizeof(to[0])) / 8
	dst, src := unsafe.Slice((*uint64)(unsafe.Pointer(&to[0])), n), unsafe.Slice((*uint64)(unsafe.Pointer(&from[0])), n)
	for i, v := range src {
		if atomic.LoadUint64(&dst[i]) != v {
			atomic.StoreUint64(&dst[i], v)
		}
	}
}

// changed says that a session may lead to another peer, or have other networks behind it. The caller holds
// the sessions.
func (k *fast) changed() {
	k.publishFramed()
	select {
	case k.kick <- struct{}{}:
	default:
	}
}

// ended notes what a session's lines had counted, which are cleared.
func (k *fast) ended(u pfcp.Usage) { add(&k.gone, u) }

// carried is what both halves have forwarded since this process came.
func (k *fast) carried() pfcp.Usage {
	u := lineCounts(k.program.memory)
	add(&u, k.gone)
	u.UplinkPackets -= k.base.UplinkPackets
	u.UplinkBytes -= k.base.UplinkBytes
	u.DownlinkPackets -= k.base.DownlinkPackets
	u.DownlinkBytes -= k.base.DownlinkBytes
	return u
}

// addDrops adds what the program has dropped since it was first loaded.
func (k *fast) addDrops(s *Stats) {
	up, down, err := k.program.drops()
	if err != nil {
		k.log.Warn("drops are not counted", "err", err)
		return
	}
	for r := range up {
		s.Uplink.Drops[r] += up[r]
		s.Downlink.Drops[r] += down[r]
	}
}

func add(to *pfcp.Usage, u pfcp.Usage) {
	to.UplinkPackets += u.UplinkPackets
	to.UplinkBytes += u.UplinkBytes
	to.DownlinkPackets += u.DownlinkPackets
	to.DownlinkBytes += u.DownlinkBytes
}

// lineCounts is what all lines have counted.
func lineCounts(m *upf.Memory) (u pfcp.Usage) {
	for i := range m.Up {
		u.UplinkPackets += m.Up[i].Packets.Load()
		u.UplinkBytes += m.Up[i].Octets.Load()
	}
	for i := range m.Down {
		u.DownlinkPackets += m.Down[i].Packets.Load()
		u.DownlinkBytes += m.Down[i].Octets.Load()
	}
	return u
}

// String says what is used.
func (k *fast) String() string {
	s := describe(k.on)
	if k.pins != nil {
		s += "; sessions outlast this process in " + k.pins.dir
	}
	for _, n := range k.notes {
		s += "; " + n
	}
	return s
}

// stop ends what runs in this process. It waits for who reads the sessions, so nobody may hold them.
func (k *fast) stop() {
	if k.neighbours != nil {
		k.neighbours.close()
		k.neighbours = nil
	}
}

// close gives everything up that is not pinned, once nobody uses the memory. Pinned, the program goes on.
func (k *fast) close() error {
	k.stop()
	var err error
	for _, a := range k.on {
		err = errors.Join(err, a.link.Close())
	}
	if k.program != nil {
		k.program.close()
	}
	if k.pins != nil {
		k.pins.close()
	} else {
		joinAgain(k.joined)
	}
	return err
}

// abandon leaves nothing behind.
func (k *fast) abandon() error {
	var err error
	if k.pins != nil {
		err = k.pins.empty()
	}
	return errors.Join(err, k.close())
}

// leftBehind takes away what an earlier process left in the kernel under a pin, and reports whether there was
// anything. Who may not look cannot have left anything either.
func leftBehind(pin string) (bool, error) {
	if _, err := os.Stat(pinsRoot + "/" + pin); pin == "" || err != nil {
		return false, nil
	}
	_, err := Detach(pin)
	return err == nil, err
}

// explain says what is in the way and what to do, where the kernel's error does not.
func explain(err error, cfg *Config) error {
	switch refused, no := new(ebpf.VerifierError), new(unable); {
	case errors.As(err, &no):
		return err
	case errors.As(err, &refused):
		return fmt.Errorf("kernel %s does not take the program, 5.15 does: %w", release(), err)
	case errors.Is(err, unix.EPERM), errors.Is(err, unix.EACCES):
		return fmt.Errorf("this user may not load programs into the kernel, which wants CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN: %w", err)
	case errors.Is(err, unix.ENOMEM), errors.Is(err, unix.E2BIG):
		return fmt.Errorf("the kernel has no room for the tables of %d sessions: raise this process's memory limit, or lower limits.sessions: %w", cfg.UPF.MaxSessions, err)
	case errors.Is(err, ebpf.ErrNotSupported), errors.Is(err, unix.EINVAL):
		return fmt.Errorf("kernel %s cannot do what the program needs, 5.15 can: %w", release(), err)
	}
	return err
}

// release is the kernel's version.
func release() string {
	var u unix.Utsname
	_ = unix.Uname(&u) // which cannot fail: u is there
	return unix.ByteSliceToString(u.Release[:])
}
