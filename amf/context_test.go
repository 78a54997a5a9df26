package amf

import (
	"bytes"
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"cordon/ident"
	"cordon/wire/nas"
)

func goldenUE() *ue {
	caps, _ := nas.NewUESecurityCapability([]byte{0xf0, 0x70, 0xf0, 0x70})
	supi, _ := ident.ParseSUPI("001010000000007")
	u := &ue{
		supi: supi, imeisv: 0x3534900698733190, tmsi: 0xc0ffee01, former: 0xdecade02, ceiling: 70, ksi: 3, accepted: true,
		tai: ident.TAI{PLMN: testPLMN, TAC: 0x0102}, sessions: nas.PDUSessions(0).With(1).With(5), caps: caps,
		allowed: []ident.SNSSAI{{SST: 1, SD: ident.NoSD}, {SST: 2, SD: 0x010203}}, radioCap: "\x04\x02",
		sec: nas.Security{Uplink: 9, Downlink: 6, Integrity: 2, Ciphering: 1, Side: nas.Network},
	}
	u.routes[1], u.routes[5] = 1, 0
	for i := range u.kamf {
		u.kamf[i] = byte(i)
	}
	for i := range 16 {
		u.sec.KNASint[i], u.sec.KNASenc[i] = byte(0x40+i), byte(0x80+i)
	}
	return u
}

// goldenLists is where the routes of goldenUE stand.
var goldenLists = lists{routes: []route{{ident.SNSSAI{SST: 1, SD: ident.NoSD}, "internet"}}}

func goldenContext(t testing.TB) []byte {
	text, err := os.ReadFile("testdata/context.hex")
	if err != nil {
		t.Fatal(err)
	}
	b, err := hex.DecodeString(strings.Join(strings.Fields(string(text)), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestContext: the format is what disks hold, so it changes only with its version.
func TestContext(t *testing.T) {
	want := goldenContext(t)
	u := goldenUE()
	got := u.append(nil, &goldenLists)
	if !bytes.Equal(got, want) {
		t.Fatalf("got\n%x\nwant\n%x", got, want)
	}
	back, err := parseContext(want)
	if err != nil {
		t.Fatal(err)
	}
	if back.sec.Downlink != 70 {
		t.Errorf("downlink COUNT goes on at %d, not beyond all that may have been used", back.sec.Downlink)
	}
	if again := back.again(); !bytes.Equal(again, want) {
		t.Errorf("back\n%x", again)
	}
}

// again writes a context that was read.
func (s *stored) again() []byte {
	var l lists
	u := s.ue
	u.radioCap = s.radioCap
	for psi, to := range s.leads {
		if to != (route{}) {
			u.routes[psi] = l.number(to)
		}
	}
	return u.append(nil, &l)
}

// TestContextRefused: no prefix is taken for a whole, nor is anything longer or unsound.
func TestContextRefused(t *testing.T) {
	b := goldenContext(t)
	for n := range b {
		if _, err := parseContext(b[:n]); err == nil {
			t.Errorf("the first %d octets are accepted", n)
		}
	}
	if _, err := parseContext(append(b[:len(b):len(b)], 0)); err == nil {
		t.Error("one octet more is accepted")
	}
	for _, tt := range []struct {
		name string
		off  int
		val  byte
	}{
		{"version", 0, 1}, {"length of the SUPI", 1, 3}, {"NIA0", 89, 0}, {"NIA4", 89, 4}, {"NEA4", 90, 4}, {"no ngKSI", 91, 7},
		{"session 0", 108, 1}, {"uplink COUNT", 81, 1 << 1}, {"downlink COUNT", 85, 0xff}, {"capability of one octet", 109, 1}, {"no slice", 114, 0},
		{"a data network in capitals", 128, 'I'},
	} {
		bad := bytes.Clone(b)
		bad[tt.off] = tt.val
		if _, err := parseContext(bad); err == nil {
			t.Errorf("%s is accepted", tt.name)
		}
	}
}

// FuzzContext: what is accepted is written back the same.
func FuzzContext(f *testing.F) {
	f.Add(goldenContext(f))
	f.Add(goldenUE().append(nil, &goldenLists)[:110])
	f.Fuzz(func(t *testing.T, b []byte) {
		u, err := parseContext(b)
		if err != nil {
			if u.supi != 0 || u.radioCap != "" {
				t.Fatal("a refused context has a value")
			}
			return
		}
		if again := u.again(); !bytes.Equal(again, b) {
			t.Fatalf("%x\nbecame\n%x", b, again)
		}
	})
}

// TestRestored: what cannot be taken back is dropped, and what is there already stays.
func TestRestored(t *testing.T) {
	w := newWorld(t, testConfig())
	p := w.phone("a")
	w.register(p)
	blob := w.a.AppendContext(nil, p.supi)
	w.cfg.Limits.Devices = 1
	other := newWorld(t, w.cfg)
	for i, tt := range []struct {
		ev   Restored
		want Reason
	}{
		{Restored{Blob: blob}, ReasonBadContext},
		{Restored{Plan: w.plan, Blob: blob[1:]}, ReasonBadContext},
		{Restored{Plan: w.plan, Blob: blob}, ReasonAccepted},
		{Restored{Plan: w.plan, Blob: blob}, ReasonDuplicate},
		{Restored{Plan: w.plan, Blob: goldenUE().append(nil, &goldenLists)}, ReasonFull},
	} {
		before := other.drops[tt.want]
		other.step(tt.ev)
		if other.drops[tt.want] != before+1 {
			t.Errorf("case %d: not %v", i, tt.want)
		}
	}
	if b := other.a.AppendContext(nil, 1); b != nil {
		t.Error("a stranger has a context")
	}
}
