package ngap

import (
	"reflect"
	"testing"
)

// What is accepted encodes again and is then read as the same; what is refused has a
// cause, and its answer can be sent.
func FuzzParse(f *testing.F) {
	for _, tt := range capturedPDUs(f) {
		f.Add(tt.pdu)
	}
	for _, s := range samples() {
		b, err := Append(nil, s.m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, d := Parse(b)
		if r := d.Reply(); r != nil {
			if _, err := Append(nil, r); err != nil {
				t.Fatalf("the answer %+v: %v", r, err)
			}
		}
		switch {
		case m == nil && (d == nil || d.Cause == nil):
			t.Fatalf("refused without a cause: %v", d)
		case m == nil:
			return
		}
		b1, err := Append(nil, m)
		if err != nil && d != nil {
			return // it lacks an IE of criticality ignore
		}
		if err != nil {
			t.Fatalf("accepted but will not encode: %v\n%+v", err, m)
		}
		m2, d2 := Parse(b1)
		if d != nil { // a mandatory IE of criticality ignore may be missing, and is written empty
			m = m2
			if b1, err = Append(nil, m); err != nil {
				t.Fatal(err)
			}
			m2, d2 = Parse(b1)
		}
		if d2 != nil || !reflect.DeepEqual(m, m2) {
			t.Fatalf("%+v\nbecame %+v, %v", m, m2, d2)
		}
	})
}

// The same law for the transfers; the first octet says which.
func FuzzParseTransfer(f *testing.F) {
	names := sortedTransfers()
	for i, name := range names {
		b, err := AppendTransfer([]byte{byte(i)}, sampleTransfers[name])
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) == 0 {
			return
		}
		kind := sampleTransfers[names[int(b[0])%len(names)]]
		tr, err := parseAs(kind, b[1:])
		if err != nil {
			return
		}
		b1, err := AppendTransfer(nil, tr)
		if err != nil {
			t.Skip() // an element of criticality ignore was passed over
		}
		tr2, err := parseAs(kind, b1)
		if err != nil || !reflect.DeepEqual(tr, tr2) {
			t.Fatalf("%+v\nbecame %+v, %v", tr, tr2, err)
		}
	})
}
