package amf

import (
	"time"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// conn is a signalling connection, CM-CONNECTED of one device (TS 23.501 §5.3.3). Until
// ue is set nothing about the device behind it is known to be true.
type conn struct {
	id    ident.AMFUENGAPID
	ran   ident.RANUENGAPID
	radio *RadioInfo
	ue    *ue // proven by an integrity check or by authentication
	cell  ident.NRCGI
	tai   ident.TAI

	state    state
	setup    setup
	tries    uint8         // of the message in sent
	wait     time.Duration // until it is sent again
	restarts uint8         // of the registration, before anything was proven
	resyncs  uint8         // challenges refused in a row
	evicted  bool          // it ends as soon as its device has been told
	draining bool          // its radio has begun to leave since radio was taken
	guessed  bool          // the SUPI is that of a temporary identity which anybody can claim
	asked    bool          // the radio asked for an initial context
	count    uint32        // uplink COUNT that the radio's key derives from
	request  uint32        // number of the last NeedVector

	sent   []byte           // plain NAS message to send again when the procedure's timer expires
	req    *registration    // registration in hand
	auth   *challenge       // authentication in hand
	act    *activation      // sessions whose user plane is being set up for a request in hand
	active nas.PDUSessions  // sessions that the radio serves
	asking nas.PDUSessions  // those that it is asked for and has not answered for
	ending nas.PDUSessions  // those that it has been told to let go of, and has not yet; the three have none in common
	woken  nas.PDUSessions  // those whose user plane is asked for because data waits
	held   []pendingSession // sessions that wait for the context setup, or until the radio has let go of their former selves

	complained int64 // Unix second of the answers counted in complaints
	complaints uint8

	update    []byte // plain CONFIGURATION UPDATE COMMAND that is unanswered
	updates   uint8  // how often it was sent
	in        *queue // AMF.open or AMF.closing
	next, pre *conn  // in that queue, or in AMF.bound
}

// drains reports whether the radio of c is on its way out.
func (c *conn) drains() bool { return c.radio.Draining || c.draining }

// state is the 5GMM procedure that a connection is in.
type state uint8

const (
	stateNew        state = iota // first message not yet dealt with
	stateVector                  // waits for the subscriber store
	stateIdentity                // IDENTITY REQUEST sent, T3570 runs
	stateAuth                    // AUTHENTICATION REQUEST sent, T3560 runs
	stateSecurity                // SECURITY MODE COMMAND sent, T3560 runs
	stateActivating              // waits for sessions, before REGISTRATION or SERVICE ACCEPT
	stateAccepted                // REGISTRATION ACCEPT sent, T3550 runs
	stateReady                   // no procedure
	stateLeaving                 // DEREGISTRATION REQUEST sent, T3522 runs
	stateReleasing               // UE CONTEXT RELEASE COMMAND sent
	states
)

var stateNames = [states]string{"new", "vector", "identity", "auth", "security", "activating", "accepted", "ready", "leaving", "releasing"}

func (s state) String() string { return stateNames[s] }

// setup is whether the radio has the device's context.
type setup uint8

const (
	setupNone setup = iota
	setupAsked
	setupDone
)

// timerKey names a timer: of a connection by its identity, of a registered device by its SUPI,
// which is always the larger number.
type timerKey struct {
	who  uint64
	kind timerKind
}

type timerKind uint8

const (
	timerOpen       timerKind = iota // a connection that proves nothing
	timerNAS                         // T3522, T3550, T3560 or T3570, or the store's answer, by state
	timerUpdate                      // T3555
	timerContext                     // initial context setup
	timerActivation                  // sessions that a request waits for
	timerRelease                     // the radio's answer to a release
	timerEnding                      // the radio's answer to being told to let go of sessions
	timerIdle                        // nothing to do on the connection
	timerReachable                   // mobile reachable
	timerImplicit                    // implicit deregistration
	timerPage                        // T3513
	timerLaw                         // the next devices to be judged by a new law; of nobody
)

func (a *AMF) start(c *conn, kind timerKind, d time.Duration) {
	a.timers.Start(timerKey{uint64(c.id), kind}, a.now.Add(d))
}

func (a *AMF) stop(c *conn, kind timerKind) { a.timers.Stop(timerKey{uint64(c.id), kind}) }

// send gives the radio of c a message.
func (a *AMF) send(c *conn, m ngap.Message) {
	a.emit(Send{Radio: c.radio.ID, Conn: c.id, RAN: c.ran, Msg: m})
}

func (a *AMF) finding(c *conn, kind FindingKind) {
	f := Finding{Kind: kind, Radio: c.radio.ID, Node: c.radio.Node, Cell: c.cell, Bytes: shown(a.pdu)}
	switch {
	case c.ue != nil:
		f.SUPI = c.ue.supi
	case c.auth != nil && c.auth.answered:
		f.SUPI = c.auth.supi
	}
	a.emit(f)
}

// bind makes c the connection of u, which was proven. Another that u had is released: by now
// it is known that the device is not there.
func (a *AMF) bind(c *conn, u *ue) {
	if u.conn == c {
		return
	}
	if old := u.conn; old != nil {
		a.part(old)
		a.deactivate(u)
		a.release(old, ngap.CauseNASNormalRelease)
	}
	a.open.remove(c)
	a.bound.join(c)
	c.ue, u.conn = u, c
	u.tai, u.seen = c.tai, uint32(a.now.Unix())
	a.stop(c, timerOpen)
	a.timers.Stop(timerKey{uint64(u.supi), timerReachable})
	a.timers.Stop(timerKey{uint64(u.supi), timerImplicit})
	a.found(u)
}

// part takes a connection and its device apart.
func (a *AMF) part(c *conn) {
	a.bound.leave(c)
	c.ue.conn, c.ue = nil, nil
}

// unbind makes the device of c idle: its sessions lose their radio, its timers start.
func (a *AMF) unbind(c *conn) {
	u := c.ue
	if u == nil {
		return
	}
	a.part(c)
	a.deactivate(u)
	a.unwant(u)
	if !u.accepted {
		a.remove(u, LeftReplaced)
		return
	}
	a.timers.Start(timerKey{uint64(u.supi), timerReachable}, a.now.Add(a.t3512+reachableMargin))
	a.save(u)
}

// deactivate tells the sessions of u that no radio serves them.
func (a *AMF) deactivate(u *ue) {
	for psi := range sessions(u.sessions) {
		a.emit(SMDeactivate{u.supi, psi})
	}
}

// forget drops c and its timers, once.
func (a *AMF) forget(c *conn) {
	if a.conns[c.id] != c {
		return
	}
	a.unbind(c)
	a.open.remove(c)
	a.closing.remove(c)
	for kind := timerOpen; kind <= timerIdle; kind++ {
		a.stop(c, kind)
	}
	delete(a.conns, c.id)
	a.emit(Closed{c.id, c.radio.ID, c.ran})
}

// procedure ends the 5GMM procedure in hand and begins another state.
func (a *AMF) procedure(c *conn, next state) {
	a.stop(c, timerNAS)
	c.state, c.tries, c.sent = next, 0, nil
}
