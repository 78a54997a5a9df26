package upf

import (
	"fmt"
	"sync/atomic"
)

// LayoutVersion is of everything that Memory holds, and of what it means. Memory of another version is not
// to be adopted.
const LayoutVersion = 1

// Memory is what the packet path reads and writes, as flat arrays. Package datapath lays them into maps
// that the kernel's forwarder shares and that outlive the process; NewMemory makes them of ordinary
// memory. All of it is made of words that are read and written at once.
//
// Settings, Pools, Ranges, Services and Special are written by New alone.
type Memory struct {
	Shared   bool           // another than this process's Sessions forwards by it too
	Settings []Settings     // one
	Pools    []PoolEntry    // the first Settings.Pools count
	Ranges   []Range        // the first Settings.Ranges count: what devices do not reach
	Services []ServiceEntry // the first Settings.Services count: but these
	// Special has a bit for each /16 of IPv4 and, from word 1024 on, for each value of the first 16 bits
	// of an IPv6 address: bit n%64 of word n/64. Where it is clear, no address is in a pool,
	// in a range, in a service or nowhere, and nothing more need be asked of a destination, or
	// of the source of a packet from N6.
	Special      []uint64
	Up           []Line         // by slot
	Down         []Line         // by index of address
	Records      []Record       // by slot
	Peers        []PeerEntry    // 0 is nobody
	PeerCounters []PeerCounters // by peer; 0 is all who are no peer
	RuleSets     []RuleSet      // 0 and 255 are not used
	NAT          []NATEntry     // by index of public address << 16 | port
}

// Layout is how many entries each array of Memory has.
type Layout struct {
	Settings, Pools, Ranges, Services, Special  int
	Up, Down, Records, Peers, PeerCounters, NAT int
	RuleSets                                    int
}

const (
	maxPools     = 32
	maxRanges    = 512
	maxServices  = 64
	maxRules     = 16 // in a rule set
	maxRuleSets  = 256
	specialWords = 2 * 1024
	maxPublic    = 256     // public addresses of NAT
	maxAddresses = 1 << 20 // that one pool contributes: its first
	defaultPeers = 4096
	maxPeers     = 1 << 16
	slotStep     = 4096 // slots come into use by so many
)

// Layout says what memory a UPF of that configuration needs. The error says which setting is wrong.
func (c *Config) Layout() (Layout, error) {
	cfg, err := c.complete()
	if err != nil {
		return Layout{}, err
	}
	slots := min(maxSlots, (cfg.MaxSessions+cfg.MaxSessions/8+4*slotStep)/slotStep*slotStep)
	l := Layout{Settings: 1, Pools: maxPools, Ranges: maxRanges, Services: maxServices, Special: specialWords,
		Up: slots, Records: slots, Peers: cfg.MaxPeers + 1, PeerCounters: cfg.MaxPeers + 1, RuleSets: maxRuleSets}
	pools, err := newPools(&cfg)
	if err != nil {
		return Layout{}, err
	}
	if _, err := newRanges("forbidden ranges", cfg.Forbidden); err != nil {
		return Layout{}, err
	}
	if _, err := newServices(cfg.Services); err != nil {
		return Layout{}, err
	}
	for i := range pools {
		if pools[i].Flags&PoolPublic != 0 {
			l.NAT = int(pools[i].First+pools[i].Count) << 16
		} else {
			l.Down = int(pools[i].First + pools[i].Count)
		}
	}
	bridges, err := newBridges(&cfg, firstBridgeLine(pools))
	if err != nil {
		return Layout{}, err
	}
	for i := range bridges {
		l.Down += bridges[i].cfg.Sessions
	}
	return l, nil
}

// NewMemory is memory of a layout that this process alone uses. The system gives it when it is touched.
func NewMemory(l Layout) *Memory {
	return &Memory{
		Settings: make([]Settings, l.Settings), Pools: make([]PoolEntry, l.Pools), Ranges: make([]Range, l.Ranges),
		Services: make([]ServiceEntry, l.Services), Special: make([]uint64, l.Special), Up: make([]Line, l.Up), Down: make([]Line, l.Down),
		Records: make([]Record, l.Records), Peers: make([]PeerEntry, l.Peers), PeerCounters: make([]PeerCounters, l.PeerCounters),
		RuleSets: make([]RuleSet, l.RuleSets), NAT: make([]NATEntry, l.NAT),
	}
}

// fits checks that m has the layout l.
func (m *Memory) fits(l Layout) error {
	has := Layout{Settings: len(m.Settings), Pools: len(m.Pools), Ranges: len(m.Ranges), Services: len(m.Services), Special: len(m.Special),
		Up: len(m.Up), Down: len(m.Down), Records: len(m.Records), Peers: len(m.Peers), PeerCounters: len(m.PeerCounters),
		RuleSets: len(m.RuleSets), NAT: len(m.NAT)}
	if has != l {
		return fmt.Errorf("upf: memory has the layout %+v, and the configuration %+v", has, l)
	}
	return nil
}

