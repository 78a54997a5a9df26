package ngap

import "cordon/ident"

// PDUSessionResourceModifyIndication is a radio moving its end of sessions' tunnels (TS 38.413 §9.2.1.8).
type PDUSessionResourceModifyIndication struct {
	AMFUENGAPID  ident.AMFUENGAPID
	RANUENGAPID  ident.RANUENGAPID
	Modify       []PDUSessionTransfer
	UserLocation *UserLocation // optional
}

func (*PDUSessionResourceModifyIndication) Procedure() Procedure {
	return ProcPDUSessionResourceModifyIndication
}
func (*PDUSessionResourceModifyIndication) Kind() Kind { return Initiating }

// PDUSessionResourceModifyConfirm answers it session by session (TS 38.413 §9.2.1.9).
type PDUSessionResourceModifyConfirm struct {
	AMFUENGAPID            ident.AMFUENGAPID
	RANUENGAPID            ident.RANUENGAPID
	Modified               []PDUSessionTransfer    // optional
	Failed                 []PDUSessionTransfer    // optional
	CriticalityDiagnostics *CriticalityDiagnostics // optional
}

func (*PDUSessionResourceModifyConfirm) Procedure() Procedure {
	return ProcPDUSessionResourceModifyIndication
}
func (*PDUSessionResourceModifyConfirm) Kind() Kind { return Successful }
