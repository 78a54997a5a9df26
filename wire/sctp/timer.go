package sctp

import (
	"encoding/binary"
	"time"
)

func (a *Association) deadline() time.Duration { return min(a.rtx, a.sackAt, a.probe, a.guard) }

// expire does what is due.
func (a *Association) expire(now time.Duration) {
	if a.guard <= now {
		a.abort(CauseUserAbort, a.reason())
		return
	}
	if a.sackAt <= now {
		a.sackAt, a.sackNow = never, true
	}
	if a.rtx <= now {
		a.onRetransmit(now)
	}
	if a.state != closed && a.probe <= now {
		a.onProbe(now)
	}
}

// onRetransmit is the expiry of T1, T2 or T3 (§4, §6.3.3, §9.2).
func (a *Association) onRetransmit(now time.Duration) {
	a.ep.stats.Retransmits++
	limit := a.ep.cfg.Retransmissions
	if a.setsUp() {
		limit = a.ep.cfg.InitRetransmissions
	}
	if !a.failed(limit) {
		return
	}
	a.rtx = now + a.rto
	switch a.state {
	case cookieWait, cookieEchoed:
		a.sendSetup = true
	case shutdownSent:
		a.sendShutdown = true
	case shutdownAckSent:
		a.sendShutdownAck = true
	default:
		a.tx.expire(a.ep.cfg.Packet)
	}
}

// failed counts one more time-out, and loses the peer when it is one too many.
func (a *Association) failed(limit int) (alive bool) {
	if a.errors++; a.errors > limit {
		a.abort(CauseUserAbort, a.lostReason())
		return false
	}
	a.rto = min(2*a.rto, a.ep.cfg.RTOMax)
	return true
}

func (a *Association) lostReason() error {
	if a.state == shutdownSent || a.state == shutdownAckSent {
		return a.reason() // the end was agreed, only its confirmation is missing
	}
	return ErrLost
}

// measured takes a round trip into the retransmission time-out (§6.3.1).
func (a *Association) measured(trip time.Duration) {
	if a.srtt == 0 {
		a.srtt, a.rttvar = trip, trip/2
	} else {
		off := a.srtt - trip
		if off < 0 {
			off = -off
		}
		a.rttvar += (off - a.rttvar) / 4
		a.srtt += (trip - a.srtt) / 8
	}
	a.rto = min(max(a.srtt+4*a.rttvar, a.ep.cfg.RTOMin), a.ep.cfg.RTOMax)
}

// onSACK takes a SACK chunk.
func (a *Association) onSACK(now time.Duration, c Chunk) {
	if a.state < established {
		return
	}
	k, err := ParseSACK(c)
	if err == nil {
		err = a.acknowledge(k, now)
	}
	if err != nil {
		a.abort(CauseViolation, ErrProtocol)
	}
}

func (a *Association) acknowledge(k SACK, now time.Duration) error {
	p, err := a.tx.acknowledge(k, now, a.ep.cfg.Packet)
	if err != nil {
		return err
	}
	if p.any || int(k.Window) < a.ep.cfg.Packet { // a peer that has no room is alive (§6.1 A)
		a.errors = 0
	}
	if p.trip > 0 {
		a.measured(p.trip)
	}
	if !a.carriesData() {
		return nil
	}
	switch {
	case a.tx.under.len() == 0:
		a.rtx = never
	case p.advanced || p.fast:
		a.rtx = now + a.rto
	}
	return nil
}

// onProbe sends a heartbeat if the peer has been quiet (§8.3).
func (a *Association) onProbe(now time.Duration) {
	quiet := a.ep.cfg.Heartbeat
	if due := a.heard + quiet; due > now {
		a.probe = due
		return
	}
	if a.probed && a.heard < a.probedAt && !a.failed(a.ep.cfg.Retransmissions) {
		return
	}
	a.probed, a.probedAt = true, now
	a.nonce = uint64(a.ep.cfg.Random())<<32 | uint64(a.ep.cfg.Random())
	info := []byte{0, 1, 0, 12} // heartbeat information (§3.3.5), opaque to the peer
	a.queue(Chunk{Type: TypeHeartbeat, Value: binary.BigEndian.AppendUint64(info, a.nonce)})
	a.probe = now + quiet + a.rto
	a.tx.cwnd = max(a.tx.cwnd/2, min(a.tx.cwnd, 4*a.ep.cfg.Packet)) // what an idle path still bears (§7.2.1)
}

func (a *Association) onHeartbeatAck(now time.Duration, c Chunk) {
	if !a.probed || len(c.Value) != 12 || binary.BigEndian.Uint64(c.Value[4:]) != a.nonce {
		return
	}
	a.probed, a.errors = false, 0
	a.measured(max(now-a.probedAt, 1))
}
