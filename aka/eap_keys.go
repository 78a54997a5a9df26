package aka

import "cordon/ident"

// eapKeys are the keys that EAP-AKA' makes in one run (RFC 9048 §3.3).
type eapKeys struct {
	encr      [16]byte
	aut, re   [32]byte
	msk, emsk [64]byte
}

// newEAPKeys expands MK = PRF'(IK' | CK', "EAP-AKA'" | Identity).
func newEAPKeys(ckPrime, ikPrime [16]byte, identity []byte) (k eapKeys) {
	key := ckik(ikPrime, ckPrime)
	s := append([]byte("EAP-AKA'"), identity...)
	mk := make([]byte, 0, 7*32)
	var block []byte
	for n := byte(1); n <= 7; n++ { // 1664 bits
		t := hmacSHA256(key[:], append(append(block, s...), n))
		mk = append(mk, t[:]...)
		block = mk[len(mk)-32 : len(mk) : len(mk)]
	}
	copy(k.encr[:], mk)
	copy(k.aut[:], mk[16:])
	copy(k.re[:], mk[48:])
	copy(k.msk[:], mk[80:])
	copy(k.emsk[:], mk[144:])
	return k
}

// eap5G is K_aut and KAUSF of a run in 5G: the identity is the IMSI's digits
// (TS 33.501 annex F.3) and KAUSF the first half of EMSK (§6.1.3.1 step 8).
func eap5G(ck, ik [16]byte, snn string, sqnAK [6]byte, supi ident.SUPI) (kaut [32]byte, kausf Key) {
	ckp, ikp := CKIKPrime(ck, ik, snn, sqnAK)
	k := newEAPKeys(ckp, ikp, supi.Key())
	return k.aut, Key(k.emsk[:32])
}
