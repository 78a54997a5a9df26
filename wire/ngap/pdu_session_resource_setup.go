package ngap

import "cordon/ident"

// PDUSessionResourceSetupRequest asks a radio for the resources of sessions (TS 38.413 §9.2.1.1).
type PDUSessionResourceSetupRequest struct {
	AMFUENGAPID       ident.AMFUENGAPID
	RANUENGAPID       ident.RANUENGAPID
	RANPagingPriority *uint8 // optional
	NASPDU            []byte // optional
	Setup             []PDUSessionSetup
	UEAMBR            *BitRates // optional
}

func (*PDUSessionResourceSetupRequest) Procedure() Procedure { return ProcPDUSessionResourceSetup }
func (*PDUSessionResourceSetupRequest) Kind() Kind           { return Initiating }

// PDUSessionResourceSetupResponse names the sessions that stand and those that do not (TS 38.413 §9.2.1.2).
type PDUSessionResourceSetupResponse struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	Setup                  []PDUSessionTransfer    // optional
	Failed                 []PDUSessionTransfer    // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
	UserLocation           *UserLocation           // optional
}

func (*PDUSessionResourceSetupResponse) Procedure() Procedure { return ProcPDUSessionResourceSetup }
func (*PDUSessionResourceSetupResponse) Kind() Kind           { return Successful }
