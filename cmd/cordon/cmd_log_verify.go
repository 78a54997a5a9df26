package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"cordon/evidence"
	"cordon/ledger"
)

func logVerify(c *call) error {
	place := c.logPlace()
	key := c.flags.String("key", "", "the log's public key, or a file that holds it (default: that of the key file)")
	since := c.flags.String("since", "", "file with an earlier signed checkpoint that the log must continue")
	var witnesses []string
	c.flags.Func("witness", "public key of a witness who must have cosigned, or a file that holds it; may be given again", func(s string) error {
		witnesses = append(witnesses, s)
		return nil
	})
	asJSON := c.flags.Bool("json", false, "print JSON")
	if err := c.parseBetween(0, 1); err != nil {
		return err
	}
	p, err := place()
	if err != nil {
		return err
	}
	if len(c.args) == 1 {
		p.dir = c.args[0]
	}
	v, err := verifierOf(p.keyFile, *key, witnesses)
	if err != nil {
		return err
	}
	if st, err := os.Stat(p.dir); err == nil && st.Mode().IsRegular() {
		if *since != "" {
			return misused("--since is for a log, and %s is a proof", p.dir)
		}
		return verifyProof(c, v, p.dir, *asJSON)
	}
	var earlier []byte
	if *since != "" {
		if earlier, err = readLimited(*since); err != nil {
			return err
		}
	}
	r, err := ledger.Verify(p.dir, v, earlier)
	if err != nil {
		return fmt.Errorf("not verified: %w", err)
	}
	return printReport(c, p.dir, v, r, *asJSON)
}

// verifierOf makes a verifier of keys that are given as such or in files.
func verifierOf(keyFile, key string, witnesses []string) (*evidence.Verifier, error) {
	var err error
	if key == "" {
		key, err = publicKeyOf(keyFile)
	} else {
		key, err = keyText(key)
	}
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(witnesses))
	for i, w := range witnesses {
		if texts[i], err = keyText(w); err != nil {
			return nil, err
		}
	}
	return evidence.NewVerifier(key, texts...)
}

// keyText is a public key, which always holds a plus sign, or what the file of that name holds.
func keyText(s string) (string, error) {
	if strings.Contains(s, "+") {
		return s, nil
	}
	b, err := readLimited(s)
	return strings.TrimSpace(string(b)), err
}

func verifyProof(c *call, v *evidence.Verifier, name string, asJSON bool) error {
	b, err := readLimited(name)
	if err != nil {
		return err
	}
	p, err := evidence.ParseProof(b)
	if err != nil {
		return fmt.Errorf("not verified: %s: %w", name, err)
	}
	e, cp, err := p.Verify(v)
	if err != nil {
		return fmt.Errorf("not verified: %s: %w", name, err)
	}
	if asJSON {
		return printEntry(c.out, p.Index, p.Entry, true)
	}
	pairs := []string{
		"verified", fmt.Sprintf("entry %d of %s, under the checkpoint of %d entries", p.Index, cp.Origin, cp.Size),
		"witnesses", strings.Join(v.Witnesses(), ", "),
	}
	return facts(c.out, append(pairs, entryFacts(e)...)...)
}

// verified is what verification tells machines.
type verified struct {
	Origin    string    `json:"origin"`
	Entries   int64     `json:"entries"`
	Root      string    `json:"root"`
	First     time.Time `json:"first,omitzero"`
	Last      time.Time `json:"last,omitzero"`
	Gaps      int       `json:"gaps"`
	Lost      uint64    `json:"lost"`
	Unclean   int       `json:"unclean_ends"`
	Octets    int64     `json:"octets"`
	Witnesses []string  `json:"witnesses,omitempty"`
}

func printReport(c *call, dir string, v *evidence.Verifier, r ledger.Report, asJSON bool) error {
	if asJSON {
		return printJSON(c.out, verified{r.Checkpoint.Origin, r.Checkpoint.Size, r.Checkpoint.Root.String(),
			r.First, r.Last, r.Gaps, r.Lost, r.Unclean, r.Octets, v.Witnesses()})
	}
	span := ""
	if !r.First.IsZero() {
		span = r.First.Format(time.DateTime) + " to " + r.Last.Format(time.DateTime)
	}
	return facts(c.out,
		"verified", fmt.Sprintf("%s, %d entries", dir, r.Checkpoint.Size),
		"log", r.Checkpoint.Origin,
		"root", r.Checkpoint.Root.String(),
		"written", span,
		"lost", fmt.Sprintf("%d entries in %d gaps", r.Lost, r.Gaps),
		"unclean ends", strconv.Itoa(r.Unclean),
		"witnesses", strings.Join(v.Witnesses(), ", "),
	)
}
