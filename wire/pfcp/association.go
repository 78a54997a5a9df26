package pfcp

import "cordon/ident"

// HeartbeatRequest asks whether a peer is there (§7.4.2.1).
//
//	96  Recovery Time Stamp  M
type HeartbeatRequest struct{ Recovery RecoveryTimeStamp }

var heartbeatRequest = []element[HeartbeatRequest]{
	one(ieRecovery, func(m *HeartbeatRequest) *RecoveryTimeStamp { return &m.Recovery }, u32),
}

// HeartbeatResponse says that it is, and since when (§7.4.2.2).
//
//	96  Recovery Time Stamp  M
type HeartbeatResponse struct{ Recovery RecoveryTimeStamp }

var heartbeatResponse = []element[HeartbeatResponse]{
	one(ieRecovery, func(m *HeartbeatResponse) *RecoveryTimeStamp { return &m.Recovery }, u32),
}

// AssociationSetupRequest begins an association (§7.4.4.1).
//
//	60  Node ID                             M
//	96  Recovery Time Stamp                 M
//	43  UP Function Features                C
//	89  CP Function Features                C
//	183 PFCP Session Retention Information  O
//	32772 findings wanted                    O  enterprise's: 1
type AssociationSetupRequest struct {
	Node     NodeID
	Recovery RecoveryTimeStamp
	UP       UPFeatures
	CP       CPFeatures
	Retain   bool // of an SMF: the sessions it had before it restarted are to be kept
	Observed bool // of an SMF: it takes findings
}

var associationSetupRequest = []element[AssociationSetupRequest]{
	one(ieNodeID, func(m *AssociationSetupRequest) *NodeID { return &m.Node }, nodeID),
	one(ieRecovery, func(m *AssociationSetupRequest) *RecoveryTimeStamp { return &m.Recovery }, u32),
	opt(ieUPFeatures, func(m *AssociationSetupRequest) *UPFeatures { return &m.UP }, upFeatures),
	opt(ieCPFeatures, func(m *AssociationSetupRequest) *CPFeatures { return &m.CP }, cpFeatures),
	opt(ieRetention, func(m *AssociationSetupRequest) *bool { return &m.Retain }, func(c *coder, p *bool) { *p = true }),
	opt(ieWantsObserved, func(m *AssociationSetupRequest) *bool { return &m.Observed }, flag(0)),
}

// AssociationSetupResponse answers it (§7.4.4.2).
//
//	60  Node ID               M
//	19  Cause                 M
//	96  Recovery Time Stamp   M
//	43  UP Function Features  C
//	89  CP Function Features  C
//	184 PFCPASRsp-Flags       O  PSREI
type AssociationSetupResponse struct {
	Node     NodeID
	Cause    Cause
	Recovery RecoveryTimeStamp
	UP       UPFeatures
	CP       CPFeatures
	Retained bool
}

var associationSetupResponse = []element[AssociationSetupResponse]{
	one(ieNodeID, func(m *AssociationSetupResponse) *NodeID { return &m.Node }, nodeID),
	one(ieCause, func(m *AssociationSetupResponse) *Cause { return &m.Cause }, cause),
	one(ieRecovery, func(m *AssociationSetupResponse) *RecoveryTimeStamp { return &m.Recovery }, u32),
	opt(ieUPFeatures, func(m *AssociationSetupResponse) *UPFeatures { return &m.UP }, upFeatures),
	opt(ieCPFeatures, func(m *AssociationSetupResponse) *CPFeatures { return &m.CP }, cpFeatures),
	opt(ieSetupResponseFlags, func(m *AssociationSetupResponse) *bool { return &m.Retained }, flag(0)),
}

// AssociationUpdateRequest says what has changed, or that a UPF would go (§7.4.4.3).
//
//	60  Node ID                           M
//	43  UP Function Features              O
//	89  CP Function Features              O
//	111 PFCP Association Release Request  C  SARR
//	112 Graceful Release Period           C
type AssociationUpdateRequest struct {
	Node    NodeID
	UP      UPFeatures
	CP      CPFeatures
	Release bool   // the sender asks to be released
	Grace   uint32 // seconds that it goes on until then
}

