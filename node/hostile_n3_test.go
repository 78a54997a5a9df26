package node

import (
	"encoding/binary"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"cordon/ident"
	"cordon/ran"
	"cordon/upf"
	"cordon/wire/gtpu"
)

// A plane is what N3 cases work with: a stranger's socket, and that of the other radio.
type plane struct {
	*attack
	stranger *net.UDPConn
	u        *ran.UE // the hostile subscriber on the other radio
	own      ran.SessionStatus
	victim   ran.SessionStatus
}

func TestHostileN3(t *testing.T) {
	x := besiege(t)
	x.tunnels(t)
	x.inners(t)
	x.floods(t)
}

// cross makes a case of N3.
func (x *siege) cross(t *testing.T, name string, f func(*plane)) {
	x.run(t, name, func(a *attack) {
		conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback(t, 14), gtpu.Port)))
		if err != nil {
			a.Fatal(err)
		}
		defer conn.Close()
		p := &plane{attack: a, stranger: conn, u: a.mallory()}
		p.own, _ = a.see(a.T, p.u).Session(1)
		p.victim, _ = a.status.Session(1)
		f(p)
	})
}

// outer wraps an inner packet for a tunnel, as a radio does.
func outer(teid ident.TEID, inner []byte, change ...func(*gtpu.Header)) []byte {
	h := gtpu.Header{Type: gtpu.TypeGPDU, TEID: teid, HasContainer: true, Container: gtpu.Container{Type: gtpu.Uplink, QFI: 1}}
	for _, f := range change {
		f(&h)
	}
	return append(h.Append(nil, len(inner)), inner...)
}

// inner is an IPv4 packet.
func inner(from, to netip.Addr, protocol byte, payload []byte) []byte {
	b := []byte{0x45, 0, 0, 0, 0, 1, 0, 0, 64, protocol, 0, 0}
	binary.BigEndian.PutUint16(b[2:], uint16(20+len(payload)))
	return checked(slices.Concat(b, from.AsSlice(), to.AsSlice(), payload))
}

// checked is an IPv4 packet with its checksum made right.
func checked(b []byte) []byte {
	b[10], b[11] = 0, 0
	var sum uint32
	for i := 0; i < 20; i += 2 {
		sum += uint32(b[i])<<8 | uint32(b[i+1])
	}
	binary.BigEndian.PutUint16(b[10:], ^uint16(sum+sum>>16))
	return b
}

// udp is a datagram's header and some payload.
func udp(from, to uint16) []byte {
	b := binary.BigEndian.AppendUint16(nil, from)
	b = binary.BigEndian.AppendUint16(b, to)
	return append(b, 0, 12, 0, 0, 1, 2, 3, 4)
}

// strange sends a datagram from nobody's address.
func (p *plane) strange(b []byte) {
	p.Helper()
	if _, err := p.stranger.WriteToUDPAddrPort(b, p.N3); err != nil {
		p.Fatal(err)
	}
}

// radio sends one from the address of the other radio.
func (p *plane) radio(b []byte) {
	p.Helper()
	if _, err := p.n3.WriteToUDPAddrPort(b, p.N3); err != nil {
		p.Fatal(err)
	}
}

// nothing is that the stranger gets no answer.
func (p *plane) nothing() {
	p.Helper()
	p.stranger.SetReadDeadline(time.Now().Add(quiet))
	b := make([]byte, 2048)
	if n, err := p.stranger.Read(b); err == nil {
		p.Errorf("a stranger is answered: % x", b[:n])
	}
}

// ping is what the subscriber could send, to the echo service.
func (p *plane) ping() []byte { return inner(p.own.Addr, testEcho.Addr(), 17, udp(40001, 7)) }

