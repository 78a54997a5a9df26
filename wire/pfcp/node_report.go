package pfcp

import (
	"net/netip"

	"cordon/ident"
)

// NodeReportRequest tells an SMF what concerns more than a session (§7.4.5.1). One of the lists at least is not empty.
//
//	60  Node ID                          M
//	101 Node Report Type                 M  UPFR, UPRR
//	102 User Plane Path Failure Report   C
//	187 User Plane Path Recovery Report  C
//	32773 finding                         O  enterprise's: list, to an SMF that takes them
type NodeReportRequest struct {
	Node      NodeID
	Failed    []netip.Addr // peers on N3 or N9 that do not answer
	Recovered []netip.Addr // that answer again
	Observed  []Observed
}

// Observed is what user packets have shown that their senders' role does not explain.
//
//	octet 1    1 IPv4, 2 IPv6
//	octet 2    count (8), address (4 or 16), kind to the end: printable ASCII
type Observed struct {
	Kind   string     // what, as findings are called: at most 40 octets
	Source netip.Addr // of the packets; 0.0.0.0 where it is not known
	Count  uint64     // of packets
}

const (
	// MaxObserved is how many findings one report has at most.
	MaxObserved = 32
	maxKind     = 40
)

func observed(c *coder, o *Observed) {
	family := uint8(1)
	if a := o.Source.Unmap(); a.Is6() {
		family = 2
	}
	u8(c, &family)
	c.check(family == 1 || family == 2)
	u64(c, &o.Count)
	addresses(c, &o.Source, family == 1, family == 2)
	if c.writing {
		c.put([]byte(o.Kind)...)
	} else {
		o.Kind = string(c.take(min(c.left(), maxKind+1)))
	}
	c.check(o.Kind != "" && len(o.Kind) <= maxKind)
	for i := range o.Kind {
		c.check(o.Kind[i] >= ' ' && o.Kind[i] < 0x7f)
	}
}

const maxPathPeers = 256

var nodeReportRequest = []element[NodeReportRequest]{
	one(ieNodeID, func(m *NodeReportRequest) *NodeID { return &m.Node }, nodeID),
	one(ieNodeReportType, func(m *NodeReportRequest) *NodeReportRequest { return m }, nodeReportType),
	when(iePathFailure, func(m *NodeReportRequest) bool { return len(m.Failed) > 0 },
		func(c *coder, m *NodeReportRequest) { code(c, &m.Failed, pathPeers) }),
	when(iePathRecovery, func(m *NodeReportRequest) bool { return len(m.Recovered) > 0 },
		func(c *coder, m *NodeReportRequest) { code(c, &m.Recovered, pathPeers) }),
	many(ieObserved, MaxObserved, func(m *NodeReportRequest) *[]Observed { return &m.Observed }, observed),
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
