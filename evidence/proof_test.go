package evidence

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io/fs"
	"strings"
	"testing"

	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A testLog is a small log in memory, with a key.
type testLog struct {
	testing.TB
	signer  note.Signer
	vkey    string
	entries [][]byte
	hashes  []tlog.Hash // as tlog stores them
}

func newTestLog(t testing.TB, n int) *testLog {
	skey, vkey, err := note.GenerateKey(rand.Reader, "example.org/evidence")
	l := &testLog{TB: t, vkey: vkey}
	l.must(err)
	l.signer, err = note.NewSigner(skey)
	l.must(err)
	for i := range n {
		entry := AppendEntry(nil, Entry{Kind: Note, Count: uint64(i + 1)})
		more, err := tlog.StoredHashes(int64(i), entry, tlog.HashReaderFunc(l.read))
		l.must(err)
		l.entries, l.hashes = append(l.entries, entry), append(l.hashes, more...)
	}
	return l
}

func (l *testLog) must(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

func (l *testLog) read(indexes []int64) ([]tlog.Hash, error) {
	list := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		list[i] = l.hashes[index]
	}
	return list, nil
}

// signed is the checkpoint of the first n entries.
func (l *testLog) signed(n int) []byte {
	l.Helper()
	root := EmptyRoot()
	if n > 0 {
		var err error
		root, err = tlog.TreeHash(int64(n), tlog.HashReaderFunc(l.read))
		l.must(err)
	}
	b, err := Checkpoint{l.signer.Name(), int64(n), root}.Sign(l.signer)
	l.must(err)
	return b
}

func (l *testLog) checkpoint(n int) Checkpoint {
	l.Helper()
	c, err := l.verifier().Checkpoint(l.signed(n))
	l.must(err)
	return c
}

func (l *testLog) verifier(witnesses ...string) *Verifier {
	l.Helper()
	v, err := NewVerifier(l.vkey, witnesses...)
	l.must(err)
	return v
}

// files are the log's files when it had n entries.
func (l *testLog) files(n int) Files {
	return func(path string) ([]byte, error) {
		t, ok := ParsePath(path)
		if !ok || t.Covered() > int64(n) {
			return nil, fs.ErrNotExist
		}
		if t.Level == Bundles {
			var b []byte
			for _, entry := range l.entries[t.Index*Width:][:t.Count] {
				b = AppendBundled(b, entry)
			}
			return b, nil
		}
		return tlog.ReadTileData(tlog.Tile{H: tileHeight, L: t.Level, N: t.Index, W: t.Count}, tlog.HashReaderFunc(l.read))
	}
}

// Each entry of logs of many sizes is proved, and proves nothing else.
func TestProve(t *testing.T) {
	l := newTestLog(t, 600)
	v := l.verifier()
	for _, n := range []int{1, 2, 3, 255, 256, 257, 600} {
		for _, i := range []int{0, n / 2, n - 1} {
			p, err := l.files(n).Prove(l.signed(n), int64(i))
			l.must(err)
			p, err = ParseProof(AppendProof(nil, p))
			l.must(err)
			if e, c, err := p.Verify(v); err != nil || e.Count != uint64(i+1) || c.Size != int64(n) {
				t.Errorf("%d of %d: %+v, %+v, %v", i, n, e, c, err)
			}
			for _, wrong := range []Proof{
				{p.Index + 1, p.Entry, p.Path, p.Checkpoint}, {-1, p.Entry, p.Path, p.Checkpoint}, {p.Index, l.entries[(i+1)%600], p.Path, p.Checkpoint},
				{p.Index, p.Entry, append(p.Path, Hash{}), p.Checkpoint}, {p.Index, p.Entry, p.Path, l.signed(n%600 + 1)},
			} {
				if _, _, err := wrong.Verify(v); !errors.Is(err, ErrProof) {
					t.Errorf("%d of %d: a wrong proof: %v", i, n, err)
				}
			}
		}
	}
}