var associationUpdateRequest = []element[AssociationUpdateRequest]{
	one(ieNodeID, func(m *AssociationUpdateRequest) *NodeID { return &m.Node }, nodeID),
	opt(ieUPFeatures, func(m *AssociationUpdateRequest) *UPFeatures { return &m.UP }, upFeatures),
	opt(ieCPFeatures, func(m *AssociationUpdateRequest) *CPFeatures { return &m.CP }, cpFeatures),
	opt(ieReleaseRequest, func(m *AssociationUpdateRequest) *bool { return &m.Release }, flag(0)),
	opt(ieGracefulPeriod, func(m *AssociationUpdateRequest) *uint32 { return &m.Grace }, gprsTimer),
}

// AssociationUpdateResponse answers it (§7.4.4.4).
//
//	60  Node ID  M
//	19  Cause    M
type AssociationUpdateResponse struct {
	Node  NodeID
	Cause Cause
}

var associationUpdateResponse = []element[AssociationUpdateResponse]{
	one(ieNodeID, func(m *AssociationUpdateResponse) *NodeID { return &m.Node }, nodeID),
	one(ieCause, func(m *AssociationUpdateResponse) *Cause { return &m.Cause }, cause),
}

// AssociationReleaseRequest ends an association and all its sessions (§7.4.4.5).
//
//	60  Node ID  M
type AssociationReleaseRequest struct{ Node NodeID }

var associationReleaseRequest = []element[AssociationReleaseRequest]{
	one(ieNodeID, func(m *AssociationReleaseRequest) *NodeID { return &m.Node }, nodeID),
}

// AssociationReleaseResponse answers it (§7.4.4.6).
//
//	60  Node ID  M
//	19  Cause    M
type AssociationReleaseResponse struct {
	Node  NodeID
	Cause Cause
}

var associationReleaseResponse = []element[AssociationReleaseResponse]{
	one(ieNodeID, func(m *AssociationReleaseResponse) *NodeID { return &m.Node }, nodeID),
	one(ieCause, func(m *AssociationReleaseResponse) *Cause { return &m.Cause }, cause),
}

// VersionNotSupported answers a request of another version (§7.4.4.7); it has no elements.
type VersionNotSupported struct{}

func (*HeartbeatRequest) Type() Type           { return TypeHeartbeatRequest }
func (*HeartbeatResponse) Type() Type          { return TypeHeartbeatResponse }
func (*AssociationSetupRequest) Type() Type    { return TypeAssociationSetupRequest }
func (*AssociationSetupResponse) Type() Type   { return TypeAssociationSetupResponse }
func (*AssociationUpdateRequest) Type() Type   { return TypeAssociationUpdateRequest }
func (*AssociationUpdateResponse) Type() Type  { return TypeAssociationUpdateResponse }
func (*AssociationReleaseRequest) Type() Type  { return TypeAssociationReleaseRequest }
func (*AssociationReleaseResponse) Type() Type { return TypeAssociationReleaseResponse }
func (*VersionNotSupported) Type() Type        { return TypeVersionNotSupported }

func (*HeartbeatRequest) seid() *ident.SEID           { return nil }
func (*HeartbeatResponse) seid() *ident.SEID          { return nil }
func (*AssociationSetupRequest) seid() *ident.SEID    { return nil }
func (*AssociationSetupResponse) seid() *ident.SEID   { return nil }
func (*AssociationUpdateRequest) seid() *ident.SEID   { return nil }
func (*AssociationUpdateResponse) seid() *ident.SEID  { return nil }
func (*AssociationReleaseRequest) seid() *ident.SEID  { return nil }
func (*AssociationReleaseResponse) seid() *ident.SEID { return nil }
func (*VersionNotSupported) seid() *ident.SEID        { return nil }

func (m *HeartbeatRequest) code(c *coder)           { code(c, m, heartbeatRequest) }
func (m *HeartbeatResponse) code(c *coder)          { code(c, m, heartbeatResponse) }
func (m *AssociationSetupRequest) code(c *coder)    { code(c, m, associationSetupRequest) }
func (m *AssociationSetupResponse) code(c *coder)   { code(c, m, associationSetupResponse) }
func (m *AssociationUpdateRequest) code(c *coder)   { code(c, m, associationUpdateRequest) }
func (m *AssociationUpdateResponse) code(c *coder)  { code(c, m, associationUpdateResponse) }
func (m *AssociationReleaseRequest) code(c *coder)  { code(c, m, associationReleaseRequest) }
func (m *AssociationReleaseResponse) code(c *coder) { code(c, m, associationReleaseResponse) }
func (m *VersionNotSupported) code(c *coder)        { code(c, m, []element[VersionNotSupported](nil)) }
