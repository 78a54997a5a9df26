package per

import (
	"bytes"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		panic(err)
	}
	return b
}

// number makes a case of a value held in an integer.
func number(name, hex string, v uint64, f func(*Coder, *uint64)) codeCase {
	return codeCase{name, hex, &v, func(c *Coder, p any) { f(c, p.(*uint64)) }}
}

type codeCase struct {
	name, hex string
	value     any // a pointer
	code      func(*Coder, any)
}

func intIn(lo, hi uint64) func(*Coder, *uint64) {
	return func(c *Coder, v *uint64) { Int(c, v, lo, hi) }
}

func enumOf(root, more int, ext bool) func(*Coder, *uint64) {
	return func(c *Coder, v *uint64) { Enum(c, v, root, more, ext) }
}

func extInt(lo, hi, most uint64) func(*Coder, *uint64) {
	return func(c *Coder, v *uint64) { ExtInt(c, v, lo, hi, most) }
}

var cases = []codeCase{
	number("range of one", "", 7, intIn(7, 7)),
	number("three bits", "a0", 5, intIn(0, 7)),
	number("offset", "e0", 15, intIn(1, 15)),
	number("255 values are bits", "fd", 253, intIn(0, 254)),
	number("256 values are an octet", "ff", 255, intIn(0, 255)),
	number("256 from one", "ff", 256, intIn(1, 256)),
	number("two octets", "0102", 0x102, intIn(0, 65535)),
	number("four octets at most, one", "00 00", 0, intIn(0, 1<<32-1)),
	number("four octets at most, four", "c0 80000001", 0x80000001, intIn(0, 1<<32-1)),
	number("five octets at most", "80 8123456789", 0x8123456789, intIn(0, 1<<40-1)),
	number("eight octets", "e0 ffffffffffffffff", 1<<64-1, intIn(0, 1<<64-1)),
	number("bit rate", "30 3b9aca00", 1e9, extInt(0, 4e12, 1<<63-1)),
	number("extended integer", "80 02 0080", 128, extInt(0, 63, 255)),
	number("extended integer below", "80 01 00", 0, extInt(1, 63, 255)),
	number("burst in the extension", "80 03 1e8480", 2_000_000, extInt(0, 4095, 2_000_000)),
	number("enumeration", "80", 2, enumOf(3, 0, false)),
	number("extensible enumeration", "18", 3, enumOf(10, 2, true)),
	number("its extension", "81", 11, enumOf(10, 2, true)),
	number("a far extension", "c0 01 46", 80, enumOf(10, 90, true)),
	number("one value", "00", 0, enumOf(1, 0, true)),
	number("bit field", "aa80", 0x155, func(c *Coder, v *uint64) { Bits(c, v, 9); *v &= 0x1ff }),
	number("short octets are not aligned", "12", 0x12, func(c *Coder, v *uint64) { Uint(c, v, 1) }),
	{"variable bits", "00 a96968", &[2]uint64{0x2a5a5a, 22}, func(c *Coder, p any) {
		v := p.(*[2]uint64)
		n := uint8(v[1])
		VarBits(c, &v[0], &n, 22, 32)
		v[1] = uint64(n)
	}},
	{"printable string", "0100 616d66", new("amf"), func(c *Coder, p any) { String(c, p.(*string), 1, 150) }},
	{"UTF-8 string", "03 616d66", new("amf"), func(c *Coder, p any) { Text(c, p.(*string)) }},
	{"octets", "03 010203", &[]byte{1, 2, 3}, func(c *Coder, p any) { Octets(c, p.(*[]byte)) }},
	{"no octets", "00", &[]byte{}, func(c *Coder, p any) { Octets(c, p.(*[]byte)) }},
	{"bits on 32-bit address", "0f80 0a000007", &BitString{[]byte{10, 0, 0, 7}, 32}, func(c *Coder, p any) {
		LongBits(c, p.(*BitString), 1, 160, true)
	}},
	{"long bits, then one more", "0002 b0", &BitString{[]byte{0xa0}, 3}, func(c *Coder, p any) {
		LongBits(c, p.(*BitString), 1, 2048, false)
		one := true
		c.Bool(&one)
	}},
	{"list", "80 010203", &[]uint8{1, 2, 3}, func(c *Coder, p any) {
		List(c, c, p.(*[]uint8), 1, 4, func(c *Coder, v *uint8) { Int(c, v, 0, 255) })
	}},
	{"open type", "02 0102", &[]byte{1, 2}, func(c *Coder, p any) {
		o := c.Open()
		Rest(c, p.(*[]byte))
		c.Close(o)
	}},
}

