package nas

import "cordon/ident"

// ControlPlaneServiceRequest asks for a connection that carries data in signalling
// (TS 24.501 §8.2.30).
type ControlPlaneServiceRequest struct {
	Service               uint8 // 0 mobile originating, 1 mobile terminating, 2 emergency
	KSI                   KSI
	SmallData             []byte
	PayloadType           PayloadType
	Payload               []byte
	Session               ident.PDUSessionID
	SessionStatus         *PDUSessions
	ReleaseAssistance     *uint8
	UplinkData            *PDUSessions
	Container             []byte
	AdditionalInformation []byte
	AllowedSessions       *PDUSessions
	RequestType           *uint8
	PagingRestriction     []byte
}

var controlPlaneServiceRequestIEs = []ie[ControlPlaneServiceRequest]{
	{"control plane service type and ngKSI", formatV | inClear, 0, 1, 1, func(c *coder, m *ControlPlaneServiceRequest) { halves(c, &m.Service, &m.KSI) }},
	{"CIoT small data container", formatTLV, 0x6f, 2, 255, func(c *coder, m *ControlPlaneServiceRequest) { raw(c, &m.SmallData) }},
	{"payload container type", formatT1, 0x80, 1, 1, func(c *coder, m *ControlPlaneServiceRequest) { opt(c, &m.PayloadType, nibble[PayloadType]) }},
	{"payload container", formatTLVE, 0x7b, 1, unbounded, func(c *coder, m *ControlPlaneServiceRequest) { raw(c, &m.Payload) }},
	{"PDU session ID", formatTV, 0x12, 1, 1, func(c *coder, m *ControlPlaneServiceRequest) { opt(c, &m.Session, u8[ident.PDUSessionID]) }},
	{"PDU session status", formatTLV, 0x50, 2, 32, func(c *coder, m *ControlPlaneServiceRequest) { ptr(c, &m.SessionStatus, pduSessions) }},
	{"release assistance indication", formatT1, 0xf0, 1, 1, func(c *coder, m *ControlPlaneServiceRequest) { ptr(c, &m.ReleaseAssistance, nibble[uint8]) }},
	{"uplink data status", formatTLV, 0x40, 2, 32, func(c *coder, m *ControlPlaneServiceRequest) { ptr(c, &m.UplinkData, pduSessions) }},
	{"NAS message container", formatTLVE, 0x71, 1, unbounded, func(c *coder, m *ControlPlaneServiceRequest) { raw(c, &m.Container) }},
	{"additional information", formatTLV, 0x24, 1, 255, func(c *coder, m *ControlPlaneServiceRequest) { raw(c, &m.AdditionalInformation) }},
	{"allowed PDU session status", formatTLV, 0x25, 2, 32, func(c *coder, m *ControlPlaneServiceRequest) { ptr(c, &m.AllowedSessions, pduSessions) }},
	{"UE request type", formatTLV, 0x29, 1, 1, func(c *coder, m *ControlPlaneServiceRequest) { ptr(c, &m.RequestType, u8[uint8]) }},
	{"paging restriction", formatTLV, 0x28, 1, 3, func(c *coder, m *ControlPlaneServiceRequest) { raw(c, &m.PagingRestriction) }},
}

func (*ControlPlaneServiceRequest) Type() MessageType { return TypeControlPlaneServiceRequest }

func (m *ControlPlaneServiceRequest) code(c *coder) { code(c, m, controlPlaneServiceRequestIEs) }
