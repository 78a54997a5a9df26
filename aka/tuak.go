package aka

import (
	"crypto/sha3"
	"errors"
	"slices"
)

// TUAKSizes are the parameters of TUAK that an operator chooses (TS 35.231 §5): octets of
// RES, and how often the permutation is applied.
type TUAKSizes struct {
	RES        uint8 // 4, 8 or 16 octets; 0 means 8
	Iterations uint8 // 0 means 1
}

// TUAK is the algorithm set of TS 35.231 for one subscription. In 5G its MAC has 64 bits and
// its CK and IK 128 each (TS 33.102 §6.3.2, TS 33.501 annex A.2), so the longer ones that
// TUAK could make are not offered.
type TUAK struct {
	k                         []byte
	topc                      [32]byte
	mac, res, ck, ik, repeats int // octets, but for repeats
}

var errTUAK = errors.New("TUAK: want a key of 16 or 32 octets, a RES of 4, 8 or 16 and at least one iteration")

// NewTUAK takes the subscriber key, 16 or 32 octets, and TOPc.
func NewTUAK(k []byte, topc [32]byte, sizes TUAKSizes) (*TUAK, error) {
	t := &TUAK{k: slices.Clone(k), topc: topc, mac: 8, res: 8, ck: 16, ik: 16, repeats: 1}
	if sizes.RES != 0 {
		t.res = int(sizes.RES)
	}
	if sizes.Iterations != 0 {
		t.repeats = int(sizes.Iterations)
	}
	if (len(k) != 16 && len(k) != 32) || (t.res != 4 && t.res != 8 && t.res != 16) {
		return nil, errTUAK
	}
	return t, nil
}

// TOPc is the operator's value TOP bound to a subscriber key of 16 or 32 octets
// (TS 35.231 §6.1).
func TOPc(k []byte, top [32]byte, sizes TUAKSizes) ([32]byte, error) {
	t, err := NewTUAK(k, top, sizes)
	if err != nil {
		return [32]byte{}, err
	}
	out := t.permute(t.keyBit(), nil, nil, nil)
	return reversed32(out[:32]), nil
}

// keyBit is the part of INSTANCE that says how long the key is.
func (t *TUAK) keyBit() byte {
	if len(t.k) == 32 {
		return 1
	}
	return 0
}

// permute lays out INOUT of TS 35.231 §6.2 and applies Keccak-f[1600] to it.
//
// TUAK's strings are written with their most significant bit first and Keccak's state with
// its least, so every string is laid in with its octets reversed. The rest of INOUT is a
// padding that is exactly SHAKE256's, whose block has 136 octets; TUAK therefore is the
// output of SHAKE256 over the first 96 octets, and each further iteration is the next block
// of it. No output is read beyond the block.
func (t *TUAK) permute(instance byte, rand, amf, sqn []byte) (out [136]byte) {
	var in [96]byte
	layReversed(in[0:32], t.topc[:])
	in[32] = instance
	layReversed(in[33:40], []byte("TUAK1.0"))
	layReversed(in[40:56], rand)
	layReversed(in[56:58], amf)
	layReversed(in[58:64], sqn)
	layReversed(in[64:64+len(t.k)], t.k)
	h := sha3.NewSHAKE256()
	_, _ = h.Write(in[:])
	for range t.repeats {
		_, _ = h.Read(out[:])
	}
	return out
}

func layReversed(dst, src []byte) {
	for i, v := range src {
		dst[len(src)-1-i] = v
	}
}

func reversed32(b []byte) (out [32]byte) {
	layReversed(out[:], b)
	return out
}

// lengthCode is how INSTANCE gives a length: 1 for 64 bits, 2 for 128, 4 for 256, and 0 for 32.
func lengthCode(octets int) byte { return byte(octets / 8) }

// f1 is MAC-A, or MAC-S when star is 0x80: up to 32 octets (TS 35.231 §6.2, §6.3).
func (t *TUAK) f1(star byte, rand [16]byte, sqn [6]byte, amf [2]byte) []byte {
	out := t.permute(star|lengthCode(t.mac)<<3|t.keyBit(), rand[:], amf[:], sqn[:])
	slices.Reverse(out[:t.mac])
	return out[:t.mac]
}

// f2345 is RES, CK, IK and AK in their full lengths (TS 35.231 §6.4).
func (t *TUAK) f2345(rand [16]byte) (res, ck, ik, ak []byte) {
	instance := 0x40 | lengthCode(t.res)<<3 | byte(t.ck/32)<<2 | byte(t.ik/32)<<1 | t.keyBit()
	out := t.permute(instance, rand[:], nil, nil)
	part := func(at, n int) []byte {
		slices.Reverse(out[at : at+n])
		return out[at : at+n]
	}
	return part(0, t.res), part(32, t.ck), part(64, t.ik), part(96, 6)
}

// F1 implements Functions.
func (t *TUAK) F1(rand [16]byte, sqn [6]byte, amf [2]byte) [8]byte {
	return [8]byte(t.f1(0, rand, sqn, amf))
}

// F1Star implements Functions.
func (t *TUAK) F1Star(rand [16]byte, sqn [6]byte, amf [2]byte) [8]byte {
	return [8]byte(t.f1(0x80, rand, sqn, amf))
}

// F2345 implements Functions.
func (t *TUAK) F2345(rand [16]byte) (res RES, ck, ik [16]byte, ak [6]byte) {
	r, c, i, a := t.f2345(rand)
	res.Len = uint8(copy(res.B[:], r))
	return res, [16]byte(c), [16]byte(i), [6]byte(a)
}

// F5Star implements Functions.
func (t *TUAK) F5Star(rand [16]byte) [6]byte {
	out := t.permute(0xc0|t.keyBit(), rand[:], nil, nil)
	slices.Reverse(out[96:102])
	return [6]byte(out[96:102])
}
