package nas

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"cordon/ident"
)

// Interop 46: rates are exact where they can be, never lower, and never overflow.
func TestBitRate(t *testing.T) {
	for _, tt := range []struct {
		rate  BitRate
		unit  byte
		value uint16
		back  BitRate
	}{
		{0, 1, 0, 0},
		{1, 1, 1, 1000},
		{1000, 1, 1, 1000},
		{1001, 1, 2, 2000},
		{64_000, 1, 64, 64_000},
		{100e6, 6, 100, 100e6},
		{1e9, 11, 1, 1e9},
		{1_500_000, 1, 1500, 1_500_000},
		{65_535_000, 1, 65535, 65_535_000},
		{65_536_000, 2, 16384, 65_536_000},
		{65_536_001, 2, 16385, 65_540_000},
		{1_000_001_000, 3, 62501, 1_000_016_000},
		{65_535e9, 11, 65535, 65_535e9},
		{4e12, 16, 4, 4e12},
		{1e15, 21, 1, 1e15},
	} {
		unit, value := tt.rate.wire()
		if unit != tt.unit || value != tt.value {
			t.Errorf("%d: %d in unit %d, want %d in %d", tt.rate, value, unit, tt.value, tt.unit)
		}
		var back BitRate
		c := &coder{b: []byte{unit, byte(value >> 8), byte(value)}, end: 3}
		if bitRate(c, &back); c.err != nil || back != tt.back || back < tt.rate {
			t.Errorf("%d came back as %d, %v", tt.rate, back, c.err)
		}
	}
	for _, b := range [][]byte{{25, 0xff, 0xff}, {255, 0xff, 0xff}} {
		var r BitRate
		c := &coder{b: b, end: 3}
		if bitRate(c, &r); c.err == nil {
			t.Errorf("% x is %d", b, r)
		}
	}
	for r := BitRate(1); r != 0; r <<= 1 {
		unit, value := (r - 1).wire()
		if uint64(value) > ^uint64(0)/rateUnit(int(unit)) || rateUnit(int(unit))*uint64(value) < uint64(r-1) {
			t.Errorf("%d is %d in unit %d", r-1, value, unit)
		}
	}
}

func TestTimers(t *testing.T) {
	for _, tt := range []struct {
		d        time.Duration
		two      byte
		three    byte
		ok2, ok3 bool
	}{
		{0, 0x00, 0x00, true, true},
		{Deactivated, 0xe0, 0xe0, true, true},
		{2 * time.Second, 0x01, 0x61, true, true},
		{time.Minute, 0x1e, 0x7e, true, true},
		{12 * time.Minute, 0x2c, 0x98, true, true},
		{54 * time.Minute, 0x49, 0, true, false},
		{time.Hour, 0x4a, 0x06, true, true},
		{9 * time.Hour, 0, 0x29, false, true},
		{9920 * time.Hour, 0, 0xdf, false, true},
		{3 * time.Second, 0, 0, false, false},
		{-2, 0, 0, false, false},
	} {
		two, err2 := timerOctet(tt.d, &units2)
		three, err3 := timerOctet(tt.d, &units3)
		if two != tt.two || three != tt.three || tt.ok2 != (err2 == nil) || tt.ok3 != (err3 == nil) {
			t.Errorf("%v: %#02x %v, %#02x %v", tt.d, two, err2, three, err3)
		}
	}
	for _, tt := range []struct{ in, two, three time.Duration }{
		{0, 0, 0},
		{-time.Hour, 0, 0},
		{Deactivated, Deactivated, Deactivated},
		{3 * time.Second, 4 * time.Second, 4 * time.Second},
		{54 * time.Minute, 54 * time.Minute, time.Hour},
		{100 * time.Hour, 186 * time.Minute, 100 * time.Hour},
		{1 << 62, 186 * time.Minute, 9920 * time.Hour},
	} {
		if two, three := Timer2(tt.in), Timer3(tt.in); two != tt.two || three != tt.three {
			t.Errorf("%v: %v, %v", tt.in, two, three)
		}
	}
}

