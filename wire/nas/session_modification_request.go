package nas

import "time"

// PDUSessionModificationRequest asks to change a session (TS 24.501 §8.3.7).
type PDUSessionModificationRequest struct {
	Capability                []byte
	Cause                     SMCause
	MaxFilters                *uint16
	AlwaysOn                  *uint8
	IntegrityRate             *IntegrityRate
	Rules                     []QoSRule
	Flows                     []QoSFlow
	MappedEPS                 []byte
	Options                   []ProtocolOption
	PortManagement            []byte
	IPHeaderCompression       []byte
	EthernetHeaderCompression *uint8
	MBS                       []byte
	ServiceLevelAA            []byte
}

var pduSessionModificationRequestIEs = []ie[PDUSessionModificationRequest]{
	{"5GSM capability", formatTLV, 0x28, 1, 13, func(c *coder, m *PDUSessionModificationRequest) { raw(c, &m.Capability) }},
	{"5GSM cause", formatTV, 0x59, 1, 1, func(c *coder, m *PDUSessionModificationRequest) { opt(c, &m.Cause, u8[SMCause]) }},
	{"maximum number of supported packet filters", formatTV, 0x55, 2, 2, func(c *coder, m *PDUSessionModificationRequest) { ptr(c, &m.MaxFilters, maxFilters) }},
	{"always-on PDU session requested", formatT1, 0xb0, 1, 1, func(c *coder, m *PDUSessionModificationRequest) { ptr(c, &m.AlwaysOn, nibble[uint8]) }},
	{"integrity protection maximum data rate", formatTV, 0x13, 2, 2, func(c *coder, m *PDUSessionModificationRequest) { ptr(c, &m.IntegrityRate, integrityRate) }},
	{"requested QoS rules", formatTLVE, 0x7a, 4, unbounded, func(c *coder, m *PDUSessionModificationRequest) { list(c, &m.Rules, qosRules) }},
	{"QoS flow descriptions", formatTLVE, 0x79, 3, unbounded, func(c *coder, m *PDUSessionModificationRequest) { list(c, &m.Flows, qosFlows) }},
	{"mapped EPS bearer contexts", formatTLVE, 0x75, 4, unbounded, func(c *coder, m *PDUSessionModificationRequest) { raw(c, &m.MappedEPS) }},
	{"extended protocol configuration options", formatTLVE, 0x7b, 1, unbounded, func(c *coder, m *PDUSessionModificationRequest) { list(c, &m.Options, optionsFromDevice) }},
	{"port management information container", formatTLVE, 0x74, 5, unbounded, func(c *coder, m *PDUSessionModificationRequest) { raw(c, &m.PortManagement) }},
	{"IP header compression configuration", formatTLV, 0x66, 3, 255, func(c *coder, m *PDUSessionModificationRequest) { raw(c, &m.IPHeaderCompression) }},
	{"Ethernet header compression configuration", formatTLV, 0x1f, 1, 1, func(c *coder, m *PDUSessionModificationRequest) { ptr(c, &m.EthernetHeaderCompression, u8[uint8]) }},
	{"requested MBS container", formatTLVE, 0x70, 5, unbounded, func(c *coder, m *PDUSessionModificationRequest) { raw(c, &m.MBS) }},
	{"service-level-AA container", formatTLVE, 0x72, 3, unbounded, func(c *coder, m *PDUSessionModificationRequest) { raw(c, &m.ServiceLevelAA) }},
}

func (*PDUSessionModificationRequest) Type() SMMessageType { return TypePDUSessionModificationRequest }

func (m *PDUSessionModificationRequest) code(c *coder) { code(c, m, pduSessionModificationRequestIEs) }

// PDUSessionModificationReject refuses it (TS 24.501 §8.3.8).
type PDUSessionModificationReject struct {
	Cause               SMCause
	BackOff             *time.Duration
	CongestionReattempt *uint8
	Options             []ProtocolOption
	Reattempt           *uint8
}

var pduSessionModificationRejectIEs = []ie[PDUSessionModificationReject]{
	{"5GSM cause", formatV, 0, 1, 1, func(c *coder, m *PDUSessionModificationReject) { u8(c, &m.Cause) }},
	{"back-off timer", formatTLV, 0x37, 1, 1, func(c *coder, m *PDUSessionModificationReject) { ptr(c, &m.BackOff, timer3) }},
	{"5GSM congestion re-attempt indicator", formatTLV, 0x61, 1, 1, func(c *coder, m *PDUSessionModificationReject) { ptr(c, &m.CongestionReattempt, u8[uint8]) }},
	{"extended protocol configuration options", formatTLVE, 0x7b, 1, unbounded, func(c *coder, m *PDUSessionModificationReject) { list(c, &m.Options, optionsFromNetwork) }},
	{"re-attempt indicator", formatTLV, 0x1d, 1, 1, func(c *coder, m *PDUSessionModificationReject) { ptr(c, &m.Reattempt, u8[uint8]) }},
}

func (*PDUSessionModificationReject) Type() SMMessageType { return TypePDUSessionModificationReject }

func (m *PDUSessionModificationReject) code(c *coder) { code(c, m, pduSessionModificationRejectIEs) }
