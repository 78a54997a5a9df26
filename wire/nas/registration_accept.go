package nas

import (
	"time"

	"cordon/ident"
)

// RegistrationAccept grants registration (TS 24.501 §8.2.7).
type RegistrationAccept struct {
	Result                   RegistrationResult
	GUTI                     *ident.GUTI
	EquivalentPLMNs          []ident.PLMN
	TAIs                     []ident.TAI
	AllowedNSSAI             []ident.SNSSAI
	RejectedNSSAI            []RejectedSNSSAI
	ConfiguredNSSAI          []ident.SNSSAI
	Features                 []byte
	SessionStatus            *PDUSessions
	Reactivation             *PDUSessions
	ReactivationErrors       []ReactivationError
	LADNs                    []LADN
	MICO                     *uint8
	Slicing                  *uint8
	ServiceAreas             *ServiceAreas
	T3512                    *time.Duration
	Non3GPPDeregistration    *time.Duration
	T3502                    *time.Duration
	EmergencyNumbers         []byte
	ExtendedEmergencyNumbers []byte
	SOR                      []byte
	EAP                      []byte
	NSSAIInclusion           *uint8
	AccessCategories         []byte
	DRX                      *uint8
	Non3GPPPolicies          *uint8
	EPSBearers               *uint16
	ExtendedDRX              []byte
	T3447                    *time.Duration
	T3448                    *time.Duration
	T3324                    *time.Duration
	RadioCapabilityID        []byte
	RadioCapabilityDeletion  *uint8
	PendingNSSAI             []ident.SNSSAI
	CipheringKeys            []byte
	CAG                      []byte
	TruncatedSTMSI           *uint8
	WUSAssistance            []byte
	NBN1DRX                  *uint8
	ExtendedRejectedNSSAI    []byte
	ServiceLevelAA           []byte
	PEIPSAssistance          []byte
	AdditionalResult         *uint8
	NSSRG                    []byte
	DisasterRoamingWait      []byte
	DisasterReturnWait       []byte
	DisasterPLMNs            []ident.PLMN
	ForbiddenRoaming         []ident.TAI
	ForbiddenRegional        []ident.TAI
	ExtendedCAG              []byte
	NSAG                     []byte
}

