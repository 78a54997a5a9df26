package datapath

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"golang.org/x/net/ipv4"
	"golang.org/x/sys/unix"
)

// The measure is CPU time: of the process, less that of the thread that makes packets. What the
// kernel does with a packet after the forwarder's system call is in it as far as it
// happens in that call, as it does on loopback and for a TUN device; what the maker's
// system calls cause is not.

func cpu(who int) time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(who, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// measure runs make, which sends a batch, for the benchmark's time on this thread, and
// reports what the forwarder took for the packets that it carried meanwhile.
func measure(b *testing.B, carried func() (packets, octets uint64), send func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	send() // what the first packet of a flow costs is not the measure
	time.Sleep(50 * time.Millisecond)
	p0, o0 := carried()
	self, own := cpu(unix.RUSAGE_SELF), cpu(unix.RUSAGE_THREAD)
	for b.Loop() {
		send()
	}
	spent := cpu(unix.RUSAGE_SELF) - self - (cpu(unix.RUSAGE_THREAD) - own)
	p1, o1 := carried()
	if p1 == p0 {
		b.Fatal("nothing was carried")
	}
	b.ReportMetric(float64(spent)/float64(p1-p0), "cpu-ns/packet")
	b.ReportMetric(float64(o1-o0)*8/float64(spent), "Gbit/s/core")
	b.ReportMetric(float64(p1-p0)/float64(b.N*benchBatch), "carried/sent")
	b.ReportMetric(0, "ns/op")
}

const benchBatch = 64

// silent is a socket that nobody reads, so that a packet costs its delivery and no more.
func silent(b *testing.B, at netip.AddrPort) *net.UDPConn {
	c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(at))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close() })
	_ = c.SetReadBuffer(1)
	return c
}

// flood makes a function that sends a batch of one datagram, each by itself or joined.
func flood(from *net.UDPConn, to netip.AddrPort, datagram []byte, joined bool) func() {
	s := newSender(&n3{conn: from, batch: ipv4.NewPacketConn(from)})
	s.joins = s.joins && joined
	return func() {
		for range benchBatch {
			s.add(datagram, to, 0)
		}
		s.flush()
		runtime.Gosched()
	}
}

func up(f *Forwarder) func() (uint64, uint64) {
	return func() (uint64, uint64) { s := f.Stats().Uplink; return s.Packets, s.Bytes }
}

func down(f *Forwarder) func() (uint64, uint64) {
	return func() (uint64, uint64) { s := f.Stats().Downlink; return s.Packets, s.Bytes }
}

func BenchmarkTUN(b *testing.B) {
	isolated(b, "ip addr add 198.51.100.1/32 dev lo", func() {
		host := silent(b, netip.MustParseAddrPort("198.51.100.1:9"))
		cfg := testConfig(TUN)
		at := service(&cfg, protoUDP, host.LocalAddr())
		f, _, err := Open(cfg)
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		g := attach(b, f)
		_ = g.conn.SetReadBuffer(1)
		for _, size := range []int{64, 1400} {
			packet := udpPacket(ue, at.Addr().String(), 4000, at.Port(), make([]byte, size-28))
			for _, joined := range []bool{false, true} {
				send := flood(g.conn, g.to, g.wrapped(packet), joined)
				b.Run(fmt.Sprintf("uplink/%d/joined=%v", size, joined), func(b *testing.B) { measure(b, up(f), send) })
			}
			send := flood(host, netip.MustParseAddrPort(ue+":4000"), make([]byte, size-28), false)
			b.Run(fmt.Sprintf("downlink/%d", size), func(b *testing.B) { measure(b, down(f), send) })
		}
	})
}

// BenchmarkNetstackUDP counts uplink when the far socket has it: the stack may drop what
// the forwarder has let through.
func BenchmarkNetstackUDP(b *testing.B) {
	host, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback(9), 0)))
	if err != nil {
		b.Fatal(err)
	}
	defer host.Close()
	_ = host.SetReadBuffer(4 << 20)
	raw, err := host.SyscallConn()
	if err != nil {
		b.Fatal(err)
	}
	var packets, octets uint64
	drain := func() {
		raw.Control(func(fd uintptr) {
			var buf [2048]byte
			for {
				n, _, err := unix.Recvfrom(int(fd), buf[:], unix.MSG_DONTWAIT)
				if err != nil {
					return
				}
				packets++
				octets += uint64(n + 28)
			}
		})
	}
	cfg := testConfig(Netstack)
	at := service(&cfg, protoUDP, host.LocalAddr())
	f := open(b, cfg)
	g := attach(b, f)
	_ = g.conn.SetReadBuffer(1)
	for _, size := range []int{64, 1400} {
		packet := udpPacket(ue, at.Addr().String(), 4000, at.Port(), make([]byte, size-28))
		g.send(packet) // opens the flow, and tells where it comes from
		host.SetReadDeadline(time.Now().Add(around))
		_, from, err := host.ReadFromUDPAddrPort(make([]byte, 2000))
		if err != nil {
			b.Fatal(err)
		}
		send := flood(g.conn, g.to, g.wrapped(packet), false)
		carried := func() (uint64, uint64) { drain(); return packets, octets }
		b.Run(fmt.Sprintf("uplink/%d", size), func(b *testing.B) { measure(b, carried, func() { send(); drain() }) })
		send = flood(host, from, make([]byte, size-28), false)
		b.Run(fmt.Sprintf("downlink/%d", size), func(b *testing.B) { measure(b, down(f), send) })
		time.Sleep(100 * time.Millisecond)
		drain()
	}
}

// BenchmarkNetstackTCP has a device's TCP in this process too: its stack, its radio's socket and the
// server are in the figure, which is therefore a bound from below.
func BenchmarkNetstackTCP(b *testing.B) {
	l, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(netip.AddrPortFrom(loopback(9), 0)))
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	cfg := testConfig(Netstack)
	at := service(&cfg, protoTCP, l.Addr())
	p := newPhone(b, attach(b, open(b, cfg)))
	c, err := p.dial(b.Context(), at)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	far, err := l.Accept()
	if err != nil {
		b.Fatal(err)
	}
	defer far.Close()
	block := make([]byte, 256<<10)
	for _, way := range []struct {
		name     string
		src, dst net.Conn
	}{{"uplink", c, far}, {"downlink", far, c}} {
		b.Run(way.name, func(b *testing.B) {
			self := cpu(unix.RUSAGE_SELF)
			for b.Loop() {
				go way.src.Write(block)
				if _, err := io.ReadFull(way.dst, make([]byte, len(block))); err != nil {
					b.Fatal(err)
				}
			}
			spent := cpu(unix.RUSAGE_SELF) - self
			b.ReportMetric(float64(b.N)*float64(len(block))*8/float64(spent), "Gbit/s/core")
			b.ReportMetric(0, "ns/op")
		})
	}
}
