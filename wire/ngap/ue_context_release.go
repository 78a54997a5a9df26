package ngap

import "cordon/ident"

var ueContextReleaseCommand = ieTable[UEContextReleaseCommand]{
	required(idUENGAPIDs, Reject, ueNGAPIDs, func(m *UEContextReleaseCommand) *UENGAPIDs { return &m.UENGAPIDs }),
	required(idCause, Ignore, cause, func(m *UEContextReleaseCommand) *Cause { return &m.Cause }),
}

// UEContextReleaseCommand ends a connection (TS 38.413 §9.2.2.5).
type UEContextReleaseCommand struct {
	UENGAPIDs UENGAPIDs
	Cause     Cause
}

func (*UEContextReleaseCommand) Procedure() Procedure { return ProcUEContextRelease }
func (*UEContextReleaseCommand) Kind() Kind           { return Initiating }
func (m *UEContextReleaseCommand) walk(c *coder)      { ueContextReleaseCommand.walk(m, c) }

var ueContextReleaseComplete = ieTable[UEContextReleaseComplete]{
	required(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *UEContextReleaseComplete) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Ignore, ranUENGAPID, func(m *UEContextReleaseComplete) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	optional(idUserLocationInformation, Ignore, userLocation, func(m *UEContextReleaseComplete) **UserLocation { return &m.UserLocation }),
	optional(idInfoOnRecommendedCellsAndRANNodesForPaging, Ignore, recommendedForPaging, func(m *UEContextReleaseComplete) **RecommendedForPaging { return &m.RecommendedForPaging }),
	listed(idPDUSessionResourceListCxtRelCpl, Reject, pduSessionIDs, func(m *UEContextReleaseComplete) *[]ident.PDUSessionID { return &m.PDUSessions }),
	optional(idCriticalityDiagnostics, Ignore, criticalityDiagnostics, func(m *UEContextReleaseComplete) **CriticalityDiagnostics { return &m.CriticalityDiagnostics }),
}

// UEContextReleaseComplete says that it has ended (TS 38.413 §9.2.2.6).
type UEContextReleaseComplete struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	UserLocation           *UserLocation           // optional
	RecommendedForPaging   *RecommendedForPaging   // optional
	PDUSessions            []ident.PDUSessionID    // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*UEContextReleaseComplete) Procedure() Procedure { return ProcUEContextRelease }
func (*UEContextReleaseComplete) Kind() Kind           { return Successful }
func (m *UEContextReleaseComplete) walk(c *coder)      { ueContextReleaseComplete.walk(m, c) }
