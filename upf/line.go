package upf

import "sync/atomic"

// Line is one direction of a session: one cache line, which the packet path, N4 and a forwarder in
// the kernel share. In the order of the machine, which is little-endian wherever the kernel's
// forwarder runs, it is this (datapath/bpf/upf.h is its twin):
//
//	octet 0   TEID    4  uplink: ours, 0 of a free line. Downlink: the radio's, 0 of none
//	      4   Peer    4  index into Memory.Peers: who uplink must come from, where downlink goes; 0 none
//	      8   UE4     4  the device's IPv4 address as a number (10.0.0.1 is 0x0a000001), 0 none
//	     12   Aux     4  uplink: NAT block, 1 + index into Memory.NAT of its first entry, 0 no NAT.
//	                     Downlink: 1 + the session's slot, 0 of a free line
//	     16   UE6     8  the device's /64: the first 8 octets of its addresses as a number, 0 none
//	     24   QFI     1  of the flow; downlink carries it, uplink must
//	     25   Rules   1  index into Memory.RuleSets; RulesAny: everything passes, RulesNone: nothing
//	     26   Flags   1  Line* below
//	     27   Shift   1  } an inner octet costs Cost >> Shift nanoseconds; a packet of n octets
//	     28   Cost    4  } n*Cost >> Shift in 64 bits. Cost 0: not policed
//	     32   TAT     8  theoretical arrival time of the cell rate algorithm, ns of CLOCK_MONOTONIC
//	     40   Word    8  uplink: replay window and when the radio last sent, see Seen.
//	                     Downlink with LineAlias: index into Memory.Down of the session's own line. With
//	                     LineHold the kernel's forwarder counts there what it hands over: the low 32
//	                     bits, in the second that the others say
//	     48   Octets  8  inner octets that were forwarded
//	     56   Packets 8  packets that were forwarded
//
// It is made of words of eight octets, each read and written at once. Tunnel of an uplink line and
// Device of a downlink line are written last when a session comes and cleared first when it
// goes: without them the rest means nothing. The first four words are N4's, which only sets
// bits of Treatment under a running forwarder; the last four are the packet path's.
//
// An uplink line's index is its slot, the TEID's low 20 bits; all 32 bits are compared. A downlink
// line's index is that of the device's address: see PoolEntry. A session with both IPv4 and
// IPv6 has its meter, its counters and all else in the line of its IPv4 address; the other line is an alias,
// whose first word and Treatment (but LineAlias) stay 0.
type Line struct {
	Tunnel    atomic.Uint64 // TEID, Peer
	Device    atomic.Uint64 // UE4, Aux
	UE6       atomic.Uint64
	Treatment atomic.Uint64 // QFI, Rules, Flags, Shift, Cost
	TAT       Cell
	Word      atomic.Uint64
	Octets    Cell
	Packets   Cell
}

// Cell is a word that every packet changes. Where only this process does, one goroutine at a time, it
// is changed without the lock on the memory that costs more than the rest of the change.
type Cell struct{ v uint64 }

// Load reads the cell.
func (c *Cell) Load() uint64 { return atomic.LoadUint64(&c.v) }

// Store writes the cell.
func (c *Cell) Store(v uint64) { atomic.StoreUint64(&c.v, v) }

// raise puts v for what was old, unless another has changed it since.
func (c *Cell) raise(old, v uint64, shared bool) {
	if shared {
		atomic.CompareAndSwapUint64(&c.v, old, v)
	} else {
		c.v = v
	}
}

// add adds n to what others may be adding to, if shared.
func (c *Cell) add(n uint64, shared bool) {
	if shared {
		atomic.AddUint64(&c.v, n)
	} else {
		c.v += n
	}
}

// LineSize is the size of a Line in octets.
const LineSize = 64

// Flags of a line.
const (
	LineSlow     uint8 = 1 << iota // the kernel's forwarder leaves the packets of this line to this package
	LineShut                       // the gate is closed: packets are dropped
	LineHold                       // downlink: packets wait in this package until there is a radio
	LineNotify                     // downlink: the first one held is reported
	LineReported                   // downlink: and has been
	LineLost                       // downlink: the radio does not know the tunnel, which has been reported
	LineAlias                      // downlink: see Word
	LineFromCore                   // uplink: a tunnel of N9, whose packets are for the device
)

// Values of Rules that are no index.
const (
	RulesAny  uint8 = 0
	RulesNone uint8 = 255
)

// Entry is what N4 says of a line: its first half, taken apart.
type Entry struct {
	TEID, Peer uint32
	UE4, Aux   uint32
	UE6        uint64
	QFI        uint8
	Rules      uint8
	Flags      uint8
	Shift      uint8
	Cost       uint32
}

