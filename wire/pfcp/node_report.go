package pfcp

import (
	"net/netip"

	"cordon/ident"
)

// NodeReportRequest tells an SMF what concerns more than a session (§7.4.5.1). Both lists together are not empty.
//
//	60  Node ID                          M
//	101 Node Report Type                 M  UPFR, UPRR
//	102 User Plane Path Failure Report   C
//	187 User Plane Path Recovery Report  C
type NodeReportRequest struct {
	Node      NodeID
	Failed    []netip.Addr // peers on N3 or N9 that do not answer
	Recovered []netip.Addr // that answer again
}

const maxPathPeers = 256

var nodeReportRequest = []element[NodeReportRequest]{
	one(ieNodeID, func(m *NodeReportRequest) *NodeID { return &m.Node }, nodeID),
	one(ieNodeReportType, func(m *NodeReportRequest) *NodeReportRequest { return m }, nodeReportType),
	when(iePathFailure, func(m *NodeReportRequest) bool { return len(m.Failed) > 0 },
		func(c *coder, m *NodeReportRequest) { code(c, &m.Failed, pathPeers) }),
	when(iePathRecovery, func(m *NodeReportRequest) bool { return len(m.Recovered) > 0 },
		func(c *coder, m *NodeReportRequest) { code(c, &m.Recovered, pathPeers) }),
}

// nodeReportType says which of the reports there are; of what comes the reports themselves say it.
func nodeReportType(c *coder, m *NodeReportRequest) {
	var v uint8
	if len(m.Failed) > 0 {
		v |= 1
	}
	if len(m.Recovered) > 0 {
		v |= 2
	}
	u8(c, &v)
}

var pathPeers = []element[[]netip.Addr]{
	must(CauseMandatoryMissing, many(ieRemotePeer, maxPathPeers, func(m *[]netip.Addr) *[]netip.Addr { return m }, remotePeer)),
}

// remotePeer codes a Remote GTP-U Peer (§8.2.70): flags V6 and V4, addresses, and what follows is of no use here.
func remotePeer(c *coder, a *netip.Addr) {
	var flags uint8 = 1
	if a.Unmap().Is4() {
		flags = 2
	}
	u8(c, &flags)
	c.check(flags&3 != 0)
	addresses(c, a, flags&2 != 0, flags&1 != 0)
}

// NodeReportResponse answers it (§7.4.5.2).
//
//	60  Node ID       M
//	19  Cause         M
//	40  Offending IE  C
type NodeReportResponse struct {
	Node      NodeID
	Cause     Cause
	Offending IE
}

var nodeReportResponse = []element[NodeReportResponse]{
	one(ieNodeID, func(m *NodeReportResponse) *NodeID { return &m.Node }, nodeID),
	one(ieCause, func(m *NodeReportResponse) *Cause { return &m.Cause }, cause),
	opt(ieOffending, func(m *NodeReportResponse) *IE { return &m.Offending }, u16),
}

func (*NodeReportRequest) Type() Type  { return TypeNodeReportRequest }
func (*NodeReportResponse) Type() Type { return TypeNodeReportResponse }

func (*NodeReportRequest) seid() *ident.SEID  { return nil }
func (*NodeReportResponse) seid() *ident.SEID { return nil }

func (m *NodeReportRequest) code(c *coder)  { code(c, m, nodeReportRequest) }
func (m *NodeReportResponse) code(c *coder) { code(c, m, nodeReportResponse) }
