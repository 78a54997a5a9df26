package node

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon/console"
	"cordon/evidence"
	"cordon/geo"
	"cordon/ident"
	"cordon/ledger"
	"cordon/ran"
	"cordon/rules"
	"cordon/subscriber"
	"cordon/transport"
	"cordon/trust"
	"cordon/wire/ngap"
)

// What each gate does in a running core, over real sockets: to radios, to phones that are attached while the law
// changes, and what evidence is left of it. Every test ends with an audit of the evidence.

// A land is a core under a law of the test's own, with three radios that broadcast a tracking area each, and
// phones that reach them all.
type land struct {
	*world
	*testing.T
	cfg   Config
	facts *rules.Facts
	law   string   // the rules of the regime "own", each a line
	packs []string // regimes that come with Cordon, beside it
	load  ran.Config
	live  *ran.Live
	told  int // entries of evidence that tells has passed
	who   console.Act

	groups int // of phones so far

	within func(func() error) error // where the core opens its sockets; nil: here
}

// The radios of a land, by the place in its load and by the names of their records.
const (
	hill = iota
	mill
	port
)

var places = [...]string{"hill", "mill", "port"}

// landFacts are records of the three: hill is acme's, mill and port are others', and each is near the next.
func landFacts(t testing.TB) *rules.Facts {
	f := &rules.Facts{Zones: []rules.Zone{{Name: "base", Purpose: rules.Sensitive, Area: geo.Area{Centre: geo.Point{Lat: 52, Lon: 0}, Radius: 1000}}}}
	for i, name := range places {
		f.Vendors = append(f.Vendors, rules.Vendor{Name: [...]string{"acme", "nordic", "kestrel"}[i]})
		f.Sites = append(f.Sites, rules.Site{Name: name, Country: "GB", At: geo.Point{Lat: 51.5 + 0.01*float64(i), Lon: -0.1}, Placed: true})
		e := testRadio(0x100+uint32(i), loopback(t, byte(10+i)))
		e.Name, e.Vendor, e.Manager, e.Site, e.TACs = name, f.Vendors[i].Name, f.Vendors[i].Name, name, []ident.TAC{ident.TAC(i + 1)}
		f.Elements = append(f.Elements, e)
	}
	return f
}

// rule is one of the regime "own", about the elements that where selects.
func rule(id, where, rest string) string {
	return fmt.Sprintf("  - {id: %s, text: The board wants it, source: {document: Board decision}, where: %q, %s}\n", id, where, rest)
}

const (
	ban    = "shape: function-ban"
	away   = "shape: function-ban, act: restrict, owes: [no-protected]"
	sealed = "shape: function-ban, act: restrict, owes: [sealed-only]"
)

func at(place int) string       { return fmt.Sprintf("element.name == %q", places[place]) }
func from(vendor string) string { return fmt.Sprintf("vendor.name == %q", vendor) }

// inLand starts a core under a law, changed first.
func inLand(t *testing.T, law string, change ...func(*land)) *land {
	l := &land{T: t, cfg: testConfig(t), facts: landFacts(t), law: law, who: console.Act{Who: "alice", Why: "the board's decision"}}
	l.cfg.TACs = []ident.TAC{1, 2, 3}
	l.cfg.N2.UDPPort = transport.DefaultUDPPort // the same after a restart
	l.cfg.Timers.T3346 = 2 * time.Second
	l.cfg.Timers.T3502 = 8 * time.Second // as short beside the standard's as the phones' T3511
	l.cfg.Trust.Drain = DrainRate{Devices: 100, Radios: 2}
	l.cfg.Trust.Records = []string{filepath.Join(t.TempDir(), "records.yaml")}
	l.cfg.Trust.Rules = []string{filepath.Join(t.TempDir(), "own.yaml")}
	for _, f := range change {
		f(l)
	}
	for _, name := range l.packs {
		l.cfg.Trust.Regimes = append(l.cfg.Trust.Regimes, RegimeConfig{Name: name})
	}
	l.write()
	l.open()
	return l
}

// write writes the files that the core reads its law from.
func (l *land) write() {
	l.Helper()
	const head = "regime: own\ntitle: Ours\nstatus: own\nsummary: What our board decided.\nrules:\n"
	never := rule("OWN-0", `element.name == "nobody"`, ban)
	for file, text := range map[string][]byte{l.cfg.Trust.Records[0]: trust.Export(l.facts), l.cfg.Trust.Rules[0]: []byte(head + never + l.law)} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			l.Fatal(err)
		}
	}
}

