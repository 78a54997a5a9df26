package ngap

import "cordon/ident"

// NASNonDeliveryIndication returns NAS that could not be delivered (TS 38.413 §9.2.5.4).
type NASNonDeliveryIndication struct {
	AMFUENGAPID ident.AMFUENGAPID
	RANUENGAPID ident.RANUENGAPID
	NASPDU      []byte
	Cause       Cause
}

func (*NASNonDeliveryIndication) Procedure() Procedure { return ProcNASNonDeliveryIndication }
func (*NASNonDeliveryIndication) Kind() Kind           { return Initiating }
