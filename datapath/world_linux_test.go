package datapath

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"cordon/ident"
	"cordon/upf"
	"cordon/wire/gtpu"
)

// world is three hosts, each in a network namespace of its own, and their two wires:
//
//	radio ── n3r  n3u ── user plane ── n6u  n6d ── data network
//
// The radio's host has the device's addresses too, on a TUN device that stands for the air.
type world struct {
	radio, plane, data namespace
}

// What stands where. The networks are the wires'; the device's are pools of the user plane.
const (
	radioAddr, planeN3 = "172.31.1.2", "172.31.1.1"
	dataAddr, planeN6  = "172.31.2.2", "172.31.2.1"
	radio6, plane63    = "fd00:3::2", "fd00:3::1"
	data6, plane66     = "fd00:6::2", "fd00:6::1"
	server, server6    = "203.0.113.9", "2001:db8:5e::9" // behind the data network's router
	ue6                = "2001:db8:45:1::2"
	pool4, pool6       = "10.45.0.0/16", "2001:db8:45::/48"
)

// namespace is the name of a network namespace.
type namespace string

var worlds atomic.Uint32

// newWorld makes the hosts; the test's end removes them.
func newWorld(t testing.TB) *world {
	t.Helper()
	needPrivilege(t)
	id := fmt.Sprintf("cu%d-%d", os.Getpid(), worlds.Add(1))
	w := &world{namespace(id + "r"), namespace(id + "u"), namespace(id + "d")}
	for _, ns := range []namespace{w.radio, w.plane, w.data} {
		ns.ip(t, "", "netns add "+string(ns))
		t.Cleanup(func() { exec.Command("ip", "netns", "del", string(ns)).Run() })
		ns.ip(t, ns, "link set lo up")
	}
	w.wire(t, w.radio, "n3r", w.plane, "n3u", "02:00:00:00:03:")
	w.wire(t, w.data, "n6d", w.plane, "n6u", "02:00:00:00:06:")
	for _, a := range []struct {
		ns        namespace
		addr, dev string
	}{
		{w.radio, radioAddr + "/24", "n3r"}, {w.plane, planeN3 + "/24", "n3u"}, {w.plane, planeN6 + "/24", "n6u"}, {w.data, dataAddr + "/24", "n6d"},
		{w.radio, radio6 + "/64", "n3r"}, {w.plane, plane63 + "/64", "n3u"}, {w.plane, plane66 + "/64", "n6u"}, {w.data, data6 + "/64", "n6d"},
	} {
		flag := ""
		if strings.Contains(a.addr, ":") {
			flag = " nodad"
		}
		a.ns.ip(t, a.ns, "addr add "+a.addr+" dev "+a.dev+flag)
	}
	for _, args := range []string{"addr add " + server + "/32 dev lo", "addr add " + server6 + "/128 dev lo nodad",
		"route add " + pool4 + " via " + planeN6 + " src " + server, "route add " + pool6 + " via " + plane66 + " src " + server6,
		"route add " + public + " via " + planeN6 + " src " + server} {
		w.data.ip(t, w.data, args)
	}
	w.plane.ip(t, w.plane, "route add default via "+dataAddr)
	w.plane.ip(t, w.plane, "route add default via "+data6)
	w.plane.sysctl(t, "net/ipv4/ip_forward", "1")
	w.plane.sysctl(t, "net/ipv6/conf/all/forwarding", "1")
	return w
}

// wire joins two hosts. The far ends send whole packets with whole checksums, as a network card's
// other side does, and take what a program redirects to them.
func (w *world) wire(t testing.TB, far namespace, farDev string, near namespace, nearDev, mac string) {
	t.Helper()
	far.ip(t, far, fmt.Sprintf("link add %s address %s02 type veth peer name %s address %s01 netns %s", farDev, mac, nearDev, mac, near))
	err := far.do(func() error {
		return errors.Join(offloads(farDev, 0, unix.ETHTOOL_STXCSUM, unix.ETHTOOL_STSO, unix.ETHTOOL_SGSO), setJoins(farDev, true))
	})
	if err != nil {
		t.Fatal(err)
	}
	far.ip(t, far, "link set "+farDev+" up")
	near.ip(t, near, "link set "+nearDev+" up")
}

// offloads sets some of an interface's offloads.
func offloads(dev string, value uint32, commands ...uint32) (err error) {
	for _, c := range commands {
		_, e := offload(dev, c, value)
		err = errors.Join(err, e)
	}
	return err
}

