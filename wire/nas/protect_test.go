package nas

import (
	"bytes"
	"errors"
	"testing"

	"cordon/aka"
	"cordon/ident"
)

// capturedKeys derives the context of the captured attachment from its subscriber's keys,
// so that the capture proves the whole way from K to the MAC of each message.
func capturedKeys(t testing.TB) Security {
	t.Helper()
	f := aka.NewMilenage([16]byte(unhex("465b5ce8b199b49faa5f0a2ee238a6bc")), [16]byte(unhex("e8ed289deba952e4283b54e88e6183ca")))
	rand, autn := [16]byte(unhex("47b9600ef9e3d55807dd2639d93df8a9")), unhex("a5fb1b4f67fb8000c39ed6660edb4c90")
	supi, err := ident.ParseSUPI("901700000000001")
	if err != nil {
		t.Fatal(err)
	}
	snn := p90170.ServingNetworkName()
	_, ck, ik, _ := f.F2345(rand)
	kamf := aka.KAMF(aka.KSEAF(aka.KAUSF(ck, ik, snn, [6]byte(autn[:6])), snn), supi, []byte{0, 0})
	return Security{
		KNASint: aka.AlgorithmKey(kamf, aka.NASInt, aka.AlgAES), KNASenc: aka.AlgorithmKey(kamf, aka.NASEnc, aka.AlgNull),
		Integrity: aka.AlgAES, Ciphering: aka.AlgNull,
	}
}

// Both ends of the captured attachment are played with the captured messages: each is
// accepted, and what we make of the same plain message is the same bytes.
func TestCapturedAttachment(t *testing.T) {
	network := capturedKeys(t)
	device := network
	device.Side = Device
	for _, tt := range []struct {
		name, hex string
		uplink    bool
	}{
		{"security mode command", "7e0370570c8f007e005d020104f0f0f0f0e1360102", false},
		{"security mode complete", "7e048ed82d08007e005e7700094573806121856151f17100237e004179000d0109f1070000000000000000101001002e04f0f0f0f02f020101530100", true},
		{"registration accept", "7e024c8b0800017e0042010177000bf209f107020040e2001a0054072009f10700000115020101210201005e0129", false},
		{"registration complete", "7e0252565a75017e0043", true},
		{"UL NAS transport", "7e0278a62965027e00670100152e0101c1ffff91a12801007b000780000a00000d00120181220101250908696e7465726e6574", true},
		{"configuration update command", "7e02deb70a47027e0054430f10004f00700065006e00350047005346404712211280946340490100", false},
	} {
		b := unhex(tt.hex)
		from, to := &network, &device
		if tt.uplink {
			from, to = to, from
		}
		plain, err := to.Unprotect(b)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if !bytes.Equal(plain, b[7:]) {
			t.Fatalf("%s: opened as %x", tt.name, plain)
		}
		sent, err := from.Protect(nil, plain, HeaderType(b[1]))
		if err != nil || !bytes.Equal(sent, b) {
			t.Fatalf("%s: sealed as %x, %v", tt.name, sent, err)
		}
		if network.Uplink != device.Uplink || network.Downlink != device.Downlink {
			t.Fatalf("%s: the ends disagree about COUNT", tt.name)
		}
	}
}

// pair is both ends of a fresh context.
func pair(integrity, ciphering uint8) (network, device Security) {
	network = Security{Integrity: integrity, Ciphering: ciphering}
	for i := range network.KNASint {
		network.KNASint[i], network.KNASenc[i] = byte(i), byte(0xf0+i)
	}
	device = network
	device.Side = Device
	return network, device
}

var plainComplete = []byte{0x7e, 0, 0x43}