// tunnels are attacks on the outer packet.
func (x *siege) tunnels(t *testing.T) {
	x.cross(t, "N3-01_a_tunnel_that_is_not_there", func(p *plane) {
		p.strange(outer(0x12345, p.ping()))
		p.strange(outer(0, p.ping()))
		p.packet(upf.ReasonUnknownTEID)
		p.nothing()
	})
	x.cross(t, "N3-02_a_sweep", func(p *plane) {
		for i := range ident.TEID(500) {
			p.radio(outer(p.own.Remote+1+i, p.ping()))
		}
		p.packet(upf.ReasonSweep)
		p.counted("user_plane_findings " + upf.ReasonSweep.String())
		if d := p.own.Remote - p.victim.Remote; d < 1<<8 || -d < 1<<8 {
			p.Errorf("tunnels %#x and %#x", p.own.Remote, p.victim.Remote)
		}
	})
	x.cross(t, "N3-03_the_victim_s_tunnel", func(p *plane) {
		stolen := outer(p.victim.Remote, inner(p.victim.Addr, testEcho.Addr(), 17, udp(40001, 7)))
		p.strange(stolen)
		p.radio(stolen)
		p.packet(upf.ReasonSecondSource) // N3-17: the right one was sending a moment ago
		p.nothing()
	})
	x.cross(t, "N3-07_malformed", func(p *plane) {
		whole := outer(p.own.Remote, p.ping())
		for n := range whole {
			p.radio(whole[:n])
		}
		for _, first := range []byte{0x14, 0x24, 0x54, 0x74, 0x94, 0xf4} { // versions and GTP'
			p.radio(append([]byte{first}, whole[1:]...))
		}
		for _, more := range []int{1, 8, 1000} {
			p.radio(append(slices.Clone(whole), make([]byte, more)...))
		}
		p.radio([]byte{0x37, 0xff, 0, 2, 0, 0, 0, 1, 0, 0}) // E, S and PN without their octets
		p.packet(upf.ReasonMalformedGTPU)
	})
	x.cross(t, "N3-07_every_bit_flipped", func(p *plane) {
		whole := outer(p.own.Remote, p.ping())
		for n := range len(whole) - 12 { // but of the ports, which would be other flows
			for bit := range 8 {
				b := slices.Clone(whole)
				b[n] ^= 1 << bit
				p.radio(b)
			}
		}
		p.packet(upf.ReasonMalformedGTPU)
	})
	x.cross(t, "N3-09_a_container_for_downlink", func(p *plane) {
		p.radio(outer(p.own.Remote, p.ping(), func(h *gtpu.Header) { h.Container.Type = gtpu.Downlink }))
		p.packet(upf.ReasonWrongContainer)
	})
	x.cross(t, "N3-09_a_flow_that_is_not_there", func(p *plane) {
		p.radio(outer(p.own.Remote, p.ping(), func(h *gtpu.Header) { h.Container.QFI = 63 }))
		p.packet(upf.ReasonUnknownQFI)
	})
	x.cross(t, "N3-14_messages_that_radios_do_not_send", func(p *plane) {
		for kind := range 255 {
			h := gtpu.Header{Type: gtpu.Type(kind), TEID: p.victim.Remote}
			p.radio(h.Append(nil, 0))
			h.TEID = p.own.Remote
			p.radio(h.Append(nil, 0))
		}
	})
	x.cross(t, "class_an_error_about_the_victim_s_tunnel", func(p *plane) {
		for _, peer := range []netip.Addr{p.fresh.Radios[0].N3.Addr(), p.fresh.Radios[1].N3.Addr(), p.N3.Addr()} {
			for _, teid := range []ident.TEID{p.victim.Local, p.victim.Remote} {
				b, err := gtpu.ErrorIndication{TEID: teid, Peer: peer}.AppendBinary(nil)
				if err != nil {
					p.Fatal(err)
				}
				p.strange(b)
				p.radio(b)
			}
		}
		p.packet(upf.ReasonForeignErrorInd)
	})
}

