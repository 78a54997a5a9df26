package aka

import (
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
)

// EAPCode is what an EAP packet is (RFC 3748 §4).
type EAPCode uint8

const (
	EAPRequest  EAPCode = 1
	EAPResponse EAPCode = 2
	EAPSuccess  EAPCode = 3
	EAPFailure  EAPCode = 4
)

// EAPSubtype is a message of EAP-AKA' (RFC 4187 §11).
type EAPSubtype uint8

const (
	AKAChallenge   EAPSubtype = 1
	AKAReject      EAPSubtype = 2
	AKASynchFail   EAPSubtype = 4
	AKAIdentity    EAPSubtype = 5
	AKANotify      EAPSubtype = 12
	AKAReauth      EAPSubtype = 13
	AKAClientError EAPSubtype = 14
)

// eapTypeAKAPrime is the EAP type of EAP-AKA' (RFC 9048 §3).
const eapTypeAKAPrime = 50

// MaxEAP is the longest EAP packet that NAS carries (TS 24.501 §9.11.2.2).
const MaxEAP = 1500

// Attribute types (RFC 4187 §11, RFC 9048 §6). One of 128 or above may be skipped by a
// receiver that does not know it; one below may not.
const (
	atRAND        = 1
	atAUTN        = 2
	atRES         = 3
	atAUTS        = 4
	atMAC         = 11
	atNotify      = 12
	atClientError = 22
	atKDFInput    = 23
	atKDF         = 24
	atSkippable   = 128
)

// maxKDFs bounds the offers of key derivation functions in one packet.
const maxKDFs = 8

// Errors of ParseEAP.
var (
	ErrEAPLength    = errors.New("EAP: length does not fit")
	ErrEAPCode      = errors.New("EAP: code is not request, response, success or failure")
	ErrEAPType      = errors.New("EAP: method is not EAP-AKA'")
	ErrEAPAttribute = errors.New("EAP: attribute is malformed, repeated or unknown")
)

// EAP is an EAP packet of method EAP-AKA', or a success or failure, which have a code and
// an identifier only. A nil pointer is an attribute that is absent. Attributes that may be
// skipped (AT_RESULT_IND, AT_CHECKCODE, AT_BIDDING and what is to come) are.
type EAP struct {
	Code         EAPCode
	ID           uint8
	Subtype      EAPSubtype
	RAND, AUTN   *[16]byte
	RES          *RES
	AUTS         *[14]byte
	KDFInput     *string  // the network name
	KDF          []uint16 // in order of preference
	Notification *uint16
	ClientError  *uint16
	MAC          *[16]byte

	macAt int // where the MAC stood, for verify
}

// AppendBinary appends the packet. The MAC is as it stands; sign fills it in.
func (p *EAP) AppendBinary(b []byte) ([]byte, error) {
	start := len(b)
	b = append(b, byte(p.Code), p.ID, 0, 0)
	if p.Code == EAPRequest || p.Code == EAPResponse {
		b = append(b, eapTypeAKAPrime, byte(p.Subtype), 0, 0)
		b = p.appendAttributes(b)
	}
	if len(b)-start > MaxEAP {
		return nil, fmt.Errorf("encoding %d octets: %w", len(b)-start, ErrEAPLength)
	}
	binary.BigEndian.PutUint16(b[start+2:], uint16(len(b)-start))
	return b, nil
}

func (p *EAP) appendAttributes(b []byte) []byte {
	if p.RAND != nil {
		b = append(append(b, atRAND, 5, 0, 0), p.RAND[:]...)
	}
	if p.AUTN != nil {
		b = append(append(b, atAUTN, 5, 0, 0), p.AUTN[:]...)
	}
	if p.RES != nil {
		r := p.RES.Bytes()
		b = appendPadded(b, atRES, uint16(8*len(r)), r)
	}
	if p.AUTS != nil {
		b = append(append(b, atAUTS, 4), p.AUTS[:]...)
	}
	if p.KDFInput != nil {
		b = appendPadded(b, atKDFInput, uint16(len(*p.KDFInput)), []byte(*p.KDFInput))
	}
	for _, v := range p.KDF {
		b = binary.BigEndian.AppendUint16(append(b, atKDF, 1), v)
	}
	if p.Notification != nil {
		b = binary.BigEndian.AppendUint16(append(b, atNotify, 1), *p.Notification)
	}
	if p.ClientError != nil {
		b = binary.BigEndian.AppendUint16(append(b, atClientError, 1), *p.ClientError)
	}
	if p.MAC != nil {
		b = append(append(b, atMAC, 5, 0, 0), p.MAC[:]...)
	}
	return b
}

// appendPadded is an attribute that has a length of its own before a value of any length.
func appendPadded(b []byte, typ byte, n uint16, v []byte) []byte {
	words := (4 + len(v) + 3) / 4
	b = binary.BigEndian.AppendUint16(append(b, typ, byte(words)), n)
	b = append(b, v...)
	return append(b, make([]byte, 4*words-4-len(v))...)
}

