package ngap

import "cordon/ident"

// RerouteNASRequest hands an initial message to another AMF set; NGAPMessage is that InitialUEMessage (TS 38.413 §9.2.5.5).
type RerouteNASRequest struct {
	RANUENGAPID  ident.RANUENGAPID
	AMFUENGAPID  *ident.AMFUENGAPID // optional
	NGAPMessage  []byte
	AMFSetID     uint16
	AllowedNSSAI []ident.SNSSAI      // optional
	Reroute      *RerouteInformation // optional
}

func (*RerouteNASRequest) Procedure() Procedure { return ProcRerouteNASRequest }
func (*RerouteNASRequest) Kind() Kind           { return Initiating }
