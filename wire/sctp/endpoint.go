package sctp

import (
	"net/netip"
	"time"
)

// Path is where a packet came from or goes: the addresses, and in RFC 6951 encapsulation
// the peer's UDP port. Local may be unset when the owner has but one address.
type Path struct {
	Local  netip.Addr
	Remote netip.AddrPort
}

// EventKind says what happened to an association.
type EventKind uint8

const (
	Up       EventKind = iota // ready for messages
	Readable                  // Receive has a message; told once until Receive has none
	Down                      // ended; Err says why. Receive still yields what had arrived
)

// Event is something that an endpoint's owner should know.
type Event struct {
	Association *Association
	Kind        EventKind
}

// Stats counts what an endpoint saw.
type Stats struct {
	Associations int // now up
	Accepted     uint64
	RefusedFull  uint64 // INITs and cookies refused at MaxAssociations
	RefusedShare uint64 // at MaxPerPrefix

	PacketsIn   uint64
	PacketsOut  uint64
	BadPackets  uint64 // malformed, wrong checksum or port, or from no unicast address
	BadTags     uint64 // wrong verification tag
	Strays      uint64 // of no association (§8.4)
	BadCookies  uint64
	Overflows   uint64 // answers to strangers dropped because too many waited
	Restarts    uint64
	Lost        uint64
	Retransmits uint64 // time-outs of the retransmission timer
}

// never is later than every deadline.
const never = time.Duration(1<<63 - 1)

// Endpoint is one SCTP port and its associations.
type Endpoint struct {
	cfg    Config
	assocs map[netip.AddrPort]*Association // by the peer's address and SCTP port
	shares map[netip.Prefix]int            // associations per prefix

	answers fifo[answer]       // whole packets, to strangers and from the departed
	dirty   fifo[*Association] // may have something to send
	events  fifo[Event]
	due     schedule

	strayTokens int // what may still be answered to strangers with ABORT in this period
	strayPeriod time.Duration
	stats       Stats
}

type answer struct {
	path   Path
	packet []byte
}

const (
	maxAnswers      = 512 // waiting to be emitted
	straysPerPeriod = 200 // ABORTs to strangers per second
)

// NewEndpoint makes an endpoint without associations.
func NewEndpoint(cfg Config) *Endpoint {
	cfg.setDefaults()
	return &Endpoint{cfg: cfg, assocs: map[netip.AddrPort]*Association{}, shares: map[netip.Prefix]int{}}
}

// Stats returns the counters.
func (e *Endpoint) Stats() Stats {
	s := e.stats
	s.Associations = len(e.assocs)
	return s
}

// Listen says whether INITs are answered from now on.
func (e *Endpoint) Listen(on bool) { e.cfg.Listen = on }

// Input takes one received packet, which it does not keep.
func (e *Endpoint) Input(now time.Duration, path Path, b []byte) {
	e.stats.PacketsIn++
	p, err := ParsePacket(b)
	from := path.Remote.Addr()
	if err != nil || p.Destination != e.cfg.Port || !from.IsValid() || from.IsMulticast() || from.IsUnspecified() {
		e.stats.BadPackets++
		return
	}
	key := netip.AddrPortFrom(from, p.Source)
	a := e.assocs[key]
	first := p.first()
	switch {
	case first.Type == TypeInit:
		e.onInit(now, path, p, a)
	case first.Type == TypeCookieEcho:
		if a = e.onCookie(now, path, p, a); a != nil {
			a.onPacket(now, path, p)
		}
	case a == nil, first.Type == TypeShutdownAck && a.setsUp(): // §8.5.1 E
		e.onStray(now, path, p)
	case a.admits(p, first):
		a.onPacket(now, path, p)
	default:
		e.stats.BadTags++
	}
}