func TestEveryAlgorithm(t *testing.T) {
	for integrity := aka.AlgSNOW3G; integrity <= aka.AlgZUC; integrity++ {
		for ciphering := aka.AlgNull; ciphering <= aka.AlgZUC; ciphering++ {
			network, device := pair(integrity, ciphering)
			msg := unhex(goldens[0].hex)
			for i := range 600 { // over two overflows of the sequence number
				b, err := device.Protect([]byte{1}, msg, HeaderCiphered)
				if err != nil {
					t.Fatal(err)
				}
				if ciphered := !bytes.Contains(b, msg); ciphered != (ciphering != aka.AlgNull) {
					t.Fatalf("NEA%d: ciphered is %v", ciphering, ciphered)
				}
				plain, err := network.Unprotect(b[1:])
				if err != nil || !bytes.Equal(plain, msg) {
					t.Fatalf("NIA%d NEA%d, message %d: %x, %v", integrity, ciphering, i, plain, err)
				}
			}
			if network.Uplink != 600 || network.Downlink != 0 {
				t.Errorf("COUNTs %d, %d", network.Uplink, network.Downlink)
			}
		}
	}
}

// N1-14: each COUNT is accepted once. N1-15: a sequence number far back, or any forgery,
// moves nothing, and the genuine next message is still accepted.
func TestReplayAndForgery(t *testing.T) {
	network, device := pair(2, 2)
	first, _ := device.Protect(nil, plainComplete, HeaderCiphered)
	if _, err := network.Unprotect(first); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		lost, _ := device.Protect(nil, plainComplete, HeaderCiphered)
		_ = lost
	}
	late, _ := device.Protect(nil, plainComplete, HeaderCiphered)
	next, _ := device.Protect(nil, plainComplete, HeaderCiphered)
	before := network
	for name, b := range map[string][]byte{
		"replay":                   first,
		"sequence number far back": append(append(bytes.Clone(next[:6]), 0), next[7:]...),
		"other sequence number":    append(append(bytes.Clone(next[:6]), 0x80), next[7:]...),
		"wrong MAC":                append([]byte{0x7e, 2, 0, 0, 0, 0}, next[6:]...),
		"reflected":                func() []byte { b, _ := pairProtect(); return b }(),
	} {
		if _, err := network.Unprotect(b); !errors.Is(err, ErrMAC) {
			t.Errorf("%s: %v", name, err)
		}
		if network != before {
			t.Fatalf("%s: the context changed", name)
		}
	}
	for _, b := range [][]byte{late, next} { // a gap is no harm
		if _, err := network.Unprotect(b); err != nil {
			t.Error(err)
		}
	}
	if network.Uplink != device.Uplink {
		t.Errorf("COUNT %d, want %d", network.Uplink, device.Uplink)
	}
}

// pairProtect is a message of the network, under the same keys.
func pairProtect() ([]byte, error) {
	network, _ := pair(2, 2)
	return network.Protect(nil, plainComplete, HeaderCiphered)
}

