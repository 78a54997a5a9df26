package aka

import (
	"bytes"
	"errors"
	"testing"
)

const testSNN = "5G:mnc001.mcc001.3gppnetwork.org"

// startEAP is a run whose vector carries seq.
func startEAP(t testing.TB, f Functions, seq uint64) EAPServer {
	q := BuildAUTN(f, [16]byte(unhex(t, "81e92b6c0ee0e12ebceba8d92a99dfa5")), MakeSQN(seq, 0), [2]byte{0x80, 0})
	return NewEAPServer(42, q, testSNN, mustSUPI(t, "001010000000001"))
}

func TestEAPRun(t *testing.T) {
	tuak, err := NewTUAK(make([]byte, 16), [32]byte{1}, TUAKSizes{RES: 4})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []Functions{set19(t), tuak} {
		var seen SEQArray
		s := startEAP(t, f, 10)
		request := s.Challenge()
		if !bytes.Equal(request, s.Challenge()) {
			t.Errorf("%T: the request changes when it is sent again", f)
		}
		response, kausf, err := AnswerEAP(f, &seen, request, testSNN, mustSUPI(t, "001010000000001"))
		if err != nil {
			t.Fatal(err)
		}
		r := s.Handle(response)
		if r.Verdict != EAPVerified || r.KAUSF != kausf || kausf == (Key{}) || !bytes.Equal(r.Reply, []byte{3, 42, 0, 4}) {
			t.Fatalf("%T: %+v", f, r)
		}
		if r := s.Handle(response); r.Verdict != EAPIgnored {
			t.Errorf("%T: the run goes on after its end: %+v", f, r)
		}
	}
}

func TestEAPResynchronises(t *testing.T) {
	f, supi := set19(t), mustSUPI(t, "001010000000001")
	seen := SEQArray{500}
	s := startEAP(t, f, 400)
	response, _, err := AnswerEAP(f, &seen, s.Challenge(), testSNN, supi)
	if !errors.Is(err, ErrNotFresh) {
		t.Fatal(err)
	}
	r := s.Handle(response)
	if r.Verdict != EAPResync || r.Reply != nil {
		t.Fatalf("%+v", r)
	}
	if sqn, err := OpenAUTS(f, [16]byte(unhex(t, "81e92b6c0ee0e12ebceba8d92a99dfa5")), r.AUTS); err != nil || sqn != MakeSQN(500, 0) {
		t.Errorf("AUTS holds %x, %v", sqn, err)
	}
}

// What a device says to a challenge that is not for it.
func TestEAPPeerRefuses(t *testing.T) {
	f, supi := set19(t), mustSUPI(t, "001010000000001")
	s := startEAP(t, f, 10)
	request := s.Challenge()
	flip := func(i int) []byte {
		b := bytes.Clone(request)
		b[(i+len(b))%len(b)] ^= 1
		return b
	}
	for _, v := range []struct {
		name    string
		packet  []byte
		snn     string
		subtype EAPSubtype
	}{
		{"another network's name", request, "5G:mnc002.mcc001.3gppnetwork.org", AKAReject},
		{"another home network's AUTN", flip(8 + 20 + 4), testSNN, AKAReject},
		{"MAC changed", flip(-1), testSNN, AKAClientError},
		{"name changed", flip(8 + 40 + 5), testSNN, AKAReject},
		{"malformed", request[:len(request)-4], testSNN, AKAClientError},
		{"notification", unhex(t, "0101000c 320c0000 0c014000"), testSNN, AKAClientError},
	} {
		var seen SEQArray
		answer, kausf, err := AnswerEAP(f, &seen, v.packet, v.snn, supi)
		p, perr := ParseEAP(answer)
		if err == nil || kausf != (Key{}) || perr != nil || p.Code != EAPResponse || p.Subtype != v.subtype || p.ID != v.packet[1] {
			t.Errorf("%s: %x, %v, %v", v.name, answer, err, perr)
		}
		if v.subtype == AKAReject && seen != (SEQArray{}) {
			t.Errorf("%s: changed the SIM", v.name)
		}
		s := startEAP(t, f, 10)
		if v.packet[1] == 42 {
			if r := s.Handle(answer); r.Verdict != EAPRefused || !bytes.Equal(r.Reply, []byte{4, 42, 0, 4}) || r.KAUSF != (Key{}) {
				t.Errorf("%s: the server gives %+v", v.name, r)
			}
		}
	}
	var seen SEQArray
	for _, b := range [][]byte{nil, {1}, {3, 42, 0, 4}, {2, 42, 0, 8, 50, 2, 0, 0}} {
		if answer, _, err := AnswerEAP(f, &seen, b, testSNN, supi); answer != nil || err == nil {
			t.Errorf("answered %x with %x, %v", b, answer, err)
		}
	}
}

