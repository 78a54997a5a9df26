package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"cordon/evidence"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	hashSize   = tlog.HashSize
	tileHeight = 8
)

// An edge is the growing side of a log: its unfinished bundle and tiles. All else of a log is
// finished and never touched again.
type edge struct {
	size   int64
	bundle []byte   // entries, each after its length
	levels [][]byte // hashes, of each level's tile
}

// A file is a tile or bundle as it stands on disk.
type file struct {
	evidence.Tile
	data []byte
}

// clone is an edge that can grow while e stays.
func (e *edge) clone() *edge {
	c := &edge{e.size, slices.Clone(e.bundle), make([][]byte, len(e.levels))}
	for i, l := range e.levels {
		c.levels[i] = slices.Clone(l)
	}
	return c
}

// add appends an entry and tells which files it filled.
func (e *edge) add(entry []byte, filled func(file)) {
	e.bundle = evidence.AppendBundled(e.bundle, entry)
	e.push(0, evidence.LeafHash(entry), filled)
	if e.size++; e.size%evidence.Width == 0 {
		filled(file{evidence.Tile{Level: evidence.Bundles, Index: e.size/evidence.Width - 1, Count: evidence.Width}, e.bundle})
		e.bundle = nil
	}
}

// push appends a hash to a level. A full tile's own root is the next level's.
func (e *edge) push(level int, h evidence.Hash, filled func(file)) {
	if level == len(e.levels) {
		e.levels = append(e.levels, nil)
	}
	e.levels[level] = append(e.levels[level], h[:]...)
	if tile := e.levels[level]; len(tile) == evidence.Width*hashSize {
		filled(file{evidence.Tile{Level: level, Index: e.index(level), Count: evidence.Width}, tile})
		e.levels[level] = nil
		e.push(level+1, tileRoot(tile), filled)
	}
}

// index is that of the unfinished tile at a level.
func (e *edge) index(level int) int64 { return e.size >> (tileHeight * (level + 1)) }

// unfinished is the files that hold the edge itself.
func (e *edge) unfinished() []file {
	var list []file
	if n := int(e.size % evidence.Width); n > 0 {
		list = append(list, file{evidence.Tile{Level: evidence.Bundles, Index: e.index(0), Count: n}, e.bundle})
	}
	for level, tile := range e.levels {
		if len(tile) > 0 {
			list = append(list, file{evidence.Tile{Level: level, Index: e.index(level), Count: len(tile) / hashSize}, tile})
		}
	}
	return list
}

// tileRoot is the root of a full tile's hashes.
func tileRoot(tile []byte) evidence.Hash {
	var nodes [evidence.Width]evidence.Hash
	for i := range nodes {
		nodes[i] = evidence.Hash(tile[i*hashSize:])
	}
	for n := evidence.Width; n > 1; n /= 2 {
		for i := range n / 2 {
			nodes[i] = tlog.NodeHash(nodes[2*i], nodes[2*i+1])
		}
	}
	return nodes[0]
}

// root is the root of the whole log, which follows from its edge.
func (e *edge) root() (evidence.Hash, error) {
	if e.size == 0 {
		return evidence.EmptyRoot(), nil
	}
	return tlog.TreeHash(e.size, tlog.HashReaderFunc(func(indexes []int64) ([]evidence.Hash, error) {
		hashes := make([]evidence.Hash, len(indexes))
		for i, index := range indexes {
			t := tlog.TileForIndex(tileHeight, index)
			if t.L >= len(e.levels) {
				return nil, fmt.Errorf("there is no level %d", t.L)
			}
			var err error
			if hashes[i], err = tlog.HashFromTile(t, e.levels[t.L], index); err != nil {
				return nil, err
			}
		}
		return hashes, nil
	}))
}

// loadEdge reads the edge of the log that a checkpoint commits to, and checks it.
func loadEdge(files evidence.Files, c evidence.Checkpoint) (*edge, error) {
	e := &edge{size: c.Size}
	for level := 0; c.Size>>(tileHeight*level) > 0; level++ {
		e.levels = append(e.levels, nil)
		n := int(c.Size >> (tileHeight * level) % evidence.Width)
		if n == 0 {
			continue
		}
		var err error
		if e.levels[level], err = files.Read(evidence.Tile{Level: level, Index: e.index(level), Count: n}); err != nil {
			return nil, err
		}
	}
	if root, err := e.root(); err != nil || root != c.Root {
		return nil, errors.New("the tiles at its end do not add up to what was signed")
	}
	n := int(c.Size % evidence.Width)
	if n == 0 {
		return e, nil
	}
	t := evidence.Tile{Level: evidence.Bundles, Index: e.index(0), Count: n}
	var err error
	if e.bundle, err = files.Read(t); err != nil {
		return nil, err
	}
	entries, err := evidence.Unbundle(e.bundle)
	for i, entry := range entries {
		if h := evidence.LeafHash(entry); !bytes.Equal(h[:], e.levels[0][i*hashSize:(i+1)*hashSize]) {
			return nil, fmt.Errorf("%s: entry %d is not what was signed", t.Path(), t.Index*evidence.Width+int64(i))
		}
	}
	return e, err
}
