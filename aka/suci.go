package aka

import (
	"crypto/ecdh"
	"crypto/elliptic"
	"errors"
	"fmt"
	"io"
	"math/big"

	"cordon/ident"
)

// Why a SUCI was not opened. ErrMAC and what ident says of the identity are the others.
var (
	ErrNullScheme = errors.New("SUCI: the null scheme is not allowed")
	ErrScheme     = errors.New("SUCI: protection scheme is reserved or not ours")
	ErrUnknownKey = errors.New("SUCI: no home network key has this identifier")
	ErrLength     = errors.New("SUCI: scheme output of wrong length")
	ErrPoint      = errors.New("SUCI: ephemeral key is not a usable point")
	ErrMSIN       = errors.New("SUCI: MSIN is not packed decimal digits")
	ErrPLMN       = errors.New("SUCI: home network is not three and two or three digits")
)

// HomeKey is one home network key pair, to which SIMs conceal their identity
// (TS 33.501 annex C.3). The zero value opens nothing.
type HomeKey struct {
	scheme ident.SchemeID
	key    *ecdh.PrivateKey
}

// NewHomeKey takes a private key of 32 octets for profile A or B.
func NewHomeKey(scheme ident.SchemeID, private []byte) (HomeKey, error) {
	curve, err := curveOf(scheme)
	if err != nil {
		return HomeKey{}, err
	}
	k, err := curve.NewPrivateKey(private)
	if err != nil {
		return HomeKey{}, fmt.Errorf("home network private key for scheme %d: want 32 octets in range", scheme)
	}
	return HomeKey{scheme, k}, nil
}

// Scheme is the profile that the key serves.
func (k HomeKey) Scheme() ident.SchemeID { return k.scheme }

// Public is the public key as SIMs are provisioned with it: 32 octets for profile A, the
// 33 of a compressed point for profile B.
func (k HomeKey) Public() []byte { return encodePoint(k.key.PublicKey()) }

// Format keeps the private key out of every log line.
func (k HomeKey) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("<home network key>")) }

// HomeKeys are a network's keys by their identifier, and whether an identity that is not
// concealed is let in. The zero value lets nobody in.
type HomeKeys struct {
	Keys      map[uint8]HomeKey
	AllowNull bool
}

// Deconceal opens a SUCI with the key it names.
func (h HomeKeys) Deconceal(s ident.SUCI) (ident.SUPI, error) {
	if s.Scheme == ident.SchemeNull {
		if !h.AllowNull {
			return 0, ErrNullScheme
		}
		return Deconceal(HomeKey{}, s)
	}
	if s.Scheme != ident.SchemeProfileA && s.Scheme != ident.SchemeProfileB {
		return 0, ErrScheme
	}
	k, ok := h.Keys[s.KeyID]
	if !ok {
		return 0, ErrUnknownKey
	}
	return Deconceal(k, s)
}

// maxMSIN is the most octets that an MSIN takes: an IMSI has fifteen digits, of which the
// network code takes at least five.
const maxMSIN = 5

const (
	macLen  = 8
	pubLenA = 32
	pubLenB = 33
)

// Deconceal opens a SUCI with k (TS 33.501 annex C.3.3); the null scheme needs no key. The
// cheap checks come first: length, then curve, then MAC.
func Deconceal(k HomeKey, s ident.SUCI) (ident.SUPI, error) {
	if !s.PLMN.Valid() {
		return 0, ErrPLMN
	}
	if s.Scheme == ident.SchemeNull {
		return supiOf(s.PLMN, s.Output)
	}
	curve, err := curveOf(s.Scheme)
	if err != nil {
		return 0, err
	}
	if k.key == nil || k.scheme != s.Scheme {
		return 0, ErrScheme
	}
	n := pointLen(s.Scheme)
	text := len(s.Output) - n - macLen
	if text < 1 || text > maxMSIN {
		return 0, ErrLength
	}
	point, cipherText, tag := s.Output[:n], s.Output[n:n+text], s.Output[n+text:]
	pub, err := decodePoint(curve, s.Scheme, point)
	if err != nil {
		return 0, err
	}
	z, err := k.key.ECDH(pub)
	if err != nil { // X25519 with a point of small order
		return 0, ErrPoint
	}
	keys := eciesKeys(z, point)
	if !keys.verify(cipherText, tag) {
		return 0, ErrMAC
	}
	return supiOf(s.PLMN, keys.crypt(cipherText))
}