// No change of a single bit of the right answer is taken for it, nor is any prefix.
func TestEAPServerRefuses(t *testing.T) {
	f := set19(t)
	s := startEAP(t, f, 10)
	var seen SEQArray
	response, _, err := AnswerEAP(f, &seen, s.Challenge(), testSNN, mustSUPI(t, "001010000000001"))
	if err != nil {
		t.Fatal(err)
	}
	try := func(b []byte) EAPResult {
		run := s
		return run.Handle(b)
	}
	if r := try(response); r.Verdict != EAPVerified {
		t.Fatalf("%+v", r)
	}
	for i := range 8 * len(response) {
		bad := bytes.Clone(response)
		bad[i/8] ^= 1 << (i % 8)
		if r := try(bad); r.Verdict == EAPVerified || r.Verdict == EAPResync || r.KAUSF != (Key{}) {
			t.Errorf("bit %d: %+v", i, r)
		}
	}
	for n := range response {
		if r := try(response[:n]); r.Verdict == EAPVerified || (r.Verdict == EAPIgnored) != (n < 2) {
			t.Errorf("first %d octets: %+v", n, r)
		}
	}
	other := bytes.Clone(response)
	other[1]++
	if r := try(other); r.Verdict != EAPIgnored || !errors.Is(r.Why, ErrEAPStray) {
		t.Errorf("another identifier: %+v", r)
	}
	var zero EAPServer
	if r := zero.Handle(response); r.Verdict != EAPIgnored {
		t.Errorf("the zero value takes a packet: %+v", r)
	}
	for name, v := range map[string]struct {
		hex  string
		want error
	}{
		"reject":                 {"022a0008 32020000", ErrEAPRejected},
		"client error":           {"022a000c 320e0000 16010000", ErrEAPRejected},
		"client error, no code":  {"022a0008 320e0000", ErrEAPMissing},
		"synch failure, no AUTS": {"022a0008 32040000", ErrEAPMissing},
		"challenge, no RES":      {"022a0008 32010000", ErrEAPMissing},
		"challenge, no MAC":      {"022a0014 32010000 03030040 28d7b0f2a2ec3de5", ErrMAC},
		"identity":               {"022a0008 32050000", ErrEAPMissing},
		"legacy Nak":             {"022a0006 0315", ErrEAPType},
	} {
		if r := try(unhex(t, v.hex)); r.Verdict != EAPRefused || !errors.Is(r.Why, v.want) {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// A right MAC over a wrong answer: only one who holds K_aut and not RES could make it.
func TestEAPWrongRES(t *testing.T) {
	s := startEAP(t, set19(t), 10)
	for _, r := range []RES{{Len: 8}, {Len: 4, B: s.xres.B}, {Len: 16, B: s.xres.B}} {
		run := s
		p := EAP{Code: EAPResponse, ID: 42, Subtype: AKAChallenge, RES: &r}
		if got := run.Handle(p.sign(s.kaut)); got.Verdict != EAPRefused || !errors.Is(got.Why, ErrEAPRES) {
			t.Errorf("RES of %d octets: %+v", r.Len, got)
		}
	}
}
