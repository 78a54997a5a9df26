package nas

import (
	"crypto/subtle"
	"errors"
	"fmt"

	"cordon/aka"
)

var (
	// ErrMAC reports a message that the keys, or the COUNT, do not authenticate: a forgery,
	// a replay, or another context's.
	ErrMAC = errors.New("message authentication failed")
	// ErrNullIntegrity reports a context without an integrity algorithm. NIA0 is for
	// emergency calls, which this network does not have.
	ErrNullIntegrity = errors.New("no integrity algorithm")
	// ErrCountExhausted reports that every COUNT under the keys has been used.
	ErrCountExhausted = errors.New("NAS COUNT exhausted")
	// ErrNotProtected reports a plain message where a protected one was expected.
	ErrNotProtected = errors.New("not security protected")
)

// Side is which end of a NAS connection holds a context.
type Side uint8

const (
	Network Side = iota
	Device
)

const (
	bearer3GPP = 1       // NAS connection identifier of 3GPP access (TS 33.501 §6.4.2.2)
	maxCount   = 1 << 24 // COUNT has 24 bits

	// countReserve is how long before its end a COUNT asks for new keys: enough messages
	// for an authentication to go wrong a few times.
	countReserve = 1 << 10
)

// Security is a NAS security context of 3GPP access (TS 33.501 §6.4): a value of 44
// octets. The zero value protects nothing and accepts nothing.
//
// A COUNT is used once: Protect advances this side's, and the other's advances, past any
// gap, when a message with it was verified. Nothing else moves one.
type Security struct {
	KNASint, KNASenc [16]byte
	Uplink, Downlink uint32 // the next COUNT to be used or accepted
	Integrity        uint8  // NIA, 1 to 3
	Ciphering        uint8  // NEA, 0 to 3
	Side             Side
}

// counts is the COUNT of this side's messages and of the other's, with their directions.
func (s *Security) counts() (own, other *uint32, ownDir, otherDir uint8) {
	if s.Side == Device {
		return &s.Uplink, &s.Downlink, aka.Uplink, aka.Downlink
	}
	return &s.Downlink, &s.Uplink, aka.Downlink, aka.Uplink
}

func (s *Security) usable() error {
	switch {
	case s.Integrity == aka.AlgNull:
		return ErrNullIntegrity
	case s.Integrity > aka.AlgZUC || s.Ciphering > aka.AlgZUC || s.Side > Device:
		return fmt.Errorf("NIA%d, NEA%d: %w", s.Integrity, s.Ciphering, ErrValue)
	}
	return nil
}

// Protect appends a plain message to dst in the protected form of the type, under the
// next COUNT, which is then used up. dst and plain do not overlap. On an error dst and
// the context stay as they were.
func (s *Security) Protect(dst, plain []byte, t HeaderType) ([]byte, error) {
	if err := s.usable(); err != nil {
		return dst, fmt.Errorf("nas: protecting: %w", err)
	}
	own, _, dir, _ := s.counts()
	switch {
	case !t.Protected():
		return dst, fmt.Errorf("nas: protecting: header type %d: %w", t, ErrValue)
	case len(plain) < plainHeader:
		return dst, fmt.Errorf("nas: protecting: %w", ErrShort)
	case *own >= maxCount:
		return dst, fmt.Errorf("nas: protecting: %w", ErrCountExhausted)
	}
	at := len(dst)
	out := append(dst, byte(ProtocolMM), byte(t), 0, 0, 0, 0, byte(*own))
	out = append(out, plain...)
	if t.Ciphered() {
		aka.NEA(s.Ciphering, &s.KNASenc, *own, bearer3GPP, dir, out[at+protectedHeader:])
	}
	mac := aka.NIA(s.Integrity, &s.KNASint, *own, bearer3GPP, dir, out[at+protectedHeader-1:])
	copy(out[at+2:], mac[:])
	*own++
	return out, nil
}

// Opened is a message whose integrity was verified.
type Opened struct {
	Type  HeaderType // as it stood; the MAC does not cover it
	Count uint32     // the whole COUNT, from which keys may be derived
	Plain []byte     // deciphered; its own memory
}

// Check verifies and deciphers a message without any change to the context, so that a
// message can be tried against a stored one. Its COUNT is the first that ends in the
// sequence number and was not accepted before (TS 24.501 §4.4.3, TS 33.501 §6.4.3), so a
// replay fails with ErrMAC.
func (s *Security) Check(b []byte) (Opened, error) {
	h, err := ParseHeader(b)
	if err != nil {
		return Opened{}, err
	}
	if h.Type == HeaderPlain {
		return Opened{}, &DecodeError{IE: "security header type", Off: 1, Err: ErrNotProtected}
	}
	if err := s.usable(); err != nil {
		return Opened{}, &DecodeError{IE: "security header type", Off: 1, Err: err}
	}
	_, other, _, dir := s.counts()
	count := *other&^0xff | uint32(h.SN)
	if count < *other {
		count += 0x100
	}
	if count >= maxCount {
		return Opened{}, &DecodeError{IE: "sequence number", Off: 6, Err: ErrCountExhausted}
	}
	mac := aka.NIA(s.Integrity, &s.KNASint, count, bearer3GPP, dir, b[protectedHeader-1:])
	if subtle.ConstantTimeCompare(mac[:], h.MAC[:]) != 1 {
		return Opened{}, &DecodeError{IE: "message authentication code", Off: 2, Err: ErrMAC}
	}
	o := Opened{Type: h.Type, Count: count, Plain: append([]byte(nil), h.Inner...)}
	if h.Type.Ciphered() {
		aka.NEA(s.Ciphering, &s.KNASenc, count, bearer3GPP, dir, o.Plain)
	}
	return o, nil
}

// Commit takes the COUNT of a message that Check returned as used, and with it all
// before. It reports false, and changes nothing, if the COUNT was used meanwhile.
func (s *Security) Commit(o Opened) bool {
	_, other, _, _ := s.counts()
	if o.Count < *other || o.Count >= maxCount {
		return false
	}
	*other = o.Count + 1
	return true
}

// Unprotect verifies a message, accepts its COUNT and gives the plain message, which has
// its own memory. An error leaves the context as it was; it is a *DecodeError with Cause
// 0, for a message that fails is dropped.
func (s *Security) Unprotect(b []byte) (plain []byte, err error) {
	o, err := s.Check(b)
	if err != nil {
		return nil, err
	}
	s.Commit(o)
	return o.Plain, nil
}

// Exhausting reports that one of the COUNTs comes near its end: new keys are needed
// before the context stops working (TS 33.501 §6.4.5).
func (s *Security) Exhausting() bool {
	return max(s.Uplink, s.Downlink) >= maxCount-countReserve
}

// CipherContainer enciphers or deciphers, in place, the value of the NAS message
// container of an initial message (TS 24.501 §4.4.6). count is that of the message that
// carries it: for a device about to send, s.Uplink; for the network, Opened.Count.
func (s *Security) CipherContainer(value []byte, count uint32) error {
	if err := s.usable(); err != nil {
		return fmt.Errorf("nas: ciphering a container: %w", err)
	}
	if count >= maxCount {
		return fmt.Errorf("nas: ciphering a container: %w", ErrCountExhausted)
	}
	aka.NEA(s.Ciphering, &s.KNASenc, count, bearer3GPP, aka.Uplink, value)
	return nil
}
