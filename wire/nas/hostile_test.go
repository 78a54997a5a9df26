package nas

import (
	"bytes"
	"errors"
	"testing"

	"cordon/ident"
)

// register is a registration request with the mobile identity.
func register(identity string) []byte {
	id := unhex(identity)
	return append([]byte{0x7e, 0, 0x41, 0x79, byte(len(id) >> 8), byte(len(id))}, id...)
}

// N1-04, N1-21 to N1-23: an identity is what its type says, in exactly its octets, and
// made of digits.
func TestIdentities(t *testing.T) {
	for _, tt := range []struct {
		name, hex string
		ok        bool
	}{
		{"null scheme", "0100f110000000000000000010", true},
		{"null scheme, odd MSIN", "0100f1100000000000000000f1", true},
		{"routing indicator of one digit", "0100f110f0ff00000000000010", true},
		{"network code of three digits", "01001100000000000000000010", true},
		{"profile A", "0100f11000000101" + "aa", true},
		{"operator's own scheme", "0100f110000c01" + "aa", false},
		{"proprietary scheme", "0100f11000000c01" + "aa", true},
		{"reserved scheme", "0100f11000000301" + "aa", true},
		{"network access identifier", "11" + "6140622e63", true},
		{"GUTI", "f200f110cafe1501020304", true},
		{"GUTI, other spare bits", "0200f110cafe1501020304", true},
		{"S-TMSI", "f4fe1501020304", true},
		{"IMEISV", "4573806121856151f1", true},
		{"IMEI", "4b09512430325781", true},
		{"MAC address", "06020304050607", true},
		{"MAC address, not unique", "0e020304050607", true},
		{"EUI-64", "070102030405060708", true},
		{"none", "00", true},
		{"none, padded", "000000", true},

		{"GUTI that says SUCI", "0100f110cafe1501020304", false},
		{"SUCI that says GUTI", "f200f110000000000000000010", false},
		{"GUTI too short", "f200f110cafe15010203", false},
		{"GUTI too long", "f200f110cafe150102030405", false},
		{"S-TMSI too long", "f4fe150102030405", false},
		{"country code with a letter", "010af110000000000000000010", false},
		{"GUTI of no country", "f2ffffffcafe1501020304", false},
		{"routing indicator with a letter", "0100f1101a0000000000000010", false},
		{"routing indicator resumed after its end", "0100f110f10000000000000010", false},
		{"routing indicator without digits", "0100f110ffff00000000000010", false},
		{"MSIN with a letter", "0100f11000000000000000001a", false},
		{"MSIN ended early", "0100f1100000000000f0000010", false},
		{"MSIN too long", "0100f110000000000000000000000010", false},
		{"no scheme output", "0100f11000000000", false},
		{"no scheme", "0100f1100000", false},
		{"SUPI format that does not exist", "4100f110000000000000000010", false},
		{"empty access identifier", "11", false},
		{"IMEISV with a letter", "4573806121856151fa", false},
		{"IMEISV without filler", "457380612185615111", false},
		{"IMEISV of odd digits", "4d73806121856151f1", false},
		{"IMEI of even digits", "4309512430325881", false},
		{"IMEI too short", "4b095124303258", false},
		{"MAC address too short", "0602030405", false},
		{"nothing", "", false},
	} {
		m, _, err := Parse(register(tt.hex))
		if tt.ok != (err == nil) {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if !tt.ok {
			if de, is := errors.AsType[*DecodeError](err); !is || de.Cause != CauseInvalidMandatory {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		if b, err := Append(nil, m); err != nil {
			t.Errorf("%s: %x, %v", tt.name, b, err)
		}
	}
}

func TestIdentityValues(t *testing.T) {
	m, _, err := Parse(register("4b09512430325781"))
	if err != nil || m.(*RegistrationRequest).Identity.Equipment != 0x490154203237518 {
		t.Errorf("%+v, %v", m, err)
	}
	long := MobileIdentity{Type: IdentitySUCI, SUCI: ident.SUCI{PLMN: p00101, Scheme: ident.SchemeProfileA, Output: bytes.Repeat([]byte{1}, maxSUCIOutput+1)}}
	if _, err := Append(nil, &IdentityResponse{Identity: long}); !errors.Is(err, ErrValue) {
		t.Error(err)
	}
}

// N1-05: a capability that has no room for its algorithms, or more than there are, is
// absent from a registration and fatal to a replay.
func TestSecurityCapabilityLength(t *testing.T) {
	head := register("f200f110cafe1501020304")
	for n := range 12 {
		b := append(append(bytes.Clone(head), 0x2e, byte(n)), bytes.Repeat([]byte{0xe0}, n)...)
		m, ignored, err := Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		good := n >= 2 && n <= 8
		u := m.(*RegistrationRequest).Security
		if good != (len(ignored) == 0) || good != (u.Len() == n && n > 0) || good && (!u.Ciphering(0) || !u.Integrity(2) || u.Integrity(3)) {
			t.Errorf("%d octets: %+v, ignored %v", n, u, ignored)
		}
		replay := append(append(unhex("7e005d0201"), byte(n)), bytes.Repeat([]byte{0xe0}, n)...)
		if _, _, err := Parse(replay); good != (err == nil) {
			t.Errorf("replay of %d octets: %v", n, err)
		}
	}
}

func TestSecurityCapability(t *testing.T) {
	u := capability("f0706010")
	nea, nia, eea, eia := u.NGAP()
	if nea != 0xe000 || nia != 0xe000 || eea != 0xc000 || eia != 0x2000 {
		t.Errorf("%04x %04x %04x %04x", nea, nia, eea, eia)
	}
	if !u.Ciphering(3) || u.Ciphering(4) || u.Integrity(0) || u.Integrity(200) || !bytes.Equal(u.Append(nil), unhex("f0706010")) {
		t.Errorf("%+v", u)
	}
}

// N1-26: authentication parameters have exactly their length or are absent.
func TestAuthenticationParameters(t *testing.T) {
	for n := range 20 {
		v := bytes.Repeat([]byte{1}, n)
		m, ignored, err := Parse(append([]byte{0x7e, 0, 0x57, 0x2d, byte(n)}, v...))
		if err != nil || (n == 16) != (m.(*AuthenticationResponse).RES != nil) || (n == 16) != (len(ignored) == 0) {
			t.Errorf("RES of %d octets: %+v, %v, %v", n, m, ignored, err)
		}
		m, ignored, err = Parse(append([]byte{0x7e, 0, 0x59, 21, 0x30, byte(n)}, v...))
		if err != nil || (n == 14) != (m.(*AuthenticationFailure).AUTS != nil) || (n == 14) != (len(ignored) == 0) {
			t.Errorf("AUTS of %d octets: %+v, %v, %v", n, m, ignored, err)
		}
	}
}

// N1-36: protocol configuration options whose inner lengths do not fit the outer one are
// absent, and the list of ignored elements says so.
func TestOptionLengths(t *testing.T) {
	head := unhex("2e0101c1ffff91a1")
	for _, tt := range []struct {
		name, hex string
		ok        bool
	}{
		{"none", "7b000180", true},
		{"one", "7b000480000d00", true},
		{"content runs over", "7b000580000d0400", false},
		{"identifier cut", "7b00028000", false},
		{"length cut", "7b000380000d", false},
		{"empty", "7b0000", false},
		{"longest content", "7b0005800000ff00", false},
	} {
		_, m, ignored, err := ParseSM(append(bytes.Clone(head), unhex(tt.hex)...))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		has := m.(*PDUSessionEstablishmentRequest).Options != nil
		if has != tt.ok || tt.ok != (len(ignored) == 0) || !tt.ok && ignored[0].IE != "extended protocol configuration options" {
			t.Errorf("%s: %v, ignored %v", tt.name, has, ignored)
		}
	}
	if _, m, _, err := ParseSM(append(head, unhex("7b00ff80")...)); m != nil || err == nil {
		t.Error("options that run past the message are accepted")
	}
}

// The network's containers with lengths of two octets are the device's of one.
func TestLongOptions(t *testing.T) {
	long := []ProtocolOption{{OptionQoSRules, bytes.Repeat([]byte{1}, 300)}, {OptionDNSv4, []byte{1, 1, 1, 1}}}
	b, err := AppendSM(nil, SMHeader{1, 0}, &PDUSessionModificationCommand{Options: long})
	if err != nil {
		t.Fatal(err)
	}
	_, m, ignored, err := ParseSM(b)
	if err != nil || len(ignored) > 0 || len(m.(*PDUSessionModificationCommand).Options) != 2 {
		t.Errorf("%+v, %v, %v", m, ignored, err)
	}
	if _, err := AppendSM(nil, SMHeader{1, 1}, &PDUSessionReleaseRequest{Options: long}); !errors.Is(err, ErrValue) {
		t.Error(err)
	}
}

// N1-44: a payload of any kind and length is carried as it is, and no longer than it is.
func TestPayloads(t *testing.T) {
	for kind := range PayloadType(16) {
		m, err := Append(nil, &ULNASTransport{PayloadType: kind, Payload: bytes.Repeat([]byte{0xff}, 65535)})
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := Parse(m); err != nil || len(got.(*ULNASTransport).Payload) != 65535 || got.(*ULNASTransport).PayloadType != kind {
			t.Errorf("payload type %d: %v", kind, err)
		}
	}
	if _, err := Append(nil, &ULNASTransport{PayloadType: 1, Payload: make([]byte, 65536)}); !errors.Is(err, ErrLength) {
		t.Error(err)
	}
	if _, _, err := Parse(unhex("7e006701ffff00")); err == nil {
		t.Error("a payload longer than its message is accepted")
	}
}

// An unknown type is told from a message that is to be dropped.
func TestUnknownType(t *testing.T) {
	for _, b := range [][]byte{unhex("7e00ff"), unhex("7e0000"), unhex("7e0049")} {
		m, _, err := Parse(b)
		if de, ok := errors.AsType[*DecodeError](err); m != nil || !ok || de.Cause != CauseUnknownType {
			t.Errorf("%x: %v, %v", b, m, err)
		}
	}
	h, m, _, err := ParseSM(unhex("2e0509ff"))
	if de, ok := errors.AsType[*DecodeError](err); m != nil || !ok || SMCause(de.Cause) != SMCauseUnknownType || h != (SMHeader{5, 9}) {
		t.Errorf("%v, %v, %v", h, m, err)
	}
}

// What the cleartext part of an initial message may hold (§4.4.6).
func TestCleartext(t *testing.T) {
	m, _, err := Parse(unhex(goldens[2].hex))
	if err != nil {
		t.Fatal(err)
	}
	r := m.(*RegistrationRequest)
	if got := r.NonCleartext(); len(got) != 12 || got[0] != "non-current native ngKSI" {
		t.Errorf("%d: %q", len(got), got)
	}
	if got := r.Cleartext().NonCleartext(); got != nil {
		t.Errorf("cleartext part has %q", got)
	}
	if c := r.Cleartext(); c.Security != r.Security || c.Identity.GUTI != r.Identity.GUTI || c.AdditionalGUTI == nil || c.Status == nil {
		t.Errorf("%+v", c)
	}
	s := &ServiceRequest{UplinkData: new(PDUSessions(2)), Container: []byte{1}}
	if got := s.NonCleartext(); len(got) != 1 || s.Cleartext().NonCleartext() != nil {
		t.Errorf("%q", got)
	}
	c := &ControlPlaneServiceRequest{Session: 1}
	if got := c.NonCleartext(); len(got) != 1 {
		t.Errorf("%q", got)
	}
}

// N1-44: several payloads in one container, each within its own length.
func TestMultiplePayloads(t *testing.T) {
	golden := unhex("02 0009 11 120105 2e0501d636 0004 02 010203")
	ps, err := ParsePayloads(golden)
	if err != nil || len(ps) != 2 || ps[0].Type != PayloadSM || ps[1].Type != PayloadSMS || len(ps[0].Options) != 1 || len(ps[0].Content) != 5 {
		t.Fatalf("%+v, %v", ps, err)
	}
	if b, err := AppendPayloads(nil, ps); err != nil || !bytes.Equal(b, golden) {
		t.Errorf("%x, %v", b, err)
	}
	for n := range golden {
		if ps, err := ParsePayloads(golden[:n]); err == nil || ps != nil {
			t.Errorf("accepted its first %d octets", n)
		}
	}
	if _, err := AppendPayloads(nil, make([]Payload, 256)); !errors.Is(err, ErrValue) {
		t.Error(err)
	}
	if _, err := ParsePayloads(append(golden, 0)); !errors.Is(err, ErrTrailing) {
		t.Error(err)
	}
}
