package wireguard

import (
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.zx2c4.com/wireguard/device"
)

// counts is what happened since Open.
type counts struct {
	Strangers, Malformed, Transport atomic.Uint64
	Opened, KeepAlives              atomic.Uint64
	BadMAC, BadHandshake, Cookies   atomic.Uint64
	ForeignSource                   atomic.Uint64
	BadInner, NoSocket              atomic.Uint64
	LateReader, LateCipher          atomic.Uint64
	SendFaults, ReceiveFaults       atomic.Uint64
}

// Stats counts what has been dropped since Open, and what was not.
type Stats struct {
	Opened     uint64 // inner packets from peers, whatever became of them
	KeepAlives uint64 // from peers

	Strangers    uint64 // datagrams from where no peer is, dropped unread
	Malformed    uint64 // datagrams that are no message of WireGuard's
	BadMAC       uint64 // handshakes by one who does not know our public key, or whose cookie is old
	BadHandshake uint64 // handshakes of no peer's key, or made before the last one
	Cookies      uint64 // handshakes put off with a cookie, because too many came
	// Refused is transport messages that were forged, sent again, or made with a key that has expired. What is
	// under way in this moment is among them.
	Refused       uint64
	ForeignSource uint64 // inner packets of a peer with another source than the peer's
	BadInner      uint64 // inner packets that are no whole UDP datagram to our inner address
	NoSocket      uint64 // inner datagrams to a port where nobody listens
	LateReader    uint64 // inner datagrams that found a socket's queue full
	LateCipher    uint64 // datagrams that found the queue to be sent full
	SendFaults    uint64 // batches that the outer socket did not take
	ReceiveFaults uint64 // reads of the outer socket that ended in an error
}

// Stats is what happened since Open.
func (t *Tunnel) Stats() Stats {
	c := t.counts
	s := Stats{
		Opened: c.Opened.Load(), KeepAlives: c.KeepAlives.Load(), Strangers: c.Strangers.Load(), Malformed: c.Malformed.Load(),
		BadMAC: c.BadMAC.Load(), BadHandshake: c.BadHandshake.Load(), Cookies: c.Cookies.Load(), ForeignSource: c.ForeignSource.Load(),
		BadInner: c.BadInner.Load(), NoSocket: c.NoSocket.Load(), LateReader: c.LateReader.Load(), LateCipher: c.LateCipher.Load(),
		SendFaults: c.SendFaults.Load(), ReceiveFaults: c.ReceiveFaults.Load(),
	}
	good := s.Opened + s.KeepAlives + s.ForeignSource // before what came in, which only grows
	if all := c.Transport.Load(); all > good {
		s.Refused = all - good
	}
	return s
}

// logger counts what the library tells of. Its words are the only sign of some drops, so the formats stand here
// as the library writes them; a test sees to it that each still counts. What it calls an error is logged, at most
// once a second.
func logger(log *slog.Logger, c *counts) *device.Logger {
	told := map[string]*atomic.Uint64{
		"Received packet with invalid mac1":                           &c.BadMAC,
		"Received invalid initiation message from %s":                 &c.BadHandshake,
		"Received invalid response message from %s":                   &c.BadHandshake,
		"Sending cookie response for denied handshake message for %v": &c.Cookies,
		"%v - Receiving keepalive packet":                             &c.KeepAlives,
		"IPv4 packet with disallowed source address from %v":          &c.ForeignSource,
		"IPv6 packet with disallowed source address from %v":          &c.ForeignSource,
		"Packet with invalid IP version from %v":                      &c.ForeignSource,
	}
	start := time.Now()
	var last atomic.Int64 // when something was logged, after start
	last.Store(int64(-time.Second))
	return &device.Logger{
		Verbosef: func(format string, _ ...any) {
			if n := told[format]; n != nil {
				n.Add(1)
			}
		},
		Errorf: func(format string, args ...any) {
			now, before := int64(time.Since(start)), last.Load()
			if now-before >= int64(time.Second) && last.CompareAndSwap(before, now) {
				log.Warn("WireGuard", "says", fmt.Sprintf(format, args...))
			}
		},
	}
}
