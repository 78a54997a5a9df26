// Package transport carries N2: SCTP associations between radios and the core
// (TS 38.412), from whichever place the machine can give them, and in memory for
// tests.
//
// There are three real ways, and [Auto] takes the first that works:
//
//   - the kernel's own SCTP ([Kernel]);
//   - SCTP in user space over raw IP, protocol 132 ([Raw]), which needs CAP_NET_RAW
//     and which any SCTP peer can talk to. It is for kernels without SCTP: where the kernel
//     has it, the kernel sees the packets too and answers them with ABORT. And while no
//     process has the raw socket open, a kernel without SCTP answers with ICMP "protocol
//     unreachable", so a radio may report that instead of a time-out;
//   - SCTP in user space over UDP (RFC 6951, [UDP]), which needs no privilege, and a
//     peer that knows that encapsulation, as Linux 5.11 and later do.
//
// A [Conn] is one association. Receive is called by one goroutine at a time; Send,
// Close and Abort by any. Nothing here trusts a peer: queues are bounded, an
// association costs no memory before its cookie came back, and caps hold per address
// prefix.
package transport

import (
	"errors"
	"fmt"
	"net/netip"
	"time"
)

// Message is one SCTP user message.
type Message struct {
	Stream uint16
	PPID   uint32 // payload protocol identifier, as the number the peer wrote in network order
	Data   []byte // belongs to the receiver; a sender may reuse it once Send has returned
}

// PPIDNGAP is the payload protocol identifier of NGAP (TS 38.412 §7).
const PPIDNGAP = 60

// MaxMessage is the largest message sent or received, in octets. A peer that begins
// a larger one is aborted.
const MaxMessage = 256 << 10

// Ends of an association and reasons not to send.
var (
	// ErrLost: the peer stopped answering.
	ErrLost = errors.New("association lost")
	// ErrRestart: the peer began anew from the same address and port. Its new
	// association comes out of Accept.
	ErrRestart = errors.New("association restarted by its peer")
	// ErrAborted: the peer, or this side's Abort, ended the association at once.
	ErrAborted = errors.New("association aborted")
	// ErrClosed: this side closed the association or listener.
	ErrClosed = errors.New("association closed")
	// ErrBacklog: the peer takes messages slower than they are sent, and the bounded
	// queue is full. The message was not taken.
	ErrBacklog = errors.New("association's send queue is full")
	// ErrStream: the stream number is not below the negotiated number of outbound streams.
	ErrStream = errors.New("no such outbound stream")
	// ErrTooLong: the message exceeds MaxMessage, or is empty, which SCTP cannot carry.
	ErrTooLong = errors.New("message is empty or too long")
)

// Conn is one SCTP association.
type Conn interface {
	// Receive blocks for the next message. It ends with io.EOF after the peer's
	// graceful shutdown, with ErrLost, ErrRestart or ErrAborted, or with ErrClosed
	// after this side's Close. Messages that arrived before the end come first,
	// except after this side's own Close or Abort.
	Receive() (Message, error)
	// Send queues one message, in order within its stream. It does not block:
	// ErrBacklog says that the queue is full.
	Send(Message) error
	// Streams are the negotiated numbers of streams.
	Streams() (out, in uint16)
	// Remote is the peer's address and SCTP port.
	Remote() netip.AddrPort
	// Local is this side's address and SCTP port.
	Local() netip.AddrPort
	// Close ends the association gracefully: what was sent is still delivered, within
	// a bounded time, in the background. It unblocks Receive.
	Close() error
	// Abort ends the association at once.
	Abort()
}

// Listener yields the associations that peers set up.
type Listener interface {
	// Accept blocks for the next association; ErrClosed after Close.
	Accept() (Conn, error)
	// Close stops accepting. Associations already accepted live on until they are closed.
	Close() error
	// Addr is the address and SCTP port listened on.
	Addr() netip.AddrPort
	// Stats are the listener's counters since it began.
	Stats() Stats
}

