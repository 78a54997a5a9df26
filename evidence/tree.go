package evidence

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Width is how many hashes a tile holds, and how many entries a bundle.
const Width = 256

const (
	tileHeight = 8
	// maxSize is how many entries a log can have.
	maxSize  = 1 << 40
	maxLevel = 4
	// Bundles is the level that stands for entries.
	Bundles = -1
)

// LeafHash is the hash of an entry in its written form.
func LeafHash(entry []byte) Hash { return tlog.RecordHash(entry) }

// EmptyRoot is the root of a log without entries.
func EmptyRoot() Hash { return sha256.Sum256(nil) }

// Tile names a file of the log: the hashes, or the entries where Level is [Bundles], from
// Index*Width on. Count is how many it holds, [Width] when it is full.
type Tile struct {
	Level int
	Index int64
	Count int
}

// Covered is how many entries the log has at least when this tile is part of it.
func (t Tile) Covered() int64 {
	return (t.Index*Width + int64(t.Count)) << (tileHeight * max(t.Level, 0))
}

// Full is the tile when it has become full.
func (t Tile) Full() Tile { return Tile{t.Level, t.Index, Width} }

// Path is the file's name in the log's directory (C2SP tlog-tiles).
func (t Tile) Path() string {
	path := tlog.Tile{H: tileHeight, L: max(t.Level, 0), N: t.Index, W: t.Count}.Path()
	rest := strings.TrimPrefix(path, "tile/"+strconv.Itoa(tileHeight)+"/")
	if t.Level == Bundles {
		return "tile/entries/" + strings.TrimPrefix(rest, "0/")
	}
	return "tile/" + rest
}

// ParsePath is the tile with that file name, when there is one.
func ParsePath(path string) (Tile, bool) {
	rest, ok := strings.CutPrefix(path, "tile/")
	if !ok {
		return Tile{}, false
	}
	level := 0
	if entries, ok := strings.CutPrefix(rest, "entries/"); ok {
		rest, level = "0/"+entries, Bundles
	}
	p, err := tlog.ParseTilePath("tile/" + strconv.Itoa(tileHeight) + "/" + rest)
	if err != nil {
		return Tile{}, false
	}
	t := Tile{p.L, p.N, p.W}
	if t.Level < 0 || t.Level > maxLevel || t.Index >= maxSize/Width>>(tileHeight*t.Level) {
		return Tile{}, false
	}
	if level == Bundles {
		t.Level = Bundles
	}
	return t, t.Path() == path
}

// Files reads a file of the log by its name in the log's directory. Nothing that it returns is
// trusted.
type Files func(path string) ([]byte, error)

// Read reads a tile or bundle of hashes or entries, from the full file where the partial one
// has been cleared away. What it returns has the right length and is otherwise not checked.
func (f Files) Read(t Tile) ([]byte, error) {
	b, err := f(t.Path())
	if err != nil && t.Count < Width {
		if full, ferr := f(t.Full().Path()); ferr == nil {
			return Head(t, full)
		}
	}
	if err != nil {
		return nil, err
	}
	if whole, err := Head(t, b); err != nil || len(whole) != len(b) {
		return nil, fmt.Errorf("%s is not as long as it should be: %w", t.Path(), ErrForm)
	}
	return b, nil
}

// Head is what a tile or bundle must be that became the wider one: the beginning of it.
func Head(t Tile, wider []byte) ([]byte, error) {
	if t.Level != Bundles {
		if len(wider) < t.Count*tlog.HashSize {
			return nil, fmt.Errorf("%s is too short: %w", t.Path(), ErrForm)
		}
		return wider[:t.Count*tlog.HashSize], nil
	}
	rest := wider
	for range t.Count {
		var ok bool
		if _, rest, ok = cutEntry(rest); !ok {
			return nil, fmt.Errorf("%s is too short: %w", t.Path(), ErrForm)
		}
	}
	return wider[:len(wider)-len(rest)], nil
}

// AppendBundled appends an entry as it stands in a bundle, after its length in two octets.
func AppendBundled(b, entry []byte) []byte {
	return append(binary.BigEndian.AppendUint16(b, uint16(len(entry))), entry...)
}

// cutEntry takes the first entry off a bundle.
func cutEntry(b []byte) (entry, rest []byte, ok bool) {
	if len(b) < 2 {
		return nil, nil, false
	}
	n := int(binary.BigEndian.Uint16(b))
	if n > len(b)-2 {
		return nil, nil, false
	}
	return b[2 : 2+n], b[2+n:], true
}

// Unbundle takes a bundle apart, which must hold whole entries only. The entries share its memory.
func Unbundle(b []byte) ([][]byte, error) {
	var list [][]byte
	for len(b) > 0 {
		entry, rest, ok := cutEntry(b)
		if !ok {
			return nil, fmt.Errorf("entry %d of a bundle is cut short: %w", len(list), ErrForm)
		}
		list, b = append(list, entry), rest
	}
	return list, nil
}

// hashes reads a log's hashes, each checked against the checkpoint's root.
func (f Files) hashes(c Checkpoint) tlog.HashReader {
	return tlog.TileHashReader(tlog.Tree{N: c.Size, Hash: c.Root}, tileReader{f})
}

// tileReader is Files as tlog wants them.
type tileReader struct{ files Files }

func (tileReader) Height() int { return tileHeight }

func (r tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, t := range tiles {
		var err error
		if data[i], err = r.files.Read(Tile{t.L, t.N, t.W}); err != nil {
			return nil, err
		}
	}
	return data, nil
}

func (tileReader) SaveTiles([]tlog.Tile, [][]byte) {}
