// Package gtpu encodes and decodes GTP-U version 1 (TS 29.281) with the PDU session
// container (TS 38.415).
//
// Parse and Append work on a forwarder's path: they allocate nothing, and what Parse returns beside the
// header is part of its input. Every length is checked against what is there; a datagram
// is one message, so octets left over refuse it like octets missing.
package gtpu

import (
	"encoding/binary"
	"fmt"

	"cordon/ident"
)

// Port is where GTP-U is spoken, UDP (TS 29.281 §4.4.2).
const Port = 2152

// Type is a message type (§6.1).
type Type uint8

const (
	TypeEchoRequest         Type = 1
	TypeEchoResponse        Type = 2
	TypeErrorIndication     Type = 26
	TypeSupportedExtensions Type = 31
	TypeEndMarker           Type = 254
	TypeGPDU                Type = 255
)

func (t Type) String() string {
	switch t {
	case TypeEchoRequest:
		return "echo request"
	case TypeEchoResponse:
		return "echo response"
	case TypeErrorIndication:
		return "error indication"
	case TypeSupportedExtensions:
		return "supported extension headers notification"
	case TypeEndMarker:
		return "end marker"
	case TypeGPDU:
		return "G-PDU"
	}
	return fmt.Sprintf("GTP-U message type %d", uint8(t))
}

// Fault says why a message was refused. It is an error that costs no memory.
type Fault uint8

const (
	FaultShort            Fault = iota + 1 // ends inside its header
	FaultVersion                           // not version 1, or GTP'
	FaultLength                            // length field and datagram differ
	FaultExtension                         // an extension header of length 0, past the end, or one too many
	FaultContainer                         // a PDU session container that breaks TS 38.415, or a second one
	FaultUnknownExtension                  // an extension header that must be understood and is not
	FaultIE                                // an information element runs past the end or has the wrong size
	FaultMissingIE                         // a mandatory information element is absent
)

func (f Fault) Error() string {
	switch f {
	case FaultShort:
		return "gtpu: header truncated"
	case FaultVersion:
		return "gtpu: not GTP-U version 1"
	case FaultLength:
		return "gtpu: length differs from the datagram's"
	case FaultExtension:
		return "gtpu: malformed extension header"
	case FaultContainer:
		return "gtpu: malformed PDU session container"
	case FaultUnknownExtension:
		return "gtpu: extension header not supported"
	case FaultIE:
		return "gtpu: malformed information element"
	case FaultMissingIE:
		return "gtpu: mandatory information element missing"
	}
	return fmt.Sprintf("gtpu: fault %d", uint8(f))
}

// Header is a message's header (§5.1) as far as an endpoint of a PDU session has use for it.
//
//	octet 1    version 1, PT 1, spare, E, S, PN
//	octet 2    message type
//	octet 3    length of all that follows octet 8
//	octet 5    TEID
//	octet 9    sequence number, N-PDU number, next extension header, if any of E, S, PN is set
type Header struct {
	Type         Type
	HasSeq       bool
	HasNPDU      bool
	HasContainer bool
	NPDU         uint8
	Seq          uint16
	TEID         ident.TEID
	Container    Container // with HasContainer
}

const (
	headerLen    = 8
	optionalLen  = 4
	maxExtension = 8 // extension headers in one message; three would do

	flagPN   = 1 << 0
	flagS    = 1 << 1
	flagE    = 1 << 2
	version1 = 1 << 5
	protocol = 1 << 4
)

// Extension header types (§5.2.1). The two high bits say whether an endpoint must
// understand one: it must from 0x80 on.
const (
	extNone            = 0x00
	extMandatory       = 0x80
	extLongPDCPNumber  = 0x82
	extSessionContext  = 0x85 // PDU session container
	extPDCPNumber      = 0xc0
	containerExtLength = 4
)

// Append writes the header of a message with n octets after it, at most 65519.
func (h *Header) Append(b []byte, n int) []byte {
	flags, ext := byte(version1|protocol), byte(extNone)
	if h.HasSeq {
		flags |= flagS
	}
	if h.HasNPDU {
		flags |= flagPN
	}
	if h.HasContainer {
		flags |= flagE
		ext = extSessionContext
		n += h.Container.extLen()
	}
	if flags&(flagE|flagS|flagPN) != 0 {
		n += optionalLen
	}
	b = append(b, flags, byte(h.Type), byte(n>>8), byte(n))
	b = binary.BigEndian.AppendUint32(b, uint32(h.TEID))
	if flags&(flagE|flagS|flagPN) != 0 {
		b = append(b, byte(h.Seq>>8), byte(h.Seq), h.NPDU, ext)
	}
	if h.HasContainer {
		b = h.Container.appendExt(b)
	}
	return b
}

// Parse reads a datagram: the header and what follows it, which for a G-PDU is the inner
// packet. A refusal is a Fault and comes with nothing else.
func Parse(b []byte) (Header, []byte, error) {
	if len(b) < headerLen {
		return Header{}, nil, FaultShort
	}
	flags := b[0]
	if flags&0xf0 != version1|protocol {
		return Header{}, nil, FaultVersion
	}
	if int(b[2])<<8|int(b[3]) != len(b)-headerLen {
		return Header{}, nil, FaultLength
	}
	h := Header{Type: Type(b[1]), TEID: ident.TEID(binary.BigEndian.Uint32(b[4:]))}
	rest := b[headerLen:]
	if flags&(flagE|flagS|flagPN) == 0 {
		return h, rest, nil
	}
	if len(rest) < optionalLen {
		return Header{}, nil, FaultShort
	}
	if flags&flagS != 0 {
		h.HasSeq, h.Seq = true, binary.BigEndian.Uint16(rest)
	}
	if flags&flagPN != 0 {
		h.HasNPDU, h.NPDU = true, rest[2]
	}
	next := rest[3]
	rest = rest[optionalLen:]
	if flags&flagE == 0 {
		return h, rest, nil // octet 12 means nothing without E
	}
	return h.extensions(next, rest)
}

// extensions walks the chain that begins with one of type next.
func (h Header) extensions(next byte, rest []byte) (Header, []byte, error) {
	for range maxExtension {
		if next == extNone {
			return h, rest, nil
		}
		if len(rest) == 0 {
			return Header{}, nil, FaultExtension
		}
		n := int(rest[0]) * 4
		if n == 0 || n > len(rest) {
			return Header{}, nil, FaultExtension
		}
		content := rest[1 : n-1]
		switch {
		case next == extSessionContext:
			c, err := parseContainer(content)
			if err != nil || h.HasContainer {
				return Header{}, nil, FaultContainer
			}
			h.HasContainer, h.Container = true, c
		case next == extPDCPNumber, next == extLongPDCPNumber, next < extMandatory:
			// Of no use at the end of a PDU session, and no reason to lose the packet.
		default:
			return Header{}, nil, FaultUnknownExtension
		}
		next = rest[n-1]
		rest = rest[n:]
	}
	if next != extNone {
		return Header{}, nil, FaultExtension
	}
	return h, rest, nil
}
