package ngap

import "cordon/ident"

// RRCInactiveTransitionReport tells that a device entered or left RRC inactive (TS 38.413 §9.2.2.10).
type RRCInactiveTransitionReport struct {
	AMFUENGAPID  ident.AMFUENGAPID
	RANUENGAPID  ident.RANUENGAPID
	RRCState     RRCState
	UserLocation UserLocation
}

func (*RRCInactiveTransitionReport) Procedure() Procedure { return ProcRRCInactiveTransitionReport }
func (*RRCInactiveTransitionReport) Kind() Kind           { return Initiating }
