package amf

import (
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"cordon/ident"
	"cordon/subscriber"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

var update = flag.Bool("update", false, "rewrite testdata")

// TestScripts replays testdata/*.txt: a line "> event" is fed to a new machine, and the
// effects it asked for stand beneath it, with what the phone makes of the NAS messages.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err) // an empty corpus is a failure, not a pass
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := replay(t, string(want))
			if bytes.Equal(got, want) {
				return
			}
			if *update {
				if err := os.WriteFile(name, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("got:\n%s\nwant:\n%s", got, want)
		})
	}
}

func replay(t *testing.T, script string) []byte {
	var got bytes.Buffer
	w := newWorld(t, testConfig())
	w.log = func(format string, args ...any) {
		if !w.quiet {
			fmt.Fprintf(&got, "  "+format+"\n", args...)
		}
	}
	for line := range strings.Lines(script) {
		switch {
		case strings.HasPrefix(line, "#"), strings.TrimSpace(line) == "":
			got.WriteString(line)
		case strings.HasPrefix(line, "> "):
			got.WriteString(line)
			w.command(strings.Fields(line[2:]))
			got.WriteString(w.states())
		}
	}
	return got.Bytes()
}

// states is where each phone's connection stands.
func (w *world) states() string {
	if w.quiet {
		return ""
	}
	var parts []string
	for _, name := range sortedNames(w.phones) {
		p := w.phones[name]
		switch c := w.a.conns[p.conn]; {
		case c != nil:
			parts = append(parts, fmt.Sprintf("%s %v", name, c.state))
		case w.a.ues[p.supi] != nil:
			parts = append(parts, name+" idle")
		}
	}
	return "  = " + strings.Join(parts, ", ") + "\n"
}

func sortedNames(m map[string]*phone) (out []string) {
	for name := range m {
		if !strings.HasPrefix(name, "fresh") {
			out = append(out, name)
		}
	}
	for i := range out {
		for j := i + 1; j < len(out); j++ {
			if out[j] < out[i] {
				out[i], out[j] = out[j], out[i]
			}
		}
	}
	return out
}

// command is one line: who does what, and how.
func (w *world) command(f []string) {
	has := func(word string) bool {
		for _, s := range f {
			if s == word {
				return true
			}
		}
		return false
	}
	switch f[0] {
	case "wait":
		d, err := time.ParseDuration(f[1])
		if err != nil {
			w.t.Fatal(err)
		}
		w.tick(d)
		return
	case "restart":
		w.restart()
		return
	case "law":
		w.obey(f[1:]...)
		return
	case "alive":
		w.quiet = true
		w.alive(w.phone(f[1]))
		w.quiet = false
		return
	}
	if strings.HasPrefix(f[0], "radio") {
		w.radioCommand(f[0], f[1:])
		return
	}
	p := w.phone(f[0])
	num := func(i int) ident.PDUSessionID {
		n, err := strconv.Atoi(f[i])
		if err != nil {
			w.t.Fatalf("%v: %v", f, err)
		}
		return ident.PDUSessionID(n)
	}
	switch f[1] {
	case "registers": // the whole of it, without a word
		w.quiet = true
		w.register(p)
		w.quiet = false
	case "session": // likewise
		w.quiet = true
		w.establish(p, num(2))
		w.quiet = false
	case "idles":
		w.quiet = true
		w.idle(p)
		w.quiet = false
	case "at":
		p.radio = RadioID(num(2))
	case "is":
		w.become(p, f[2], f[3:])
	case "asks":
		w.asks(p, f[2:], has)
	case "vector":
		why := map[string]VectorError{"unknown": VectorUnknown, "bad": VectorBadIdentity, "auts": VectorBadAUTS, "busy": VectorBusy, "unavailable": VectorUnavailable}
		if len(f) == 2 {
			w.answerVector(p, VectorOK)
		} else {
			w.answerVector(p, why[f[2]])
		}
	case "says":
		w.says(p, f[2], f[3:], has)
	case "radio":
		w.radioSays(p, f[2], f[3:])
	case "lost":
		w.step(Lost{p.conn})
	case "smf":
		w.smf(p, f[2], num(3))
	case "evicted":
		w.step(Evict{p.conn})
	case "classed":
		p.vip = has("protected")
		w.step(Classed{SUPI: p.supi, Protected: p.vip})
	case "operator":
		w.step(Deregister{SUPI: p.supi, Reregister: has("again")})
	default:
		w.t.Fatalf("unknown command %q", f)
	}
}

