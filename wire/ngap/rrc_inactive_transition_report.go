package ngap

import "cordon/ident"

var rrcInactiveTransitionReport = ieTable[RRCInactiveTransitionReport]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *RRCInactiveTransitionReport) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *RRCInactiveTransitionReport) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idRRCState, Ignore, rrcState, func(m *RRCInactiveTransitionReport) *RRCState { return &m.RRCState }),
	required(idUserLocationInformation, Ignore, userLocation, func(m *RRCInactiveTransitionReport) *UserLocation { return &m.UserLocation }),
}

// RRCInactiveTransitionReport tells that a device entered or left RRC inactive (TS 38.413
// §9.2.2.10).
type RRCInactiveTransitionReport struct {
	AMFUENGAPID  ident.AMFUENGAPID
	RANUENGAPID  ident.RANUENGAPID
	RRCState     RRCState
	UserLocation UserLocation
}

func (*RRCInactiveTransitionReport) Procedure() Procedure { return ProcRRCInactiveTransitionReport }
func (*RRCInactiveTransitionReport) Kind() Kind           { return Initiating }
func (m *RRCInactiveTransitionReport) walk(c *coder)      { rrcInactiveTransitionReport.walk(m, c) }