// Every timer octet reads as a duration that writes again.
func TestTimerOctets(t *testing.T) {
	for _, units := range []*[8]time.Duration{&units2, &units3} {
		for b := range 256 {
			var d, again time.Duration
			codeTimer(&coder{b: []byte{byte(b)}, end: 1}, &d, units)
			w := &coder{writing: true}
			codeTimer(w, &d, units)
			codeTimer(&coder{b: w.b, end: 1}, &again, units)
			if w.err != nil || d != again {
				t.Errorf("%#02x: %v, then %v, %v", b, d, again, w.err)
			}
		}
	}
}

func TestTAILists(t *testing.T) {
	tai := func(p ident.PLMN, tacs ...ident.TAC) []ident.TAI {
		var out []ident.TAI
		for _, c := range tacs {
			out = append(out, ident.TAI{PLMN: p, TAC: c})
		}
		return out
	}
	for _, tt := range []struct {
		name, hex string
		want      []ident.TAI
	}{
		{"not consecutive", "02 00f110 000001 000005 000003", tai(p00101, 1, 5, 3)},
		{"consecutive", "23 00f110 000001", tai(p00101, 1, 2, 3, 4)},
		{"any network", "41 00f110 000001 09f107 000001", append(tai(p00101, 1), tai(p90170, 1)...)},
		{"two partial lists", "00 00f110 000001 21 09f107 000002", append(tai(p00101, 1), tai(p90170, 2, 3)...)},
		{"count beyond sixteen", "3f 00f110 000001", tai(p00101, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)},
		{"more than sixteen in all", "2f 00f110 000001 00 00f110 000063", tai(p00101, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)},
		{"reserved form", "60 00f110 000001", nil},
		{"beyond the last code", "21 00f110 ffffff", nil},
		{"cut", "01 00f110 000001", nil},
		{"cut within a code", "00 00f110 0000", nil},
		{"no network", "00 fffff0 000001", nil},
	} {
		b := unhex(tt.hex)
		var got []ident.TAI
		c := &coder{b: b, end: len(b)}
		if taiList(c, &got); (c.err == nil) != (tt.want != nil) || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %v, %v", tt.name, got, c.err)
		}
		if tt.want == nil {
			continue
		}
		w := &coder{writing: true}
		taiList(w, &tt.want)
		var again []ident.TAI
		r := &coder{b: w.b, end: len(w.b)}
		if taiList(r, &again); w.err != nil || r.err != nil || !reflect.DeepEqual(again, tt.want) || len(w.b) > 112 {
			t.Errorf("%s: became %x, %v, %v", tt.name, w.b, w.err, r.err)
		}
	}
	w := &coder{writing: true}
	many := make([]ident.TAI, 17)
	if taiList(w, &many); w.err == nil {
		t.Error("seventeen areas are written")
	}
}

func TestServiceAreas(t *testing.T) {
	one := []ident.TAI{{PLMN: p00101, TAC: 1}}
	for _, tt := range []struct {
		name, hex string
		want      *ServiceAreas
	}{
		{"allowed", "00 00f110 000001", &ServiceAreas{TAIs: one}},
		{"not allowed", "80 00f110 000001", &ServiceAreas{NotAllowed: true, TAIs: one}},
		{"a run that is not allowed, and one more", "a1 00f110 000001 80 00f110 000009", &ServiceAreas{NotAllowed: true, TAIs: []ident.TAI{{PLMN: p00101, TAC: 1}, {PLMN: p00101, TAC: 2}, {PLMN: p00101, TAC: 9}}}},
		{"a whole network", "60 00f110", &ServiceAreas{Networks: []ident.PLMN{p00101}}},
		{"areas and a network", "00 00f110 000001 60 09f107", &ServiceAreas{TAIs: one, Networks: []ident.PLMN{p90170}}},
		{"more networks than are kept", "60 00f110 60 00f110 60 00f110 60 09f107", &ServiceAreas{Networks: []ident.PLMN{p00101, p00101, p00101}}},
		{"parts that disagree", "80 00f110 000001 00 00f110 000002", nil},
		{"a network that is not allowed", "e0 00f110", nil},
		{"cut", "80 00f110 0000", nil},
	} {
		b := unhex(tt.hex)
		var got ServiceAreas
		c := &coder{b: b, end: len(b)}
		if serviceAreas(c, &got); (c.err == nil) != (tt.want != nil) || tt.want != nil && !reflect.DeepEqual(got, *tt.want) {
			t.Errorf("%s: %+v, %v", tt.name, got, c.err)
		}
		if tt.want == nil {
			continue
		}
		w := &coder{writing: true}
		serviceAreas(w, tt.want)
		var again ServiceAreas
		r := &coder{b: w.b, end: len(w.b)}
		if serviceAreas(r, &again); w.err != nil || r.err != nil || !reflect.DeepEqual(again, *tt.want) {
			t.Errorf("%s: became %x, %v, %v", tt.name, w.b, w.err, r.err)
		}
	}
	for _, bad := range []ServiceAreas{{NotAllowed: true, Networks: []ident.PLMN{p00101}}, {TAIs: make([]ident.TAI, 17)}, {Networks: make([]ident.PLMN, 4)}} {
		w := &coder{writing: true}
		if serviceAreas(w, &bad); w.err == nil {
			t.Errorf("%+v is written", bad)
		}
	}
}