var registrationAcceptIEs = []ie[RegistrationAccept]{
	{"5GS registration result", formatLV, 0, 1, 1, func(c *coder, m *RegistrationAccept) { u8(c, &m.Result) }},
	{"5G-GUTI", formatTLVE, 0x77, 11, 11, func(c *coder, m *RegistrationAccept) { ptr(c, &m.GUTI, optionalGUTI) }},
	{"equivalent PLMNs", formatTLV, 0x4a, 3, 45, func(c *coder, m *RegistrationAccept) { list(c, &m.EquivalentPLMNs, plmns) }},
	{"TAI list", formatTLV, 0x54, 7, 112, func(c *coder, m *RegistrationAccept) { list(c, &m.TAIs, taiList) }},
	{"allowed NSSAI", formatTLV, 0x15, 2, 72, func(c *coder, m *RegistrationAccept) { list(c, &m.AllowedNSSAI, nssai) }},
	{"rejected NSSAI", formatTLV, 0x11, 2, 40, func(c *coder, m *RegistrationAccept) { list(c, &m.RejectedNSSAI, rejectedNSSAI) }},
	{"configured NSSAI", formatTLV, 0x31, 2, 144, func(c *coder, m *RegistrationAccept) { list(c, &m.ConfiguredNSSAI, nssai) }},
	{"5GS network feature support", formatTLV, 0x21, 1, 3, func(c *coder, m *RegistrationAccept) { raw(c, &m.Features) }},
	{"PDU session status", formatTLV, 0x50, 2, 32, func(c *coder, m *RegistrationAccept) { ptr(c, &m.SessionStatus, pduSessions) }},
	{"PDU session reactivation result", formatTLV, 0x26, 2, 32, func(c *coder, m *RegistrationAccept) { ptr(c, &m.Reactivation, pduSessions) }},
	{"PDU session reactivation result error cause", formatTLVE, 0x72, 2, 512, func(c *coder, m *RegistrationAccept) { list(c, &m.ReactivationErrors, reactivationErrors) }},
	{"LADN information", formatTLVE, 0x79, 0, 1712, func(c *coder, m *RegistrationAccept) { list(c, &m.LADNs, ladns) }},
	{"MICO indication", formatT1, 0xb0, 1, 1, func(c *coder, m *RegistrationAccept) { ptr(c, &m.MICO, nibble[uint8]) }},
	{"network slicing indication", formatT1, 0x90, 1, 1, func(c *coder, m *RegistrationAccept) { ptr(c, &m.Slicing, nibble[uint8]) }},
	{"service area list", formatTLV, 0x27, 4, 112, func(c *coder, m *RegistrationAccept) { ptr(c, &m.ServiceAreas, serviceAreas) }},
	{"T3512", formatTLV, 0x5e, 1, 1, func(c *coder, m *RegistrationAccept) { ptr(c, &m.T3512, timer3) }},
	{"non-3GPP de-registration timer", formatTLV, 0x5d, 1, 1, func(c *coder, m *RegistrationAccept) { ptr(c, &m.Non3GPPDeregistration, timer2) }},
	{"T3502", formatTLV, 0x16, 1, 1, func(c *coder, m *RegistrationAccept) { ptr(c, &m.T3502, timer2) }},
	{"emergency number list", formatTLV, 0x34, 3, 48, func(c *coder, m *RegistrationAccept) { raw(c, &m.EmergencyNumbers) }},
	{"extended emergency number list", formatTLVE, 0x7a, 4, unbounded, func(c *coder, m *RegistrationAccept) { raw(c, &m.ExtendedEmergencyNumbers) }},
	{"SOR transparent container", formatTLVE, 0x73, 17, unbounded, func(c *coder, m *RegistrationAccept) { raw(c, &m.SOR) }},
	{"EAP message", formatTLVE, 0x78, 4, 1500, func(c *coder, m *RegistrationAccept) { raw(c, &m.EAP) }},
	{"NSSAI inclusion mode", formatT1, 0xa0, 1, 1, func(c *coder, m *RegistrationAccept) { ptr(c, &m.NSSAIInclusion, nibble[uint8]) }},
	{"operator-defined access category definitions", formatTLVE, 0x76, 0, 8320, func(c *coder, m *RegistrationAccept) { raw(c, &m.AccessCategories) }},
	{"negotiated DRX parameters", formatTLV, 0x51, 1, 1, func(c *coder, m *RegistrationAccept) { ptr(c, &m.DRX, u8[uint8]) }},
	{"non-3GPP NW policies", formatT1, 0xd0, 1, 1, func(c *coder, m *RegistrationAccept) { ptr(c, &m.Non3GPPPolicies, nibble[uint8]) }},
	{"EPS bearer context status", formatTLV, 0x60, 2, 2, func(c *coder, m *RegistrationAccept) { ptr(c, &m.EPSBearers, u16[uint16]) }},
	{"negotiated extended DRX parameters", formatTLV, 0x6e, 1, 2, func(c *coder, m *RegistrationAccept) { raw(c, &m.ExtendedDRX) }},
	{"T3447", formatTLV, 0x6c, 1, 1, func(c *coder, m *RegistrationAccept) { ptr(c, &m.T3447, timer3) }},
	{"T3448", formatTLV, 0x6b, 1, 1, func(c *coder, m *RegistrationAccept) { ptr(c, &m.T3448, timer2) }},
	{"T3324", formatTLV, 0x6a, 1, 1, func(c *coder, m *RegistrationAccept) { ptr(c, &m.T3324, timer3) }},
	{"UE radio capability ID", formatTLV, 0x67, 1, 255, func(c *coder, m *RegistrationAccept) { raw(c, &m.RadioCapabilityID) }},
	{"UE radio capability ID deletion indication", formatT1, 0xe0, 1, 1, func(c *coder, m *RegistrationAccept) { ptr(c, &m.RadioCapabilityDeletion, nibble[uint8]) }},
	{"pending NSSAI", formatTLV, 0x39, 2, 144, func(c *coder, m *RegistrationAccept) { list(c, &m.PendingNSSAI, nssai) }},
	{"ciphering key data", formatTLVE, 0x74, 31, unbounded, func(c *coder, m *RegistrationAccept) { raw(c, &m.CipheringKeys) }},
	{"CAG information list", formatTLVE, 0x75, 0, unbounded, func(c *coder, m *RegistrationAccept) { raw(c, &m.CAG) }},
	{"truncated 5G-S-TMSI configuration", formatTLV, 0x1b, 1, 1, func(c *coder, m *RegistrationAccept) { ptr(c, &m.TruncatedSTMSI, u8[uint8]) }},
	{"negotiated WUS assistance information", formatTLV, 0x1c, 1, 255, func(c *coder, m *RegistrationAccept) { raw(c, &m.WUSAssistance) }},
	{"negotiated NB-N1 mode DRX parameters", formatTLV, 0x29, 1, 1, func(c *coder, m *RegistrationAccept) { ptr(c, &m.NBN1DRX, u8[uint8]) }},
	{"extended rejected NSSAI", formatTLV, 0x68, 3, 88, func(c *coder, m *RegistrationAccept) { raw(c, &m.ExtendedRejectedNSSAI) }},
	{"service-level-AA container", formatTLVE, 0x7b, 3, unbounded, func(c *coder, m *RegistrationAccept) { raw(c, &m.ServiceLevelAA) }},
	{"negotiated PEIPS assistance information", formatTLV, 0x33, 1, 255, func(c *coder, m *RegistrationAccept) { raw(c, &m.PEIPSAssistance) }},
	{"5GS additional request result", formatTLV, 0x35, 1, 1, func(c *coder, m *RegistrationAccept) { ptr(c, &m.AdditionalResult, u8[uint8]) }},
	{"NSSRG information", formatTLVE, 0x70, 4, 4096, func(c *coder, m *RegistrationAccept) { raw(c, &m.NSSRG) }},
	{"disaster roaming wait range", formatTLV, 0x14, 2, 2, func(c *coder, m *RegistrationAccept) { raw(c, &m.DisasterRoamingWait) }},
	{"disaster return wait range", formatTLV, 0x2c, 2, 2, func(c *coder, m *RegistrationAccept) { raw(c, &m.DisasterReturnWait) }},
	{"PLMNs to be used in disaster condition", formatTLV, 0x13, 0, 255, func(c *coder, m *RegistrationAccept) { list(c, &m.DisasterPLMNs, plmns) }},
	{"forbidden TAIs for roaming", formatTLV, 0x1d, 7, 112, func(c *coder, m *RegistrationAccept) { list(c, &m.ForbiddenRoaming, taiList) }},
	{"forbidden TAIs for regional provision of service", formatTLV, 0x1e, 7, 112, func(c *coder, m *RegistrationAccept) { list(c, &m.ForbiddenRegional, taiList) }},
	{"extended CAG information list", formatTLVE, 0x71, 0, unbounded, func(c *coder, m *RegistrationAccept) { raw(c, &m.ExtendedCAG) }},
	{"NSAG information", formatTLVE, 0x7c, 6, 3140, func(c *coder, m *RegistrationAccept) { raw(c, &m.NSAG) }},
}

func (*RegistrationAccept) Type() MessageType { return TypeRegistrationAccept }

func (m *RegistrationAccept) code(c *coder) { code(c, m, registrationAcceptIEs) }
