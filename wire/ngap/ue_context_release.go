package ngap

import "cordon/ident"

// UEContextReleaseCommand ends a connection (TS 38.413 §9.2.2.5).
type UEContextReleaseCommand struct {
	UENGAPIDs UENGAPIDs
	Cause     Cause
}

func (*UEContextReleaseCommand) Procedure() Procedure { return ProcUEContextRelease }
func (*UEContextReleaseCommand) Kind() Kind           { return Initiating }

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