func (w *world) become(p *phone, what string, args []string) {
	switch what {
	case "protected":
		p.vip = true
	case "eap":
		p.method = subscriber.EAPAKAPrime
	case "ahead": // a SIM that has seen later challenges
		p.sim[0] = 1 << 20
	case "capable":
		b, err := hex.DecodeString(args[0])
		if err != nil {
			w.t.Fatal(err)
		}
		if p.caps, err = nas.NewUESecurityCapability(b); err != nil {
			w.t.Fatal(err)
		}
	case "forgetful":
		p.guti, p.sec, p.ksi = nil, nas.Security{}, nas.NoKSI
	case "foreign":
		g := ident.GUTI{GUAMI: ident.GUAMI{PLMN: testPLMN, Region: 9, Set: 9}, TMSI: 77}
		p.guti = &g
	case "counting": // both ends, near the end of their COUNTs
		n := uint32(1<<24 - 900)
		u := w.a.ues[p.supi]
		p.sec.Uplink, p.sec.Downlink, u.sec.Uplink, u.sec.Downlink, u.ceiling = n, n, n, n, n+countAhead
	case "posing": // claims another's identity, without the keys
		p.guti = w.phone(args[0]).guti
	default:
		w.t.Fatalf("unknown quality %q", what)
	}
}

// asks is a first message.
func (w *world) asks(p *phone, f []string, has func(string) bool) {
	status := func() *nas.PDUSessions { return listed(f, "has=") }
	data := func() *nas.PDUSessions {
		if !has("data") {
			return nil
		}
		return status()
	}
	switch f[0] {
	case "service":
		m := &nas.ServiceRequest{KSI: p.ksi, Service: nas.ServiceSignalling, STMSI: p.guti.STMSI(), SessionStatus: status(), UplinkData: data()}
		if has("data") {
			m.Service = nas.ServiceData
		}
		if has("paged") {
			m.Service = nas.ServiceMobileTerminated
		}
		if has("plain") {
			w.connect(p, plain(m.Cleartext()), has("context"))
			return
		}
		w.connect(p, p.servicePDU(m), has("context"))
	case "farewell":
		m := &nas.DeregistrationRequestUE{Kind: nas.Deregister3GPP, KSI: p.ksi, Identity: nas.MobileIdentity{Type: nas.IdentityGUTI, GUTI: *p.guti}}
		w.connect(p, p.seal(plain(m), nas.HeaderIntegrity), false)
	default:
		kinds := map[string]nas.RegistrationType{"registration": nas.RegistrationInitial, "mobility": nas.RegistrationMobility, "periodic": nas.RegistrationPeriodic, "emergency": nas.RegistrationEmergency, "onboarding": nas.RegistrationSNPN, "reserved": 7}
		kind, ok := kinds[f[0]]
		if !ok {
			w.t.Fatalf("unknown request %q", f)
		}
		m := p.registration(kind)
		m.FollowOn = !has("only")
		m.SessionStatus, m.UplinkData = status(), data()
		if has("from-eps") {
			m.AdditionalGUTI = p.guti
			m.Identity.GUTI = ident.GUTI{GUAMI: ident.GUAMI{PLMN: testPLMN, Region: 8, Set: 8}, TMSI: 5}
		}
		if has("slices") {
			m.RequestedNSSAI = w.cfg.Slices
		}
		if has("slice") {
			m.RequestedNSSAI = []ident.SNSSAI{{SST: 1, SD: ident.NoSD}, {SST: 7, SD: ident.NoSD}}
		}
		pdu := p.initialPDU(m)
		if has("plain") {
			pdu = plain(m.Cleartext())
		}
		if has("forged") {
			pdu[3] ^= 1
		}
		w.connect(p, pdu, has("context"))
	}
}

// listed are the sessions in the word that begins so, nil where there is none.
func listed(words []string, prefix string) *nas.PDUSessions {
	for _, word := range words {
		if n, ok := strings.CutPrefix(word, prefix); ok {
			var s nas.PDUSessions
			for d := range strings.SplitSeq(n, ",") {
				v, _ := strconv.Atoi(d)
				s = s.With(ident.PDUSessionID(v))
			}
			return &s
		}
	}
	return nil
}

func (w *world) restart() {
	saved := w.saved
	old := w.a
	w.a = New(w.cfg, 0, 1, old.rand)
	w.conns = map[ident.AMFUENGAPID]*phone{}
	w.a.Step(w.now, NewLaw{Law: w.law, Forbidden: w.law.Forbidden()})
	for _, name := range sortedNames(w.phones) {
		if b, ok := saved[w.phones[name].supi]; ok {
			w.step(Restored{Plan: w.plan, Protected: w.phones[name].vip, Blob: b})
		}
	}
}

