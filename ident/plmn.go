package ident

import (
	"fmt"
)

// PLMN is a public land mobile network: a mobile country code of three digits and a
// mobile network code of two or three, in the three octets that NGAP, NAS and the
// SUCI all carry (TS 24.008 §10.5.1.13, TS 38.413 §9.3.3.5). 001-01 and 001-001 are
// different networks. The zero value is 000-000, which no operator has.
type PLMN [3]byte

// ParsePLMN reads "00101" or "001001": the country code, then the network code.
func ParsePLMN(s string) (PLMN, error) {
	if len(s) != 5 && len(s) != 6 {
		return PLMN{}, fmt.Errorf("PLMN %q: want 5 or 6 digits, the country code and the network code", s)
	}
	var d [6]byte
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return PLMN{}, fmt.Errorf("PLMN %q: %q is not a digit", s, s[i])
		}
		d[i] = s[i] - '0'
	}
	mnc3 := byte(0xf)
	if len(s) == 6 {
		mnc3 = d[5]
	}
	return PLMN{d[1]<<4 | d[0], mnc3<<4 | d[2], d[4]<<4 | d[3]}, nil
}

// Valid reports whether every digit is one; what a peer sent need not be.
func (p PLMN) Valid() bool {
	for _, d := range []byte{p[0] & 15, p[0] >> 4, p[1] & 15, p[2] & 15, p[2] >> 4} {
		if d > 9 {
			return false
		}
	}
	return p[1]>>4 <= 9 || p[1]>>4 == 15
}

// MCC is the country code, three digits.
func (p PLMN) MCC() string { return hexDigits(p[0]&15, p[0]>>4, p[1]&15) }

// MNC is the network code, two or three digits.
func (p PLMN) MNC() string {
	if p[1]>>4 == 15 {
		return hexDigits(p[2]&15, p[2]>>4)
	}
	return hexDigits(p[2]&15, p[2]>>4, p[1]>>4)
}

// String is the form that ParsePLMN reads.
func (p PLMN) String() string { return p.MCC() + p.MNC() }

// ServingNetworkName is the name that binds the anchor key to this network
// (TS 33.501 §6.1.1.4.1, TS 24.501 §9.12.1), its network code padded to three digits.
func (p PLMN) ServingNetworkName() string {
	mnc := p.MNC()
	if len(mnc) == 2 {
		mnc = "0" + mnc
	}
	return "5G:mnc" + mnc + ".mcc" + p.MCC() + ".3gppnetwork.org"
}

func hexDigits(ds ...byte) string {
	b := make([]byte, len(ds))
	for i, d := range ds {
		b[i] = "0123456789abcdef"[d]
	}
	return string(b)
}
