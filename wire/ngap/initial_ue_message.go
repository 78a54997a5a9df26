package ngap

import "cordon/ident"

var initialUEMessage = ieTable[InitialUEMessage]{
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *InitialUEMessage) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idNASPDU, Reject, octets, func(m *InitialUEMessage) *[]byte { return &m.NASPDU }),
	required(idUserLocationInformation, Reject, userLocation, func(m *InitialUEMessage) *UserLocation { return &m.UserLocation }),
	required(idRRCEstablishmentCause, Ignore, rrcEstablishmentCause, func(m *InitialUEMessage) *RRCEstablishmentCause { return &m.RRCEstablishmentCause }),
	optional(idFiveGSTMSI, Reject, sTMSI, func(m *InitialUEMessage) **ident.STMSI { return &m.STMSI }),
	optional(idAMFSetID, Ignore, amfSetID, func(m *InitialUEMessage) **uint16 { return &m.AMFSetID }),
	flagIf(idUEContextRequest, Ignore, func(m *InitialUEMessage) *bool { return &m.UEContextRequest }),
	listed(idAllowedNSSAI, Reject, allowedNSSAI, func(m *InitialUEMessage) *[]ident.SNSSAI { return &m.AllowedNSSAI }),
	optional(idSourceToTargetAMFInformationReroute, Ignore, rerouteInformation, func(m *InitialUEMessage) **RerouteInformation { return &m.Reroute }),
	optional(idSelectedPLMNIdentity, Ignore, plmn, func(m *InitialUEMessage) **ident.PLMN { return &m.SelectedPLMN }),
	flagIf(idIABNodeIndication, Reject, func(m *InitialUEMessage) *bool { return &m.IABNode }),
	flagIf(idCEmodeBSupportIndicator, Reject, func(m *InitialUEMessage) *bool { return &m.CEModeBSupport }),
	flagIf(idAuthenticatedIndication, Ignore, func(m *InitialUEMessage) *bool { return &m.Authenticated }),
	optional(idNPNAccessInformation, Reject, npnAccess, func(m *InitialUEMessage) **NPNAccess { return &m.NPNAccess }),
}

// InitialUEMessage carries a device's first NAS message (TS 38.413 §9.2.5.1).
type InitialUEMessage struct {
	RANUENGAPID           ident.RANUENGAPID
	NASPDU                []byte
	UserLocation          UserLocation
	RRCEstablishmentCause RRCEstablishmentCause
	STMSI                 *ident.STMSI        // optional
	AMFSetID              *uint16             // optional
	UEContextRequest      bool                // optional
	AllowedNSSAI          []ident.SNSSAI      // optional
	Reroute               *RerouteInformation // optional
	SelectedPLMN          *ident.PLMN         // optional
	IABNode               bool                // optional
	CEModeBSupport        bool                // optional
	Authenticated         bool                // optional
	NPNAccess             *NPNAccess          // optional
}

func (*InitialUEMessage) Procedure() Procedure { return ProcInitialUEMessage }
func (*InitialUEMessage) Kind() Kind           { return Initiating }
func (m *InitialUEMessage) walk(c *coder)      { initialUEMessage.walk(m, c) }