// onStray answers a packet of no association (§8.4).
func (e *Endpoint) onStray(now time.Duration, path Path, p Packet) {
	e.stats.Strays++
	for c := range p.Chunks() {
		switch c.Type {
		case TypeAbort, TypeShutdownComplete, TypeCookieAck, TypeInitAck, TypeError:
			return
		case TypeShutdownAck:
			e.reply(path, p, p.Tag, Chunk{Type: TypeShutdownComplete, Flags: FlagT})
			return
		}
	}
	if now-e.strayPeriod >= time.Second {
		e.strayPeriod, e.strayTokens = now, straysPerPeriod
	}
	if e.strayTokens > 0 {
		e.strayTokens--
		e.reply(path, p, p.Tag, Chunk{Type: TypeAbort, Flags: FlagT})
	}
}

// reply queues an answer to a packet that belongs to no association.
func (e *Endpoint) reply(path Path, to Packet, tag uint32, c Chunk) {
	e.answer(path, AppendPacket(nil, e.cfg.Port, to.Source, tag, c))
}

func (e *Endpoint) answer(path Path, packet []byte) {
	if e.answers.len() >= maxAnswers {
		e.stats.Overflows++
		return
	}
	e.answers.push(answer{path, packet})
}

// Emit returns the next packet to send, written into b, which has room for
// Config.Packet octets. It returns false when there is nothing to send now.
func (e *Endpoint) Emit(now time.Duration, b []byte) ([]byte, Path, bool) {
	if e.answers.len() > 0 {
		a := e.answers.pop()
		e.stats.PacketsOut++
		return append(b[:0], a.packet...), a.path, true
	}
	for e.dirty.len() > 0 {
		a := *e.dirty.at(0)
		if p := a.emit(now, b[:0]); len(p) > 0 {
			e.reschedule(a)
			e.stats.PacketsOut++
			return p, a.path, true
		}
		a.dirty = false
		e.dirty.pop()
		e.reschedule(a)
	}
	return nil, Path{}, false
}

// touch notes that an association may have something to send or another deadline.
func (e *Endpoint) touch(a *Association) {
	if !a.dirty {
		a.dirty = true
		e.dirty.push(a)
	}
	e.reschedule(a)
}

// Event returns the oldest event not yet returned.
func (e *Endpoint) Event() (Event, bool) {
	if e.events.len() == 0 {
		return Event{}, false
	}
	return e.events.pop(), true
}

// share is the prefix whose associations are counted together.
func share(a netip.Addr) netip.Prefix {
	bits := 64
	if a.Is4() {
		bits = 24
	}
	p, _ := a.WithZone("").Prefix(bits) // an address has as many bits
	return p
}

// full reports whether the caps leave no room for one more association, and counts it.
func (e *Endpoint) full(from netip.Addr) bool {
	switch {
	case len(e.assocs) >= e.cfg.MaxAssociations:
		e.stats.RefusedFull++
	case e.shares[share(from)] >= e.cfg.MaxPerPrefix:
		e.stats.RefusedShare++
	default:
		return false
	}
	return true
}

func (e *Endpoint) add(a *Association) {
	e.assocs[a.peer] = a
	e.shares[share(a.peer.Addr())]++
}

// end takes an association out. Its unread messages stay readable.
func (e *Endpoint) end(a *Association, reason error) {
	if a.state == closed {
		return
	}
	a.state, a.err = closed, reason
	a.rtx, a.sackAt, a.probe, a.guard = never, never, never, never
	a.tx, a.control = sender{}, nil
	a.rx = receiver{ready: a.rx.ready}
	e.due.remove(a)
	delete(e.assocs, a.peer)
	p := share(a.peer.Addr())
	if e.shares[p]--; e.shares[p] == 0 {
		delete(e.shares, p)
	}
	if reason == ErrLost {
		e.stats.Lost++
	}
	e.events.push(Event{a, Down})
}

// Pending reports whether Emit may have something to send.
func (e *Endpoint) Pending() bool { return e.answers.len() > 0 || e.dirty.len() > 0 }
