package ran

import (
	"net/netip"
	"slices"
	"time"

	"cordon/aka"
	"cordon/ident"
	"cordon/wire/nas"
)

// Phone is a phone with its SIM: the UE side of TS 24.501, as a value without clock or
// goroutine. It belongs to one goroutine. It keeps a pointer to its PhoneConfig and
// otherwise a few hundred octets.
type Phone struct {
	supi ident.SUPI
	cfg  *PhoneConfig

	state      State
	connected  bool // it has an N1 connection
	registered bool // the last registration stands, whatever is under way
	wanted     bool // it is to be registered
	camped     bool // it has a suitable cell
	due        bool // a mobility update is to be made on the next one
	data       bool // uplink data waits for a cell or an area with service
	secure     bool // the core has proved itself on this connection (TS 24.501 §4.4.2.5)
	hasGUTI    bool
	again      again // what to do once the connection is released
	attempts   uint8 // registrations that failed in a row
	resends    uint8 // of a deregistration
	pti        ident.PTI
	kind       nas.RegistrationType // of the registration under way
	timers     uint16               // that run, a bit each, but for those of sessions

	guti     ident.GUTI
	t3502    time.Duration
	t3512    time.Duration
	sec      security
	pending  *pendingKeys
	suci     *ident.SUCI // made beforehand, for the next time one is asked for
	initial  []byte      // the whole initial message, plain, for Security Mode Complete
	sessions []session
	seen     aka.SEQArray
	failure  Failure

	cell     ident.TAI         // the present cell's, or the last one's
	area     []ident.TAI       // the registration area
	services *nas.ServiceAreas // where there is service; nil: everywhere
	unserved ident.TAI         // where a Service Reject said that there is none, until there is more to know
	roaming  []ident.TAI       // forbidden areas for roaming, the oldest first
	regional []ident.TAI       // and for regional provision of service
	backOffs []backOff         // data networks to be left alone

	out []Effect // of the step under way
}

// again is what a phone does once its connection is released.
type again uint8

const (
	nothing again = iota
	registerAnew
	updateRegistration
)

// session is a PDU session on the phone's side.
type session struct {
	psi     ident.PDUSessionID
	state   sessionState
	tries   uint8
	unheard bool      // asked for, but the connection was lost: to be asked for on the next one
	pti     ident.PTI // of the procedure under way
	cfg     SessionConfig
	addr    netip.Addr // IPv4, not valid where it has none
	id      [8]byte    // interface identifier, zero where it has no IPv6
	mtu     uint16     // of IPv4 or of frames' payload, 0 where the core did not say
	frames  bool       // it is of type Ethernet, and has no address
}

type sessionState uint8

const (
	sessionWanted  sessionState = iota // to be asked for
	sessionOpening                     // asked for
	sessionOpen
	sessionClosing
)

// Standard values of a phone's timers (TS 24.501 tables 10.2.1, 10.3.1).
const (
	standardT3502 = 12 * time.Minute
	standardT3510 = 15 * time.Second
	standardT3511 = 10 * time.Second
	standardT3512 = 54 * time.Minute
	standardT3517 = 15 * time.Second
	standardT3521 = 15 * time.Second
	standardT3540 = 10 * time.Second
	standardT3580 = 16 * time.Second
	standardT3582 = 16 * time.Second

	standardSearch    = time.Second
	standardForbidden = 12 * time.Hour   // §5.3.13: 12 to 24
	standardSMRetry   = 12 * time.Minute // §6.4.1.4.3

	maxAttempts = 5 // §5.5.1.2.7
	maxPSI      = 15
	maxSends    = 5 // the first and four more (§6.4.1.6, §5.5.2.2.6)
)

// NewPhone makes a phone that is switched off.
func NewPhone(supi ident.SUPI, cfg *PhoneConfig) Phone {
	p := Phone{supi: supi, cfg: cfg}
	if cfg.FirstSQN != 0 {
		p.seen[cfg.FirstSQN.IND()] = cfg.FirstSQN.SEQ()
	}
	return p
}

// Prepare conceals the phone's SUPI beforehand, which is most of what a registration costs
// a phone, so that a load does not wait for it.
func (p *Phone) Prepare() error {
	id, err := p.concealed()
	if err == nil {
		p.suci = &id.SUCI
	}
	return err
}

// State is the phone's 5GMM state.
func (p *Phone) State() State { return p.state }

// KgNB is the key that the phone expects its radio to be given.
func (p *Phone) KgNB() aka.Key { return p.sec.radioKey() }