// ParseEAP reads one packet, which must fill b.
func ParseEAP(b []byte) (EAP, error) {
	if len(b) < 4 || len(b) > MaxEAP || int(binary.BigEndian.Uint16(b[2:])) != len(b) {
		return EAP{}, ErrEAPLength
	}
	p := EAP{Code: EAPCode(b[0]), ID: b[1]}
	switch p.Code {
	case EAPSuccess, EAPFailure:
		if len(b) != 4 {
			return EAP{}, ErrEAPLength
		}
		return p, nil
	case EAPRequest, EAPResponse:
	default:
		return EAP{}, ErrEAPCode
	}
	if len(b) < 5 || b[4] != eapTypeAKAPrime {
		return EAP{}, ErrEAPType
	}
	if len(b) < 8 {
		return EAP{}, ErrEAPLength
	}
	p.Subtype = EAPSubtype(b[5])
	for off := 8; off < len(b); {
		if len(b)-off < 4 {
			return EAP{}, ErrEAPLength
		}
		n := 4 * int(b[off+1])
		if n == 0 || n > len(b)-off {
			return EAP{}, ErrEAPLength
		}
		if !p.attribute(b[off], b[off+2:off+n], off) {
			return EAP{}, fmt.Errorf("type %d at octet %d: %w", b[off], off, ErrEAPAttribute)
		}
		off += n
	}
	return p, nil
}

// attribute takes one in; v is all that follows its type and length, and is a multiple of
// four octets less two. It is false for one that is malformed, repeated or unknown.
func (p *EAP) attribute(typ byte, v []byte, off int) bool {
	switch typ {
	case atRAND:
		return fixed(&p.RAND, v, 2)
	case atAUTN:
		return fixed(&p.AUTN, v, 2)
	case atAUTS:
		if p.AUTS != nil || len(v) != 14 {
			return false
		}
		p.AUTS = (*[14]byte)(append([]byte(nil), v...))
		return true
	case atMAC:
		p.macAt = off + 4
		return fixed(&p.MAC, v, 2)
	case atRES:
		return p.takeRES(v)
	case atKDFInput:
		name, ok := padded(v, int(binary.BigEndian.Uint16(v)))
		if !ok || p.KDFInput != nil || len(name) == 0 {
			return false
		}
		s := string(name)
		p.KDFInput = &s
		return true
	case atKDF:
		if len(v) != 2 || len(p.KDF) == maxKDFs {
			return false
		}
		p.KDF = append(p.KDF, binary.BigEndian.Uint16(v))
		return true
	case atNotify:
		return number(&p.Notification, v)
	case atClientError:
		return number(&p.ClientError, v)
	default:
		return typ >= atSkippable
	}
}

func (p *EAP) takeRES(v []byte) bool {
	n := int(binary.BigEndian.Uint16(v))
	if p.RES != nil || n%8 != 0 || n < 32 || n > 128 {
		return false
	}
	r, ok := padded(v, n/8)
	if ok {
		p.RES = &RES{Len: uint8(len(r))}
		copy(p.RES.B[:], r)
	}
	return ok
}

// fixed takes a value of sixteen octets that skip reserved ones precede.
func fixed(dst **[16]byte, v []byte, skip int) bool {
	if *dst != nil || len(v) != skip+16 {
		return false
	}
	a := [16]byte(v[skip:])
	*dst = &a
	return true
}

func number(dst **uint16, v []byte) bool {
	if *dst != nil || len(v) != 2 {
		return false
	}
	n := binary.BigEndian.Uint16(v)
	*dst = &n
	return true
}

// padded is the n octets after a length of two, if no more than padding follows them.
func padded(v []byte, n int) ([]byte, bool) {
	if n > len(v)-2 || len(v)-2-n > 3 {
		return nil, false
	}
	return v[2 : 2+n], true
}

// sign encodes p with a MAC under kaut (RFC 9048 §3.3: HMAC-SHA-256-128 over the packet
// with the MAC at zero).
func (p *EAP) sign(kaut [32]byte) []byte {
	p.MAC = &[16]byte{}
	b, err := p.AppendBinary(nil)
	if err != nil { // what we make is far below the limit
		panic(err)
	}
	mac := hmacSHA256(kaut[:], b)
	copy(b[len(b)-16:], mac[:16]) // the MAC is the last attribute we write
	return b
}

// verify reports whether the packet raw, of which p is the content, has its MAC from kaut.
func (p *EAP) verify(raw []byte, kaut [32]byte) bool {
	if p.MAC == nil {
		return false
	}
	b := append([]byte(nil), raw...)
	clear(b[p.macAt : p.macAt+16])
	mac := hmacSHA256(kaut[:], b)
	return subtle.ConstantTimeCompare(mac[:16], p.MAC[:]) == 1
}
