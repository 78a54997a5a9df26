package upf

import (
	"errors"
	"fmt"
	"time"

	"cordon/ident"
)

// Bridge is a network of sessions of type Ethernet: what its devices send is led on by MAC address, to other sessions and to N6.
type Bridge struct {
	Instance ident.DNN
	// Sessions is how many it may have, and so how many copies of a frame to all are made: at most 4096, 256 if 0.
	Sessions int
	// N6 says that there is more to the network than its devices: what is for an unknown address goes there.
	N6 bool
	// Isolated has devices reach N6 only, and not each other.
	Isolated bool
	// FloodUnknown has frames for an address that nobody is known to have go to all; without it those from N6 are dropped.
	FloodUnknown bool
	// FloodRate is how many frames for all, or for a group, each session may send in a second, and so many N6: 1000 if 0.
	FloodRate int
	// MTU is the largest payload of a frame, behind its tags: 1400 if 0.
	MTU int
	// Age is how long an address that is silent stays where it is though others claim it: 5 minutes if 0.
	Age time.Duration
}

const (
	maxBridges        = 32
	maxBridgeSessions = 4096
	maxMACs           = 16     // behind one session
	floodCopies       = 100000 // of frames to all, that a bridge makes in a second
	minBridgeMTU      = 46
)

// bridge is one with where its sessions' downlink lines are, which are those of no address.
type bridge struct {
	cfg     Bridge
	number  uint8
	first   uint32 // line
	age     uint32 // seconds
	senders []limiter
	copies  limiter
}

// firstBridgeLine is the line after those of the pools.
func firstBridgeLine(pools []pool) (n uint32) {
	for i := range pools {
		if pools[i].Flags&PoolPublic == 0 {
			n = pools[i].First + pools[i].Count
		}
	}
	return n
}

// newBridges lays bridges after the lines that are in use up to first.
func newBridges(c *Config, first uint32) ([]bridge, error) {
	var out []bridge
	if len(c.Bridges) > maxBridges {
		return nil, fmt.Errorf("upf: %d networks of type Ethernet: want at most %d", len(c.Bridges), maxBridges)
	}
	for _, b := range c.Bridges {
		if err := b.complete(); err != nil {
			return nil, err
		}
		for i := range out {
			if out[i].cfg.Instance == b.Instance {
				return nil, fmt.Errorf("upf: network %q of type Ethernet is there twice", b.Instance)
			}
		}
		out = append(out, bridge{cfg: b, number: uint8(len(out)), first: first, age: uint32(b.Age / time.Second), senders: make([]limiter, b.Sessions+1)})
		first += uint32(b.Sessions)
	}
	return out, nil
}

// complete puts in what is left out, and says what is wrong.
func (b *Bridge) complete() error {
	for _, v := range []struct {
		field *int
		zero  int
	}{{&b.Sessions, 256}, {&b.FloodRate, 1000}, {&b.MTU, 1400}} {
		if *v.field == 0 {
			*v.field = v.zero
		}
	}
	if b.Age == 0 {
		b.Age = 5 * time.Minute
	}
	switch {
	case b.Instance == "":
		return errors.New("upf: a network of type Ethernet without a name")
	case b.Sessions < 1 || b.Sessions > maxBridgeSessions:
		return fmt.Errorf("upf: network %q: %d sessions of type Ethernet: want 1 to %d", b.Instance, b.Sessions, maxBridgeSessions)
	case b.FloodRate < 1 || b.FloodRate > floodCopies:
		return fmt.Errorf("upf: network %q: %d frames to all in a second: want 1 to %d", b.Instance, b.FloodRate, floodCopies)
	case b.MTU < minBridgeMTU || b.MTU > maxInner-2*macSize-2-4*maxTags:
		return fmt.Errorf("upf: network %q: MTU %d: want %d to %d", b.Instance, b.MTU, minBridgeMTU, maxInner-2*macSize-2-4*maxTags)
	case b.Age < time.Second || b.Age > 24*time.Hour:
		return fmt.Errorf("upf: network %q: addresses are kept for %v: want a second to a day", b.Instance, b.Age)
	}
	return nil
}

// bridgeOf is the bridge that a downlink line belongs to; down is 1 + its index, as a Record has it. It is nil for the line of
// an address, and for 0.
func (s *Sessions) bridgeOf(down uint32) *bridge {
	for i := range s.bridges {
		if b := &s.bridges[i]; down-1-b.first < uint32(b.cfg.Sessions) {
			return b
		}
	}
	return nil
}

// bridgeNamed is the bridge of a network instance, nil if there is none.
func (s *Sessions) bridgeNamed(instance ident.DNN) *bridge {
	for i := range s.bridges {
		if s.bridges[i].cfg.Instance == instance {
			return &s.bridges[i]
		}
	}
	return nil
}

// key is what stations know one of the bridge's MAC addresses by.
func (b *bridge) key(mac uint64) uint64 { return uint64(b.number+1)<<48 | mac }

// sender is the limit of the session with a line, or of N6.
func (b *bridge) sender(line uint32) *limiter {
	return &b.senders[min(line-b.first, uint32(b.cfg.Sessions))]
}
