package node

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"cordon/amf"
	"cordon/ident"
	"cordon/transport"
	"cordon/wire/ngap"
)

// An association is one radio's N2 connection: the goroutine that reads it, the machine that says
// what this radio may say at all, and the one table in which a UE-associated message finds
// its connection. A radio that names another's connection finds nothing here, and there is
// no other table (invariant 1).
type association struct {
	n       *Node
	id      amf.RadioID
	conn    transport.Conn
	streams uint16 // outbound
	peer    netip.AddrPort
	since   time.Time

	step  sync.Mutex // guards radio: its reader's, but for overload and resetAll
	radio *amf.Radio

	info    atomic.Pointer[amf.RadioInfo] // nil before NG Setup
	faults  atomic.Uint64                 // messages answered with an error or dropped
	vectors atomic.Int32                  // asked for and not yet answered
	posted  atomic.Uint64                 // messages given to shards

	draining atomic.Bool // it may not serve any longer

	mu       sync.Mutex // guards what follows
	ues      map[ident.RANUENGAPID]ueRef
	switches map[ident.AMFUENGAPID]time.Time // when it last asked for another radio's connection
}

// serve reads the association to its end and then has its devices go idle.
func (a *association) serve(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() { a.conn.Close() })
	defer stop()
	silent := time.AfterFunc(setupTime, a.giveUp)
	defer silent.Stop()
	for {
		msg, err := a.conn.Receive()
		if err != nil {
			a.log(slog.LevelInfo, "radio association ended", "radio", a.name(), "peer", a.peer, "why", ending(err))
			break
		}
		a.receive(ctx, msg)
		if a.info.Load() == nil {
			silent.Reset(setupTime)
		}
	}
	a.n.leave(a)
	a.reset(ctx, amf.Reset{All: true})
}

// setupTime is how long an association may say nothing before NG Setup, which is longer than a
// refused radio is told to wait. Associations are few, and not to be held by who has no use
// for them.
const setupTime = 90 * time.Second

func (a *association) giveUp() {
	if a.info.Load() == nil {
		a.fault(dropSilent)
		a.conn.Abort()
	}
}

// log writes a line of which a peer can cause as many as it likes.
func (a *association) log(level slog.Level, line string, args ...any) {
	if a.n.logUpTo(logRadio, radioLines) {
		a.n.d.Log.Log(context.Background(), level, line, args...)
	}
}

func ending(err error) string {
	if errors.Is(err, io.EOF) {
		return "the radio shut it down"
	}
	return err.Error()
}

// name is the radio's name, or its address before it has said one.
func (a *association) name() string {
	if info := a.info.Load(); info != nil {
		return info.Name
	}
	return a.peer.String()
}

// element is the name of the radio's record, empty before it is set up.
func (a *association) element() string {
	if info := a.info.Load(); info != nil {
		return info.Element
	}
	return ""
}

// node is the radio's identity, zero before it has one.
func (a *association) node() ident.RANNode {
	if info := a.info.Load(); info != nil {
		return info.Node
	}
	return ident.RANNode{}
}

// receive takes one SCTP message through transport rules, codec and machine.
func (a *association) receive(ctx context.Context, m transport.Message) {
	a.n.metrics.received.Add(1)
	if m.PPID != transport.PPIDNGAP && !toleratedPPID(m.PPID) {
		a.fault(dropPPID)
		return
	}
	var msg ngap.Message
	var fault *ngap.Diagnosis
	if !a.n.contain(func() { msg, fault = ngap.Parse(m.Data) }) {
		return
	}
	if msg == nil {
		a.fault(dropUndecodable)
		a.n.malformed(a, m.Data)
	} else if !a.rightStream(m.Stream, msg) {
		return
	}
	a.step.Lock()
	defer a.step.Unlock()
	// The law is taken under the lock, so that a new one finds this message judged or judges it.
	in := amf.Input{Msg: msg, Answer: fault.Reply(), Taken: a.taken, Law: a.n.law.now.Load(), Peer: a.peer.Addr(), Bytes: m.Data}
	effects, err := guard(func() []amf.Effect {
		return a.radio.Step(in)
	})
	if err != nil {
		a.n.bug(err)
		return
	}
	if a.info.Load() == nil && slices.ContainsFunc(effects, joins) {
		a.unkeep(ctx) // before it knows that it is set up, and may lead devices here
	}
	a.performAll(ctx, effects)
	if _, ok := msg.(*ngap.NGSetupRequest); ok { // an identity that was refused, or given up
		a.n.keep(a.node(), a.id)
	}
}

