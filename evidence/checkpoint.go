package evidence

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Hash is that of a leaf or node of the tree.
type Hash = tlog.Hash

// Checkpoint commits to the first Size entries of the log named Origin.
type Checkpoint struct {
	Origin string
	Size   int64
	Root   Hash
}

// maxCheckpoint is how long a signed checkpoint may be, in octets: room for a hundred witnesses.
const maxCheckpoint = 1 << 15

// ErrUnsigned says that a checkpoint does not bear a signature that it should.
var ErrUnsigned = errors.New("not signed as it should be")

// text is what is signed.
func (c Checkpoint) text() string {
	return c.Origin + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + c.Root.String() + "\n"
}

// Sign makes the signed note of a checkpoint.
func (c Checkpoint) Sign(key note.Signer) ([]byte, error) {
	return note.Sign(&note.Note{Text: c.text()}, key)
}

// ParseCheckpoint reads a signed checkpoint and believes it: for who has it from a place that
// is trusted, or goes on to check it. Everybody else uses [Verifier.Checkpoint].
func ParseCheckpoint(signed []byte) (Checkpoint, error) {
	text, signatures, ok := strings.Cut(string(signed[:min(len(signed), maxCheckpoint+1)]), "\n\n")
	if !ok || len(signed) > maxCheckpoint || !strings.HasSuffix(signatures, "\n") {
		return Checkpoint{}, fmt.Errorf("a checkpoint: %w", ErrForm)
	}
	return parseText(text + "\n")
}

func parseText(text string) (Checkpoint, error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) != 4 || lines[0] == "" {
		return Checkpoint{}, fmt.Errorf("a checkpoint: want its origin, size and root on a line each: %w", ErrForm)
	}
	c := Checkpoint{Origin: lines[0]}
	var err error
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 0 || c.Size > maxSize {
		return Checkpoint{}, fmt.Errorf("a checkpoint of %.20q entries: %w", lines[1], ErrForm)
	}
	if c.Root, err = tlog.ParseHash(lines[2]); err != nil {
		return Checkpoint{}, fmt.Errorf("a checkpoint with root %.60q: %w", lines[2], ErrForm)
	}
	if c.text() != text {
		return Checkpoint{}, fmt.Errorf("a checkpoint with more or other lines than its origin, size and root: %w", ErrForm)
	}
	return c, nil
}

// Verifier checks what a log has signed, by its public key alone.
type Verifier struct {
	log       note.Verifier
	witnesses []note.Verifier
	names     []string
}

// NewVerifier makes a verifier for the log with that public key, in the form that "cordon log key"
// prints. What it accepts must bear the cosignature of every witness whose key is given.
func NewVerifier(vkey string, witnesses ...string) (*Verifier, error) {
	log, err := note.NewVerifier(strings.TrimSpace(vkey))
	if err != nil {
		return nil, fmt.Errorf("%.100q is no log's public key: want name+8 hexadecimal digits+base64", vkey)
	}
	v := &Verifier{log: log}
	for _, w := range witnesses {
		k, err := newWitness(strings.TrimSpace(w))
		if err != nil {
			return nil, err
		}
		if slices.Contains(v.names, k.name) {
			return nil, fmt.Errorf("the witness %s is named twice", k.name)
		}
		v.witnesses = append(v.witnesses, k)
		v.names = append(v.names, k.Name())
	}
	return v, nil
}

// Origin is the log's name.
func (v *Verifier) Origin() string { return v.log.Name() }

// Witnesses are the names of those who must have cosigned.
func (v *Verifier) Witnesses() []string { return v.names }

// WithoutWitnesses is the verifier of what no witness needs to have seen.
func (v *Verifier) WithoutWitnesses() *Verifier { return &Verifier{log: v.log} }

// Checkpoint reads a signed checkpoint. It is the log's own and bears every signature that it must,
// or the error says what is missing, as an [ErrForm] or [ErrUnsigned]. Signatures by keys
// that were not given are passed over.
func (v *Verifier) Checkpoint(signed []byte) (Checkpoint, error) {
	c, err := ParseCheckpoint(signed)
	if err != nil {
		return Checkpoint{}, err
	}
	if c.Origin != v.Origin() {
		return Checkpoint{}, fmt.Errorf("a checkpoint of the log %.100q, and the key is that of %q: %w", c.Origin, v.Origin(), ErrUnsigned)
	}
	n, err := note.Open(signed, note.VerifierList(append([]note.Verifier{v.log}, v.witnesses...)...))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("a checkpoint of %s for %d entries (%v): %w", c.Origin, c.Size, err, ErrUnsigned)
	}
	if !oneForm(n, signed) {
		return Checkpoint{}, fmt.Errorf("a checkpoint with a signature that is written in another way than the one there is: %w", ErrForm)
	}
	for _, k := range append([]note.Verifier{v.log}, v.witnesses...) {
		if !signedBy(n, k) {
			return Checkpoint{}, fmt.Errorf("a checkpoint of %s for %d entries without the signature of %s: %w", c.Origin, c.Size, k.Name(), ErrUnsigned)
		}
	}
	return c, nil
}

func signedBy(n *note.Note, k note.Verifier) bool {
	for _, s := range n.Sigs {
		if s.Name == k.Name() && s.Hash == k.KeyHash() {
			return true
		}
	}
	return false
}

// oneForm says that each signature is written in the one way there is and stands there once:
// base64 has spare bits at its end, and no octet of a checkpoint is to be without meaning.
func oneForm(n *note.Note, signed []byte) bool {
	all := append(n.Sigs[:len(n.Sigs):len(n.Sigs)], n.UnverifiedSigs...)
	for _, s := range all {
		if _, err := base64.StdEncoding.Strict().DecodeString(s.Base64); err != nil {
			return false
		}
	}
	return bytes.Count(signed[len(n.Text):], []byte("\n"))-1 == len(all)
}
