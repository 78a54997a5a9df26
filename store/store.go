// Package store keeps what must outlive the process in one SQLite file: subscribers,
// the contexts of registered devices, and the network's own facts.
//
// # Ownership
//
// One process owns a store at a time; a second one is refused at Open. Inside it every
// method may be called from any goroutine. One goroutine, started by Open and ended by
// Close, does all the writing, in group commits; reads go their own way and see the
// last commit.
//
// # Durability
//
// [Store.PutContext] and [Store.DeleteContext] return at once. What they were given is
// on disk, synced, after commitDelay and one transaction: some 25 ms on a healthy disk,
// always the newest value of each device. Everything else returns after its commit.
// While the disk refuses (full, failing, read-only) contexts wait in memory, one per
// device, and are retried with growing pauses; [Store.Health] says so, and no context is
// lost while the process lives.
//
// # Secrecy
//
// K, OPc and contexts are sealed with AES-256-GCM under the key file; the row's
// table and key are authenticated with them, so that rows cannot be exchanged. A SUPI as
// a row's key, plan names and SQN offsets are in clear. Putting back an older copy of a
// whole row, or of the whole file, is not detected.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"cordon/ident"

	_ "modernc.org/sqlite" // the engine, as database/sql's driver "sqlite"
)

// Config says where a store is.
type Config struct {
	// Path is the database file; it is made when missing, with leave for its owner only.
	// Beside it stand the files that SQLite makes (-wal, -shm) and a lock (.lock).
	Path string
	// KeyFile holds 32 octets in hexadecimal. It is made with a random key when both it and
	// the database are missing.
	KeyFile string
}

// Store is an open store.
type Store struct {
	path   string
	lock   *os.File
	db     *sql.DB // the writer's, and its one connection
	conn   *sql.Conn
	w      *writer // everything that changes a row
	read   *sql.DB
	sealer *sealer

	get, list *sql.Stmt // on read

	closed   sync.Once
	closeErr error

	network Network
}

// Open opens a store, making it when it is not there yet, brings its schema up to date
// and counts this start. Its errors are sentences for the operator.
func Open(c Config) (*Store, error) {
	s, err := open(c)
	if err != nil {
		return nil, fmt.Errorf("opening the store: %w", err)
	}
	return s, nil
}

func open(c Config) (*Store, error) {
	path, err := filepath.Abs(c.Path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path}
	if err := s.acquire(c.KeyFile); err != nil {
		s.release()
		return nil, err
	}
	return s, nil
}

// acquire takes hold of all that release lets go.
func (s *Store) acquire(keyFile string) (err error) {
	if s.lock, err = lockFile(s.path + ".lock"); err != nil {
		return err
	}
	fresh, err := touch(s.path)
	if err != nil {
		return err
	}
	master, err := loadKey(keyFile, fresh)
	if err != nil {
		return err
	}
	if s.sealer, err = newSealer(master); err != nil {
		return err
	}
	return sentence(s.path, s.connect())
}

// connect opens both sides of the database, migrates it and starts the writer.
func (s *Store) connect() error {
	ctx := context.Background()
	var err error
	if s.db, err = sql.Open("sqlite", dsn(s.path, "journal_mode(WAL)", "synchronous(FULL)", "cache_size(-2048)")); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(1)
	if s.conn, err = s.db.Conn(ctx); err != nil {
		return err
	}
	if err := migrate(ctx, s.conn, s.path); err != nil {
		return err
	}
	if s.network, err = s.start(ctx, s.conn); err != nil {
		return err
	}
	if s.read, err = sql.Open("sqlite", dsn(s.path, "query_only(1)", "cache_size(-1024)")); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(maxReaders)
	s.read.SetMaxIdleConns(maxReaders)
	if s.get, err = s.read.PrepareContext(ctx, getSubscriber); err != nil {
		return err
	}
	if s.list, err = s.read.PrepareContext(ctx, listSubscribers); err != nil {
		return err
	}
	s.w, err = newWriter(ctx, s.path, s.conn, s.sealer)
	return err
}

const (
	maxReaders  = 2
	busyTimeout = 2 * time.Second // another program may hold the file for a moment
)

