package datapath

import (
	"encoding/binary"
	"fmt"
	"iter"
	"net/netip"
	"slices"
	"time"

	"cordon/upf"
	"cordon/wire/pfcp"
)

const (
	batchPackets = 128
	protoICMP    = 1
	protoTCP     = 6
	protoUDP     = 17
)

// batch is room for packets from N6, each with room for a GTP-U header before it.
type batch struct {
	size    int // of the largest packet
	room    [][]byte
	packets [][]byte // the first n of room, as read, without the room before them
}

func newBatch(size int) *batch {
	b := &batch{size: size, room: make([][]byte, batchPackets), packets: make([][]byte, 0, batchPackets)}
	all := make([]byte, batchPackets*(upf.HeadSize+size))
	for i := range b.room {
		b.room[i] = all[i*(upf.HeadSize+size):][:upf.HeadSize+size]
	}
	return b
}

func (b *batch) reset()     { b.packets = b.packets[:0] }
func (b *batch) full() bool { return len(b.packets) == len(b.room) }

// next is where the next packet may be put.
func (b *batch) next() []byte { return b.room[len(b.packets)][upf.HeadSize:] }

// took says that a packet of n octets has been put into next.
func (b *batch) took(n int) { b.packets = append(b.packets, b.next()[:n]) }

// withHead is packet i with a header before it.
func (b *batch) withHead(i int, head, packet []byte) []byte {
	whole := b.room[i][upf.HeadSize-len(head) : upf.HeadSize+len(packet)]
	copy(whole, head)
	return whole
}

// uplink carries packets from N3 to N6 until the socket is closed.
func (f *Forwarder) uplink() {
	var out [][]byte
	for {
		if err := f.n3.read(); err != nil {
			if f.stopped() {
				return
			}
			f.cfg.Log.Warn("reading N3", "err", err)
			select { // what passes by itself, as want of memory, passes sooner unhurried
			case <-f.done:
				return
			case <-time.After(10 * time.Millisecond):
			}
			continue
		}
		out = f.carry(f.fromRadios(), out[:0])
	}
}

// fromRadios is what was read from N3, but for what claims to come from where N9 alone leads.
func (f *Forwarder) fromRadios() iter.Seq2[netip.AddrPort, []byte] {
	if f.n9 == nil {
		return f.n3.datagrams()
	}
	return func(yield func(netip.AddrPort, []byte) bool) {
		for source, datagram := range f.n3.datagrams() {
			if f.n9.leads(source.Addr()) {
				f.faults[FaultOutside].Add(1)
			} else if !yield(source, datagram) {
				return
			}
		}
	}
}

// carry takes datagrams of GTP-U to N6, or where else they have to go. Out is room, and returned.
func (f *Forwarder) carry(datagrams iter.Seq2[netip.AddrPort, []byte], out [][]byte) [][]byte {
	out, frames := f.decideUplink(datagrams, out)
	if len(out) > 0 {
		if lost := f.n6.write(out); lost > 0 {
			f.faults[FaultN6Send].Add(uint64(lost))
		}
	}
	f.leave(frames)
	return out
}

// decideUplink asks for a verdict on all of datagrams and adds what is for N6 to out. Frames go to the N6 of their network.
func (f *Forwarder) decideUplink(datagrams iter.Seq2[netip.AddrPort, []byte], out [][]byte) (_ [][]byte, frames []framed) {
	now := f.now()
	f.rules.RLock()
	defer f.rules.RUnlock()
	f.up.Lock()
	defer f.up.Unlock()
	for source, datagram := range datagrams {
		v := f.sessions.Uplink(now, source, datagram)
		switch v.Action {
		case upf.ToN6:
			if f.isEcho(v.Packet) {
				f.echo(now, v.Packet)
			} else {
				out = append(out, v.Packet)
			}
		case upf.ToN3:
			f.sendN3(slices.Concat(v.Head, v.Packet), v.To)
		case upf.Peer:
			f.heard(now, source.Addr().Unmap(), datagram)
		case upf.ToLocal:
			f.turn(now, v.Packet, f.sessions.Local)
		case upf.ToBridge:
			frames = f.bridged(now, v, frames)
		case upf.ToDevice:
			f.turn(now, v.Packet, func(now time.Duration, packet []byte) upf.Verdict { return f.sessions.Relay(now, v.TEID, packet) })
		}
		if v.Report {
			f.events.report(pfcp.Report{CP: v.CP, Type: pfcp.ErrorIndication, Remote: pfcp.OuterHeader{TEID: v.TEID, Addr: v.To.Addr()}})
		}
		if v.Finding() {
			from := netip.AddrPortFrom(source.Addr().Unmap(), source.Port())
			f.events.finding(now, Event{Reason: v.Reason, Source: from, Radio: v.Radio, TEID: v.TEID, CP: v.CP}, datagram)
		}
	}
	return out, frames
}

