package nas

import "cordon/ident"

// ServiceRequest asks for a connection, with the user plane of sessions if it says so
// (TS 24.501 §8.2.16).
type ServiceRequest struct {
	KSI               KSI
	Service           ServiceType
	STMSI             ident.STMSI
	UplinkData        *PDUSessions
	SessionStatus     *PDUSessions
	AllowedSessions   *PDUSessions
	Container         []byte
	RequestType       *uint8
	PagingRestriction []byte
}

var serviceRequestIEs = []ie[ServiceRequest]{
	{"ngKSI and service type", formatV | inClear, 0, 1, 1, func(c *coder, m *ServiceRequest) { halves(c, &m.KSI, &m.Service) }},
	{"5G-S-TMSI", formatLVE | inClear, 0, 7, 7, func(c *coder, m *ServiceRequest) { optionalSTMSI(c, &m.STMSI) }},
	{"uplink data status", formatTLV, 0x40, 2, 32, func(c *coder, m *ServiceRequest) { ptr(c, &m.UplinkData, pduSessions) }},
	{"PDU session status", formatTLV, 0x50, 2, 32, func(c *coder, m *ServiceRequest) { ptr(c, &m.SessionStatus, pduSessions) }},
	{"allowed PDU session status", formatTLV, 0x25, 2, 32, func(c *coder, m *ServiceRequest) { ptr(c, &m.AllowedSessions, pduSessions) }},
	{"NAS message container", formatTLVE, 0x71, 1, unbounded, func(c *coder, m *ServiceRequest) { raw(c, &m.Container) }},
	{"UE request type", formatTLV, 0x29, 1, 1, func(c *coder, m *ServiceRequest) { ptr(c, &m.RequestType, u8[uint8]) }},
	{"paging restriction", formatTLV, 0x28, 1, 3, func(c *coder, m *ServiceRequest) { raw(c, &m.PagingRestriction) }},
}

func (*ServiceRequest) Type() MessageType { return TypeServiceRequest }

func (m *ServiceRequest) code(c *coder) { code(c, m, serviceRequestIEs) }