// open starts the core and readies its load.
func (l *land) open() {
	l.Helper()
	if l.within != nil {
		l.world = startWithin(l.T, l.cfg, NewLogger(l.Output(), LogConfig{}), l.within)
	} else {
		l.world = start(l.T, l.cfg)
	}
	l.load = l.world.load(l.T, 0)
	radio := l.load.Radios[0]
	radio.Name, radio.MaxWait, radio.RetryAfter, radio.Optional = "tower", 50*time.Millisecond, 50*time.Millisecond, true
	l.load.Radios = ran.Radios(len(places), radio)
	for i := range l.load.Radios {
		l.load.Radios[i].TACs = []ident.TAC{ident.TAC(i + 1)}
	}
	l.load.PPS = 50
	phone := &l.load.Groups[0].Phone
	phone.Timers = ran.Timers{T3502: l.cfg.Timers.T3502, T3511: 100 * time.Millisecond, Forbidden: time.Second, Search: 20 * time.Millisecond}
}

// amend is another law, read by a running core.
func (l *land) amend(law string) {
	l.Helper()
	l.law = law
	l.write()
	l.must(l.Reload(l.soon(), l.who))
}

// soon is a context for what is sure to come.
func (l *land) soon() context.Context {
	ctx, cancel := context.WithTimeout(l.Context(), patience)
	l.Cleanup(cancel)
	return ctx
}

