package sctp

import "time"

// Shutdown ends the association gracefully (§9.2): what was sent is still delivered,
// within Config.Guard. Down tells when it has ended.
func (a *Association) Shutdown(now time.Duration) {
	switch a.state {
	case cookieWait, cookieEchoed:
		a.Abort()
		return
	case established:
		a.state = shutdownPending
		a.guard = now + a.ep.cfg.Guard
	default:
		return
	}
	a.proceed(now)
	a.ep.touch(a)
}

// proceed goes on with a shutdown once nothing is under way.
func (a *Association) proceed(now time.Duration) {
	if !a.tx.idle() {
		return
	}
	switch a.state {
	case shutdownPending:
		a.state, a.sendShutdown = shutdownSent, true
	case shutdownReceived:
		a.state, a.sendShutdownAck = shutdownAckSent, true
	default:
		return
	}
	a.errors = 0
	a.rtx = now + a.rto
}

// onShutdown: the peer has nothing more to send, and acknowledges (§9.2).
func (a *Association) onShutdown(now time.Duration, c Chunk) {
	tsn, err := parseTSN(c)
	if err != nil {
		a.abort(CauseViolation, ErrProtocol)
		return
	}
	switch a.state {
	case established, shutdownPending:
		if a.state == established {
			a.remoteEnds = true
		}
		a.state = shutdownReceived
		a.guard = now + a.ep.cfg.Guard
		fallthrough
	case shutdownReceived:
		k := SACK{Cumulative: tsn, Window: uint32(a.tx.peerWindow + a.tx.flight)}
		if a.acknowledge(k, now) != nil {
			a.abort(CauseViolation, ErrProtocol)
		}
	case shutdownSent: // both at once
		a.state, a.sendShutdownAck = shutdownAckSent, true
		a.rtx = now + a.rto
	case shutdownAckSent:
		a.sendShutdownAck = true
	}
}

// onShutdownAck: the peer agrees.
func (a *Association) onShutdownAck(p Packet) {
	switch a.state {
	case shutdownSent, shutdownAckSent:
		a.ep.reply(a.path, p, a.peerTag, Chunk{Type: TypeShutdownComplete})
		a.ep.end(a, a.reason())
	}
}

// reason is who wanted the shutdown.
func (a *Association) reason() error {
	if a.remoteEnds {
		return ErrShutdown
	}
	return ErrClosed
}
