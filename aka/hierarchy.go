package aka

import (
	"crypto/sha256"
	"encoding/binary"

	"cordon/ident"
)

// RES is an answer to a challenge, expected or given: 4, 8 or 16 octets of B.
type RES struct {
	B   [16]byte
	Len uint8
}

// Bytes is the octets that count.
func (r *RES) Bytes() []byte { return r.B[:min(int(r.Len), len(r.B))] }

// ckik is CK || IK, the input key of the first derivations.
func ckik(ck, ik [16]byte) (k [32]byte) {
	copy(k[:16], ck[:])
	copy(k[16:], ik[:])
	return k
}

// KAUSF is the home network's key after 5G AKA (TS 33.501 annex A.2). snn is the serving
// network name, sqnAK the first six octets of AUTN.
func KAUSF(ck, ik [16]byte, snn string, sqnAK [6]byte) Key {
	k := ckik(ck, ik)
	return KDF(k[:], 0x6a, []byte(snn), sqnAK[:])
}

// CKIKPrime is CK' and IK' for EAP-AKA' (TS 33.501 annex A.3, TS 33.402 annex A.2).
func CKIKPrime(ck, ik [16]byte, snn string, sqnAK [6]byte) (ckPrime, ikPrime [16]byte) {
	k := ckik(ck, ik)
	out := KDF(k[:], 0x20, []byte(snn), sqnAK[:])
	return [16]byte(out[:16]), [16]byte(out[16:])
}

// RESStar is RES* or XRES* (annex A.4), which binds an answer to the serving network.
func RESStar(ck, ik [16]byte, snn string, rand [16]byte, res RES) [16]byte {
	k := ckik(ck, ik)
	return low128(KDF(k[:], 0x6b, []byte(snn), rand[:], res.Bytes()))
}

// HRESStar is HRES* or HXRES* (annex A.5), by which a serving network checks an answer
// that it could not have made.
func HRESStar(rand, resStar [16]byte) [16]byte {
	s := ckik(rand, resStar)
	return low128(sha256.Sum256(s[:]))
}

// KSEAF is the anchor key of a serving network (annex A.6).
func KSEAF(kausf Key, snn string) Key { return KDF(kausf[:], 0x6c, []byte(snn)) }

// KAMF is the AMF's key (annex A.7). abba is the ABBA parameter as the device was told it.
func KAMF(kseaf Key, supi ident.SUPI, abba []byte) Key {
	return KDF(kseaf[:], 0x6d, supi.Key(), abba)
}

// Use says what an algorithm key is for (annex A.8, table A.8-1).
type Use uint8

const (
	NASEnc Use = 1 + iota
	NASInt
	RRCEnc
	RRCInt
	UPEnc
	UPInt
)

// AlgorithmKey is the key of one algorithm (annex A.8), from KAMF for NAS and from KgNB
// for RRC and the user plane. alg is 0 to 15.
func AlgorithmKey(k Key, use Use, alg uint8) [16]byte {
	return low128(KDF(k[:], 0x69, []byte{byte(use)}, []byte{alg & 15}))
}

// Access says over what a device reached the core (annex A.9, table A.9-1).
type Access uint8

const (
	Access3GPP    Access = 1
	AccessNon3GPP Access = 2
)

// KgNB is a radio's key (annex A.9), or KN3IWF for AccessNon3GPP. count is the uplink NAS
// COUNT of the message that caused it.
func KgNB(kamf Key, count uint32, access Access) Key {
	return KDF(kamf[:], 0x6e, be32(count), []byte{byte(access)})
}

// NH is the next hop key (annex A.10). sync is KgNB for the first of a chain and the NH
// before for each after it.
func NH(kamf, sync Key) Key { return KDF(kamf[:], 0x6f, sync[:]) }

// KNGRANStar is the key of a target cell on a gNB (annex A.11), from NH or from the current
// KgNB. arfcn has 24 bits.
func KNGRANStar(k Key, pci uint16, arfcn uint32) Key {
	return KDF(k[:], 0x70, be16(pci), be32(arfcn)[1:])
}

// KNGRANStarNgENB is the key of a target cell on an ng-eNB (annex A.12).
func KNGRANStarNgENB(k Key, pci uint16, earfcn uint32) Key {
	return KDF(k[:], 0x71, be16(pci), be32(earfcn)[1:])
}

// KAMFPrimeHandover is KAMF' at a handover (annex A.13). count is the downlink NAS COUNT.
func KAMFPrimeHandover(kamf Key, count uint32) Key {
	return KDF(kamf[:], 0x72, []byte{1}, be32(count))
}

// KAMFPrimeIdle is KAMF' at a mobility registration (annex A.13). count is the uplink NAS
// COUNT of the Registration Request.
func KAMFPrimeIdle(kamf Key, count uint32) Key {
	return KDF(kamf[:], 0x72, []byte{0}, be32(count))
}

func be16(v uint16) []byte { return binary.BigEndian.AppendUint16(nil, v) }
func be32(v uint32) []byte { return binary.BigEndian.AppendUint32(nil, v) }
