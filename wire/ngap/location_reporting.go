package ngap

import "cordon/ident"

// LocationReportingControl asks where a device is (TS 38.413 §9.2.11.1).
type LocationReportingControl struct {
	AMFUENGAPID ident.AMFUENGAPID
	RANUENGAPID ident.RANUENGAPID
	Request     LocationRequest
}

func (*LocationReportingControl) Procedure() Procedure { return ProcLocationReportingControl }
func (*LocationReportingControl) Kind() Kind           { return Initiating }

// LocationReportingFailureIndication says that it cannot be told (TS 38.413 §9.2.11.2).
type LocationReportingFailureIndication struct {
	AMFUENGAPID ident.AMFUENGAPID
	RANUENGAPID ident.RANUENGAPID
	Cause       Cause
}

func (*LocationReportingFailureIndication) Procedure() Procedure {
	return ProcLocationReportingFailureIndication
}
func (*LocationReportingFailureIndication) Kind() Kind { return Initiating }

// LocationReport says where a device is (TS 38.413 §9.2.11.3).
type LocationReport struct {
	AMFUENGAPID  ident.AMFUENGAPID
	RANUENGAPID  ident.RANUENGAPID
	UserLocation UserLocation
	Presence     []AreaPresence // optional
	Request      LocationRequest
}

func (*LocationReport) Procedure() Procedure { return ProcLocationReport }
func (*LocationReport) Kind() Kind           { return Initiating }