// Step takes one event and appends what the phone wants done to out, in order. Every
// state answers every event, if only with nothing or a Note of NoteDropped.
func (p *Phone) Step(ev Event, out []Effect) []Effect {
	p.out = out
	switch ev := ev.(type) {
	case PowerOn:
		p.powerOn()
	case Detach:
		p.detach(ev.SwitchOff)
	case Update:
		p.update(ev.Periodic)
	case OpenSession:
		p.open(ev.PSI, ev.SessionConfig)
	case CloseSession:
		p.close(ev.PSI)
	case Pending:
		p.userData(ev.Carried)
	case Paged:
		p.paged()
	case Camped:
		p.campOn(ev.TAI)
	case Lost:
		p.camped = false
	case NotLetIn:
		p.notLetIn()
	case Received:
		p.receive(ev.NAS)
	case Released:
		p.released()
	case Expired:
		p.expired(ev)
	}
	if !p.active() && !p.connected {
		p.camped = false // switched off, it listens to nobody
	}
	out, p.out = p.out, nil
	return out
}

func (p *Phone) do(e Effect) {
	switch e := e.(type) {
	case Start:
		if e.PSI == 0 {
			p.timers |= 1 << e.Timer
		}
	case Stop:
		if e.PSI == 0 {
			p.timers &^= 1 << e.Timer
		}
	}
	p.out = append(p.out, e)
}

func (p *Phone) running(t Timer) bool { return p.timers>>t&1 != 0 }

func (p *Phone) note(k NoteKind, f Failure) { p.do(Note{Kind: k, Cause: f}) }

// drop says that a message was not acted on.
func (p *Phone) drop(what string) { p.note(NoteDropped, Failure{What: what}) }

// fail remembers and tells why something did not come about.
func (p *Phone) fail(k NoteKind, psi ident.PDUSessionID, f Failure) {
	p.failure = f
	p.do(Note{Kind: k, PSI: psi, Cause: f})
}

func (p *Phone) start(t Timer, after, standard time.Duration) {
	if after == 0 {
		after = standard
	}
	p.do(Start{Timer: t, After: after})
}

func (p *Phone) stop(t Timer) { p.do(Stop{Timer: t}) }

// send protects a message as the phone's state calls for and sends it on its connection.
func (p *Phone) send(m nas.Message) {
	b, err := p.seal(m)
	if err != nil {
		p.drop("could not encode " + m.Type().String())
		return
	}
	p.do(Send{b})
}

// answer sends one of the messages that go unprotected until the core has proved itself on
// this connection: it may not have the phone's context.
func (p *Phone) answer(m nas.Message) {
	if p.secure {
		p.send(m)
		return
	}
	b, err := nas.Append(nil, m)
	if err != nil {
		p.drop("could not encode " + m.Type().String())
		return
	}
	p.do(Send{b})
}

// seal encodes a message, and protects it once there is a context in use.
func (p *Phone) seal(m nas.Message) ([]byte, error) {
	b, err := nas.Append(nil, m)
	if err != nil || !p.sec.valid {
		return b, err
	}
	return p.sec.seal(headerCiphered, b), nil
}

// connect sends a plain message that begins a connection, protected if there is a context.
func (p *Phone) connect(c Connect, plain []byte) {
	if p.sec.valid {
		p.sec.access = p.sec.ul
		plain = p.sec.seal(headerIntegrity, plain)
	}
	c.NAS = plain
	if p.hasGUTI {
		s := p.guti.STMSI()
		c.STMSI = &s
	}
	p.connected, p.secure = true, false
	p.stop(T3512)
	p.do(c)
}

// hangup ends the connection from this side, and what waited for that happens.
func (p *Phone) hangup() {
	if !p.connected {
		return
	}
	p.do(Hangup{})
	p.idle()
}

// forget deletes the temporary identity and its keys, as several causes ask for.
func (p *Phone) forget() {
	p.hasGUTI, p.guti = false, ident.GUTI{}
	p.area, p.services, p.unserved = nil, nil, ident.TAI{}
	p.sec, p.pending = security{}, nil
}

// leave ends the registration on this side.
func (p *Phone) leave() {
	p.state, p.registered, p.due, p.data = Deregistered, false, false, false
	for _, t := range []Timer{T3510, T3511, T3512, T3517, T3521} {
		p.stop(t)
	}
	for i := range p.sessions {
		p.stopSession(&p.sessions[i])
	}
	p.sessions = nil
}

func (p *Phone) session(psi ident.PDUSessionID) *session {
	i := slices.IndexFunc(p.sessions, func(s session) bool { return s.psi == psi })
	if i < 0 {
		return nil
	}
	return &p.sessions[i]
}

// open sessions' numbers, as a bit map.
func (p *Phone) openSessions() (set nas.PDUSessions) {
	for _, s := range p.sessions {
		if s.state == sessionOpen {
			set = set.With(s.psi)
		}
	}
	return set
}
