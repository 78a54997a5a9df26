package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"cordon/ident"
)

const (
	// commitDelay is how long the first context of a group waits for others.
	commitDelay = 20 * time.Millisecond
	// commitSize is the number of waiting contexts at which a group waits no longer.
	commitSize = 512
	// Pauses between attempts while the disk refuses.
	firstPause = 100 * time.Millisecond
	lastPause  = 5 * time.Second
	// keepGroup bounds the map kept for the next group: one that grew in a burst or an
	// outage is given back.
	keepGroup = 4096
)

// A group is what one transaction writes: the newest context of each device, nil for
// one to delete, and the operations that wait for its end.
type group struct {
	contexts map[ident.SUPI][]byte
	ops      []*op
}

// op is a change whose asker waits.
type op struct {
	do   func(*tx) error
	err  error
	done chan struct{}
}

// tx is the transaction that an operation runs in.
type tx struct {
	ctx    context.Context
	conn   *sql.Conn
	sealer *sealer
	stmts
}

// stmts are the statements worth preparing, on the writer's connection.
type stmts struct{ begin, commit, put, del, add, replace, class *sql.Stmt }

func (s *stmts) all() []*sql.Stmt {
	return []*sql.Stmt{s.begin, s.commit, s.put, s.del, s.add, s.replace, s.class}
}

// writer is the one goroutine that changes rows.
type writer struct {
	path string
	tx   tx

	mu     sync.Mutex // guards what follows
	next   group
	spare  map[ident.SUPI][]byte
	closed bool
	fail   error // why the last transaction did not succeed
	st     Stats

	dirty  chan struct{} // there is a first context to write
	urgent chan struct{} // somebody waits, or the group is large
	quit   chan struct{}
	ended  chan struct{}
}

func newWriter(ctx context.Context, path string, conn *sql.Conn, s *sealer) (*writer, error) {
	w := &writer{
		path: path, tx: tx{ctx: ctx, conn: conn, sealer: s},
		next: group{contexts: map[ident.SUPI][]byte{}}, spare: map[ident.SUPI][]byte{},
		dirty: make(chan struct{}, 1), urgent: make(chan struct{}, 1),
		quit: make(chan struct{}), ended: make(chan struct{}),
	}
	for _, p := range []struct {
		stmt **sql.Stmt
		text string
	}{
		{&w.tx.begin, "BEGIN IMMEDIATE"},
		{&w.tx.commit, "COMMIT"},
		{&w.tx.put, "INSERT INTO contexts (supi, sealed) VALUES (?, ?) ON CONFLICT (supi) DO UPDATE SET sealed = excluded.sealed"},
		{&w.tx.del, "DELETE FROM contexts WHERE supi = ?"},
		{&w.tx.add, addSubscriber},
		{&w.tx.replace, replaceSubscriber},
		{&w.tx.class, `SELECT protected FROM subscribers WHERE supi = ?`},
	} {
		var err error
		if *p.stmt, err = conn.PrepareContext(ctx, p.text); err != nil {
			return nil, err
		}
	}
	go w.run()
	return w, nil
}

// put hands over a context, or nil to delete it.
func (w *writer) put(supi ident.SUPI, blob []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	w.next.contexts[supi] = blob
	switch len(w.next.contexts) {
	case 1:
		poke(w.dirty)
	case commitSize:
		poke(w.urgent)
	}
}

// do runs f in the next transaction and returns once that has ended. What f changed is
// undone when f returns an error, and only that.
func (w *writer) do(f func(*tx) error) error {
	o := &op{do: f, done: make(chan struct{})}
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return errClosed
	}
	w.next.ops = append(w.next.ops, o)
	w.mu.Unlock()
	poke(w.urgent)
	<-o.done
	return o.err
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // it is poked already
	}
}

type state struct {
	failing error
	stats   Stats
}

func (w *writer) state() state {
	w.mu.Lock()
	defer w.mu.Unlock()
	st := w.st
	st.Pending = len(w.next.contexts)
	return state{w.fail, st}
}

