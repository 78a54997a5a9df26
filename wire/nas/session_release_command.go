package nas

import "time"

// PDUSessionReleaseCommand ends a session (TS 24.501 §8.3.14).
type PDUSessionReleaseCommand struct {
	Cause               SMCause
	BackOff             *time.Duration
	EAP                 []byte
	CongestionReattempt *uint8
	Options             []ProtocolOption
	Access              AccessType
	ServiceLevelAA      []byte
}

var pduSessionReleaseCommandIEs = []ie[PDUSessionReleaseCommand]{
	{"5GSM cause", formatV, 0, 1, 1, func(c *coder, m *PDUSessionReleaseCommand) { u8(c, &m.Cause) }},
	{"back-off timer", formatTLV, 0x37, 1, 1, func(c *coder, m *PDUSessionReleaseCommand) { ptr(c, &m.BackOff, timer3) }},
	{"EAP message", formatTLVE, 0x78, 4, 1500, func(c *coder, m *PDUSessionReleaseCommand) { raw(c, &m.EAP) }},
	{"5GSM congestion re-attempt indicator", formatTLV, 0x61, 1, 1, func(c *coder, m *PDUSessionReleaseCommand) { ptr(c, &m.CongestionReattempt, u8[uint8]) }},
	{"extended protocol configuration options", formatTLVE, 0x7b, 1, unbounded, func(c *coder, m *PDUSessionReleaseCommand) { list(c, &m.Options, optionsFromNetwork) }},
	{"access type", formatT1, 0xd0, 1, 1, func(c *coder, m *PDUSessionReleaseCommand) { opt(c, &m.Access, nibble[AccessType]) }},
	{"service-level-AA container", formatTLVE, 0x72, 3, unbounded, func(c *coder, m *PDUSessionReleaseCommand) { raw(c, &m.ServiceLevelAA) }},
}

func (*PDUSessionReleaseCommand) Type() SMMessageType { return TypePDUSessionReleaseCommand }

func (m *PDUSessionReleaseCommand) code(c *coder) { code(c, m, pduSessionReleaseCommandIEs) }

// PDUSessionReleaseComplete acknowledges it (TS 24.501 §8.3.15).
type PDUSessionReleaseComplete struct {
	Cause   SMCause
	Options []ProtocolOption
}

var pduSessionReleaseCompleteIEs = []ie[PDUSessionReleaseComplete]{
	{"5GSM cause", formatTV, 0x59, 1, 1, func(c *coder, m *PDUSessionReleaseComplete) { opt(c, &m.Cause, u8[SMCause]) }},
	{"extended protocol configuration options", formatTLVE, 0x7b, 1, unbounded, func(c *coder, m *PDUSessionReleaseComplete) { list(c, &m.Options, optionsFromDevice) }},
}

func (*PDUSessionReleaseComplete) Type() SMMessageType { return TypePDUSessionReleaseComplete }

func (m *PDUSessionReleaseComplete) code(c *coder) { code(c, m, pduSessionReleaseCompleteIEs) }
