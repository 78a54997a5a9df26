package sctp

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"time"
)

// minWindow is the least window a peer may have (§3.3.2).
const minWindow = 1500

// Connect begins an association with the peer's SCTP port at the path. Up or Down tells
// how it went. ErrExists: there is one already.
func (e *Endpoint) Connect(now time.Duration, path Path, port uint16) (*Association, error) {
	peer := netip.AddrPortFrom(path.Remote.Addr(), port)
	if e.assocs[peer] != nil {
		return nil, ErrExists
	}
	a := e.newAssociation(path, peer)
	a.state = cookieWait
	a.ownTag, a.ownTSN = e.newTag(), e.cfg.Random()
	a.outStreams, a.inStreams = e.cfg.Streams, e.cfg.Streams
	a.rtx = now + a.rto
	a.sendSetup = true
	e.add(a)
	e.touch(a)
	return a, nil
}

func (e *Endpoint) newTag() uint32 {
	for {
		if t := e.cfg.Random(); t != 0 {
			return t
		}
	}
}

// valid reports whether the values of an INIT or INIT ACK are ones that §3.3.2 allows.
func (i Init) valid() bool {
	return i.Tag != 0 && i.Out != 0 && i.In != 0 && i.Window >= minWindow
}

// onInit answers an INIT (§5.1, §5.2.1, §5.2.2) without keeping anything.
func (e *Endpoint) onInit(now time.Duration, path Path, p Packet, a *Association) {
	c := p.first()
	in, err := ParseInit(c)
	if p.Tag != 0 || err != nil || in.Tag == 0 || len(p.chunks) != pad(chunkHeader+len(c.Value)) {
		e.stats.BadPackets++
		return
	}
	refuse := func(code Cause) {
		e.reply(path, p, in.Tag, Chunk{Type: TypeAbort, Value: appendCause(nil, code, nil)})
	}
	params := in.understand()
	switch {
	case !in.valid():
		refuse(CauseInvalidParameter)
		return
	case params.hostName:
		e.reply(path, p, in.Tag, Chunk{Type: TypeAbort}) // §5.1.2: names are not resolved
		return
	case a != nil && a.state == shutdownAckSent:
		a.sendShutdownAck = true
		e.touch(a)
		return
	case a == nil && !e.cfg.Listen:
		e.reply(path, p, in.Tag, Chunk{Type: TypeAbort})
		return
	case a == nil && e.full(path.Remote.Addr()):
		refuse(CauseOutOfResource)
		return
	}
	k := cookie{
		made:    now,
		remote:  netip.AddrPortFrom(path.Remote.Addr().WithZone("").Unmap(), p.Source),
		ownTag:  e.newTag(),
		peerTag: in.Tag,
		ownTSN:  e.cfg.Random(),
		peerTSN: in.TSN,
		window:  in.Window,
		out:     min(e.cfg.Streams, in.In),
		in:      min(e.cfg.Streams, in.Out),
	}
	if a != nil {
		k.tieOwn, k.tiePeer = a.ownTag, a.peerTag
		if a.setsUp() {
			k.ownTag, k.ownTSN = a.ownTag, a.ownTSN // both sides began at once (§5.2.1)
		}
	}
	answer := Init{Tag: k.ownTag, Window: uint32(e.cfg.Window), Out: k.out, In: e.cfg.Streams, TSN: k.ownTSN}
	answer = answer.WithParam(ParamCookie, k.sign(&e.cfg.Key))
	for _, u := range params.unknown {
		answer = answer.WithParam(ParamUnrecognized, u)
	}
	b := appendHeader(nil, e.cfg.Port, p.Source, in.Tag)
	b = answer.Append(b, TypeInitAck)
	seal(b)
	e.answer(path, b)
}

// onInitAck goes on with an association that this side began (§5.1 C).
func (a *Association) onInitAck(now time.Duration, c Chunk) {
	if a.state != cookieWait {
		return
	}
	in, err := ParseInit(c)
	if err != nil || in.Tag == 0 {
		a.abort(CauseViolation, ErrProtocol)
		return
	}
	a.peerTag = in.Tag
	params := in.understand()
	switch {
	case !in.valid():
		a.abort(CauseInvalidParameter, ErrProtocol)
		return
	case params.cookie == nil || len(params.cookie) > a.ep.cfg.Packet-packetHeader-chunkHeader:
		a.abort(CauseViolation, ErrProtocol)
		return
	}
	a.cookie = slices.Clone(params.cookie)
	for _, u := range params.unknown {
		a.report(CauseUnknownParameters, u)
	}
	a.outStreams, a.inStreams = min(a.outStreams, in.In), min(a.inStreams, in.Out)
	a.begin(in.TSN, in.Window)
	a.state = cookieEchoed
	a.sendSetup, a.errors = true, 0
	a.rtx = now + a.rto
}

