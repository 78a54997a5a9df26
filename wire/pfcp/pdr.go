package pfcp

import (
	"net/netip"
	"strings"

	"cordon/ident"
)

// PDI says which packets a rule detects (§7.5.2.2-2).
//
//	20  Source Interface   M
//	21  F-TEID             O
//	22  Network Instance   O
//	93  UE IP Address      O
//	23  SDF Filter         O  list
//	124 QFI                O  list
//	142 Ethernet PDU Session Information  O
//	153 Framed-Route       O  list
//	155 Framed-IPv6-Route  O  list
type PDI struct {
	Source   Interface
	Local    FTEID        // the tunnel they come in by: of every rule with Access, and with Core of what comes over N9
	Instance ident.DNN    // network instance: with Core where they come from, with Access where the session leads
	UE       netip.Addr   // the device's IPv4 address: source of what it sends, destination of what it gets
	UE6      netip.Prefix // the device's IPv6 prefix, a /64
	// Framed are networks behind the device (§8.2.109): theirs are its addresses too.
	Framed []netip.Prefix
	// Filters are the SDF filters: a packet meets one of them. Empty is no filter. What meets no
	// rule of its session is dropped (§5.2.1).
	Filters []SDF
	QFIs    []ident.QFI // with Access: the flows the packet may be of; empty is any (§8.2.89)
	// Ethernet says that the session's packets are Ethernet frames, all of the session's with Core (§8.2.102).
	Ethernet bool
}

// PDR is a packet detection rule (§7.5.2.2). The one of the lowest precedence that a packet meets counts.
//
//	56  PDR ID                M
//	29  Precedence            M
//	2   PDI                   M
//	95  Outer Header Removal  C
//	108 FAR ID                C
//	81  URR ID                C  list
//	109 QER ID                C  list
type PDR struct {
	ID                PDRID
	Precedence        uint32
	PDI               PDI
	RemoveOuterHeader bool // GTP-U/UDP/IP is taken off: of every rule with a tunnel
	FAR               FARID
	QERs              []QERID
	URRs              []URRID
	Keep              Keep // of an update
}

const (
	maxFilters  = 64 // in one PDI
	maxQFIs     = 64
	maxFramed   = 32 // of each version of IP
	maxRuleQERs = 16 // that one PDR names
	maxRuleURRs = 16
)

var pdi = []element[PDI]{
	one(ieSourceInterface, func(m *PDI) *Interface { return &m.Source }, iface),
	when(ieFTEID, func(m *PDI) bool { return m.Local != FTEID{} }, func(c *coder, m *PDI) { fteid(c, &m.Local) }),
	opt(ieNetworkInstance, func(m *PDI) *ident.DNN { return &m.Instance }, networkInstance),
	when(ieUEAddress, func(m *PDI) bool { return m.UE.IsValid() || m.UE6.IsValid() }, ueAddress),
	many(ieSDF, maxFilters, func(m *PDI) *[]SDF { return &m.Filters }, sdf),
	many(ieQFI, maxQFIs, func(m *PDI) *[]ident.QFI { return &m.QFIs }, low[ident.QFI](63)),
	when(ieEthernetSession, func(m *PDI) bool { return m.Ethernet }, func(c *coder, m *PDI) { flag(0)(c, &m.Ethernet) }),
	framed(ieFramedRoute, true),
	framed(ieFramedIPv6Route, false),
	refused[PDI](ieApplication),
	refused[PDI](ieTrafficEndpoint),
	refused[PDI](ieEthernetFilter),
	refused[PDI](ieMulticastAddressing),
	refused[PDI](ieRedundantDetection),
}

var (
	createPDR = pdrTable(func(_ Keep, e element[PDR]) element[PDR] { return e })
	changePDR = pdrTable(func(bit Keep, e element[PDR]) element[PDR] {
		return said(func(m *PDR) *Keep { return &m.Keep }, bit, e)
	})
)

// pdrTable is the elements of Create PDR and, where each may be left out, of Update PDR.
func pdrTable(may func(Keep, element[PDR]) element[PDR]) []element[PDR] {
	return []element[PDR]{
		one(iePDRID, func(m *PDR) *PDRID { return &m.ID }, u16),
		may(KeepPrecedence, one(iePrecedence, func(m *PDR) *uint32 { return &m.Precedence }, u32)),
		may(KeepPDI, one(iePDI, func(m *PDR) *PDI { return &m.PDI }, group(pdi))),
		may(KeepRemoval, when(ieOuterHeaderRemoval, func(m *PDR) bool { return m.RemoveOuterHeader }, outerHeaderRemoval)),
		may(KeepFAR, must(CauseConditionalMissing, one(ieFARID, func(m *PDR) *FARID { return &m.FAR }, u32))),
		may(KeepURRs, many(ieURRID, maxRuleURRs, func(m *PDR) *[]URRID { return &m.URRs }, u32)),
		may(KeepQERs, many(ieQERID, maxRuleQERs, func(m *PDR) *[]QERID { return &m.QERs }, u32)),
		refused[PDR](iePredefined),
		refused[PDR](ieMARID),
	}
}

