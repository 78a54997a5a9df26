package nas

import "cordon/ident"

// SecurityModeCommand takes a security context into use (TS 24.501 §8.2.25).
type SecurityModeCommand struct {
	Integrity     uint8 // 5G-IA
	Ciphering     uint8 // 5G-EA
	KSI           KSI
	Replayed      UESecurityCapability
	IMEISVRequest *uint8
	EPSAlgorithms *uint8
	Additional    *AdditionalSecurity
	EAP           []byte
	ABBA          []byte
	ReplayedS1    []byte
}

var securityModeCommandIEs = []ie[SecurityModeCommand]{
	{"selected NAS security algorithms", formatV, 0, 1, 1, func(c *coder, m *SecurityModeCommand) { halves(c, &m.Integrity, &m.Ciphering) }},
	{"ngKSI", formatV, 0, 1, 1, func(c *coder, m *SecurityModeCommand) { half(c, &m.KSI) }},
	{"replayed UE security capabilities", formatLV, 0, 2, 8, func(c *coder, m *SecurityModeCommand) { securityCapability(c, &m.Replayed) }},
	{"IMEISV request", formatT1, 0xe0, 1, 1, func(c *coder, m *SecurityModeCommand) { ptr(c, &m.IMEISVRequest, nibble[uint8]) }},
	{"selected EPS NAS security algorithms", formatTV, 0x57, 1, 1, func(c *coder, m *SecurityModeCommand) { ptr(c, &m.EPSAlgorithms, u8[uint8]) }},
	{"additional 5G security information", formatTLV, 0x36, 1, 1, func(c *coder, m *SecurityModeCommand) { ptr(c, &m.Additional, u8[AdditionalSecurity]) }},
	{"EAP message", formatTLVE, 0x78, 4, 1500, func(c *coder, m *SecurityModeCommand) { raw(c, &m.EAP) }},
	{"ABBA", formatTLV, 0x38, 2, 255, func(c *coder, m *SecurityModeCommand) { raw(c, &m.ABBA) }},
	{"replayed S1 UE security capabilities", formatTLV, 0x19, 2, 5, func(c *coder, m *SecurityModeCommand) { raw(c, &m.ReplayedS1) }},
}

func (*SecurityModeCommand) Type() MessageType { return TypeSecurityModeCommand }

func (m *SecurityModeCommand) code(c *coder) { code(c, m, securityModeCommandIEs) }

// SecurityModeComplete is the first message under the new context (TS 24.501 §8.2.26).
type SecurityModeComplete struct {
	IMEISV    *ident.IMEISV
	Container []byte
	PEI       []byte
}

var securityModeCompleteIEs = []ie[SecurityModeComplete]{
	{"IMEISV", formatTLVE, 0x77, 9, 9, func(c *coder, m *SecurityModeComplete) { ptr(c, &m.IMEISV, optionalIMEISV) }},
	{"NAS message container", formatTLVE, 0x71, 1, unbounded, func(c *coder, m *SecurityModeComplete) { raw(c, &m.Container) }},
	{"non-IMEISV PEI", formatTLVE, 0x78, 4, unbounded, func(c *coder, m *SecurityModeComplete) { raw(c, &m.PEI) }},
}

func (*SecurityModeComplete) Type() MessageType { return TypeSecurityModeComplete }

func (m *SecurityModeComplete) code(c *coder) { code(c, m, securityModeCompleteIEs) }

// SecurityModeReject refuses the command (TS 24.501 §8.2.27).
type SecurityModeReject struct {
	Cause Cause
}

var securityModeRejectIEs = []ie[SecurityModeReject]{
	{"5GMM cause", formatV, 0, 1, 1, func(c *coder, m *SecurityModeReject) { u8(c, &m.Cause) }},
}

func (*SecurityModeReject) Type() MessageType { return TypeSecurityModeReject }

func (m *SecurityModeReject) code(c *coder) { code(c, m, securityModeRejectIEs) }
