package ngap

import (
	"encoding/binary"
	"reflect"
	"slices"
	"testing"

	"cordon/wire/per"
)

// pdu is an NGAP PDU taken apart into its IEs, to be put together wrongly.
type pdu struct {
	head []byte // up to the length of the message
	ies  []field
}

type field struct {
	id    ID
	crit  Criticality
	value []byte
}

// apart reads a PDU of fewer than 128 IEs, none as long as 16 KiB.
func apart(t *testing.T, b []byte) pdu {
	t.Helper()
	length := func(b []byte) (int, []byte) {
		if b[0] < 0x80 {
			return int(b[0]), b[1:]
		}
		return int(binary.BigEndian.Uint16(b) & 0x3fff), b[2:]
	}
	p := pdu{head: b[:3]}
	n, rest := length(b[3:])
	if n != len(rest) || rest[0] != 0 {
		t.Fatalf("%x: %d octets, head %x", b, n, rest[:1])
	}
	count := int(binary.BigEndian.Uint16(rest[1:]))
	rest = rest[3:]
	for range count {
		f := field{id: ID(binary.BigEndian.Uint16(rest)), crit: Criticality(rest[2] >> 6)}
		n, rest = length(rest[3:])
		f.value, rest = rest[:n], rest[n:]
		p.ies = append(p.ies, f)
	}
	return p
}

// together is the PDU with the IEs given.
func (p pdu) together(ies []field) []byte {
	c := per.Encoder(slices.Clone(p.head))
	o := c.Open()
	c.Preamble(true)
	n := uint32(len(ies))
	per.Int(&c, &n, 0, 65535)
	for _, f := range ies {
		per.Int(&c, &f.id, 0, 65535)
		per.Enum(&c, &f.crit, 3, 0, false)
		inner := c.Open()
		per.Rest(&c, &f.value)
		c.Close(inner)
	}
	c.Close(o)
	return c.Bytes()
}

// verdict is what a wrong message must come to.
type verdict struct {
	accepted bool
	cause    Cause
	noted    []IEDiagnostic
}

func (v verdict) check(t *testing.T, what string, b []byte) *Diagnosis {
	t.Helper()
	m, d := Parse(b)
	if (m != nil) != v.accepted || d == nil {
		t.Errorf("%s: message %v, diagnosis %v; want accepted %v", what, m, d, v.accepted)
		return nil
	}
	if d.Cause == nil && v.cause == 0 && len(d.IEs) == 0 && d.Skipped > 0 {
		return d
	}
	if d.Cause == nil || *d.Cause != v.cause || !slices.Equal(d.IEs, v.noted) {
		t.Errorf("%s: %v; want %v %v", what, d, v.cause, v.noted)
	}
	checkReply(t, what, d, v.accepted)
	return d
}

// checkReply holds the answers to clause 10: each can be sent, is understood, and none
// answers an Error Indication or the end of a procedure.
func checkReply(t *testing.T, what string, d *Diagnosis, accepted bool) {
	t.Helper()
	r := d.Reply()
	switch {
	case r == nil && !accepted && d.Kind == Initiating && d.Procedure != ProcErrorIndication && !d.silent:
		t.Errorf("%s: %v is not answered", what, d)
	case r != nil && d.Procedure == ProcErrorIndication:
		t.Errorf("%s: an Error Indication is answered with %+v", what, r)
	case r != nil && d.Err == nil && !accepted && d.Kind != Initiating:
		t.Errorf("%s: %v %v is answered with %+v", what, d.Procedure, d.Kind, r)
	}
	if r == nil {
		return
	}
	b, err := Append(nil, r)
	if err != nil {
		t.Errorf("%s: the answer %+v: %v", what, r, err)
	}
	if m, d := Parse(b); d != nil || !reflect.DeepEqual(m, r) {
		t.Errorf("%s: the answer %+v is read as %+v, %v", what, r, m, d)
	}
}

// byCriticality is the verdict over an IE that is missing or not understood.
func byCriticality(f field, missing bool) verdict {
	d := []IEDiagnostic{{f.crit, f.id, missing}}
	switch f.crit {
	case Reject:
		return verdict{false, CauseProtocolAbstractSyntaxErrorReject, d}
	case Notify:
		return verdict{true, CauseProtocolAbstractSyntaxErrorIgnoreAndNotify, d}
	}
	return verdict{accepted: true}
}

