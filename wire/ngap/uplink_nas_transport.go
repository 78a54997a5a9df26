package ngap

import "cordon/ident"

// UplinkNASTransport carries NAS from a device (TS 38.413 §9.2.5.3).
type UplinkNASTransport struct {
	AMFUENGAPID  ident.AMFUENGAPID
	RANUENGAPID  ident.RANUENGAPID
	NASPDU       []byte
	UserLocation UserLocation
}

func (*UplinkNASTransport) Procedure() Procedure { return ProcUplinkNASTransport }
func (*UplinkNASTransport) Kind() Kind           { return Initiating }
