package datapath

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"testing"
	"time"

	"cordon/transport/netnstest"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// TestJumbo: frames that lie in several buffers are carried by the program, both ways, and counted; with a checksum over
// all of it where N3 is IPv6.
func TestJumbo(t *testing.T) {
	for _, fast := range []Fast{FastNative, FastTCX} {
		for _, n3 := range [][2]string{{planeN3, radioAddr}, {plane63, radio6}} {
			t.Run(fmt.Sprintf("%s over %s", fast, n3[0]), func(t *testing.T) {
				t.Parallel()
				jumbo(t, fast, netip.MustParseAddr(n3[0]), netip.MustParseAddr(n3[1]))
			})
		}
	}
}

func jumbo(t *testing.T, fast Fast, n3, at netip.Addr) {
	w := newWorld(t)
	for _, end := range []struct {
		in  *netnstest.Space
		dev string
	}{{w.radio, "n3r"}, {w.plane, "n3u"}, {w.plane, "n6u"}, {w.data, "n6d"}} {
		end.in.Sh(t, "ip link set "+end.dev+" mtu 9000")
	}
	cfg := settings{Fast: fast, N3: n3.String()}.config()
	cfg.UPF.MTU, cfg.UPF.MTUN6 = 8900, 9000
	var f *Forwarder
	err := w.plane.Do(func() (err error) { f, _, err = Open(cfg); return err })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	a, err := f.Establish(sessionOf(ue, 0))
	if err == nil {
		_, err = f.Modify(pfcp.Modification{SEID: a.UP.SEID, FARs: []pfcp.FAR{toRadio(at)}})
	}
	if err != nil {
		t.Fatal(err)
	}
	radioSide, dataSide := listen(t, w.radio, netip.AddrPortFrom(at, gtpu.Port)), listen(t, w.data, netip.MustParseAddrPort(server+":7000"))
	h := gtpu.Header{Type: gtpu.TypeGPDU, TEID: a.Created[0].Local.TEID, HasContainer: true, Container: gtpu.Container{Type: gtpu.Uplink, QFI: qfi}}
	payload := make([]byte, 8800)
	for i := range payload {
		payload[i] = byte(rand.Uint32())
	}
	buf := make([]byte, 1<<16)
	round := func(n int) {
		packet := udpPacket(ue, server, 4000, 7000, payload[:n])
		if _, err := radioSide.WriteToUDPAddrPort(append(h.Append(nil, len(packet)), packet...), netip.AddrPortFrom(n3, gtpu.Port)); err != nil {
			t.Fatal(err)
		}
		if k, _, err := dataSide.ReadFromUDPAddrPort(buf); err != nil || !bytes.Equal(buf[:k], payload[:n]) {
			t.Fatalf("%d octets up: %d came, %v", n, k, err)
		}
		if _, err := dataSide.WriteToUDPAddrPort(payload[:n], netip.MustParseAddrPort(ue+":4000")); err != nil {
			t.Fatal(err)
		}
		for {
			k, _, err := radioSide.ReadFromUDPAddrPort(buf)
			if err != nil {
				t.Fatalf("%d octets down: %v", n, err)
			}
			g, inner, err := gtpu.Parse(buf[:k])
			if err != nil || g.Type != gtpu.TypeGPDU {
				continue // an echo request
			}
			if len(inner) != 28+n || !bytes.Equal(inner[28:], payload[:n]) {
				t.Fatalf("%d octets down: %d came", n, len(inner)-28)
			}
			return
		}
	}
	eventually(t, "the kernel forwards by itself", func() bool {
		before := f.Stats()
		round(100)
		return f.Stats().Fast == before.Fast+2
	})
	before := f.Stats()
	sizes := []int{1400, 3000, 3500, 4097, 8191, 8800}
	var octets uint64
	for _, n := range sizes {
		round(n)
		octets += uint64(28 + n)
	}
	s := f.Stats()
	if n := uint64(len(sizes)); s.Fast-before.Fast != 2*n || s.Uplink.Bytes-before.Uplink.Bytes != octets || s.Downlink.Bytes-before.Downlink.Bytes != octets {
		t.Errorf("%d packets of %d octets each way: %+v, before %+v", n, octets, s, before)
	}
}

// listen opens a socket in a namespace, which waits no longer than patience.
func listen(t testing.TB, in *netnstest.Space, at netip.AddrPort) (conn *net.UDPConn) {
	t.Helper()
	err := in.Do(func() (err error) { conn, err = net.ListenUDP("udp", net.UDPAddrFromAddrPort(at)); return err })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetReadDeadline(time.Now().Add(patience))
	return conn
}
