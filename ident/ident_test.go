package ident

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestPLMN(t *testing.T) {
	for _, tt := range []struct {
		text, mcc, mnc, snn string
		octets              PLMN
	}{
		{"00101", "001", "01", "5G:mnc001.mcc001.3gppnetwork.org", PLMN{0x00, 0xf1, 0x10}},
		{"001001", "001", "001", "5G:mnc001.mcc001.3gppnetwork.org", PLMN{0x00, 0x11, 0x00}},
		{"310410", "310", "410", "5G:mnc410.mcc310.3gppnetwork.org", PLMN{0x13, 0x00, 0x14}},
		{"26201", "262", "01", "5G:mnc001.mcc262.3gppnetwork.org", PLMN{0x62, 0xf2, 0x10}},
	} {
		p, err := ParsePLMN(tt.text)
		if err != nil || p != tt.octets || p.MCC() != tt.mcc || p.MNC() != tt.mnc || p.String() != tt.text || p.ServingNetworkName() != tt.snn || !p.Valid() {
			t.Errorf("%s: % x, %v, %s %s %s", tt.text, p, err, p.MCC(), p.MNC(), p.ServingNetworkName())
		}
	}
	for _, bad := range []string{"", "0010", "0010101", "00a01", "001 1"} {
		if p, err := ParsePLMN(bad); err == nil {
			t.Errorf("%q was read as %v", bad, p)
		}
	}
	for _, bad := range []PLMN{{0xaf, 0xf1, 0x10}, {0x00, 0xe1, 0x10}, {0x00, 0xf1, 0xb0}} {
		if bad.Valid() {
			t.Errorf("% x is valid", bad)
		}
	}
}

// A SUPI keeps its digits, leading zeros among them, and shows them to nobody who does not ask.
func TestSUPI(t *testing.T) {
	for _, digits := range []string{"001010000000001", "999700000000001", "00101", "310410123456789"} {
		s, err := ParseSUPI("imsi-" + digits)
		if err != nil || s.IMSI() != digits || string(s.Key()) != digits {
			t.Errorf("%s: %q, %v", digits, s.IMSI(), err)
		}
		j, err := json.Marshal(map[string]any{"v": s, "in": []SUPI{s}})
		if err != nil {
			t.Fatal(err)
		}
		for _, shown := range []string{fmt.Sprint(s), fmt.Sprintf("%v %s %+v", s, s, struct{ S SUPI }{s}), string(j)} {
			if len(digits) > 5 && strings.Contains(shown, digits[5:]) {
				t.Errorf("%q gives the subscriber away", shown)
			}
		}
	}
	if SUPI(0).IMSI() != "" || SUPI(0).String() != "imsi-" {
		t.Error("the zero SUPI has digits")
	}
	for _, bad := range []string{"", "0010", "0010100000000011", "00101x", "imsi-", "-00101000000001"} {
		if _, err := ParseSUPI(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
	p, _ := ParsePLMN("00101")
	s, _ := ParseSUPI("001010000000001")
	if !s.InPLMN(p) || s.InPLMN(PLMN{0x00, 0xf1, 0x20}) {
		t.Error("InPLMN")
	}
}

func TestRoutingIndicator(t *testing.T) {
	for _, text := range []string{"0", "12", "678", "9999"} {
		r, err := ParseRoutingIndicator(text)
		if err != nil || r.String() != text || !r.Valid() {
			t.Errorf("%s: %v, %v", text, r, err)
		}
	}
	for _, bad := range []string{"", "12345", "1a"} {
		if _, err := ParseRoutingIndicator(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
	for _, bad := range []RoutingIndicator{{0xff, 0xff}, {0xa0, 0xff}, {0xf0, 0xf1}} {
		if bad.Valid() {
			t.Errorf("% x is valid", bad)
		}
	}
}

func TestSlice(t *testing.T) {
	for _, tt := range []struct {
		text string
		want SNSSAI
	}{{"1", SNSSAI{1, NoSD}}, {"1-010203", SNSSAI{1, 0x010203}}, {"255-000000", SNSSAI{255, 0}}} {
		s, err := ParseSNSSAI(tt.text)
		if err != nil || s != tt.want || s.String() != tt.text {
			t.Errorf("%s: %v, %v", tt.text, s, err)
		}
	}
	if s, err := ParseSNSSAI("1-ffffff"); err != nil || s != (SNSSAI{1, NoSD}) || s.String() != "1" {
		t.Errorf("ffffff is no differentiator: %v, %v", s, err)
	}
	for _, bad := range []string{"", "256", "1-", "1-01020", "1-0102034", "x"} {
		if _, err := ParseSNSSAI(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestTACAndDNN(t *testing.T) {
	if tac, err := ParseTAC("0x0000ff"); err != nil || tac != 255 || tac.String() != "255 (0x0000ff)" {
		t.Errorf("%v, %v", tac, err)
	}
	for _, bad := range []string{"", "-1", "16777216", "0xfffffff", "a"} {
		if _, err := ParseTAC(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
	if d, err := ParseDNN("IMS.mnc001"); err != nil || d != "ims.mnc001" {
		t.Errorf("%q, %v", d, err)
	}
	for _, bad := range []string{"", ".", "a..b", "a_b", strings.Repeat("a", 64), strings.Repeat("a.", 50) + "a"} {
		if _, err := ParseDNN(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestCell(t *testing.T) {
	c := NRCGI{PLMN{0x00, 0xf1, 0x10}, 0x000100001}
	if c.GNB(24) != 0x100 {
		t.Errorf("gNB %x", c.GNB(24))
	}
	g := GUTI{GUAMI{PLMN{0x00, 0xf1, 0x10}, 1, 2, 3}, 0xdeadbeef}
	if g.STMSI() != (STMSI{2, 3, 0xdeadbeef}) || g.String() != "00101-01-002-03-deadbeef" {
		t.Errorf("%v %v", g, g.STMSI())
	}
	if n := (RANNode{PLMN{0x00, 0xf1, 0x10}, GNB, 24, 0x100}); n.String() != "gnb-00101-100/24" {
		t.Errorf("%v", n)
	}
}

func TestParseRANNode(t *testing.T) {
	for _, s := range []string{"gnb-00101-19b/22", "gnb-001001-ffffffff/32", "ngenb-00101-fffff/20", "ngenb-short-00101-1/18", "ngenb-long-00101-0/21", "n3iwf-26202-ffff/16"} {
		if n, err := ParseRANNode(s); err != nil || n.String() != s {
			t.Errorf("%s: %v, %v", s, n, err)
		}
	}
	for _, s := range []string{"", "-", "--", "gnb", "gnb-00101", "gnb-00101-19b", "gnb-00101-19b/21", "gnb-00101-19b/33", "gnb-00101-400000/22", "gnb-0010-1/22",
		"gnb-00101-x/22", "gnb-00101--1/22", "enb-00101-1/20", "ngenb-00101-1/18", "gnb-00101-1/278"} {
		if n, err := ParseRANNode(s); err == nil || n != (RANNode{}) {
			t.Errorf("%s: %v", s, n)
		}
	}
}

func TestParseGNB(t *testing.T) {
	if n, err := ParseGNB("1a2b/24"); err != nil || n != (RANNode{Kind: GNB, Bits: 24, ID: 0x1a2b}) {
		t.Errorf("%v %v", n, err)
	}
	for _, s := range []string{"", "1a2b", "1a2b/21", "1a2b/33", "400000/22", "x/24", "/24"} {
		if n, err := ParseGNB(s); err == nil {
			t.Errorf("%s: %v", s, n)
		}
	}
}
