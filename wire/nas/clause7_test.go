package nas

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"testing"
)

// A message with everything in it encodes as it came, in the order of the clause.
func TestFullMessage(t *testing.T) {
	eachMessage(t, func(t *testing.T, s *suite, full []byte, m any) {
		if b, err := s.encode(m); err != nil || !bytes.Equal(b, full) {
			t.Errorf("%x, %v\nwant %x", b, err, full)
		}
		v := reflect.ValueOf(m).Elem()
		for i := range v.NumField() {
			if v.Field(i).IsZero() {
				t.Errorf("%s was lost", v.Type().Field(i).Name)
			}
		}
	})
}

// A prefix is refused, or it ends where an optional element ends and is a message itself.
func TestPrefixes(t *testing.T) {
	eachMessage(t, func(t *testing.T, s *suite, full []byte, _ any) {
		mandatory, optional := s.split()
		n := len(s.join(mandatory...))
		ends := map[int]bool{n: true}
		for _, b := range optional {
			n += len(b)
			ends[n] = true
		}
		for n := range full {
			m, _, err := s.parse(full[:n])
			if ends[n] {
				if b, err := s.encode(s.must(t, full[:n], 0)); err != nil || !bytes.Equal(b, full[:n]) {
					t.Fatalf("first %d octets became %x, %v", n, b, err)
				}
				continue
			}
			want := CauseInvalidMandatory
			if n < len(s.header) {
				want = 0
			}
			if de, ok := errors.AsType[*DecodeError](err); m != nil || !ok || de.Cause != want {
				t.Fatalf("first %d octets of %d: %v, %v", n, len(full), m, err)
			}
		}
	})
}

// An optional element that is dropped, cut short or too long is absent, and nothing else
// changes; one that comes again changes nothing.
func TestOptional(t *testing.T) {
	eachMessage(t, func(t *testing.T, s *suite, full []byte, m any) {
		mandatory, optional := s.split()
		for i := range optional {
			e := &s.ies[len(mandatory)+i]
			around := func(b []byte) []byte {
				return s.join(slices.Concat(mandatory, optional[:i], [][]byte{b}, optional[i+1:])...)
			}
			without := s.must(t, around(nil), 0)
			if reflect.DeepEqual(without, m) {
				t.Errorf("%s: its absence goes unnoticed", e.name)
			}
			if !reflect.DeepEqual(s.must(t, append(slices.Clone(full), e.b...), 1), m) {
				t.Errorf("%s: coming again, it counts", e.name)
			}
			for _, n := range badLengths(e) {
				got, ignored, err := s.parse(around(e.resized(n)))
				if err != nil || len(ignored) != 1 || !errors.Is(ignored[0], ErrLength) || !reflect.DeepEqual(got, without) {
					t.Errorf("%s of %d octets: ignored %v, %v", e.name, n, ignored, err)
				}
			}
		}
	})
}

// badLengths are lengths just outside the element's bounds that can be said.
func badLengths(e *element) []int {
	most, has := map[format]int{formatLV: 255, formatTLV: 255, formatLVE: unbounded, formatTLVE: unbounded}[e.format]
	if !has {
		return nil
	}
	var out []int
	for _, n := range []int{e.min - 1, e.max + 1} {
		if n >= 0 && n <= most {
			out = append(out, n)
		}
	}
	return out
}

// A mandatory element of a bad length is fatal to the message.
func TestMandatory(t *testing.T) {
	eachMessage(t, func(t *testing.T, s *suite, full []byte, m any) {
		mandatory, optional := s.split()
		for i := range mandatory {
			e := &s.ies[i]
			for _, n := range badLengths(e) {
				b := s.join(slices.Concat(mandatory[:i], [][]byte{e.resized(n)}, mandatory[i+1:], optional)...)
				got, _, err := s.parse(b)
				de, ok := errors.AsType[*DecodeError](err)
				if got != nil || !ok || de.Cause != CauseInvalidMandatory || de.IE != e.name {
					t.Errorf("%s of %d octets: %v, %v", e.name, n, got, err)
				}
			}
		}
	})
}

// Optional elements count in any order.
func TestOutOfSequence(t *testing.T) {
	eachMessage(t, func(t *testing.T, s *suite, full []byte, m any) {
		mandatory, optional := s.split()
		slices.Reverse(optional)
		if !reflect.DeepEqual(s.must(t, s.join(append(mandatory, optional...)...), 0), m) {
			t.Error("the order changed the message")
		}
	})
}

// unknownElement is an element of the shape that its identifier declares.
func unknownElement(iei byte) []byte {
	switch {
	case iei >= 0x80:
		return []byte{iei}
	case iei >= 0x70:
		return []byte{iei, 0, 2, 1, 2}
	}
	return []byte{iei, 2, 1, 2}
}

// Elements that the message does not have are stepped over by their shape, unless they
// must be comprehended.
func TestUnknownElements(t *testing.T) {
	eachMessage(t, func(t *testing.T, s *suite, full []byte, m any) {
		mandatory, optional := s.split()
		known := func(iei byte) bool {
			return slices.ContainsFunc(optional, func(b []byte) bool {
				return b[0] == iei || iei >= 0x80 && b[0]&0xf0 == iei&0xf0
			})
		}
		for i := range 256 {
			iei := byte(i)
			if known(iei) {
				continue
			}
			msg := s.join(slices.Concat(mandatory, [][]byte{unknownElement(iei)}, optional)...)
			got, ignored, err := s.parse(msg)
			if iei < 0x10 {
				if de, ok := errors.AsType[*DecodeError](err); got != nil || !ok || de.Cause != CauseInvalidMandatory {
					t.Errorf("element %#02x: %v, %v", iei, got, err)
				}
				continue
			}
			if err != nil || len(ignored) != 1 || ignored[0].Cause != CauseUnknownIE || !reflect.DeepEqual(got, m) {
				t.Errorf("element %#02x: ignored %v, %v", iei, ignored, err)
			}
		}
	})
}

// What is decoded does not change with the buffer it came in.
func TestOwnMemory(t *testing.T) {
	eachMessage(t, func(t *testing.T, s *suite, full []byte, m any) {
		b := slices.Clone(full)
		got := s.must(t, b, 0)
		for i := range b {
			b[i] = 0xff
		}
		if !reflect.DeepEqual(got, m) {
			t.Error("the message shares the memory of its octets")
		}
	})
}

// A message of nothing but elements to ignore costs no more than a few notes.
func TestIgnoredIsBounded(t *testing.T) {
	b := append(unhex("7e0043"), bytes.Repeat([]byte{0x90}, 1<<16)...)
	m, ignored, err := Parse(b)
	if m == nil || err != nil || len(ignored) != maxIgnored {
		t.Errorf("%v, %d ignored, %v", m, len(ignored), err)
	}
}
