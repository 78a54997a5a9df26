package pfcp

import (
	"net/netip"

	"cordon/ident"
)

// Establishment asks for a session (§7.5.2).
//
//	60    Node ID                      M
//	57    F-SEID                       M
//	1     Create PDR                   M  list
//	3     Create FAR                   M  list
//	6     Create URR                   C  list
//	7     Create QER                   C  list
//	85    Create BAR                   O  list
//	113   PDN Type                     C
//	117   User Plane Inactivity Timer  O
//	186   PFCPSEReq-Flags              C  RESTI, with Existing
//	32769 existing session             O  enterprise's: SEID
//
// The standard's restoration indication says that a session existed, and leaves the UPF to find it. A SMF that comes back
// knows which it was, and says so.
type Establishment struct {
	Node NodeID // whose session it is
	CP   FSEID  // what the SMF calls the session; reports come back under it
	PDRs []PDR
	FARs []FAR
	QERs []QER
	URRs []URR
	BARs []BAR
	// Inactivity is how many seconds without a packet are reported; 0: none are.
	Inactivity uint32
	// Existing is the UPF's name of a session that this one takes over as it stands, its endpoints and
	// what it has counted, where the SMF has come back from a restart; 0 makes a new one. Where
	// the UPF has no such session of the same device, it makes a new one too.
	Existing ident.SEID
}

const (
	maxRules = 64 // of a kind in one message
	maxBARs  = 8
)

var establishment = []element[Establishment]{
	one(ieNodeID, func(m *Establishment) *NodeID { return &m.Node }, nodeID),
	one(ieFSEID, func(m *Establishment) *FSEID { return &m.CP }, fseid),
	must(CauseMandatoryMissing, many(ieCreatePDR, maxRules, func(m *Establishment) *[]PDR { return &m.PDRs }, group(createPDR))),
	must(CauseMandatoryMissing, many(ieCreateFAR, maxRules, func(m *Establishment) *[]FAR { return &m.FARs }, createFAR)),
	many(ieCreateURR, maxRules, func(m *Establishment) *[]URR { return &m.URRs }, createURR),
	many(ieCreateQER, maxRules, func(m *Establishment) *[]QER { return &m.QERs }, func(c *coder, q *QER) { q.create(c) }),
	many(ieCreateBAR, maxBARs, func(m *Establishment) *[]BAR { return &m.BARs }, group(bar)),
	when(iePDNType, func(m *Establishment) bool { return m.pdnType() != 0 }, pdnType),
	opt(ieInactivityTimer, func(m *Establishment) *uint32 { return &m.Inactivity }, u32),
	when(ieEstablishmentFlags, func(m *Establishment) bool { return m.Existing != 0 }, restoration),
	opt(ieExisting, func(m *Establishment) *ident.SEID { return &m.Existing }, u64),
}

const (
	pdnIPv4 = iota + 1
	pdnIPv6
	pdnIPv4v6
	pdnNonIP
	pdnEthernet
)

// pdnType is the type of the session by its rules, 0 if they do not say.
func (m *Establishment) pdnType() (t uint8) {
	for i := range m.PDRs {
		if m.PDRs[i].PDI.Ethernet {
			return pdnEthernet
		}
		if m.PDRs[i].PDI.UE.IsValid() {
			t |= pdnIPv4
		}
		if m.PDRs[i].PDI.UE6.IsValid() {
			t |= pdnIPv6
		}
	}
	return t
}

// pdnType codes a PDN Type (§8.2.79), of what comes only to see that it is one of IP or Ethernet: which one, the rules say.
func pdnType(c *coder, m *Establishment) {
	t := m.pdnType()
	u8(c, &t)
	c.supported(t&7 >= pdnIPv4 && t&7 <= pdnEthernet && t&7 != pdnNonIP)
}

// restoration codes RESTI; that there is a session to restore, the element after it says.
func restoration(c *coder, _ *Establishment) {
	v := uint8(1)
	u8(c, &v)
}

// Established answers an Establishment (§7.5.3). UP and Created are set with Accepted only.
//
//	60    Node ID                       M
//	19    Cause                         M
//	40    Offending IE                  C
//	57    F-SEID                        C
//	8     Created PDR                   C  list
//	51    Load Control Information      O
//	54    Overload Control Information  O
//	32771 public ports                  O  enterprise's: IPv4 address, first port, last port
type Established struct {
	CP        ident.SEID // whom the answer is for
	Node      NodeID     // who answers
	Cause     Cause
	Offending IE
	UP        FSEID // what later requests name
	Created   []CreatedPDR
	Load      *Load
	Overload  *Overload
	Public    PublicPorts // of a session whose device's address is hidden by NAT
}

// PublicPorts are ports of a public address that are one session's as long as it lasts; Addr is not valid where it has
// none.
type PublicPorts struct {
	Addr        netip.Addr // IPv4
	First, Last uint16
}

// CreatedPDR is the tunnel endpoint drawn for a rule that asked for one (§7.5.3.2).
//
//	56  PDR ID         M
//	21  F-TEID         C
//	93  UE IP Address  C
type CreatedPDR struct {
	ID    PDRID
	Local FTEID
	// UE and UE6 are addresses that the UPF claims to have chosen; none is asked to.
	UE  netip.Addr
	UE6 netip.Prefix
}

var established = []element[Established]{
	one(ieNodeID, func(m *Established) *NodeID { return &m.Node }, nodeID),
	one(ieCause, func(m *Established) *Cause { return &m.Cause }, cause),
	opt(ieOffending, func(m *Established) *IE { return &m.Offending }, u16),
	opt(ieFSEID, func(m *Established) *FSEID { return &m.UP }, fseid),
	many(ieCreatedPDR, maxRules, func(m *Established) *[]CreatedPDR { return &m.Created }, group(createdPDR)),
	ptr(ieLoadControl, func(m *Established) **Load { return &m.Load }, group(loadTable)),
	ptr(ieOverloadControl, func(m *Established) **Overload { return &m.Overload }, group(overloadTable)),
	when(iePublicPorts, func(m *Established) bool { return m.Public.Addr.IsValid() }, func(c *coder, m *Established) { m.Public.code(c) }),
}

func (p *PublicPorts) code(c *coder) {
	addr4(c, &p.Addr)
	u16(c, &p.First)
	u16(c, &p.Last)
	c.check(p.First <= p.Last)
}

var createdPDR = []element[CreatedPDR]{
	one(iePDRID, func(m *CreatedPDR) *PDRID { return &m.ID }, u16),
	opt(ieFTEID, func(m *CreatedPDR) *FTEID { return &m.Local }, fteid),
	when(ieUEAddress, func(m *CreatedPDR) bool { return m.UE.IsValid() || m.UE6.IsValid() }, func(c *coder, m *CreatedPDR) {
		p := PDI{Source: Core, UE: m.UE, UE6: m.UE6}
		ueAddress(c, &p)
		m.UE, m.UE6 = p.UE, p.UE6
	}),
}

func (*Establishment) Type() Type { return TypeEstablishmentRequest }
func (*Established) Type() Type   { return TypeEstablishmentResponse }

func (*Establishment) seid() *ident.SEID { return nil }
func (m *Established) seid() *ident.SEID { return &m.CP }

func (m *Establishment) code(c *coder) { code(c, m, establishment) }
func (m *Established) code(c *coder)   { code(c, m, established) }