// inners are attacks on what is within.
func (x *siege) inners(t *testing.T) {
	for _, c := range []struct {
		name   string
		why    upf.Reason
		packet func(*plane) []byte
	}{
		{"N3-04_from_the_victim", upf.ReasonSpoofedSource, func(p *plane) []byte { return inner(p.victim.Addr, testEcho.Addr(), 17, udp(1, 7)) }},
		{"N3-04_from_the_network", upf.ReasonSpoofedSource, func(p *plane) []byte { return inner(testEcho.Addr(), p.victim.Addr, 17, udp(7, 1)) }},
		{"N3-04_from_the_core", upf.ReasonSpoofedSource, func(p *plane) []byte { return inner(p.N3.Addr(), testEcho.Addr(), 17, udp(1, 7)) }},
		{"N3-05_to_N3", upf.ReasonForbidden, func(p *plane) []byte { return inner(p.own.Addr, p.N3.Addr(), 17, udp(1, 2152)) }},
		{"N2-55_to_N2_by_SCTP", upf.ReasonForbidden, func(p *plane) []byte { return inner(p.own.Addr, p.N2.Addr(), 132, make([]byte, 32)) }},
		{"N3-05_to_the_console", upf.ReasonForbidden, func(p *plane) []byte { return inner(p.own.Addr, p.API.Addr(), 6, make([]byte, 20)) }},
		{"N3-05_to_the_host", upf.ReasonForbidden, func(p *plane) []byte { return inner(p.own.Addr, netip.MustParseAddr("127.0.0.53"), 17, udp(1, 53)) }},
		{"N3-05_to_a_radio", upf.ReasonForbidden, func(p *plane) []byte { return inner(p.own.Addr, p.fresh.Radios[0].N3.Addr(), 17, udp(1, 2152)) }},
		{"N3-05_to_metadata", upf.ReasonForbidden, func(p *plane) []byte {
			return inner(p.own.Addr, netip.MustParseAddr("169.254.169.254"), 6, make([]byte, 20))
		}},
		{"N3-05_to_nothing", upf.ReasonForbidden, func(p *plane) []byte { return inner(p.own.Addr, netip.MustParseAddr("0.0.0.0"), 17, udp(1, 7)) }},
		{"N3-05_to_everybody", upf.ReasonForbidden, func(p *plane) []byte {
			return inner(p.own.Addr, netip.MustParseAddr("255.255.255.255"), 17, udp(1, 7))
		}},
		{"N3-05_multicast", upf.ReasonForbidden, func(p *plane) []byte { return inner(p.own.Addr, netip.MustParseAddr("224.0.0.251"), 17, udp(1, 5353)) }},
		{"N6-05_to_the_victim", upf.ReasonOtherUE, func(p *plane) []byte { return inner(p.own.Addr, p.victim.Addr, 17, udp(1, 7)) }},
		{"N3-19_a_DHCP_server", upf.ReasonDHCPServer, func(p *plane) []byte { return inner(p.own.Addr, testEcho.Addr(), 17, udp(67, 68)) }},
		{"N3-19_a_redirect", upf.ReasonForbiddenICMP, func(p *plane) []byte { return inner(p.own.Addr, testEcho.Addr(), 1, []byte{5, 1, 0, 0, 0, 0, 0, 0}) }},
		{"N3-19_a_router_advertisement", upf.ReasonForbiddenICMP, func(p *plane) []byte {
			return inner(p.own.Addr, testEcho.Addr(), 1, []byte{9, 0, 0, 0, 0, 0, 0, 0})
		}},
		{"N3-11_half_a_header_of_transport", upf.ReasonFragment, func(p *plane) []byte {
			b := inner(p.own.Addr, testEcho.Addr(), 6, make([]byte, 8))
			b[6] |= 0x20 // more to come
			return checked(b)
		}},
		{"N3-04_IPv6", upf.ReasonSpoofedSource, func(p *plane) []byte {
			return inner6(netip.MustParseAddr("2001:db8:1:2::7"), testEcho6.Addr(), 7, 1) // of a session that has none
		}},
		{"N3-04_IPv6_from_nowhere", upf.ReasonLinkOnly, func(p *plane) []byte {
			return append([]byte{0x60, 0, 0, 0, 0, 0, 58, 255}, make([]byte, 32)...)
		}},
		{"class_no_packet_at_all", upf.ReasonMalformedIP, func(*plane) []byte { return nil }},
	} {
		x.cross(t, c.name, func(p *plane) {
			p.radio(outer(p.own.Remote, c.packet(p)))
			p.packet(c.why)
		})
	}
}

// floods are packets, too many of them.
func (x *siege) floods(t *testing.T) {
	x.cross(t, "N3-22_malformed_packets_without_end", func(p *plane) {
		b := outer(p.victim.Remote, p.ping())
		stop, done := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(done)
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
					p.stranger.WriteToUDPAddrPort(b[:i%len(b)], p.N3)
					if i%64 == 63 {
						time.Sleep(time.Millisecond) // 64,000 a second at most, on a machine that others use too
					}
				}
			}
		}()
		defer func() { close(stop); <-done }()
		p.survives(p.T)
		p.packet(upf.ReasonMalformedGTPU)
	})
	x.cross(t, "N3-22_echo_requests_without_end", func(p *plane) {
		for i := range 20000 {
			b, _ := gtpu.EchoRequest{Seq: uint16(i)}.AppendBinary(nil)
			p.strange(b)
		}
		p.packet(upf.ReasonRateLimited)
	})
}
