package sctp

import (
	"encoding/binary"
	"time"
)

// emit writes the next packet, or nothing when there is nothing to send.
func (a *Association) emit(now time.Duration, b []byte) []byte {
	limit := a.ep.cfg.Packet
	if a.state == closed {
		return b
	}
	if a.state == cookieWait {
		return a.emitInit(b)
	}
	b = appendHeader(b, a.ep.cfg.Port, a.peer.Port(), a.peerTag)
	switch {
	case a.sendSetup:
		b = Chunk{Type: TypeCookieEcho, Value: a.cookie}.Append(b)
		a.sendSetup = false
	case a.cookieAck:
		b = Chunk{Type: TypeCookieAck}.Append(b)
		a.cookieAck = false
	}
	if a.state >= established {
		b = a.appendAcks(b)
	}
	if len(a.control) > 0 && len(b)+len(a.control) <= limit {
		b = append(b, a.control...)
		a.control = a.control[:0]
	}
	if a.carriesData() {
		var did emission
		b, did = a.tx.appendData(b, limit, now)
		if did.sent && (a.rtx == never || did.oldest) {
			a.rtx = now + a.rto
		}
	}
	if len(b) == packetHeader {
		return b[:0]
	}
	seal(b)
	return b
}

func (a *Association) emitInit(b []byte) []byte {
	if !a.sendSetup {
		return b
	}
	a.sendSetup = false
	cfg := &a.ep.cfg
	b = appendHeader(b, cfg.Port, a.peer.Port(), 0)
	b = Init{Tag: a.ownTag, Window: uint32(cfg.Window), Out: a.outStreams, In: a.inStreams, TSN: a.ownTSN}.Append(b, TypeInit)
	seal(b)
	return b
}

// carriesData reports whether the state lets DATA be sent.
func (a *Association) carriesData() bool {
	return a.state == established || a.state == shutdownPending || a.state == shutdownReceived
}

// appendAcks adds a SACK when it is due, or when it can ride along with DATA, and the
// chunks of a shutdown.
func (a *Association) appendAcks(b []byte) []byte {
	ride := a.rx.packets > 0 && a.carriesData() && a.tx.ready(a.fragmentSize())
	if a.sackNow || ride {
		b = a.rx.appendSACK(b, &a.ep.cfg)
		a.sackNow, a.sackAt = false, never
	}
	if a.sendShutdown {
		b = Chunk{Type: TypeShutdown, Value: binary.BigEndian.AppendUint32(nil, a.rx.cumulative)}.Append(b)
		a.sendShutdown = false
	}
	if a.sendShutdownAck {
		b = Chunk{Type: TypeShutdownAck}.Append(b)
		a.sendShutdownAck = false
	}
	return b
}

// fragmentSize is the most user data that one DATA chunk carries.
func (a *Association) fragmentSize() int { return a.ep.cfg.Packet - packetHeader - dataHeader }
