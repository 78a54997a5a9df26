// Package sctp is the Stream Control Transmission Protocol (RFC 9260) without sockets:
// the chunks of a packet, and an endpoint that turns packets, messages and the
// passing of time into packets, messages and deadlines.
//
// An [Endpoint] is one SCTP port. Its owner feeds it packets with Input, calls Expire
// when Next has come, and after either, or after sending, takes packets from Emit and
// events from Event until both are dry. Nothing here is safe for concurrent use: the
// owner serialises. Time is a duration since any fixed point the owner likes, larger than
// zero and never running backwards.
//
// The peer is presumed hostile:
//
//   - No state exists for a peer before it has echoed a signed cookie from its address
//     (§5.1.3), so a flood of INITs costs one HMAC each and no memory. Associations are
//     capped in all and per address prefix.
//   - A packet counts only with the association's verification tag; that holds for ABORT
//     too (§8.5.1). An INIT or a COOKIE ECHO for an existing association changes it only as
//     the table of §5.2.4 allows.
//   - What an association holds for its peer is bounded by the window it advertised,
//     counted with the overhead of small chunks, and by the span of TSNs it keeps ahead of a
//     gap. Work per packet is linear in the packet and, where there are gaps, in what is
//     under way.
//
// Not supported, and answered as unknown by the rule of their high bits (§3.2): dynamic
// addresses (ASCONF), AUTH, RE-CONFIG, FORWARD-TSN, I-DATA, ECN. An association has one
// path: further addresses that a peer lists in its INIT are ignored.
package sctp

import (
	"errors"
	"time"
)

// Reasons for which an association ended, and for which a message is not taken.
var (
	ErrLost     = errors.New("peer stopped answering")
	ErrRestart  = errors.New("peer restarted the association")
	ErrAborted  = errors.New("peer aborted the association")
	ErrShutdown = errors.New("peer shut the association down") // gracefully
	ErrClosed   = errors.New("association closed by this side")
	ErrProtocol = errors.New("peer broke the protocol")
	ErrBacklog  = errors.New("send queue is full")
	ErrStream   = errors.New("no such outbound stream")
	ErrTooLong  = errors.New("message is empty or too long")
	ErrExists   = errors.New("an association with this peer exists")
)

// Message is one user message.
type Message struct {
	Stream    uint16
	PPID      uint32
	Unordered bool
	Data      []byte
}

// Config is what an endpoint is made with. Zero durations and numbers mean the values
// named beside them; Port, Key and Random have no default.
type Config struct {
	Port   uint16
	Listen bool          // accept associations
	Key    [32]byte      // signs cookies; secret and fresh for each endpoint
	Random func() uint32 // unpredictable; draws tags, first TSNs and heartbeat nonces

	Packet     int    // largest packet in octets, SCTP's header included; 1352
	Streams    uint16 // offered outbound, accepted inbound; 64
	MaxMessage int    // octets; 256 KiB. A peer that begins a longer one is aborted
	Window     int    // octets held for a peer; MaxMessage and a quarter
	Queue      int    // octets queued for a peer; 1 MiB

	RTOInitial          time.Duration // 1 s (§16)
	RTOMin              time.Duration // 1 s
	RTOMax              time.Duration // 60 s
	Retransmissions     int           // unanswered in a row before the peer is lost; 10
	InitRetransmissions int           // 8
	Heartbeat           time.Duration // 30 s
	SACKDelay           time.Duration // 200 ms (§6.2)
	CookieLife          time.Duration // 60 s
	Guard               time.Duration // the longest that a shutdown may take; 10 s

	MaxAssociations int // 4096
	MaxPerPrefix    int // per IPv4 /24 or IPv6 /64; 256
}

func (c *Config) setDefaults() {
	setDefault(&c.Packet, 1352)
	setDefault(&c.Streams, 64)
	setDefault(&c.MaxMessage, 256<<10)
	setDefault(&c.Window, c.MaxMessage+c.MaxMessage/4)
	setDefault(&c.Queue, 1<<20)
	setDefault(&c.RTOInitial, time.Second)
	setDefault(&c.RTOMin, time.Second)
	setDefault(&c.RTOMax, 60*time.Second)
	setDefault(&c.Retransmissions, 10)
	setDefault(&c.InitRetransmissions, 8)
	setDefault(&c.Heartbeat, 30*time.Second)
	setDefault(&c.SACKDelay, 200*time.Millisecond)
	setDefault(&c.CookieLife, 60*time.Second)
	setDefault(&c.Guard, 10*time.Second)
	setDefault(&c.MaxAssociations, 4096)
	setDefault(&c.MaxPerPrefix, 256)
	c.RTOInitial = max(c.RTOInitial, c.RTOMin)
}

func setDefault[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

// before reports whether TSN a comes before b in serial arithmetic (§1.6).
func before(a, b uint32) bool { return int32(a-b) < 0 }
