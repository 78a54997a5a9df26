package ran

import (
	"net/netip"
	"sync/atomic"
	"time"

	"cordon/ident"
	"cordon/wire/gtpu"
)

// flow is one session's user plane: its tunnel while it has one, and its traffic. All of
// it is guarded by the endpoint's mutex.
type flow struct {
	ue    *UE
	psi   ident.PDUSessionID
	at    atomic.Pointer[endpoint] // whose mutex guards it; nil while it is between two
	local ident.TEID

	up     bool // the tunnel stands
	remote ident.TEID
	peer   netip.AddrPort
	qfi    ident.QFI

	addr4     netip.Addr // its own addresses; not valid where it has none, or none yet
	addr6     netip.Addr
	link      netip.Addr // link-local: it has IPv6
	frames    bool       // it carries Ethernet frames
	id        [8]byte    // interface identifier
	mtu       uint32     // as a router advertisement says, 0 if none did
	solicited int        // how often it has asked for its prefix

	probes  uint64  // whose its probes are
	lanes   [2]lane // of its probes: IPv4, IPv6
	lane    int     // the last one's
	payload int
	active  bool // it takes part in the sending
	turn    int  // where in the endpoint's list of those that do
	seq     uint32
	sent    uint64
	echoed  uint64
	heard   time.Time // when the last one came back
	top     uint32    // highest sequence number that came back
	seen    uint64    // bit i: top-i came back

	host   Host          // what sends and gets packets in place of probes, nil for nothing
	raised chan struct{} // closed when the tunnel stands; nil where nobody waits
}

// lane is a session's probes of one version of IP. From is not valid until the session has an address of it.
type lane struct {
	from, to netip.AddrPort
	echoed   uint64
	heard    time.Time
}

// laneOf is the place of an address's lane.
func laneOf(a netip.Addr) int {
	if a.Is4() {
		return 0
	}
	return 1
}

// ready reports whether the lane has both ends.
func (l *lane) ready() bool { return l.from.IsValid() && l.to.IsValid() }

// aim has the flow's probes of a version of IP go to a service, as soon as it has an address of it.
func (f *flow) aim(to netip.AddrPort) *lane {
	own := f.addr4
	l := &f.lanes[laneOf(to.Addr())]
	if to.Addr().Is6() {
		own = f.addr6
	}
	l.to, l.from = to, netip.AddrPort{}
	if own.IsValid() {
		l.from = netip.AddrPortFrom(own, 40000+uint16(f.psi))
	}
	return l
}

// nextLane is the lane whose turn it is, nil if none is ready.
func (f *flow) nextLane() *lane {
	for range f.lanes {
		f.lane = (f.lane + 1) % len(f.lanes)
		if l := &f.lanes[f.lane]; l.ready() {
			return l
		}
	}
	return nil
}

// fresh reports whether sequence number seq comes back for the first time, and remembers it.
func (f *flow) fresh(seq uint32) bool {
	switch {
	case seq > f.top:
		shift := seq - f.top
		f.seen = f.seen<<min(shift, 64) | 1
		f.top = seq
		return true
	case f.top-seq >= 64 || f.seen>>(f.top-seq)&1 != 0:
		return false
	}
	f.seen |= 1 << (f.top - seq)
	return true
}

// encapsulate writes an uplink G-PDU. The mutex is held.
func (f *flow) encapsulate(b, inner []byte) []byte { return append(f.header(b, len(inner)), inner...) }

// header writes that of one for n octets.
func (f *flow) header(b []byte, n int) []byte {
	h := gtpu.Header{Type: gtpu.TypeGPDU, TEID: f.remote, HasContainer: true,
		Container: gtpu.Container{Type: gtpu.Uplink, QFI: f.qfi}}
	return h.Append(b, n)
}

// alive reports whether a packet came back since a time on each lane that there is to be, and there is one.
func (f *flow) alive(since time.Time) bool {
	n := 0
	for i := range f.lanes {
		l := &f.lanes[i]
		if !l.to.IsValid() {
			continue
		}
		if l.echoed == 0 || l.heard.Before(since) {
			return false
		}
		n++
	}
	return n > 0
}
