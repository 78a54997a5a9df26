package gtpu

import (
	"encoding/binary"
	"net/netip"

	"cordon/ident"
)

// ErrorIndication tells a peer that its packets name a tunnel that is not there
// (TS 29.281 §7.3.1).
//
//	TEID data I           M  TV 5
//	GTP-U peer address    M  TLV 7 or 19
//	private extension     O
type ErrorIndication struct {
	TEID ident.TEID // the tunnel that is not there
	Peer netip.Addr // where the packet was sent to
}

// AppendBinary writes the message. An invalid Peer is an error.
func (m ErrorIndication) AppendBinary(b []byte) ([]byte, error) {
	if !m.Peer.IsValid() {
		return b, FaultMissingIE
	}
	peer := m.Peer.Unmap()
	size := peer.BitLen() / 8
	h := Header{Type: TypeErrorIndication, HasSeq: true}
	b = h.Append(b, 5+3+size)
	b = binary.BigEndian.AppendUint32(append(b, ieTEID), uint32(m.TEID))
	b = append(b, iePeerAddress, 0, byte(size))
	if peer.Is4() {
		a := peer.As4()
		return append(b, a[:]...), nil
	}
	a := peer.As16()
	return append(b, a[:]...), nil
}

// ParseErrorIndication reads what Parse returned for a message of TypeErrorIndication.
func ParseErrorIndication(rest []byte) (ErrorIndication, error) {
	e, err := parseElements(rest)
	if err != nil {
		return ErrorIndication{}, err
	}
	if !e.hasTEID || !e.peer.IsValid() {
		return ErrorIndication{}, FaultMissingIE
	}
	return ErrorIndication{TEID: e.teid, Peer: e.peer}, nil
}