// N1-49: a COUNT is not used again after 2^24, and its end is announced in time.
func TestCountExhausted(t *testing.T) {
	network, device := pair(2, 2)
	network.Uplink, device.Uplink = 1<<24-2, 1<<24-2
	if !network.Exhausting() || new(Security).Exhausting() {
		t.Error("the end of COUNT is not announced, or too early")
	}
	for range 2 {
		b, err := device.Protect(nil, plainComplete, HeaderCiphered)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := network.Unprotect(b); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := device.Protect([]byte{9}, plainComplete, HeaderCiphered); !errors.Is(err, ErrCountExhausted) || len(b) != 1 {
		t.Errorf("%x, %v", b, err)
	}
	fresh := device
	fresh.Uplink = 0
	b, _ := fresh.Protect(nil, plainComplete, HeaderCiphered)
	if _, err := network.Unprotect(b); !errors.Is(err, ErrCountExhausted) {
		t.Error(err)
	}
}

// A context without an integrity algorithm, the zero value among them, protects nothing
// and accepts nothing.
func TestNullIntegrity(t *testing.T) {
	for _, s := range []Security{{}, {Ciphering: 2}} {
		if _, err := s.Protect(nil, plainComplete, HeaderCiphered); !errors.Is(err, ErrNullIntegrity) {
			t.Error(err)
		}
		if _, err := s.Unprotect(append([]byte{0x7e, 1, 0, 0, 0, 0, 0}, plainComplete...)); !errors.Is(err, ErrNullIntegrity) {
			t.Error(err)
		}
		if err := s.CipherContainer(nil, 0); !errors.Is(err, ErrNullIntegrity) {
			t.Error(err)
		}
	}
	for _, s := range []Security{{Integrity: 4}, {Integrity: 2, Ciphering: 4}} {
		if _, err := s.Protect(nil, plainComplete, HeaderCiphered); !errors.Is(err, ErrValue) {
			t.Error(err)
		}
	}
	s := Security{Integrity: 2}
	if _, err := s.Protect(nil, plainComplete, HeaderPlain); !errors.Is(err, ErrValue) {
		t.Error(err)
	}
	if _, err := s.Unprotect(plainComplete); !errors.Is(err, ErrNotProtected) {
		t.Error(err)
	}
}

// A message is tried against a context without effect on it, and taken by Commit once.
func TestCheckAndCommit(t *testing.T) {
	network, device := pair(2, 2)
	container := unhex("7e004c100007f40040db00af264002020050020200")
	inner := bytes.Clone(container)
	if err := device.CipherContainer(inner, device.Uplink); err != nil {
		t.Fatal(err)
	}
	plain, err := Append(nil, &ServiceRequest{Service: ServiceData, STMSI: testGUTI.STMSI(), Container: inner})
	if err != nil {
		t.Fatal(err)
	}
	b, err := device.Protect(nil, plain, HeaderIntegrity)
	if err != nil {
		t.Fatal(err)
	}
	before := network
	var o Opened
	for range 3 {
		if o, err = network.Check(b); err != nil || network != before {
			t.Fatalf("%v, %+v", err, network)
		}
	}
	m, _, err := Parse(o.Plain)
	if err != nil {
		t.Fatal(err)
	}
	got := m.(*ServiceRequest).Container
	if err := network.CipherContainer(got, o.Count); err != nil || !bytes.Equal(got, container) {
		t.Errorf("container %x, %v", got, err)
	}
	if !network.Commit(o) || network.Uplink != 1 || network.Commit(o) {
		t.Error("a COUNT is to be taken once")
	}
	if u, _, err := ParseUnverified(b); err != nil || u.Type() != TypeServiceRequest {
		t.Errorf("%v, %v", u, err)
	}
}

// N1-01, N1-02: what is too short to have its header is dropped before the header is read.
func TestShortHeaders(t *testing.T) {
	for _, hex := range []string{
		"", "7e", "7e02", "7e025f", "7e025f74", "7e0200000000", "7e020000000000", "7e0100000000007e", "7e0100000000007e00",
		"7e0500000000007e0043", "7e0f00000000007e0043", "2e0101d6", "ff00", "00",
	} {
		b := unhex(hex)
		network, _ := pair(2, 2)
		for _, parse := range []func() error{
			func() error { _, err := ParseHeader(b); return err },
			func() error { _, _, err := ParseUnverified(b); return err },
			func() error { _, err := network.Unprotect(b); return err },
			func() error { _, _, err := Parse(b); return err },
		} {
			err := parse()
			if de, ok := errors.AsType[*DecodeError](err); !ok || de.Cause != 0 {
				t.Errorf("%q: %v", hex, err)
			}
		}
	}
	if h, err := ParseHeader(unhex("7e021122334405aabbcc")); err != nil || h.Type != HeaderCiphered || h.MAC != [4]byte{0x11, 0x22, 0x33, 0x44} || h.SN != 5 || len(h.Inner) != 3 {
		t.Errorf("%+v, %v", h, err)
	}
}
