package ran

import (
	"crypto/subtle"

	"cordon/aka"
	"cordon/ident"
	"cordon/wire/nas"
)

// Security header types (TS 24.501 §9.3.1).
const (
	headerPlain       = 0
	headerIntegrity   = 1
	headerCiphered    = 2
	headerNew         = 3 // integrity, new context
	headerNewCiphered = 4
	protectedHeader   = 7 // octets before the plain message
	nasBearer         = 1 // 3GPP access (TS 33.501 annex D)
	maxCount          = 1 << 24
)

// security is a phone's 5G NAS security context. It is written apart from package nas's, so
// that the two prove each other.
type security struct {
	kamf       aka.Key
	kint, kenc [16]byte
	ul         uint32 // COUNT of the next message sent
	dl         uint32 // least COUNT of the next message accepted
	access     uint32 // uplink COUNT from which the radio's key follows
	ksi        nas.KSI
	nia, nea   uint8
	valid      bool
}

// derive makes the algorithm keys and starts counting anew.
func (s *security) derive(nia, nea uint8) {
	s.nia, s.nea = nia, nea
	s.kint = aka.AlgorithmKey(s.kamf, aka.NASInt, nia)
	s.kenc = aka.AlgorithmKey(s.kamf, aka.NASEnc, nea)
}

// seal protects a plain message. It takes plain over.
func (s *security) seal(header byte, plain []byte) []byte {
	b := make([]byte, protectedHeader, protectedHeader+len(plain))
	b[0], b[1], b[6] = byte(nas.ProtocolMM), header, byte(s.ul)
	b = append(b, plain...)
	if header == headerCiphered || header == headerNewCiphered {
		aka.NEA(s.nea, &s.kenc, s.ul, nasBearer, aka.Uplink, b[protectedHeader:])
	}
	mac := aka.NIA(s.nia, &s.kint, s.ul, nasBearer, aka.Uplink, b[6:])
	copy(b[2:6], mac[:])
	s.ul++
	return b
}

// hide enciphers the content of a NAS message container as the next message that is
// sealed will carry it (TS 24.501 §4.4.6).
func (s *security) hide(inner []byte) []byte {
	aka.NEA(s.nea, &s.kenc, s.ul, nasBearer, aka.Uplink, inner)
	return inner
}

// open verifies a protected message and gives the plain one, in memory of its own. Nothing
// changes unless the MAC is right and the message is new.
func (s *security) open(b []byte) ([]byte, bool) {
	if len(b) < protectedHeader+3 {
		return nil, false
	}
	count := s.dl&^0xff | uint32(b[6])
	if count < s.dl {
		count += 256
	}
	mac := aka.NIA(s.nia, &s.kint, count, nasBearer, aka.Downlink, b[6:])
	if count >= maxCount || subtle.ConstantTimeCompare(mac[:], b[2:6]) == 0 {
		return nil, false
	}
	s.dl = count + 1
	plain := append([]byte(nil), b[protectedHeader:]...)
	if h := b[1] & 15; h == headerCiphered || h == headerNewCiphered {
		aka.NEA(s.nea, &s.kenc, count, nasBearer, aka.Downlink, plain)
	}
	return plain, true
}

// radioKey is the key that the phone expects its radio to have.
func (s *security) radioKey() aka.Key { return aka.KgNB(s.kamf, s.access, aka.Access3GPP) }

// pendingKeys are those of an authentication that no Security Mode Command has taken into
// use yet, with the answer to give again to the same challenge.
type pendingKeys struct {
	kamf     aka.Key
	ksi      nas.KSI
	rand     [16]byte
	res      [16]byte
	request  []byte // the EAP packet that was answered
	response []byte
}

// imeisv makes sixteen digits of a phone's number: a type allocation code of test
// equipment, six of serial number, and the software version 01.
func imeisv(n uint64) ident.IMEISV {
	v := uint64(0x00100100_00000001)
	for i := 2; i < 8; i++ {
		v |= n % 10 << (4 * i)
		n /= 10
	}
	return ident.IMEISV(v)
}
