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
	{name: "ngKSI and service type", format: formatV, iei: 0, min: 1, max: 1, code: func(c *coder, m *ServiceRequest) { halves(c, &m.KSI, &m.Service) }, clear: true},
	{name: "5G-S-TMSI", format: formatLVE, iei: 0, min: 7, max: 7, code: func(c *coder, m *ServiceRequest) { optionalSTMSI(c, &m.STMSI) }, clear: true},
	{"uplink data status", formatTLV, 0x40, 2, 32, func(c *coder, m *ServiceRequest) { ptr(c, &m.UplinkData, pduSessions) }, false},
	{"PDU session status", formatTLV, 0x50, 2, 32, func(c *coder, m *ServiceRequest) { ptr(c, &m.SessionStatus, pduSessions) }, false},
	{"allowed PDU session status", formatTLV, 0x25, 2, 32, func(c *coder, m *ServiceRequest) { ptr(c, &m.AllowedSessions, pduSessions) }, false},
	{"NAS message container", formatTLVE, 0x71, 1, unbounded, func(c *coder, m *ServiceRequest) { raw(c, &m.Container) }, false},
	{"UE request type", formatTLV, 0x29, 1, 1, func(c *coder, m *ServiceRequest) { ptr(c, &m.RequestType, u8[uint8]) }, false},
	{"paging restriction", formatTLV, 0x28, 1, 3, func(c *coder, m *ServiceRequest) { raw(c, &m.PagingRestriction) }, false},
}

func (*ServiceRequest) Type() MessageType { return TypeServiceRequest }

func (m *ServiceRequest) code(c *coder) { code(c, m, serviceRequestIEs) }