// Stats counts what a listener saw. The kernel's SCTP keeps its own counters
// (/proc/net/sctp/snmp), so only the first two rows move with it.
type Stats struct {
	Associations int    // now up
	Accepted     uint64 // associations set up by peers
	RefusedFull  uint64 // set-ups refused: MaxAssociations reached
	RefusedShare uint64 // set-ups refused: MaxPerPrefix reached, or too many half done

	PacketsIn  uint64
	PacketsOut uint64
	BadPackets uint64 // malformed, or wrong checksum
	BadTags    uint64 // verification tag of no association: blind injection, or a peer that outlived us
	BadCookies uint64 // cookie not ours, stale or for another address
	Restarts   uint64
	Lost       uint64
}

// Mode is a way to carry SCTP.
type Mode uint8

const (
	Auto   Mode = iota // the first of the following that works here
	Kernel             // the kernel's SCTP
	Raw                // user space, over raw IP
	UDP                // user space, over UDP (RFC 6951)
)

var modeNames = [...]string{"auto", "kernel", "raw", "udp"}

func (m Mode) String() string {
	if int(m) < len(modeNames) {
		return modeNames[m]
	}
	return fmt.Sprintf("mode %d", uint8(m))
}

// ParseMode reads "auto", "kernel", "raw" or "udp".
func ParseMode(s string) (Mode, error) {
	for i, n := range modeNames {
		if s == n {
			return Mode(i), nil
		}
	}
	return 0, fmt.Errorf("SCTP mode %q: want auto, kernel, raw or udp", s)
}

// DefaultUDPPort is the port that RFC 6951 §5.1 assigns to SCTP over UDP.
const DefaultUDPPort = 9899

// Config is how to listen. Zero values mean the defaults named beside them.
type Config struct {
	Mode            Mode
	Addr            netip.AddrPort // own address and SCTP port; the address may be unspecified
	UDPPort         uint16         // encapsulation port for UDP; 9899. EphemeralUDP for any
	EphemeralUDP    bool           // take any free UDP port, for tests
	MaxAssociations int            // 4096
	MaxPerPrefix    int            // from one /24 or /64; 256
	Streams         uint16         // offered outbound and accepted inbound; 64
	Heartbeat       time.Duration  // between probes of a quiet peer; 30 s
	RTOMin          time.Duration  // floor of the retransmission time-out; 500 ms, above the 200 ms for which peers delay SACKs
	Retransmissions int            // unanswered in a row before the peer counts as lost; 8
	SendQueue       int            // octets queued per association before ErrBacklog; 1 MiB
}

func (c *Config) setDefaults() {
	setDefault(&c.UDPPort, DefaultUDPPort)
	setDefault(&c.MaxAssociations, 4096)
	setDefault(&c.MaxPerPrefix, 256)
	setDefault(&c.Streams, 64)
	setDefault(&c.Heartbeat, 30*time.Second)
	setDefault(&c.RTOMin, 500*time.Millisecond)
	setDefault(&c.Retransmissions, 8)
	setDefault(&c.SendQueue, 1<<20)
	if c.EphemeralUDP {
		c.UDPPort = 0
	}
}

func setDefault[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

// DialConfig is how to set up an association. Zero values mean the defaults of Config.
type DialConfig struct {
	Mode            Mode
	Local           netip.AddrPort // unset: any address, any port
	Remote          netip.AddrPort
	UDPPort         uint16 // the peer's encapsulation port; 9899
	OwnUDPPort      uint16 // own encapsulation port; any when zero
	Streams         uint16
	Heartbeat       time.Duration
	RTOMin          time.Duration
	Retransmissions int
	SendQueue       int
}

// Choice says which mode was taken and why not the ones before it.
type Choice struct {
	Mode    Mode
	UDPPort uint16 // own encapsulation port, with UDP
	Why     string // why not the earlier ones; empty when the first was taken or a mode was asked for
}

// String is one line for the operator.
func (c Choice) String() string {
	what := "SCTP in the kernel"
	switch c.Mode {
	case Raw:
		what = "SCTP in user space over raw IP"
	case UDP:
		what = fmt.Sprintf("SCTP in user space over UDP port %d", c.UDPPort)
	}
	if c.Why == "" {
		return what
	}
	return what + " (" + c.Why + ")"
}