func TestCoding(t *testing.T) {
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			want := unhex(tt.hex)
			e := Encoder(nil)
			tt.code(&e, tt.value)
			if e.Err() != nil || !bytes.Equal(e.Bytes(), want) {
				t.Errorf("encode: %x, %v; want %x", e.Bytes(), e.Err(), want)
			}
			got := reflect.New(reflect.TypeOf(tt.value).Elem()).Interface()
			d := Decoder(want)
			tt.code(&d, got)
			if d.Err() != nil || !reflect.DeepEqual(got, tt.value) {
				t.Errorf("decode: %+v, %v; want %+v", got, d.Err(), tt.value)
			}
			for n := range want {
				d := Decoder(want[:n])
				if tt.code(&d, reflect.New(reflect.TypeOf(tt.value).Elem()).Interface()); d.Err() == nil {
					t.Errorf("accepted its first %d octets", n)
				}
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for _, tt := range []struct {
		name, hex string
		err       error
		code      func(*Coder)
	}{
		{"beyond the range", "e0", ErrRange, func(c *Coder) { var v uint8; Int(c, &v, 0, 5) }},
		{"more octets than the range has", "e0 0000000000000000", ErrRange, func(c *Coder) { var v uint64; Int(c, &v, 0, 1<<40-1) }},
		{"beyond the enumeration", "c0", ErrRange, func(c *Coder) { var v uint8; Enum(c, &v, 3, 0, false) }},
		{"beyond its extension", "80", ErrUnknown, func(c *Coder) { var v uint8; Enum(c, &v, 3, 0, true) }},
		{"negative", "80 01 ff", ErrUnknown, func(c *Coder) { var v uint8; ExtInt(c, &v, 0, 63, 255) }},
		{"integer of nine octets", "80 09 000000000000000000", ErrUnknown, func(c *Coder) { var v uint8; ExtInt(c, &v, 0, 63, 255) }},
		{"integer of none", "80 00", ErrRange, func(c *Coder) { var v uint8; ExtInt(c, &v, 0, 63, 255) }},
		{"length of five fragments", "c5", ErrRange, func(c *Coder) { var v []byte; Octets(c, &v) }},
		{"64 KiB of nothing", "c4", ErrShort, func(c *Coder) { var v []byte; Octets(c, &v) }},
		{"a list of nothing", "ff ff", ErrShort, func(c *Coder) {
			var v []uint32
			List(c, c, &v, 0, 65535, func(c *Coder, v *uint32) { Int(c, v, 0, 1<<32-1) })
		}},
		{"an empty list", "00", ErrRange, func(c *Coder) {
			var v []uint8
			List(c, c, &v, 1, 65536, func(c *Coder, v *uint8) { Int(c, v, 0, 255) })
		}},
		{"a longer size", "80 03 616d66", ErrUnknown, func(c *Coder) { var v string; String(c, &v, 1, 150) }},
		{"64 additions of nothing", "fe", ErrShort, func(c *Coder) { c.Preamble(true); c.Additions() }},
		{"additions without end", "c0 c4", ErrRange, func(c *Coder) { c.Preamble(true); c.Additions() }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := Decoder(unhex(tt.hex))
			if tt.code(&c); !errors.Is(c.Err(), tt.err) || c.Unknown() != (tt.err == ErrUnknown) {
				t.Errorf("%v; want %v", c.Err(), tt.err)
			}
		})
	}
}

func TestNotEncoded(t *testing.T) {
	for name, code := range map[string]func(*Coder){
		"beyond the range":  func(c *Coder) { v := uint8(6); Int(c, &v, 0, 5) },
		"too many bits":     func(c *Coder) { v := uint16(512); Bits(c, &v, 9) },
		"an empty name":     func(c *Coder) { v := ""; String(c, &v, 1, 150) },
		"bits not all here": func(c *Coder) { v := BitString{[]byte{1}, 9}; LongBits(c, &v, 1, 160, false) },
		"an empty list": func(c *Coder) {
			var v []uint8
			List(c, c, &v, 1, 2, func(c *Coder, v *uint8) { Int(c, v, 0, 255) })
		},
	} {
		c := Encoder(nil)
		if code(&c); !errors.Is(c.Err(), ErrRange) {
			t.Errorf("%s: %v", name, c.Err())
		}
	}
}

