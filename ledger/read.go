package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"cordon/evidence"
)

// Reader reads a log's directory, or a copy of it, also while the log is being written.
type Reader struct {
	dir directory
	v   *evidence.Verifier
}

// NewReader makes a reader. Entries are always checked against the log's checkpoint; whether that
// is signed as it should be is checked where a verifier is given.
func NewReader(dir string, v *evidence.Verifier) *Reader {
	return &Reader{directory(filepath.Clean(dir)), v}
}

// Checkpoint is the newest one, as signed and as read.
func (r *Reader) Checkpoint() (signed []byte, c evidence.Checkpoint, err error) {
	signed, err = r.dir.read(checkpointFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, c, fmt.Errorf("there is no evidence log in %s: name the directory that holds the file %q: %w", r.dir, checkpointFile, err)
	} else if err != nil {
		return nil, c, err
	}
	if r.v == nil {
		c, err = evidence.ParseCheckpoint(signed)
	} else {
		c, err = r.v.Checkpoint(signed)
	}
	if err != nil {
		return nil, c, fmt.Errorf("%s: %w", r.dir.file(checkpointFile), err)
	}
	return signed, c, nil
}

// Entries are those from the first up to before the end, in their written form, as the checkpoint
// commits to them.
func (r *Reader) Entries(c evidence.Checkpoint, first, end int64) ([][]byte, error) {
	list, err := evidence.Files(r.dir.read).Entries(c, first, end)
	if err != nil {
		return nil, fmt.Errorf("reading the evidence log in %s: %w", r.dir, err)
	}
	return list, nil
}

// Prove makes the proof of an entry under the newest checkpoint, or under another signed one of
// this log, as one that witnesses have cosigned.
func (r *Reader) Prove(index int64, under []byte) (evidence.Proof, error) {
	signed, c, err := r.Checkpoint()
	if err != nil {
		return evidence.Proof{}, err
	}
	files := evidence.Files(r.dir.read)
	if under != nil {
		other, err := evidence.ParseCheckpoint(under)
		if err != nil {
			return evidence.Proof{}, err
		}
		if err := files.Extends(c, other); err != nil {
			return evidence.Proof{}, err
		}
		signed, c = under, other
	}
	if index < 0 || index >= c.Size {
		return evidence.Proof{}, fmt.Errorf("there is no entry %d: the log in %s has %d of them, numbered from 0", index, r.dir, c.Size)
	}
	p, err := files.Prove(signed, index)
	if err != nil {
		return evidence.Proof{}, fmt.Errorf("reading the evidence log in %s: %w", r.dir, err)
	}
	return p, nil
}
