// Package datapath moves user packets: it owns the socket of N3 and the device or stack of
// N6, and does with each packet what package upf says.
//
// One goroutine carries uplink, one downlink, each in batches. Any number may call what N4
// asks for: it takes turns with the batches, so a rule is either wholly in force for a packet or
// not at all. Whatever a packet holds, it costs its sender a counted drop and nobody else
// anything; memory is bounded by the configuration and the number of sessions.
package datapath

import (
	"log/slog"
	"net/netip"
	"time"

	"cordon/ident"
	"cordon/upf"
	"cordon/wire/pfcp"
)

// N6 names how packets reach the data network.
type N6 string

const (
	Auto     N6 = "auto"     // TUN where privileged, else Netstack
	TUN      N6 = "tun"      // a TUN device; the kernel routes
	Netstack N6 = "netstack" // a stack in user space ends devices' flows and dials from this host
)

// Fast names what forwards in the kernel, beside this process.
type Fast string

const (
	FastAuto    Fast = "auto"    // the best that each device can, or nothing
	FastOff     Fast = "off"     // every packet goes through this process
	FastNative  Fast = "native"  // XDP in the driver
	FastGeneric Fast = "generic" // XDP in the kernel's network stack, for any device
	FastTCX     Fast = "tcx"     // the program at the traffic control hook
)

// Config is what a forwarder is told once.
type Config struct {
	// N3 is the address and port to bind, 0.0.0.0:2152 if zero. Port 0 takes a free one.
	N3 netip.AddrPort
	// N9, if set, is the way to N9Peers, and the only one: what claims to come from them by N3 is dropped. The
	// forwarder closes it.
	N9      N9
	N9Peers []netip.Addr
	// N6 is Auto if empty.
	N6 N6
	// Device is the TUN device's name, "cordon0" if empty.
	Device string
	// Fast is how far the kernel forwards by itself, FastAuto if empty. It needs N3Device and N6Device.
	Fast Fast
	// N3Device and N6Device are the interfaces towards radios and data networks, which may be the same. Without
	// them every packet goes through this process.
	N3Device, N6Device string
	// Pin names the directory below /sys/fs/bpf/cordon that keeps sessions and programs when this
	// process ends, so that packets go on; empty keeps nothing.
	Pin string
	// DNS is where Netstack sends what devices ask their gateways' port 53; zero takes
	// the host's first resolver. A TUN device has no such service.
	DNS netip.AddrPort
	// Echo, if set, is an IPv4 address and UDP port on N6 that sends back what it gets,
	// without any network.
	Echo netip.AddrPort
	// Echo6 is the same over IPv6.
	Echo6 netip.AddrPort
	// EchoInterval is between echo requests to each radio that a session's downlink goes to; 0 sends none. The standard
	// has it be a minute at least (TS 29.281 §7.2.1).
	EchoInterval time.Duration
	// Taps are the ways to the data networks of type Ethernet, by the places of UPF.Bridges, whose N6 follows from them. One
	// that is missing, or has no name, is none: the network has its own devices only.
	Taps []Tap
	// UPF is the session side. N3 of it is the address radios are told; Random is filled in.
	UPF upf.Config
	// Events, if set, gets what the UPF reports, one event at a time. Up to 1024 wait
	// for it; the rest are lost and counted. It must return before Close can.
	Events func(Event)
	Log    *slog.Logger
}

// Event is a report for the SMF, what a round of echo requests showed, or a finding: something seen in packets that says something
// about an element or a device. A finding of one reason and source comes at once when it is
// new, and then at most once a second for all that came meanwhile.
type Event struct {
	Report *pfcp.Report // nil for a finding
	Echo   *upf.Round   // of the peer Source, which has no port; nil for a finding
	Reason upf.Reason   // of a finding
	// Source is the outer source of an uplink packet, and not valid for a downlink one. Radio
	// says that downlink of sessions goes to that address. Where too many others send at once,
	// one of them stands for all.
	Source netip.AddrPort
	Radio  bool
	TEID   ident.TEID
	CP     ident.SEID // the session, 0 if none is known
	// Count is how many packets the finding stands for, at least 1. The rest is of one of
	// them.
	Count  uint64
	octets [EventOctets]byte
	n      uint8
}

// EventOctets is how much of a packet a finding shows.
const EventOctets = 128

// Octets are the first of the packet, as it came: with N3's header on uplink.
func (e *Event) Octets() []byte { return e.octets[:e.n] }

// Choice says how the ways of packets came to be what they are.
type Choice struct {
	N6   N6
	Why  string // one line for the operator
	Fast string // what the kernel forwards, in one line: where and how, or why nothing
}
