package nas

import (
	"time"

	"cordon/ident"
)

// ServiceReject refuses a service request (TS 24.501 §8.2.18).
type ServiceReject struct {
	Cause              Cause
	SessionStatus      *PDUSessions
	T3346              *time.Duration
	EAP                []byte
	T3448              *time.Duration
	CAG                []byte
	DisasterReturnWait []byte
	ExtendedCAG        []byte
	LowerBound         *time.Duration
	ForbiddenRoaming   []ident.TAI
	ForbiddenRegional  []ident.TAI
}

var serviceRejectIEs = []ie[ServiceReject]{
	{"5GMM cause", formatV, 0, 1, 1, func(c *coder, m *ServiceReject) { u8(c, &m.Cause) }},
	{"PDU session status", formatTLV, 0x50, 2, 32, func(c *coder, m *ServiceReject) { ptr(c, &m.SessionStatus, pduSessions) }},
	{"T3346", formatTLV, 0x5f, 1, 1, func(c *coder, m *ServiceReject) { ptr(c, &m.T3346, timer2) }},
	{"EAP message", formatTLVE, 0x78, 4, 1500, func(c *coder, m *ServiceReject) { raw(c, &m.EAP) }},
	{"T3448", formatTLV, 0x6b, 1, 1, func(c *coder, m *ServiceReject) { ptr(c, &m.T3448, timer2) }},
	{"CAG information list", formatTLVE, 0x75, 0, unbounded, func(c *coder, m *ServiceReject) { raw(c, &m.CAG) }},
	{"disaster return wait range", formatTLV, 0x2c, 2, 2, func(c *coder, m *ServiceReject) { raw(c, &m.DisasterReturnWait) }},
	{"extended CAG information list", formatTLVE, 0x71, 0, unbounded, func(c *coder, m *ServiceReject) { raw(c, &m.ExtendedCAG) }},
	{"lower bound timer value", formatTLV, 0x3a, 1, 1, func(c *coder, m *ServiceReject) { ptr(c, &m.LowerBound, timer3) }},
	{"forbidden TAIs for roaming", formatTLV, 0x1d, 7, 112, func(c *coder, m *ServiceReject) { list(c, &m.ForbiddenRoaming, taiList) }},
	{"forbidden TAIs for regional provision of service", formatTLV, 0x1e, 7, 112, func(c *coder, m *ServiceReject) { list(c, &m.ForbiddenRegional, taiList) }},
}

func (*ServiceReject) Type() MessageType { return TypeServiceReject }

func (m *ServiceReject) code(c *coder) { code(c, m, serviceRejectIEs) }
