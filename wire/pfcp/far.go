package pfcp

import (
	"net/netip"

	"cordon/ident"
)

// ApplyAction is what a FAR does with a packet (§8.2.26). Exactly one of Drop, Forward
// and Buffer is set; NotifyCP goes with Buffer.
type ApplyAction uint8

const (
	Drop     ApplyAction = 1 << 0
	Forward  ApplyAction = 1 << 1
	Buffer   ApplyAction = 1 << 2
	NotifyCP ApplyAction = 1 << 3 // report the first packet that is buffered
)

// Valid reports whether the flags are a combination this network uses.
func (a ApplyAction) Valid() bool {
	return a == Drop || a == Forward || a == Buffer || a == Buffer|NotifyCP
}

// OuterHeader asks for GTP-U/UDP/IP towards an endpoint (§8.2.56). The zero value is none.
type OuterHeader struct {
	TEID ident.TEID
	Addr netip.Addr
}

// FAR is a forwarding action rule (§7.5.2.3). Outer is set with Forward to Access, and with
// Forward to Core where that is another UPF over N9.
//
//	108 FAR ID                 M
//	44  Apply Action           M
//	4   Forwarding Parameters  C  11 in an update
//	      42  Destination Interface  M
//	      22  Network Instance       O
//	      84  Outer Header Creation  C
//	      49  PFCPSMReq-Flags        C  SNDEM, in an update
//	88  BAR ID                 O
type FAR struct {
	ID          FARID
	Action      ApplyAction
	Destination Interface
	Instance    ident.DNN
	Outer       OuterHeader
	// SendEndMarkers asks that an end marker close the tunnel the rule led to before
	// (SNDEM, §8.2.50). It has a meaning in a modification only.
	SendEndMarkers bool
	BAR            BARID // how to buffer, 0 for the UPF's own way
}

var (
	createFAR = far(farTable(CauseMandatoryMissing, ieForwarding, forwarding), ieForwarding)
	updateFAR = far(farTable(CauseConditionalMissing, ieUpdateForwarding, append(forwarding[:len(forwarding):len(forwarding)],
		opt(ieModificationFlags, func(m *FAR) *bool { return &m.SendEndMarkers }, flag(1)))), ieUpdateForwarding)
)

// forwarding is what a FAR has in Forwarding Parameters.
var forwarding = []element[FAR]{
	one(ieDestinationInterface, func(m *FAR) *Interface { return &m.Destination }, iface),
	opt(ieNetworkInstance, func(m *FAR) *ident.DNN { return &m.Instance }, networkInstance),
	when(ieOuterHeaderCreation, func(m *FAR) bool { return m.Outer != OuterHeader{} },
		func(c *coder, m *FAR) { outerHeaderCreation(c, &m.Outer) }),
	refused[FAR](ieRedirect),
	refused[FAR](ieForwardingPolicy),
}

// wireFAR is a rule with whether Forwarding Parameters came.
type wireFAR struct {
	*FAR
	led bool
}

// farTable is the elements of Create FAR or Update FAR. An update has the action too, since it replaces the rule.
func farTable(missing Cause, t IE, parameters []element[FAR]) []element[wireFAR] {
	return []element[wireFAR]{
		one(ieFARID, func(m *wireFAR) *FARID { return &m.ID }, u32),
		must(missing, one(ieApplyAction, func(m *wireFAR) *ApplyAction { return &m.Action }, applyAction)),
		when(t, func(m *wireFAR) bool { return m.hasParameters() }, func(c *coder, m *wireFAR) {
			m.led = true
			code(c, m.FAR, parameters)
		}),
		opt(ieBARID, func(m *wireFAR) *BARID { return &m.BAR }, u8),
		refused[wireFAR](ieDuplicating),
	}
}

// far codes a rule. One that forwards says where to, in an update too.
func far(table []element[wireFAR], parameters IE) func(*coder, *FAR) {
	return func(c *coder, f *FAR) {
		w := wireFAR{FAR: f}
		code(c, &w, table)
		if !c.writing && c.err == nil && f.Action&Forward != 0 && !w.led {
			c.ie = parameters
			c.fail(CauseConditionalMissing, ErrMissing)
		}
	}
}

// hasParameters reports whether the rule has anything that Forwarding Parameters say.
func (f *FAR) hasParameters() bool {
	return f.Action&Forward != 0 || f.Destination != Access || f.Instance != "" || f.Outer != OuterHeader{} || f.SendEndMarkers
}

// applyAction codes an Apply Action. A second octet, and the flags that copy packets or change what buffering is, are not modelled.
func applyAction(c *coder, p *ApplyAction) {
	u8(c, p)
	c.supported(*p&^(Drop|Forward|Buffer|NotifyCP) == 0)
	if !c.writing {
		for _, octet := range c.take(c.left()) {
			c.supported(octet == 0)
		}
	}
}

// outerHeaderCreation codes an Outer Header Creation (§8.2.56): two octets of what is put on, TEID, addresses.
func outerHeaderCreation(c *coder, o *OuterHeader) {
	var v uint16
	if c.writing {
		c.check(o.Addr.IsValid())
		if v = 2 << 8; o.Addr.Unmap().Is4() {
			v = 1 << 8
		}
	}
	u16(c, &v)
	c.supported(v&^(3<<8) == 0 && v != 0)
	u32(c, &o.TEID)
	addresses(c, &o.Addr, v&(1<<8) != 0, v&(2<<8) != 0)
}

// BARID names a buffering action rule within its session; 0 is none (§8.2.57).
type BARID uint8

// BAR is how downlink is buffered (§7.5.2.6), which a UPF takes as advice.
//
//	88  BAR ID                             M
//	46  Downlink Data Notification Delay   C
//	140 Suggested Buffering Packets Count  C
type BAR struct {
	ID      BARID
	Delay   uint8 // before the first packet is reported, units of 50 ms
	Packets uint8 // to keep
}

var bar = []element[BAR]{
	one(ieBARID, func(m *BAR) *BARID { return &m.ID }, u8),
	opt(ieNotificationDelay, func(m *BAR) *uint8 { return &m.Delay }, u8),
	opt(iePacketsCount, func(m *BAR) *uint8 { return &m.Packets }, u8),
}