// A log is a continuation of each of its beginnings, by the files of the newest checkpoint, and of
// no other log.
func TestExtends(t *testing.T) {
	l, other := newTestLog(t, 600), newTestLog(t, 3)
	for _, n := range []int{1, 255, 256, 257, 600} {
		for _, before := range []int{0, 1, 2, 100, 256, n} {
			if err := l.files(n).Extends(l.checkpoint(n), l.checkpoint(before)); (err == nil) != (before <= n) {
				t.Errorf("%d after %d: %v", n, before, err)
			}
		}
	}
	c := l.checkpoint(3)
	for _, before := range []Checkpoint{{c.Origin, 3, Hash{1}}, {c.Origin, 2, Hash{1}}, {c.Origin, 0, Hash{}}, {"else", 3, c.Root}} {
		if err := l.files(3).Extends(c, before); !errors.Is(err, ErrProof) {
			t.Errorf("%+v: %v", before, err)
		}
	}
	if err := other.files(3).Extends(l.checkpoint(600), c); err == nil {
		t.Error("proved by another log's files")
	}
}

// Entries that were altered or are not there are not returned.
func TestEntriesChecked(t *testing.T) {
	l := newTestLog(t, 300)
	c := l.checkpoint(300)
	if list, err := l.files(300).Entries(c, 250, 260); err != nil || len(list) != 10 || !bytes.Equal(list[9], l.entries[259]) {
		t.Errorf("%d entries, %v", len(list), err)
	}
	for _, r := range [][2]int64{{-1, 1}, {2, 1}, {299, 301}, {0, 1 << 62}} {
		if _, err := l.files(300).Entries(c, r[0], r[1]); err == nil {
			t.Errorf("%v: accepted", r)
		}
	}
	l.entries[7] = bytes.ToUpper(l.entries[7])
	if _, err := l.files(300).Entries(c, 7, 8); !errors.Is(err, ErrProof) {
		t.Errorf("an altered entry: %v", err)
	}
}

// No octet of a signed checkpoint can be another.
func TestCheckpointAltered(t *testing.T) {
	l := newTestLog(t, 5)
	signed, v := l.signed(5), l.verifier()
	for i := range signed {
		for bit := range 8 {
			b := bytes.Clone(signed)
			b[i] ^= 1 << bit
			if _, err := v.Checkpoint(b); err == nil {
				t.Errorf("octet %d altered: %q", i, b)
			}
		}
	}
	for _, bad := range []string{"", "\n\n", string(signed[:len(signed)-1]), string(signed) + "\n", string(signed) + "x", strings.Repeat("x", maxCheckpoint) + string(signed)} {
		if _, err := v.Checkpoint([]byte(bad)); !errors.Is(err, ErrForm) && !errors.Is(err, ErrUnsigned) {
			t.Errorf("%.40q: %v", bad, err)
		}
	}
}

// Cosignatures are asked for when a witness is named, and passed over when none is.
func TestWitnesses(t *testing.T) {
	l := newTestLog(t, 5)
	skey, wkey, err := note.GenerateKey(rand.Reader, "witness.example")
	l.must(err)
	w, err := fnote.NewSignerForCosignatureV1(skey)
	l.must(err)
	n, err := note.Open(l.signed(5), note.VerifierList(l.verifier().log))
	l.must(err)
	cosigned, err := note.Sign(n, w)
	l.must(err)
	own, err := fnote.VKeyToCosignatureV1(wkey)
	l.must(err)
	for _, key := range []string{wkey, own} {
		if _, err := l.verifier(key).Checkpoint(cosigned); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		if _, err := l.verifier(key).Checkpoint(l.signed(5)); !errors.Is(err, ErrUnsigned) {
			t.Errorf("%s did not sign: %v", key, err)
		}
	}
	if _, err := l.verifier().Checkpoint(cosigned); err != nil {
		t.Errorf("an unknown witness: %v", err)
	}
	last := bytes.LastIndexByte(cosigned, '=') - 3
	cosigned[last] ^= 1
	if _, err := l.verifier(wkey).Checkpoint(cosigned); !errors.Is(err, ErrUnsigned) {
		t.Errorf("a wrong cosignature: %v", err)
	}
	for _, bad := range []string{"", "x", wkey + "x", strings.Replace(wkey, "witness", "another", 1), l.vkey[:len(l.vkey)-4] + "AAA="} {
		if _, err := NewVerifier(l.vkey, bad); err == nil {
			t.Errorf("witness %q accepted", bad)
		}
	}
}

