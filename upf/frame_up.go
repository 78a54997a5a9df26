package upf

import (
	"net/netip"
	"time"

	"cordon/wire/gtpu"
)

// frameUp decides about a G-PDU of a session of type Ethernet; i is its slot, n the tunnel.
func (s *Sessions) frameUp(now time.Duration, source netip.Addr, i uint32, n int8, l *Line, h *gtpu.Header, rest []byte) Verdict {
	v, st, f := Verdict{TEID: h.TEID}, s.slots.state(i), &s.up.frame
	if v.Reason = s.slowOuter(now, st, st.shape.tunnels[n], l, source, h); v.Reason == ReasonNone {
		v.Reason = f.parse(rest)
	}
	if v.Reason == ReasonNone {
		v.Reason = s.admitFrame(now, i, st, n, l, h, f)
	}
	if v.Reason != ReasonNone {
		v.CP = s.cp(i)
		return v
	}
	s.up.Packets++
	s.up.Bytes += uint64(len(f.octets))
	v.Action, v.Packet = ToBridge, f.octets
	return v
}

// admitFrame checks what the device is answerable for, and holds the frame to the session's rules. What it says of
// where its sender lives is believed last.
func (s *Sessions) admitFrame(now time.Duration, i uint32, st *state, n int8, l *Line, h *gtpu.Header, f *frame) Reason {
	down := s.mem.Records[i].Down
	b, second, flow := s.bridgeOf(down), uint32(now/time.Second), uint8(noFlow)
	if h.HasContainer {
		flow = uint8(h.Container.QFI)
	}
	d, reason := st.shape.detectFrame(n, flow)
	switch {
	case reason != ReasonNone:
		return reason
	case st.shape.paths[d.far] == pathDrop:
		return ReasonGate
	case !f.host(), s.down.stations.holds(b.key(f.src), second, b.age):
		return ReasonSpoofedSource
	case f.linkOnly():
		return ReasonLinkOnly
	case h.HasSeq && s.cfg.FilterDuplicates && Seen(l.Word.Load()).repeats(h.Seq):
		return ReasonReplayed
	case len(f.payload()) > b.cfg.MTU:
		return ReasonTooBig
	}
	if reason = s.carries(f); reason != ReasonNone {
		return reason
	}
	if reason = s.up.stations.learn(b.key(f.src), down-1, second, b.age); reason != ReasonNone {
		return reason
	}
	if reason = st.admit(now, d, len(f.octets)); reason != ReasonNone {
		return reason
	}
	if h.HasSeq {
		s.note(l, h.Seq)
	}
	l.charge(0, now, len(f.octets), s.mem.Shared)
	return ReasonNone
}
