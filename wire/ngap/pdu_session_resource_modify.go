package ngap

import "cordon/ident"

// PDUSessionResourceModifyRequest changes sessions (TS 38.413 §9.2.1.5).
type PDUSessionResourceModifyRequest struct {
	AMFUENGAPID       ident.AMFUENGAPID
	RANUENGAPID       ident.RANUENGAPID
	RANPagingPriority *uint8 // optional
	Modify            []PDUSessionModify
}

func (*PDUSessionResourceModifyRequest) Procedure() Procedure { return ProcPDUSessionResourceModify }
func (*PDUSessionResourceModifyRequest) Kind() Kind           { return Initiating }

// PDUSessionResourceModifyResponse names the sessions changed and those not (TS 38.413 §9.2.1.6).
type PDUSessionResourceModifyResponse struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	Modified               []PDUSessionTransfer    // optional
	Failed                 []PDUSessionTransfer    // optional
	UserLocation           *UserLocation           // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*PDUSessionResourceModifyResponse) Procedure() Procedure { return ProcPDUSessionResourceModify }
func (*PDUSessionResourceModifyResponse) Kind() Kind           { return Successful }
