package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"cordon/evidence"
)

// Report is what a log that verifies has to tell.
type Report struct {
	Checkpoint  evidence.Checkpoint
	First, Last time.Time // of its entries
	Gaps        int       // entries that say that others were lost
	Lost        uint64    // how many those say
	Unclean     int       // starts without a stop before them: the core was killed, or its machine was
	Octets      int64     // of all entries
}

// Verify checks a whole log, or a copy of one, by its public key alone: every entry's form and its
// place in time, every tile against the entries, the root against the signed checkpoint, and that
// no file is missing, altered or too many. earlier is a signed checkpoint that somebody kept, or nil:
// the log must be its continuation, and it, rather than the log's newest, bears the cosignatures that the
// verifier asks for. The error says what is wrong and where.
func Verify(dir string, v *evidence.Verifier, earlier []byte) (Report, error) {
	own := v
	if earlier != nil {
		own = v.WithoutWitnesses()
	}
	r := NewReader(dir, own)
	c, narrow, err := r.survey()
	if err != nil {
		return Report{}, err
	}
	if earlier != nil {
		before, err := v.Checkpoint(earlier)
		if err != nil {
			return Report{}, fmt.Errorf("the earlier checkpoint: %w", err)
		}
		if before.Size > c.Size {
			return Report{}, fmt.Errorf("%s holds %d entries and had %d when the earlier checkpoint was signed: %w", r.dir, c.Size, before.Size, ErrRolledBack)
		}
		if err := evidence.Files(r.dir.read).Extends(c, before); err != nil {
			return Report{}, fmt.Errorf("%s is no continuation of the earlier checkpoint: %w", r.dir, err)
		}
	}
	check := checking{dir: r.dir, files: r.dir.read, report: Report{Checkpoint: c}}
	if err := check.tree(c); err != nil {
		return Report{}, fmt.Errorf("%s: %w", r.dir, err)
	}
	for _, t := range narrow {
		if err := check.narrow(c, t); err != nil {
			return Report{}, fmt.Errorf("%s: %w", r.dir, err)
		}
	}
	return check.report, nil
}

// settle is how long a running writer may take to sign for files that it has begun.
const settle = 3 * time.Second

// survey looks at every name in the directory, and returns the checkpoint that commits to all of
// them and the unfinished tiles.
func (r *Reader) survey() (c evidence.Checkpoint, narrow []evidence.Tile, err error) {
	if _, c, err = r.Checkpoint(); err != nil {
		return c, nil, err
	}
	var ahead []evidence.Tile
	var begun []string
	err = filepath.WalkDir(string(r.dir), func(at string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // cleared away meanwhile
			}
			return err
		}
		rel, _ := filepath.Rel(string(r.dir), at)
		name := filepath.ToSlash(rel)
		t, ok := evidence.ParsePath(strings.TrimSuffix(name, unready))
		switch {
		case !d.Type().IsRegular(), !ok && strings.TrimSuffix(name, unready) != checkpointFile:
			return fmt.Errorf("%s is no file of a log: %w", at, ErrTampered)
		case strings.HasSuffix(name, unready):
			begun = append(begun, at)
			return nil
		case ok && t.Covered() > c.Size:
			ahead = append(ahead, t)
		}
		if ok && t.Count < evidence.Width {
			narrow = append(narrow, t)
		}
		return nil
	})
	if err != nil {
		return c, nil, err
	}
	c, err = r.catchUp(c, ahead, begun)
	return c, narrow, err
}

// catchUp waits until a running writer has signed for what it had begun.
func (r *Reader) catchUp(c evidence.Checkpoint, ahead []evidence.Tile, begun []string) (evidence.Checkpoint, error) {
	for give := time.Now().Add(settle); ; time.Sleep(settle / 30) {
		ahead = slices.DeleteFunc(ahead, func(t evidence.Tile) bool { return t.Covered() <= c.Size })
		begun = slices.DeleteFunc(begun, func(at string) bool {
			_, err := os.Lstat(at)
			return err != nil
		})
		var open string
		switch {
		case len(begun) > 0:
			open = begun[0]
		case len(ahead) > 0:
			open = r.dir.file(ahead[0].Path())
		default:
			return c, nil
		}
		if time.Now().After(give) {
			return c, fmt.Errorf("%s is not signed for: a core that was killed leaves such and clears it away when it starts, or else somebody put it there: %w", open, ErrTampered)
		}
		var err error
		if _, c, err = r.Checkpoint(); err != nil {
			return c, err
		}
	}
}

