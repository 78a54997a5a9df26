// Package smf holds the 5GSM machines of the sessions of one shard's devices: the network
// side of TS 24.501 clause 6 towards the device, the transfers of TS 38.413 towards the
// radio, and the session rules of TS 29.244 towards the user plane. It is pure: an event
// in, effects out; no I/O, no clock, no lock.
//
// A session is known by its device's SUPI and its PDU session identity, so one device
// cannot name another's. What goes to and from the AMF, the user plane and the pool of
// addresses is carried by the owner. Nothing of a session changes because of a message that does
// not pass every check, and an answer that was asked for by an earlier life of the same
// identity is recognised by its generation and dropped.
package smf

import (
	"encoding/binary"
	"io"
	"net/netip"
	"time"

	"cordon/ident"
	"cordon/subscriber"
	"cordon/timer"
	"cordon/wire/nas"
	"cordon/wire/pfcp"
)

// Config is what the sessions of a network have in common.
type Config struct {
	Networks map[ident.DNN]Network
	// Seal is where the seal gateway is: all that a sealed session may reach, and all that may
	// reach it. Without any, nothing passes.
	Seal []netip.Prefix
	// Sites is set where user planes stand at several sites: a session's path is chosen
	// anew where its device appears.
	Sites bool
}

// Network is what a device is told of a data network.
type Network struct {
	IP subscriber.IPVersions // that there are addresses of
	// Ethernet says that its sessions are of that type, and have no address.
	Ethernet bool
	DNS      []netip.Addr // resolvers, at most 4 of each version
	MTU      uint16       // of the inner link, octets; 0 means 1400
}

// Timers and counts of the network side (TS 24.501 table 10.3.2), and the guard of a
// radio's answer, which no standard sets.
const (
	t3396      = 10 * time.Minute // the device's, before it asks for an unknown data network again
	t3592      = 16 * time.Second // PDU SESSION RELEASE COMMAND
	t3592Tries = 5
	tN2        = 10 * time.Second // a radio's answer
	tKept      = 5 * time.Minute  // what a restart has left as it was waits so long for its radio, which nobody speaks to until then
)

const (
	defaultQFI ident.QFI = 1
	defaultMTU uint16    = 1400
)

// The rules of a session by their numbers: a PDR and a FAR each way, a QER for the session
// and one for its default flow.
const (
	ruleUplink  = 1
	ruleDown    = 2
	ruleSession = 1
	ruleFlow    = 2
)

// Key names a session.
type Key struct {
	SUPI ident.SUPI
	PSI  ident.PDUSessionID
}

// SMF is the sessions of one shard. One goroutine owns it.
type SMF struct {
	cfg      *Config
	shard    uint8
	rand     io.Reader
	sessions map[Key]*session
	seids    map[ident.SEID]Key   // by the name that this side has given
	kept     map[netip.Addr][]Key // by the radio's endpoint, those that were active at it before a restart
	timers   timer.Queue[timerKey]
	gen      uint32
	now      time.Time // of the event in hand
	out      []Effect
}

type timerKey struct {
	key  Key
	kind timerKind
}

type timerKind uint8

const (
	timerT3592 timerKind = iota
	timerN2
	timerQuiet
	timerKept // of what a restart has left as it was; of no session
)

// state is where a session stands (TS 24.501 §6.1.3.3, and the user plane's part of it).
type state uint8

const (
	stateAddress    state = iota // an address is awaited
	stateRules                   // the user plane's rules and tunnel are awaited
	statePending                 // accepted; the radio's tunnel is awaited
	stateActive                  // traffic flows
	stateIdle                    // no radio: the user plane keeps what comes for the device
	stateRouting                 // the user planes on the way to its radio are chosen
	stateActivating              // a radio is asked for a tunnel again
	stateReleasing               // PDU SESSION RELEASE COMMAND sent
)

var stateNames = [...]string{"address", "rules", "pending", "active", "idle", "routing", "activating", "releasing"}

func (s state) String() string { return stateNames[s] }

// session is the machine of one session.
type session struct {
	key       Key
	settings  *subscriber.Network
	dnn       ident.DNN
	snssai    ident.SNSSAI
	seid      ident.SEID // this side's name of the session
	peer      ident.SEID // the user plane's; 0 before it has one and after Delete
	local     pfcp.FTEID // where uplink goes
	remote    pfcp.OuterHeader
	radio     uint32 // whose endpoint remote is
	protected bool
	at        uint32 // the radio that the device was at when its path was chosen
	claim     []byte // what the radio said of it, until the user plane has taken it
	gen       uint32 // tells the lives of one identity apart
	since     uint32 // Unix seconds when the user plane took it
	addr      addresses
	restored  *restored // what it was before a restart, until the user plane has answered; nil if it is new
	state     state
	pti       ident.PTI // of the procedure in hand
	tries     uint8     // of the release command
	routes    uint8     // choices of a path that have not been answered
	waits     bool      // data does, of which the user plane has told
	quiet     bool      // the user plane tells of none
	astray    bool      // the way that a radio is being told of is lost
	awaitN1   bool      // while releasing
	awaitN2   bool
	sealed    bool     // nothing but the seal gateway's addresses may pass
	told      bool     // the same as the user plane was told last
	frames    bool     // it is of type Ethernet, and has no address
	command   []byte   // the release command, to send again
	asked     *request // until the session is accepted
}

