package aka

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"cordon/ident"
)

func mustSUPI(t testing.TB, s string) ident.SUPI {
	t.Helper()
	supi, err := ident.ParseSUPI(s)
	if err != nil {
		t.Fatal(err)
	}
	return supi
}

// A registration recorded between another phone and another core, neither of which shares
// code with this one: from the subscriber's key to the radio's, by way of the checksum of
// the first protected message in each direction.
func TestRecordedRegistration(t *testing.T) {
	const snn = "5G:mnc070.mcc901.3gppnetwork.org"
	f := NewMilenage([16]byte(unhex(t, "465b5ce8b199b49faa5f0a2ee238a6bc")), [16]byte(unhex(t, "e8ed289deba952e4283b54e88e6183ca")))
	rand, autn := [16]byte(unhex(t, "47b9600ef9e3d55807dd2639d93df8a9")), [16]byte(unhex(t, "a5fb1b4f67fb8000c39ed6660edb4c90"))
	var seen SEQArray
	a, _, err := CheckAUTN(f, rand, autn, &seen)
	if err != nil {
		t.Fatal(err)
	}
	resStar := RESStar(a.CK, a.IK, snn, rand, a.RES)
	same(t, "RES*", resStar[:], "37f9455949e3186913136abe94b05ef7")
	kamf := KAMF(KSEAF(KAUSF(a.CK, a.IK, snn, [6]byte(autn[:6])), snn), mustSUPI(t, "901700000000001"), []byte{0, 0})
	integrity := AlgorithmKey(kamf, NASInt, AlgAES)
	mac := NIA(AlgAES, &integrity, 0, 1, Downlink, unhex(t, "007e005d020104f0f0f0f0e1360102"))
	same(t, "MAC of the security mode command", mac[:], "70570c8f")
	mac = NIA(AlgAES, &integrity, 0, 1, Uplink, unhex(t, "007e005e7700094573806121856151f17100237e004179000d0109f1070000000000000000101001002e04f0f0f0f02f020101530100"))
	same(t, "MAC of the security mode complete", mac[:], "8ed82d08")
	kgnb := KgNB(kamf, 0, Access3GPP)
	same(t, "KgNB", kgnb[:], "7db122aea58b6fd5466e0e4a77cb3b2111c03cfd537ed8f8129ea50af2492f77")
}

// The first keys for chosen inputs, as another derivation published them, in networks with
// and without a network identifier in their name.
func TestFirstKeys(t *testing.T) {
	seq := func(from, n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(from + i)
		}
		return b
	}
	ck, ik, rand := [16]byte(seq(0, 16)), [16]byte(seq(0x10, 16)), [16]byte(seq(0x20, 16))
	res := RES{Len: 8}
	copy(res.B[:], seq(0x40, 8))
	for _, v := range []struct{ snn, resStar, kausf, kseaf string }{
		{"5G:mnc015.mcc234.3gppnetwork.org", "e5c9b031ea670bc494e4db45fb1cf267",
			"1789cd7d88b07b803330574544da1bfcb52c67ec14b4075b4b36d262d773dc83",
			"e40038b02ad5457c40f27f92e92bdd735c7720287ecbd7ff304f7751d7bf2191"},
		{"5G:mnc099.mcc999.3gppnetwork.org:10000000001", "4a880d868e07cb3ad0a3ef39b21eebe5",
			"742c95dd9003e1c6c148236f5f8c9f9f2b89b02b2d898d989d4de00189ff5626",
			"a19ff0f63a0093d859f72233688e472a3283493bc2e852f030d9de7aaf9e93b4"},
	} {
		rs := RESStar(ck, ik, v.snn, rand, res)
		same(t, "RES*", rs[:], v.resStar)
		kausf := KAUSF(ck, ik, v.snn, [6]byte(seq(0x30, 6)))
		same(t, "KAUSF", kausf[:], v.kausf)
		kseaf := KSEAF(kausf, v.snn)
		same(t, "KSEAF", kseaf[:], v.kseaf)
	}
}

// slowKDF is TS 33.220 annex B.2 spelt out with the standard library's HMAC.
func slowKDF(key, s []byte) []byte {
	m := hmac.New(sha256.New, key)
	m.Write(s)
	return m.Sum(nil)
}

