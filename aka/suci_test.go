package aka

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"testing"

	"cordon/ident"
)

// The IMSI test data of TS 33.501 annex C.4.
var suciSets = []struct {
	scheme                        ident.SchemeID
	private, public, ephemeral, z string
	enc, icb, mac, output         string
}{
	{ident.SchemeProfileA,
		"c53c22208b61860b06c62e5406a7b330c2b577aa5558981510d128247d38bd1d",
		"5a8d38864820197c3394b92613b20b91633cbd897119273bf8e4a6f4eec0a650",
		"c80949f13ebe61af4ebdbd293ea4f942696b9e815d7e8f0096bbf6ed7de62256",
		"028ddf890ec83cdf163947ce45f6ec1a0e3070ea5fe57e2b1f05139f3e82422a",
		"2ba342cabd2b3b1e5e4e890da11b65f6", "e2622cb0cdd08204e721c8ea9b95a7c6",
		"d9846966fb7cf5fcf11266c5957dea60b83fff2b7c940690a4bfe57b1eb52bd2",
		"b2e92f836055a255837debf850b528997ce0201cb82adfe4be1f587d07d8457dcb02352410cddd9e730ef3fa87"},
	{ident.SchemeProfileB,
		"f1ab1074477ebcc7f554ea1c5fc368b1616730155e0041ac447d6301975fecda",
		"0272da71976234ce833a6907425867b82e074d44ef907dfb4b3e21c1c2256ebcd1",
		"99798858a1dc6a2c68637149a4b1dbfd1fdff5addd62a2142f06699ed7602529",
		"6c7e6518980025b982fbb2ff746e3c2e85a196d252099a7ad23ea7b4c0959cae",
		"8a65c3aed80295c12bd55087e965702a", "ef285b4061c3baee858ab6ec68487dae",
		"a5ebac0bc48d9cf7ae5ce39cd840ac6c761aec04078fab954d634f923e901c64",
		"039aab8376597021e855679a9778ea0b67396e68c66df32c0f41e9acca2da9b9d146a33fc2716ac7dae96aa30a4d"},
}

