package nas

import "time"

// PDUSessionModificationCommand changes a session (TS 24.501 §8.3.9).
type PDUSessionModificationCommand struct {
	Cause                     SMCause
	AMBR                      *AMBR
	RQTimer                   *time.Duration
	AlwaysOn                  *uint8
	Rules                     []QoSRule
	MappedEPS                 []byte
	Flows                     []QoSFlow
	Options                   []ProtocolOption
	ATSSS                     []byte
	IPHeaderCompression       []byte
	PortManagement            []byte
	RateControl               *uint16
	EthernetHeaderCompression *uint8
	MBS                       []byte
	ServiceLevelAA            []byte
}

var pduSessionModificationCommandIEs = []ie[PDUSessionModificationCommand]{
	{"5GSM cause", formatTV, 0x59, 1, 1, func(c *coder, m *PDUSessionModificationCommand) { opt(c, &m.Cause, u8[SMCause]) }},
	{"session AMBR", formatTLV, 0x2a, 6, 6, func(c *coder, m *PDUSessionModificationCommand) { ptr(c, &m.AMBR, ambr) }},
	{"RQ timer", formatTV, 0x56, 1, 1, func(c *coder, m *PDUSessionModificationCommand) { ptr(c, &m.RQTimer, timer2) }},
	{"always-on PDU session indication", formatT1, 0x80, 1, 1, func(c *coder, m *PDUSessionModificationCommand) { ptr(c, &m.AlwaysOn, nibble[uint8]) }},
	{"authorized QoS rules", formatTLVE, 0x7a, 4, unbounded, func(c *coder, m *PDUSessionModificationCommand) { list(c, &m.Rules, qosRules) }},
	{"mapped EPS bearer contexts", formatTLVE, 0x75, 4, unbounded, func(c *coder, m *PDUSessionModificationCommand) { raw(c, &m.MappedEPS) }},
	{"QoS flow descriptions", formatTLVE, 0x79, 3, unbounded, func(c *coder, m *PDUSessionModificationCommand) { list(c, &m.Flows, qosFlows) }},
	{"extended protocol configuration options", formatTLVE, 0x7b, 1, unbounded, func(c *coder, m *PDUSessionModificationCommand) { list(c, &m.Options, optionsFromNetwork) }},
	{"ATSSS container", formatTLVE, 0x77, 0, unbounded, func(c *coder, m *PDUSessionModificationCommand) { raw(c, &m.ATSSS) }},
	{"IP header compression configuration", formatTLV, 0x66, 3, 255, func(c *coder, m *PDUSessionModificationCommand) { raw(c, &m.IPHeaderCompression) }},
	{"port management information container", formatTLVE, 0x74, 5, unbounded, func(c *coder, m *PDUSessionModificationCommand) { raw(c, &m.PortManagement) }},
	{"serving PLMN rate control", formatTLV, 0x1e, 2, 2, func(c *coder, m *PDUSessionModificationCommand) { ptr(c, &m.RateControl, u16[uint16]) }},
	{"Ethernet header compression configuration", formatTLV, 0x1f, 1, 1, func(c *coder, m *PDUSessionModificationCommand) { ptr(c, &m.EthernetHeaderCompression, u8[uint8]) }},
	{"received MBS container", formatTLVE, 0x71, 6, unbounded, func(c *coder, m *PDUSessionModificationCommand) { raw(c, &m.MBS) }},
	{"service-level-AA container", formatTLVE, 0x72, 3, unbounded, func(c *coder, m *PDUSessionModificationCommand) { raw(c, &m.ServiceLevelAA) }},
}

func (*PDUSessionModificationCommand) Type() SMMessageType { return TypePDUSessionModificationCommand }

func (m *PDUSessionModificationCommand) code(c *coder) { code(c, m, pduSessionModificationCommandIEs) }

// PDUSessionModificationComplete acknowledges it (TS 24.501 §8.3.10).
type PDUSessionModificationComplete struct {
	Options        []ProtocolOption
	PortManagement []byte
}

var pduSessionModificationCompleteIEs = []ie[PDUSessionModificationComplete]{
	{"extended protocol configuration options", formatTLVE, 0x7b, 1, unbounded, func(c *coder, m *PDUSessionModificationComplete) { list(c, &m.Options, optionsFromDevice) }},
	{"port management information container", formatTLVE, 0x74, 5, unbounded, func(c *coder, m *PDUSessionModificationComplete) { raw(c, &m.PortManagement) }},
}

func (*PDUSessionModificationComplete) Type() SMMessageType {
	return TypePDUSessionModificationComplete
}

func (m *PDUSessionModificationComplete) code(c *coder) {
	code(c, m, pduSessionModificationCompleteIEs)
}

// PDUSessionModificationCommandReject refuses it (TS 24.501 §8.3.11).
type PDUSessionModificationCommandReject struct {
	Cause   SMCause
	Options []ProtocolOption
}

var pduSessionModificationCommandRejectIEs = []ie[PDUSessionModificationCommandReject]{
	{"5GSM cause", formatV, 0, 1, 1, func(c *coder, m *PDUSessionModificationCommandReject) { u8(c, &m.Cause) }},
	{"extended protocol configuration options", formatTLVE, 0x7b, 1, unbounded, func(c *coder, m *PDUSessionModificationCommandReject) { list(c, &m.Options, optionsFromDevice) }},
}

func (*PDUSessionModificationCommandReject) Type() SMMessageType {
	return TypePDUSessionModificationCommandReject
}

func (m *PDUSessionModificationCommandReject) code(c *coder) {
	code(c, m, pduSessionModificationCommandRejectIEs)
}