// N2-43: each mandatory IE of each message dropped, sent twice, out of order, or not
// comprehended.
func TestAbstractSyntax(t *testing.T) {
	for _, s := range samples() {
		b, err := Append(nil, s.m)
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		p := apart(t, b)
		if !slices.Equal(p.together(p.ies), b) {
			t.Fatalf("%s: %x became %x", s.name, b, p.together(p.ies))
		}
		falsely := CauseProtocolAbstractSyntaxErrorFalselyConstructedMessage
		for i, f := range p.ies {
			what := s.name + " " + f.id.String()
			if s.name[len(s.name)-4:] != "full" { // only the mandatory ones are there
				byCriticality(f, true).check(t, what+" dropped", p.together(slices.Delete(slices.Clone(p.ies), i, i+1)))
			}
			twice := p.together(slices.Insert(slices.Clone(p.ies), i, f))
			verdict{false, falsely, []IEDiagnostic{{f.crit, f.id, false}}}.check(t, what+" twice", twice)
			if i > 0 {
				swapped := slices.Clone(p.ies)
				swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
				verdict{false, falsely, []IEDiagnostic{{swapped[i].crit, swapped[i].id, false}}}.check(t, what+" early", p.together(swapped))
			}
		}
		for _, crit := range []Criticality{Reject, Ignore, Notify} {
			unknown := field{65000, crit, []byte{1}}
			byCriticality(unknown, false).check(t, s.name+" with an unknown IE", p.together(append(slices.Clone(p.ies), unknown)))
		}
	}
}

// A value from a later release counts as its IE not understood.
func TestLaterValue(t *testing.T) {
	b := unhex("00 20 40 03 00 00 00")
	if _, d := Parse(b); d == nil || *d.Cause != CauseProtocolAbstractSyntaxErrorIgnoreAndNotify && !d.silent {
		t.Errorf("an unknown procedure: %v", d)
	}
	m := &UplinkNASTransport{NASPDU: []byte{1}, UserLocation: sampleCell}
	enc, err := Append(nil, m)
	if err != nil {
		t.Fatal(err)
	}
	p := apart(t, enc)
	p.ies[3].value = unhex("c0 03e7 40 01 00") // choice extension: IE 999, criticality ignore
	got, d := Parse(p.together(p.ies))
	if got == nil || d == nil || d.Cause != nil || d.Skipped != 1 || got.(*UplinkNASTransport).UserLocation != (UserLocation{}) {
		t.Errorf("%+v, %v; want the location left out", got, d)
	}
	p.ies[2].crit = Ignore // what the sender says of a known IE does not count
	p.ies = slices.Delete(p.ies, 2, 3)
	if got, d := Parse(p.together(p.ies)); got != nil || *d.Cause != CauseProtocolAbstractSyntaxErrorReject {
		t.Errorf("%+v, %v; want a missing NAS-PDU refused", got, d)
	}
}

func TestUnknownMessages(t *testing.T) {
	for _, tt := range []struct {
		name, hex string
		answered  bool
	}{
		{"unknown procedure, reject", "00 c8 00 03 00 00 00", true},
		{"unknown procedure, notify", "00 c8 80 03 00 00 00", true},
		{"unknown procedure, ignore", "00 c8 40 03 00 00 00", false},
		{"a response that does not exist", "20 0f 00 03 00 00 00", true},
		{"no kind of message", "60 0f 00 03 00 00 00", true},
		{"an extension of NGAP", "80 00 00", true},
		{"no criticality", "00 0f c0 03 00 00 00", true},
		{"nothing", "", true},
		{"text", "48 65 6c 6c 6f 21", true},
		{"cut off Error Indication", "00 09 40 05 00 00 01", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, d := Parse(unhex(tt.hex))
			if m != nil || d == nil || d.Cause == nil {
				t.Fatalf("%v, %v", m, d)
			}
			if r := d.Reply(); (r != nil) != tt.answered {
				t.Errorf("%v is answered with %+v; want an answer: %v", d, r, tt.answered)
			}
		})
	}
}