func testPLMN(t testing.TB) ident.PLMN {
	t.Helper()
	p, err := ident.ParsePLMN("274012")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Both ways, with the keys in between, and through the network's key set.
func TestSUCI(t *testing.T) {
	supi, plmn := mustSUPI(t, "274012001002086"), testPLMN(t)
	keys := HomeKeys{Keys: map[uint8]HomeKey{}}
	for _, v := range suciSets {
		k, err := NewHomeKey(v.scheme, unhex(t, v.private))
		if err != nil {
			t.Fatal(err)
		}
		same(t, "public key", k.Public(), v.public)
		keys.Keys[uint8(v.scheme)] = k
		point := unhex(t, v.output)[:len(v.public)/2]
		e := eciesKeys(unhex(t, v.z), point)
		same(t, "encryption key", e.enc[:], v.enc)
		same(t, "counter block", e.icb[:], v.icb)
		same(t, "MAC key", e.mac[:], v.mac)

		s, err := Conceal(bytes.NewReader(unhex(t, v.ephemeral)), supi, plmn, ident.RoutingIndicator{0xf0, 0xff}, v.scheme, uint8(v.scheme), unhex(t, v.public))
		if err != nil {
			t.Fatal(err)
		}
		same(t, "scheme output", s.Output, v.output)
		if got, err := keys.Deconceal(s); err != nil || got != supi {
			t.Errorf("scheme %d: %v, %v", v.scheme, got.IMSI(), err)
		}
	}
	s, err := Conceal(nil, supi, plmn, ident.RoutingIndicator{0xf0, 0xff}, ident.SchemeNull, 7, nil)
	if err != nil || s.KeyID != 0 {
		t.Fatalf("%+v, %v", s, err)
	}
	same(t, "null scheme output", s.Output, "00012080f6")
	keys.AllowNull = true
	if got, err := keys.Deconceal(s); err != nil || got != supi {
		t.Errorf("null scheme: %v, %v", got.IMSI(), err)
	}
}

// Every length of MSIN and both of network code.
func TestSUCILengths(t *testing.T) {
	k, err := NewHomeKey(ident.SchemeProfileA, unhex(t, suciSets[0].private))
	if err != nil {
		t.Fatal(err)
	}
	for _, plmn := range []string{"00101", "001001"} {
		p, err := ident.ParsePLMN(plmn)
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; n <= 15-len(plmn); n++ {
			supi := mustSUPI(t, plmn+"9876543210"[:n])
			s, err := Conceal(bytes.NewReader(bytes.Repeat([]byte{byte(n)}, 32)), supi, p, ident.RoutingIndicator{}, ident.SchemeProfileA, 0, k.Public())
			if err != nil {
				t.Fatal(err)
			}
			if got, err := Deconceal(k, s); err != nil || got != supi {
				t.Errorf("%s: %s, %v", supi.IMSI(), got.IMSI(), err)
			}
		}
	}
}

// Hostile cases N1-21, N1-22 and N1-23: each refused for its own reason.
func TestSUCIRefused(t *testing.T) {
	plmn := testPLMN(t)
	keys := HomeKeys{Keys: map[uint8]HomeKey{}}
	for _, v := range suciSets {
		k, err := NewHomeKey(v.scheme, unhex(t, v.private))
		if err != nil {
			t.Fatal(err)
		}
		keys.Keys[uint8(v.scheme)] = k
	}
	a, b := unhex(t, suciSets[0].output), unhex(t, suciSets[1].output)
	edit := func(b []byte, f func([]byte)) []byte {
		b = slices.Clone(b)
		f(b)
		return b
	}
	small := unhex(t, "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800") // of order 8
	for _, v := range []struct {
		name   string
		scheme ident.SchemeID
		keyID  uint8
		plmn   ident.PLMN
		output []byte
		want   error
	}{
		{"null not allowed", ident.SchemeNull, 0, plmn, []byte{0, 1}, ErrNullScheme},
		{"reserved scheme", 3, 1, plmn, a, ErrScheme},
		{"proprietary scheme", 12, 1, plmn, a, ErrScheme},
		{"scheme beyond its four bits", 255, 1, plmn, a, ErrScheme},
		{"unknown key", ident.SchemeProfileA, 9, plmn, a, ErrUnknownKey},
		{"key of the other profile", ident.SchemeProfileA, 2, plmn, a, ErrScheme},
		{"network with a nibble of hex", ident.SchemeProfileA, 1, ident.PLMN{0x1a, 0xf1, 0x10}, a, ErrPLMN},
		{"empty", ident.SchemeProfileA, 1, plmn, nil, ErrLength},
		{"no ciphertext", ident.SchemeProfileA, 1, plmn, a[:40], ErrLength},
		{"one octet too many", ident.SchemeProfileA, 1, plmn, append(slices.Clone(a), 0), ErrLength},
		{"3000 octets", ident.SchemeProfileB, 2, plmn, make([]byte, 3000), ErrLength},
		{"all-zero X25519", ident.SchemeProfileA, 1, plmn, edit(a, func(b []byte) { clear(b[:32]) }), ErrPoint},
		{"X25519 point of small order", ident.SchemeProfileA, 1, plmn, edit(a, func(b []byte) { copy(b, small) }), ErrPoint},
		{"not on P-256", ident.SchemeProfileB, 2, plmn, edit(b, func(b []byte) { clear(b[1:33]); b[32] = 1 }), ErrPoint},
		{"x beyond the field", ident.SchemeProfileB, 2, plmn, edit(b, func(b []byte) { copy(b[1:33], bytes.Repeat([]byte{255}, 32)) }), ErrPoint},
		{"uncompressed point", ident.SchemeProfileB, 2, plmn, edit(b, func(b []byte) { b[0] = 4 }), ErrPoint},
		{"point at infinity", ident.SchemeProfileB, 2, plmn, edit(b, func(b []byte) { clear(b[:33]) }), ErrPoint},
		{"bad MAC A", ident.SchemeProfileA, 1, plmn, edit(a, func(b []byte) { b[len(b)-1] ^= 1 }), ErrMAC},
		{"bad MAC B", ident.SchemeProfileB, 2, plmn, edit(b, func(b []byte) { b[len(b)-1] ^= 1 }), ErrMAC},
		{"changed ciphertext", ident.SchemeProfileA, 1, plmn, edit(a, func(b []byte) { b[33] ^= 1 }), ErrMAC},
	} {
		got, err := keys.Deconceal(ident.SUCI{PLMN: v.plmn, Scheme: v.scheme, KeyID: v.keyID, Output: v.output})
		if got != 0 || !errors.Is(err, v.want) {
			t.Errorf("%s: %v, %v; want %v", v.name, got, err, v.want)
		}
	}
	for i, set := range [][]byte{a, b} {
		for n := range set {
			if _, err := keys.Deconceal(ident.SUCI{PLMN: plmn, Scheme: ident.SchemeID(i + 1), KeyID: uint8(i + 1), Output: set[:n]}); err == nil {
				t.Errorf("scheme %d: accepted the first %d octets", i+1, n)
			}
		}
	}
}

func TestMSINRefused(t *testing.T) {
	for _, v := range []string{"", "0a", "a0", "f000", "00f0f0", "ff", "0f", "000000000000", "2143658709"} {
		msin, err := hex.DecodeString(v)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Deconceal(HomeKey{}, ident.SUCI{PLMN: testPLMN(t), Output: msin})
		if err == nil {
			t.Errorf("accepted MSIN %s", v)
		}
	}
}

func TestHomeKeyRefused(t *testing.T) {
	for _, v := range []struct {
		scheme ident.SchemeID
		key    []byte
	}{
		{ident.SchemeNull, make([]byte, 32)}, {3, make([]byte, 32)}, {ident.SchemeProfileA, make([]byte, 31)},
		{ident.SchemeProfileB, make([]byte, 32)}, {ident.SchemeProfileB, bytes.Repeat([]byte{255}, 32)},
	} {
		if _, err := NewHomeKey(v.scheme, v.key); err == nil {
			t.Errorf("accepted a key of %d octets for scheme %d", len(v.key), v.scheme)
		}
	}
	if _, err := Deconceal(HomeKey{}, ident.SUCI{PLMN: testPLMN(t), Scheme: 1, Output: make([]byte, 45)}); !errors.Is(err, ErrScheme) {
		t.Errorf("opened a SUCI without a key: %v", err)
	}
}

func TestConcealRefused(t *testing.T) {
	supi, plmn := mustSUPI(t, "274012001002086"), testPLMN(t)
	public := unhex(t, suciSets[0].public)
	for _, v := range []struct {
		name   string
		random io.Reader
		supi   ident.SUPI
		scheme ident.SchemeID
		public []byte
	}{
		{"another network's", bytes.NewReader(make([]byte, 32)), mustSUPI(t, "001010000000001"), 1, public},
		{"short public key", bytes.NewReader(make([]byte, 32)), supi, 1, public[:31]},
		{"zero public key", bytes.NewReader(make([]byte, 32)), supi, 1, make([]byte, 32)},
		{"reserved scheme", bytes.NewReader(make([]byte, 32)), supi, 5, public},
		{"no randomness", bytes.NewReader(nil), supi, 1, public},
		{"stuck randomness", bytes.NewReader(make([]byte, 128)), supi, 2, unhex(t, suciSets[1].public)},
	} {
		if s, err := Conceal(v.random, v.supi, plmn, ident.RoutingIndicator{}, v.scheme, 1, v.public); err == nil {
			t.Errorf("%s: %+v", v.name, s)
		}
	}
}

// Whatever a device sends is refused or names a subscriber of the network it named.
func FuzzDeconceal(f *testing.F) {
	keys := HomeKeys{Keys: map[uint8]HomeKey{}, AllowNull: true}
	for _, v := range suciSets {
		k, err := NewHomeKey(v.scheme, unhex(f, v.private))
		if err != nil {
			f.Fatal(err)
		}
		keys.Keys[uint8(v.scheme)] = k
		f.Add(uint8(v.scheme), uint8(v.scheme), []byte{0x72, 0x24, 0x10}, unhex(f, v.output))
	}
	f.Add(uint8(0), uint8(0), []byte{0x72, 0x24, 0x10}, []byte{0, 1, 0x20, 0x80, 0xf6})
	f.Fuzz(func(t *testing.T, scheme, keyID uint8, plmn, output []byte) {
		if len(plmn) != 3 {
			return
		}
		s := ident.SUCI{PLMN: ident.PLMN(plmn), Scheme: ident.SchemeID(scheme), KeyID: keyID, Output: output}
		supi, err := keys.Deconceal(s)
		if (err == nil) != (supi != 0) {
			t.Fatalf("%v with %v", supi, err)
		}
		if err != nil {
			return
		}
		if !supi.InPLMN(s.PLMN) {
			t.Fatalf("%s is not in %v", supi.IMSI(), s.PLMN)
		}
		null, err := Conceal(nil, supi, s.PLMN, s.Routing, ident.SchemeNull, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := keys.Deconceal(null); err != nil || again != supi {
			t.Fatalf("%s packs to %x and back to %s, %v", supi.IMSI(), null.Output, again.IMSI(), err)
		}
	})
}

func BenchmarkDeconceal(b *testing.B) {
	for i, name := range []string{"A", "B"} {
		v := suciSets[i]
		k, err := NewHomeKey(v.scheme, unhex(b, v.private))
		if err != nil {
			b.Fatal(err)
		}
		s := ident.SUCI{PLMN: testPLMN(b), Scheme: v.scheme, Output: unhex(b, v.output)}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Deconceal(k, s); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
