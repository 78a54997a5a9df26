package node

import (
	"context"
	"fmt"
	"time"

	"cordon/amf"
	"cordon/ident"
	"cordon/smf"
	"cordon/wire/ngap"
)

// inboxSize bounds what waits for a shard. A full inbox holds up the readers of the
// radios that fill it, and so the radios themselves; nothing that a shard waits for ever waits for
// a shard.
const inboxSize = 1024

// saveAfter is how long a changed context may stay unwritten so that several changes
// become one write. With the store's own delay a context is durable well within 100 ms.
const saveAfter = 10 * time.Millisecond

// A shard is the one goroutine that may touch the machines it holds: the devices whose
// SUPI falls on it and their sessions. It carries what the two say to each other.
type shard struct {
	n     *Node
	index int
	inbox chan input
	adopt chan detached // connections that come from other shards
	amf   *amf.AMF
	smf   *smf.SMF

	queue   []any // effects not yet performed, of both machines
	dirty   map[ident.SUPI]struct{}
	dirtyAt time.Time
	buf     []byte
}

// input is one thing for a shard to do: an event of a machine, or a question of the console.
type input struct {
	amf amf.Event
	smf smf.Event
	ask func(*shard)
}

func newShard(n *Node, index, shards int) *shard {
	return &shard{
		n: n, index: index,
		inbox: make(chan input, inboxSize),
		adopt: make(chan detached, movesAtOnce),
		amf:   amf.New(&n.amf, index, shards, n.d.Random),
		smf:   smf.New(&n.smf, uint8(index), n.d.Random),
		dirty: make(map[ident.SUPI]struct{}),
	}
}

// post hands the shard an input from any other goroutine, waiting for room.
func (s *shard) post(ctx context.Context, in input) {
	select {
	case s.inbox <- in:
	case <-ctx.Done():
	}
}

// run serves until ctx ends; then it writes what is not yet written.
func (s *shard) run(ctx context.Context) {
	wake := time.NewTimer(time.Hour)
	defer wake.Stop()
	defer s.save()
	for {
		wake.Reset(s.sleep(time.Now()))
		select {
		case <-ctx.Done():
			return
		case in := <-s.inbox:
			s.take(in)
		case <-wake.C:
		}
		for range len(s.inbox) { // what is there already costs no timer
			s.take(<-s.inbox)
		}
		s.expire(time.Now())
	}
}

// sleep is how long nothing is due.
func (s *shard) sleep(now time.Time) time.Duration {
	next := now.Add(time.Hour)
	if at, ok := s.amf.Deadline(); ok && at.Before(next) {
		next = at
	}
	if at, ok := s.smf.Deadline(); ok && at.Before(next) {
		next = at
	}
	if len(s.dirty) > 0 && s.dirtyAt.Before(next) {
		next = s.dirtyAt
	}
	return max(next.Sub(now), 0)
}

func (s *shard) expire(now time.Time) {
	if at, ok := s.amf.Deadline(); ok && !at.After(now) {
		s.take(input{amf: amf.Tick{}})
	}
	if at, ok := s.smf.Deadline(); ok && !at.After(now) {
		s.take(input{smf: smf.Tick{}})
	}
	if len(s.dirty) > 0 && !s.dirtyAt.After(now) {
		s.save()
	}
}

// take steps the machine that the input is for, and then performs effects until there
// are no more, for an effect of one machine may be an event of the other.
func (s *shard) take(in input) {
	switch {
	case in.ask != nil:
		s.n.contain(func() { in.ask(s) })
	case in.amf != nil:
		s.stepAMF(in.amf)
	case in.smf != nil:
		s.stepSMF(in.smf)
	}
	for i := 0; i < len(s.queue); i++ {
		s.n.contain(func() { s.perform(s.queue[i]) })
		s.queue[i] = nil
	}
	s.queue = s.queue[:0]
}

func (s *shard) stepAMF(ev amf.Event) {
	if !enqueue(s, func() []amf.Effect { return s.amf.Step(time.Now(), ev) }) {
		s.disown(ev)
	}
}

func (s *shard) stepSMF(ev smf.Event) {
	enqueue(s, func() []smf.Effect { return s.smf.Step(time.Now(), ev) })
}

// enqueue steps a machine and queues its effects; sound is false where a bug left none.
func enqueue[F any](s *shard, step func() []F) (sound bool) {
	effects, err := guard(step)
	if err != nil {
		s.n.bug(err)
		return false
	}
	for _, e := range effects {
		s.queue = append(s.queue, e)
	}
	return true
}

// disown ends the connection that a bug has left in an unknown state. The device comes
// back with a new one; nobody else notices.
func (s *shard) disown(ev amf.Event) {
	var id ident.AMFUENGAPID
	switch ev := ev.(type) {
	case amf.Arrived:
		id = ev.Conn
	case amf.Received:
		id = ev.Conn
	case amf.Vector:
		id = ev.Conn
	default:
		return
	}
	enqueue(s, func() []amf.Effect { return s.amf.Step(time.Now(), amf.Lost{Conn: id}) })
}

// perform does what a machine asked for.
func (s *shard) perform(e any) {
	switch e := e.(type) {
	case amf.Send:
		s.send(e)
	case amf.NeedVector:
		s.n.auth.ask(s, e)
	case amf.Closed:
		if a := s.n.association(e.Radio); a != nil {
			a.forget(e.RAN, e.Conn)
		}
	case amf.Save:
		s.touch(e.SUPI)
	case smf.Save:
		s.touch(e.SUPI)
	case amf.Forget:
		delete(s.dirty, e.SUPI)
		s.n.d.Store.DeleteContext(e.SUPI)
	case amf.Page:
		s.page(e)
	case amf.Paged:
		s.n.searched(e)
	case amf.Registered:
		s.n.metrics.registered(e)
	case amf.Deregistered:
		s.n.metrics.left(e)
	case amf.Finding:
		s.n.finding(e)
	case amf.Judged:
		s.n.judged(e)
	case amf.Drop:
		s.n.metrics.dropAMF(e.Reason)
	case smf.Drop:
		s.n.metrics.dropSMF(e.Reason)
	case smf.Finding:
		s.n.sessionFinding(e)
	default:
		s.performSession(e)
	}
}

// send encodes a UE-associated message once and gives it to the radio on the device's stream.
func (s *shard) send(e amf.Send) {
	a := s.n.association(e.Radio)
	if a == nil {
		s.n.metrics.drop(dropRadioGone)
		return
	}
	b, err := ngap.Append(s.buf[:0], e.Msg)
	if err != nil {
		s.n.bug(fmt.Errorf("encoding %T: %w", e.Msg, err))
		return
	}
	s.buf = b
	a.send(a.stream(e.RAN), b)
}

// touch marks a context for writing.
func (s *shard) touch(supi ident.SUPI) {
	if len(s.dirty) == 0 {
		s.dirtyAt = time.Now().Add(saveAfter)
	}
	s.dirty[supi] = struct{}{}
}

// save writes the contexts that have changed.
func (s *shard) save() {
	for supi := range s.dirty {
		s.n.contain(func() {
			if b, ok := s.context(s.buf[:0], supi); ok {
				s.buf = b
				s.n.d.Store.PutContext(supi, b)
			}
		})
	}
	clear(s.dirty)
}
