package nas

import (
	"net/netip"
	"testing"
	"time"

	"cordon/ident"
)

func BenchmarkRegistrationRequestParse(b *testing.B) {
	msg := unhex("7e004179000d0109f1070000000000000000101001002e04f0f0f0f02f020101530100")
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Parse(msg); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRegistrationAcceptProtect(b *testing.B) {
	network, _ := pair(2, 2)
	m := &RegistrationAccept{
		Result: Registered3GPP, GUTI: &testGUTI, TAIs: []ident.TAI{{PLMN: p00101, TAC: 1}}, AllowedNSSAI: []ident.SNSSAI{internet},
		Features: []byte{1, 0}, T3512: new(time.Hour),
	}
	plain, out := make([]byte, 0, 128), make([]byte, 0, 128)
	b.ReportAllocs()
	for b.Loop() {
		network.Downlink = 0
		p, err := Append(plain, m)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := network.Protect(out, p, HeaderCiphered); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkULNASTransportUnprotectParse(b *testing.B) {
	network, device := pair(2, 2)
	msg, err := device.Protect(nil, unhex("7e00670100152e0101c1ffff91a12801007b000780000a00000d00120181220101250908696e7465726e6574"), HeaderCiphered)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		network.Uplink = 0
		plain, err := network.Unprotect(msg)
		if err != nil {
			b.Fatal(err)
		}
		if _, _, err := Parse(plain); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPDUSessionEstablishmentRequestParse(b *testing.B) {
	msg := unhex("2e0101c1ffff91a12801007b000780000a00000d00")
	b.ReportAllocs()
	for b.Loop() {
		if _, _, _, err := ParseSM(msg); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPDUSessionEstablishmentAcceptAppend(b *testing.B) {
	m := &PDUSessionEstablishmentAccept{
		SessionType: PDUSessionIPv4, SSC: 1, Rules: []QoSRule{DefaultRule(1, 1)}, AMBR: AMBR{1e9, 1e9},
		Address: &PDUAddress{Type: PDUSessionIPv4, IPv4: netip.MustParseAddr("10.45.0.3")}, Slice: &internet,
		Flows:   []QoSFlow{{QFI: 1, Op: FlowCreate, Replace: true, FiveQI: 9}},
		Options: []ProtocolOption{{OptionDNSv4, []byte{8, 8, 8, 8}}, {OptionMTUv4, []byte{5, 0x78}}}, DNN: "internet",
	}
	out := make([]byte, 0, 128)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := AppendSM(out, SMHeader{1, 1}, m); err != nil {
			b.Fatal(err)
		}
	}
}
