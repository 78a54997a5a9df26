package aka

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"slices"
	"testing"
)

// masked clears what lies beyond n bits.
func masked(b []byte, n int) []byte {
	b = slices.Clone(b[:(n+7)/8])
	if n%8 != 0 {
		b[len(b)-1] &= ^byte(0xff >> (n % 8))
	}
	return b
}

func TestNEA(t *testing.T) {
	for _, v := range neaSets {
		key := [16]byte(unhex(t, v.key))
		data := unhex(t, v.in)
		NEA(v.alg, &key, v.count, v.bearer, v.direction, data)
		if want := masked(unhex(t, v.out), v.bits); !bytes.Equal(masked(data, v.bits), want) {
			t.Errorf("%s: %x, want %x", v.name, masked(data, v.bits), want)
		}
		NEA(v.alg, &key, v.count, v.bearer, v.direction, data)
		if !bytes.Equal(data, unhex(t, v.in)) {
			t.Errorf("%s: deciphering does not give the plaintext back", v.name)
		}
	}
}

// The sets have lengths in bits; those of whole octets go through NIA as well.
func TestNIA(t *testing.T) {
	type bitwise func(*[16]byte, uint32, uint8, uint8, []byte, int) [4]byte
	fs := []bitwise{AlgSNOW3G: nia1, AlgAES: nia2, AlgZUC: nia3}
	for _, v := range niaSets {
		key, msg := [16]byte(unhex(t, v.key)), unhex(t, v.in)
		got := fs[v.alg](&key, v.count, v.bearer, v.direction, msg, v.bits)
		same(t, v.name, got[:], v.out)
		if v.bits == 8*len(msg) {
			got = NIA(v.alg, &key, v.count, v.bearer, v.direction, msg)
			same(t, v.name, got[:], v.out)
		}
	}
}

func TestNullAlgorithms(t *testing.T) {
	var key [16]byte
	data := []byte("in the clear")
	NEA(AlgNull, &key, 1, 2, 0, data)
	if string(data) != "in the clear" {
		t.Errorf("NEA0 changed the data: %q", data)
	}
	if mac := NIA(AlgNull, &key, 1, 2, 0, data); mac != [4]byte{} {
		t.Errorf("NIA0: %x", mac)
	}
}

// The keystreams of TS 35.217 §3 and TS 35.223 §3, beginning and end.
func TestSNOW3GKeystream(t *testing.T) {
	for _, v := range []struct {
		key, iv string
		first   []uint32
		at      int
		last    uint32
	}{
		{"2bd6459f82c5b300952c49104881ff48", "ea024714ad5c4d84df1f9b251c0bf45f", []uint32{0xabee9704, 0x7ac31373}, 2, 0x7ac31373},
		{"8ce33e2cc3c0b5fc1f3de8a6dc66b1f3", "d3c5d592327fb11cde551988ceb2f9b7", []uint32{0xeff8a342, 0xf751480f}, 2, 0xf751480f},
		{"4035c6680af8c6d1a8ff8667b1714013", "62a540981ba6f9b74592b0e78690f71b", []uint32{0xa8c874a9, 0x7ae7c4f8}, 2, 0x7ae7c4f8},
		{"0ded7263109cf92e3352255a140e0f76", "6b68079a41a7c4c91befd79f7fdcc233", []uint32{0xd712c05c, 0xa937c2a6, 0xeb7eaae3}, 2500, 0x9c0db3aa},
	} {
		k, iv := unhex(t, v.key), unhex(t, v.iv)
		var key [16]byte // UEA2 loads the last word of its key as the first of SNOW 3G's
		var words [4]uint32
		for i := range words {
			copy(key[12-4*i:], k[4*i:4*i+4])
			words[i] = binary.BigEndian.Uint32(iv[4*i:])
		}
		g := newSNOW3G(&key, words)
		var z uint32
		for i := range v.at {
			if z = g.next(); i < len(v.first) && z != v.first[i] {
				t.Errorf("key %s: word %d is %08x, want %08x", v.key, i+1, z, v.first[i])
			}
		}
		if z != v.last {
			t.Errorf("key %s: word %d is %08x, want %08x", v.key, v.at, z, v.last)
		}
	}
}

