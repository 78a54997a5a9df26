package ngap

import "cordon/ident"

// PDUSessionResourceReleaseCommand takes the resources of sessions away (TS 38.413 §9.2.1.3).
type PDUSessionResourceReleaseCommand struct {
	AMFUENGAPID       ident.AMFUENGAPID
	RANUENGAPID       ident.RANUENGAPID
	RANPagingPriority *uint8 // optional
	NASPDU            []byte // optional
	Release           []PDUSessionTransfer
}

func (*PDUSessionResourceReleaseCommand) Procedure() Procedure { return ProcPDUSessionResourceRelease }
func (*PDUSessionResourceReleaseCommand) Kind() Kind           { return Initiating }

// PDUSessionResourceReleaseResponse says that they are gone (TS 38.413 §9.2.1.4).
type PDUSessionResourceReleaseResponse struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	Released               []PDUSessionTransfer
	UserLocation           *UserLocation           // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*PDUSessionResourceReleaseResponse) Procedure() Procedure { return ProcPDUSessionResourceRelease }
func (*PDUSessionResourceReleaseResponse) Kind() Kind           { return Successful }
