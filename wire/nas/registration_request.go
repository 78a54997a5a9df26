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
	{"registration type and ngKSI", formatV | inClear, 0, 1, 1, func(c *coder, m *RegistrationRequest) { registrationType(c, m) }},
	{"5GS mobile identity", formatLVE | inClear, 0, 1, unbounded, func(c *coder, m *RegistrationRequest) { mobileIdentity(c, &m.Identity) }},
	{"non-current native ngKSI", formatT1, 0xc0, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.NonCurrentKSI, nibble[KSI]) }},
	{"5GMM capability", formatTLV, 0x10, 1, 13, func(c *coder, m *RegistrationRequest) { raw(c, &m.MMCapability) }},
	{"UE security capability", formatTLV | inClear, 0x2e, 2, 8, func(c *coder, m *RegistrationRequest) { opt(c, &m.Security, securityCapability) }},
	{"requested NSSAI", formatTLV, 0x2f, 2, 72, func(c *coder, m *RegistrationRequest) { list(c, &m.RequestedNSSAI, nssai) }},
	{"last visited registered TAI", formatTV, 0x52, 6, 6, func(c *coder, m *RegistrationRequest) { ptr(c, &m.LastTAI, lastTAI) }},
	{"S1 UE network capability", formatTLV, 0x17, 2, 13, func(c *coder, m *RegistrationRequest) { raw(c, &m.S1Capability) }},
	{"uplink data status", formatTLV, 0x40, 2, 32, func(c *coder, m *RegistrationRequest) { ptr(c, &m.UplinkData, pduSessions) }},
	{"PDU session status", formatTLV, 0x50, 2, 32, func(c *coder, m *RegistrationRequest) { ptr(c, &m.SessionStatus, pduSessions) }},
	{"MICO indication", formatT1, 0xb0, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.MICO, nibble[uint8]) }},
	{"UE status", formatTLV | inClear, 0x2b, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.Status, u8[UEStatus]) }},
	{"additional GUTI", formatTLVE | inClear, 0x77, 11, 11, func(c *coder, m *RegistrationRequest) { ptr(c, &m.AdditionalGUTI, optionalGUTI) }},
	{"allowed PDU session status", formatTLV, 0x25, 2, 32, func(c *coder, m *RegistrationRequest) { ptr(c, &m.AllowedSessions, pduSessions) }},
	{"UE's usage setting", formatTLV, 0x18, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.UsageSetting, u8[uint8]) }},
	{"requested DRX parameters", formatTLV, 0x51, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.DRX, u8[uint8]) }},
	{"EPS NAS message container", formatTLVE | inClear, 0x70, 1, unbounded, func(c *coder, m *RegistrationRequest) { raw(c, &m.EPSContainer) }},
	{"LADN indication", formatTLVE, 0x74, 0, 808, func(c *coder, m *RegistrationRequest) { raw(c, &m.LADNs) }},
	{"payload container type", formatT1, 0x80, 1, 1, func(c *coder, m *RegistrationRequest) { opt(c, &m.PayloadType, nibble[PayloadType]) }},
	{"payload container", formatTLVE, 0x7b, 1, unbounded, func(c *coder, m *RegistrationRequest) { raw(c, &m.Payload) }},
	{"network slicing indication", formatT1, 0x90, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.Slicing, nibble[uint8]) }},
	{"5GS update type", formatTLV, 0x53, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.Update, u8[UpdateType]) }},
	{"mobile station classmark 2", formatTLV, 0x41, 3, 3, func(c *coder, m *RegistrationRequest) { raw(c, &m.Classmark2) }},
	{"supported codecs", formatTLV, 0x42, 3, 255, func(c *coder, m *RegistrationRequest) { raw(c, &m.Codecs) }},
	{"NAS message container", formatTLVE, 0x71, 1, unbounded, func(c *coder, m *RegistrationRequest) { raw(c, &m.Container) }},
	{"EPS bearer context status", formatTLV, 0x60, 2, 2, func(c *coder, m *RegistrationRequest) { ptr(c, &m.EPSBearers, u16[uint16]) }},
	{"requested extended DRX parameters", formatTLV, 0x6e, 1, 2, func(c *coder, m *RegistrationRequest) { raw(c, &m.ExtendedDRX) }},
	{"T3324", formatTLV, 0x6a, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.T3324, timer3) }},
	{"UE radio capability ID", formatTLV, 0x67, 1, 255, func(c *coder, m *RegistrationRequest) { raw(c, &m.RadioCapabilityID) }},
	{"requested mapped NSSAI", formatTLV, 0x35, 1, 40, func(c *coder, m *RegistrationRequest) { list(c, &m.MappedNSSAI, nssai) }},
	{"additional information requested", formatTLV, 0x48, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.AdditionalInformation, u8[uint8]) }},
	{"requested WUS assistance information", formatTLV, 0x1a, 1, 255, func(c *coder, m *RegistrationRequest) { raw(c, &m.WUSAssistance) }},
	{"N5GC indication", formatT1, 0xa0, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.N5GC, nibble[uint8]) }},
	{"requested NB-N1 mode DRX parameters", formatTLV, 0x30, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.NBN1DRX, u8[uint8]) }},
	{"UE request type", formatTLV, 0x29, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.RequestType, u8[uint8]) }},
	{"paging restriction", formatTLV, 0x28, 1, 3, func(c *coder, m *RegistrationRequest) { raw(c, &m.PagingRestriction) }},
	{"service-level-AA container", formatTLVE, 0x72, 3, unbounded, func(c *coder, m *RegistrationRequest) { raw(c, &m.ServiceLevelAA) }},
	{"NID", formatTLV, 0x32, 6, 6, func(c *coder, m *RegistrationRequest) { raw(c, &m.NID) }},
	{"MS determined PLMN with disaster condition", formatTLV, 0x16, 3, 3, func(c *coder, m *RegistrationRequest) { ptr(c, &m.DisasterPLMN, plmn) }},
	{"requested PEIPS assistance information", formatTLV, 0x2a, 1, 255, func(c *coder, m *RegistrationRequest) { raw(c, &m.PEIPSAssistance) }},
	{"requested T3512", formatTLV, 0x3b, 1, 1, func(c *coder, m *RegistrationRequest) { ptr(c, &m.RequestedT3512, timer3) }},
}

func (*RegistrationRequest) Type() MessageType { return TypeRegistrationRequest }

func (m *RegistrationRequest) code(c *coder) { code(c, m, registrationRequestIEs) }
