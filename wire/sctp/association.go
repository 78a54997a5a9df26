package sctp

import (
	"encoding/binary"
	"net/netip"
	"time"
)

type state uint8

const (
	closed state = iota
	cookieWait
	cookieEchoed
	established
	shutdownPending  // this side closes, and has data to send still
	shutdownSent     // SHUTDOWN sent
	shutdownReceived // the peer closes; this side has data to send still
	shutdownAckSent
)

// Association is one association of an endpoint. Its methods belong to the endpoint's
// owner, like the endpoint's own.
type Association struct {
	ep         *Endpoint
	path       Path
	peer       netip.AddrPort // address and SCTP port
	state      state
	accepted   bool
	err        error
	remoteEnds bool // the peer asked for the shutdown, not this side

	ownTag, peerTag       uint32
	ownTSN                uint32 // the first
	outStreams, inStreams uint16

	tx sender
	rx receiver

	told bool // Readable, since Receive last had nothing

	// What the next packets are to carry.
	dirty           bool // in the endpoint's queue
	sendSetup       bool // INIT or COOKIE ECHO
	cookieAck       bool
	sackNow         bool
	sendShutdown    bool
	sendShutdownAck bool
	cookie          []byte // the peer's, until it is confirmed
	control         []byte // other whole chunks; bounded by a packet

	// Deadlines; never when not running.
	rtx    time.Duration // T1, T3 or T2, by state
	sackAt time.Duration
	probe  time.Duration
	guard  time.Duration // T5

	scheduled time.Duration // place in the endpoint's schedule
	place     int

	errors       int // time-outs in a row without a sign of the peer
	rto          time.Duration
	srtt, rttvar time.Duration
	heard        time.Duration // when the peer last sent anything valid
	probed       bool          // a heartbeat is out
	nonce        uint64        // in it
	probedAt     time.Duration
}

func (e *Endpoint) newAssociation(path Path, peer netip.AddrPort) *Association {
	return &Association{
		ep: e, path: path, peer: peer, place: -1,
		rto: e.cfg.RTOInitial, rtx: never, sackAt: never, probe: never, guard: never,
	}
}

// Remote is the peer's address and SCTP port.
func (a *Association) Remote() netip.AddrPort { return a.peer }

// Path is where packets to the peer go at present.
func (a *Association) Path() Path { return a.path }

// Accepted reports whether the peer began the association.
func (a *Association) Accepted() bool { return a.accepted }

// setsUp reports whether this side began the association and the peer has not confirmed it.
func (a *Association) setsUp() bool { return a.state == cookieWait || a.state == cookieEchoed }

// Streams are the negotiated numbers of streams.
func (a *Association) Streams() (out, in uint16) { return a.outStreams, a.inStreams }

// Err is why the association ended; nil before.
func (a *Association) Err() error { return a.err }

// Send queues a message; a copy is made. In an association that is ending it returns
// the reason, or ErrShutdown or ErrClosed.
func (a *Association) Send(m Message) error {
	switch a.state {
	case established:
	case closed:
		return a.err
	case shutdownReceived, shutdownAckSent:
		return ErrShutdown
	default:
		return ErrClosed
	}
	switch {
	case m.Stream >= a.outStreams:
		return ErrStream
	case len(m.Data) == 0 || len(m.Data) > a.ep.cfg.MaxMessage:
		return ErrTooLong
	case a.tx.queued+len(m.Data)+overhead > a.ep.cfg.Queue:
		return ErrBacklog
	}
	a.tx.enqueue(m)
	a.ep.touch(a)
	return nil
}

// Receive returns the next message, if one has arrived.
func (a *Association) Receive() (Message, bool) {
	if a.rx.ready.len() == 0 {
		return Message{}, false
	}
	m := a.rx.ready.pop()
	a.told = a.rx.ready.len() > 0
	if a.state == closed {
		return m, true
	}
	a.rx.held -= len(m.Data) + overhead
	cfg := &a.ep.cfg
	if a.rx.advertised < cfg.Window/2 && a.rx.window(cfg) >= a.rx.advertised+cfg.Window/4 {
		a.sackNow = true // the peer may be waiting for room
		a.ep.touch(a)
	}
	return m, true
}

// admits reports whether a packet bears the tag it must (§8.5, §8.5.1).
func (a *Association) admits(p Packet, first Chunk) bool {
	switch first.Type {
	case TypeAbort, TypeShutdownComplete:
		if first.Flags&FlagT != 0 {
			return p.Tag == a.peerTag && a.peerTag != 0
		}
	}
	return p.Tag == a.ownTag
}

