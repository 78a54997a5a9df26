package subscriber

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"cordon/aka"
)

const testSNN = "5G:mnc001.mcc001.3gppnetwork.org"

// Both methods with both algorithms: the phone and the network end with one key.
func TestVector(t *testing.T) {
	for _, pairs := range [][]string{
		{"opc", testOPc},
		{"opc", testOPc, "method", "eap-aka-prime"},
		{"algorithm", "tuak", "opc", testOPc + testOPc, "res", "16"},
		{"algorithm", "tuak", "opc", testOPc + testOPc, "res", "4", "method", "eap-aka-prime"},
	} {
		p := mustProfile(t, pairs...)
		f, err := p.Credentials.Functions()
		if err != nil {
			t.Fatal(err)
		}
		v, err := NewVector(&p, [16]byte{9}, aka.MakeSQN(77, 1), testSNN, 5)
		if err != nil {
			t.Fatal(err)
		}
		var sim aka.SEQArray
		if v.Method == EAPAKAPrime {
			answer, kausf, err := aka.AnswerEAP(f, &sim, v.EAP.Challenge(), testSNN, p.SUPI)
			if err != nil {
				t.Fatal(err)
			}
			if r := v.EAP.Handle(answer); r.Verdict != aka.EAPVerified || r.KAUSF != kausf {
				t.Errorf("%q: %+v", pairs, r)
			}
			continue
		}
		a, _, err := aka.CheckAUTN(f, v.RAND, v.AUTN, &sim)
		if err != nil {
			t.Fatal(err)
		}
		resStar := aka.RESStar(a.CK, a.IK, testSNN, v.RAND, a.RES)
		if resStar != v.XRESStar {
			t.Errorf("%q: the phone has another answer", pairs)
		}
		if k := aka.KSEAF(aka.KAUSF(a.CK, a.IK, testSNN, [6]byte(v.AUTN[:6])), testSNN); k != v.KSEAF {
			t.Errorf("%q: the phone has another key", pairs)
		}
	}
}

func TestVectorWithoutKeys(t *testing.T) {
	for _, c := range []Credentials{
		{}, {Algorithm: 7, K: NewSecret(make([]byte, 16)), OPc: NewSecret(make([]byte, 16))},
		{K: NewSecret(make([]byte, 32)), OPc: NewSecret(make([]byte, 16))},
		{Algorithm: TUAK, K: NewSecret(make([]byte, 16)), OPc: NewSecret(make([]byte, 16))},
	} {
		if v, err := NewVector(&Profile{Credentials: c}, [16]byte{}, 64, testSNN, 0); !errors.Is(err, ErrCredentials) || v.KSEAF != (aka.Key{}) {
			t.Errorf("%v: %v", c, err)
		}
	}
	if _, err := NewVector(&Profile{Credentials: Credentials{Algorithm: TUAK, K: NewSecret(nil), OPc: NewSecret(make([]byte, 32))}}, [16]byte{}, 64, testSNN, 0); err == nil {
		t.Error("TUAK without a key")
	}
}

// A vector from the store's profile to the anchor key, sequence number included.
func BenchmarkNewVector(b *testing.B) {
	for _, alg := range [][]string{{"opc", testOPc}, {"algorithm", "tuak", "opc", testOPc + testOPc}, {"opc", testOPc, "method", "eap-aka-prime"}} {
		p := mustProfile(b, alg...)
		q := NewSequencer(epoch, epoch, 0)
		now := epoch
		b.Run(fmt.Sprintf("%v/%v", p.Credentials.Algorithm, p.Credentials.Method), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				now = now.Add(time.Millisecond)
				s, err := q.Next(now, &p)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := NewVector(&p, [16]byte{1}, s, testSNN, 1); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