func TestSNSSAI(t *testing.T) {
	for _, tt := range []struct {
		hex  string
		want ident.SNSSAI
		ok   bool
	}{
		{"01", internet, true},
		{"0102", internet, true},
		{"01010203", ident.SNSSAI{SST: 1, SD: 0x010203}, true},
		{"01ffffff", internet, true},
		{"0101020305", ident.SNSSAI{SST: 1, SD: 0x010203}, true},
		{"0101020305060708", ident.SNSSAI{SST: 1, SD: 0x010203}, true},
		{"", ident.SNSSAI{}, false},
		{"010203", ident.SNSSAI{}, false},
		{"010203040506", ident.SNSSAI{}, false},
		{"010203040506070809", ident.SNSSAI{}, false},
	} {
		b := unhex(tt.hex)
		var got ident.SNSSAI
		c := &coder{b: b, end: len(b)}
		if snssai(c, &got); tt.ok != (c.err == nil) || tt.ok && got != tt.want {
			t.Errorf("%q: %v, %v", tt.hex, got, c.err)
		}
	}
}

func TestDNN(t *testing.T) {
	for hex, want := range map[string]ident.DNN{
		"08696e7465726e6574":                  "internet",
		"08494e5445524e4554":                  "internet",
		"03696d73066d6e63303031":              "ims.mnc001",
		"":                                    "",
		"00":                                  "",
		"0100":                                "",
		"09696e7465726e6574":                  "",
		"03612e62":                            "",
		"0361006200":                          "",
		"04696d73":                            "",
		"036162630003616263":                  "",
		"3f" + "61":                           "",
		"0161016101610161016101610161" + "ff": "",
	} {
		b := unhex(hex)
		var got ident.DNN
		c := &coder{b: b, end: len(b)}
		if opt(c, &got, dnn); got != want || (want != "") != (c.err == nil) {
			t.Errorf("%q: %q, %v", hex, got, c.err)
		}
	}
}

func TestNetworkName(t *testing.T) {
	for hex, want := range map[string]string{
		"90004300f6":     "Cö",
		"84c8329bfd0e01": "Hello ", // seven bits, four spare
		"80d3b29c0e":     "Sed",
		"90":             "",
		"9000":           "",
		"90d800":         "",
		"a0004300f6":     "",
		"80":             "",
	} {
		b := unhex(hex)
		var got string
		c := &coder{b: b, end: len(b)}
		opt(c, &got, networkName)
		if (want == "") != (c.err != nil) || len(want) > 0 && len(got) == 0 {
			t.Errorf("%q: %q, %v", hex, got, c.err)
		}
		if hex[0] == '9' && got != want {
			t.Errorf("%q: %q, want %q", hex, got, want)
		}
	}
	if len(gsm7) != 128 {
		t.Errorf("the default alphabet has %d letters", len(gsm7))
	}
}

