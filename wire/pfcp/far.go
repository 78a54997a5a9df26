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
	Keep           Keep  // of an update
}

var (
	createParameters = forwarding(func(_ Keep, e element[FAR]) element[FAR] { return e })
	changeParameters = append(forwarding(saidFAR), opt(ieModificationFlags, func(m *FAR) *bool { return &m.SendEndMarkers }, flag(1)))

	newFAR = farTable(func(_ Keep, e element[FAR]) element[FAR] { return e },
		when(ieForwarding, (*FAR).hasParameters, func(c *coder, m *FAR) {
			if !c.writing {
				m.Keep = 0
			}
			code(c, m, createParameters)
		}))
	changeFAR = farTable(saidFAR, when(ieUpdateForwarding, (*FAR).hasParameters, group(changeParameters)))
)

func saidFAR(bit Keep, e element[FAR]) element[FAR] {
	return said(func(m *FAR) *Keep { return &m.Keep }, bit, e)
}

// forwarding is what a FAR has in Forwarding Parameters and, where each may be left out, in an update of them.
func forwarding(may func(Keep, element[FAR]) element[FAR]) []element[FAR] {
	return []element[FAR]{
		may(KeepDestination, one(ieDestinationInterface, func(m *FAR) *Interface { return &m.Destination }, iface)),
		may(KeepInstance, opt(ieNetworkInstance, func(m *FAR) *ident.DNN { return &m.Instance }, networkInstance)),
		may(KeepOuter, when(ieOuterHeaderCreation, func(m *FAR) bool { return m.Outer != OuterHeader{} },
			func(c *coder, m *FAR) { outerHeaderCreation(c, &m.Outer) })),
		refused[FAR](ieRedirect),
		refused[FAR](ieForwardingPolicy),
	}
}

// farTable is the elements of Create FAR and, where each may be left out, of Update FAR.
func farTable(may func(Keep, element[FAR]) element[FAR], parameters element[FAR]) []element[FAR] {
	return []element[FAR]{
		one(ieFARID, func(m *FAR) *FARID { return &m.ID }, u32),
		may(KeepAction, one(ieApplyAction, func(m *FAR) *ApplyAction { return &m.Action }, applyAction)),
		parameters,
		may(KeepBAR, opt(ieBARID, func(m *FAR) *BARID { return &m.BAR }, u8)),
		refused[FAR](ieDuplicating),
	}
}

// createFAR codes a Create FAR. One that forwards says where to.
func createFAR(c *coder, f *FAR) {
	if c.writing {
		code(c, f, newFAR)
		return
	}
	f.Keep = KeepDestination // until it is said
	if code(c, f, newFAR); c.err == nil && f.Action&Forward != 0 && f.Keep != 0 {
		c.ie = ieForwarding
		c.fail(CauseConditionalMissing, ErrMissing)
	}
	f.Keep = 0
}

// updateFAR codes an Update FAR.
func updateFAR(c *coder, f *FAR) {
	if !c.writing {
		f.Keep = keepFAR
	}
	if code(c, f, changeFAR); !c.writing && f.BAR == 0 {
		f.Keep |= KeepBAR
	}
}

// hasParameters reports whether the rule has anything that Forwarding Parameters say. That one which does not forward would lead to the
// radios is said only where something else of it is kept.
func (f *FAR) hasParameters() bool {
	return f.Instance != "" || f.Outer != OuterHeader{} || f.SendEndMarkers ||
		f.Keep&KeepDestination == 0 && (f.Keep != 0 || f.Action&Forward != 0 || f.Destination != Access)
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
