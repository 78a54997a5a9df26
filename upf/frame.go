package upf

import "encoding/binary"

// frame is an Ethernet frame without preamble and check sequence, as a session of type Ethernet carries it
// (TS 23.501 §5.6.10.2), that parse found whole.
type frame struct {
	octets   []byte
	dst, src uint64 // MAC addresses as numbers
	kind     uint16 // EtherType behind the tags; less than leastEtherType is a length
	at       int    // where the payload is
}

const (
	macSize  = 6
	macGroup = 1 << 40 // the bit of an address that is a group's
	maxTags  = 2       // VLAN tags, which are carried as they are

	leastEtherType = 0x0600
	mostLength     = 1500

	etherIPv4    = 0x0800
	etherARP     = 0x0806
	etherIPv6    = 0x86dd
	etherVLAN    = 0x8100
	etherService = 0x88a8
	etherControl = 0x8808 // pause
)

// parse takes a frame, which b is.
func (f *frame) parse(b []byte) Reason {
	if len(b) < 2*macSize+2 {
		return ReasonMalformedFrame
	}
	f.octets, f.at = b, 2*macSize+2
	f.dst, f.src = mac(b), mac(b[macSize:])
	f.kind = binary.BigEndian.Uint16(b[2*macSize:])
	for tags := 0; f.kind == etherVLAN || f.kind == etherService; tags++ {
		if tags == maxTags || len(b) < f.at+4 {
			return ReasonMalformedFrame
		}
		f.kind = binary.BigEndian.Uint16(b[f.at+2:])
		f.at += 4
	}
	if f.kind < leastEtherType && (f.kind > mostLength || int(f.kind) > len(b)-f.at) {
		return ReasonMalformedFrame
	}
	return ReasonNone
}

// mac is the address that b begins with.
func mac(b []byte) uint64 {
	return uint64(binary.BigEndian.Uint16(b))<<32 | uint64(binary.BigEndian.Uint32(b[2:]))
}

// payload is what the frame carries, with what a link may have put after it.
func (f *frame) payload() []byte { return f.octets[f.at:] }

func (f *frame) toGroup() bool { return f.dst&macGroup != 0 }

// host reports whether the frame comes from an address that one host can have.
func (f *frame) host() bool { return f.src != 0 && f.src&macGroup == 0 }

// linkOnly reports whether the frame is for the link that it is on and no bridge forwards it: spanning tree, pause, link
// aggregation, 802.1X, LLDP (IEEE 802.1Q table 8-1).
func (f *frame) linkOnly() bool { return f.dst&^0xf == 0x0180c2000000 || f.kind == etherControl }