func TestUniversalTime(t *testing.T) {
	for _, hex := range []string{"62200000000000", "62310000000000", "6a110000000000", "62111300000000", "62110000000a00", "621100000000f0", "62920000000000"} {
		b := unhex(hex)
		var u *UniversalTime
		c := &coder{b: b, end: len(b)}
		if ptr(c, &u, universalTime); u != nil || c.err == nil {
			t.Errorf("%s: %v", hex, u)
		}
	}
	w := &coder{writing: true}
	if universalTime(w, &UniversalTime{Time: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)}); w.err == nil {
		t.Error("1999 is written")
	}
}

func TestPDUSessions(t *testing.T) {
	s := PDUSessions(0).With(1).With(15)
	if !s.Has(1) || s.Has(2) || s.Has(200) || s.Without(1).Has(1) || s != 0x8002 {
		t.Errorf("%04x", s)
	}
}

func TestQoSRules(t *testing.T) {
	for _, tt := range []struct {
		name, hex string
		ok        bool
	}{
		{"default", "01000631310101ff01", true},
		{"delete", "01000140", true},
		{"delete filters", "010003a20102", true},
		{"no filter contents", "010006" + "21 1100 0a 01 ", false},
		{"filter runs over", "010006313102010101", false},
		{"unknown component", "01000631310102ff01", false},
		{"component cut", "0100073131021000ff01", false},
		{"rule runs over", "01000731310101ff01", false},
		{"rule too long", "01000731310101ff0100", false},
		{"fifteen filters declared", "0100033f3101", false},
		{"precedence alone", "01000531310101ff", false},
		{"empty rule", "010000", false},
	} {
		b := unhex(tt.hex)
		var got []QoSRule
		c := &coder{b: b, end: len(b)}
		if list(c, &got, qosRules); tt.ok != (c.err == nil) || tt.ok != (got != nil) {
			t.Errorf("%s: %+v, %v", tt.name, got, c.err)
		}
	}
}

// Append refuses what has no encoding and gives back what it was given.
func TestAppendRefuses(t *testing.T) {
	for _, m := range []Message{
		&AuthenticationRequest{},
		&SecurityModeCommand{},
		&RegistrationRequest{Kind: 8, Identity: capturedSUCI},
		&RegistrationRequest{KSI: 16, Identity: capturedSUCI},
		&RegistrationRequest{Identity: MobileIdentity{Type: 9}},
		&RegistrationRequest{Identity: MobileIdentity{Type: IdentitySUCI}},
		&RegistrationRequest{Identity: MobileIdentity{Type: IdentityGUTI, GUTI: ident.GUTI{GUAMI: ident.GUAMI{Set: 1 << 10}}}},
		&RegistrationRequest{Identity: capturedSUCI, MICO: new(uint8(16))},
		&RegistrationAccept{T3512: new(3 * time.Second)},
		&RegistrationAccept{AllowedNSSAI: []ident.SNSSAI{}},
		&RegistrationAccept{AllowedNSSAI: make([]ident.SNSSAI, 20)},
		&RegistrationAccept{TAIs: make([]ident.TAI, 17)},
		&ULNASTransport{},
		&ULNASTransport{Payload: []byte{1}, DNN: "a..b"},
		&ConfigurationUpdateCommand{FullName: "\U0001F4E1"},
	} {
		b, err := Append([]byte{1, 2}, m)
		if err == nil || len(b) != 2 {
			t.Errorf("%T: %x", m, b)
		}
		if !errors.Is(err, ErrValue) && !errors.Is(err, ErrLength) {
			t.Errorf("%T: %v", m, err)
		}
	}
	if b, err := AppendSM([]byte{1}, SMHeader{}, &PDUSessionEstablishmentAccept{}); err == nil || len(b) != 1 {
		t.Errorf("%x", b)
	}
}

func TestNames(t *testing.T) {
	for got, want := range map[string]string{
		CauseSynchFailure.String():            "synch failure",
		Cause(200).String():                   "5GMM cause 200",
		SMCauseUnknownDNN.String():            "missing or unknown DNN",
		SMCause(200).String():                 "5GSM cause 200",
		TypeULNASTransport.String():           "UL NAS transport",
		MessageType(0).String():               "5GMM message type 0x00",
		TypePDUSessionReleaseCommand.String(): "PDU session release command",
		SMMessageType(0).String():             "5GSM message type 0x00",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
