package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cordon/evidence"
	"cordon/ledger"
)

// proof verifies the evidence log with nothing but its public key, once the core has ended, and
// then a copy of it that was tampered with.
func (d *demoNet) proof(s *demoSummary) error {
	d.story.heading("A stranger verifies the evidence")
	v, err := evidence.NewVerifier(d.core.Ledger.PublicKey())
	if err != nil {
		return err
	}
	r, err := ledger.Verify(d.evidence(), v, nil)
	if err != nil {
		s.Problems = append(s.Problems, fmt.Sprintf("the evidence log does not verify: %v", err))
		return nil
	}
	s.Evidence.Entries, s.Evidence.Verified = r.Checkpoint.Size, true
	kinds, err := d.kinds(v, r.Checkpoint)
	if err != nil {
		return err
	}
	d.story.tell("evidence", "%d entries verify with the log's public key alone: %s", r.Checkpoint.Size, kinds)
	found := d.tampered(v)
	if !errors.Is(found, ledger.ErrTampered) {
		s.Problems = append(s.Problems, fmt.Sprintf("a log of which a bit was turned over: want it found out, have %v", found))
		return nil
	}
	s.Evidence.TamperFound = true
	d.story.tell("evidence", "one bit of a copy is turned over, and the copy does not verify")
	return nil
}

// kinds counts the entries of a log.
func (d *demoNet) kinds(v *evidence.Verifier, c evidence.Checkpoint) (string, error) {
	list, err := ledger.NewReader(d.evidence(), v).Entries(c, 0, c.Size)
	if err != nil {
		return "", err
	}
	counts := map[string]int{}
	for _, line := range list {
		e, err := evidence.ParseEntry(line)
		if err != nil {
			return "", err
		}
		counts[e.Kind.String()]++
	}
	var words []string
	for _, kind := range slices.Sorted(maps.Keys(counts)) {
		words = append(words, fmt.Sprintf("%d %s", counts[kind], kind))
	}
	return strings.Join(words, ", "), nil
}

// tampered is what verification says of a copy of which one bit of an entry was turned over.
func (d *demoNet) tampered(v *evidence.Verifier) error {
	dir := filepath.Join(d.dir, "copy")
	if err := os.CopyFS(dir, os.DirFS(d.evidence())); err != nil {
		return err
	}
	bundles, err := filepath.Glob(filepath.Join(dir, "tile", "entries", "*"))
	for err == nil && len(bundles) > 0 {
		st, failed := os.Stat(bundles[0])
		if failed != nil {
			return failed
		}
		if st.Mode().IsRegular() {
			break
		}
		bundles, err = filepath.Glob(filepath.Join(bundles[0], "*"))
	}
	if err != nil || len(bundles) == 0 {
		return fmt.Errorf("the copy has no entries: %w", err)
	}
	b, err := os.ReadFile(bundles[0])
	if err != nil {
		return err
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(bundles[0], b, 0o600); err != nil {
		return err
	}
	_, err = ledger.Verify(dir, v, nil)
	return err
}
