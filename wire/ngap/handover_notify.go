package ngap

import "cordon/ident"

// HandoverNotify says that the device has arrived (TS 38.413 §9.2.3.7).
type HandoverNotify struct {
	AMFUENGAPID  ident.AMFUENGAPID
	RANUENGAPID  ident.RANUENGAPID
	UserLocation UserLocation
	NotifySource bool // optional
}

func (*HandoverNotify) Procedure() Procedure { return ProcHandoverNotification }
func (*HandoverNotify) Kind() Kind           { return Initiating }
