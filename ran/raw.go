package ran

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"cordon/ident"
	"cordon/wire/ngap"
)

// ErrSilence is a core that did not say what was waited for.
var ErrSilence = errors.New("the core said nothing of the kind")

// RawRadio is an association to a core with nothing behind it: it says what it is told to
// and keeps what it hears, and answers nothing. It is for hostile input. Its methods may be
// called from any goroutine.
type RawRadio struct {
	n2 N2

	mu    sync.Mutex // guards what follows
	heard []Message
	err   error // the end of the association
	news  chan struct{}
}

// Raw takes an association over. Nothing is sent: not even NG Setup.
func Raw(n2 N2) *RawRadio {
	r := &RawRadio{n2: n2, news: make(chan struct{})}
	go r.listen()
	return r
}

// listen ends with the association, which Close ends.
func (r *RawRadio) listen() {
	for {
		m, err := r.n2.Receive()
		r.mu.Lock()
		if err != nil {
			r.err = err
		} else {
			r.heard = append(r.heard, m)
		}
		close(r.news)
		r.news = make(chan struct{})
		r.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// Close aborts the association and waits until it has ended.
func (r *RawRadio) Close() {
	r.n2.Abort()
	for !r.Ended() {
		r.wait(time.Second)
	}
}

// Send sends one NGAP message on a stream: 0 for the radio's own, another for a phone's.
func (r *RawRadio) Send(m ngap.Message, stream uint16) error {
	b, err := ngap.Append(nil, m)
	if err != nil {
		return err
	}
	return r.SendRaw(Message{Stream: stream, PPID: PPID, Data: b})
}

// SendRaw sends any octets on any stream under any payload protocol identifier.
func (r *RawRadio) SendRaw(m Message) error { return r.n2.Send(m) }

// Setup presents a radio and waits for the core's answer: a Response or a Failure.
func (r *RawRadio) Setup(ctx context.Context, cfg RadioConfig) (ngap.Message, error) {
	radio := Radio{cfg: cfg}
	if err := r.Send(radio.setupRequest(), 0); err != nil {
		return nil, err
	}
	return r.Await(ctx, func(m ngap.Message) bool {
		return m.Procedure() == ngap.ProcNGSetup && m.Kind() != ngap.Initiating
	})
}

// Initial sends NAS in an Initial UE Message from a cell of the radio's.
func (r *RawRadio) Initial(cfg RadioConfig, id ident.RANUENGAPID, nas []byte) error {
	radio := Radio{cfg: cfg}
	return r.Send(radio.initialMessage(id, nas), 1)
}

// Next waits for the next message and takes it. An error is ErrSilence once ctx has ended,
// or the end of the association.
func (r *RawRadio) Next(ctx context.Context) (Message, error) {
	for {
		r.mu.Lock()
		if len(r.heard) > 0 {
			m := r.heard[0]
			r.heard = r.heard[1:]
			r.mu.Unlock()
			return m, nil
		}
		err, news := r.err, r.news
		r.mu.Unlock()
		if err != nil {
			return Message{}, err
		}
		select {
		case <-news:
		case <-ctx.Done():
			return Message{}, fmt.Errorf("%w: %w", ErrSilence, ctx.Err())
		}
	}
}

// Await takes messages until one is wanted; the others are forgotten.
func (r *RawRadio) Await(ctx context.Context, want func(ngap.Message) bool) (ngap.Message, error) {
	for {
		m, err := r.Next(ctx)
		if err != nil {
			return nil, err
		}
		if msg, _ := ngap.Parse(m.Data); msg != nil && want(msg) {
			return msg, nil
		}
	}
}

// Expect takes messages from a raw radio until one of type M comes.
func Expect[M ngap.Message](ctx context.Context, r *RawRadio) (M, error) {
	m, err := r.Await(ctx, func(m ngap.Message) bool { _, ok := m.(M); return ok })
	if err != nil {
		var none M
		return none, err
	}
	return m.(M), nil
}

// Heard takes all that came within a time, which it waits out unless the association ends.
func (r *RawRadio) Heard(within time.Duration) []Message {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	var all []Message
	for {
		m, err := r.Next(ctx)
		if err != nil {
			return all
		}
		all = append(all, m)
	}
}

// Ended reports whether the association has ended.
func (r *RawRadio) Ended() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err != nil
}

// wait waits for news, at most for a time.
func (r *RawRadio) wait(limit time.Duration) {
	r.mu.Lock()
	news, over := r.news, r.err != nil
	r.mu.Unlock()
	if over {
		return
	}
	t := time.NewTimer(limit)
	defer t.Stop()
	select {
	case <-news:
	case <-t.C:
	}
}