// dsn names the database for the driver. Memory mapping stays off: with it, a failing
// disk is a signal that ends the process rather than an error.
func dsn(path string, pragmas ...string) string {
	q := url.Values{"_pragma": append([]string{
		fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()),
		"mmap_size(0)", "temp_store(MEMORY)", "trusted_schema(0)",
	}, pragmas...)}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String()
}

// Close writes what is still waiting, stops the writer and gives the file free. Its
// error says what could not be written.
func (s *Store) Close() error {
	s.closed.Do(func() {
		if err := s.w.close(); err != nil {
			s.closeErr = fmt.Errorf("closing the store: %w", err)
		}
		s.release()
	})
	return s.closeErr
}

// release lets go of what is held. Errors of closing mean nothing here: every statement
// ran in a transaction that has ended.
func (s *Store) release() {
	for _, stmt := range []*sql.Stmt{s.get, s.list} {
		if stmt != nil {
			stmt.Close()
		}
	}
	if s.conn != nil {
		s.conn.Close()
	}
	for _, db := range []*sql.DB{s.read, s.db} {
		if db != nil {
			db.Close()
		}
	}
	if s.lock != nil {
		s.lock.Close()
	}
}

// Path is the database file's absolute name.
func (s *Store) Path() string { return s.path }

// Health is nil while writes succeed, else why the last one did not, as a sentence for
// the operator.
func (s *Store) Health() error { return s.w.state().failing }

// Stats are the writer's figures since Open.
type Stats struct {
	Pending   int           // contexts that wait for the next commit
	Commits   uint64        // transactions that succeeded
	Failures  uint64        // transactions that did not
	Contexts  uint64        // contexts written or deleted
	Slowest   time.Duration // the longest transaction
	LastWrite time.Duration // the latest transaction
}

// Stats tells the writer's figures.
func (s *Store) Stats() Stats { return s.w.state().stats }

// PutContext asks for a device's context to be written, in place of any earlier one.
// It returns at once and keeps no reference to blob.
func (s *Store) PutContext(supi ident.SUPI, blob []byte) {
	s.w.put(supi, append(make([]byte, 0, len(blob)), blob...))
}

// DeleteContext asks for a device's context to be removed. It returns at once.
func (s *Store) DeleteContext(supi ident.SUPI) { s.w.put(supi, nil) }

// Sync returns once all that was asked before it is on disk, or with the reason why it
// is not; contexts are then still kept and retried.
func (s *Store) Sync() error { return s.w.do(func(*tx) error { return nil }) }

// LoadContexts calls each with every stored context, in no particular order, until it
// returns an error, which LoadContexts then returns. The blob is each's to keep. It is
// meant for the start, before anything is put. A row that cannot be opened costs that
// device only: it is passed over and counted.
func (s *Store) LoadContexts(each func(ident.SUPI, []byte) error) (unreadable int, err error) {
	rows, err := s.read.QueryContext(context.Background(), "SELECT supi, sealed FROM contexts")
	if err != nil {
		return 0, fmt.Errorf("reading contexts: %w", sentence(s.path, err))
	}
	defer rows.Close()
	for rows.Next() {
		var supi int64
		var sealed sql.RawBytes
		if err := rows.Scan(&supi, &sealed); err != nil {
			return unreadable, fmt.Errorf("reading contexts: %w", sentence(s.path, err))
		}
		blob, err := s.sealer.open("contexts", uint64(supi), sealed)
		if err != nil {
			unreadable++
			continue
		}
		if err := each(ident.SUPI(supi), blob); err != nil {
			return unreadable, err
		}
	}
	if err := rows.Err(); err != nil {
		return unreadable, fmt.Errorf("reading contexts: %w", sentence(s.path, err))
	}
	return unreadable, nil
}

// touch makes the database file with leave for its owner only, and reports whether it
// is empty.
func touch(path string) (fresh bool, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return false, fileSentence(path, err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return false, err
	}
	if !st.Mode().IsRegular() {
		return false, fmt.Errorf("%s is not a file: name a file for the store", path)
	}
	return st.Size() == 0, nil
}

// errClosed answers work that arrives after Close.
var errClosed = errors.New("the store is closed")
