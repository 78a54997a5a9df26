package aka

import "crypto/subtle"

// Functions are the authentication functions of one subscription (TS 33.102 §6.3),
// as *Milenage and *TUAK provide them.
type Functions interface {
	// F1 is MAC-A, which proves a challenge to the SIM.
	F1(rand [16]byte, sqn [6]byte, amf [2]byte) [8]byte
	// F1Star is MAC-S, which proves a resynchronisation to the network.
	F1Star(rand [16]byte, sqn [6]byte, amf [2]byte) [8]byte
	// F2345 is the answer, the two keys and the anonymity key.
	F2345(rand [16]byte) (res RES, ck, ik [16]byte, ak [6]byte)
	// F5Star is the anonymity key of a resynchronisation.
	F5Star(rand [16]byte) [6]byte
}

// Quintet is an authentication vector before it is bound to a network (TS 33.102 §6.3.2).
type Quintet struct {
	RAND, AUTN [16]byte
	XRES       RES
	CK, IK     [16]byte
}

// SQNAK is SQN xor AK, the part of AUTN that enters key derivations.
func (q *Quintet) SQNAK() [6]byte { return [6]byte(q.AUTN[:6]) }

// BuildAUTN makes the vector of one challenge. amf is the authentication management field;
// its first bit must be set for 5G (TS 33.501 §6.1.3.2 step 1).
func BuildAUTN(f Functions, rand [16]byte, sqn SQN, amf [2]byte) Quintet {
	q := Quintet{RAND: rand}
	s := sqn.Bytes()
	mac := f.F1(rand, s, amf)
	var ak [6]byte
	q.XRES, q.CK, q.IK, ak = f.F2345(rand)
	subtle.XORBytes(q.AUTN[:6], s[:], ak[:])
	copy(q.AUTN[6:8], amf[:])
	copy(q.AUTN[8:], mac[:])
	return q
}

// Answer is what a SIM makes of a challenge that it accepts.
type Answer struct {
	SQN    SQN
	AMF    [2]byte
	RES    RES
	CK, IK [16]byte
}

// CheckAUTN is a phone's side of a challenge (TS 33.102 §6.3.3, TS 33.501 §6.1.3). It gives
// ErrNon5G for one that is not for 5G, ErrMAC for one that the home network did not make,
// and ErrNotFresh with AUTS for one that seen does not accept. seen changes only when the
// challenge is accepted.
func CheckAUTN(f Functions, rand, autn [16]byte, seen *SEQArray) (Answer, [14]byte, error) {
	if autn[6]&0x80 == 0 {
		return Answer{}, [14]byte{}, ErrNon5G
	}
	var a Answer
	var ak [6]byte
	a.RES, a.CK, a.IK, ak = f.F2345(rand)
	var s [6]byte
	subtle.XORBytes(s[:], autn[:6], ak[:])
	a.AMF = [2]byte(autn[6:8])
	mac := f.F1(rand, s, a.AMF)
	if subtle.ConstantTimeCompare(mac[:], autn[8:]) == 0 {
		return Answer{}, [14]byte{}, ErrMAC
	}
	a.SQN = ParseSQN(s)
	if !seen.accept(a.SQN) {
		return Answer{}, BuildAUTS(f, rand, seen.Highest()), ErrNotFresh
	}
	return a, [14]byte{}, nil
}

// BuildAUTS is a SIM's request to resynchronise (TS 33.102 §6.3.3): its own sequence number,
// concealed and proven.
func BuildAUTS(f Functions, rand [16]byte, sqnMS SQN) (auts [14]byte) {
	s := sqnMS.Bytes()
	ak := f.F5Star(rand)
	mac := f.F1Star(rand, s, [2]byte{}) // AMF* is zero (TS 33.102 §6.3.3)
	subtle.XORBytes(auts[:6], s[:], ak[:])
	copy(auts[6:], mac[:])
	return auts
}

// OpenAUTS is the home network's side: the SIM's sequence number, or ErrMAC if the SIM that
// was challenged with rand did not make auts (TS 33.102 §6.3.5).
func OpenAUTS(f Functions, rand [16]byte, auts [14]byte) (SQN, error) {
	ak := f.F5Star(rand)
	var s [6]byte
	subtle.XORBytes(s[:], auts[:6], ak[:])
	mac := f.F1Star(rand, s, [2]byte{})
	if subtle.ConstantTimeCompare(mac[:], auts[6:]) == 0 {
		return 0, ErrMAC
	}
	return ParseSQN(s), nil
}

// Delta is the largest step of SEQ that a SIM accepts (TS 33.102 annex C.2.1 and C.3).
const Delta uint64 = 1 << 28

// SEQArray is a SIM's memory of what it accepted: the highest SEQ for each IND
// (TS 33.102 annex C.2.1). Its zero value is a fresh SIM.
type SEQArray [32]uint64

// Highest is the highest sequence number accepted, which AUTS carries.
func (a *SEQArray) Highest() SQN {
	var top SQN
	for ind, seq := range a {
		if s := MakeSQN(seq, uint8(ind)); seq > 0 && s.SEQ() > top.SEQ() {
			top = s
		}
	}
	return top
}

// accept applies TS 33.102 annex C.2.2, without the age limit L, which is optional.
func (a *SEQArray) accept(s SQN) bool {
	seq, top := s.SEQ(), a.Highest().SEQ()
	if seq > top && seq-top > Delta {
		return false
	}
	if seq <= a[s.IND()] {
		return false
	}
	a[s.IND()] = seq
	return true
}