// A tile and its file's name are one.
func TestPaths(t *testing.T) {
	for path, tile := range map[string]Tile{
		"tile/0/000":                      {0, 0, 256},
		"tile/0/x001/234.p/7":             {0, 1234, 7},
		"tile/1/000.p/1":                  {1, 0, 1},
		"tile/entries/x001/x234/067":      {Bundles, 1234067, 256},
		"tile/entries/000.p/255":          {Bundles, 0, 255},
		"tile/4/000.p/1":                  {4, 0, 1},
		"tile/entries/x999/x999/999":      {Bundles, 999999999, 256},
		"tile/2/x065/535":                 {2, 65535, 256},
		"tile/entries/x004/x294/x967/295": {Bundles, 4294967295, 256},
	} {
		got, ok := ParsePath(path)
		if ok != (tile != Tile{}) || got != tile || ok && got.Path() != path {
			t.Errorf("%s: %+v, %v", path, got, ok)
		}
	}
	for _, path := range []string{"", "tile", "tile/", "tile/8/0/000", "tile/5/000", "tile/0/00", "tile/0/000.p/256", "tile/0/000.p/0", "tile/-1/000", "tile/data/000", "tile/entries/0/000", "tile/0/x000/000", "../tile/0/000", "tile/entries/x004/x294/x967/296", "tile/4/256", "tile/0/000.p/01"} {
		if tile, ok := ParsePath(path); ok {
			t.Errorf("%s: %+v", path, tile)
		}
	}
}

// Accepted means that it is written the same again, whatever it proves.
func FuzzParseProof(f *testing.F) {
	l := newTestLog(f, 300)
	for _, i := range []int64{0, 299} {
		p, err := l.files(300).Prove(l.signed(300), i)
		l.must(err)
		f.Add(AppendProof(nil, p))
	}
	v := l.verifier()
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := ParseProof(file)
		if err != nil {
			if !errors.Is(err, ErrForm) {
				t.Fatal(err)
			}
			return
		}
		if again := AppendProof(nil, p); !bytes.Equal(again, file) {
			t.Fatalf("%q\n%q", file, again)
		}
		if e, _, err := p.Verify(v); err == nil && !bytes.Equal(AppendEntry(nil, e), l.entries[p.Index]) {
			t.Fatalf("%+v was proved and is not in the log", e)
		}
	})
}

// A checkpoint that is accepted says what was signed.
func FuzzCheckpoint(f *testing.F) {
	l := newTestLog(f, 5)
	f.Add(l.signed(5))
	f.Add(l.signed(0))
	f.Fuzz(func(t *testing.T, signed []byte) {
		c, err := ParseCheckpoint(signed)
		if err != nil {
			if !errors.Is(err, ErrForm) || c != (Checkpoint{}) {
				t.Fatalf("%+v, %v", c, err)
			}
			return
		}
		if !bytes.HasPrefix(signed, []byte(c.text()+"\n")) {
			t.Fatalf("%q says %+v", signed, c)
		}
	})
}

// A name that is taken for a tile's is that tile's.
func FuzzParsePath(f *testing.F) {
	f.Add("tile/0/x001/234.p/7")
	f.Add("tile/entries/000")
	f.Fuzz(func(t *testing.T, path string) {
		if tile, ok := ParsePath(path); ok && (tile.Path() != path || tile.Covered() < 1 || tile.Covered() > 1<<48) {
			t.Fatalf("%q is %+v", path, tile)
		}
	})
}

// A bundle that is taken apart is put together the same.
func FuzzUnbundle(f *testing.F) {
	f.Add(AppendBundled(AppendBundled(nil, []byte("one")), nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := Unbundle(b)
		if err != nil {
			if !errors.Is(err, ErrForm) || list != nil {
				t.Fatal(list, err)
			}
			return
		}
		var again []byte
		for _, entry := range list {
			again = AppendBundled(again, entry)
		}
		if !bytes.Equal(again, b) {
			t.Fatalf("%q\n%q", b, again)
		}
	})
}
