package nas

import (
	"time"

	"cordon/ident"
)

// RegistrationRequest asks for registration, initially, after movement or periodically
// (TS 24.501 §8.2.6).
type RegistrationRequest struct {
	Kind                  RegistrationType
	FollowOn              bool // a request will follow
	KSI                   KSI
	Identity              MobileIdentity
	NonCurrentKSI         *KSI
	MMCapability          []byte
	Security              UESecurityCapability
	RequestedNSSAI        []ident.SNSSAI
	LastTAI               *ident.TAI
	S1Capability          []byte
	UplinkData            *PDUSessions
	SessionStatus         *PDUSessions
	MICO                  *uint8
	Status                *UEStatus
	AdditionalGUTI        *ident.GUTI
	AllowedSessions       *PDUSessions
	UsageSetting          *uint8
	DRX                   *uint8
	EPSContainer          []byte
	LADNs                 []byte
	PayloadType           PayloadType
	Payload               []byte
	Slicing               *uint8
	Update                *UpdateType
	Classmark2            []byte
	Codecs                []byte
	Container             []byte
	EPSBearers            *uint16
	ExtendedDRX           []byte
	T3324                 *time.Duration
	RadioCapabilityID     []byte
	MappedNSSAI           []ident.SNSSAI
	AdditionalInformation *uint8
	WUSAssistance         []byte
	N5GC                  *uint8
	NBN1DRX               *uint8
	RequestType           *uint8
	PagingRestriction     []byte
	ServiceLevelAA        []byte
	NID                   []byte
	DisasterPLMN          *ident.PLMN
	PEIPSAssistance       []byte
	RequestedT3512        *time.Duration
}