// onCookie takes a COOKIE ECHO and returns the association that the rest of its packet is
// for, if any (§5.1.5, §5.2.4).
func (e *Endpoint) onCookie(now time.Duration, path Path, p Packet, a *Association) *Association {
	k, ok := openCookie(p.first().Value, &e.cfg.Key, netip.AddrPortFrom(path.Remote.Addr(), p.Source))
	if !ok || k.ownTag != p.Tag {
		e.stats.BadCookies++
		return nil
	}
	same := a != nil && k.ownTag == a.ownTag && k.peerTag == a.peerTag
	if late := now - k.made - e.cfg.CookieLife; late > 0 && !same {
		e.stats.BadCookies++
		late = min(late/time.Microsecond, 1<<32-1)
		info := binary.BigEndian.AppendUint32(nil, uint32(late))
		e.reply(path, p, k.peerTag, Chunk{Type: TypeError, Value: appendCause(nil, CauseStaleCookie, info)})
		return nil
	}
	switch {
	case a == nil:
		if !e.cfg.Listen {
			return nil
		}
		if e.full(path.Remote.Addr()) {
			e.reply(path, p, k.peerTag, Chunk{Type: TypeAbort, Value: appendCause(nil, CauseOutOfResource, nil)})
			return nil
		}
		return e.accept(now, path, k)
	case same: // D: a duplicate, or the answer to both sides' INITs
		a.confirm(now)
		return a
	case k.ownTag != a.ownTag && k.peerTag != a.peerTag && k.tieOwn == a.ownTag && k.tiePeer == a.peerTag:
		return e.restart(now, path, k, p, a) // A
	case k.ownTag == a.ownTag && a.setsUp(): // B
		a.peerTag = k.peerTag
		a.outStreams, a.inStreams = k.out, k.in
		a.begin(k.peerTSN, k.window)
		a.confirm(now)
		return a
	}
	e.stats.BadCookies++ // C, and what no row names
	return nil
}

// accept makes the association that a cookie describes.
func (e *Endpoint) accept(now time.Duration, path Path, k cookie) *Association {
	a := e.newAssociation(path, netip.AddrPortFrom(path.Remote.Addr(), k.remote.Port()))
	a.accepted = true
	a.ownTag, a.peerTag, a.ownTSN = k.ownTag, k.peerTag, k.ownTSN
	a.outStreams, a.inStreams = k.out, k.in
	a.begin(k.peerTSN, k.window)
	a.state = cookieEchoed
	e.add(a)
	e.stats.Accepted++
	a.confirm(now)
	return a
}

// restart replaces an association whose peer lost it (§5.2.4.1). To its users it is a new
// one: nothing said in the old one holds.
func (e *Endpoint) restart(now time.Duration, path Path, k cookie, p Packet, a *Association) *Association {
	if a.state == shutdownAckSent {
		a.sendShutdownAck = true
		a.report(CauseShuttingDown, nil)
		e.touch(a)
		return nil
	}
	e.stats.Restarts++
	e.end(a, ErrRestart)
	if !e.cfg.Listen {
		e.reply(path, p, k.peerTag, Chunk{Type: TypeAbort})
		return nil
	}
	return e.accept(now, path, k)
}

// begin sets both directions to their first TSNs.
func (a *Association) begin(peerTSN, peerWindow uint32) {
	cfg := &a.ep.cfg
	a.tx.acked = a.ownTSN - 1
	a.tx.cwnd = min(4*cfg.Packet, max(2*cfg.Packet, 4404)) // §7.2.1
	a.tx.ssthresh = int(peerWindow)
	a.tx.peerWindow = int(peerWindow)
	a.rx.cumulative, a.rx.highest = peerTSN-1, peerTSN-1
	a.rx.advertised = cfg.Window
}

// confirm answers a good COOKIE ECHO.
func (a *Association) confirm(now time.Duration) {
	a.cookieAck = true
	if a.setsUp() {
		a.establish(now)
	}
	a.ep.touch(a)
}

// establish opens the association for messages.
func (a *Association) establish(now time.Duration) {
	a.state = established
	a.cookie, a.sendSetup, a.errors = nil, false, 0
	a.rtx = never
	a.heard = now
	a.probe = now + a.ep.cfg.Heartbeat
	a.ep.events.push(Event{a, Up})
}
