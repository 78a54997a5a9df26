package ngap

import (
	"testing"

	"cordon/ident"
)

// commonest are the five messages that a registration with a session is made of.
func commonest(t testing.TB) []sample {
	transfer, err := AppendTransfer(nil, &PDUSessionResourceSetupResponseTransfer{
		DL: QosFlowsTunnel{sampleGTP, []AssociatedFlow{{QFI: 1}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	nas := make([]byte, 60)
	slice := []ident.SNSSAI{{SST: 1, SD: 0x010203}}
	return []sample{
		{"InitialUEMessage", &InitialUEMessage{RANUENGAPID: 7, NASPDU: nas, UserLocation: sampleCell, UEContextRequest: true}},
		{"DownlinkNASTransport", &DownlinkNASTransport{AMFUENGAPID: 1 << 39, RANUENGAPID: 7, NASPDU: nas}},
		{"UplinkNASTransport", &UplinkNASTransport{AMFUENGAPID: 1 << 39, RANUENGAPID: 7, NASPDU: nas, UserLocation: sampleCell}},
		{"InitialContextSetupRequest", &InitialContextSetupRequest{
			AMFUENGAPID: 1 << 39, RANUENGAPID: 7, UEAMBR: &BitRates{1e9, 1e9}, NASPDU: nas,
			GUAMI: ident.GUAMI{PLMN: samplePLMN, Region: 2, Set: 1, Pointer: 1}, AllowedNSSAI: slice,
			UESecurityCapabilities: UESecurityCapabilities{0xe000, 0xe000, 0xe000, 0xe000},
		}},
		{"PDUSessionResourceSetupResponse", &PDUSessionResourceSetupResponse{
			AMFUENGAPID: 1 << 39, RANUENGAPID: 7, Setup: []PDUSessionTransfer{{1, transfer}},
		}},
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, s := range commonest(b) {
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			buf := make([]byte, 0, 512)
			for b.Loop() {
				if _, err := Append(buf, s.m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	for _, s := range commonest(b) {
		pdu, err := Append(nil, s.m)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if m, d := Parse(pdu); m == nil || d != nil {
					b.Fatal(d)
				}
			}
		})
	}
}
