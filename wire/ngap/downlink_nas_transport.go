package ngap

import "cordon/ident"

var downlinkNASTransport = ieTable[DownlinkNASTransport]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *DownlinkNASTransport) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *DownlinkNASTransport) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	nameIf(idOldAMF, Reject, func(m *DownlinkNASTransport) *string { return &m.OldAMF }),
	optional(idRANPagingPriority, Ignore, ranPagingPriority, func(m *DownlinkNASTransport) **uint16 { return &m.RANPagingPriority }),
	required(idNASPDU, Reject, octets, func(m *DownlinkNASTransport) *[]byte { return &m.NASPDU }),
	optional(idMobilityRestrictionList, Ignore, mobilityRestrictions, func(m *DownlinkNASTransport) **MobilityRestrictions { return &m.MobilityRestrictions }),
	optional(idIndexToRFSP, Ignore, indexToRFSP, func(m *DownlinkNASTransport) **uint16 { return &m.IndexToRFSP }),
	optional(idUEAggregateMaximumBitRate, Ignore, bitRates, func(m *DownlinkNASTransport) **BitRates { return &m.UEAMBR }),
	listed(idAllowedNSSAI, Reject, allowedNSSAI, func(m *DownlinkNASTransport) *[]ident.SNSSAI { return &m.AllowedNSSAI }),
	octetsIf(idUERadioCapability, Ignore, func(m *DownlinkNASTransport) *[]byte { return &m.UERadioCapability }),
	octetsIf(idUERadioCapabilityID, Reject, func(m *DownlinkNASTransport) *[]byte { return &m.UERadioCapabilityID }),
	optional(idMaskedIMEISV, Ignore, maskedIMEISV, func(m *DownlinkNASTransport) **uint64 { return &m.MaskedIMEISV }),
}

// DownlinkNASTransport carries NAS to a device (TS 38.413 §9.2.5.2).
type DownlinkNASTransport struct {
	AMFUENGAPID          ident.AMFUENGAPID
	RANUENGAPID          ident.RANUENGAPID
	OldAMF               string  // optional
	RANPagingPriority    *uint16 // optional
	NASPDU               []byte
	MobilityRestrictions *MobilityRestrictions // optional
	IndexToRFSP          *uint16               // optional
	UEAMBR               *BitRates             // optional
	AllowedNSSAI         []ident.SNSSAI        // optional
	UERadioCapability    []byte                // optional
	UERadioCapabilityID  []byte                // optional
	MaskedIMEISV         *uint64               // optional
}

func (*DownlinkNASTransport) Procedure() Procedure { return ProcDownlinkNASTransport }
func (*DownlinkNASTransport) Kind() Kind           { return Initiating }
func (m *DownlinkNASTransport) walk(c *coder)      { downlinkNASTransport.walk(m, c) }
