package main

import (
	"fmt"
	"net"
	"net/netip"
	"sync"
)

// echoer is the demo's seal gateway: a host of the operator's that sends back what it gets. A real
// one would decrypt what phones have sealed, and lead it on.
type echoer struct {
	conn *net.UDPConn
	addr netip.AddrPort
	over sync.WaitGroup
}

func openEchoer(at netip.AddrPort) (*echoer, error) {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(at))
	if err != nil {
		return nil, fmt.Errorf("opening the seal gateway: %w", err)
	}
	e := &echoer{conn: conn, addr: conn.LocalAddr().(*net.UDPAddr).AddrPort()}
	e.over.Go(e.serve)
	return e, nil
}

// serve ends when the socket is closed.
func (e *echoer) serve() {
	b := make([]byte, 1<<16)
	for {
		n, from, err := e.conn.ReadFromUDPAddrPort(b)
		if err != nil {
			return
		}
		_, _ = e.conn.WriteToUDPAddrPort(b[:n], from) // a lost packet is a lost packet
	}
}

func (e *echoer) close() {
	e.conn.Close()
	e.over.Wait()
}