// request is what the device asked for, as far as the answer depends on it.
type request struct {
	options  []nas.ProtocolOption
	cause    nas.SMCause // why less is given than was asked for, 0 if it is not
	alwaysOn bool        // asked for
}

// New makes an SMF without sessions. shard tells the names that it gives to sessions
// apart from those of other shards; rand gives random octets, as crypto/rand does.
func New(cfg *Config, shard uint8, rand io.Reader) *SMF {
	return &SMF{cfg: cfg, shard: shard, rand: rand, sessions: make(map[Key]*session), seids: make(map[ident.SEID]Key),
		kept: make(map[netip.Addr][]Key)}
}

// ShardOf is the shard whose SMF gave a session this name.
func ShardOf(seid ident.SEID) uint8 { return uint8(seid) }

// Deadline is when Step must be called with Tick at the latest.
func (m *SMF) Deadline() (time.Time, bool) { return m.timers.Next() }

// Len is the number of sessions.
func (m *SMF) Len() int { return len(m.sessions) }

// Step takes one event to its effects, which are valid until the next Step. It is total:
// what changes nothing is answered by Drop.
func (m *SMF) Step(now time.Time, ev Event) []Effect {
	m.now = now
	clear(m.out) // so that what was sent can be collected
	m.out = m.out[:0]
	switch ev := ev.(type) {
	case Create:
		m.create(ev)
	case N1:
		m.fromDevice(ev)
	case N2:
		m.fromRadio(ev)
	case Activate:
		m.activate(ev)
	case PathLost:
		m.pathLost(ev)
	case Routed:
		m.routed(ev)
	case Seal:
		m.seal(ev)
	case Deactivate:
		m.deactivate(ev.Key)
	case Release:
		m.releaseByNetwork(ev)
	case Address:
		m.address(ev)
	case Established:
		m.established(ev)
	case Modified:
		m.modified(ev)
	case TunnelLost:
		m.tunnelLost(ev)
	case DownlinkData:
		m.downlinkData(ev)
	case Unreached:
		m.unreached(ev)
	case Restored:
		m.restore(ev)
	case Unkeep:
		m.unkeep(ev)
	case Tick:
	}
	for {
		k, ok := m.timers.Pop(now)
		if !ok {
			break
		}
		m.expired(k)
	}
	return m.out
}

func (m *SMF) emit(e Effect)        { m.out = append(m.out, e) }
func (m *SMF) drop(k Key, r Reason) { m.emit(Drop{k, r}) }
func (m *SMF) start(s *session, t timerKind, d time.Duration) {
	m.timers.Start(timerKey{s.key, t}, m.now.Add(d))
}
func (m *SMF) stop(s *session, t timerKind) { m.timers.Stop(timerKey{s.key, t}) }

// find is the session of that identity in that life, or nil.
func (m *SMF) find(k Key, gen uint32) *session {
	if s := m.sessions[k]; s != nil && s.gen == gen {
		return s
	}
	m.drop(k, ReasonNoSession)
	return nil
}

func (m *SMF) expired(k timerKey) {
	s := m.sessions[k.key]
	switch k.kind {
	case timerKept:
		m.unkeep(Unkeep{func(netip.Addr) bool { return true }})
	case timerT3592:
		m.expiredT3592(s)
	case timerQuiet:
		m.expiredQuiet(s)
	case timerN2:
		m.expiredN2(s)
	}
}

// drawSEID is a name that is not in use and that nobody guesses.
func (m *SMF) drawSEID() ident.SEID {
	for {
		var b [8]byte
		m.rand.Read(b[:]) // never fails, by New's contract
		b[7] = m.shard
		seid := ident.SEID(binary.BigEndian.Uint64(b[:]))
		if _, used := m.seids[seid]; !used && seid != 0 {
			return seid
		}
	}
}

// forget takes the session out, gives its address back and tells the AMF.
func (m *SMF) forget(s *session) {
	m.discard(s)
	m.emit(Ended{s.key})
	m.emit(Save{s.key.SUPI})
}

// discard takes the session out without telling the AMF.
func (m *SMF) discard(s *session) {
	m.endRules(s)
	if s.addr != (addresses{}) {
		m.emit(FreeAddress{s.dnn, s.addr.public()})
	}
	m.stop(s, timerT3592)
	m.stop(s, timerN2)
	m.stop(s, timerQuiet)
	delete(m.seids, s.seid)
	delete(m.sessions, s.key)
}

// endRules has the user plane forget the session: from here on nothing passes.
func (m *SMF) endRules(s *session) {
	if s.peer != 0 {
		m.emit(Delete{s.key, s.peer})
		s.peer = 0
	}
}
