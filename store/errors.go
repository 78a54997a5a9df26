package store

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

var (
	// ErrExists refuses to add a subscriber who is there already. It is an [fs.ErrExist].
	ErrExists error = &known{"the subscriber exists already", fs.ErrExist}
	// ErrUnknown says that there is no such subscriber. It is an [fs.ErrNotExist].
	ErrUnknown error = &known{"there is no such subscriber", fs.ErrNotExist}
)

// known is an error that others know by one of the standard library's, in our words.
type known struct {
	text string
	is   error
}

func (k *known) Error() string { return k.text }
func (k *known) Unwrap() error { return k.is }

// told is an error that has become a sentence for the operator.
type told struct {
	text string
	err  error
}

func (t *told) Error() string { return t.text + " (" + t.err.Error() + ")" }
func (t *told) Unwrap() error { return t.err }

// sentence turns an error of the engine into one that tells an operator what is wrong
// with the file and what to do. The engine's own error stays beneath it. Any other error
// is returned as it is.
func sentence(path string, err error) error {
	e, ok := errors.AsType[*sqlite.Error](err)
	if _, done := errors.AsType[*told](err); done || !ok {
		return err
	}
	var what string
	switch e.Code() & 0xff { // the rest of the code is detail
	case lib.SQLITE_FULL:
		what = "the disk that holds %s is full: free some space"
	case lib.SQLITE_IOERR:
		what = "the disk refuses to read or write %s: see whether it is full, over quota or failing"
	case lib.SQLITE_READONLY, lib.SQLITE_PERM:
		what = "%s is read-only: give this user leave to write it and its directory"
	case lib.SQLITE_CANTOPEN:
		what = "%s cannot be opened: see whether its directory exists and may be written"
	case lib.SQLITE_NOTADB:
		what = "%s is not a Cordon store, or is damaged: name another file or restore a backup"
	case lib.SQLITE_CORRUPT:
		what = "%s is damaged: restore a backup"
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		what = "another program holds %s locked: end it"
	default:
		what = "%s cannot be read or written"
	}
	return &told{fmt.Sprintf(what, path), err}
}

// fileSentence does the same for an error of the operating system.
func fileSentence(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the directory of %s does not exist: make it first", path)
	case errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%s is on a read-only file system: name a place that can be written", path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s may not be read and written by this user: change its owner or mode, or name another place", path)
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("the disk that holds %s is full: free some space", path)
	}
	return err
}
