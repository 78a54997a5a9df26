package ngap

import "cordon/ident"

var uplinkNASTransport = ieTable[UplinkNASTransport]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *UplinkNASTransport) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *UplinkNASTransport) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idNASPDU, Reject, octets, func(m *UplinkNASTransport) *[]byte { return &m.NASPDU }),
	required(idUserLocationInformation, Ignore, userLocation, func(m *UplinkNASTransport) *UserLocation { return &m.UserLocation }),
}

// UplinkNASTransport carries NAS from a device (TS 38.413 §9.2.5.3).
type UplinkNASTransport struct {
	AMFUENGAPID  ident.AMFUENGAPID
	RANUENGAPID  ident.RANUENGAPID
	NASPDU       []byte
	UserLocation UserLocation
}

func (*UplinkNASTransport) Procedure() Procedure { return ProcUplinkNASTransport }
func (*UplinkNASTransport) Kind() Kind           { return Initiating }
func (m *UplinkNASTransport) walk(c *coder)      { uplinkNASTransport.walk(m, c) }