func (w *world) smf(p *phone, what string, psi ident.PDUSessionID) {
	m := SMMessage{SUPI: p.supi, PSI: psi, SNSSAI: w.cfg.Slices[0]}
	switch what {
	case "setup":
		m.N1, m.N2, m.Transfer = []byte{0x2e, byte(psi), 1, 0xc2}, N2SetupRequest, []byte("setup")
	case "release":
		m.N1, m.N2, m.Transfer = []byte{0x2e, byte(psi), 0, 0xd3}, N2ReleaseCommand, []byte("release")
	case "n1":
		m.N1 = []byte{0x2e, byte(psi), 1, 0xc3}
	case "activated":
		w.step(SMActivated{SUPI: p.supi, PSI: psi, SNSSAI: w.cfg.Slices[0], Transfer: []byte("again"), OK: true})
		return
	case "inactive":
		w.step(SMActivated{SUPI: p.supi, PSI: psi})
		return
	case "reach":
		w.step(SMReach{SUPI: p.supi, PSI: psi})
		return
	case "ended":
		w.step(SMEnded{SUPI: p.supi, PSI: psi})
		return
	}
	w.step(m)
}

func (w *world) radioSays(p *phone, what string, args []string) {
	var items []ngap.PDUSessionTransfer
	for _, a := range args {
		if n, err := strconv.Atoi(a); err == nil {
			items = append(items, ngap.PDUSessionTransfer{ID: ident.PDUSessionID(n), Transfer: []byte("radio's")})
		}
	}
	unknown := ngap.CauseRadioUnknownLocalUENGAPID
	id, ran := p.conn, p.ran
	messages := map[string]ngap.Message{
		"context-ok":       &ngap.InitialContextSetupResponse{AMFUENGAPID: id, RANUENGAPID: ran, Setup: items},
		"context-failed":   &ngap.InitialContextSetupFailure{AMFUENGAPID: id, RANUENGAPID: ran, Failed: items, Cause: ngap.CauseRadioUnspecified},
		"setup-ok":         &ngap.PDUSessionResourceSetupResponse{AMFUENGAPID: id, RANUENGAPID: ran, Setup: items},
		"setup-failed":     &ngap.PDUSessionResourceSetupResponse{AMFUENGAPID: id, RANUENGAPID: ran, Failed: items},
		"release-ok":       &ngap.PDUSessionResourceReleaseResponse{AMFUENGAPID: id, RANUENGAPID: ran, Released: items},
		"notify":           &ngap.PDUSessionResourceNotify{AMFUENGAPID: id, RANUENGAPID: ran, Released: items},
		"release-request":  &ngap.UEContextReleaseRequest{AMFUENGAPID: id, RANUENGAPID: ran, Cause: ngap.CauseRadioUserInactivity},
		"release-complete": &ngap.UEContextReleaseComplete{AMFUENGAPID: id, RANUENGAPID: ran},
		"not-delivered":    &ngap.NASNonDeliveryIndication{AMFUENGAPID: id, RANUENGAPID: ran, NASPDU: []byte{0x7e, 0, 0x5c}, Cause: ngap.CauseRadioUnspecified},
		"error":            &ngap.ErrorIndication{AMFUENGAPID: &id, RANUENGAPID: &ran, Cause: &unknown},
		"complaint":        &ngap.ErrorIndication{AMFUENGAPID: &id, RANUENGAPID: &ran},
		"inactive":         &ngap.RRCInactiveTransitionReport{AMFUENGAPID: id, RANUENGAPID: ran, UserLocation: w.location(p.radio)},
		"location":         &ngap.LocationReport{AMFUENGAPID: id, RANUENGAPID: ran, UserLocation: w.location(p.radio)},
		"handover":         &ngap.HandoverRequired{AMFUENGAPID: id, RANUENGAPID: ran},
		"handover-cancel":  &ngap.HandoverCancel{AMFUENGAPID: id, RANUENGAPID: ran},
		"handover-notify":  &ngap.HandoverNotify{AMFUENGAPID: id, RANUENGAPID: ran},
		"path-switch":      &ngap.PathSwitchRequest{SourceAMFUENGAPID: id, RANUENGAPID: ran, Switch: items},
		"modify":           &ngap.PDUSessionResourceModifyIndication{AMFUENGAPID: id, RANUENGAPID: ran, Modify: items},
		"capability":       &ngap.UERadioCapabilityInfoIndication{AMFUENGAPID: id, RANUENGAPID: ran, UERadioCapability: bytes.Repeat([]byte{7}, 300)},
		"great-capability": &ngap.UERadioCapabilityInfoIndication{AMFUENGAPID: id, RANUENGAPID: ran, UERadioCapability: make([]byte, 1<<20)},
	}
	m, ok := messages[what]
	if !ok {
		w.t.Fatalf("unknown message %q", what)
	}
	w.fromRadio(p, m)
}
