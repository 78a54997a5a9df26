package aka

import (
	"errors"
	"testing"
)

// Set 19 of TS 35.208, which RFC 9048 appendix A builds on.
func set19(t testing.TB) *Milenage {
	return NewMilenage([16]byte(unhex(t, "5122250214c33e723a5dd523fc145fc0")), [16]byte(unhex(t, "981d464c7c52eb6e5036234984ad0bcf")))
}

func TestBuildAUTN(t *testing.T) {
	rand := [16]byte(unhex(t, "81e92b6c0ee0e12ebceba8d92a99dfa5"))
	q := BuildAUTN(set19(t), rand, 0x16f3b3f70fc2, [2]byte{0xc3, 0xab})
	same(t, "AUTN", q.AUTN[:], "bb52e91c747ac3ab2a5c23d15ee351d5")
	same(t, "XRES", q.XRES.Bytes(), "28d7b0f2a2ec3de5")
	same(t, "CK", q.CK[:], "5349fbe098649f948f5d2e973a81c00f")
	same(t, "IK", q.IK[:], "9744871ad32bf9bbd1dd5ce54e3e2e5a")
}

// A resynchronisation recorded between another phone and another core: their AUTS opens,
// and the challenge that followed carries a number after the one it holds.
func TestRecordedResynchronisation(t *testing.T) {
	f := NewMilenage([16]byte(unhex(t, "465b5ce8b199b49faa5f0a2ee238a6bc")), [16]byte(unhex(t, "e8ed289deba952e4283b54e88e6183ca")))
	sqnMS, err := OpenAUTS(f, [16]byte(unhex(t, "0bcdb290dddeb0efd47f4fcdd45647a5")), [14]byte(unhex(t, "dbf532a2bf2734120e98f5fc08f3")))
	if err != nil {
		t.Fatal(err)
	}
	var seen SEQArray
	rand, autn := [16]byte(unhex(t, "bcd7939c1f98feba068d068152f7a9dd")), [16]byte(unhex(t, "71a39347d5578000f2c7d85af7f1faf9"))
	a, _, err := CheckAUTN(f, rand, autn, &seen)
	if err != nil || a.SQN <= sqnMS {
		t.Fatalf("challenge after %x: SQN %x, %v", sqnMS, a.SQN, err)
	}
	resStar := RESStar(a.CK, a.IK, "5G:mnc070.mcc999.3gppnetwork.org", rand, a.RES)
	same(t, "RES*", resStar[:], "ba8b6a6dd6755ea8d49fb56f2c71bde7")
}

func TestCheckAUTN(t *testing.T) {
	f := set19(t)
	tuak, err := NewTUAK(make([]byte, 32), [32]byte{1}, TUAKSizes{RES: 16})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []Functions{f, tuak} {
		var seen SEQArray
		q := BuildAUTN(f, [16]byte{1}, MakeSQN(100, 3), [2]byte{0x80, 0})
		a, _, err := CheckAUTN(f, q.RAND, q.AUTN, &seen)
		if err != nil || a.SQN != MakeSQN(100, 3) || a.RES != q.XRES || a.CK != q.CK || a.IK != q.IK || a.AMF != [2]byte{0x80, 0} {
			t.Fatalf("%T: %+v, %v", f, a, err)
		}
		_, auts, err := CheckAUTN(f, q.RAND, q.AUTN, &seen)
		if !errors.Is(err, ErrNotFresh) {
			t.Fatalf("%T accepted a challenge twice: %v", f, err)
		}
		if sqn, err := OpenAUTS(f, q.RAND, auts); err != nil || sqn != MakeSQN(100, 3) {
			t.Fatalf("%T: AUTS holds %x, %v", f, sqn, err)
		}
		before := seen
		for i := range 16 * 8 {
			bad := q.AUTN
			bad[i/8] ^= 1 << (i % 8)
			want := ErrMAC
			if i == 6*8+7 {
				want = ErrNon5G
			}
			if _, _, err := CheckAUTN(f, q.RAND, bad, &seen); !errors.Is(err, want) {
				t.Fatalf("%T: AUTN with bit %d changed: %v", f, i, err)
			}
		}
		for i := range 14 * 8 {
			bad := auts
			bad[i/8] ^= 1 << (i % 8)
			if _, err := OpenAUTS(f, q.RAND, bad); !errors.Is(err, ErrMAC) {
				t.Fatalf("%T: AUTS with bit %d changed: %v", f, i, err)
			}
		}
		if _, err := OpenAUTS(f, [16]byte{2}, auts); !errors.Is(err, ErrMAC) {
			t.Fatalf("%T: AUTS for another challenge: %v", f, err)
		}
		if seen != before {
			t.Fatalf("%T: a refused challenge changed the SIM", f)
		}
	}
}

func TestSEQArray(t *testing.T) {
	var seen SEQArray
	for _, v := range []struct {
		seq  uint64
		ind  uint8
		want bool
	}{
		{0, 0, false},         // nothing is below the first
		{Delta + 1, 0, false}, // too far
		{Delta, 0, true},
		{Delta, 0, false}, // again
		{5, 1, true},      // another node's, older
		{5, 1, false},     //
		{4, 1, false},     //
		{6, 1, true},      //
		{2*Delta + 1, 1, false},
		{2 * Delta, 1, true},
		{MaxSEQ, 2, false},
	} {
		if got := seen.accept(MakeSQN(v.seq, v.ind)); got != v.want {
			t.Errorf("SEQ %d IND %d: accepted %v, want %v", v.seq, v.ind, got, v.want)
		}
	}
	if h := seen.Highest(); h != MakeSQN(2*Delta, 1) {
		t.Errorf("highest is %x", h)
	}
}

func TestSQN(t *testing.T) {
	for _, v := range []struct {
		seq uint64
		ind uint8
		b   [6]byte
	}{
		{0, 0, [6]byte{}},
		{1, 0, [6]byte{5: 32}},
		{MaxSEQ, 31, [6]byte{255, 255, 255, 255, 255, 255}},
		{0x123456789a, 7, [6]byte{0x02, 0x46, 0x8a, 0xcf, 0x13, 0x47}},
	} {
		s := MakeSQN(v.seq, v.ind)
		if s.Bytes() != v.b || ParseSQN(v.b) != s || s.SEQ() != v.seq || s.IND() != v.ind {
			t.Errorf("SEQ %x IND %d: %x, SEQ %x IND %d", v.seq, v.ind, s.Bytes(), s.SEQ(), s.IND())
		}
	}
}
