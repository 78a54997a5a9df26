package ngap

import "cordon/ident"

var rerouteNASRequest = ieTable[RerouteNASRequest]{
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *RerouteNASRequest) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	optional(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *RerouteNASRequest) **ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idNGAPMessage, Reject, octets, func(m *RerouteNASRequest) *[]byte { return &m.NGAPMessage }),
	required(idAMFSetID, Reject, amfSetID, func(m *RerouteNASRequest) *uint16 { return &m.AMFSetID }),
	listed(idAllowedNSSAI, Reject, allowedNSSAI, func(m *RerouteNASRequest) *[]ident.SNSSAI { return &m.AllowedNSSAI }),
	optional(idSourceToTargetAMFInformationReroute, Ignore, rerouteInformation, func(m *RerouteNASRequest) **RerouteInformation { return &m.Reroute }),
}

// RerouteNASRequest hands an initial message to another AMF set; NGAPMessage is that
// InitialUEMessage (TS 38.413 §9.2.5.5).
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
func (m *RerouteNASRequest) walk(c *coder)      { rerouteNASRequest.walk(m, c) }
