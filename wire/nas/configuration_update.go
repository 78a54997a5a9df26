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
	ServiceAreas            []byte
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
	{"configuration update indication", formatT1, 0xd0, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.Indication, nibble[ConfigurationIndication]) }, false},
	{"5G-GUTI", formatTLVE, 0x77, 11, 11, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.GUTI, optionalGUTI) }, false},
	{"TAI list", formatTLV, 0x54, 7, 112, func(c *coder, m *ConfigurationUpdateCommand) { list(c, &m.TAIs, taiList) }, false},
	{"allowed NSSAI", formatTLV, 0x15, 2, 72, func(c *coder, m *ConfigurationUpdateCommand) { list(c, &m.AllowedNSSAI, nssai) }, false},
	{"service area list", formatTLV, 0x27, 4, 112, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.ServiceAreas) }, false},
	{"full name for network", formatTLV, 0x43, 1, 255, func(c *coder, m *ConfigurationUpdateCommand) { opt(c, &m.FullName, networkName) }, false},
	{"short name for network", formatTLV, 0x45, 1, 255, func(c *coder, m *ConfigurationUpdateCommand) { opt(c, &m.ShortName, networkName) }, false},
	{"local time zone", formatTV, 0x46, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.Zone, timeZone) }, false},
	{"universal time and local time zone", formatTV, 0x47, 7, 7, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.Time, universalTime) }, false},
	{"network daylight saving time", formatTLV, 0x49, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.DaylightSaving, u8[uint8]) }, false},
	{"LADN information", formatTLVE, 0x79, 0, 1712, func(c *coder, m *ConfigurationUpdateCommand) { list(c, &m.LADNs, ladns) }, false},
	{"MICO indication", formatT1, 0xb0, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.MICO, nibble[uint8]) }, false},
	{"network slicing indication", formatT1, 0x90, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.Slicing, nibble[uint8]) }, false},
	{"configured NSSAI", formatTLV, 0x31, 2, 144, func(c *coder, m *ConfigurationUpdateCommand) { list(c, &m.ConfiguredNSSAI, nssai) }, false},
	{"rejected NSSAI", formatTLV, 0x11, 2, 40, func(c *coder, m *ConfigurationUpdateCommand) { list(c, &m.RejectedNSSAI, rejectedNSSAI) }, false},
	{"operator-defined access category definitions", formatTLVE, 0x76, 0, 8320, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.AccessCategories) }, false},
	{"SMS indication", formatT1, 0xf0, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.SMS, nibble[uint8]) }, false},
	{"T3447", formatTLV, 0x6c, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.T3447, timer3) }, false},
	{"CAG information list", formatTLVE, 0x75, 0, unbounded, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.CAG) }, false},
	{"UE radio capability ID", formatTLV, 0x67, 1, 255, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.RadioCapabilityID) }, false},
	{"UE radio capability ID deletion indication", formatT1, 0xa0, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.RadioCapabilityDeletion, nibble[uint8]) }, false},
	{"5GS registration result", formatTLV, 0x44, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.Result, u8[RegistrationResult]) }, false},
	{"truncated 5G-S-TMSI configuration", formatTLV, 0x1b, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.TruncatedSTMSI, u8[uint8]) }, false},
	{"additional configuration indication", formatT1, 0xc0, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.AdditionalIndication, nibble[uint8]) }, false},
	{"extended rejected NSSAI", formatTLV, 0x68, 3, 88, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.ExtendedRejectedNSSAI) }, false},
	{"service-level-AA container", formatTLVE, 0x72, 3, unbounded, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.ServiceLevelAA) }, false},
	{"NSSRG information", formatTLVE, 0x70, 4, 4096, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.NSSRG) }, false},
	{"disaster roaming wait range", formatTLV, 0x14, 2, 2, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.DisasterRoamingWait) }, false},
	{"disaster return wait range", formatTLV, 0x2c, 2, 2, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.DisasterReturnWait) }, false},
	{"PLMNs to be used in disaster condition", formatTLV, 0x13, 0, 255, func(c *coder, m *ConfigurationUpdateCommand) { list(c, &m.DisasterPLMNs, plmns) }, false},
	{"extended CAG information list", formatTLVE, 0x71, 0, unbounded, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.ExtendedCAG) }, false},
	{"updated PEIPS assistance information", formatTLV, 0x1f, 1, 255, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.PEIPSAssistance) }, false},
	{"NSAG information", formatTLVE, 0x73, 6, 3140, func(c *coder, m *ConfigurationUpdateCommand) { raw(c, &m.NSAG) }, false},
	{"priority indicator", formatT1, 0xe0, 1, 1, func(c *coder, m *ConfigurationUpdateCommand) { ptr(c, &m.Priority, nibble[uint8]) }, false},
}

func (*ConfigurationUpdateCommand) Type() MessageType { return TypeConfigurationUpdateCommand }

func (m *ConfigurationUpdateCommand) code(c *coder) { code(c, m, configurationUpdateCommandIEs) }

// ConfigurationUpdateComplete acknowledges it (TS 24.501 §8.2.20).
type ConfigurationUpdateComplete struct {
}

func (*ConfigurationUpdateComplete) Type() MessageType { return TypeConfigurationUpdateComplete }

func (m *ConfigurationUpdateComplete) code(c *coder) {
	code(c, m, []ie[ConfigurationUpdateComplete](nil))
}