// downlink carries packets from N6 to N3 until the device is closed.
func (f *Forwarder) downlink() {
	b := newBatch(max(f.cfg.UPF.MTU, 1500))
	s := newSender(f.n3)
	var back [][]byte
	for {
		if err := f.n6.read(b); err != nil {
			if f.stopped() {
				return
			}
			f.failed <- fmt.Errorf("N6 gives no more packets: %w", err)
			return
		}
		back = f.decideDownlink(b, s, back[:0])
		if lost := s.flush(); lost > 0 {
			f.faults[FaultN3Send].Add(uint64(lost))
		}
		if len(back) > 0 {
			f.n6.write(back)
		}
	}
}

// decideDownlink asks for a verdict on all of b: s gets what is for N3, back what returns to N6.
func (f *Forwarder) decideDownlink(b *batch, s *sender, back [][]byte) [][]byte {
	now := f.now()
	f.rules.RLock()
	defer f.rules.RUnlock()
	f.down.Lock()
	defer f.down.Unlock()
	for i, packet := range b.packets {
		v := f.sessions.Downlink(now, packet)
		switch v.Action {
		case upf.ToN3:
			if f.n9.leads(v.To.Addr()) {
				f.sendN3(b.withHead(i, v.Head, v.Packet), v.To)
			} else {
				s.add(b.withHead(i, v.Head, v.Packet), v.To, v.DSCP)
			}
		case upf.ToN6:
			back = append(back, append([]byte(nil), v.Packet...))
		}
		f.tell(now, v, packet)
	}
	return back
}

// tell reports what a downlink verdict asks to be reported.
func (f *Forwarder) tell(now time.Duration, v upf.Verdict, packet []byte) {
	if v.Report {
		f.events.report(pfcp.Report{CP: v.CP, Type: pfcp.DownlinkData, PDR: v.PDR})
	}
	if v.Finding() {
		f.events.finding(now, Event{Reason: v.Reason, CP: v.CP}, packet)
	}
}

// turn sends a packet that came from a device to a device. rules is held for reading.
func (f *Forwarder) turn(now time.Duration, packet []byte, decide func(time.Duration, []byte) upf.Verdict) {
	f.down.Lock()
	defer f.down.Unlock()
	v := decide(now, packet)
	if v.Action == upf.ToN3 {
		f.turned = append(append(f.turned[:0], v.Head...), v.Packet...)
		f.sendN3(f.turned, v.To)
	}
	f.tell(now, v, packet)
}

// sendN3 sends a datagram by N3, or by N9 where that leads there.
func (f *Forwarder) sendN3(b []byte, to netip.AddrPort) {
	var err error
	if f.n9.leads(to.Addr()) {
		_, err = f.n9.conn.WriteToUDPAddrPort(b, to)
	} else {
		err = f.n3.send(b, to)
	}
	if err != nil {
		f.faults[FaultN3Send].Add(1)
	}
}

// isEcho reports whether a packet is for the echo service of its version of IP.
func (f *Forwarder) isEcho(p []byte) bool {
	if p[0]>>4 == 6 {
		at := f.cfg.Echo6
		return at.IsValid() && p[6] == protoUDP && len(p) >= 48 && binary.BigEndian.Uint16(p[42:]) == at.Port() && netip.AddrFrom16([16]byte(p[24:40])) == at.Addr()
	}
	return f.cfg.Echo.IsValid() && p[9] == protoUDP && len(p) >= 28 && binary.BigEndian.Uint16(p[6:])&0x3fff == 0 &&
		binary.BigEndian.Uint16(p[22:]) == f.cfg.Echo.Port() && netip.AddrFrom4([4]byte(p[16:20])) == f.cfg.Echo.Addr()
}

// echo sends a packet back where it came from: addresses and ports change places, and every
// checksum stays right.
func (f *Forwarder) echo(now time.Duration, p []byte) {
	addresses, size, ports := 12, 4, 20
	if p[0]>>4 == 6 {
		addresses, size, ports = 8, 16, 40
	}
	exchange(p[addresses:], size)
	exchange(p[ports:], 2)
	f.turn(now, p, f.sessions.Downlink)
}

// exchange has the first n octets and the next n change places.
func exchange(b []byte, n int) {
	var first [16]byte
	copy(first[:], b[:n])
	copy(b, b[n:2*n])
	copy(b[n:], first[:n])
}

func (f *Forwarder) stopped() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}
