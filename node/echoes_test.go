package node

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"cordon/console"
	"cordon/evidence"
	"cordon/geo"
	"cordon/ran"
	"cordon/rules"
	"cordon/trust"
	"cordon/upf"
	"cordon/wire/gtpu"
)

// lateN3 is a radio's socket that sends answers to echo requests later, or not at all.
type lateN3 struct {
	ran.N3
	by time.Duration // negative: never
}

func (n lateN3) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	if len(b) < 2 || b[1] != byte(gtpu.TypeEchoResponse) {
		return n.N3.WriteToUDPAddrPort(b, to)
	}
	if n.by >= 0 {
		answer := slices.Clone(b)
		time.AfterFunc(n.by, func() { _, _ = n.N3.WriteToUDPAddrPort(answer, to) }) // the socket may be closed by then
	}
	return len(b), nil
}

// An echoWorld is a core at a place that its records know, and a radio that answers echo requests in its own way, with one
// device.
type echoWorld struct {
	*siege
	t      *testing.T
	radio  *rules.Element
	facts  *rules.Facts
	answer time.Duration
}

// watched starts a core that grants a way so much, and the radio; change is of its record.
func watched(t *testing.T, allowance, answer time.Duration, change func(*rules.Facts, *rules.Element)) *echoWorld {
	t.Helper()
	w := &echoWorld{t: t, facts: testFacts(t), answer: answer}
	w.radio = record(w.facts, 0x100)
	change(w.facts, w.radio)
	cfg := testConfig(t)
	cfg.Trust.Records = []string{testRecords(t, w.facts)}
	cfg.Trust.Site, cfg.Trust.PathAllowance = "site", allowance
	cfg.N3.EchoEvery = 50 * time.Millisecond // a file has to say a minute at least
	w.siege = &siege{world: start(t, cfg)}
	w.subscribe(t, 1)
	w.fresh = w.world.load(t, 0)
	w.next = w.fresh.Groups[0].First
	radio := w.fresh.Radios[0]
	radio.Listen = func(at netip.AddrPort) (ran.N3, error) {
		conn, err := ran.ListenUDP(at)
		if w.answer != 0 {
			conn = lateN3{conn, w.answer}
		}
		return conn, err
	}
	w.phone(t, w.siege.radio(t, radio))
	return w
}

