package ngap

import "cordon/ident"

var ueRadioCapabilityInfoIndication = ieTable[UERadioCapabilityInfoIndication]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *UERadioCapabilityInfoIndication) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *UERadioCapabilityInfoIndication) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idUERadioCapability, Ignore, octets, func(m *UERadioCapabilityInfoIndication) *[]byte { return &m.UERadioCapability }),
	optional(idUERadioCapabilityForPaging, Ignore, radioCapabilityForPaging, func(m *UERadioCapabilityInfoIndication) **RadioCapabilityForPaging {
		return &m.UERadioCapabilityForPaging
	}),
	octetsIf(idUERadioCapabilityEUTRAFormat, Ignore, func(m *UERadioCapabilityInfoIndication) *[]byte { return &m.UERadioCapabilityEUTRA }),
}

// UERadioCapabilityInfoIndication hands in what a device can do on the air (TS 38.413
// §9.2.13.1).
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
func (*UERadioCapabilityInfoIndication) Kind() Kind      { return Initiating }
func (m *UERadioCapabilityInfoIndication) walk(c *coder) { ueRadioCapabilityInfoIndication.walk(m, c) }