// Additions of later versions are passed over, whichever of them are there.
func TestAdditions(t *testing.T) {
	c := Decoder(unhex("82 a0 02 aabb 01 cc 7f")) // three, of which the first and the third
	var v uint8
	if !c.Preamble(true) {
		t.Fatal("no extension bit")
	}
	c.Additions()
	if Int(&c, &v, 0, 255); c.Err() != nil || v != 0x7f {
		t.Errorf("%#x, %v", v, c.Err())
	}
}

// Long values go in fragments of 16K units, whatever their length.
func TestFragments(t *testing.T) {
	for _, n := range []int{127, 128, 16383, 16384, 16385, 65535, 65536, 81920, 131072, 200000} {
		long := make([]byte, n)
		for i := range long {
			long[i] = byte(i * 31)
		}
		e := Encoder(nil)
		Octets(&e, &long)
		o := e.Open()
		Rest(&e, &long)
		e.Close(o)
		bits := BitString{long[:(n+7)/8], n}
		clearTail(bits.Octets, n)
		if n <= 131072 {
			LongBits(&e, &bits, 1, 131072, false)
		}
		var a, b []byte
		var s BitString
		d := Decoder(e.Bytes())
		Octets(&d, &a)
		o = d.Open()
		Rest(&d, &b)
		d.Close(o)
		if n <= 131072 {
			if LongBits(&d, &s, 1, 131072, false); !reflect.DeepEqual(s, bits) {
				t.Errorf("%d bits differ: %d, %v", n, s.Bits, d.Err())
			}
		}
		if e.Err() != nil || d.Err() != nil || len(a) != n || !bytes.Equal(a[n/8+1:], long[n/8+1:]) || !bytes.Equal(b[n/8+1:], long[n/8+1:]) {
			t.Errorf("%d octets: %v, %v", n, e.Err(), d.Err())
		}
	}
}

// program is a description made of the octets of ops: any sequence of types there are.
type program struct {
	Ints    []uint64
	Octets  [][]byte
	Strings []string
	Bits    []BitString
	Lists   [][]uint32
}

func (p *program) run(c *Coder, ops []byte) {
	at := program{}
	for _, op := range ops {
		switch arg := int(op >> 3); op & 7 {
		case 0:
			step(c, &p.Ints, &at.Ints, func(v *uint64) { Int(c, v, uint64(arg), uint64(arg)+1<<(2*arg)) })
		case 1:
			step(c, &p.Ints, &at.Ints, func(v *uint64) { ExtInt(c, v, 1, uint64(arg+1), 1<<40) })
		case 2:
			step(c, &p.Ints, &at.Ints, func(v *uint64) { Enum(c, v, arg+1, arg*3, arg&1 == 1) })
		case 3:
			step(c, &p.Octets, &at.Octets, func(v *[]byte) { Octets(c, v) })
		case 4:
			step(c, &p.Strings, &at.Strings, func(v *string) { String(c, v, 1, arg+1) })
		case 5:
			step(c, &p.Bits, &at.Bits, func(v *BitString) { LongBits(c, v, 1, 20<<(arg%14), arg&1 == 1) })
		case 6:
			step(c, &p.Lists, &at.Lists, func(v *[]uint32) {
				List(c, c, v, 0, 1<<arg, func(c *Coder, v *uint32) { Int(c, v, 0, 1<<20) })
			})
		case 7:
			step(c, &p.Ints, &at.Ints, func(v *uint64) { Bits(c, v, arg+1) })
		}
	}
}

// step codes one value: the next of those there are, or a new one.
func step[T any](c *Coder, all, at *[]T, f func(*T)) {
	i := len(*at)
	if i == len(*all) {
		*all = append(*all, *new(T))
	}
	*at = append(*at, *new(T))
	f(&(*all)[i])
}

// Whatever is decoded encodes again and is then decoded as the same.
func FuzzProgram(f *testing.F) {
	for i := range byte(8) {
		f.Add([]byte{i, i + 8, i + 16, i + 80}, unhex("03 010203 80 01 02 40 00 00 00 00"))
	}
	f.Fuzz(func(t *testing.T, ops, b []byte) {
		if len(ops) > 16 {
			return
		}
		var p, q program
		d := Decoder(b)
		if p.run(&d, ops); d.Err() != nil {
			return
		}
		e := Encoder(nil)
		if p.run(&e, ops); e.Err() != nil {
			t.Fatalf("%x of %x will not encode: %v", ops, b, e.Err())
		}
		d = Decoder(e.Bytes())
		if q.run(&d, ops); d.Err() != nil || !reflect.DeepEqual(p, q) {
			t.Fatalf("%x of %x: %+v became %+v, %v", ops, b, p, q, d.Err())
		}
	})
}