// needPrivilege skips a test that needs namespaces and what runs in them, and fails it in CI, where it has to run.
func needPrivilege(t testing.TB) {
	t.Helper()
	missing := ""
	if os.Geteuid() != 0 {
		missing = "root"
	}
	for _, program := range []string{"ip", "iperf3"} {
		if _, err := exec.LookPath(program); err != nil {
			missing = program
		}
	}
	switch {
	case missing == "":
	case os.Getenv("CI") != "":
		t.Fatalf("this test needs %s, and CI has to run it", missing)
	default:
		t.Skipf("SKIPPED here: network namespaces and what runs in them need %s", missing)
	}
}

// ip runs the command of that name inside a namespace, or outside of all.
func (ns namespace) ip(t testing.TB, in namespace, args string) {
	t.Helper()
	words := strings.Fields(args)
	if in != "" {
		words = append([]string{"-n", string(in)}, words...)
	}
	if out, err := exec.Command("ip", words...).CombinedOutput(); err != nil {
		t.Fatalf("ip %s: %v: %s", strings.Join(words, " "), err, out)
	}
}

func (ns namespace) sysctl(t testing.TB, name, value string) {
	t.Helper()
	if err := ns.do(func() error { return os.WriteFile("/proc/sys/"+name, []byte(value), 0o644) }); err != nil {
		t.Fatal(err)
	}
}

// do runs f on a thread inside the namespace. What f opens or starts stays there.
func (ns namespace) do(f func() error) error {
	done := make(chan error, 1)
	go func() { // the thread ends with its goroutine: it is not fit for others any more
		runtime.LockOSThread()
		fd, err := unix.Open("/run/netns/"+string(ns), unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err == nil {
			err = unix.Setns(fd, unix.CLONE_NEWNET)
			unix.Close(fd)
		}
		if err == nil {
			err = f()
		}
		done <- err
	}()
	return <-done
}

// start starts a program inside the namespace.
func (ns namespace) start(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return ns.do(cmd.Start)
}

// handset is a device with a kernel's stack, and the radio that serves it.
type handset struct {
	air    *tun
	conn   *net.UDPConn
	plane  netip.AddrPort
	teid   atomic.Uint32 // the user plane's
	up     atomic.Uint64 // packets sent
	down   atomic.Uint64
	strays atomic.Uint64 // datagrams that are no packet for the device
}

// newHandset brings a device and its radio up; packets flow once it knows the user plane's tunnel.
func (w *world) newHandset(t testing.TB, at netip.Addr) *handset {
	t.Helper()
	p := &handset{}
	err := w.radio.do(func() (err error) {
		own := upf.Pool{Prefix: netip.MustParsePrefix(ue + "/32"), Gateway: netip.MustParseAddr(ue)}
		if p.air, _, err = newTUN("ue0", upf.Config{MTU: 1400, Pools: []upf.Pool{own}}); err != nil {
			return err
		}
		p.conn, err = net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(at, gtpu.Port)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	_ = p.conn.SetReadBuffer(4 << 20)
	t.Cleanup(func() { p.air.close(); p.conn.Close() })
	w.radio.ip(t, w.radio, "addr add "+ue6+"/128 dev ue0 nodad")
	w.radio.ip(t, w.radio, "route add "+server+"/32 dev ue0 src "+ue)
	w.radio.ip(t, w.radio, "route add "+server6+"/128 dev ue0 src "+ue6)
	return p
}

// serve carries packets between the device and a session's tunnel until the test ends.
func (p *handset) serve(plane netip.AddrPort, teid ident.TEID) {
	p.plane = plane
	if p.teid.Swap(uint32(teid)) == 0 {
		go p.uplink()
		go p.downlink()
	}
}

// tunnel is what it sends to.
func (p *handset) tunnel() ident.TEID { return ident.TEID(p.teid.Load()) }

func (p *handset) uplink() {
	b := newBatch(1500)
	out := make([]byte, 0, 2000)
	for p.air.read(b) == nil {
		for _, packet := range b.packets {
			h := gtpu.Header{Type: gtpu.TypeGPDU, TEID: p.tunnel(), HasContainer: true, Container: gtpu.Container{Type: gtpu.Uplink, QFI: qfi}}
			out = append(h.Append(out[:0], len(packet)), packet...)
			if _, err := p.conn.WriteToUDPAddrPort(out, p.plane); err == nil {
				p.up.Add(1)
			}
		}
	}
}

func (p *handset) downlink() {
	b := make([]byte, 1<<16)
	for {
		n, _, err := p.conn.ReadFromUDPAddrPort(b)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // an ICMP error while nobody has the user plane's port
			continue
		}
		h, packet, err := gtpu.Parse(b[:n])
		if err != nil || h.Type != gtpu.TypeGPDU || h.TEID != radio {
			p.strays.Add(1)
			continue
		}
		p.down.Add(1)
		p.air.write([][]byte{packet})
	}
}

// eventually waits until a condition holds.
func eventually(t testing.TB, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !f(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within 30 s", what)
		}
	}
}
