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

// AppendWatched adds what is known of each peer, and first of all who are none. It looks at every session, which
// takes some nanoseconds each, and needs Sessions for itself.
func (s *Sessions) AppendWatched(b []Watched) []Watched {
	first := len(b)
	for i := range s.peers.list {
		c := &s.mem.PeerCounters[i]
		b = append(b, Watched{Peer: s.peers.list[i].latest(),
			UnknownTEID: c.UnknownTEID.Load(), Foreign: c.Foreign.Load(), Spoofed: c.Spoofed.Load(),
			Replayed: c.Replayed.Load(), Gaps: c.Gaps.Load(), Malformed: c.Malformed.Load(),
			Usage: pfcp.Usage{UplinkPackets: c.UpPackets.Load(), UplinkBytes: c.UpOctets.Load(),
				DownlinkPackets: c.DownPackets.Load(), DownlinkBytes: c.DownOctets.Load()}})
	}
	all := b[first:]
	for i := range uint32(s.slots.size()) {
		if peer := s.mem.Up[i].Tunnel.Load() >> 32; peer != 0 && s.mem.Records[i].SEID != 0 {
			w := &all[peer]
			w.Sessions++
			w.Usage = plus(w.Usage, s.since(i))
		}
	}
	kept := b[:first+1]
	for _, w := range all[1:] {
		if w.Peer.IsValid() {
			kept = append(kept, w)
		}
	}
	return kept
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
