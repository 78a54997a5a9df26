package nas

import "cordon/ident"

// ULNASTransport carries a payload of a device to another part of the network
// (TS 24.501 §8.2.10).
type ULNASTransport struct {
	PayloadType           PayloadType
	Payload               []byte
	Session               ident.PDUSessionID
	OldSession            ident.PDUSessionID
	Request               RequestType
	Slice                 *ident.SNSSAI
	DNN                   ident.DNN
	AdditionalInformation []byte
	MAPDU                 *uint8
	ReleaseAssistance     *uint8
}

var ulnasTransportIEs = []ie[ULNASTransport]{
	{"payload container type", formatV, 0, 1, 1, func(c *coder, m *ULNASTransport) { half(c, &m.PayloadType) }},
	{"payload container", formatLVE, 0, 1, unbounded, func(c *coder, m *ULNASTransport) { octets(c, &m.Payload) }},
	{"PDU session ID", formatTV, 0x12, 1, 1, func(c *coder, m *ULNASTransport) { opt(c, &m.Session, u8[ident.PDUSessionID]) }},
	{"old PDU session ID", formatTV, 0x59, 1, 1, func(c *coder, m *ULNASTransport) { opt(c, &m.OldSession, u8[ident.PDUSessionID]) }},
	{"request type", formatT1, 0x80, 1, 1, func(c *coder, m *ULNASTransport) { opt(c, &m.Request, nibble[RequestType]) }},
	{"S-NSSAI", formatTLV, 0x22, 1, 8, func(c *coder, m *ULNASTransport) { ptr(c, &m.Slice, snssai) }},
	{"DNN", formatTLV, 0x25, 1, 100, func(c *coder, m *ULNASTransport) { opt(c, &m.DNN, dnn) }},
	{"additional information", formatTLV, 0x24, 1, 255, func(c *coder, m *ULNASTransport) { raw(c, &m.AdditionalInformation) }},
	{"MA PDU session information", formatT1, 0xa0, 1, 1, func(c *coder, m *ULNASTransport) { ptr(c, &m.MAPDU, nibble[uint8]) }},
	{"release assistance indication", formatT1, 0xf0, 1, 1, func(c *coder, m *ULNASTransport) { ptr(c, &m.ReleaseAssistance, nibble[uint8]) }},
}

func (*ULNASTransport) Type() MessageType { return TypeULNASTransport }

func (m *ULNASTransport) code(c *coder) { code(c, m, ulnasTransportIEs) }
