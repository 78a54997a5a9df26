// Package amf holds the machines of a radio and of the devices that reach the core through
// radios: 5GMM of TS 24.501 on the network's side, and what of NGAP (TS 38.413) serves it.
// It is pure: an event in, effects out; no I/O, no clock, no lock, no goroutine.
//
// There is one [AMF] for each shard of devices, owned by one goroutine, and one [Radio] for
// each association, owned by the goroutine that reads it. What they say to each other, to
// the sessions and to the subscriber store is carried by their owner.
//
// A radio and a device are served as far as the law in force allows: the machines ask
// [rules.Decide] at NG Setup and configuration update, at registration and service request,
// for each session, and again for what is connected when the law changes.
//
// Two kinds of state are kept apart. A connection is what an InitialUEMessage makes: it
// proves nothing, is bounded in number, expires, and may claim to be anybody. A registered
// context is what a device has: keys, temporary identity, sessions. A connection reaches a
// context only by a message whose integrity was verified with the context's keys, or
// by an answered challenge and a SECURITY MODE COMPLETE under the new ones. Whatever came
// before leaves the context untouched.
package amf

import (
	"io"
	"time"

	"cordon/ident"
	"cordon/rules"
	"cordon/timer"
	"cordon/wire/nas"
)

// AMF is the devices of one shard. It is not safe for concurrent use.
type AMF struct {
	cfg    *Config
	law    *rules.Snapshot
	shard  int
	shards int
	rand   io.Reader

	conns     map[ident.AMFUENGAPID]*conn
	ues       map[ident.SUPI]*ue
	tmsis     map[ident.TMSI]*ue // current and, until the new one is confirmed, former identities
	timers    timer.Queue[timerKey]
	caps      map[string]*radioCap
	lists     lists
	t3512     time.Duration // as it can be told to devices
	t3502     time.Duration
	open      queue // unauthenticated connections
	closing   queue // connections whose release the radio has not answered
	bound     roll  // connections that have their device
	paged     pace  // pages of this second
	limits    [classes]limit
	classings map[ident.SUPI]classing

	now   time.Time // of the event in hand
	out   []Effect
	plain []byte // the plain message in hand
	pdu   []byte // the NAS message in hand, as it came
}

// New makes an AMF without devices. cfg must have passed Check and must not change. shard is
// 0 to shards-1. rand gives random octets, as crypto/rand does: it never fails.
func New(cfg *Config, shard, shards int, rand io.Reader) *AMF {
	return &AMF{
		cfg: cfg, shard: shard, shards: shards, rand: rand,
		conns: make(map[ident.AMFUENGAPID]*conn),
		ues:   make(map[ident.SUPI]*ue),
		tmsis: make(map[ident.TMSI]*ue),
		caps:  make(map[string]*radioCap),

		classings: make(map[ident.SUPI]classing),
		t3512:     nas.Timer3(cfg.T3512),
		t3502:     nas.Timer2(cfg.T3502),
	}
}

// Deadline is when Step must be called with Tick at the latest; ok is false where nothing
// is due.
func (a *AMF) Deadline() (when time.Time, ok bool) { return a.timers.Next() }

// Len is the number of registered devices, Connections that of signalling connections, and
// HalfOpen how many of these have proven nothing yet.
func (a *AMF) Len() int         { return len(a.ues) }
func (a *AMF) Connections() int { return len(a.conns) }
func (a *AMF) HalfOpen() int    { return a.open.n }

// Owner is the radio that owns a connection.
func (a *AMF) Owner(id ident.AMFUENGAPID) (RadioID, bool) {
	c := a.conns[id]
	if c == nil {
		return 0, false
	}
	return c.radio.ID, true
}

func (a *AMF) emit(e Effect) { a.out = append(a.out, e) }

func (a *AMF) drop(r Reason) { a.emit(Drop{r}) }
