package ledger

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"cordon/evidence"

	"golang.org/x/mod/sumdb/note"
)

// A key is what signs checkpoints.
type key struct {
	note.Signer
	vkey string
}

// loadKey reads the signing key, or makes one where there is no log that another has signed.
func loadKey(file, origin string, mayMake bool) (key, error) {
	text, err := secret(file, mayMake, func() (string, error) {
		skey, _, err := note.GenerateKey(rand.Reader, origin)
		if err != nil {
			return "", fmt.Errorf("%q cannot be a log's origin: want a name without spaces and plus signs, as example.org/evidence", origin)
		}
		return skey, nil
	})
	if err != nil {
		return key{}, err
	}
	s, err := note.NewSigner(text)
	if err != nil {
		return key{}, fmt.Errorf("the key file %s holds no signing key: want one line that begins with PRIVATE+KEY+", file)
	}
	if s.Name() != origin && origin != "" {
		return key{}, fmt.Errorf("the key file %s is that of the log %q, and the configuration says %q: a log keeps its origin and key, and a new one has a key file and directory of its own", file, s.Name(), origin)
	}
	vkey, err := publicKey(text, s.Name())
	return key{s, vkey}, err
}

// publicKey is the public half of a signing key that has been found to be one.
func publicKey(skey, name string) (string, error) {
	parts := strings.SplitN(skey, "+", 5) // base64 may hold more of them
	raw, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if err != nil || len(raw) != 1+ed25519.SeedSize {
		return "", errors.New("the signing key is no Ed25519 key")
	}
	return note.NewEd25519VerifierKey(name, ed25519.NewKeyFromSeed(raw[1:]).Public().(ed25519.PublicKey))
}

// PublicKey is the public key that belongs to a key file, in the form that verifiers take.
func PublicKey(keyFile string) (string, error) {
	k, err := loadKey(keyFile, "", false)
	return k.vkey, err
}

// PseudonymKey is the key of pseudonyms in a file.
func PseudonymKey(file string) (*evidence.PseudonymKey, error) {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no key file %s: it is the core's that writes the log", file)
	}
	return loadPseudonymKey(file, false)
}

// loadPseudonymKey reads the key of pseudonyms, or makes one: who destroys it means what it does.
func loadPseudonymKey(file string, mayMake bool) (*evidence.PseudonymKey, error) {
	text, err := secret(file, mayMake, func() (string, error) {
		var k evidence.PseudonymKey
		rand.Read(k[:])
		return hex.EncodeToString(k[:]), nil
	})
	if err != nil {
		return nil, err
	}
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(evidence.PseudonymKey{}) {
		return nil, fmt.Errorf("the key file %s holds no key of pseudonyms: want 64 hexadecimal digits on one line", file)
	}
	return (*evidence.PseudonymKey)(b), nil
}

// secret reads a file of one line that nobody else may read. Where there is none it makes one.
func secret(file string, mayMake bool, fresh func() (string, error)) (string, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		if !mayMake {
			return "", fmt.Errorf("the key file %s is missing, and the log was signed with it: put it back", file)
		}
		text, err := fresh()
		if err != nil {
			return "", err
		}
		return text, makeSecret(file, text)
	}
	if err != nil {
		return "", fmt.Errorf("the key file cannot be read: %w", err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return "", fmt.Errorf("the key file cannot be read: %w", err)
	}
	if p := st.Mode().Perm(); p&0o077 != 0 {
		return "", fmt.Errorf("the key file %s may be read by others (mode %04o): run chmod 600 on it, and think about who has seen it", file, p)
	}
	b, err := io.ReadAll(io.LimitReader(f, 1024))
	if err != nil {
		return "", fmt.Errorf("the key file cannot be read: %w", err)
	}
	return strings.TrimSpace(string(b)), nil
}

// makeSecret writes a key file and returns once it is on disk: nothing may be signed with a key that
// a power cut could take away.
func makeSecret(file, text string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("making the key file: %w", err)
	}
	_, err = f.WriteString(text + "\n")
	if err := errors.Join(err, f.Sync(), f.Close(), syncDir(filepath.Dir(file))); err != nil {
		os.Remove(file)
		return fmt.Errorf("making the key file %s: %w", file, err)
	}
	return nil
}
