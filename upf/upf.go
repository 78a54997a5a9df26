// Package upf is the user plane function without its sockets: it turns the session state
// that N4 carries into forwarding entries and decides, packet by packet, what a forwarder
// has to do. Every forwarder of this network gives the verdict that this package gives.
//
// Three of the network's invariants live here. Uplink counts only from the endpoint that
// downlink goes to. A packet from a device carries that device's address. And the planes
// never meet: a device's packet for a place that Config forbids is dropped before routing.
//
// # Ownership
//
// Nothing here locks, and nothing here allocates for a packet that is forwarded. Establish,
// Modify, Delete, Usage, Sweep, Adopt and RemoveUnclaimed need Sessions for themselves. Uplink touches only the
// uplink half of the lines, Downlink, Local, Relay and Expire only the downlink half, so one goroutine may run
// the one while another runs the other; two of the same direction may not run at once. What a
// Verdict refers to is valid until the next call of the same direction.
//
// # Sessions
//
// A session may have many rules. What two lines can say, one for each direction, is said by them, and
// every forwarder reads it there: one flow between a radio and N6, policed, filtered, measured. The packets of
// any other session, which has several flows, several tunnels or another UPF beyond it, come to this package, whose
// lines then carry the counts. Sessions of the same rules share what follows from the rules (see shape).
//
// # Handles
//
// A TEID is twelve random bits and a slot of twenty, drawn at random from those free; an
// SEID likewise with 44. So a packet finds its entry without a hash, all bits are
// compared, and nobody guesses one. A slot that a session has left rests before another gets it,
// and never has the same TEID twice in a row.
package upf

import (
	"net/netip"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// Pool is a range of device addresses of one network instance. The gateway belongs to it
// and answers the devices' echo requests; zero takes the first address after the network's.
// The network's and the last address are no device's. A pool of IPv6 gives each device a /64, and
// its first /64 is the gateway's, who has the address ::1 there. A pool contributes its first 2^20 addresses,
// or /64s.
type Pool struct {
	Instance ident.DNN
	Prefix   netip.Prefix // IPv4, /8 to /30, or IPv6, /16 to /63
	Gateway  netip.Addr   // zero for IPv6
	NAT      bool         // IPv4: devices share the public addresses of Config.NAT
}

// Service is one address, protocol (6 TCP, 17 UDP) and port that devices may reach although
// Config.Forbidden covers the address.
type Service struct {
	Addr     netip.Addr
	Protocol uint8
	Port     uint16
}

// Config is what a UPF is told once.
type Config struct {
	// N3 is the address that radios send to. F-TEIDs carry it.
	N3 netip.Addr
	// Pools may not overlap: they share one N6.
	Pools []Pool
	// RAN is where radios' endpoints may lie. Empty allows any unicast address that is
	// neither a device's nor in Forbidden.
	RAN []netip.Prefix
	// N9 is where other UPFs may lie that sessions' rules lead to. Empty allows none.
	N9 []netip.Prefix
	// Paging is how many downlink notifications a second the devices of one pool may cause together,
	// 1000 if 0: what comes for others is dropped.
	Paging int
	// Inside are endpoints, of radios or other UPFs, that a tunnel leads to: what claims to be from them and did not come out of it is to be
	// dropped before it gets here. A forwarder in the kernel, which the tunnel does not pass, is not told of them.
	Inside []netip.Addr
	// Bridges are the networks of sessions of type Ethernet, at most 32.
	Bridges []Bridge
	// Forbidden is what devices never reach besides what they never reach anyway: this
	// host, link-local and metadata, multicast, broadcast and reserved addresses, and
	// each other. N2, N3, N4 and the console belong here.
	Forbidden []netip.Prefix
	Services  []Service
	// UEToUE lets devices reach each other through the UPF.
	UEToUE bool
	// MTU is the largest packet that goes to a device, 1400 if 0: IPv6 needs 1280.
	MTU int
	// MTUN6 is the largest packet that N6 takes, 1500 if 0. A larger one that may be fragmented is
	// N6's to fragment.
	MTUN6 int
	// NAT are the public IPv4 addresses, at most 256, that the pools with NAT share, all of a prefix. They
	// lead to this user plane, and are neither this host's nor in a pool.
	NAT []netip.Prefix
	// NATBlock is how many ports of one public address a session has: a power of two from 16 to
	// 4096, 256 if 0. A device has at most as many flows by NAT at once.
	NATBlock int
	// DSCP marks the outer header of a packet by its QFI, and uplink its inner one where MarkN6 says so.
	DSCP   [64]uint8
	MarkN6 bool
	// MaxSessions is at most 1<<20, which 0 means.
	MaxSessions int
	// MaxPeers is how many endpoints downlink may go to at once: at most 65535, 4096 if 0.
	MaxPeers int
	// RequireContainer drops uplink without a PDU session container instead of taking
	// it for the default flow.
	RequireContainer bool
	// FilterDuplicates drops uplink whose GTP-U sequence number has been seen, or is 32
	// or more behind the newest, on tunnels that carry numbers.
	FilterDuplicates bool
	// Random is a cryptographically secure source of 64 bits.
	Random func() uint64
}

// Action says what a forwarder does with a packet.
type Action uint8

const (
	// Drop: nothing more. Reason says why.
	Drop Action = iota
	// ToN6: Packet goes out on N6.
	ToN6
	// ToN3: Head and then Packet go to To in one datagram, marked with DSCP. Head is empty
	// where Packet is a whole GTP-U message: an answer, an indication, an end marker.
	ToN3
	// ToLocal: Packet goes through Local, for it is for a device.
	ToLocal
	// ToDevice: Packet goes through Relay with TEID, for it came by a tunnel for the device.
	ToDevice
	// ToBridge: Packet is an Ethernet frame that goes through Switch with TEID.
	ToBridge
	// Held: the packet was copied and waits for the device.
	Held
	// Peer: a path message that asks for nothing, see Verdict.Peer.
	Peer
)

// Verdict is what became of one packet, with the facts that decided.
type Verdict struct {
	Action Action
	Reason Reason // with Drop; with an answer, which may be ToN3, ToN6 or ToLocal, why the packet itself was not forwarded
	Peer   PeerEvent
	Bridge uint8          // with an Ethernet frame that is ToN6: which of Config.Bridges it is of
	TEID   ident.TEID     // the tunnel named in an uplink packet, or that downlink goes to
	CP     ident.SEID     // the session as the SMF calls it, 0 if the packet met none
	To     netip.AddrPort // with ToN3
	Head   []byte         // with ToN3
	Packet []byte
	DSCP   uint8      // with ToN3
	PDR    pfcp.PDRID // with Held, or a downlink Report: the rule that the packet met
	Radio  bool       // with a Reason of Finding: downlink of sessions goes to the uplink packet's source
	Report bool       // the SMF is to be told: the first that is Held, or would be with room, or Peer lost the session's tunnel
}

// Finding reports whether the packet says something about an element or a device: see
// Reason.Finding. A tunnel that never was is a finding too, of a radio; strangers are told nothing
// and may guess.
func (v *Verdict) Finding() bool {
	return v.Reason.Finding() || v.Reason == ReasonUnknownTEID && v.Radio
}

// PeerEvent is what a path message of a radio says.
type PeerEvent uint8

const (
	PeerNone       PeerEvent = iota
	PeerAlive                // it answered an echo request
	PeerLostTunnel           // it does not know the tunnel of the session
)

// Rest is how long a slot rests after its session before another session may have it.
const Rest = 60 * time.Second
