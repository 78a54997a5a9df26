package ledger

import (
	"context"
	"testing"
	"time"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
)

var testTime = time.Date(2026, 11, 22, 1, 40, 25, 0, time.UTC)

const testStep = time.Hour

// Who knows nothing of Cordon reads and checks its log: Tessera's client and its fsck.
func TestOthersVerify(t *testing.T) {
	for _, n := range []int{1, 256, 66_000} {
		s := newSite(t)
		s.fill(n, max(100, n/2))
		vkey, err := PublicKey(s.KeyFile)
		s.must(err)
		v, err := note.NewVerifier(vkey)
		s.must(err)
		files := client.FileFetcher{Root: s.Dir}
		s.must(fsck.New(s.Origin, v, files, leafHashes, fsck.Opts{N: 2}).Check(context.Background()))
		cp, _, _, err := client.FetchCheckpoint(context.Background(), files.ReadCheckpoint, v, s.Origin)
		s.must(err)
		if cp.Size != uint64(n) {
			t.Errorf("they see %d entries of %d", cp.Size, n)
		}
		b, err := client.NewProofBuilder(context.Background(), cp.Size, files.ReadTile)
		s.must(err)
		_, err = b.InclusionProof(context.Background(), uint64(n/2))
		s.must(err)
	}
}

func leafHashes(bundle []byte) ([][]byte, error) {
	var b api.EntryBundle
	if err := b.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	var list [][]byte
	for _, e := range b.Entries {
		list = append(list, rfc6962.DefaultHasher.HashLeaf(e))
	}
	return list, nil
}
