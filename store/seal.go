package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// A sealed value is
//
//	octet 0       format, 1
//	octets 1-16   salt
//	octets 17-24  counter
//	then          AES-256-GCM of the value, and its tag
//
// Every run of the process draws a salt and derives its own key from it, so that the
// counter alone makes nonces unique: random nonces under one key would wear out after
// 2^32 writes, and a counter on disk would repeat when a backup is put back.
const (
	sealFormat  = 1
	saltLen     = 16
	sealHeader  = 1 + saltLen + 8
	maxReadKeys = 64 // derived keys kept for reading; older runs' are derived again
)

var errSeal = errors.New("a sealed value does not open: it was changed, moved or sealed under another key")

type sealer struct {
	master  [32]byte
	salt    [saltLen]byte
	aead    cipher.AEAD
	counter atomic.Uint64

	mu   sync.Mutex // guards keys
	keys map[[saltLen]byte]cipher.AEAD
}

func newSealer(master [32]byte) (*sealer, error) {
	s := &sealer{master: master, keys: map[[saltLen]byte]cipher.AEAD{}}
	rand.Read(s.salt[:])
	var err error
	s.aead, err = s.key(s.salt)
	return s, err
}

// check is a value that only this master key yields and that tells nothing about it.
func (s *sealer) check() []byte {
	m := hmac.New(sha256.New, s.master[:])
	m.Write([]byte("cordon store: key check"))
	return m.Sum(nil)[:16]
}

// seal closes a value to be stored in the row with the given key of a table.
func (s *sealer) seal(table string, row uint64, value []byte) []byte {
	b := make([]byte, sealHeader, sealHeader+len(value)+s.aead.Overhead())
	b[0] = sealFormat
	copy(b[1:], s.salt[:])
	binary.BigEndian.PutUint64(b[1+saltLen:], s.counter.Add(1))
	return s.aead.Seal(b, nonce(b), value, place(table, row))
}

// open is the inverse of seal; b is only read.
func (s *sealer) open(table string, row uint64, b []byte) ([]byte, error) {
	if len(b) < sealHeader || b[0] != sealFormat {
		return nil, errSeal
	}
	aead, err := s.key([saltLen]byte(b[1:]))
	if err != nil {
		return nil, err
	}
	v, err := aead.Open(nil, nonce(b), b[sealHeader:], place(table, row))
	if err != nil {
		return nil, errSeal
	}
	return v, nil
}

// key is the cipher of the run that drew the salt.
func (s *sealer) key(salt [saltLen]byte) (cipher.AEAD, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.keys[salt]; ok {
		return a, nil
	}
	k, err := hkdf.Key(sha256.New, s.master[:], salt[:], "cordon store: rows", 32)
	if err != nil {
		return nil, fmt.Errorf("deriving a row key: %w", err)
	}
	block, err := aes.NewCipher(k)
	if err != nil {
		return nil, fmt.Errorf("deriving a row key: %w", err)
	}
	a, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("deriving a row key: %w", err)
	}
	if len(s.keys) >= maxReadKeys {
		clear(s.keys)
	}
	s.keys[salt] = a
	return a, nil
}

func nonce(header []byte) []byte {
	n := make([]byte, 12)
	copy(n[4:], header[1+saltLen:sealHeader])
	return n
}

func place(table string, row uint64) []byte {
	return binary.BigEndian.AppendUint64(append(make([]byte, 0, 32), table...), row)
}
