package datapath

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"cordon/transport/netnstest"
	"cordon/wire/pfcp"
)

// counted is a stream of numbered datagrams, and what of it has come.
type counted struct {
	from, to net.PacketConn
	at       net.Addr
	sent     atomic.Uint32
	seen     []atomic.Bool
	stop     chan struct{}
	done     chan struct{}
}

const (
	streamPace = time.Millisecond
	streamMost = 1 << 16
)

// stream sends a datagram at each pace until its end.
func stream(t testing.TB, from, to net.PacketConn, at net.Addr) *counted {
	c := &counted{from: from, to: to, at: at, seen: make([]atomic.Bool, streamMost), stop: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(c.done)
		tick := time.NewTicker(streamPace)
		defer tick.Stop()
		for n := uint32(0); n < streamMost; n++ {
			select {
			case <-c.stop:
				return
			case <-tick.C:
			}
			if _, err := c.from.WriteTo(binary.BigEndian.AppendUint32(nil, n), c.at); err != nil {
				t.Errorf("datagram %d: %v", n, err)
				return
			}
			c.sent.Store(n + 1)
		}
	}()
	go func() {
		b := make([]byte, 2000)
		for {
			n, _, err := c.to.ReadFrom(b)
			if err != nil {
				return
			}
			if n == 4 {
				c.seen[binary.BigEndian.Uint32(b)].Store(true)
			}
		}
	}()
	return c
}

// missing are the numbers below n that have not come.
func (c *counted) missing(n uint32) (out []uint32) {
	for i := range n {
		if !c.seen[i].Load() {
			out = append(out, i)
		}
	}
	return out
}

// goOn waits until so many more have been sent.
func (c *counted) goOn(t testing.TB, n uint32) {
	t.Helper()
	until := c.sent.Load() + n
	eventually(t, "the stream goes on", func() bool { return c.sent.Load() >= until })
}

func (c *counted) end(t testing.TB) {
	t.Helper()
	close(c.stop)
	<-c.done
	n := c.sent.Load()
	for end := time.Now().Add(30 * time.Second); len(c.missing(n)) > 0 && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
	}
	if lost := c.missing(n); len(lost) > 0 {
		t.Errorf("of %d datagrams %d are lost: %v", n, len(lost), lost)
	}
	t.Logf("%d datagrams came", n)
}

// TestSurvival: a user plane is killed in the middle of traffic, and not a packet is lost. Another takes its
// sessions over, and those that nobody claims go.
func TestSurvival(t *testing.T) {
	for _, fast := range []Fast{FastNative, FastTCX, FastGeneric} {
		t.Run(string(fast), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			at := netip.MustParseAddr(radioAddr)
			h := w.newHandset(t, at)
			set := settings{Fast: fast, N3: planeN3, Pin: fmt.Sprintf("test-%d-%s", os.Getpid(), fast)}
			t.Cleanup(func() {
				if err := w.plane.Do(func() error { _, err := Detach(set.Pin); return err }); err != nil {
					t.Error(err)
				}
			})
			first := w.newPlane(t, set)
			seid := first.attach(h, at)
			var other pfcp.Established
			first.ask("Establish", sessionOf("10.45.0.3", 0), &other)

			near, far := w.sockets(t)
			up, down := stream(t, near, far, far.LocalAddr()), stream(t, far, near, near.LocalAddr())
			first.settle(t, up)
			up.goOn(t, 200)
			first.kill()
			up.goOn(t, 300)
			second := w.newPlane(t, set)
			var choice Choice
			second.ask("Choice", struct{}{}, &choice)
			if !strings.Contains(choice.Fast, "2 sessions were adopted") {
				t.Errorf("%+v", choice)
			}
			up.goOn(t, 200)
			var again pfcp.Established
			e := sessionOf(ue, seid)
			e.FARs[1] = toRadio(at)
			second.ask("Establish", e, &again)
			if again.UP.SEID != seid || again.Created[0].Local.TEID != h.tunnel() {
				t.Errorf("session %#x with tunnel %#x became %+v", seid, h.tunnel(), again)
			}
			var left [2]int
			second.ask("RemoveUnclaimed", struct{}{}, &left)
			if left != [2]int{1, 1} {
				t.Errorf("taken over and removed: %v", left)
			}
			up.goOn(t, 200)
			up.end(t)
			down.end(t)
			var u pfcp.Usage
			second.ask("Usage", seid, &u)
			if n := uint64(up.sent.Load()); u.UplinkPackets < n || u.DownlinkPackets < uint64(down.sent.Load()) {
				t.Errorf("%d datagrams are counted as %+v", n, u)
			}
			t.Logf("%s; %d strays", choice.Fast, h.strays.Load())
		})
	}
}

