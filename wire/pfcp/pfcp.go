// Package pfcp holds what N4 carries about a session (TS 29.244 §5.2): the rules by
// which a UPF detects packets (PDR), forwards them (FAR) and holds them to a rate (QER),
// the three requests that create, change and end them, their answers, and the report by
// which a UPF speaks first. The SMF makes these values and a UPF in the same process
// takes them as they are; nothing here is bound to a transport.
//
// A session has one uplink and one downlink PDR. The SMF chooses the device's address
// and the rules' identifiers; the UPF chooses the TEID (CHOOSE) and its own SEID.
//
// Values are plain data. A receiver keeps none of the slices it is given.
package pfcp

import (
	"net/netip"

	"cordon/ident"
)

// Interface is the side of the UPF on which a packet comes in or leaves (§8.2.2, §8.2.24).
type Interface uint8

const (
	Access Interface = 0 // towards the radios, N3
	Core   Interface = 1 // towards the data network, N6
)

func (i Interface) String() string {
	switch i {
	case Access:
		return "access"
	case Core:
		return "core"
	}
	return "unknown interface"
}

type (
	// PDRID names a packet detection rule within its session (§8.2.36).
	PDRID uint16
	// FARID names a forwarding action rule within its session (§8.2.74).
	FARID uint32
	// QERID names a QoS enforcement rule within its session; 0 is none (§8.2.75).
	QERID uint32
	// URRID names a usage reporting rule within its session; 0 is none (§8.2.54).
	URRID uint32
)

// FSEID names a session at one end of N4: the handle and the address it is known at
// (§8.2.37). The address is zero where both ends are one process.
type FSEID struct {
	SEID ident.SEID
	Addr netip.Addr
}

// FTEID is a tunnel endpoint of the UPF (§8.2.3). In a request Choose asks the UPF to
// draw the TEID and say which address it uses; an FTEID in an answer has both and no Choose.
//
// Rules of one session that ask with the same ChooseID, other than 0, share one endpoint.
type FTEID struct {
	Choose   bool
	ChooseID uint8
	TEID     ident.TEID
	Addr     netip.Addr
}

// PDI says which packets a rule detects (§7.5.2.2-2).
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
}

// SDF is one service data flow filter (§8.2.5), the flow description "permit out PROTOCOL from
// REMOTE PORTS to assigned PORTS". The remote end is the source of downlink and the
// destination of uplink; the local end is the device.
type SDF struct {
	Remote      netip.Prefix // not valid: any
	Protocol    uint8        // 0: any
	RemotePorts Ports
	LocalPorts  Ports
}

// Remotes are the filters that let a device have to do with the given networks and nothing else.
func Remotes(networks []netip.Prefix) []SDF {
	var out []SDF
	for _, n := range networks {
		out = append(out, SDF{Remote: n})
	}
	return out
}

// Ports is a range of ports, both ends included. The zero value is any port.
type Ports struct{ First, Last uint16 }

// PDR is a packet detection rule (§7.5.2.2). The one of the lowest precedence that a packet meets counts.
type PDR struct {
	ID                PDRID
	Precedence        uint32
	PDI               PDI
	RemoveOuterHeader bool // GTP-U/UDP/IP is taken off: of every rule with a tunnel
	FAR               FARID
	QERs              []QERID
	URRs              []URRID
}

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
type FAR struct {
	ID          FARID
	Action      ApplyAction
	Destination Interface
	Instance    ident.DNN
	Outer       OuterHeader
	// SendEndMarkers asks that an end marker close the tunnel the rule led to before
	// (SNDEM, §8.2.50). It has a meaning in a modification only.
	SendEndMarkers bool
}

// Unlimited is a rate that is not policed.
const Unlimited uint64 = 1<<40 - 1

// QER is a QoS enforcement rule (§7.5.2.5). A session's rule holds its AMBR; a flow's
// rule has a QFI. Rates are kbit/s of inner IP octets, at most Unlimited; an MBR of 0 lets nothing
// pass. A flow within its GBR, 0 for none, passes whatever the session's rule says.
type QER struct {
	ID          QERID
	UplinkMBR   uint64
	DownlinkMBR uint64
	UplinkGBR   uint64
	DownlinkGBR uint64
	QFI         ident.QFI // 0: no marking, the rule is the session's
	CloseUL     bool      // gate status (§8.2.7)
	CloseDL     bool
}

// Usage is what a session has carried, in inner IP packets and octets.
type Usage struct {
	UplinkPackets, UplinkBytes     uint64
	DownlinkPackets, DownlinkBytes uint64
}

// Volume is a number of inner IP octets, each 0 where it does not matter (§8.2.13, §8.2.50).
type Volume struct{ Total, Uplink, Downlink uint64 }

// URR is a usage reporting rule (§7.5.2.4). At a threshold the UPF reports and goes on, counting
// anew; at a quota it reports and drops what comes after, until an update brings another.
// Times are whole seconds since the rule was made or last given a quota; 0 is none.
type URR struct {
	ID              URRID
	VolumeThreshold Volume
	VolumeQuota     Volume
	TimeThreshold   uint32
	TimeQuota       uint32
	Period          uint32 // a report each so many seconds
}

// Trigger says why usage is reported (§8.2.41).
type Trigger uint8

const (
	TriggerPeriod Trigger = iota + 1
	TriggerVolumeThreshold
	TriggerTimeThreshold
	TriggerVolumeQuota
	TriggerTimeQuota
	TriggerTermination // the session or the rule has ended
	TriggerImmediate   // it was asked for
)

// UsageReport is what a rule has measured since its last report (§7.5.8.3).
type UsageReport struct {
	URR      URRID
	Sequence uint32 // counts the reports of the rule from 0
	Trigger  Trigger
	Usage    Usage
	Seconds  uint32 // that the report covers
}
