package nas

import (
	"time"

	"cordon/ident"
)

// DeregistrationRequestNetwork ends a registration from the network's side
// (TS 24.501 §8.2.14).
type DeregistrationRequestNetwork struct {
	Kind                  DeregistrationType
	Cause                 Cause
	T3346                 *time.Duration
	RejectedNSSAI         []RejectedSNSSAI
	CAG                   []byte
	ExtendedRejectedNSSAI []byte
	DisasterReturnWait    []byte
	ExtendedCAG           []byte
	LowerBound            *time.Duration
	ForbiddenRoaming      []ident.TAI
	ForbiddenRegional     []ident.TAI
}

var deregistrationRequestNetworkIEs = []ie[DeregistrationRequestNetwork]{
	{"de-registration type", formatV, 0, 1, 1, func(c *coder, m *DeregistrationRequestNetwork) { half(c, &m.Kind) }},
	{"5GMM cause", formatTV, 0x58, 1, 1, func(c *coder, m *DeregistrationRequestNetwork) { opt(c, &m.Cause, u8[Cause]) }},
	{"T3346", formatTLV, 0x5f, 1, 1, func(c *coder, m *DeregistrationRequestNetwork) { ptr(c, &m.T3346, timer2) }},
	{"rejected NSSAI", formatTLV, 0x6d, 2, 40, func(c *coder, m *DeregistrationRequestNetwork) { list(c, &m.RejectedNSSAI, rejectedNSSAI) }},
	{"CAG information list", formatTLVE, 0x75, 0, unbounded, func(c *coder, m *DeregistrationRequestNetwork) { raw(c, &m.CAG) }},
	{"extended rejected NSSAI", formatTLV, 0x68, 3, 88, func(c *coder, m *DeregistrationRequestNetwork) { raw(c, &m.ExtendedRejectedNSSAI) }},
	{"disaster return wait range", formatTLV, 0x2c, 2, 2, func(c *coder, m *DeregistrationRequestNetwork) { raw(c, &m.DisasterReturnWait) }},
	{"extended CAG information list", formatTLVE, 0x71, 0, unbounded, func(c *coder, m *DeregistrationRequestNetwork) { raw(c, &m.ExtendedCAG) }},
	{"lower bound timer value", formatTLV, 0x3a, 1, 1, func(c *coder, m *DeregistrationRequestNetwork) { ptr(c, &m.LowerBound, timer3) }},
	{"forbidden TAIs for roaming", formatTLV, 0x1d, 7, 112, func(c *coder, m *DeregistrationRequestNetwork) { list(c, &m.ForbiddenRoaming, taiList) }},
	{"forbidden TAIs for regional provision of service", formatTLV, 0x1e, 7, 112, func(c *coder, m *DeregistrationRequestNetwork) { list(c, &m.ForbiddenRegional, taiList) }},
}

func (*DeregistrationRequestNetwork) Type() MessageType { return TypeDeregistrationRequestNetwork }

func (m *DeregistrationRequestNetwork) code(c *coder) { code(c, m, deregistrationRequestNetworkIEs) }

// DeregistrationAcceptNetwork is the device's answer (TS 24.501 §8.2.15).
type DeregistrationAcceptNetwork struct {
}

func (*DeregistrationAcceptNetwork) Type() MessageType { return TypeDeregistrationAcceptNetwork }

func (m *DeregistrationAcceptNetwork) code(c *coder) { code(c, m, []ie[DeregistrationAcceptNetwork]{}) }
