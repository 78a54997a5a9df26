package pfcp

import (
	"net/netip"
	"time"
)

// NodeID names one end of N4 (§8.2.38): an address, or a domain name.
type NodeID struct {
	Addr netip.Addr
	FQDN string // where Addr is not valid
}

// Valid reports whether it names anything.
func (n NodeID) Valid() bool { return n.Addr.IsValid() || n.FQDN != "" }

func (n NodeID) String() string {
	if n.Addr.IsValid() {
		return n.Addr.String()
	}
	return n.FQDN
}

const maxFQDN = 253

func nodeID(c *coder, n *NodeID) {
	var kind uint8
	if c.writing {
		switch a := n.Addr.Unmap(); {
		case a.Is4():
		case a.Is6():
			kind = 1
		default:
			kind = 2
		}
	}
	u8(c, &kind)
	switch kind & 15 {
	case 0:
		addr4(c, &n.Addr)
	case 1:
		addr6(c, &n.Addr)
	case 2:
		fqdn(c, &n.FQDN)
	default:
		c.fail(CauseMandatoryIncorrect, ErrValue)
	}
}

func fqdn(c *coder, name *string) {
	if c.writing {
		if c.check(len(*name) <= maxFQDN); c.err == nil {
			labels(c, *name)
		}
		return
	}
	v := c.take(c.left())
	s, ok := unlabelled(v)
	for i := range s {
		ok = ok && s[i] > ' ' && s[i] < 0x7f && s[i] != '.' || ok && s[i] == '.' && i > 0 && s[i-1] != '.'
	}
	c.check(ok && len(s) <= maxFQDN && s[len(s)-1] != '.')
	if c.err == nil {
		*name = s
	}
}

// RecoveryTimeStamp is when a node began, whole seconds since the year 1900 (§8.2.65). Two that differ are two lives.
type RecoveryTimeStamp uint32

// since1900 is how long before Unix time the count of NTP began (RFC 5905).
const since1900 = 2208988800

// RecoveryAt is the stamp of a node that began then.
func RecoveryAt(t time.Time) RecoveryTimeStamp { return RecoveryTimeStamp(t.Unix() + since1900) }

// UPFeatures are what a UPF can do (§8.2.25), octet 5 the lowest.
type UPFeatures uint64

const (
	FeatureBUCP UPFeatures = 1 << 0  // the SMF may buffer
	FeatureDDND UPFeatures = 1 << 1  // notification may be delayed
	FeatureFTUP UPFeatures = 1 << 4  // it chooses F-TEIDs
	FeatureTREU UPFeatures = 1 << 7  // traces
	FeatureEMPU UPFeatures = 1 << 8  // end markers
	FeatureFRRT UPFeatures = 1 << 13 // framed routing
	FeatureUEIP UPFeatures = 1 << 18 // it chooses devices' addresses
	FeatureMNOP UPFeatures = 1 << 20 // it counts packets
)

func upFeatures(c *coder, f *UPFeatures) { features(c, f, 2) }

// CPFeatures are what an SMF can do (§8.2.58).
type CPFeatures uint64

const (
	FeatureLOAD CPFeatures = 1 << 0 // it reads load control information
	FeatureOVRL CPFeatures = 1 << 1 // and overload control information
)

func cpFeatures(c *coder, f *CPFeatures) { features(c, f, 1) }

// features codes as many octets as there are features in, least ones at least; those of later releases are not kept.
func features[T ~uint64](c *coder, f *T, least int) {
	for i := 0; i < 8; i++ {
		if c.writing && i >= least && *f>>(8*i) == 0 || !c.writing && c.left() == 0 && i >= least {
			return
		}
		octet := uint8(*f >> (8 * i))
		u8(c, &octet)
		if !c.writing {
			*f |= T(octet) << (8 * i)
		}
	}
}

// Load is how busy a UPF is (§7.5.3.3).
type Load struct {
	Sequence uint32 // larger is newer
	Percent  uint8  // 0 to 100
}

var loadTable = []element[Load]{
	one(ieSequence, func(m *Load) *uint32 { return &m.Sequence }, u32),
	one(ieMetric, func(m *Load) *uint8 { return &m.Percent }, percent),
}

// Overload asks an SMF to send so many of a hundred requests less, for some seconds (§7.5.3.4).
type Overload struct {
	Sequence uint32
	Percent  uint8
	Seconds  uint32
}

var overloadTable = []element[Overload]{
	one(ieSequence, func(m *Overload) *uint32 { return &m.Sequence }, u32),
	one(ieMetric, func(m *Overload) *uint8 { return &m.Percent }, percent),
	one(ieTimer, func(m *Overload) *uint32 { return &m.Seconds }, gprsTimer),
}

func percent(c *coder, p *uint8) {
	u8(c, p)
	c.check(*p <= 100)
}