// close ends the writer after a last attempt to write what waits.
func (w *writer) close() error {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	close(w.quit)
	<-w.ended
	for _, stmt := range w.tx.all() {
		stmt.Close() // else the engine keeps the file open
	}
	s := w.state()
	if s.stats.Pending > 0 {
		return fmt.Errorf("%d contexts could not be written, and those devices will have to register again: %w", s.stats.Pending, s.failing)
	}
	return nil
}

func (w *writer) run() {
	defer close(w.ended)
	pause := time.Duration(0)
	for {
		wait, quit := w.await(pause)
		if wait > 0 {
			select {
			case <-time.After(wait):
			case <-w.urgent:
			case <-w.quit:
				quit = true
			}
		}
		err := w.flush()
		if quit {
			return
		}
		if err == nil {
			pause = 0
		} else {
			pause = min(max(2*pause, firstPause), lastPause)
		}
	}
}

// await returns when there is something to do, with how long it may still wait for
// company, or at once with the pause that a failure asks for.
func (w *writer) await(pause time.Duration) (wait time.Duration, quit bool) {
	if pause > 0 {
		return pause, false
	}
	select {
	case <-w.dirty:
		return commitDelay, false
	case <-w.urgent:
		return 0, false
	case <-w.quit:
		return 0, true
	}
}

// flush writes what waits in one transaction and tells the askers. After a failure the
// contexts wait again, unless newer ones have come.
func (w *writer) flush() error {
	g := w.take()
	if len(g.contexts) == 0 && len(g.ops) == 0 {
		return nil
	}
	start := time.Now()
	err := w.write(g)
	took := time.Since(start)
	err = sentence(w.path, err)
	w.mu.Lock()
	w.st.LastWrite, w.st.Slowest = took, max(w.st.Slowest, took)
	w.fail = err
	if err == nil {
		w.st.Commits++
		w.st.Contexts += uint64(len(g.contexts))
		if len(g.contexts) <= keepGroup {
			clear(g.contexts)
			w.spare = g.contexts
		}
	} else {
		w.st.Failures++
		newer := w.next.contexts
		maps.Copy(g.contexts, newer)
		w.next.contexts = g.contexts
	}
	w.mu.Unlock()
	for _, o := range g.ops {
		if o.err == nil {
			o.err = err
		}
		close(o.done)
	}
	return err
}

// take is what waits, and leaves an empty group in its place.
func (w *writer) take() group {
	w.mu.Lock()
	defer w.mu.Unlock()
	g := w.next
	w.next = group{contexts: w.spare}
	w.spare = nil
	if w.next.contexts == nil {
		w.next.contexts = map[ident.SUPI][]byte{}
	}
	return g
}

// write is the transaction itself. An operation's own error is left in it.
func (w *writer) write(g group) (err error) {
	t := &w.tx
	if _, err := t.begin.ExecContext(t.ctx); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			t.conn.ExecContext(t.ctx, "ROLLBACK") // the engine may have done so itself
		}
	}()
	for _, o := range g.ops {
		if err := t.guarded(o); err != nil {
			return err
		}
	}
	for supi, blob := range g.contexts {
		if blob == nil {
			_, err = t.del.ExecContext(t.ctx, int64(supi))
		} else {
			_, err = t.put.ExecContext(t.ctx, int64(supi), t.sealer.seal("contexts", uint64(supi), blob))
		}
		if err != nil {
			return err
		}
	}
	_, err = t.commit.ExecContext(t.ctx)
	return err
}

// guarded runs one operation so that its refusal costs the others nothing. Its error is
// the savepoint's, after which the transaction is lost.
func (t *tx) guarded(o *op) error {
	if _, err := t.conn.ExecContext(t.ctx, "SAVEPOINT op"); err != nil {
		return err
	}
	if o.err = o.do(t); o.err != nil {
		if _, err := t.conn.ExecContext(t.ctx, "ROLLBACK TO op"); err != nil {
			return errors.Join(o.err, err)
		}
	}
	_, err := t.conn.ExecContext(t.ctx, "RELEASE op")
	return err
}
