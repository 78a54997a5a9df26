package nas

import (
	"time"

	"cordon/ident"
)

// ServiceAccept grants a service request (TS 24.501 §8.2.17).
type ServiceAccept struct {
	SessionStatus      *PDUSessions
	Reactivation       *PDUSessions
	ReactivationErrors []ReactivationError
	EAP                []byte
	T3448              *time.Duration
	AdditionalResult   *uint8
	ForbiddenRoaming   []ident.TAI
	ForbiddenRegional  []ident.TAI
}

var serviceAcceptIEs = []ie[ServiceAccept]{
	{"PDU session status", formatTLV, 0x50, 2, 32, func(c *coder, m *ServiceAccept) { ptr(c, &m.SessionStatus, pduSessions) }},
	{"PDU session reactivation result", formatTLV, 0x26, 2, 32, func(c *coder, m *ServiceAccept) { ptr(c, &m.Reactivation, pduSessions) }},
	{"PDU session reactivation result error cause", formatTLVE, 0x72, 2, 512, func(c *coder, m *ServiceAccept) { list(c, &m.ReactivationErrors, reactivationErrors) }},
	{"EAP message", formatTLVE, 0x78, 4, 1500, func(c *coder, m *ServiceAccept) { raw(c, &m.EAP) }},
	{"T3448", formatTLV, 0x6b, 1, 1, func(c *coder, m *ServiceAccept) { ptr(c, &m.T3448, timer2) }},
	{"5GS additional request result", formatTLV, 0x34, 1, 1, func(c *coder, m *ServiceAccept) { ptr(c, &m.AdditionalResult, u8[uint8]) }},
	{"forbidden TAIs for roaming", formatTLV, 0x1d, 7, 112, func(c *coder, m *ServiceAccept) { list(c, &m.ForbiddenRoaming, taiList) }},
	{"forbidden TAIs for regional provision of service", formatTLV, 0x1e, 7, 112, func(c *coder, m *ServiceAccept) { list(c, &m.ForbiddenRegional, taiList) }},
}

func (*ServiceAccept) Type() MessageType { return TypeServiceAccept }

func (m *ServiceAccept) code(c *coder) { code(c, m, serviceAcceptIEs) }