// checking is a verification under way.
type checking struct {
	dir     directory
	files   evidence.Files
	report  Report
	running bool // the last start has no stop yet
}

// tree builds the log anew from its entries, and compares.
func (k *checking) tree(c evidence.Checkpoint) error {
	var built edge
	var fault error
	filled := func(f file) {
		if fault == nil && f.Level != evidence.Bundles { // what the entries were read from
			fault = k.compare(f)
		}
	}
	for built.size < c.Size && fault == nil {
		t := evidence.Tile{Level: evidence.Bundles, Index: built.index(0), Count: int(min(evidence.Width, c.Size-built.size))}
		b, err := k.files.Read(t)
		if err != nil {
			return fmt.Errorf("%s: %w (%w)", t.Path(), ErrTampered, err)
		}
		entries, err := evidence.Unbundle(b)
		if err != nil {
			return fmt.Errorf("%s: %w (%w)", t.Path(), ErrTampered, err)
		}
		for _, entry := range entries {
			if err := k.entry(entry); err != nil {
				return fmt.Errorf("%s: entry %d: %w (%w)", t.Path(), built.size, ErrTampered, err)
			}
			built.add(entry, filled)
		}
	}
	for _, f := range built.unfinished() {
		filled(f)
	}
	if fault != nil {
		return fault
	}
	if root, err := built.root(); err != nil || root != c.Root {
		return fmt.Errorf("entries and tiles agree with each other, and are not what %s signed: %w", checkpointFile, ErrTampered)
	}
	return nil
}

// compare holds a file against what it should be.
func (k *checking) compare(f file) error {
	b, err := k.files.Read(f.Tile)
	if err != nil {
		return fmt.Errorf("%s: %w (%w)", f.Path(), ErrTampered, err)
	}
	if bytes.Equal(b, f.data) {
		return nil
	}
	at := 0
	for at < min(len(b), len(f.data)) && b[at] == f.data[at] {
		at++
	}
	if f.Level == 0 {
		i := f.Index*evidence.Width + int64(at/hashSize)
		return fmt.Errorf("%s: entry %d is not the one whose hash was kept: %w", f.Path(), i, ErrTampered)
	}
	return fmt.Errorf("%s: octet %d is not what follows from the entries: %w", f.Path(), at, ErrTampered)
}

// narrow checks a tile from when it was narrower, which serves those who read an earlier checkpoint.
func (k *checking) narrow(c evidence.Checkpoint, t evidence.Tile) error {
	b, err := k.files(t.Path())
	if errors.Is(err, fs.ErrNotExist) {
		return nil // cleared away meanwhile
	} else if err != nil {
		return err
	}
	wide := t.Full()
	if n := c.Size >> (tileHeight * max(t.Level, 0)); n/evidence.Width == t.Index {
		wide.Count = int(n % evidence.Width)
	}
	wider, err := k.files.Read(wide)
	if err != nil {
		return fmt.Errorf("%s: %w (%w)", wide.Path(), ErrTampered, err)
	}
	if should, err := evidence.Head(t, wider); err != nil || !bytes.Equal(should, b) {
		return fmt.Errorf("%s is not the beginning of %s: %w", t.Path(), wide.Path(), ErrTampered)
	}
	return nil
}

// entry checks an entry's form and place in time, and counts what it tells.
func (k *checking) entry(line []byte) error {
	e, err := evidence.ParseEntry(line)
	if err != nil {
		return err
	}
	r := &k.report
	if e.Time.Before(r.Last) {
		return fmt.Errorf("it is of %s, before the one that precedes it", e.Time.Format(time.RFC3339Nano))
	}
	if r.First.IsZero() {
		r.First = e.Time
	}
	r.Last = e.Time
	r.Octets += int64(len(line))
	switch e.Kind {
	case evidence.Gap:
		r.Gaps++
		r.Lost += e.Count
	case evidence.Start:
		if k.running {
			r.Unclean++
		}
		k.running = true
	case evidence.Stop:
		k.running = false
	}
	return nil
}
