package ngap

import "cordon/ident"

// UERadioCapabilityInfoIndication hands in what a device can do on the air (TS 38.413 §9.2.13.1).
type UERadioCapabilityInfoIndication struct {
	AMFUENGAPID                ident.AMFUENGAPID
	RANUENGAPID                ident.RANUENGAPID
	UERadioCapability          []byte
	UERadioCapabilityForPaging *RadioCapabilityForPaging // optional
	UERadioCapabilityEUTRA     []byte                    // optional
}

func (*UERadioCapabilityInfoIndication) Procedure() Procedure {
	return ProcUERadioCapabilityInfoIndication
}
func (*UERadioCapabilityInfoIndication) Kind() Kind { return Initiating }