// updatePDR codes an Update PDR.
func updatePDR(c *coder, m *PDR) {
	if !c.writing {
		m.Keep = keepPDR
	}
	code(c, m, changePDR)
}

// n6LAN is Core by another number: the side of the services of a data network (§8.2.2 note).
const n6LAN Interface = 2

// iface codes a Source or Destination Interface; lawful interception and groups of devices are not modelled.
func iface(c *coder, p *Interface) {
	if low[Interface](15)(c, p); *p == n6LAN && !c.writing {
		*p = Core
	}
	c.supported(*p <= Core || *p == CPFunction)
}

const (
	ueV6 = 1 << iota
	ueV4
	ueDestination
	ueDelegated
	ueChooseV4
	ueChooseV6
	uePrefixLength
)

// ueAddress codes a UE IP Address (§8.2.62): flags, IPv4, IPv6, bits delegated, length of the prefix. A /64 is sent without a length. Whether the
// address is the source or the destination follows from the interface, and is not believed where it differs.
func ueAddress(c *coder, m *PDI) {
	var flags uint8
	if c.writing {
		flags = m.ueFlags()
	}
	u8(c, &flags)
	c.supported(flags&(ueChooseV4|ueChooseV6) == 0)
	c.check(flags&(ueV4|ueV6) != 0)
	if flags&ueV4 != 0 {
		addr4(c, &m.UE)
	}
	if flags&ueV6 != 0 {
		prefix(c, &m.UE6, flags)
	}
}

func (m *PDI) ueFlags() (flags uint8) {
	if m.UE.IsValid() {
		flags |= ueV4
	}
	if m.UE6.IsValid() {
		flags |= ueV6
		if m.UE6.Bits() != 64 {
			flags |= uePrefixLength
		}
	}
	if m.Source == Core {
		flags |= ueDestination
	}
	return flags
}

// prefix codes an IPv6 prefix and what flags say of its length.
func prefix(c *coder, p *netip.Prefix, flags uint8) {
	a, bits := p.Masked().Addr(), uint8(64)
	addr6(c, &a)
	if flags&ueDelegated != 0 {
		var delegated uint8
		u8(c, &delegated)
		c.check(delegated < 64)
		bits = 64 - delegated
	}
	if flags&uePrefixLength != 0 {
		if c.writing {
			bits = uint8(p.Bits())
		}
		u8(c, &bits)
		c.check(bits > 0 && bits <= 128)
	}
	if !c.writing && c.err == nil {
		*p = netip.PrefixFrom(a, int(bits)).Masked()
	}
}

// framed is the routes of one version of IP, which stand in one list.
func framed(t IE, is4 bool) element[PDI] {
	nth := func(m *PDI, n int) *netip.Prefix {
		for i := range m.Framed {
			if m.Framed[i].Addr().Is4() == is4 {
				if n--; n < 0 {
					return &m.Framed[i]
				}
			}
		}
		return nil
	}
	return element[PDI]{ie: t, limit: maxFramed,
		count: func(m *PDI) (n int) {
			for nth(m, n) != nil {
				n++
			}
			return n
		},
		code: func(c *coder, m *PDI, i int) {
			if !c.writing {
				m.Framed = append(m.Framed, framedRoute(c, is4))
			} else if is4 {
				c.put([]byte(nth(m, i).String() + " 0.0.0.0 1")...)
			} else {
				c.put([]byte(nth(m, i).String() + " :: 1")...)
			}
		}}
}

// framedRoute reads a route as RADIUS has it, "network gateway metrics" (RFC 2865 §5.22); only the network, with its length, counts.
func framedRoute(c *coder, is4 bool) netip.Prefix {
	words := strings.Fields(string(c.take(c.left())))
	if len(words) == 0 {
		c.check(false)
		return netip.Prefix{}
	}
	p, err := netip.ParsePrefix(words[0])
	c.check(err == nil && p.Addr().Is4() == is4 && !p.Addr().Is4In6())
	return p.Masked()
}

// outerHeaderRemoval codes what is taken off (§8.2.64): GTP-U over UDP over IPv4, over IPv6, or over either.
func outerHeaderRemoval(c *coder, m *PDR) {
	v := uint8(6)
	if l := m.PDI.Local; l.Addr.Is6() && !l.Addr.Is4In6() {
		v = 1
	} else if l != (FTEID{}) {
		v = 0
	}
	u8(c, &v)
	c.supported(v == 0 || v == 1 || v == 6)
	m.RemoveOuterHeader = true
}