// Entry reads the line's first half.
func (l *Line) Entry() Entry {
	tunnel, device, t := l.Tunnel.Load(), l.Device.Load(), treatment(l.Treatment.Load())
	return Entry{
		TEID: uint32(tunnel), Peer: uint32(tunnel >> 32), UE4: uint32(device), Aux: uint32(device >> 32), UE6: l.UE6.Load(),
		QFI: t.qfi(), Rules: t.rules(), Flags: t.flags(), Shift: t.shift(), Cost: uint32(t.cost()),
	}
}

// set puts a flag or takes it away.
func (e *Entry) set(flag uint8, on bool) {
	e.Flags &^= flag
	if on {
		e.Flags |= flag
	}
}

func (e *Entry) tunnel() uint64 { return uint64(e.TEID) | uint64(e.Peer)<<32 }
func (e *Entry) device() uint64 { return uint64(e.UE4) | uint64(e.Aux)<<32 }
func (e *Entry) treatment() uint64 {
	return uint64(e.QFI) | uint64(e.Rules)<<8 | uint64(e.Flags)<<16 | uint64(e.Shift)<<24 | uint64(e.Cost)<<32
}

// publishUplink puts e into an uplink line.
func (l *Line) publishUplink(e *Entry) {
	l.Device.Store(e.device())
	l.UE6.Store(e.UE6)
	l.Treatment.Store(e.treatment())
	l.Tunnel.Store(e.tunnel())
}

// publishDownlink puts e into a downlink line. What is to hold packets does so before the tunnel goes, and what
// is to send them has the tunnel first.
func (l *Line) publishDownlink(e *Entry) {
	l.UE6.Store(e.UE6)
	if e.Flags&(LineHold|LineShut) != 0 {
		l.Treatment.Store(e.treatment())
		l.Tunnel.Store(e.tunnel())
	} else {
		l.Tunnel.Store(e.tunnel())
		l.Treatment.Store(e.treatment())
	}
	l.Device.Store(e.device())
}

// clear frees a line of either direction.
func (l *Line) clear() {
	for _, w := range []*atomic.Uint64{&l.Tunnel, &l.Device, &l.UE6, &l.Treatment, &l.Word} {
		w.Store(0)
	}
	for _, c := range []*Cell{&l.TAT, &l.Octets, &l.Packets} {
		c.Store(0)
	}
}

// treatment is the word of that name.
type treatment uint64

func (t treatment) qfi() uint8   { return uint8(t) }
func (t treatment) rules() uint8 { return uint8(t >> 8) }
func (t treatment) flags() uint8 { return uint8(t >> 16) }
func (t treatment) shift() uint8 { return uint8(t>>24) & 63 }
func (t treatment) cost() uint64 { return uint64(t >> 32) }

// flag sets a flag.
func (l *Line) flag(f uint8) { l.Treatment.Or(uint64(f) << 16) }

// Seen is Word of an uplink line.
//
//	bits  0 to 31  window: bit k says that sequence number top-k has been seen; 0: none has
//	bits 32 to 47  top: the newest sequence number
//	bits 48 to 63  the second in which the peer last sent, of CLOCK_MONOTONIC, modulo 2^16, and 1 for 0; 0: never
type Seen uint64

// SeenWindow is how many sequence numbers back a repeat is known. One as old or older counts as
// a repeat, since nobody can tell.
const SeenWindow = 32

func (w Seen) window() uint32 { return uint32(w) }
func (w Seen) top() uint16    { return uint16(w >> 32) }
func (w Seen) second() uint16 { return uint16(w >> 48) }

// repeats reports whether a sequence number has been seen or is too old to tell.
func (w Seen) repeats(seq uint16) bool {
	behind := w.top() - seq
	return w.window() != 0 && behind < 1<<15 && (behind >= SeenWindow || w.window()>>behind&1 != 0)
}

// note marks a sequence number as seen, and says how many were left out just before it.
func (w Seen) note(seq uint16) (after Seen, gap int) {
	window, top := w.window(), w.top()
	switch ahead := seq - top; {
	case window == 0:
		window, top = 1, seq
	case ahead == 0:
	case ahead < 1<<15:
		window, top, gap = window<<min(ahead, SeenWindow)|1, seq, int(ahead)-1
	case top-seq < SeenWindow:
		window |= 1 << (top - seq)
	}
	return Seen(window) | Seen(top)<<32 | w>>48<<48, gap
}

// at is w with another second.
func (w Seen) at(second uint16) Seen { return w<<16>>16 | Seen(second)<<48 }