var registrationRequestIEs = []ie[RegistrationRequest]{
	{name: "registration type and ngKSI", format: formatV, iei: 0, min: 1, max: 1, code: func(c *coder, m *RegistrationRequest) { registrationType(c, m) }, clear: true},
	{name: "5GS mobile identity", format: formatLVE, iei: 0, min: 1, max: unbounded, code: func(c *coder, m *RegistrationRequest) { mobileIdentity(c, &m.Identity) }, clear: true},
	{"non-current native ngKSI", formatT1, 0xc0, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.NonCurrentKSI, nibble[KSI]) }, false},
	{"5GMM capability", formatTLV, 0x10, 1, 13, func(c *coder, m *RegistrationRequest) { raw(c, &m.MMCapability) }, false},
	{name: "UE security capability", format: formatTLV, iei: 0x2e, min: 2, max: 8, code: func(c *coder, m *RegistrationRequest) { opt(c, &m.Security, securityCapability) }, clear: true},
	{"requested NSSAI", formatTLV, 0x2f, 2, 72, func(c *coder, m *RegistrationRequest) { list(c, &m.RequestedNSSAI, nssai) }, false},
	{"last visited registered TAI", formatTV, 0x52, 6, 6, func(c *coder, m *RegistrationRequest) { ptr(c, &m.LastTAI, lastTAI) }, false},
	{"S1 UE network capability", formatTLV, 0x17, 2, 13, func(c *coder, m *RegistrationRequest) { raw(c, &m.S1Capability) }, false},
	{"uplink data status", formatTLV, 0x40, 2, 32, func(c *coder, m *RegistrationRequest) { ptr(c, &m.UplinkData, pduSessions) }, false},
	{"PDU session status", formatTLV, 0x50, 2, 32, func(c *coder, m *RegistrationRequest) { ptr(c, &m.SessionStatus, pduSessions) }, false},
	{"MICO indication", formatT1, 0xb0, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.MICO, nibble[uint8]) }, false},
	{name: "UE status", format: formatTLV, iei: 0x2b, min: 1, max: 1, code: func(c *coder, m *RegistrationRequest) { ptr(c, &m.Status, u8[UEStatus]) }, clear: true},
	{name: "additional GUTI", format: formatTLVE, iei: 0x77, min: 11, max: 11, code: func(c *coder, m *RegistrationRequest) { ptr(c, &m.AdditionalGUTI, optionalGUTI) }, clear: true},
	{"allowed PDU session status", formatTLV, 0x25, 2, 32, func(c *coder, m *RegistrationRequest) { ptr(c, &m.AllowedSessions, pduSessions) }, false},
	{"UE's usage setting", formatTLV, 0x18, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.UsageSetting, u8[uint8]) }, false},
	{"requested DRX parameters", formatTLV, 0x51, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.DRX, u8[uint8]) }, false},
	{name: "EPS NAS message container", format: formatTLVE, iei: 0x70, min: 1, max: unbounded, code: func(c *coder, m *RegistrationRequest) { raw(c, &m.EPSContainer) }, clear: true},
	{"LADN indication", formatTLVE, 0x74, 0, 808, func(c *coder, m *RegistrationRequest) { raw(c, &m.LADNs) }, false},
	{"payload container type", formatT1, 0x80, 1, 1, func(c *coder, m *RegistrationRequest) { opt(c, &m.PayloadType, nibble[PayloadType]) }, false},
	{"payload container", formatTLVE, 0x7b, 1, unbounded, func(c *coder, m *RegistrationRequest) { raw(c, &m.Payload) }, false},
	{"network slicing indication", formatT1, 0x90, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.Slicing, nibble[uint8]) }, false},
	{"5GS update type", formatTLV, 0x53, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.Update, u8[UpdateType]) }, false},
	{"mobile station classmark 2", formatTLV, 0x41, 3, 3, func(c *coder, m *RegistrationRequest) { raw(c, &m.Classmark2) }, false},
	{"supported codecs", formatTLV, 0x42, 3, 255, func(c *coder, m *RegistrationRequest) { raw(c, &m.Codecs) }, false},
	{"NAS message container", formatTLVE, 0x71, 1, unbounded, func(c *coder, m *RegistrationRequest) { raw(c, &m.Container) }, false},
	{"EPS bearer context status", formatTLV, 0x60, 2, 2, func(c *coder, m *RegistrationRequest) { ptr(c, &m.EPSBearers, u16[uint16]) }, false},
	{"requested extended DRX parameters", formatTLV, 0x6e, 1, 2, func(c *coder, m *RegistrationRequest) { raw(c, &m.ExtendedDRX) }, false},
	{"T3324", formatTLV, 0x6a, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.T3324, timer3) }, false},
	{"UE radio capability ID", formatTLV, 0x67, 1, 255, func(c *coder, m *RegistrationRequest) { raw(c, &m.RadioCapabilityID) }, false},
	{"requested mapped NSSAI", formatTLV, 0x35, 1, 40, func(c *coder, m *RegistrationRequest) { list(c, &m.MappedNSSAI, nssai) }, false},
	{"additional information requested", formatTLV, 0x48, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.AdditionalInformation, u8[uint8]) }, false},
	{"requested WUS assistance information", formatTLV, 0x1a, 1, 255, func(c *coder, m *RegistrationRequest) { raw(c, &m.WUSAssistance) }, false},
	{"N5GC indication", formatT1, 0xa0, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.N5GC, nibble[uint8]) }, false},
	{"requested NB-N1 mode DRX parameters", formatTLV, 0x30, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.NBN1DRX, u8[uint8]) }, false},
	{"UE request type", formatTLV, 0x29, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.RequestType, u8[uint8]) }, false},
	{"paging restriction", formatTLV, 0x28, 1, 3, func(c *coder, m *RegistrationRequest) { raw(c, &m.PagingRestriction) }, false},
	{"service-level-AA container", formatTLVE, 0x72, 3, unbounded, func(c *coder, m *RegistrationRequest) { raw(c, &m.ServiceLevelAA) }, false},
	{"NID", formatTLV, 0x32, 6, 6, func(c *coder, m *RegistrationRequest) { raw(c, &m.NID) }, false},
	{"MS determined PLMN with disaster condition", formatTLV, 0x16, 3, 3, func(c *coder, m *RegistrationRequest) { ptr(c, &m.DisasterPLMN, plmn) }, false},
	{"requested PEIPS assistance information", formatTLV, 0x2a, 1, 255, func(c *coder, m *RegistrationRequest) { raw(c, &m.PEIPSAssistance) }, false},
	{"requested T3512", formatTLV, 0x3b, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.RequestedT3512, timer3) }, false},
}

func (*RegistrationRequest) Type() MessageType { return TypeRegistrationRequest }

func (m *RegistrationRequest) code(c *coder) { code(c, m, registrationRequestIEs) }
