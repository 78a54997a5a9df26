package nas

import "testing"

// commonest are, as captured, the five messages that take most room in every registration
// with a session. The names say which golden they are.
var commonest = []struct{ name, golden string }{
	{"RegistrationRequest", "captured registration request in a container"},
	{"AuthenticationRequest", "captured authentication request"},
	{"SecurityModeComplete", "captured security mode complete"},
	{"RegistrationAccept", "captured registration accept"},
	{"ULNASTransport", "captured UL NAS transport"},
}

func forCommonest(b *testing.B, do func(b *testing.B, wire []byte, m Message)) {
	for _, c := range commonest {
		wire, m := golden(b, c.golden)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			do(b, wire, m)
		})
	}
}

func golden(b *testing.B, name string) (wire []byte, m Message) {
	b.Helper()
	for _, g := range goldens {
		if g.name == name {
			return unhex(g.hex), g.msg
		}
	}
	b.Fatalf("no golden is called %q", name)
	return nil, nil
}

func BenchmarkParse(b *testing.B) {
	forCommonest(b, func(b *testing.B, wire []byte, _ Message) {
		for b.Loop() {
			if _, _, err := Parse(wire); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	out := make([]byte, 0, 256)
	forCommonest(b, func(b *testing.B, _ []byte, m Message) {
		for b.Loop() {
			if _, err := Append(out, m); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkProtect ciphers a message and protects its integrity with AES; BenchmarkUnprotect
// is the receiver's side of it.
func BenchmarkProtect(b *testing.B) {
	network, _ := pair(2, 2)
	plain, _ := golden(b, "captured registration accept")
	out := make([]byte, 0, 256)
	b.ReportAllocs()
	for b.Loop() {
		network.Downlink = 0
		if _, err := network.Protect(out, plain, HeaderCiphered); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUnprotect(b *testing.B) {
	network, device := pair(2, 2)
	plain, _ := golden(b, "captured UL NAS transport")
	msg, err := device.Protect(nil, plain, HeaderCiphered)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		network.Uplink = 0
		if _, err := network.Unprotect(msg); err != nil {
			b.Fatal(err)
		}
	}
}

// The session's two messages travel inside others.
func BenchmarkSession(b *testing.B) {
	wire := unhex("2e0101c1ffff91a12801007b000780000a00000d00")
	b.Run("parse request", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, _, _, err := ParseSM(wire); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("append accept", func(b *testing.B) {
		h, m, _, err := ParseSM(unhex("2e0101c211000901000631310101ff01060b00010b00012905010a2d00032201017900060120410101097b000f80000d0408080808000d0408080404250908696e7465726e6574"))
		if err != nil {
			b.Fatal(err)
		}
		out := make([]byte, 0, 256)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := AppendSM(out, h, m); err != nil {
				b.Fatal(err)
			}
		}
	})
}
