package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"time"

	"cordon/evidence"
)

const (
	// commitDelay is how long the first entry of a group waits for others: the edge is written anew
	// with each group.
	commitDelay = 100 * time.Millisecond
	// maxGroup is how many entries one checkpoint adds at most.
	maxGroup = 4096
	// Pauses between attempts while the disk refuses.
	firstPause = 100 * time.Millisecond
	lastPause  = 5 * time.Second
)

var errClosed = errors.New("the evidence log is closed")

// write is the one goroutine that changes the log.
func (l *Log) write() {
	var work []byte // taken and not yet written
	pause := time.Duration(0)
	for quit := false; !quit; {
		quit = l.await(pause)
		var err error
		if work, err = l.flush(work); err == nil && quit {
			work, err = l.flush(work) // what came while the last of it was written
		}
		if pause = min(max(2*pause, firstPause), lastPause); err == nil {
			pause = 0
		}
	}
	l.abandon()
}

// await returns when there is something to write, or after the pause that a failure asks for.
func (l *Log) await(pause time.Duration) (quit bool) {
	if pause == 0 {
		select {
		case <-l.dirty:
			pause = commitDelay
		case <-l.urgent:
			return false
		case <-l.quit:
			return true
		}
	}
	select {
	case <-time.After(pause):
	case <-l.urgent:
	case <-l.quit:
		return true
	}
	return false
}

// flush writes what was taken before, then all that waits, and returns what it could not write.
func (l *Log) flush(work []byte) ([]byte, error) {
	if len(work) == 0 {
		work = l.take(work)
	}
	whole := work
	for len(work) > 0 {
		rest, n, err := l.group(work)
		l.written(n, err)
		if err != nil {
			return work, err
		}
		work = rest
	}
	l.written(0, nil) // whoever asked for nothing more than this
	return whole[:0], nil
}

// group writes the first entries of work, at most maxGroup of them, and signs for them.
func (l *Log) group(work []byte) (rest []byte, n int, err error) {
	next := l.edge.clone()
	var files []file
	for rest = work; len(rest) > 0 && n < maxGroup; n++ {
		size := int(rest[0])<<8 | int(rest[1])
		next.add(rest[2:2+size], func(f file) { files = append(files, f) })
		rest = rest[2+size:]
	}
	if err := l.publish(next, files); err != nil {
		return work, 0, l.sentence(err)
	}
	return rest, n, nil
}

// publish puts files and the edge on disk, signs for all, and takes the edge for the log's.
func (l *Log) publish(next *edge, files []file) error {
	root, err := next.root()
	if err != nil {
		return err
	}
	signed, err := evidence.Checkpoint{Origin: l.key.Name(), Size: next.size, Root: root}.Sign(l.key)
	if err != nil {
		return err
	}
	if err := l.undisturbed(signed); err != nil {
		return err
	}
	if err := l.dir.commit(append(files, next.unfinished()...), signed); err != nil {
		return err
	}
	l.edge, l.signed = next, signed
	l.dir.clear(files)
	l.remember(signed)
	return nil
}

// undisturbed says that the log still ends where it was left, or where a group that was cut short
// would have had it: nobody else has written it, taken it away or put another in its place.
func (l *Log) undisturbed(next []byte) error {
	if l.signed == nil {
		return nil // it is just being begun
	}
	now, err := l.dir.read(checkpointFile)
	if err == nil && !bytes.Equal(now, l.signed) && !bytes.Equal(now, next) {
		err = fmt.Errorf("%s is another than was written last: %w", l.dir.file(checkpointFile), ErrTampered)
	}
	return err
}

// abandon tells whoever still waits that it is over.
func (l *Log) abandon() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, w := range l.waiters {
		w.done <- errClosed
	}
	l.waiters = nil
}

// sentence says what an operator can do about a write that did not succeed.
func (l *Log) sentence(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("the disk of %s is full: make room: %w", l.dir, err)
	case errors.Is(err, syscall.EROFS):
		return fmt.Errorf("the disk of %s has become read-only: look at the kernel's log: %w", l.dir, err)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, ErrTampered):
		return fmt.Errorf("%s is no longer as it was written: put it back: %w", l.dir, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s must be writable: %w", l.dir, err)
	}
	return fmt.Errorf("%s cannot be written: %w", l.dir, err)
}
