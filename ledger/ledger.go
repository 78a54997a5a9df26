// Package ledger keeps the evidence log on disk: a directory of tiles, bundles of entries and one
// signed checkpoint, in the formats of C2SP that other verifiers and witnesses read.
//
// # Ownership
//
// One process writes a log at a time; a second one is refused at [Open]. Every method of [Log] may
// be called from any goroutine. Two goroutines, started by Open and ended by [Log.Close], write and
// complain. A [Reader] needs no leave of the writer: it reads a running log as well as a copy.
//
// # Durability
//
// [Log.Append] returns at once, whatever the disk does. What it was given is on disk, synced and
// signed, after commitDelay and one group's writing. The checkpoint is written last and replaced
// as a whole, so that after a power cut the log is as one of the last checkpoints said, and the next Open
// clears away what was begun after it. Entries that waited in memory are then gone: a start without
// a stop before it shows that.
//
// # When the disk refuses
//
// Entries wait in memory, within maxQueue, and are retried with growing pauses; the network runs on.
// What no longer fits is counted and lost, and the log itself says so as soon as it can, by an entry
// of kind gap in the very place. [Log.Health] tells, and so does the operator's log, once a minute.
//
// # What is kept
//
// Everything: nothing in this package removes an entry.
package ledger

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"cordon/evidence"
)

// Errors of a log that is not what it was.
var (
	ErrTampered   = errors.New("the log has been tampered with")
	ErrRolledBack = errors.New("the log has been rolled back")
)

// Config says where a log is and how it is kept.
type Config struct {
	Dir string // made when missing; beside it stands a lock (.lock)
	// KeyFile holds the signing key. It is made when both it and the log are missing.
	KeyFile string
	// PseudonymFile holds the key of subscribers' pseudonyms. It is made when missing: who destroys it
	// makes the pseudonyms so far nobody's.
	PseudonymFile string
	// Origin is the log's name in the world, as example.org/evidence.
	Origin string
	// Known is the last checkpoint that Remember was given, kept elsewhere than in Dir; nil for none.
	// A log that is older than it is refused, and so is one that is not its continuation. That of
	// another origin is another log's, and tells nothing.
	Known []byte
	// Remember is called with the log's signed checkpoint by Open, and then by the one goroutine that
	// writes with every new one, once that is on disk; nil for nobody. It returns soon.
	Remember func(checkpoint []byte)
	Log      *slog.Logger // where an operator reads of trouble; nil for nowhere
}

// Log is an open evidence log.
type Log struct {
	dir        directory
	lock       *os.File
	key        key
	pseudonyms *evidence.PseudonymKey
	remember   func([]byte)
	log        *slog.Logger
	edge       *edge  // the writer's, as what follows
	signed     []byte // the checkpoint that was written last

	mu sync.Mutex // guards queue
	queue

	dirty   chan struct{} // there is a first entry to write
	urgent  chan struct{} // somebody waits, or much does
	trouble chan struct{} // an operator should hear
	quit    chan struct{}
	ended   sync.WaitGroup
	closed  sync.Once
	last    error // of Close
}

// Open opens a log, making it when it is not there yet. It refuses one that is older than it was
// (ErrRolledBack) or whose end is not as it was signed (ErrTampered). Its errors are sentences
// for the operator.
func Open(c Config) (*Log, error) {
	l, err := open(c)
	if err != nil {
		return nil, fmt.Errorf("opening the evidence log: %w", err)
	}
	return l, nil
}

func open(c Config) (*Log, error) {
	at, err := filepath.Abs(c.Dir)
	if err != nil {
		return nil, err
	}
	l := &Log{
		dir: directory(at), remember: c.Remember, log: c.Log,
		dirty: make(chan struct{}, 1), urgent: make(chan struct{}, 1), trouble: make(chan struct{}, 1), quit: make(chan struct{}),
	}
	if l.lock, err = lockFile(at + ".lock"); err != nil {
		return nil, err
	}
	if err := l.acquire(c); err != nil {
		l.lock.Close()
		return nil, err
	}
	l.ended.Go(l.write)
	l.ended.Go(l.watch)
	return l, nil
}

// lockFile makes this process the log's only writer. The kernel gives the lock free when the
// process ends, however it ends.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		f.Close()
		return nil, fmt.Errorf("another process writes it (%s is locked): end that one first", path)
	case err != nil:
		f.Close()
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	return f, nil
}

// Pseudonym is what the log calls the subscriber with that SUPI.
func (l *Log) Pseudonym(supi string) string { return evidence.Pseudonym(l.pseudonyms, supi) }

// Digest is what the log has of octets that may name a subscriber.
func (l *Log) Digest(octets []byte) string { return evidence.Digest(l.pseudonyms, octets) }

// PublicKey is what who verifies the log needs, and all that it needs.
func (l *Log) PublicKey() string { return l.key.vkey }

// Close writes what waits, ends the writer and gives the log free. Its error says how many entries
// could not be written.
func (l *Log) Close() error {
	l.closed.Do(func() {
		l.mu.Lock()
		l.shut = true
		l.mu.Unlock()
		close(l.quit)
		l.ended.Wait()
		l.lock.Close()
		if ok, problem, pending, _ := l.Health(); pending > 0 || !ok {
			l.last = fmt.Errorf("closing the evidence log: %d entries could not be written: %s", pending, problem)
		}
	})
	return l.last
}

// watch tells the operator of trouble: at once, then every minute, and when it is over.
func (l *Log) watch() {
	for {
		select {
		case <-l.trouble:
		case <-l.quit:
			return
		}
		for told := false; ; told = true {
			ok, problem, pending, lost := l.Health()
			if ok && told {
				l.log.Info("evidence is written again", "log", string(l.dir), "lost", lost)
			}
			if ok {
				break
			}
			l.log.Error("evidence cannot be written: the network runs on", "log", string(l.dir), "problem", problem, "waiting", pending, "lost", lost)
			select {
			case <-time.After(complainEvery):
			case <-l.quit:
				return
			}
		}
	}
}

const complainEvery = time.Minute
