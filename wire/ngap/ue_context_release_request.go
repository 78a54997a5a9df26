package ngap

import "cordon/ident"

// UEContextReleaseRequest is a radio asking to let a device go (TS 38.413 §9.2.2.4).
type UEContextReleaseRequest struct {
	AMFUENGAPID ident.AMFUENGAPID
	RANUENGAPID ident.RANUENGAPID
	PDUSessions []ident.PDUSessionID // optional
	Cause       Cause
}

func (*UEContextReleaseRequest) Procedure() Procedure { return ProcUEContextReleaseRequest }
func (*UEContextReleaseRequest) Kind() Kind           { return Initiating }
