package ngap

import "cordon/ident"

var nasNonDeliveryIndication = ieTable[NASNonDeliveryIndication]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *NASNonDeliveryIndication) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *NASNonDeliveryIndication) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idNASPDU, Ignore, octets, func(m *NASNonDeliveryIndication) *[]byte { return &m.NASPDU }),
	required(idCause, Ignore, cause, func(m *NASNonDeliveryIndication) *Cause { return &m.Cause }),
}

// NASNonDeliveryIndication returns NAS that could not be delivered (TS 38.413 §9.2.5.4).
type NASNonDeliveryIndication struct {
	AMFUENGAPID ident.AMFUENGAPID
	RANUENGAPID ident.RANUENGAPID
	NASPDU      []byte
	Cause       Cause
}

func (*NASNonDeliveryIndication) Procedure() Procedure { return ProcNASNonDeliveryIndication }
func (*NASNonDeliveryIndication) Kind() Kind           { return Initiating }
func (m *NASNonDeliveryIndication) walk(c *coder)      { nasNonDeliveryIndication.walk(m, c) }
