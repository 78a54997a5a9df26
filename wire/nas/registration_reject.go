package nas

import (
	"time"

	"cordon/ident"
)

// RegistrationReject refuses registration (TS 24.501 §8.2.9).
type RegistrationReject struct {
	Cause                 Cause
	T3346                 *time.Duration
	T3502                 *time.Duration
	EAP                   []byte
	RejectedNSSAI         []RejectedSNSSAI
	CAG                   []byte
	ExtendedRejectedNSSAI []byte
	DisasterReturnWait    []byte
	ExtendedCAG           []byte
	LowerBound            *time.Duration
	ForbiddenRoaming      []ident.TAI
	ForbiddenRegional     []ident.TAI
}

var registrationRejectIEs = []ie[RegistrationReject]{
	{"5GMM cause", formatV, 0, 1, 1, func(c *coder, m *RegistrationReject) { u8(c, &m.Cause) }},
	{"T3346", formatTLV, 0x5f, 1, 1, func(c *coder, m *RegistrationReject) { ptr(c, &m.T3346, timer2) }},
	{"T3502", formatTLV, 0x16, 1, 1, func(c *coder, m *RegistrationReject) { ptr(c, &m.T3502, timer2) }},
	{"EAP message", formatTLVE, 0x78, 4, 1500, func(c *coder, m *RegistrationReject) { raw(c, &m.EAP) }},
	{"rejected NSSAI", formatTLV, 0x69, 2, 40, func(c *coder, m *RegistrationReject) { list(c, &m.RejectedNSSAI, rejectedNSSAI) }},
	{"CAG information list", formatTLVE, 0x75, 0, unbounded, func(c *coder, m *RegistrationReject) { raw(c, &m.CAG) }},
	{"extended rejected NSSAI", formatTLV, 0x68, 3, 88, func(c *coder, m *RegistrationReject) { raw(c, &m.ExtendedRejectedNSSAI) }},
	{"disaster return wait range", formatTLV, 0x2c, 2, 2, func(c *coder, m *RegistrationReject) { raw(c, &m.DisasterReturnWait) }},
	{"extended CAG information list", formatTLVE, 0x71, 0, unbounded, func(c *coder, m *RegistrationReject) { raw(c, &m.ExtendedCAG) }},
	{"lower bound timer value", formatTLV, 0x3a, 1, 1, func(c *coder, m *RegistrationReject) { ptr(c, &m.LowerBound, timer3) }},
	{"forbidden TAIs for roaming", formatTLV, 0x1d, 7, 112, func(c *coder, m *RegistrationReject) { list(c, &m.ForbiddenRoaming, taiList) }},
	{"forbidden TAIs for regional provision of service", formatTLV, 0x1e, 7, 112, func(c *coder, m *RegistrationReject) { list(c, &m.ForbiddenRegional, taiList) }},
}

func (*RegistrationReject) Type() MessageType { return TypeRegistrationReject }

func (m *RegistrationReject) code(c *coder) { code(c, m, registrationRejectIEs) }