// found is what the book has of a kind against the radio.
func (w *echoWorld) found(kind string) (trust.Entry, bool) {
	w.t.Helper()
	list, err := w.Findings(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	i := slices.IndexFunc(list, func(e trust.Entry) bool { return e.Kind == kind && e.Element == w.radio.Name })
	if i < 0 {
		return trust.Entry{}, false
	}
	return list[i], true
}

// twice is that a finding comes again, while evidence tells of it once.
func (w *echoWorld) twice(kind string) {
	w.t.Helper()
	if !eventually(func() bool { e, ok := w.found(kind); return ok && e.Count >= 2 }) {
		w.t.Fatalf("no findings %q; the radio is %+v", kind, w.path())
	}
	e, _ := w.found(kind)
	if e.Count < 10 && e.Why == "" {
		w.t.Errorf("%+v", e)
	}
	told := 0
	for _, e := range (&land{T: w.t, world: w.world, cfg: w.world.cfg}).evidence() {
		if e.Kind == evidence.Finding && e.Act == kind && e.Element == w.radio.Name && e.Count < 10 {
			told++
		}
	}
	if told != 1 {
		w.t.Errorf("evidence tells of the first %d times", told)
	}
	if _, counted := find(w.Metrics(), "cordon_echo_findings_total", kind); !counted {
		w.t.Errorf("%q is not counted", kind)
	}
}

// find is the sample of a metric with a label's value.
func find(list []console.Family, name, value string) (float64, bool) {
	for _, f := range list {
		for _, s := range f.Samples {
			if f.Name == name && len(s.Labels) == 1 && s.Labels[0].Value == value {
				return s.Value, true
			}
		}
	}
	return 0, false
}

// path is the radio's as the console has it.
func (w *echoWorld) path() console.PlanePeer {
	w.t.Helper()
	list, err := w.Radios(w.t.Context())
	if err != nil || len(list) != 1 {
		w.t.Fatalf("%+v, %v", list, err)
	}
	if len(list[0].Paths) != 1 {
		return console.PlanePeer{}
	}
	return list[0].Paths[0]
}

// antipode is as far from the core as the earth allows: light takes 130 ms there and back.
func antipode(f *rules.Facts, radio *rules.Element) {
	here := f.Sites[0].At
	f.Sites = append(f.Sites, rules.Site{Name: "far", Country: "NZ", At: geo.Point{Lat: -here.Lat, Lon: here.Lon + 180}, Placed: true})
	radio.Site = "far"
}

func TestEchoTooFast(t *testing.T) {
	watched(t, time.Minute, 0, antipode).twice("echo too fast")
}

func TestEchoTooSlow(t *testing.T) {
	watched(t, 0, 20*time.Millisecond, func(*rules.Facts, *rules.Element) {}).twice("echo too slow")
}

func TestEchoSilent(t *testing.T) {
	w := watched(t, time.Minute, -1, func(*rules.Facts, *rules.Element) {})
	w.twice("echo silent")
	if p := w.path(); p.Echo.Answered != 0 || !p.Echo.Measured || p.Sessions != 1 {
		t.Errorf("%+v", p)
	}
}

// A radio that stands where its record has it, and one of which nobody knows where it stands, are measured and no more.
func TestEchoHonest(t *testing.T) {
	for name, change := range map[string]func(*rules.Facts, *rules.Element){
		"here": func(*rules.Facts, *rules.Element) {},
		"anywhere": func(f *rules.Facts, radio *rules.Element) {
			f.Sites = append(f.Sites, rules.Site{Name: "somewhere", Country: "GB"})
			radio.Site = "somewhere"
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := watched(t, time.Minute, 0, change)
			if !eventually(func() bool { p := w.path(); return p.Echo.Measured && p.Echo.Round >= 3 }) {
				t.Fatalf("not measured: %+v", w.path())
			}
			p := w.path()
			if p.Address != w.fresh.Radios[0].N3.Addr().String() || p.Sessions != 1 || p.Echo.Answered == 0 || p.Echo.Median < p.Echo.Fastest {
				t.Errorf("%+v", p)
			}
			for _, kind := range []string{"echo too fast", "echo too slow"} {
				if e, ok := w.found(kind); ok {
					t.Errorf("%+v", e)
				}
			}
		})
	}
}

// A round of echo requests to a user plane at another site counts against that one, and to nobody known against nobody.
func TestEchoOfUserPlane(t *testing.T) {
	f := testFacts(t)
	f.Elements = append(f.Elements, rules.Element{Name: "upf-1", Functions: []rules.Function{"upf"}, Vendor: "maker", Site: "site", Traffic: -1, Premises: -1})
	cfg := testConfig(t)
	cfg.Trust.Records, cfg.Trust.Site = []string{testRecords(t, f)}, "site"
	w := start(t, cfg)
	address := netip.MustParseAddrPort("192.0.2.77:8805")
	n := &Node{d: w.d, law: w.law}
	n.book.book = trust.NewBook(maxFindings)
	n.planes = newPlanes(nil, []UserPlaneConfig{{Element: "upf-1", Address: address}})
	slow := upf.Round{Answered: 3, Fastest: time.Second, Second: time.Second, Median: time.Second}
	n.planeEcho(address.Addr(), slow)
	n.planeEcho(address.Addr().Next(), slow) // of whom the place is not known
	n.planeEcho(address.Addr().Next(), upf.Round{})
	list := n.book.book.List(time.Now(), "")
	if len(list) != 2 || list[0].Element != "" || list[0].Kind != "echo silent" || list[1].Element != "upf-1" || list[1].Kind != "echo too slow" {
		t.Errorf("%+v", list)
	}
}
