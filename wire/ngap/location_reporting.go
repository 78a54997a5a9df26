package ngap

import "cordon/ident"

var locationReportingControl = ieTable[LocationReportingControl]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *LocationReportingControl) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *LocationReportingControl) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idLocationReportingRequestType, Ignore, locationRequest, func(m *LocationReportingControl) *LocationRequest { return &m.Request }),
}

// LocationReportingControl asks where a device is (TS 38.413 §9.2.11.1).
type LocationReportingControl struct {
	AMFUENGAPID ident.AMFUENGAPID
	RANUENGAPID ident.RANUENGAPID
	Request     LocationRequest
}

func (*LocationReportingControl) Procedure() Procedure { return ProcLocationReportingControl }
func (*LocationReportingControl) Kind() Kind           { return Initiating }
func (m *LocationReportingControl) walk(c *coder)      { locationReportingControl.walk(m, c) }

var locationReportingFailureIndication = ieTable[LocationReportingFailureIndication]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *LocationReportingFailureIndication) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *LocationReportingFailureIndication) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idCause, Ignore, cause, func(m *LocationReportingFailureIndication) *Cause { return &m.Cause }),
}

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
func (m *LocationReportingFailureIndication) walk(c *coder) {
	locationReportingFailureIndication.walk(m, c)
}

var locationReport = ieTable[LocationReport]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *LocationReport) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *LocationReport) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idUserLocationInformation, Ignore, userLocation, func(m *LocationReport) *UserLocation { return &m.UserLocation }),
	listed(idUEPresenceInAreaOfInterestList, Ignore, areaPresences, func(m *LocationReport) *[]AreaPresence { return &m.Presence }),
	required(idLocationReportingRequestType, Ignore, locationRequest, func(m *LocationReport) *LocationRequest { return &m.Request }),
}

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
func (m *LocationReport) walk(c *coder)      { locationReport.walk(m, c) }
