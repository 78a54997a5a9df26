package ngap

import "cordon/ident"

// DownlinkNASTransport carries NAS to a device (TS 38.413 §9.2.5.2).
type DownlinkNASTransport struct {
	AMFUENGAPID          ident.AMFUENGAPID
	RANUENGAPID          ident.RANUENGAPID
	OldAMF               string // optional
	RANPagingPriority    *uint8 // optional
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
