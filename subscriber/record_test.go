package subscriber

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"cordon/aka"
)

const (
	testK   = "465b5ce8b199b49faa5f0a2ee238a6bc"
	testOP  = "cdc202d5123e20f62b6d676ac72cb318"
	testOPc = "cd63cb71954a9f4e48a5994e37a02baf"
)

func record(pairs ...string) map[string]string {
	m := map[string]string{"imsi": "001010000000001", "k": testK}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

func mustProfile(t testing.TB, pairs ...string) Profile {
	t.Helper()
	p, err := ParseRecord(record(pairs...))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestParseRecord(t *testing.T) {
	p := mustProfile(t, "op", testOP)
	c := &p.Credentials
	if p.SUPI.IMSI() != "001010000000001" || p.Plan != "default" || p.SQNOffset != 0 || c.Algorithm != Milenage ||
		c.Method != FiveGAKA || c.AMF != [2]byte{0x80, 0} || fmt.Sprintf("%x", c.OPc.Bytes()) != testOPc || fmt.Sprintf("%x", c.K.Bytes()) != testK {
		t.Errorf("%+v", p)
	}
	q := mustProfile(t, "opc", strings.ToUpper(testOPc), "method", "EAP-AKA-PRIME", "amf", "b9b9", "plan", "gold", "op", " ")
	if p.Protected || !mustProfile(t, "opc", testOPc, "protected", "True").Protected {
		t.Error("who is protected")
	}
	if !q.Credentials.OPc.Equal(c.OPc) || q.Credentials.Method != EAPAKAPrime || q.Credentials.AMF != [2]byte{0xb9, 0xb9} || q.Plan != "gold" {
		t.Errorf("%+v", q)
	}
	// Test sets 1 and 6 of TS 35.233.
	u := mustProfile(t, "algorithm", "tuak", "k", strings.Repeat("ab", 16), "op", strings.Repeat("55", 32), "res", "4")
	if fmt.Sprintf("%x", u.Credentials.OPc.Bytes()) != "bd04d9530e87513c5d837ac2ad954623a8e2330c115305a73eb45d1f40cccbff" || u.Credentials.TUAK != (aka.TUAKSizes{RES: 4, Iterations: 1}) {
		t.Errorf("%x, %+v", u.Credentials.OPc.Bytes(), u.Credentials.TUAK)
	}
	u = mustProfile(t, "algorithm", "tuak", "k", "1574ca56881d05c189c82880f789c9cd4244955f4426aa2b69c29f15770e5aa5",
		"op", "e59f6eb10ea406813f4991b0b9e02f181edf4c7e17b480f66d34da35ee88c95e", "iterations", "2")
	if fmt.Sprintf("%x", u.Credentials.OPc.Bytes()) != "b04a66f26c62fcd6c82de22a179ab65506ecf47f56245cd149966cfa9cec7a51" {
		t.Errorf("%x", u.Credentials.OPc.Bytes())
	}
}

func TestParseRecordRefuses(t *testing.T) {
	const secret = "5ec2e75ec2e75ec2e75ec2e75ec2e75e" // may not appear in what is said of it
	for _, v := range []struct {
		column string
		pairs  []string
	}{
		{`"imis"`, []string{"imis", "1"}},
		{"imsi", []string{"imsi", "", "opc", testOPc}},
		{"imsi", []string{"imsi", "0010100000000011", "opc", testOPc}},
		{"imsi", []string{"imsi", "00101000000000x", "opc", testOPc}},
		{"k", []string{"k", "", "opc", testOPc}},
		{"k", []string{"k", secret + "00", "opc", testOPc}},
		{"k", []string{"k", secret[1:] + "g", "opc", testOPc}},
		{"k", []string{"k", secret[:31], "opc", testOPc}},
		{"k", []string{"k", secret + secret, "opc", testOPc}},
		{"opc", nil},
		{"opc", []string{"opc", secret[2:]}},
		{"op", []string{"op", secret[2:]}},
		{"op", []string{"op", secret, "opc", secret}},
		{"algorithm", []string{"opc", testOPc, "algorithm", "comp128"}},
		{"method", []string{"opc", testOPc, "method", "eap-tls"}},
		{"amf", []string{"opc", testOPc, "amf", "0000"}},
		{"amf", []string{"opc", testOPc, "amf", "80"}},
		{"amf", []string{"opc", testOPc, "amf", "xxxx"}},
		{"plan", []string{"opc", testOPc, "plan", strings.Repeat("x", 65)}},
		{"res", []string{"opc", testOPc, "res", "8"}},
		{"iterations", []string{"opc", testOPc, "iterations", "1"}},
		{"protected", []string{"opc", testOPc, "protected", "yes"}},
		{"k", []string{"algorithm", "tuak", "k", secret[:16], "opc", secret + secret}},
		{"opc", []string{"algorithm", "tuak", "opc", secret}},
		{"res", []string{"algorithm", "tuak", "opc", secret + secret, "res", "5"}},
		{"iterations", []string{"algorithm", "tuak", "opc", secret + secret, "iterations", "0"}},
		{"iterations", []string{"algorithm", "tuak", "opc", secret + secret, "iterations", "256"}},
	} {
		_, err := ParseRecord(record(v.pairs...))
		e, ok := errors.AsType[*RecordError](err)
		if !ok || e.Column != v.column || e.Want == "" || strings.Contains(err.Error(), secret[:8]) {
			t.Errorf("%s %q: %v", v.column, v.pairs, err)
		}
	}
}

// However a profile is printed, logged or encoded, its keys stay out.
func TestSecretsDoNotPrint(t *testing.T) {
	p := mustProfile(t, "opc", testOPc)
	v, err := NewVector(&p, [16]byte{1}, 64, "5G:mnc001.mcc001.3gppnetwork.org", 0)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q"} {
		fmt.Fprintf(&out, verb+verb+verb+"\n", p, &p, p.Credentials.K)
		fmt.Fprintf(&out, verb+verb+"\n", v, &v)
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("text", "p", p, "k", p.Credentials.K, "v", v)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("json", "p", p, "k", p.Credentials.K)
	if err := json.NewEncoder(&out).Encode(p); err != nil {
		t.Fatal(err)
	}
	s := strings.ToLower(out.String())
	for _, leak := range []string{testK[:6], testOPc[:6], "70 91 92", "0x46, 0x5b", "70,91,92", fmt.Sprintf("%x", v.KAUSF[:])} {
		if strings.Contains(s, leak) {
			t.Errorf("%q is in\n%s", leak, s)
		}
	}
	if !strings.Contains(s, "<key>") {
		t.Errorf("nothing masked in\n%s", s)
	}
}

func TestNames(t *testing.T) {
	for want, got := range map[string]fmt.Stringer{"milenage": Milenage, "tuak": TUAK, "5g-aka": FiveGAKA, "eap-aka-prime": EAPAKAPrime, "unknown (9)": Method(9)} {
		if got.String() != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// A record is refused by a column that exists or makes credentials that work.
func FuzzParseRecord(f *testing.F) {
	f.Add("001010000000001", testK, testOP, "", "", "", "", "", "", "", "")
	f.Add("00101", strings.Repeat("ab", 32), "", strings.Repeat("ab", 32), "tuak", "eap-aka-prime", "ffff", "gold", "16", "2", "true")
	f.Fuzz(func(t *testing.T, imsi, k, op, opc, algorithm, method, amf, plan, res, iterations, protected string) {
		values := []string{imsi, k, op, opc, algorithm, method, amf, plan, res, iterations, protected}
		m := map[string]string{}
		for i, c := range Columns {
			m[c] = values[i]
		}
		p, err := ParseRecord(m)
		if err != nil {
			if e, ok := errors.AsType[*RecordError](err); !ok || strings.TrimSpace(m[e.Column]) == "" && e.Column != "imsi" && e.Column != "k" && e.Column != "opc" {
				t.Fatalf("%v", err)
			}
			return
		}
		if _, err := p.Credentials.Functions(); err != nil {
			t.Fatalf("%v: %v", p, err)
		}
	})
}
