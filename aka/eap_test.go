package aka

import (
	"bytes"
	"encoding/hex"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// RFC 5448 appendix C and RFC 9048 appendix A, cases 1 to 4, for the identity 0555444333222111.
// The material is K_encr, K_aut, K_re, MSK and EMSK in this order.
var eapSets = []struct{ network, autn, ck, ik, prime, material string }{
	{"WLAN", "bb52e91c747ac3ab2a5c23d15ee351d5", "5349fbe098649f948f5d2e973a81c00f", "9744871ad32bf9bbd1dd5ce54e3e2e5a",
		"0093962d0dd84aa5684b045c9edffa04ccfc230ca74fcc96c0a5d61164f5a76c",
		"766fa0a6c317174b812d52fbcd11a179" +
			"0842ea722ff6835bfa2032499fc3ec23c2f0e388b4f07543ffc677f1696d71ea" +
			"cf83aa8bc7e0aced892acc98e76a9b2095b558c7795c7094715cb3393aa7d17a" +
			"67c42d9aa56c1b79e295e3459fc3d187d42be0bf818d3070e362c5e967a4d544e8ecfe19358ab3039aff03b7c930588c055babee58a02650b067ec4e9347c75a" +
			"f861703cd775590e16c7679ea3874ada866311de290764d760cf76df647ea01c313f69924bdd7650ca9bac141ea075c4ef9e8029c0e290cdbad5638b63bc23fb"},
	{"HRPD", "bb52e91c747ac3ab2a5c23d15ee351d5", "5349fbe098649f948f5d2e973a81c00f", "9744871ad32bf9bbd1dd5ce54e3e2e5a",
		"3820f0277fa5f77732b1fb1d90c1a0dadb94a0ab557ef6c9ab48619ca05b9a9f",
		"05ad73ac915fce89ac77e1520d82187b5b4acaef62c6ebb8882b2f3d534c4b35277337a00184f20ff25d224c04be2afd3f90bf5c6e5ef325ff04eb5ef6539fa8" +
			"cca8398194fbd00be425b3f40dba10ac87b321570117cd6c95ab6c436fb5073ff15cf85505d2bc5bb7355fc21ea8a75757e8f86a2b138002e05752913bb43b82" +
			"f868a96117e91a2d95f526677d572900c891d5f20f148a1007553e2dea555c9cb672e9675f4a66b4bafa027379f93aee539a5979d0a0042b9d2ae28bed3b17a31dc8ab75072b80bd0c1da612466e402c"},
	{"WLAN", "a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0", "c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0", "b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0",
		"cd4c8e5c68f57dd1d7d7dfd0c538e5773ece6b705dbbf7dfc459a11280c65524",
		"897d302fa2847416488c28e20dcb7be4c40700e7722483ae3dc7139eb0b88bb558cb3081eccd057f9207d1286ee7dd530a591a22dd8b5b1cf29e3d508c91dbbd" +
			"b4aee23051892c42b6a2de66ea5044739f7dca9e37bb22029ed986e7cd09d4a70d1ac76d95535c5cac40a7504699bb8961a29ef6f3e90f183de5861ad1bedc81" +
			"ce9916391b401aa006c98785a5756df7724de00bdb9e568187be3fe746114557d5018779537ee37f4d3c6c738cb97b9dc651bc19bfadc344ffe2b52ca78bd8316b51dacc5f2b1440cb9515521cc7ba23"},
	{"HRPD", "a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0", "c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0", "b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0",
		"8310a71ce6f754889613da8f64d5fb465adf14360ae838192db23f6fcb7f8c76",
		"745e7439ba238f50fcac4d15d47cd1d93e1d2aa4e677025cfd862a4be18361a13a645765571463df833a9759e809987999da835e2ae82462576fe6516fad1f80" +
			"2f0fa1191655dd0a273da96d04e0fcd3c6d3a6e0ceea951eb20d74f32c3061d0680a04b0b086ee8700ace3e0b95fa02683c287beee44432294ff98af26d2cc78" +
			"3bace75c4b0af7fdfeb5511ba8e4cbd07fb56813838adafa99d140c2f198f6dacebfb6afee444961105402b508c7f363352cb2919644b50463e6a69354150147ae09cbc54b8a651d8787a6893ed8536d"},
}

func TestEAPKeys(t *testing.T) {
	for _, v := range eapSets {
		ckp, ikp := CKIKPrime([16]byte(unhex(t, v.ck)), [16]byte(unhex(t, v.ik)), v.network, [6]byte(unhex(t, v.autn)))
		same(t, "CK' | IK'", slices.Concat(ckp[:], ikp[:]), v.prime)
		k := newEAPKeys(ckp, ikp, []byte("0555444333222111"))
		same(t, v.network, slices.Concat(k.encr[:], k.aut[:], k.re[:], k.msk[:], k.emsk[:]), v.material)
	}
}

func ptr[T any](v T) *T { return &v }

var eapGolden = []struct {
	name, hex string
	p         EAP
}{
	{"success", "03070004", EAP{Code: EAPSuccess, ID: 7}},
	{"failure", "04080004", EAP{Code: EAPFailure, ID: 8}},
	{"challenge", "01010058 32010000" +
		"01050000 000102030405060708090a0b0c0d0e0f" +
		"02050000 101112131415161718191a1b1c1d1e1f" +
		"17040009 35473a616263646566000000" +
		"18010001" +
		"0b050000 202122232425262728292a2b2c2d2e2f",
		EAP{Code: EAPRequest, ID: 1, Subtype: AKAChallenge,
			RAND:     &[16]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
			AUTN:     &[16]byte{16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31},
			KDFInput: ptr("5G:abcdef"), KDF: []uint16{1},
			MAC: &[16]byte{32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47}}},
	{"response", "02010028 32010000 03030040 a54211d5e3ba50bf 0b050000 202122232425262728292a2b2c2d2e2f",
		EAP{Code: EAPResponse, ID: 1, Subtype: AKAChallenge, RES: &RES{B: [16]byte{0xa5, 0x42, 0x11, 0xd5, 0xe3, 0xba, 0x50, 0xbf}, Len: 8},
			MAC: &[16]byte{32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47}}},
	{"synchronisation failure", "0201001c 32040000 0404 000102030405060708090a0b0c0d 18010001",
		EAP{Code: EAPResponse, ID: 1, Subtype: AKASynchFail, AUTS: &[14]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}, KDF: []uint16{1}}},
	{"authentication reject", "02010008 32020000", EAP{Code: EAPResponse, ID: 1, Subtype: AKAReject}},
	{"client error", "0201000c 320e0000 16010000", EAP{Code: EAPResponse, ID: 1, Subtype: AKAClientError, ClientError: ptr(uint16(0))}},
	{"notification", "0101000c 320c0000 0c014000", EAP{Code: EAPRequest, ID: 1, Subtype: AKANotify, Notification: ptr(uint16(0x4000))}},
}