// onPacket takes a packet that was admitted.
func (a *Association) onPacket(now time.Duration, path Path, p Packet) {
	if p.Tag == a.ownTag {
		a.path, a.heard = path, now
	}
	data := false
	for c := range p.Chunks() {
		data = data || c.Type == TypeData
		if !a.onChunk(now, p, c) || a.state == closed {
			break
		}
	}
	if a.state == closed {
		return
	}
	if data {
		a.scheduleSACK(now)
	}
	a.proceed(now)
	if a.rx.ready.len() > 0 && !a.told {
		a.told = true
		a.ep.events.push(Event{a, Readable})
	}
	a.ep.touch(a)
}

// onChunk takes one chunk; false ends the packet.
func (a *Association) onChunk(now time.Duration, p Packet, c Chunk) bool {
	switch c.Type {
	case TypeData:
		return a.onData(c)
	case TypeSACK:
		a.onSACK(now, c)
	case TypeHeartbeat:
		a.queue(Chunk{Type: TypeHeartbeatAck, Value: c.Value})
	case TypeHeartbeatAck:
		a.onHeartbeatAck(now, c)
	case TypeInitAck:
		a.onInitAck(now, c)
	case TypeCookieEcho: // the endpoint has seen to it
	case TypeCookieAck:
		if a.state == cookieEchoed {
			a.establish(now)
		}
	case TypeAbort:
		a.ep.end(a, ErrAborted)
	case TypeError:
		a.onError(c)
	case TypeShutdown:
		a.onShutdown(now, c)
	case TypeShutdownAck:
		a.onShutdownAck(p)
	case TypeShutdownComplete:
		if a.state == shutdownAckSent {
			a.ep.end(a, a.reason())
		}
		return false // never with others, like INIT (§4)
	case TypeInit:
		return false
	default:
		return a.onUnknown(c)
	}
	return true
}

// onUnknown does with an unknown chunk what the high bits of its type say (§3.2).
func (a *Association) onUnknown(c Chunk) bool {
	if c.Type&0x40 != 0 {
		a.report(CauseUnknownChunk, Chunk{c.Type, c.Flags, c.Value[:min(len(c.Value), maxReported)]}.Append(nil))
	}
	return c.Type&0x80 != 0
}

// onData takes a DATA chunk.
func (a *Association) onData(c Chunk) bool {
	d, err := ParseData(c)
	switch {
	case err != nil:
		a.abort(CauseViolation, ErrProtocol)
		return false
	case a.state != established && a.state != shutdownPending && a.state != shutdownSent:
		return true
	}
	if d.Stream >= a.inStreams {
		a.report(CauseInvalidStream, binary.BigEndian.AppendUint32(nil, uint32(d.Stream)<<16))
	}
	what, err := a.rx.take(d, &a.ep.cfg, a.inStreams)
	if err != nil {
		a.abort(CauseViolation, err)
		return false
	}
	if what != arrived || a.rx.highest != a.rx.cumulative || d.Immediate || a.state == shutdownSent {
		a.sackNow = true // §6.2, §6.7
	}
	return true
}

// scheduleSACK acknowledges every second packet with DATA at once, and any within the
// delay (§6.2).
func (a *Association) scheduleSACK(now time.Duration) {
	if a.rx.packets++; a.rx.packets >= 2 {
		a.sackNow = true
	}
	if a.sackAt == never {
		a.sackAt = now + a.ep.cfg.SACKDelay
	}
	if a.state == shutdownSent {
		a.sendShutdown = true
		a.rtx = now + a.rto
	}
}

// onError takes an ERROR chunk. Only a stale cookie means anything here; it ends the
// attempt, and who wanted the association tries again.
func (a *Association) onError(c Chunk) {
	for code := range causes(c.Value) {
		if code == CauseStaleCookie && a.state == cookieEchoed {
			a.ep.end(a, ErrLost)
			return
		}
	}
}

// queue adds a chunk to the next packet, unless too many wait: what cannot be answered
// in one packet is not worth answering.
func (a *Association) queue(c Chunk) {
	if len(a.control)+pad(chunkHeader+len(c.Value)) <= a.ep.cfg.Packet-packetHeader {
		a.control = c.Append(a.control)
	}
}

// report queues an ERROR chunk.
func (a *Association) report(code Cause, info []byte) {
	a.queue(Chunk{Type: TypeError, Value: appendCause(nil, code, info)})
}

// abort ends the association and tells the peer.
func (a *Association) abort(code Cause, reason error) {
	c := Chunk{Type: TypeAbort, Value: appendCause(nil, code, nil)}
	if a.peerTag != 0 {
		a.ep.answer(a.path, AppendPacket(nil, a.ep.cfg.Port, a.peer.Port(), a.peerTag, c))
	}
	a.ep.end(a, reason)
}

// Abort ends the association at once.
func (a *Association) Abort() {
	if a.state != closed {
		a.abort(CauseUserAbort, ErrClosed)
	}
}
