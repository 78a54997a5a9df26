package aka

import (
	"crypto/cipher"
	"crypto/subtle"
)

// Milenage is the algorithm set of TS 35.206 for one subscription. It is made for a
// computation and thrown away: the expanded key it holds is twice what a profile takes.
type Milenage struct {
	block cipher.Block
	opc   [16]byte
}

// NewMilenage takes the subscriber key and OPc.
func NewMilenage(k, opc [16]byte) *Milenage {
	return &Milenage{block: newAES(&k), opc: opc}
}

// OPc is the operator's value OP bound to a subscriber key (TS 35.206 §4.1).
func OPc(k, op [16]byte) [16]byte {
	out := op
	newAES(&k).Encrypt(out[:], out[:])
	subtle.XORBytes(out[:], out[:], op[:])
	return out
}

// temp is E_K(RAND xor OPc), from which every function starts.
func (m *Milenage) temp(rand [16]byte) [16]byte {
	subtle.XORBytes(rand[:], rand[:], m.opc[:])
	m.block.Encrypt(rand[:], rand[:])
	return rand
}

// out is E_K(rot(in xor OPc, r) xor c) xor OPc for r whole octets and a c that differs from
// zero in its last octet only (TS 35.206 §4.1).
func (m *Milenage) out(in [16]byte, r int, c byte) [16]byte {
	var x [16]byte
	for i := range x {
		j := (i + r) % 16
		x[i] = in[j] ^ m.opc[j]
	}
	x[15] ^= c
	m.block.Encrypt(x[:], x[:])
	subtle.XORBytes(x[:], x[:], m.opc[:])
	return x
}

// out1 is MAC-A and MAC-S together. Unlike the others it mixes temp in after the rotation.
func (m *Milenage) out1(rand [16]byte, sqn [6]byte, amf [2]byte) [16]byte {
	var in [16]byte
	copy(in[:], sqn[:])
	copy(in[6:], amf[:])
	copy(in[8:], in[:8])
	temp := m.temp(rand)
	x := temp
	for i := range x {
		j := (i + 8) % 16
		x[i] ^= in[j] ^ m.opc[j]
	}
	m.block.Encrypt(x[:], x[:])
	subtle.XORBytes(x[:], x[:], m.opc[:])
	return x
}

// F1 implements Functions.
func (m *Milenage) F1(rand [16]byte, sqn [6]byte, amf [2]byte) [8]byte {
	x := m.out1(rand, sqn, amf)
	return [8]byte(x[:8])
}

// F1Star implements Functions.
func (m *Milenage) F1Star(rand [16]byte, sqn [6]byte, amf [2]byte) [8]byte {
	x := m.out1(rand, sqn, amf)
	return [8]byte(x[8:])
}

// F2345 implements Functions. RES has 8 octets.
func (m *Milenage) F2345(rand [16]byte) (res RES, ck, ik [16]byte, ak [6]byte) {
	temp := m.temp(rand)
	x := m.out(temp, 0, 1)
	res.Len = 8
	copy(res.B[:8], x[8:])
	return res, m.out(temp, 4, 2), m.out(temp, 8, 4), [6]byte(x[:6])
}

// F5Star implements Functions.
func (m *Milenage) F5Star(rand [16]byte) [6]byte {
	x := m.out(m.temp(rand), 12, 8)
	return [6]byte(x[:6])
}
