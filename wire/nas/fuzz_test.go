package nas

import (
	"bytes"
	"errors"
	"reflect"
	"testing"
)

// FuzzParse: an accepted message encodes, and what that gives parses to an equal message
// with nothing ignored, and encodes to the same octets; a refused one is nil with a
// DecodeError.
func FuzzParse(f *testing.F) {
	for _, tt := range goldens {
		f.Add(unhex(tt.hex))
	}
	for _, s := range suites() {
		mandatory, optional := s.split()
		f.Add(s.join(append(mandatory, optional...)...))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		in := bytes.Clone(b)
		m, ignored, err := Parse(b)
		if !bytes.Equal(in, b) {
			t.Fatal("parsing changed its input")
		}
		if err != nil {
			if _, ok := errors.AsType[*DecodeError](err); !ok || m != nil || ignored != nil {
				t.Fatalf("%v, %v, %v", m, ignored, err)
			}
			return
		}
		b1, err := Append(nil, m)
		if err != nil {
			t.Fatalf("decoded but will not encode: %+v: %v", m, err)
		}
		m2, ignored, err := Parse(b1)
		if err != nil || len(ignored) > 0 || !reflect.DeepEqual(m, m2) {
			t.Fatalf("%+v became %+v, %v, %v", m, m2, ignored, err)
		}
		if b2, err := Append(nil, m2); err != nil || !bytes.Equal(b1, b2) {
			t.Fatalf("%x became %x, %v", b1, b2, err)
		}
	})
}

// FuzzParseSM is the same law for 5GSM; the header stands whatever the rest is.
func FuzzParseSM(f *testing.F) {
	for _, tt := range smGoldens {
		f.Add(unhex(tt.hex))
	}
	for _, s := range suites() {
		mandatory, optional := s.split()
		f.Add(s.join(append(mandatory, optional...)...))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		h, m, ignored, err := ParseSM(b)
		if len(b) >= 4 && b[0] == byte(ProtocolSM) && (byte(h.Session) != b[1] || byte(h.PTI) != b[2]) {
			t.Fatalf("header %+v", h)
		}
		if err != nil {
			if _, ok := errors.AsType[*DecodeError](err); !ok || m != nil || ignored != nil {
				t.Fatalf("%v, %v, %v", m, ignored, err)
			}
			return
		}
		b1, err := AppendSM(nil, h, m)
		if err != nil {
			t.Fatalf("decoded but will not encode: %+v: %v", m, err)
		}
		h2, m2, ignored, err := ParseSM(b1)
		if err != nil || len(ignored) > 0 || h2 != h || !reflect.DeepEqual(m, m2) {
			t.Fatalf("%+v became %+v, %v, %v", m, m2, ignored, err)
		}
		if b2, err := AppendSM(nil, h2, m2); err != nil || !bytes.Equal(b1, b2) {
			t.Fatalf("%x became %x, %v", b1, b2, err)
		}
	})
}

// FuzzUnprotect: whatever arrives, a genuine message before it is accepted once and the
// genuine one after it is still accepted; what is not genuine changes nothing.
func FuzzUnprotect(f *testing.F) {
	f.Add([]byte{}, uint32(0), uint8(2), uint8(2))
	f.Add(unhex("7e025f74"), uint32(255), uint8(1), uint8(3))
	f.Add(unhex("7e0252565a75017e0043"), uint32(1<<24-3), uint8(3), uint8(0))
	f.Add(plainComplete, uint32(256), uint8(2), uint8(1))
	f.Fuzz(func(t *testing.T, b []byte, count uint32, integrity, ciphering uint8) {
		network, device := pair(integrity%3+1, ciphering%4)
		network.Uplink = count % (maxCount - 1<<10)
		device.Uplink = network.Uplink
		open := func(b []byte, want error) {
			t.Helper()
			in, before := bytes.Clone(b), network
			plain, err := network.Unprotect(b)
			if !bytes.Equal(in, b) {
				t.Fatal("opening changed the message")
			}
			if !errors.Is(err, want) || (err != nil) != (plain == nil) {
				t.Fatalf("%x: %x, %v; want %v", b, plain, err, want)
			}
			if err != nil && network != before {
				t.Fatalf("%x: the context changed", b)
			}
		}
		first, err := device.Protect(nil, plainComplete, HeaderCiphered)
		if err != nil {
			t.Fatal(err)
		}
		second, err := device.Protect(nil, plainComplete, HeaderIntegrity)
		if err != nil {
			t.Fatal(err)
		}
		open(first, nil)
		open(first, ErrMAC)
		if bytes.Equal(b, second) {
			return
		}
		before := network
		if plain, err := network.Unprotect(b); err == nil {
			t.Fatalf("%x opened as %x", b, plain)
		}
		if network != before {
			t.Fatalf("%x: the context changed", b)
		}
		for i := range min(len(b), len(second)) { // a genuine message with an octet changed
			if b[i] == 0 || i == 1 { // the header type is not under the MAC
				continue
			}
			forged := bytes.Clone(second)
			forged[i] ^= b[i]
			if plain, err := network.Unprotect(forged); err == nil {
				t.Fatalf("forged at octet %d: opened as %x", i, plain)
			}
		}
		open(second, nil)
	})
}

// FuzzPayloads: accepted means that it encodes to the same octets.
func FuzzPayloads(f *testing.F) {
	f.Add([]byte{0})
	f.Add(unhex("02 0009 11 120105 2e0501d636 0004 02 010203"))
	f.Fuzz(func(t *testing.T, b []byte) {
		ps, err := ParsePayloads(b)
		if err != nil {
			if ps != nil {
				t.Fatalf("%+v, %v", ps, err)
			}
			return
		}
		if got, err := AppendPayloads(nil, ps); err != nil || !bytes.Equal(got, b) {
			t.Fatalf("%x became %x, %v", b, got, err)
		}
	})
}
