package ngap

import "cordon/ident"

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
