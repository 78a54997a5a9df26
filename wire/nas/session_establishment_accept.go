package nas

import (
	"time"

	"cordon/ident"
)

// PDUSessionEstablishmentAccept grants a session (TS 24.501 §8.3.2).
type PDUSessionEstablishmentAccept struct {
	SessionType               PDUSessionType
	SSC                       SSCMode
	Rules                     []QoSRule
	AMBR                      AMBR
	Cause                     SMCause
	Address                   *PDUAddress
	RQTimer                   *time.Duration
	Slice                     *ident.SNSSAI
	AlwaysOn                  *uint8
	MappedEPS                 []byte
	EAP                       []byte
	Flows                     []QoSFlow
	Options                   []ProtocolOption
	DNN                       ident.DNN
	Features                  []byte
	RateControl               *uint16
	ATSSS                     []byte
	ControlPlaneOnly          *uint8
	IPHeaderCompression       []byte
	EthernetHeaderCompression *uint8
	ServiceLevelAA            []byte
	MBS                       []byte
}

var pduSessionEstablishmentAcceptIEs = []ie[PDUSessionEstablishmentAccept]{
	{"selected PDU session type and SSC mode", formatV, 0, 1, 1, func(c *coder, m *PDUSessionEstablishmentAccept) { halves(c, &m.SessionType, &m.SSC) }},
	{"authorized QoS rules", formatLVE, 0, 4, unbounded, func(c *coder, m *PDUSessionEstablishmentAccept) { qosRules(c, &m.Rules) }},
	{"session AMBR", formatLV, 0, 6, 6, func(c *coder, m *PDUSessionEstablishmentAccept) { ambr(c, &m.AMBR) }},
	{"5GSM cause", formatTV, 0x59, 1, 1, func(c *coder, m *PDUSessionEstablishmentAccept) { opt(c, &m.Cause, u8[SMCause]) }},
	{"PDU address", formatTLV, 0x29, 5, 29, func(c *coder, m *PDUSessionEstablishmentAccept) { ptr(c, &m.Address, pduAddress) }},
	{"RQ timer", formatTV, 0x56, 1, 1, func(c *coder, m *PDUSessionEstablishmentAccept) { ptr(c, &m.RQTimer, timer2) }},
	{"S-NSSAI", formatTLV, 0x22, 1, 8, func(c *coder, m *PDUSessionEstablishmentAccept) { ptr(c, &m.Slice, snssai) }},
	{"always-on PDU session indication", formatT1, 0x80, 1, 1, func(c *coder, m *PDUSessionEstablishmentAccept) { ptr(c, &m.AlwaysOn, nibble[uint8]) }},
	{"mapped EPS bearer contexts", formatTLVE, 0x75, 4, unbounded, func(c *coder, m *PDUSessionEstablishmentAccept) { raw(c, &m.MappedEPS) }},
	{"EAP message", formatTLVE, 0x78, 4, 1500, func(c *coder, m *PDUSessionEstablishmentAccept) { raw(c, &m.EAP) }},
	{"QoS flow descriptions", formatTLVE, 0x79, 3, unbounded, func(c *coder, m *PDUSessionEstablishmentAccept) { list(c, &m.Flows, qosFlows) }},
	{"extended protocol configuration options", formatTLVE, 0x7b, 1, unbounded, func(c *coder, m *PDUSessionEstablishmentAccept) { list(c, &m.Options, optionsFromNetwork) }},
	{"DNN", formatTLV, 0x25, 1, 100, func(c *coder, m *PDUSessionEstablishmentAccept) { opt(c, &m.DNN, dnn) }},
	{"5GSM network feature support", formatTLV, 0x17, 1, 13, func(c *coder, m *PDUSessionEstablishmentAccept) { raw(c, &m.Features) }},
	{"serving PLMN rate control", formatTLV, 0x18, 2, 2, func(c *coder, m *PDUSessionEstablishmentAccept) { ptr(c, &m.RateControl, u16[uint16]) }},
	{"ATSSS container", formatTLVE, 0x77, 0, unbounded, func(c *coder, m *PDUSessionEstablishmentAccept) { raw(c, &m.ATSSS) }},
	{"control plane only indication", formatT1, 0xc0, 1, 1, func(c *coder, m *PDUSessionEstablishmentAccept) { ptr(c, &m.ControlPlaneOnly, nibble[uint8]) }},
	{"IP header compression configuration", formatTLV, 0x66, 3, 255, func(c *coder, m *PDUSessionEstablishmentAccept) { raw(c, &m.IPHeaderCompression) }},
	{"Ethernet header compression configuration", formatTLV, 0x1f, 1, 1, func(c *coder, m *PDUSessionEstablishmentAccept) { ptr(c, &m.EthernetHeaderCompression, u8[uint8]) }},
	{"service-level-AA container", formatTLVE, 0x72, 3, unbounded, func(c *coder, m *PDUSessionEstablishmentAccept) { raw(c, &m.ServiceLevelAA) }},
	{"received MBS container", formatTLVE, 0x71, 6, unbounded, func(c *coder, m *PDUSessionEstablishmentAccept) { raw(c, &m.MBS) }},
}

func (*PDUSessionEstablishmentAccept) Type() SMMessageType { return TypePDUSessionEstablishmentAccept }

func (m *PDUSessionEstablishmentAccept) code(c *coder) { code(c, m, pduSessionEstablishmentAcceptIEs) }
