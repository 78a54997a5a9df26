package node

import (
	"bytes"
	"encoding/binary"
	"net"
	"net/netip"
	"testing"
	"time"
)

// TestNetstackIPv6: a device's flows over IPv6 are continued by this host, to a service that is named, and nowhere else on it.
func TestNetstackIPv6(t *testing.T) {
	var servers [2]*net.UDPConn
	for i := range servers {
		c, err := net.ListenUDP("udp6", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("[::1]:0")))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		servers[i] = c
	}
	port := func(i int) uint16 { return servers[i].LocalAddr().(*net.UDPAddr).AddrPort().Port() }
	cfg := dualConfig(t)
	cfg.N6.Services = []ServiceConfig{{Address: netip.AddrPortFrom(netip.IPv6Loopback(), port(1)), Protocol: "udp"}}
	w := start(t, cfg)
	_, hosts := w.modems(t, 1)
	host := hosts[0]
	for i := range servers { // the service comes last: what is not one would have come before
		host.up <- inner6(host.v6.Addr(), netip.IPv6Loopback(), port(i), 7)
	}
	b := make([]byte, 64)
	n, from, err := servers[1].ReadFromUDPAddrPort(b)
	if err != nil || n != 1 || b[0] != 7 {
		t.Fatalf("% x, %v", b[:n], err)
	}
	if _, err := servers[1].WriteToUDPAddrPort([]byte("answer"), from); err != nil {
		t.Fatal(err)
	}
	got := host.gets(t)
	if len(got) != 40+8+6 || got[0]>>4 != 6 || !bytes.Equal(got[8:24], netip.IPv6Loopback().AsSlice()) || !bytes.Equal(got[24:40], host.v6.Addr().AsSlice()) ||
		binary.BigEndian.Uint16(got[40:]) != port(1) || string(got[48:]) != "answer" {
		t.Errorf("what came down is % x", got)
	}
	servers[0].SetReadDeadline(time.Now())
	if n, _, err := servers[0].ReadFromUDPAddrPort(b); err == nil {
		t.Errorf("a service that nobody named got % x", b[:n])
	}
}
