package node

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon/evidence"
	"cordon/ident"
	"cordon/ran"
	"cordon/rules"
	"cordon/subscriber"
	"cordon/wire/ngap"
)

// What others do to have rules turn against an element that did nothing, in a running core under the regime
// "contain".

// framedIMSI is a number whose digits nothing else has.
const framedIMSI = "001019876543210"

// phones registers so many on an honest radio, one after another.
func (l *land) phones(r *ran.Radio, n int) (all []*ran.UE) {
	l.Helper()
	first, err := ident.ParseSUPI(framedIMSI)
	l.must(err)
	phone := l.load.Groups[0].Phone
	phone.Conceal = ran.Concealment{Routing: phone.Conceal.Routing} // the number in the clear
	for i := range n {
		supi := first + ident.SUPI(i)
		l.must(l.Store.Add(subscriber.Profile{SUPI: supi, Plan: "gold", Credentials: subscriber.Credentials{
			AMF: [2]byte{0x80, 0}, K: subscriber.NewSecret(testK[:]), OPc: subscriber.NewSecret(testOPc[:])}}, false))
		u, err := r.Add(l.Context(), supi, &phone)
		l.must(err)
		l.must(u.Register(l.soon()))
		all = append(all, u)
	}
	return all
}

// contained puts a land under "contain", which has nothing against its makers.
func contained(l *land) {
	l.packs = []string{"contain"}
	for i := range l.facts.Elements {
		e := &l.facts.Elements[i]
		e.Manager, e.Support = e.Vendor, []string{e.Vendor}
	}
}

// radio is one of the land's radios, an honest one.
func (l *land) radio(place int) *ran.Radio {
	l.Helper()
	r, err := ran.Open(l.Context(), l.load.Radios[place])
	l.must(err)
	l.Cleanup(r.Close)
	return r
}

// bcd is digits as NAS has them.
func bcd(digits string) (b []byte) {
	for i := 0; i+1 < len(digits); i += 2 {
		b = append(b, digits[i]-'0'|(digits[i+1]-'0')<<4)
	}
	return b
}

// forged is NAS under the device's security header whose code is wrong, and in which its number stands.
func forged() []byte {
	return slices.Concat([]byte{0x7e, 0x02, 1, 2, 3, 4, 0}, []byte(framedIMSI), bcd(framedIMSI[5:]))
}

// found waits until the book has so many findings of a kind against an element, and reports how many of
// them count.
func (l *land) found(element, kind string, count uint64) (counting int) {
	l.Helper()
	l.eventually(kind+" is found of "+element, func() bool {
		for _, e := range findings(l, element) {
			if e.Kind == kind && e.Count >= count {
				counting = e.Day
				return true
			}
		}
		return false
	})
	return counting
}

// stands is what the law says of an element once it has seen all findings.
func (l *land) stands(place int) rules.Verdict {
	l.Helper()
	l.must(l.followFindings(time.Now()))
	return rules.Decide(l.Core.law.now.Load(), rules.Question{Gate: rules.GateDevice, Element: places[place], Protected: true})
}

// One phone does not keep protected subscribers off its radio, whatever it sends; ten different ones do.
func TestFramingByPhone(t *testing.T) {
	l := inLand(t, "", contained)
	defer l.audit()
	phones := l.phones(l.radio(hill), 11)
	for range 50 {
		l.must(phones[0].SendNAS(t.Context(), forged()))
	}
	if n := l.found("hill", "mac", 50); n != 1 {
		t.Errorf("%d of one phone's count", n)
	}
	if v := l.stands(hill); v.Act != rules.Allow {
		t.Errorf("the radio of one hostile phone is under %s", ruleID(v.Rule))
	}
	for _, u := range phones[1:] {
		l.must(u.SendNAS(t.Context(), forged()))
	}
	if n := l.found("hill", "mac", 60); n != 11 {
		t.Errorf("%d of eleven phones count", n)
	}
	if v := l.stands(hill); v.Act != rules.Refuse || ruleID(v.Rule) != "CONTAIN-15" {
		t.Errorf("the radio of eleven is under %s: %v", ruleID(v.Rule), v.Act)
	}
}