// toleratedPPID accepts what some radios send instead of 60: nothing, or 60 in the order
// of their own machine.
func toleratedPPID(ppid uint32) bool {
	return ppid == 0 || ppid == transport.PPIDNGAP<<24
}

// rightStream holds to TS 38.412 §7, which keeps stream 0 for what concerns no device. Radios
// that use it for everything are many, so a departure is counted and, unless the operator
// wants it strictly, let pass.
func (a *association) rightStream(stream uint16, m ngap.Message) bool {
	_, _, associated := ueIDs(m)
	if associated == (stream != 0) || a.streams < 2 {
		return true
	}
	a.fault(dropStream)
	return !a.n.d.StrictStreams
}

func (a *association) fault(r dropReason) {
	a.faults.Add(1)
	a.n.metrics.drop(r)
}

// taken reports whether another living association is that radio. If none is, this one is.
func (a *association) taken(node ident.RANNode) bool { return !a.n.take(node, a.id) }

func (a *association) performAll(ctx context.Context, effects []amf.Effect) {
	for _, e := range effects {
		a.perform(ctx, e)
	}
}

// perform does what the radio's machine asked for.
func (a *association) perform(ctx context.Context, e amf.Effect) {
	switch e := e.(type) {
	case amf.Reply:
		a.reply(e.Msg)
	case amf.Deliver:
		a.deliver(ctx, e.Msg)
	case amf.Joined:
		defer a.n.sources.changes.Add(1)
		if a.info.Swap(e.Info) == nil {
			a.log(slog.LevelInfo, "radio is set up", "radio", e.Info.Name, "node", e.Info.Node, "peer", a.peer, "profile", e.Info.Profile.Name)
		} else {
			a.log(slog.LevelInfo, "radio has changed its configuration", "radio", e.Info.Name, "node", e.Info.Node)
		}
	case amf.Reset:
		a.reset(ctx, e)
	case amf.Hangup:
		a.fault(dropHangup)
		a.log(slog.LevelWarn, "radio is hung up on", "radio", a.name(), "peer", a.peer, "why", e.Reason)
		a.conn.Close()
	case amf.Finding:
		a.faults.Add(1)
		a.n.finding(e)
	case amf.Judged:
		a.n.judged(e)
	case amf.Pending:
		a.n.wait(a, e.Claim)
	case amf.Draining:
		a.draining.Store(true)
	case amf.Lawful:
		a.draining.Store(false)
		a.n.drains.stop(a)
	case amf.Drop:
		a.faults.Add(1)
		a.n.metrics.dropAMF(e.Reason)
	default:
		a.n.bug(unperformed(e))
	}
}

// overload tells the radio to hold back signalling, or to stop doing so.
func (a *association) overload(ctx context.Context, on bool) {
	a.step.Lock()
	defer a.step.Unlock()
	a.performAll(ctx, a.radio.Overload(on))
}

// rejudge has the radio judged by the law in force.
func (a *association) rejudge(ctx context.Context) {
	a.step.Lock()
	defer a.step.Unlock()
	effects, err := guard(func() []amf.Effect { return a.radio.Rejudge(a.n.law.now.Load()) })
	if err != nil {
		a.n.bug(err)
		return
	}
	a.performAll(ctx, effects)
}

// resetAll has the radio forget every device, and the core every connection of it.
func (a *association) resetAll(ctx context.Context) {
	a.step.Lock()
	defer a.step.Unlock()
	a.performAll(ctx, a.radio.ResetAll(ngap.CauseMiscOMIntervention))
}

// reply sends a message that concerns no device.
func (a *association) reply(m ngap.Message) {
	b, err := ngap.Append(nil, m)
	if err != nil {
		a.n.bug(err)
		return
	}
	a.send(0, b)
}

// send gives the transport one message. A radio that does not take what it is sent is cut
// off, for what it missed cannot be made good.
func (a *association) send(stream uint16, b []byte) {
	err := a.conn.Send(transport.Message{Stream: stream, PPID: transport.PPIDNGAP, Data: b})
	switch {
	case err == nil:
		a.n.metrics.sent.Add(1)
	case errors.Is(err, transport.ErrBacklog):
		a.fault(dropBacklog)
		a.log(slog.LevelWarn, "radio does not take its messages and is cut off", "radio", a.name(), "peer", a.peer)
		a.conn.Abort()
	default:
		a.n.metrics.drop(dropRadioGone)
	}
}

// stream is the one on which everything about a device goes: not the common one, and
// always the same (TS 38.412 §7).
func (a *association) stream(ran ident.RANUENGAPID) uint16 {
	if a.streams < 2 {
		return 0
	}
	return 1 + uint16(uint32(ran)%uint32(a.streams-1))
}