// content is a packet without where its MAC stood, which depends on what was skipped.
func content(p EAP) EAP {
	p.macAt = 0
	return p
}

func TestEAPGolden(t *testing.T) {
	for _, v := range eapGolden {
		want := unhex(t, v.hex)
		if got, err := v.p.AppendBinary(nil); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: encode: %x, %v; want %x", v.name, got, err, want)
		}
		if got, err := ParseEAP(want); err != nil || !reflect.DeepEqual(content(got), v.p) {
			t.Errorf("%s: decode: %+v, %v", v.name, got, err)
		}
		for n := range want {
			if p, err := ParseEAP(want[:n]); err == nil || !reflect.DeepEqual(p, EAP{}) {
				t.Errorf("%s: accepted its first %d octets", v.name, n)
			}
		}
	}
}

func TestEAPRefused(t *testing.T) {
	for _, v := range []struct {
		name, hex string
		want      error
	}{
		{"trailing octets", "0307000400", ErrEAPLength},
		{"success with content", "0307000832010000", ErrEAPLength},
		{"length beyond the packet", "02010009 32020000", ErrEAPLength},
		{"code 0", "00010004", ErrEAPCode},
		{"code 5", "05010008 32020000", ErrEAPCode},
		{"no type", "02010004", ErrEAPType},
		{"identity", "02010009 01616263 64", ErrEAPType},
		{"legacy Nak", "02010006 0315", ErrEAPType},
		{"EAP-AKA without the prime", "02010008 17020000", ErrEAPType},
		{"no subtype", "02010005 32", ErrEAPLength},
		{"attribute of length zero", "0201000c 32010000 18000001", ErrEAPLength},
		{"attribute beyond the packet", "0201000c 32010000 18020001", ErrEAPLength},
		{"half an attribute", "0201000a 32010000 1801", ErrEAPLength},
		{"unknown, not to be skipped", "0201000c 32010000 7f010000", ErrEAPAttribute},
		{"RES of 24 bits", "02010010 32010000 03020018 01020300", ErrEAPAttribute},
		{"RES of 136 bits", "02010020 32010000 03060088 0102030405060708090a0b0c0d0e0f1011000000", ErrEAPAttribute},
		{"RES of no whole octets", "02010010 32010000 03020021 01020300", ErrEAPAttribute},
		{"RES longer than its attribute", "02010010 32010000 03020040 01020300", ErrEAPAttribute},
		{"RES shorter than its attribute", "02010014 32010000 03030020 0102030400000000", ErrEAPAttribute},
		{"two RES", "02010018 32010000 03020020 01020304 03020020 01020304", ErrEAPAttribute},
		{"AUTS of the wrong size", "02010014 32040000 0403 00010203040506070809", ErrEAPAttribute},
		{"RAND of the wrong size", "02010018 32010000 01040000 000102030405060708090a0b", ErrEAPAttribute},
		{"network name empty", "0201000c 32010000 17010000", ErrEAPAttribute},
		{"network name too long", "0201000c 32010000 17010001", ErrEAPAttribute},
		{"network name with a word of padding", "02010014 32010000 17030004 6162636400000000", ErrEAPAttribute},
		{"nine functions", "0201002c 32010000" + strings.Repeat("18010001", 9), ErrEAPAttribute},
	} {
		p, err := ParseEAP(unhex(t, v.hex))
		if !errors.Is(err, v.want) || !reflect.DeepEqual(p, EAP{}) {
			t.Errorf("%s: %+v, %v; want %v", v.name, p, err, v.want)
		}
	}
	if _, err := ParseEAP(make([]byte, MaxEAP+1)); !errors.Is(err, ErrEAPLength) {
		t.Errorf("overlong: %v", err)
	}
	long := EAP{Code: EAPRequest, KDFInput: ptr(strings.Repeat("x", 1000)), KDF: make([]uint16, 200)}
	if b, err := long.AppendBinary(nil); err == nil {
		t.Errorf("encoded %d octets", len(b))
	}
}

// Attributes that may be skipped are, wherever they stand.
func TestEAPSkips(t *testing.T) {
	p, err := ParseEAP(unhex(t, "02010018 32010000 87010000 03020020 01020304 86010000"))
	if err != nil || p.RES == nil || !bytes.Equal(p.RES.Bytes(), []byte{1, 2, 3, 4}) {
		t.Errorf("%+v, %v", p, err)
	}
}

// What is accepted re-encodes and parses back equal; what is refused leaves nothing.
func FuzzEAP(f *testing.F) {
	for _, v := range eapGolden {
		b, err := hex.DecodeString(strings.ReplaceAll(v.hex, " ", ""))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ParseEAP(b)
		if err != nil {
			if !reflect.DeepEqual(p, EAP{}) {
				t.Fatalf("refused with %+v", p)
			}
			return
		}
		again, err := p.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		q, err := ParseEAP(again)
		if err != nil || !reflect.DeepEqual(content(p), content(q)) {
			t.Fatalf("%x\n%x: %v\n%+v\n%+v", b, again, err, p, q)
		}
		p.verify(b, [32]byte{})
	})
}
