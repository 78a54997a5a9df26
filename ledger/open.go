package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"cordon/evidence"
)

// acquire reads keys and log, and makes what is to be made.
func (l *Log) acquire(c Config) error {
	if l.remember == nil {
		l.remember = func([]byte) {}
	}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	signed, err := l.dir.read(checkpointFile)
	fresh := errors.Is(err, fs.ErrNotExist)
	if err != nil && !fresh {
		return err
	}
	if l.key, err = loadKey(c.KeyFile, c.Origin, fresh && !c.knows()); err != nil {
		return err
	}
	if l.pseudonyms, err = loadPseudonymKey(c.PseudonymFile, true); err != nil {
		return err
	}
	v, err := evidence.NewVerifier(l.key.vkey)
	if err != nil {
		return err
	}
	known, err := parseKnown(v, c.Known)
	if err != nil {
		return err
	}
	if fresh {
		return l.begin(known)
	}
	return l.resume(v, signed, known)
}

// begin makes an empty log.
func (l *Log) begin(known *evidence.Checkpoint) error {
	if known != nil && known.Size > 0 {
		return fmt.Errorf("%s holds no log, and one of %d entries is known: %w: %s", l.dir, known.Size, ErrRolledBack, putBack)
	}
	if _, err := os.Stat(l.dir.file("tile")); err == nil {
		return fmt.Errorf("%s holds entries and no checkpoint, so nobody can say how many: %w: %s", l.dir, ErrTampered, putBack)
	}
	switch name, err := l.dir.foreign(); {
	case err != nil:
		return err
	case name != "":
		return fmt.Errorf("%s holds %s, which is no part of a log: give the log a directory of its own", l.dir, name)
	}
	if err := os.MkdirAll(string(l.dir), dirMode); err != nil {
		return err
	}
	if err := syncDir(filepath.Dir(string(l.dir))); err != nil {
		return err
	}
	l.edge = &edge{}
	return l.publish(l.edge, nil)
}

// resume takes a log up where its checkpoint ends.
func (l *Log) resume(v *evidence.Verifier, signed []byte, known *evidence.Checkpoint) error {
	c, err := v.Checkpoint(signed)
	if err != nil {
		return fmt.Errorf("%s: %w (%w): %s", l.dir.file(checkpointFile), ErrTampered, err, putBack)
	}
	files := evidence.Files(l.dir.read)
	if known != nil {
		if known.Size > c.Size {
			return fmt.Errorf("%s holds %d entries, and %d are known: %w: %s", l.dir, c.Size, known.Size, ErrRolledBack, putBack)
		}
		if err := files.Extends(c, *known); err != nil {
			return fmt.Errorf("%s is another log than the one that is known to have had %d entries: %w (%w): %s", l.dir, known.Size, ErrTampered, err, putBack)
		}
	}
	if l.edge, err = loadEdge(files, c); err != nil {
		return fmt.Errorf("%s: %w (%w): %s", l.dir, ErrTampered, err, seeVerify)
	}
	if l.latest, err = lastTime(files, c); err != nil {
		return fmt.Errorf("%s: %w (%w): %s", l.dir, ErrTampered, err, seeVerify)
	}
	if err := l.dir.sweep(c.Size); err != nil {
		return fmt.Errorf("clearing away what a killed process left: %w", err)
	}
	l.signed = signed
	l.remember(signed)
	return nil
}

// lastTime is that of a log's last entry.
func lastTime(files evidence.Files, c evidence.Checkpoint) (time.Time, error) {
	if c.Size == 0 {
		return time.Time{}, nil
	}
	last, err := files.Entries(c, c.Size-1, c.Size)
	if err != nil {
		return time.Time{}, err
	}
	e, err := evidence.ParseEntry(last[0])
	return e.Time, err
}

// What an operator does about it.
const (
	putBack   = "put the newest copy back, or, where there is none, keep this one as it is and give the new log another directory, key file and origin"
	seeVerify = "\"cordon log verify\" tells where it was altered"
)

// knows says that a checkpoint of this very log was kept, so that its key has been made before.
func (c *Config) knows() bool {
	known, err := evidence.ParseCheckpoint(c.Known)
	return err == nil && known.Origin == c.Origin
}

// parseKnown reads the checkpoint that was kept elsewhere.
func parseKnown(v *evidence.Verifier, signed []byte) (*evidence.Checkpoint, error) {
	if signed == nil {
		return nil, nil
	}
	if c, err := evidence.ParseCheckpoint(signed); err == nil && c.Origin != v.Origin() {
		return nil, nil // of a log before this one
	}
	c, err := v.Checkpoint(signed)
	if err != nil {
		return nil, fmt.Errorf("the log's last checkpoint, which is kept elsewhere, was not signed with this key: %w: put the key file back", err)
	}
	return &c, nil
}