// Who sends from a radio's address on N3 turns nothing against it.
func TestFramingByAddress(t *testing.T) {
	l := inLand(t, "", contained)
	defer l.audit()
	u := l.phones(l.radio(hill), 1)[0]
	st, err := u.Status(t.Context())
	l.must(err)
	s, _ := st.Session(1)
	spoofer, err := net.DialUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback(t, 10), 0)), net.UDPAddrFromAddrPort(l.N3))
	l.must(err)
	defer spoofer.Close()
	other, err := net.DialUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback(t, 11), 0)), net.UDPAddrFromAddrPort(l.N3))
	l.must(err)
	defer other.Close()
	l.radio(mill) // whose address the other has
	send := func(b []byte) {
		t.Helper()
		_, err := spoofer.Write(b)
		l.must(err)
		_, err = other.Write(b)
		l.must(err)
	}
	number := slices.Concat(udp(1, 7), []byte(framedIMSI), bcd(framedIMSI[5:]))
	for i := range ident.TEID(400) {
		send(outer(s.Remote+1+i, number))                                                             // a sweep
		send(outer(s.Remote, inner(netip.MustParseAddr("10.45.9.9"), testEcho.Addr(), 17, number)))   // not the device's address
		send(outer(s.Remote, inner(s.Addr, netip.MustParseAddr("255.255.255.255"), 17, number))[:20]) // cut off
	}
	for _, kind := range []string{"TEID sweep", "spoofed source", "malformed GTP-U"} {
		l.found("hill", kind, 20)
	}
	l.found("mill", "second outer source", 20)
	for _, place := range []int{hill, mill} {
		if v := l.stands(place); v.Act != rules.Allow {
			t.Errorf("%s is under %s", places[place], ruleID(v.Rule))
		}
	}
}

// A radio that devices are handed over to asks for their connections in good faith. One that names another's without
// being handed it over is refused.
func TestFramingByNeighbour(t *testing.T) {
	l := inLand(t, "", contained)
	defer l.audit()
	st, err := l.phones(l.radio(hill), 1)[0].Status(t.Context())
	l.must(err)
	cfg := l.load.Radios[mill]
	r := l.raw()
	l.accepted(r, cfg)
	at := ngap.UserLocation{Kind: ngap.AccessNR, PLMN: cfg.Node.PLMN, Cell: uint64(cfg.Node.ID)<<12 | 1, TAI: ident.TAI{PLMN: cfg.Node.PLMN, TAC: mill + 1}}
	for range 20 {
		l.must(r.Send(&ngap.PathSwitchRequest{SourceAMFUENGAPID: st.AMF, RANUENGAPID: 5, UserLocation: at,
			Switch: []ngap.PDUSessionTransfer{{ID: 1, Transfer: []byte{0}}}}, 1))
		l.must(r.Send(&ngap.UplinkNASTransport{AMFUENGAPID: st.AMF, RANUENGAPID: 5, NASPDU: forged(), UserLocation: at}, 1))
	}
	l.found("mill", "path switch", 40)
	if v := l.stands(mill); v.Act != rules.Allow {
		t.Errorf("it is under %s", ruleID(v.Rule))
	}
	cfg = l.load.Radios[port]
	r = l.raw()
	l.accepted(r, cfg)
	at.Cell, at.TAI.TAC = uint64(cfg.Node.ID)<<12|1, port+1
	for range 3 {
		l.must(r.Send(&ngap.UplinkNASTransport{AMFUENGAPID: st.AMF, RANUENGAPID: 5, NASPDU: forged(), UserLocation: at}, 1))
	}
	l.found("port", "stolen connection", 3)
	if v := l.stands(port); v.Act != rules.Refuse || ruleID(v.Rule) != "CONTAIN-16" {
		t.Errorf("a thief is under %s: %v", ruleID(v.Rule), v.Act)
	}
}

