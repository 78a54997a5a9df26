package datapath

import (
	"encoding/binary"
	"net"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestMarked: datagrams arrive with the DSCP that they were to have, and runs that are joined too.
func TestMarked(t *testing.T) {
	for _, to := range []string{"127.0.0.1", "::1"} {
		t.Run(to, func(t *testing.T) {
			in, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(to)})
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			level, ask := unix.IPPROTO_IP, unix.IP_RECVTOS
			if to == "::1" {
				level, ask = unix.IPPROTO_IPV6, unix.IPV6_RECVTCLASS
			}
			raw, err := in.SyscallConn()
			if err != nil {
				t.Fatal(err)
			}
			if err := raw.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), level, ask, 1) }); err != nil {
				t.Fatal(err)
			}
			out, err := openN3(netip.AddrPortFrom(netip.MustParseAddr(to), 0))
			if err != nil {
				t.Fatal(err)
			}
			defer out.close()
			marks := []uint8{46, 46, 0, 10, 46}
			s, at := newSender(out), in.LocalAddr().(*net.UDPAddr).AddrPort()
			for i, dscp := range marks {
				s.add([]byte{byte(i)}, at, dscp)
			}
			if lost := s.flush(); lost != 0 {
				t.Fatalf("%d lost", lost)
			}
			in.SetReadDeadline(time.Now().Add(around))
			for i, dscp := range marks {
				b, oob := make([]byte, 10), make([]byte, 64)
				n, k, _, _, err := in.ReadMsgUDP(b, oob)
				if err != nil || n != 1 || b[0] != byte(i) {
					t.Fatalf("datagram %d: % x, %v", i, b[:n], err)
				}
				msgs, err := unix.ParseSocketControlMessage(oob[:k])
				if err != nil || len(msgs) != 1 {
					t.Fatalf("datagram %d: %d control messages, %v", i, len(msgs), err)
				}
				got := msgs[0].Data[0]
				if to == "::1" {
					got = byte(binary.NativeEndian.Uint32(msgs[0].Data))
				}
				if got != dscp<<2 {
					t.Errorf("datagram %d: %#x; want %#x", i, got, dscp<<2)
				}
			}
		})
	}
}
