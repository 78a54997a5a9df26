package nas

import (
	"time"

	"cordon/ident"
)

// ConfigurationUpdateCommand changes a registered device's configuration
// (TS 24.501 §8.2.19).
type ConfigurationUpdateCommand struct {
	Indication              *ConfigurationIndication
	GUTI                    *ident.GUTI
	TAIs                    []ident.TAI
	AllowedNSSAI            []ident.SNSSAI
	ServiceAreas            *ServiceAreas
	FullName                string
	ShortName               string
	Zone                    *TimeZone
	Time                    *UniversalTime
	DaylightSaving          *uint8
	LADNs                   []LADN
	MICO                    *uint8
	Slicing                 *uint8
	ConfiguredNSSAI         []ident.SNSSAI
	RejectedNSSAI           []RejectedSNSSAI
	AccessCategories        []byte
	SMS                     *uint8
	T3447                   *time.Duration
	CAG                     []byte
	RadioCapabilityID       []byte
	RadioCapabilityDeletion *uint8
	Result                  *RegistrationResult
	TruncatedSTMSI          *uint8
	AdditionalIndication    *uint8
	ExtendedRejectedNSSAI   []byte
	ServiceLevelAA          []byte
	NSSRG                   []byte
	DisasterRoamingWait     []byte
	DisasterReturnWait      []byte
	DisasterPLMNs           []ident.PLMN
	ExtendedCAG             []byte
	PEIPSAssistance         []byte
	NSAG                    []byte
	Priority                *uint8
}

var configurationUpdateCommandIEs = []ie[ConfigurationUpdateCommand]{
	{"configuration update indication", formatT1, 0xd0, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.Indication, nibble[ConfigurationIndication]) }},
	{"5G-GUTI", formatTLVE, 0x77, 11, 11, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.GUTI, optionalGUTI) }},
	{"TAI list", formatTLV, 0x54, 7, 112, func(c *coder, m *ConfigurationUpdateCommand) { list(c, &m.TAIs, taiList) }},
	{"allowed NSSAI", formatTLV, 0x15, 2, 72, func(c *coder, m *ConfigurationUpdateCommand) { list(c, &m.AllowedNSSAI, nssai) }},
	{"service area list", formatTLV, 0x27, 4, 112, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.ServiceAreas, serviceAreas) }},
	{"full name for network", formatTLV, 0x43, 1, 255, func(c *coder, m *ConfigurationUpdateCommand) { opt(c, &m.FullName, networkName) }},
	{"short name for network", formatTLV, 0x45, 1, 255, func(c *coder, m *ConfigurationUpdateCommand) { opt(c, &m.ShortName, networkName) }},
	{"local time zone", formatTV, 0x46, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.Zone, timeZone) }},
	{"universal time and local time zone", formatTV, 0x47, 7, 7, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.Time, universalTime) }},
	{"network daylight saving time", formatTLV, 0x49, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.DaylightSaving, u8[uint8]) }},
	{"LADN information", formatTLVE, 0x79, 0, 1712, func(c *coder, m *ConfigurationUpdateCommand) { list(c, &m.LADNs, ladns) }},
	{"MICO indication", formatT1, 0xb0, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.MICO, nibble[uint8]) }},
	{"network slicing indication", formatT1, 0x90, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.Slicing, nibble[uint8]) }},
	{"configured NSSAI", formatTLV, 0x31, 2, 144, func(c *coder, m *ConfigurationUpdateCommand) { list(c, &m.ConfiguredNSSAI, nssai) }},
	{"rejected NSSAI", formatTLV, 0x11, 2, 40, func(c *coder, m *ConfigurationUpdateCommand) { list(c, &m.RejectedNSSAI, rejectedNSSAI) }},
	{"operator-defined access category definitions", formatTLVE, 0x76, 0, 8320, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.AccessCategories) }},
	{"SMS indication", formatT1, 0xf0, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.SMS, nibble[uint8]) }},
	{"T3447", formatTLV, 0x6c, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.T3447, timer3) }},
	{"CAG information list", formatTLVE, 0x75, 0, unbounded, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.CAG) }},
	{"UE radio capability ID", formatTLV, 0x67, 1, 255, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.RadioCapabilityID) }},
	{"UE radio capability ID deletion indication", formatT1, 0xa0, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.RadioCapabilityDeletion, nibble[uint8]) }},
	{"5GS registration result", formatTLV, 0x44, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.Result, u8[RegistrationResult]) }},
	{"truncated 5G-S-TMSI configuration", formatTLV, 0x1b, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.TruncatedSTMSI, u8[uint8]) }},
	{"additional configuration indication", formatT1, 0xc0, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.AdditionalIndication, nibble[uint8]) }},
	{"extended rejected NSSAI", formatTLV, 0x68, 3, 88, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.ExtendedRejectedNSSAI) }},
	{"service-level-AA container", formatTLVE, 0x72, 3, unbounded, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.ServiceLevelAA) }},
	{"NSSRG information", formatTLVE, 0x70, 4, 4096, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.NSSRG) }},
	{"disaster roaming wait range", formatTLV, 0x14, 2, 2, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.DisasterRoamingWait) }},
	{"disaster return wait range", formatTLV, 0x2c, 2, 2, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.DisasterReturnWait) }},
	{"PLMNs to be used in disaster condition", formatTLV, 0x13, 0, 255, func(c *coder, m *ConfigurationUpdateCommand) { list(c, &m.DisasterPLMNs, plmns) }},
	{"extended CAG information list", formatTLVE, 0x71, 0, unbounded, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.ExtendedCAG) }},
	{"updated PEIPS assistance information", formatTLV, 0x1f, 1, 255, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.PEIPSAssistance) }},
	{"NSAG information", formatTLVE, 0x73, 6, 3140, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.NSAG) }},
	{"priority indicator", formatT1, 0xe0, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.Priority, nibble[uint8]) }},
}

func (*ConfigurationUpdateCommand) Type() MessageType { return TypeConfigurationUpdateCommand }

func (m *ConfigurationUpdateCommand) code(c *coder) { code(c, m, configurationUpdateCommandIEs) }

// ConfigurationUpdateComplete acknowledges it (TS 24.501 §8.2.20).
type ConfigurationUpdateComplete struct {
}

func (*ConfigurationUpdateComplete) Type() MessageType { return TypeConfigurationUpdateComplete }

func (m *ConfigurationUpdateComplete) code(c *coder) { code(c, m, []ie[ConfigurationUpdateComplete]{}) }
