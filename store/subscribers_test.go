package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"cordon/ident"
	"cordon/subscriber"
)

const (
	testK   = "465b5ce8b199b49faa5f0a2ee238a6bc"
	testOPc = "cd63cb71954a9f4e48a5994e37a02baf"
)

func profile(t testing.TB, n int, more ...string) subscriber.Profile {
	t.Helper()
	fields := map[string]string{"imsi": supi(n).IMSI(), "k": testK, "opc": testOPc, "plan": "gold"}
	for i := 0; i < len(more); i += 2 {
		fields[more[i]] = more[i+1]
	}
	p, err := subscriber.ParseRecord(fields)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSubscribers(t *testing.T) {
	c := at(t)
	s := reopen(t, c)
	tuak := profile(t, 2, "algorithm", "tuak", "opc", testOPc+testOPc, "res", "16", "iterations", "3", "method", "eap-aka-prime", "amf", "9001")
	tuak.SQNOffset, tuak.Protected = -7, true
	for _, p := range []subscriber.Profile{profile(t, 1), tuak} {
		if err := s.Add(p, false); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Get(p.SUPI); err != nil || got != p {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if err := s.Add(profile(t, 1, "plan", "silver"), false); !errors.Is(err, ErrExists) || !errors.Is(err, fs.ErrExist) {
		t.Errorf("%v", err)
	}
	if got, _ := s.Get(supi(1)); got.Plan != "gold" {
		t.Errorf("a refused Add changed the plan to %s", got.Plan)
	}
	if err := s.Add(profile(t, 1, "plan", "silver"), true); err != nil {
		t.Fatal(err)
	}
	if err := s.SetSQNOffset(supi(1), 1<<40); err != nil {
		t.Fatal(err)
	}
	s.Close()
	s = reopen(t, c)
	want := profile(t, 1, "plan", "silver")
	want.SQNOffset = 1 << 40
	if got, err := s.Get(supi(1)); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := s.Get(supi(2)); err != nil || got != tuak {
		t.Errorf("%+v, %v", got, err)
	}
	for name, err := range map[string]error{
		"Get":          errOf(s.Get(supi(3))),
		"Remove":       s.Remove(supi(3)),
		"SetSQNOffset": s.SetSQNOffset(supi(3), 1),
		"SetProtected": s.SetProtected(supi(3), true),
	} {
		if !errors.Is(err, ErrUnknown) || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.PutContext(supi(1), []byte("x"))
	s.Sync()
	if err := s.Remove(supi(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(supi(1)); !errors.Is(err, ErrUnknown) {
		t.Errorf("%v", err)
	}
	if len(contexts(t, s)) != 0 {
		t.Error("a removed subscriber's context is there")
	}
}

func errOf(_ subscriber.Profile, err error) error { return err }

func TestList(t *testing.T) {
	s := reopen(t, at(t))
	for n := range 25 {
		if err := s.Add(profile(t, n), false); err != nil {
			t.Fatal(err)
		}
	}
	var seen []ident.SUPI
	for after := ident.SUPI(0); ; {
		page, err := s.List(after, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page {
			if p.Credentials.K.Len() != 0 || p.Credentials.OPc.Len() != 0 || p.Plan != "gold" {
				t.Errorf("%+v", p)
			}
			seen = append(seen, p.SUPI)
		}
		if len(page) < 10 {
			break
		}
		after = page[9].SUPI
	}
	if len(seen) != 25 || seen[0] != supi(0) || seen[24] != supi(24) {
		t.Errorf("%d seen", len(seen))
	}
}

func TestKeysAreSealed(t *testing.T) {
	c := at(t)
	s := reopen(t, c)
	p := profile(t, 1)
	if err := s.Add(p, false); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{c.Path, c.Path + "-wal"} {
		b, err := os.ReadFile(name)
		if err != nil || bytes.Contains(b, p.Credentials.K.Bytes()) || bytes.Contains(b, p.Credentials.OPc.Bytes()) {
			t.Errorf("%s: %v, or a key in clear", name, err)
		}
	}
	err := s.w.do(func(t *tx) error { return t.change("UPDATE subscribers SET supi = ?", int64(supi(2))) })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(supi(2)); !errors.Is(err, errSeal) {
		t.Errorf("keys of another row: %v", err)
	}
}

func anyPlan(string) bool { return true }

func TestImport(t *testing.T) {
	s := reopen(t, at(t))
	text := "\ufeffIMSI, k ,op,plan\n001010000000001," + testK + "," + testOPc + ",gold\r\n\n\"001010000000002\"," + testK + "," + testOPc + ",\n"
	if n, _, err := s.Import(strings.NewReader(text), false, anyPlan); n != 2 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if p, err := s.Get(supi(2)); err != nil || p.Plan != subscriber.DefaultPlan || p.Credentials.K != profile(t, 2).Credentials.K {
		t.Errorf("%+v, %v", p, err)
	}
	if n, _, err := s.Import(strings.NewReader(text), true, anyPlan); n != 2 || err != nil {
		t.Errorf("replacing: %d, %v", n, err)
	}
	s.Add(profile(t, 3), false)
	_, _, err := s.Import(strings.NewReader(strings.ReplaceAll(text, "0001,", "0009,")), false, anyPlan)
	if err == nil || err.Error() != "line 4, column 1 (imsi): want a subscriber who is not there yet, unless those are to be replaced (--replace)" {
		t.Errorf("%v", err)
	}
	if _, err := s.Get(supi(9)); !errors.Is(err, ErrUnknown) {
		t.Errorf("half a file is there: %v", err)
	}
}

// Of those whom a file replaces, it is told who is protected now or not any more, and of no others.
func TestImportChangesProtection(t *testing.T) {
	s := reopen(t, at(t))
	for n := range 4 {
		p := profile(t, n)
		p.Protected = n < 2
		if err := s.Add(p, false); err != nil {
			t.Fatal(err)
		}
	}
	text := "imsi,k,opc,protected\n"
	for n, protected := range []string{"true", "false", "TRUE", "", "true"} {
		text += fmt.Sprintf("%s,%s,%s,%s\n", supi(n).IMSI(), testK, testOPc, protected)
	}
	if n, changed, err := s.Import(strings.NewReader(text), true, anyPlan); n != 5 || err != nil || !slices.Equal(changed, []ident.SUPI{supi(1), supi(2)}) {
		t.Errorf("%d, %v, %v", n, changed, err)
	}
	list, err := s.List(0, 10)
	if err != nil || len(list) != 5 {
		t.Fatalf("%d, %v", len(list), err)
	}
	for n, want := range []bool{true, false, true, false, true} {
		if p, err := s.Get(supi(n)); err != nil || p.Protected != want || list[n].Protected != want {
			t.Errorf("%d: %v and %v in the list, %v", n, p.Protected, list[n].Protected, err)
		}
	}
	if _, changed, err := s.Import(strings.NewReader(text+"1,2,3,4\n"), true, anyPlan); err == nil || changed != nil {
		t.Errorf("%v, %v", changed, err)
	}
}

// Every fault in a file is told with its place, and nothing of the file is taken.
func TestImportRefused(t *testing.T) {
	const good = "001010000000001," + testK + "," + testOPc + ",gold\n"
	tests := []struct{ name, text, want string }{
		{"empty", "", "line 1, column 1: want a first line with the names of the columns, as imsi,k,opc,plan"},
		{"header only", "imsi,k,opc,plan\n", "line 2, column 1: want a subscriber"},
		{"unknown column", "imsi,k,opc,color\n" + good, "line 1, column 12: want one of the columns imsi, k, "},
		{"column twice", "imsi,k,opc,k\n" + good, "line 1, column 12 (k): want each column once"},
		{"short line", "imsi,k,opc,plan\n001010000000001,00\n", "line 2, column 1: want 4 values, as the first line has names; there are 2"},
		{"bad IMSI", "imsi,k,opc,plan\n" + good + "12x45,k,o,gold\n", "line 3, column 1 (imsi): want 5 to 15 digits"},
		{"bad key", "imsi,k,opc,plan\n001010000000001,46," + testOPc + ",gold\n", "line 2, column 17 (k): want 32 hexadecimal digits"},
		{"bad OPc", "imsi,k,opc,plan\n001010000000001," + testK + ",xx,gold\n", "line 2, column 50 (opc): want 32 hexadecimal digits"},
		{"no OPc", "imsi,k,plan\n001010000000001," + testK + ",gold\n", "line 2, column 1 (opc): want a value here or in op"},
		{"protected", "imsi,k,opc,protected\n001010000000001," + testK + "," + testOPc + ",yes\n", "line 2, column 83 (protected): want false or true"},
		{"unknown plan", "imsi,k,opc,plan\n001010000000001," + testK + "," + testOPc + ",brass\n", "line 2, column 83 (plan): want a plan of the configuration"},
		{"twice", "imsi,k,opc,plan\n" + good + good, "line 3, column 1 (imsi): want each subscriber once; this one is on line 2"},
		{"quotes", "imsi,k,opc,plan\n" + good + "0010\"1,k,o,gold\n", "line 3, column 5: want values between commas, and quotes only around whole values"},
		{"quotes in the header", "im\"si,k\n", "line 1, column 3: want values between commas"},
	}
	s := reopen(t, at(t))
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n, _, err := s.Import(strings.NewReader(test.text), false, func(p string) bool { return p == "gold" })
			if n != 0 || err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("%d, %q, want %q", n, err, test.want)
			}
			if strings.Contains(fmt.Sprint(err), testK) {
				t.Error("the error tells a key")
			}
			if list, err := s.List(0, 10); len(list) != 0 || err != nil {
				t.Errorf("%d are there, %v", len(list), err)
			}
		})
	}
}

func TestImportTellsTwentyProblems(t *testing.T) {
	s := reopen(t, at(t))
	_, _, err := s.Import(strings.NewReader("imsi,k,opc\n"+strings.Repeat("1,2,3\n", 30)), false, anyPlan)
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != maxProblems {
		t.Fatalf("%v", err)
	}
	for _, e := range joined.Unwrap() {
		if _, ok := errors.AsType[*ImportError](e); !ok {
			t.Errorf("%v", e)
		}
	}
}

func FuzzImport(f *testing.F) {
	f.Add("imsi,k,opc,plan\n001010000000001," + testK + "," + testOPc + ",gold\n")
	f.Add("imsi,k\n\"\n")
	f.Add("imsi,k,op,algorithm\n00101,1,2,tuak\n00101,1,2,tuak")
	s := reopen(f, at(f))
	// Whatever the file: either all of it is there, or none and each problem has its place.
	f.Fuzz(func(t *testing.T, text string) {
		n, _, err := s.Import(strings.NewReader(text), false, anyPlan)
		list, lerr := s.List(0, 1<<20)
		if lerr != nil || len(list) != n || (n == 0) != (err != nil) {
			t.Fatalf("%d imported, %v; %d there, %v", n, err, len(list), lerr)
		}
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			for _, e := range joined.Unwrap() {
				if p, ok := errors.AsType[*ImportError](e); !ok || p.Line < 1 || p.Column < 1 {
					t.Fatalf("a problem without a place: %v", e)
				}
			}
		}
		for _, p := range list {
			if err := s.Remove(p.SUPI); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func BenchmarkGet(b *testing.B) {
	s := reopen(b, at(b))
	text := strings.Builder{}
	text.WriteString("imsi,k,opc\n")
	for n := range 100000 {
		fmt.Fprintf(&text, "%s,%s,%s\n", supi(n).IMSI(), testK, testOPc)
	}
	if _, _, err := s.Import(strings.NewReader(text.String()), false, anyPlan); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	cpu := cpuTime()
	for i := 0; b.Loop(); i++ {
		if _, err := s.Get(supi(i * 7919 % 100000)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(cpuTime()-cpu)/float64(b.N), "cpu-ns/op")
}

func BenchmarkImport(b *testing.B) {
	s := reopen(b, at(b))
	text := strings.Builder{}
	text.WriteString("imsi,k,opc\n")
	for n := range 10000 {
		fmt.Fprintf(&text, "%s,%s,%s\n", supi(n).IMSI(), testK, testOPc)
	}
	for b.Loop() {
		if _, _, err := s.Import(strings.NewReader(text.String()), true, anyPlan); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10000, "ns/subscriber")
}