// Each derivation against its string S, written out by hand from its clause.
func TestStrings(t *testing.T) {
	var k Key
	for i := range k {
		k[i] = byte(i)
	}
	nh := Key{31: 9}
	supi := mustSUPI(t, "001010000000001")
	imsi := "303031303130303030303030303031 000f"
	full := func(k Key) []byte { return k[:] }
	low := func(k [16]byte) []byte { return k[:] }
	for _, v := range []struct {
		name string
		got  []byte
		s    string
	}{
		{"KAMF", full(KAMF(k, supi, []byte{0, 0})), "6d " + imsi + " 0000 0002"},
		{"KNASint", low(AlgorithmKey(k, NASInt, 2)), "69 02 0001 02 0001"},
		{"KNASenc", low(AlgorithmKey(k, NASEnc, 1)), "69 01 0001 01 0001"},
		{"KUPint", low(AlgorithmKey(k, UPInt, 3)), "69 06 0001 03 0001"},
		{"KgNB", full(KgNB(k, 0x01020304, Access3GPP)), "6e 01020304 0004 01 0001"},
		{"KN3IWF", full(KgNB(k, 0, AccessNon3GPP)), "6e 00000000 0004 02 0001"},
		{"NH", full(NH(k, nh)), "6f " + strings.Repeat("00", 31) + "09 0020"},
		{"KNG-RAN* gNB", full(KNGRANStar(k, 0x0123, 0x0a0b0c)), "70 0123 0002 0a0b0c 0003"},
		{"KNG-RAN* ng-eNB", full(KNGRANStarNgENB(k, 0x0123, 0x0a0b0c)), "71 0123 0002 0a0b0c 0003"},
		{"KAMF' handover", full(KAMFPrimeHandover(k, 7)), "72 01 0001 00000007 0004"},
		{"KAMF' idle", full(KAMFPrimeIdle(k, 7)), "72 00 0001 00000007 0004"},
		{"SoR-MAC-IAUSF", low(SoRMACIAUSF(k, []byte{0xa0}, 5, []byte{1, 2, 3})), "77 a0 0001 0005 0002 010203 0003"},
		{"SoR-MAC-IAUSF without list", low(SoRMACIAUSF(k, []byte{0xa0}, 5, nil)), "77 a0 0001 0005 0002"},
		{"SoR-MAC-IUE", low(SoRMACIUE(k, 5)), "78 01 0001 0005 0002"},
		{"UPU-MAC-IAUSF", low(UPUMACIAUSF(k, []byte{9, 8}, 6)), "7b 0908 0002 0006 0002"},
		{"UPU-MAC-IUE", low(UPUMACIUE(k, 6)), "7c 01 0001 0006 0002"},
		{"KAKMA", full(KAKMA(k, supi)), "80 414b4d41 0004 " + imsi},
		{"A-TID", full(Key(ATID(k, supi))), "81 412d544944 0005 " + imsi},
		{"KAF", full(KAF(k, []byte("af"))), "82 6166 0002"},
	} {
		want := slowKDF(k[:], unhex(t, v.s))
		if len(v.got) == 16 {
			want = want[16:]
		}
		same(t, v.name, v.got, fmt.Sprintf("%x", want))
	}
	rand, rs := [16]byte{1}, [16]byte{15: 2}
	sum := sha256.Sum256(append(rand[:], rs[:]...))
	h := HRESStar(rand, rs)
	same(t, "HRES*", h[:], fmt.Sprintf("%x", sum[16:]))
}

// Inputs beyond the buffers that spare allocation, and a key beyond the hash block.
func TestKDFLong(t *testing.T) {
	for _, n := range []int{0, 1, 63, 64, 65, 200, 255, 256, 300, 5000} {
		p := make([]byte, n)
		for i := range p {
			p[i] = byte(i)
		}
		key := append([]byte("k"), p...)
		got := KDF(key, 0x99, p, []byte("x"))
		s := append([]byte{0x99}, p...)
		s = append(s, byte(n>>8), byte(n), 'x', 0, 1)
		same(t, fmt.Sprintf("KDF over %d octets", n), got[:], fmt.Sprintf("%x", slowKDF(key, s)))
	}
}

func TestKeysDoNotPrint(t *testing.T) {
	hk, err := NewHomeKey(ident.SchemeProfileA, []byte(strings.Repeat("s", 32)))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{Key{0xab, 0xcd}, hk, EAPServer{kausf: Key{0xab, 0xcd}}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%x", "%s", "%d"} {
			if s := fmt.Sprintf(verb, v); !strings.HasPrefix(s, "<") || strings.Contains(s, "ab") {
				t.Errorf("%T prints %q with %s", v, s, verb)
			}
		}
	}
}

// One device's registration: vector, answer and every key up to the radio's.
func BenchmarkHierarchy(b *testing.B) {
	const snn = "5G:mnc001.mcc001.3gppnetwork.org"
	supi := mustSUPI(b, "001010000000001")
	abba := []byte{0, 0}
	b.ReportAllocs()
	for b.Loop() {
		q := BuildAUTN(NewMilenage([16]byte{1}, [16]byte{2}), [16]byte{3}, 64, [2]byte{0x80})
		xres := RESStar(q.CK, q.IK, snn, q.RAND, q.XRES)
		HRESStar(q.RAND, xres)
		kamf := KAMF(KSEAF(KAUSF(q.CK, q.IK, snn, q.SQNAK()), snn), supi, abba)
		AlgorithmKey(kamf, NASEnc, AlgAES)
		AlgorithmKey(kamf, NASInt, AlgAES)
		NH(kamf, KgNB(kamf, 0, Access3GPP))
	}
}

func BenchmarkKDF(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		KgNB(Key{}, 0, Access3GPP)
	}
}