// Settings is what the packet path has to know of Config, 176 octets.
//
//	octet 0    Version   4
//	      4    Flags     4  Settings* below
//	      8    MTU       4  largest inner packet
//	     12    Pools     4  how many entries of each array count
//	     16    Ranges    4
//	     20    Services  4
//	     24    NATBlock  4  ports of a session's block, a power of two
//	     28    N3v4      4  our address, 0 none
//	     32    N3v6     16  our address as it is on the wire, 0 none
//	     48    DSCP     64  outer DSCP (0 to 63) by QFI
//	    112    MTUN6     4  largest packet that N6 takes
//	    116    Spare     4
//	    120    Outer    56  written by package datapath for the kernel's forwarder, whose header says
//	                        what it means
type Settings struct {
	Version  uint32
	Flags    uint32
	MTU      uint32
	Pools    uint32
	Ranges   uint32
	Services uint32
	NATBlock uint32
	N3v4     uint32
	N3v6     [16]uint8
	DSCP     [64]uint8
	MTUN6    uint32
	Spare    uint32
	Outer    [56]uint8
}

// Flags of Settings.
const (
	SettingsUEToUE           uint32 = 1 << iota // devices may reach each other
	SettingsRequireContainer                    // uplink without a PDU session container is dropped
	SettingsFilterDuplicates                    // and uplink whose sequence number has been seen
	SettingsMarkN6                              // DSCP marks the inner header of uplink too
)

// Record is what a process that finds the memory of another needs to know of a slot besides its line, 96 octets.
// The kernel's forwarder has no use for it.
type Record struct {
	SEID  uint64 // the UPF's name of the session; 0: none. Written last, cleared first
	CP    uint64 // the SMF's name
	TEID  uint32 // last of the slot: stays, so that the next differs
	Owner uint32 // of a session's further tunnel, which has no SEID: 1 + the session's slot
	Down  uint32 // 1 + index of the session's downlink line, 0 of none
	Alias uint32 // 1 + index of the line that is an alias of it, 0 of none
	PDR   uint32 // a rule of what comes by the tunnel
	Spare uint32
	// What the lines had counted when downlink was last led to another peer.
	UpPackets, UpOctets, DownPackets, DownOctets uint64
	// What the lines had counted when the session's first URR last reported; of packets, the low 32 bits.
	ToldUpOctets, ToldDownOctets   uint64
	ToldUpPackets, ToldDownPackets uint32
}

// PeerEntry is an endpoint that downlink or N9 goes to, 64 octets.
//
//	octet 0    Addr      16  as on the wire; of an IPv4 address the first 4
//	     16    Next       6  } MAC addresses of the next hop, and of ours
//	     22    Own        6  }
//	     28    Ifindex    4  } interface that leads there
//	     32    MTU        4  } of the path, of IP packets
//	     36    Family     4  0: free; 4 or 6. Written last, cleared first, by this package
//	     40    Ready      4  } 1: what is marked so may be used. Written last, cleared first
//	     44    Sum        4  } IPv4: sum of the outer header's words that do not change, folded to 16 bits, not
//	                           inverted. IPv6: of the UDP pseudo-header's
//	     48    VLAN       4  } tag, 0 none
//	     52    Sequence   4  reserved: 0
//	     56    Spare      8  reserved: 0
//
// What is marked } is written by package datapath, which asks the kernel for routes and neighbours.
type PeerEntry struct {
	Addr     [16]uint8
	Next     [6]uint8
	Own      [6]uint8
	Ifindex  uint32
	MTU      uint32
	Family   uint32
	Ready    uint32
	Sum      uint32
	VLAN     uint32
	Sequence uint32
	Spare    uint64
}

// PeerCounters watches a peer: 80 octets, each a count that only grows while the peer is one. Every
// forwarder adds to the first six. The last four are added to by this package when a session leaves the peer.
type PeerCounters struct {
	UnknownTEID atomic.Uint64 // no session has it
	Foreign     atomic.Uint64 // its packets for a session of another peer
	Spoofed     atomic.Uint64 // its devices' packets with another's address
	Replayed    atomic.Uint64
	Gaps        atomic.Uint64 // sequence numbers that were left out
	Malformed   atomic.Uint64 // GTP-U or inner packet

	UpPackets, UpOctets, DownPackets, DownOctets atomic.Uint64
}

// Range is addresses of a family in the form that is cheapest to ask, 40 octets: those whose two halves are Hi
// and Lo after & with the masks. An IPv4 address has a Hi of 0, and is Lo.
type Range struct {
	Family                 uint32 // 4 or 6; 0 in a Rule: either
	Spare                  uint32
	Hi, Lo, MaskHi, MaskLo uint64
}

// ServiceEntry is an address, protocol and port that devices may reach although a Range has the address.
type ServiceEntry struct {
	Hi, Lo   uint64 // as of a Range
	Family   uint16
	Protocol uint16
	Port     uint16
	Spare    uint16
}

// Rule is one SDF filter, 56 octets. A zero Protocol is any; ports are compared, ends included, where the
// last is not 0, and then only a packet with ports meets the rule. A zero Remote is any address.
type Rule struct {
	Remote                  Range
	RemoteFirst, RemoteLast uint16
	LocalFirst, LocalLast   uint16
	Protocol                uint32
	Flags                   uint32 // reserved: 0
}

// RuleSet is what a session's packets may be: one that meets none of the first Count rules is dropped.
type RuleSet struct {
	Count uint32
	Flags uint32 // reserved: 0
	Rules [maxRules]Rule
}

// NATEntry is a port of a public address, 16 octets.
//
//	octet 0    Owner  8  bits 0 to 31: 1 + index into Memory.Down of the device's line; 32 to 47: its port;
//	                     48 to 55: protocol (6, 17, or 1 with the identifier for a port). 0: free
//	      8    Used   8  bits 0 to 31: second of CLOCK_MONOTONIC in which it was last used; from 32: NAT* below
type NATEntry struct {
	Owner atomic.Uint64
	Used  atomic.Uint64
}
