package ident

import (
	"fmt"
	"strconv"
	"strings"
)

// SUPI is a subscriber's permanent identifier of type IMSI (TS 23.003 §2.2A): five to
// fifteen digits held in one word, so that it is cheap to keep, compare and hash. The
// zero value names nobody.
//
// Its String is masked, so that a log line or an error cannot give a subscriber away by
// accident; IMSI gives the digits to code that means it.
type SUPI uint64

const supiLenShift = 56

// ParseSUPI reads "imsi-001010000000001" or the digits alone.
func ParseSUPI(s string) (SUPI, error) {
	digits := strings.TrimPrefix(s, "imsi-")
	if len(digits) < 5 || len(digits) > 15 {
		return 0, fmt.Errorf("IMSI of %d digits: want 5 to 15", len(digits))
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return 0, fmt.Errorf("IMSI: character %d is not a digit", i+1)
		}
	}
	v, err := strconv.ParseUint(digits, 10, 50)
	if err != nil {
		return 0, fmt.Errorf("IMSI: %w", err)
	}
	return SUPI(uint64(len(digits))<<supiLenShift | v), nil
}

// IMSI is the digits, or "" for the zero value.
func (s SUPI) IMSI() string {
	n := int(s >> supiLenShift)
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%0*d", n, uint64(s)&(1<<supiLenShift-1))
}

// Key is the form in which key derivations take a SUPI: the digits (TS 33.501 annex A.7.0).
func (s SUPI) Key() []byte { return []byte(s.IMSI()) }

// String is the SUPI with all but its network masked.
func (s SUPI) String() string {
	d := s.IMSI()
	if len(d) < 5 {
		return "imsi-"
	}
	return "imsi-" + d[:5] + strings.Repeat("*", len(d)-5)
}

// MarshalText is masked as String is, so that no encoder of records gives a subscriber away.
func (s SUPI) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// InPLMN reports whether the SUPI belongs to p.
func (s SUPI) InPLMN(p PLMN) bool { return strings.HasPrefix(s.IMSI(), p.MCC()+p.MNC()) }

// SchemeID names how a SUCI is protected (TS 33.501 annex C.1).
type SchemeID uint8

const (
	SchemeNull     SchemeID = 0
	SchemeProfileA SchemeID = 1 // X25519
	SchemeProfileB SchemeID = 2 // P-256
)

// SUCI is a concealed SUPI of type IMSI as a device sent it (TS 23.003 §2.2B,
// TS 24.501 §9.11.3.4).
type SUCI struct {
	PLMN    PLMN
	Routing RoutingIndicator
	Scheme  SchemeID
	KeyID   uint8  // home network public key identifier
	Output  []byte // scheme output; for the null scheme the MSIN as packed BCD
}

// RoutingIndicator is one to four digits as they stand in the SUCI, two octets of BCD
// padded with 0xf (TS 24.501 figure 9.11.3.4.3).
type RoutingIndicator [2]byte

// String is the digits.
func (r RoutingIndicator) String() string {
	var out []byte
	for _, d := range []byte{r[0] & 15, r[0] >> 4, r[1] & 15, r[1] >> 4} {
		if d == 15 {
			break
		}
		out = append(out, "0123456789abcdef"[d])
	}
	return string(out)
}

// ParseRoutingIndicator reads one to four digits.
func ParseRoutingIndicator(s string) (RoutingIndicator, error) {
	if len(s) < 1 || len(s) > 4 {
		return RoutingIndicator{}, fmt.Errorf("routing indicator %q: want 1 to 4 digits", s)
	}
	n := [4]byte{15, 15, 15, 15}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return RoutingIndicator{}, fmt.Errorf("routing indicator %q: %q is not a digit", s, s[i])
		}
		n[i] = s[i] - '0'
	}
	return RoutingIndicator{n[1]<<4 | n[0], n[3]<<4 | n[2]}, nil
}

// Valid reports whether it is one to four digits followed by nothing but padding.
func (r RoutingIndicator) Valid() bool {
	d := [4]byte{r[0] & 15, r[0] >> 4, r[1] & 15, r[1] >> 4}
	ended := false
	for i, v := range d {
		switch {
		case v == 15 && i > 0:
			ended = true
		case v > 9 || ended:
			return false
		}
	}
	return true
}