func TestZUCKeystream(t *testing.T) {
	for _, v := range []struct {
		key, iv string
		first   [2]uint32
		at      int
		last    uint32
	}{
		{"00000000000000000000000000000000", "00000000000000000000000000000000", [2]uint32{0x27bede74, 0x018082da}, 2, 0x018082da},
		{"ffffffffffffffffffffffffffffffff", "ffffffffffffffffffffffffffffffff", [2]uint32{0x0657cfa0, 0x7096398b}, 2, 0x7096398b},
		{"3d4c4be96a82fdaeb58f641db17b455b", "84319aa8de6915ca1f6bda6bfbd8c766", [2]uint32{0x14f1c272, 0x3279c419}, 2, 0x3279c419},
		{"4d320bfad4c285bfd6b8bd00f39d8b41", "52959daba0bf176ece2dc315049eb574", [2]uint32{0xed4400e7, 0x0633e5c5}, 2000, 0x7a574cdb},
	} {
		key, iv := [16]byte(unhex(t, v.key)), [16]byte(unhex(t, v.iv))
		g := newZUC(&key, &iv)
		var z uint32
		for i := range v.at {
			if z = g.next(); i < len(v.first) && z != v.first[i] {
				t.Errorf("key %s: word %d is %08x, want %08x", v.key, i+1, z, v.first[i])
			}
		}
		if z != v.last {
			t.Errorf("key %s: word %d is %08x, want %08x", v.key, v.at, z, v.last)
		}
	}
}

// slowCMAC is RFC 4493 as it stands, over a message put together whole.
func slowCMAC(key, msg []byte) []byte {
	b, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	double := func(in []byte) []byte {
		out := make([]byte, 16)
		for i := range in {
			out[i] = in[i] << 1
			if i < 15 {
				out[i] |= in[i+1] >> 7
			}
		}
		if in[0]&0x80 != 0 {
			out[15] ^= 0x87
		}
		return out
	}
	l := make([]byte, 16)
	b.Encrypt(l, l)
	sub := double(l)
	m := slices.Clone(msg)
	if len(m)%16 != 0 || len(m) == 0 {
		sub = double(sub)
		m = append(m, 0x80)
		m = append(m, make([]byte, (16-len(m)%16)%16)...)
	}
	for i := range 16 {
		m[len(m)-16+i] ^= sub[i]
	}
	out := make([]byte, len(m))
	cipher.NewCBCEncrypter(b, make([]byte, 16)).CryptBlocks(out, m)
	return out[len(out)-16:]
}

// Every length crosses the block boundaries of nia2 at another place.
func TestNIA2AgainstCMAC(t *testing.T) {
	key := [16]byte(unhex(t, "2bd6459f82c440e0952c49104805ff48"))
	msg := make([]byte, 100)
	for i := range msg {
		msg[i] = byte(7 * i)
	}
	for n := range msg {
		m := append([]byte{0x12, 0x34, 0x56, 0x78, 3<<3 | 1<<2, 0, 0, 0}, msg[:n]...)
		got := NIA(AlgAES, &key, 0x12345678, 3, 1, msg[:n])
		if want := slowCMAC(key[:], m)[:4]; !bytes.Equal(got[:], want) {
			t.Errorf("%d octets: %x, want %x", n, got, want)
		}
	}
}

func BenchmarkNIA(b *testing.B) {
	var key [16]byte
	msg := make([]byte, 64)
	for alg, name := range []string{1: "SNOW3G", 2: "AES", 3: "ZUC"} {
		if alg == 0 {
			continue
		}
		b.Run(name+"/64", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				NIA(uint8(alg), &key, 1, 1, 0, msg)
			}
		})
	}
}

func BenchmarkNEA(b *testing.B) {
	var key [16]byte
	msg := make([]byte, 64)
	for alg, name := range []string{1: "SNOW3G", 2: "AES", 3: "ZUC"} {
		if alg == 0 {
			continue
		}
		b.Run(name+"/64", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				NEA(uint8(alg), &key, 1, 1, 0, msg)
			}
		})
	}
}
