package node

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"

	"cordon/aka"
	"cordon/ident"
)

// LoadHomeKeys reads the private keys to which SIMs conceal their identity.
func LoadHomeKeys(c SecurityConfig) (aka.HomeKeys, error) {
	keys := aka.HomeKeys{Keys: make(map[uint8]aka.HomeKey, len(c.Keys)), AllowNull: c.NullScheme}
	var errs []error
	for _, k := range c.Keys {
		key, err := loadHomeKey(k)
		if err != nil {
			errs = append(errs, fmt.Errorf("home network key %d: %w", k.ID, err))
			continue
		}
		keys.Keys[k.ID] = key
	}
	return keys, errors.Join(errs...)
}

func loadHomeKey(c HomeKeyConfig) (aka.HomeKey, error) {
	if c.Private != nil {
		return aka.NewHomeKey(c.Profile, c.Private)
	}
	f, err := os.Open(c.File)
	if err != nil {
		return aka.HomeKey{}, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return aka.HomeKey{}, err
	}
	if p := st.Mode().Perm(); p&0o077 != 0 {
		return aka.HomeKey{}, fmt.Errorf("%s may be read by others (mode %04o): run chmod 600 on it, and think about who has seen it", c.File, p)
	}
	text, err := io.ReadAll(io.LimitReader(f, 16<<10))
	if err != nil {
		return aka.HomeKey{}, err
	}
	private, err := privateKey(c.Profile, text)
	if err == nil {
		var key aka.HomeKey
		if key, err = aka.NewHomeKey(c.Profile, private); err == nil {
			return key, nil
		}
	}
	return aka.HomeKey{}, fmt.Errorf("%s: %w", c.File, err)
}

var errKeyForm = errors.New("want a private key as 64 hexadecimal digits, or as PEM that openssl wrote: X25519 for profile A, P-256 for profile B")

// privateKey is the key's 32 octets, from hexadecimal digits or from PEM.
func privateKey(profile ident.SchemeID, text []byte) ([]byte, error) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		var parsed any
		var err error
		switch block.Type {
		case "PRIVATE KEY":
			parsed, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		case "EC PRIVATE KEY":
			parsed, err = x509.ParseECPrivateKey(block.Bytes)
		default: // "EC PARAMETERS" comes first in what openssl ecparam writes
			continue
		}
		if err != nil {
			return nil, errKeyForm
		}
		if k, ok := parsed.(*ecdsa.PrivateKey); ok {
			if parsed, err = k.ECDH(); err != nil {
				return nil, errKeyForm
			}
		}
		k, ok := parsed.(*ecdh.PrivateKey)
		if !ok || (k.Curve() == ecdh.X25519()) != (profile == ident.SchemeProfileA) {
			return nil, errKeyForm
		}
		return k.Bytes(), nil
	}
	b, err := hex.DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(b) != 32 {
		return nil, errKeyForm
	}
	return b, nil
}
