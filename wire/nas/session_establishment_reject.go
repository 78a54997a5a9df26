package nas

import "time"

// PDUSessionEstablishmentReject refuses a session (TS 24.501 §8.3.3).
type PDUSessionEstablishmentReject struct {
	Cause               SMCause
	BackOff             *time.Duration
	AllowedSSC          *uint8
	EAP                 []byte
	CongestionReattempt *uint8
	Options             []ProtocolOption
	Reattempt           *uint8
	ServiceLevelAA      []byte
}

var pduSessionEstablishmentRejectIEs = []ie[PDUSessionEstablishmentReject]{
	{"5GSM cause", formatV, 0, 1, 1, func(c *coder, m *PDUSessionEstablishmentReject) { u8(c, &m.Cause) }},
	{"back-off timer", formatTLV, 0x37, 1, 1, func(c *coder, m *PDUSessionEstablishmentReject) { ptr(c, &m.BackOff, timer3) }},
	{"allowed SSC mode", formatT1, 0xf0, 1, 1, func(c *coder, m *PDUSessionEstablishmentReject) { ptr(c, &m.AllowedSSC, nibble[uint8]) }},
	{"EAP message", formatTLVE, 0x78, 4, 1500, func(c *coder, m *PDUSessionEstablishmentReject) { raw(c, &m.EAP) }},
	{"5GSM congestion re-attempt indicator", formatTLV, 0x61, 1, 1, func(c *coder, m *PDUSessionEstablishmentReject) { ptr(c, &m.CongestionReattempt, u8[uint8]) }},
	{"extended protocol configuration options", formatTLVE, 0x7b, 1, unbounded, func(c *coder, m *PDUSessionEstablishmentReject) { list(c, &m.Options, optionsFromNetwork) }},
	{"re-attempt indicator", formatTLV, 0x1d, 1, 1, func(c *coder, m *PDUSessionEstablishmentReject) { ptr(c, &m.Reattempt, u8[uint8]) }},
	{"service-level-AA container", formatTLVE, 0x72, 3, unbounded, func(c *coder, m *PDUSessionEstablishmentReject) { raw(c, &m.ServiceLevelAA) }},
}

func (*PDUSessionEstablishmentReject) Type() SMMessageType { return TypePDUSessionEstablishmentReject }

func (m *PDUSessionEstablishmentReject) code(c *coder) { code(c, m, pduSessionEstablishmentRejectIEs) }