func (l *land) must(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// group is phones that reach radios in that order. Their subscribers are protected if they are called so.
func (l *land) group(name string, phones int, reach ...int) ran.Group {
	l.Helper()
	g := l.load.Groups[0]
	g.Name, g.Phones, g.Reach = name, phones, ran.Reach(reach...)
	g.First += ident.SUPI(100 * l.groups) // apart from those of other groups
	l.groups++
	for i := range phones {
		p := subscriber.Profile{SUPI: g.First + ident.SUPI(i), Plan: "gold", Protected: strings.HasPrefix(name, "protected"), Credentials: subscriber.Credentials{
			AMF: [2]byte{0x80, 0}, K: subscriber.NewSecret(testK[:]), OPc: subscriber.NewSecret(testOPc[:])}}
		if err := l.Store.Add(p, false); err != nil && !errors.Is(err, fs.ErrExist) {
			l.Fatal(err)
		}
	}
	return g
}

// begin switches radios and phones on.
func (l *land) begin(groups ...ran.Group) {
	l.Helper()
	l.load.Groups = groups
	var err error
	l.live, err = ran.Begin(l.Context(), l.load)
	l.must(err)
}

// on waits until all phones of a group are served by one of these radios, with traffic if they have a session.
func (l *land) on(group string, radios ...int) {
	l.Helper()
	if err := l.live.AwaitOn(l.soon(), group, radios...); err != nil {
		l.Fatal(err)
	}
}

// eventually waits for something that must come.
func (l *land) eventually(what string, holds func() bool) {
	l.Helper()
	if !eventually(holds) {
		l.Fatalf("%s: not so", what)
	}
}

// state is what the console shows of a radio.
func (l *land) state(place int) console.Element {
	l.Helper()
	all, err := l.Elements(l.Context(), "", 1000)
	l.must(err)
	i := slices.IndexFunc(all, func(e console.Element) bool { return e.Name == places[place] })
	if i < 0 {
		l.Fatalf("%s has no record", places[place])
	}
	return all[i]
}

// is waits until the console shows a radio as connected, draining or absent.
func (l *land) is(place int, state string) {
	l.Helper()
	l.eventually(places[place]+" is "+state, func() bool { return l.state(place).State == state })
}

// raw is an association that says what it is told to.
func (l *land) raw() *ran.RawRadio {
	l.Helper()
	n2, err := l.load.Radios[0].Dial(l.soon())
	l.must(err)
	r := ran.Raw(n2)
	l.Cleanup(r.Close)
	return r
}

// refused presents a radio and wants it refused, with a time to wait.
func (l *land) refused(r *ran.RawRadio, cfg ran.RadioConfig) *ngap.NGSetupFailure {
	l.Helper()
	m, err := r.Setup(l.soon(), cfg)
	l.must(err)
	f, ok := m.(*ngap.NGSetupFailure)
	if !ok || f.TimeToWait == nil {
		l.Fatalf("the radio is told %+v", m)
	}
	return f
}

// accepted presents a radio and wants it let in.
func (l *land) accepted(r *ran.RawRadio, cfg ran.RadioConfig) {
	l.Helper()
	m, err := r.Setup(l.soon(), cfg)
	l.must(err)
	if m.Kind() != ngap.Successful {
		l.Fatalf("the radio is told %+v", m)
	}
}

// evidence is all entries on the disk.
func (l *land) evidence() []evidence.Entry {
	l.Helper()
	l.must(l.Ledger.Sync())
	v, err := evidence.NewVerifier(l.Ledger.PublicKey())
	l.must(err)
	r := ledger.NewReader(l.cfg.Evidence.Path, v)
	_, c, err := r.Checkpoint()
	l.must(err)
	lines, err := r.Entries(c, 0, c.Size)
	l.must(err)
	var all []evidence.Entry
	for _, line := range lines {
		e, err := evidence.ParseEntry(line)
		l.must(err)
		all = append(all, e)
	}
	return all
}

// tells waits until evidence tells of these, in this order and after what it told of before. What is empty in
// them may be anything; of the rules the first is meant.
func (l *land) tells(want ...evidence.Entry) []evidence.Entry {
	l.Helper()
	var found []evidence.Entry
	for _, w := range want {
		var all []evidence.Entry
		i := -1
		if !eventually(func() bool {
			all = l.evidence()
			i = slices.IndexFunc(all[l.told:], func(e evidence.Entry) bool { return like(e, w) })
			return i >= 0
		}) {
			var b strings.Builder
			for _, e := range all[l.told:] {
				fmt.Fprintf(&b, "\n%+v", e)
			}
			l.Fatalf("evidence does not tell of %+v, but of %s", w, &b)
		}
		found = append(found, all[l.told+i])
		l.told += i + 1
	}
	return found
}

func like(e, want evidence.Entry) bool {
	either := func(have, want string) bool { return want == "" || have == want }
	return e.Kind == want.Kind && either(e.Act, want.Act) && either(e.Gate, want.Gate) && either(e.Element, want.Element) &&
		either(e.Who, want.Who) && either(e.Why, want.Why) && either(e.Subject, want.Subject) &&
		(len(want.Rules) == 0 || len(e.Rules) > 0 && e.Rules[0] == want.Rules[0])
}

// detail is one of an entry's by its name.
func detail(e evidence.Entry, name string) string {
	for _, d := range e.Detail {
		if d.Name == name {
			return d.Value
		}
	}
	return ""
}

// by is an operator's act as evidence has it.
func (l *land) by(kind evidence.Kind, act, element string) evidence.Entry {
	return evidence.Entry{Kind: kind, Act: act, Element: element, Who: l.who.Who, Why: l.who.Why}
}

// audit ends the core and holds what it leaves against what evidence promises: the log verifies, no octet of it can
// be another, and nobody's number is in it.
func (l *land) audit() {
	l.Helper()
	if l.live != nil {
		l.live.Close()
	}
	if n := l.metrics.bugs.Load(); n != 0 {
		l.Errorf("%d faults were contained", n)
	}
	key := l.Ledger.PublicKey()
	l.end(l.T)()
	v, err := evidence.NewVerifier(key)
	l.must(err)
	if _, err := ledger.Verify(l.cfg.Evidence.Path, v, nil); err != nil {
		l.Errorf("the evidence does not verify: %v", err)
	}
	forged := filepath.Join(l.TempDir(), "forged")
	l.must(os.CopyFS(forged, os.DirFS(l.cfg.Evidence.Path)))
	l.must(filepath.WalkDir(forged, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if bytes.Contains(text, []byte(firstIMSI[:10])) {
			l.Errorf("%s names a subscriber", path)
		}
		if len(text) == 0 {
			return nil
		}
		other := slices.Clone(text)
		other[len(other)/2] ^= 1
		if err := os.WriteFile(path, other, 0o600); err != nil {
			return err
		}
		if _, err := ledger.Verify(forged, v, nil); err == nil {
			l.Errorf("an octet of %s is another, and it verifies", path)
		}
		return os.WriteFile(path, text, 0o600)
	}))
}
