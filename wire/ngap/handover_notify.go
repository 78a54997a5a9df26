package ngap

import "cordon/ident"

var handoverNotify = ieTable[HandoverNotify]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *HandoverNotify) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *HandoverNotify) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idUserLocationInformation, Ignore, userLocation, func(m *HandoverNotify) *UserLocation { return &m.UserLocation }),
	flagIf(idNotifySourceNGRANNode, Ignore, func(m *HandoverNotify) *bool { return &m.NotifySource }),
}

// HandoverNotify says that the device has arrived (TS 38.413 §9.2.3.7).
type HandoverNotify struct {
	AMFUENGAPID  ident.AMFUENGAPID
	RANUENGAPID  ident.RANUENGAPID
	UserLocation UserLocation
	NotifySource bool // optional
}

func (*HandoverNotify) Procedure() Procedure { return ProcHandoverNotification }
func (*HandoverNotify) Kind() Kind           { return Initiating }
func (m *HandoverNotify) walk(c *coder)      { handoverNotify.walk(m, c) }
