// Package ledger keeps the evidence log on disk.
package ledger

import (
	"log/slog"

	"cordon/evidence"
)

// Config says where a log is and how it is kept.
type Config struct {
	Dir     string
	KeyFile string
	// PseudonymFile holds the key of subscribers' pseudonyms.
	PseudonymFile string
	Origin        string
	Known         []byte
	Remember      func(checkpoint []byte)
	Log           *slog.Logger
}

// Log is an open evidence log.
type Log struct{}

// Open opens a log, or makes one.
func Open(c Config) (*Log, error) { return &Log{}, nil }

// Append hands over an entry. It never blocks and never fails; Time and Clock are set by the log.
func (l *Log) Append(e evidence.Entry) {}

// Sync returns once all that was appended before is on disk, or with the reason why it is not.
func (l *Log) Sync() error { return nil }

// Health tells whether entries are being written, else why not as a sentence for the operator,
// how many wait, and how many have been lost since Open.
func (l *Log) Health() (ok bool, problem string, pending int, lost uint64) { return true, "", 0, 0 }

// Pseudonym is what the log calls a subscriber.
func (l *Log) Pseudonym(supi string) string { return "" }

// Verifier is the public key, as who checks the log needs it.
func (l *Log) Verifier() string { return "" }

// Close writes what waits and gives the directory free.
func (l *Log) Close() error { return nil }
