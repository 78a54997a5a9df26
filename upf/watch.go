package upf

import (
	"net/netip"
	"sync/atomic"

	"cordon/wire/pfcp"
)

// Watched is what is known of a peer since a session first led to it, or rather since it got one of the
// Config.MaxPeers numbers, which it keeps until another needs it.
type Watched struct {
	Peer     netip.Addr // not valid: all who are none, of whom only what is counted before a session is known
	Sessions int        // that lead to it now

	UnknownTEID uint64 // packets that named no session
	Foreign     uint64 // packets for another peer's session
	Spoofed     uint64 // its devices' packets with another's address
	Replayed    uint64
	Gaps        uint64 // sequence numbers that were left out, where packets have any
	Malformed   uint64
	Usage       pfcp.Usage // what was forwarded for its devices
}

// Watching is a look at all peers, taken a step at a time. The zero one is yet to begin.
type Watching struct {
	all []Watched // by number, as they were when it began
	at  uint32    // the slot that is next
}

// Watch looks at the next n sessions, some nanoseconds each, and reports whether these were the last. It needs Sessions for
// itself, which may do other things between two steps; a look that another has begun upon begins anew.
func (s *Sessions) Watch(w *Watching, n int) (end bool) {
	if s.watching != w {
		s.begin(w)
	}
	last := min(uint64(w.at)+uint64(n), uint64(s.slots.size()))
	for ; uint64(w.at) < last; w.at++ {
		i := w.at
		if peer := uint32(s.mem.Up[i].Tunnel.Load() >> 32); peer != 0 && s.mem.Records[i].SEID != 0 {
			if of := s.watched(peer); of != nil {
				of.Sessions++
				of.Usage = plus(of.Usage, s.since(i))
			}
		}
	}
	if end = int(w.at) >= s.slots.size(); end {
		s.watching = nil
	}
	return end
}

// begin reads what is counted of peers.
func (s *Sessions) begin(w *Watching) {
	*w, s.watching = Watching{all: make([]Watched, 0, len(s.peers.list))}, w
	for i := range s.peers.list {
		c := &s.mem.PeerCounters[i]
		w.all = append(w.all, Watched{Peer: s.peers.list[i].latest(),
			UnknownTEID: c.UnknownTEID.Load(), Foreign: c.Foreign.Load(), Spoofed: c.Spoofed.Load(),
			Replayed: c.Replayed.Load(), Gaps: c.Gaps.Load(), Malformed: c.Malformed.Load(),
			Usage: pfcp.Usage{UplinkPackets: c.UpPackets.Load(), UplinkBytes: c.UpOctets.Load(),
				DownlinkPackets: c.DownPackets.Load(), DownlinkBytes: c.DownOctets.Load()}})
	}
}

// watched is what the look that is being taken has of a peer, nil if there is none or the peer has come since.
func (s *Sessions) watched(peer uint32) *Watched {
	if s.watching == nil || int(peer) >= len(s.watching.all) {
		return nil
	}
	if w := &s.watching.all[peer]; w.Peer == s.peers.list[peer].latest() {
		return w
	}
	return nil
}

// Peers are what a look has found: the first is for all senders who are no peer, each other for one peer.
func (w *Watching) Peers() (list []Watched) {
	for i, one := range w.all {
		if i == 0 || one.Peer.IsValid() {
			list = append(list, one)
		}
	}
	return list
}

// latest is who has the number, or had it last.
func (q *peer) latest() netip.Addr {
	if q.addr.IsValid() {
		return q.addr
	}
	return q.was
}

// since is what a session has carried since it has led to its peer.
func (s *Sessions) since(i uint32) pfcp.Usage {
	r := &s.mem.Records[i]
	u := s.carried(i)
	return pfcp.Usage{UplinkPackets: u.UplinkPackets - r.UpPackets, UplinkBytes: u.UplinkBytes - r.UpOctets,
		DownlinkPackets: u.DownlinkPackets - r.DownPackets, DownlinkBytes: u.DownlinkBytes - r.DownOctets}
}

// carried is what a session's own two lines have counted.
func (s *Sessions) carried(i uint32) (u pfcp.Usage) {
	up, down := s.lines(i)
	u.UplinkPackets, u.UplinkBytes = up.Packets.Load(), up.Octets.Load()
	if down != nil {
		u.DownlinkPackets, u.DownlinkBytes = down.Packets.Load(), down.Octets.Load()
	}
	return u
}

// part puts down what a session has carried to the peer that it leaves.
func (s *Sessions) part(i, peer uint32) {
	c, r, u := &s.mem.PeerCounters[peer], &s.mem.Records[i], s.since(i)
	if peer != 0 {
		if of := s.watched(peer); of != nil && i >= s.watching.at { // whose counters have been read, and who would come too late
			of.Usage = plus(of.Usage, u)
		}
		c.UpPackets.Add(u.UplinkPackets)
		c.UpOctets.Add(u.UplinkBytes)
		c.DownPackets.Add(u.DownlinkPackets)
		c.DownOctets.Add(u.DownlinkBytes)
	}
	u = s.carried(i)
	r.UpPackets, r.UpOctets, r.DownPackets, r.DownOctets = u.UplinkPackets, u.UplinkBytes, u.DownlinkPackets, u.DownlinkBytes
}

// reset forgets the peer that had the counters.
func (c *PeerCounters) reset() {
	for _, v := range []*atomic.Uint64{&c.UnknownTEID, &c.Foreign, &c.Spoofed, &c.Replayed, &c.Gaps, &c.Malformed,
		&c.UpPackets, &c.UpOctets, &c.DownPackets, &c.DownOctets} {
		v.Store(0)
	}
}
