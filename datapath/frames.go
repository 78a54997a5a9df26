package datapath

import (
	"fmt"
	"slices"
	"time"

	"cordon/upf"
	"cordon/wire/pfcp"
)

// Tap is the way to a data network of type Ethernet: a device that is a port of whatever switch the host plugs it into.
type Tap struct {
	Device string // its name; empty: none
	Bridge string // the host's bridge that it becomes a port of; empty: the host sees to that
}

// bridge says of each network of type Ethernet whether there is a way out.
func (c *Config) bridge() {
	c.UPF.Bridges = slices.Clone(c.UPF.Bridges)
	for i := range c.UPF.Bridges {
		c.UPF.Bridges[i].N6 = i < len(c.Taps) && c.Taps[i].Device != ""
	}
}

const frameHeads = 14 + 2*4 // what a frame has besides its payload, with two tags

// openTaps makes the devices.
func (f *Forwarder) openTaps(cfg *Config) error {
	f.taps = make([]*tap, len(cfg.UPF.Bridges))
	for i := range cfg.UPF.Bridges {
		b := &cfg.UPF.Bridges[i]
		if !b.N6 {
			continue
		}
		mtu := b.MTU
		if mtu == 0 {
			mtu = 1400
		}
		t, err := newTAP(cfg.Taps[i], mtu)
		if err != nil {
			return fmt.Errorf("network %s: %w", b.Instance, err)
		}
		t.room = mtu + frameHeads
		f.taps[i] = t
	}
	return nil
}

func (f *Forwarder) closeTaps() (err error) {
	for _, t := range f.taps {
		if t != nil {
			err = t.close()
		}
	}
	return err
}

// tap is a device that gives and takes frames.
type tap struct {
	n6
	room int // for a frame
}

// framed is a frame that goes out on N6 of its network.
type framed struct {
	bridge uint8
	octets []byte
}

// bridged leads on a device's frame, and adds it to out if it is for N6. rules is held for reading.
func (f *Forwarder) bridged(now time.Duration, v upf.Verdict, out []framed) []framed {
	f.down.Lock()
	defer f.down.Unlock()
	last := f.sessions.Switch(now, v.TEID, v.Packet, func(c upf.Verdict) {
		if c.Action == upf.ToN6 {
			out = append(out, framed{c.Bridge, c.Packet})
		} else {
			f.copied(c)
		}
	})
	if last.Finding() {
		f.events.finding(now, Event{Reason: last.Reason, CP: last.CP}, v.Packet)
	}
	return out
}

// copied sends a frame that is for a device, or reports that it waits.
func (f *Forwarder) copied(c upf.Verdict) {
	if c.Action == upf.ToN3 {
		f.turned = append(append(f.turned[:0], c.Head...), c.Packet...)
		f.sendN3(f.turned, c.To)
	}
	if c.Report {
		f.events.report(pfcp.Report{CP: c.CP, Type: pfcp.DownlinkData, PDR: c.PDR})
	}
}

// leave writes frames to the N6 of their networks.
func (f *Forwarder) leave(frames []framed) {
	for i := range frames {
		if t := f.taps[frames[i].bridge]; t.write([][]byte{frames[i].octets}) > 0 {
			f.faults[FaultN6Send].Add(1)
		}
	}
}

// fromTap carries frames from N6 of a network to N3 until the device is closed.
func (f *Forwarder) fromTap(bridge int, t *tap) {
	b, s := newBatch(t.room), newSender(f.n3)
	for {
		if err := t.read(b); err != nil {
			if f.stopped() {
				return
			}
			select {
			case f.failed <- fmt.Errorf("network %s gives no more frames: %w", f.cfg.UPF.Bridges[bridge].Instance, err):
			default:
			}
			return
		}
		f.decideFrames(bridge, b, s)
		if lost := s.flush(); lost > 0 {
			f.faults[FaultN3Send].Add(uint64(lost))
		}
	}
}

// decideFrames asks for a verdict on all frames of b. The first copy of each goes to s with others; more are sent at once, for there is
// room for one header before a frame.
func (f *Forwarder) decideFrames(bridge int, b *batch, s *sender) {
	now := f.now()
	f.rules.RLock()
	defer f.rules.RUnlock()
	f.down.Lock()
	defer f.down.Unlock()
	for i, octets := range b.packets {
		first := true
		v := f.sessions.Frame(now, bridge, octets, func(c upf.Verdict) {
			if first && c.Action == upf.ToN3 && !f.n9.leads(c.To.Addr()) {
				s.add(b.withHead(i, c.Head, c.Packet), c.To, c.DSCP)
				first = false
			} else {
				f.copied(c)
			}
		})
		if v.Finding() {
			f.events.finding(now, Event{Reason: v.Reason, CP: v.CP}, octets)
		}
	}
}