// Who presents the identity of a radio that is connected turns nothing against it, from whatever address.
func TestFramingByImpostor(t *testing.T) {
	l := inLand(t, "", contained)
	defer l.audit()
	l.radio(hill)
	for range 12 {
		cfg := l.load.Radios[hill]
		r := l.raw()
		l.refused(r, cfg)
		cfg.TACs = []ident.TAC{1, 7}
		l.refused(r, cfg)
		r.Close()
	}
	l.found("", "duplicate radio", 12)
	l.found("", "scope", 12)
	if list := findings(l, "hill"); len(list) != 0 {
		t.Errorf("against the radio is %+v", list)
	}
	if v := l.stands(hill); v.Act != rules.Allow {
		t.Errorf("it is under %s", ruleID(v.Rule))
	}
}

// forms of a number in which a file could have it.
func numberForms() (all [][]byte) {
	for _, b := range [][]byte{[]byte(framedIMSI), []byte(framedIMSI[5:]), bcd(framedIMSI[5:])} {
		all = append(all, b, []byte(hex.EncodeToString(b)))
		for shift := range 3 {
			text := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), b...))
			if text = text[4*min(shift, 1) : len(text)-2]; len(text) > 7 { // without what depends on its neighbours
				all = append(all, []byte(text))
			}
		}
	}
	return all
}

// No number that a message shows comes to light in evidence or logs, though the operator can look at the
// message.
func TestNoNumberInEvidence(t *testing.T) {
	log := &kept{}
	l := inLand(t, "")
	l.end(t)()
	l.world = startLogging(t, l.cfg, NewLogger(log, LogConfig{}))
	l.load = l.world.load(t, 0)
	l.load.Radios = ran.Radios(len(places), l.load.Radios[0])
	for i := range l.load.Radios {
		l.load.Radios[i].TACs = []ident.TAC{ident.TAC(i + 1)}
	}
	defer l.audit()
	r := l.radio(hill)
	u := l.phones(r, 1)[0]
	l.must(u.SendNAS(t.Context(), forged()))
	l.found("hill", "mac", 1)
	st, err := u.Status(t.Context())
	l.must(err)
	s, _ := st.Session(1)
	spoofer, err := net.DialUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback(t, 10), 0)), net.UDPAddrFromAddrPort(l.N3))
	l.must(err)
	defer spoofer.Close()
	_, err = spoofer.Write(outer(s.Remote, inner(netip.MustParseAddr("10.45.9.9"), testEcho.Addr(), 17, slices.Concat(udp(1, 7), []byte(framedIMSI)))))
	l.must(err)
	l.found("hill", "spoofed source", 1)
	raw := l.raw()
	l.accepted(raw, l.load.Radios[mill])
	at := ngap.UserLocation{Kind: ngap.AccessNR, PLMN: l.load.Radios[mill].Node.PLMN, Cell: 1, TAI: ident.TAI{PLMN: l.load.Radios[mill].Node.PLMN, TAC: 9}}
	l.must(raw.Send(&ngap.InitialUEMessage{RANUENGAPID: 1, NASPDU: forged(), UserLocation: at}, 1))
	l.must(raw.SendRaw(ran.Message{PPID: ran.PPID, Data: forged()}))
	l.found("mill", "location", 1)
	l.found("mill", "malformed", 1)

	shown := 0
	for _, e := range l.evidence() {
		if e.Kind == evidence.Finding && strings.HasPrefix(detail(e, "octets_digest"), "hmac-sha256:") {
			shown++
		}
	}
	if shown < 4 {
		t.Errorf("only %d findings in evidence: the test looks at too little", shown)
	}
	for _, e := range append(findings(l, "hill"), findings(l, "mill")...) {
		if !bytes.Contains(e.FirstBytes, []byte(framedIMSI)) {
			t.Errorf("the operator is not shown the message of %s", e.Kind)
		}
	}
	files := 0
	l.must(filepath.WalkDir(l.cfg.Evidence.Path, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		unnumbered(t, path, text)
		return err
	}))
	unnumbered(t, "the log", []byte(log.String()))
	if files < 3 || len(log.String()) < 100 {
		t.Errorf("only %d files and %d octets of log: the test looks at too little", files, len(log.String()))
	}
}

func unnumbered(t *testing.T, name string, text []byte) {
	t.Helper()
	for _, form := range numberForms() {
		if bytes.Contains(text, form) {
			t.Errorf("%s has the subscriber's number, as %q", name, form)
		}
	}
}
