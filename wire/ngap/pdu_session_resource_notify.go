package ngap

import "cordon/ident"

// PDUSessionResourceNotify tells of flows no longer or again fulfilled, and of sessions released (TS 38.413 §9.2.1.7).
type PDUSessionResourceNotify struct {
	AMFUENGAPID  ident.AMFUENGAPID
	RANUENGAPID  ident.RANUENGAPID
	Notify       []PDUSessionTransfer // optional
	Released     []PDUSessionTransfer // optional
	UserLocation *UserLocation        // optional
}

func (*PDUSessionResourceNotify) Procedure() Procedure { return ProcPDUSessionResourceNotify }
func (*PDUSessionResourceNotify) Kind() Kind           { return Initiating }
