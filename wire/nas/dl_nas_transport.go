package nas

import (
	"time"

	"cordon/ident"
)

// DLNASTransport carries a payload to a device, or returns one that was not forwarded
// (TS 24.501 §8.2.11).
type DLNASTransport struct {
	PayloadType           PayloadType
	Payload               []byte
	Session               ident.PDUSessionID
	AdditionalInformation []byte
	Cause                 Cause
	BackOff               *time.Duration
	LowerBound            *time.Duration
}

var dlnasTransportIEs = []ie[DLNASTransport]{
	{"payload container type", formatV, 0, 1, 1, func(c *coder, m *DLNASTransport) { half(c, &m.PayloadType) }},
	{"payload container", formatLVE, 0, 1, unbounded, func(c *coder, m *DLNASTransport) { octets(c, &m.Payload) }},
	{"PDU session ID", formatTV, 0x12, 1, 1, func(c *coder, m *DLNASTransport) { opt(c, &m.Session, u8[ident.PDUSessionID]) }},
	{"additional information", formatTLV, 0x24, 1, 255, func(c *coder, m *DLNASTransport) { raw(c, &m.AdditionalInformation) }},
	{"5GMM cause", formatTV, 0x58, 1, 1, func(c *coder, m *DLNASTransport) { opt(c, &m.Cause, u8[Cause]) }},
	{"back-off timer", formatTLV, 0x37, 1, 1, func(c *coder, m *DLNASTransport) { ptr(c, &m.BackOff, timer3) }},
	{"lower bound timer value", formatTLV, 0x3a, 1, 1, func(c *coder, m *DLNASTransport) { ptr(c, &m.LowerBound, timer3) }},
}

func (*DLNASTransport) Type() MessageType { return TypeDLNASTransport }

func (m *DLNASTransport) code(c *coder) { code(c, m, dlnasTransportIEs) }