// sockets are one of the device and one of a server in the data network.
func (w *world) sockets(t testing.TB) (near, far net.PacketConn) {
	t.Helper()
	for _, s := range []struct {
		in *netnstest.Space
		at string
		to *net.PacketConn
	}{{w.radio, ue, &near}, {w.data, server, &far}} {
		err := s.in.Do(func() (err error) { *s.to, err = net.ListenPacket("udp", s.at+":7000"); return err })
		if err != nil {
			t.Fatal(err)
		}
		_ = (*s.to).(*net.UDPConn).SetReadBuffer(4 << 20)
		t.Cleanup(func() { (*s.to).Close() })
	}
	return near, far
}

// settle waits until the kernel forwards by itself.
func (p *plane) settle(t testing.TB, c *counted) {
	t.Helper()
	eventually(t, "the kernel forwards by itself", func() bool {
		var before, after Stats
		p.ask("Stats", struct{}{}, &before)
		c.goOn(t, 20)
		p.ask("Stats", struct{}{}, &after)
		carried := after.Uplink.Packets + after.Downlink.Packets - before.Uplink.Packets - before.Downlink.Packets
		return carried >= 20 && after.Fast-before.Fast == carried
	})
}

// TestInterfaceAnew: an interface that goes and comes back is forwarded on again, and what comes meanwhile costs nobody
// anything.
func TestInterfaceAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pin := fmt.Sprintf("test-%d-anew", os.Getpid())
	t.Cleanup(func() { w.plane.Do(func() error { _, err := Detach(pin); return err }) })
	p := w.newPlane(t, settings{Fast: FastNative, N3: planeN3, Pin: pin})
	var c Choice
	p.ask("Choice", struct{}{}, &c)
	programOn := func(device string) (id uint32) {
		_ = w.plane.Do(func() error {
			h, err := netlink.NewHandle(unix.NETLINK_ROUTE) // the package's own is other tests' too
			if err != nil {
				return err
			}
			defer h.Close()
			dev, err := h.LinkByName(device)
			if err == nil && dev.Attrs().Xdp != nil {
				id = dev.Attrs().Xdp.ProgId
			}
			return err
		})
		return id
	}
	was := programOn("n6u")
	if was == 0 {
		t.Fatal("no program to begin with")
	}
	w.plane.Sh(t, "ip link del n6u")
	w.data.Sh(t, "ip link add n6d type veth peer name n6u netns "+w.plane.Path())
	w.plane.Sh(t, "ip link set n6u up")
	eventually(t, "the program on the new interface", func() bool { return programOn("n6u") == was })
	p.kill()
	if programOn("n6u") != was || programOn("n3u") != was {
		t.Error("it went with the process")
	}
	p = w.newPlane(t, settings{Fast: FastNative, N3: planeN3, Pin: pin})
	if p.ask("Choice", struct{}{}, &c); !strings.Contains(c.Fast, "XDP native on n6u") || !strings.Contains(c.Fast, "0 sessions were adopted") {
		t.Errorf("%s", c.Fast)
	}
	p.stop()
}

// TestOwnAddresses: the program knows which frames are for this host, also when an interface gets another address.
func TestOwnAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var f *Forwarder
	if err := w.plane.Do(func() (err error) { f, _, err = Open(settings{Fast: FastNative, N3: planeN3}.config()); return err }); err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	own := &f.fast.program.limits.Own
	for _, n6 := range []string{"02:00:00:00:06:01", "02:00:00:00:06:0a"} {
		w.plane.Sh(t, "ip link set n6u address "+n6)
		for i, text := range []string{"02:00:00:00:03:01", n6} {
			a, err := net.ParseMAC(text)
			if err != nil {
				t.Fatal(err)
			}
			eventually(t, "its address is "+text, func() bool { return atomic.LoadUint64(&own[i]) == linkAddress(a) })
		}
	}
}
