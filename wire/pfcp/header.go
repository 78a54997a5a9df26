package pfcp

import (
	"encoding/binary"
	"fmt"

	"cordon/ident"
)

// Port is where PFCP is spoken, UDP (§4.2.2).
const Port = 8805

// Header is a message's header (§7.2.2).
//
//	octet 1    version 1, spare, FO, MP, S
//	octet 2    message type
//	octet 3    length of all that follows octet 4
//	octet 5    SEID, with S
//	           sequence number (3), message priority or spare (1)
//
// A priority is read and of no use here. FO, another message in the same datagram, refuses it.
type Header struct {
	Type Type
	SEID ident.SEID // of messages about sessions: whose it is that receives it, 0 where that is not known
	Seq  uint32     // 24 bits
}

const (
	flagSEID     = 1 << 0
	flagFollowOn = 1 << 2
	version1     = 1 << 5
	nodeHeader   = 8
	sessionHead  = 16
)

// Message is one of this package's messages, by pointer.
type Message interface {
	Type() Type
	seid() *ident.SEID // where the header's is kept; nil where it is 0 or there is none
	code(*coder)
}

// Append writes a message with a sequence number, of which 24 bits count.
func Append(b []byte, seq uint32, m Message) ([]byte, error) {
	t, start := m.Type(), len(b)
	if t.Session() {
		var seid ident.SEID
		if p := m.seid(); p != nil {
			seid = *p
		}
		b = binary.BigEndian.AppendUint64(append(b, version1|flagSEID, byte(t), 0, 0), uint64(seid))
	} else {
		b = append(b, version1, byte(t), 0, 0)
	}
	b = append(b, byte(seq>>16), byte(seq>>8), byte(seq), 0)
	c := &coder{b: b, writing: true}
	m.code(c)
	n := len(c.b) - start - 4
	if c.err == nil && n > maxLength {
		c.fail(CauseInvalidLength, ErrTooMany)
	}
	if c.err != nil {
		return b[:start], fmt.Errorf("encoding %v: %w", t, c.err)
	}
	binary.BigEndian.PutUint16(c.b[start+2:], uint16(n))
	return c.b, nil
}

// Parse reads a datagram, which is one message. The error is a *DecodeError and comes without a message; the header
// beside it is what could be read, so that a request can be refused.
func Parse(b []byte) (Header, Message, error) {
	h, rest, err := parseHeader(b)
	if err != nil {
		return h, nil, err
	}
	m := newMessage(h.Type)
	if m == nil {
		return h, nil, &DecodeError{Off: 1, Cause: CauseServiceNotSupported, Err: ErrUnknownType}
	}
	c := &coder{b: b, off: len(b) - len(rest), end: len(b), elements: maxElements}
	m.code(c)
	if c.err != nil {
		return h, nil, c.err
	}
	if p := m.seid(); p != nil {
		*p = h.SEID
	}
	return h, m, nil
}

func parseHeader(b []byte) (h Header, rest []byte, err error) {
	refuse := func(off int, err error) (Header, []byte, error) {
		return h, nil, &DecodeError{Off: off, Cause: CauseInvalidLength, Err: err}
	}
	if len(b) < nodeHeader {
		return refuse(len(b), ErrShort)
	}
	h.Type = Type(b[1])
	at := nodeHeader
	if b[0]&flagSEID != 0 {
		at = sessionHead
	}
	if len(b) < at {
		return refuse(len(b), ErrShort)
	}
	if at == sessionHead {
		h.SEID = ident.SEID(binary.BigEndian.Uint64(b[4:]))
	}
	h.Seq = binary.BigEndian.Uint32(b[at-4:]) >> 8
	switch {
	case b[0]>>5 != 1:
		return refuse(0, ErrVersion)
	case int(binary.BigEndian.Uint16(b[2:])) != len(b)-4 || b[0]&flagFollowOn != 0:
		return refuse(2, ErrLength)
	case h.Type.Session() != (at == sessionHead):
		return refuse(0, ErrHeader)
	}
	return h, b[at:], nil
}

func newMessage(t Type) Message {
	switch t {
	case TypeHeartbeatRequest:
		return new(HeartbeatRequest)
	case TypeHeartbeatResponse:
		return new(HeartbeatResponse)
	case TypeAssociationSetupRequest:
		return new(AssociationSetupRequest)
	case TypeAssociationSetupResponse:
		return new(AssociationSetupResponse)
	case TypeAssociationUpdateRequest:
		return new(AssociationUpdateRequest)
	case TypeAssociationUpdateResponse:
		return new(AssociationUpdateResponse)
	case TypeAssociationReleaseRequest:
		return new(AssociationReleaseRequest)
	case TypeAssociationReleaseResponse:
		return new(AssociationReleaseResponse)
	case TypeVersionNotSupported:
		return new(VersionNotSupported)
	case TypeNodeReportRequest:
		return new(NodeReportRequest)
	case TypeNodeReportResponse:
		return new(NodeReportResponse)
	case TypeEstablishmentRequest:
		return new(Establishment)
	case TypeEstablishmentResponse:
		return new(Established)
	case TypeModificationRequest:
		return new(Modification)
	case TypeModificationResponse:
		return new(Modified)
	case TypeDeletionRequest:
		return new(Deletion)
	case TypeDeletionResponse:
		return new(Deleted)
	case TypeReportRequest:
		return new(SessionReport)
	case TypeReportResponse:
		return new(Reported)
	}
	return nil
}
