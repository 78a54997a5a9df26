package evidence

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// ErrProof says that something is not in the log as claimed.
var ErrProof = errors.New("not proved")

// Entries reads the entries from the first up to before the end, and checks that they are the ones
// that the checkpoint commits to. They lie in one range of at most maxRange.
func (f Files) Entries(c Checkpoint, first, end int64) ([][]byte, error) {
	if first < 0 || first > end || end > c.Size || end-first > maxRange {
		return nil, fmt.Errorf("entries %d to %d of a log of %d: there are none", first, end-1, c.Size)
	}
	var list [][]byte
	var indexes []int64
	for i := first; i < end; {
		t := Tile{Bundles, i / Width, int(min(Width, c.Size-i/Width*Width))}
		b, err := f.Read(t)
		if err != nil {
			return nil, err
		}
		bundle, err := Unbundle(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.Path(), err)
		}
		for ; i < end && i/Width == t.Index; i++ {
			list = append(list, bundle[i%Width])
			indexes = append(indexes, tlog.StoredHashIndex(0, i))
		}
	}
	if first == end {
		return nil, nil
	}
	hashes, err := f.hashes(c).ReadHashes(indexes)
	if err != nil {
		return nil, fmt.Errorf("reading hashes: %w", err)
	}
	for i, entry := range list {
		if LeafHash(entry) != hashes[i] {
			return nil, fmt.Errorf("entry %d has been altered: %w", first+int64(i), ErrProof)
		}
	}
	return list, nil
}

const maxRange = 1 << 16

// Extends checks that the log of an earlier checkpoint is the beginning of the log of this one, by
// the log's own tiles.
func (f Files) Extends(c, earlier Checkpoint) error {
	switch {
	case c.Origin != earlier.Origin:
		return fmt.Errorf("%s and %s are different logs: %w", earlier.Origin, c.Origin, ErrProof)
	case earlier.Size > c.Size:
		return fmt.Errorf("the log once had %d entries and now has %d: entries were taken out: %w", earlier.Size, c.Size, ErrProof)
	case earlier.Size == 0 && earlier.Root == EmptyRoot(), earlier == c:
		return nil
	case earlier.Size == 0 || earlier.Size == c.Size:
		return fmt.Errorf("two checkpoints of %s for %d entries have different roots: %w", c.Origin, c.Size, ErrProof)
	}
	proof, err := tlog.ProveTree(c.Size, earlier.Size, f.hashes(c))
	if err != nil {
		return fmt.Errorf("proving that the log of %d entries grew out of the one of %d: %w", c.Size, earlier.Size, err)
	}
	if err := tlog.CheckTree(proof, c.Size, c.Root, earlier.Size, earlier.Root); err != nil {
		return fmt.Errorf("the log's first %d entries are not those that it once had: %w", earlier.Size, ErrProof)
	}
	return nil
}

// Proof shows that an entry is in the log, to who has the log's public key and nothing else.
type Proof struct {
	Index      int64
	Entry      []byte // in its written form
	Path       []Hash // from the entry up to the root
	Checkpoint []byte // signed
}

// Prove makes the proof of an entry from a log's files, under its signed checkpoint.
func (f Files) Prove(signed []byte, index int64) (Proof, error) {
	c, err := ParseCheckpoint(signed)
	if err != nil {
		return Proof{}, err
	}
	entries, err := f.Entries(c, index, index+1)
	if err != nil {
		return Proof{}, err
	}
	path, err := tlog.ProveRecord(c.Size, index, f.hashes(c))
	if err != nil {
		return Proof{}, fmt.Errorf("proving entry %d: %w", index, err)
	}
	return Proof{index, entries[0], path, signed}, nil
}

// Verify checks a proof and returns the entry and the checkpoint under which it was proved.
func (p Proof) Verify(v *Verifier) (Entry, Checkpoint, error) {
	c, err := v.Checkpoint(p.Checkpoint)
	if err != nil {
		return Entry{}, Checkpoint{}, err
	}
	if p.Index < 0 || p.Index >= c.Size {
		return Entry{}, Checkpoint{}, fmt.Errorf("entry %d of a log of %d: %w", p.Index, c.Size, ErrProof)
	}
	if err := tlog.CheckRecord(p.Path, c.Size, c.Root, p.Index, LeafHash(p.Entry)); err != nil {
		return Entry{}, Checkpoint{}, fmt.Errorf("the entry is not number %d of the log that %s signed: %w", p.Index, c.Origin, ErrProof)
	}
	e, err := ParseEntry(p.Entry)
	return e, c, err
}

const (
	proofHeader = "c2sp.org/tlog-proof@v1\n"
	maxProof    = 1 << 18 // octets
	maxPath     = 64
)

// AppendProof appends the file form of a proof (C2SP tlog-proof), in which the entry is the extra
// data.
func AppendProof(b []byte, p Proof) []byte {
	b = append(b, proofHeader+"extra "...)
	b = base64.StdEncoding.AppendEncode(b, p.Entry)
	b = fmt.Appendf(b, "\nindex %d\n", p.Index)
	for _, h := range p.Path {
		b = append(append(b, h.String()...), '\n')
	}
	return append(append(b, '\n'), p.Checkpoint...)
}

// ParseProof reads the file form of a proof. It accepts exactly what [AppendProof] makes; the
// error is an [ErrForm].
func ParseProof(file []byte) (Proof, error) {
	text, ok := strings.CutPrefix(string(file[:min(len(file), maxProof+1)]), proofHeader)
	head, checkpoint, split := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || !split || len(file) > maxProof || len(lines) < 2 || len(lines) > 2+maxPath {
		return Proof{}, fmt.Errorf("a proof: want a file that begins with %q: %w", strings.TrimSpace(proofHeader), ErrForm)
	}
	p := Proof{Checkpoint: []byte(checkpoint)}
	var err error
	if p.Entry, err = base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[0], "extra ")); err != nil {
		return Proof{}, fmt.Errorf("a proof whose entry is no base64: %w", ErrForm)
	}
	if p.Index, err = strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64); err != nil {
		return Proof{}, fmt.Errorf("a proof without an index: %w", ErrForm)
	}
	for _, line := range lines[2:] {
		h, err := tlog.ParseHash(line)
		if err != nil {
			return Proof{}, fmt.Errorf("a proof with %.60q for a hash: %w", line, ErrForm)
		}
		p.Path = append(p.Path, h)
	}
	if string(AppendProof(nil, p)) != string(file) {
		return Proof{}, fmt.Errorf("a proof that is written in another way than the one there is: %w", ErrForm)
	}
	return p, nil
}