// Conceal is a SIM's side (TS 33.501 annex C.3.2). public is the home network's key as
// HomeKey.Public gives it and is not used by the null scheme. The ephemeral key is drawn
// from random.
func Conceal(random io.Reader, supi ident.SUPI, home ident.PLMN, routing ident.RoutingIndicator,
	scheme ident.SchemeID, keyID uint8, public []byte) (ident.SUCI, error) {
	out := ident.SUCI{PLMN: home, Routing: routing, Scheme: scheme, KeyID: keyID}
	if !supi.InPLMN(home) {
		return ident.SUCI{}, fmt.Errorf("concealing %v: not a subscriber of %v", supi, home)
	}
	msin := packMSIN(supi.IMSI()[len(home.String()):])
	if scheme == ident.SchemeNull {
		out.KeyID, out.Output = 0, msin
		return out, nil
	}
	curve, err := curveOf(scheme)
	if err != nil {
		return ident.SUCI{}, err
	}
	pub, err := decodePoint(curve, scheme, public)
	if err != nil {
		return ident.SUCI{}, fmt.Errorf("home network public key: %w", err)
	}
	eph, err := ephemeral(random, curve)
	if err != nil {
		return ident.SUCI{}, err
	}
	z, err := eph.ECDH(pub)
	if err != nil {
		return ident.SUCI{}, fmt.Errorf("home network public key: %w", ErrPoint)
	}
	point := encodePoint(eph.PublicKey())
	keys := eciesKeys(z, point)
	text := keys.crypt(msin)
	out.Output = append(append(point, text...), keys.tag(text)...)
	return out, nil
}

// ephemeral draws a private key; ecdh.GenerateKey would not take it from random. About one
// draw in 2^32 is out of range for P-256.
func ephemeral(random io.Reader, curve ecdh.Curve) (*ecdh.PrivateKey, error) {
	var b [32]byte
	for range 4 {
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return nil, fmt.Errorf("drawing an ephemeral key: %w", err)
		}
		if k, err := curve.NewPrivateKey(b[:]); err == nil {
			return k, nil
		}
	}
	return nil, errors.New("drawing an ephemeral key: the random source repeats itself")
}

func curveOf(scheme ident.SchemeID) (ecdh.Curve, error) {
	switch scheme {
	case ident.SchemeProfileA:
		return ecdh.X25519(), nil
	case ident.SchemeProfileB:
		return ecdh.P256(), nil
	}
	return nil, ErrScheme
}

func pointLen(scheme ident.SchemeID) int {
	if scheme == ident.SchemeProfileA {
		return pubLenA
	}
	return pubLenB
}

// encodePoint is a public key as a SUCI carries it.
func encodePoint(p *ecdh.PublicKey) []byte {
	b := p.Bytes()
	if p.Curve() == ecdh.X25519() {
		return b
	}
	return append([]byte{2 + b[64]&1}, b[1:33]...) // compressed (SEC 1 §2.3.3)
}

// decodePoint reads one, and refuses a point that is not on its curve.
func decodePoint(curve ecdh.Curve, scheme ident.SchemeID, b []byte) (*ecdh.PublicKey, error) {
	if len(b) != pointLen(scheme) {
		return nil, ErrLength
	}
	if scheme == ident.SchemeProfileB {
		x, y := elliptic.UnmarshalCompressed(elliptic.P256(), b)
		if x == nil {
			return nil, ErrPoint
		}
		b = uncompressed(x, y)
	}
	p, err := curve.NewPublicKey(b)
	if err != nil {
		return nil, ErrPoint
	}
	return p, nil
}

func uncompressed(x, y *big.Int) []byte {
	b := make([]byte, 65)
	b[0] = 4
	x.FillBytes(b[1:33])
	y.FillBytes(b[33:])
	return b
}
