package upf

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

var echoPeer = netip.MustParseAddr("192.0.2.1")

// round asks for a whole round, answers as trips says, 0 being silence, and gives what it showed.
func round(t *testing.T, e *Echoes, trips ...time.Duration) Round {
	t.Helper()
	if len(trips) != EchoRound {
		t.Fatalf("%d trips", len(trips))
	}
	start := e.paths[echoPeer].clone()
	now := start.sent + time.Minute
	for _, trip := range trips {
		seq, _, _ := e.Ask(now, echoPeer)
		if trip > 0 {
			e.Answer(now+trip, echoPeer, seq)
		}
		now += time.Minute
	}
	before := e.Health(echoPeer).Rounds
	_, r, ended := e.Ask(now, echoPeer)
	if !ended || e.Health(echoPeer).Rounds != before+1 || e.Health(echoPeer).Last != r {
		t.Fatalf("a round did not end: %+v", e.Health(echoPeer))
	}
	p := e.paths[echoPeer]
	p.asked, p.Asked, p.waiting = 0, p.Asked-1, false // that one was only to end it
	return r
}

func (p *echoPath) clone() echoPath {
	if p == nil {
		return echoPath{}
	}
	return *p
}

func newEchoes() *Echoes {
	n := uint64(0)
	return &Echoes{Random: func() uint64 { n += 0x9e3779b97f4a7c15; return n >> 20 }}
}

func TestEchoRound(t *testing.T) {
	const ms = time.Millisecond
	e := newEchoes()
	if r := round(t, e, 5*ms, 3*ms, 0, 9*ms, 4*ms); r != (Round{Answered: 4, Fastest: 3 * ms, Second: 4 * ms, Median: 4 * ms}) {
		t.Errorf("%+v", r)
	}
	if r := round(t, e, 0, 0, 7*ms, 0, 0); r != (Round{Answered: 1, Fastest: 7 * ms, Median: 7 * ms}) {
		t.Errorf("%+v", r)
	}
	if r := round(t, e, 0, 0, 0, 0, 0); r != (Round{}) {
		t.Errorf("%+v", r)
	}
	if h := e.Health(echoPeer); h.Asked != 15 || h.Answered != 5 || h.Stray != 0 || h.Rounds != 3 {
		t.Errorf("%+v", h)
	}
	if c, silent := e.Counts(); c.Answered != 5 || silent != 1 {
		t.Errorf("%+v, %d silent", c, silent)
	}
}

// What nobody asked for, answers a second time or with another number does not count.
func TestEchoForged(t *testing.T) {
	e := newEchoes()
	e.Answer(0, echoPeer, 1)
	if len(e.paths) != 0 {
		t.Error("a stranger's response is remembered")
	}
	seq, _, _ := e.Ask(time.Minute, echoPeer)
	e.Answer(time.Minute, echoPeer, seq+1)
	e.Answer(time.Minute+5, echoPeer, seq)
	e.Answer(time.Minute+6, echoPeer, seq)
	later, _, _ := e.Ask(2*time.Minute, echoPeer)
	e.Answer(2*time.Minute, echoPeer, seq)
	if c, silent := e.Counts(); c.Stray != 4 || silent != 0 {
		t.Errorf("%+v, %d silent", c, silent)
	}
	if h := e.Health(echoPeer); later == seq || h.Asked != 2 || h.Answered != 1 || h.Stray != 3 {
		t.Errorf("%+v", h)
	}
}

func TestEchoForget(t *testing.T) {
	e := newEchoes()
	e.Ask(0, echoPeer)
	e.Forget(echoPathsKept)
	if len(e.paths) != 1 {
		t.Error("forgotten too early")
	}
	e.Forget(echoPathsKept + 1)
	if len(e.paths) != 0 {
		t.Error("not forgotten")
	}
	for i := range maxPeers + 10 {
		e.Ask(0, netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
	}
	if len(e.paths) != maxPeers {
		t.Errorf("%d are remembered", len(e.paths))
	}
}

// A path that becomes longer and stays so is told once, whether in one step or in many.
func TestEchoGrown(t *testing.T) {
	const ms = time.Millisecond
	flat := func(d time.Duration) []time.Duration { return []time.Duration{d, d, d, d, d} }
	late := []time.Duration{4 * ms, 40 * ms, 40 * ms, 40 * ms, 40 * ms}
	for _, c := range []struct {
		name   string
		rounds [][]time.Duration
		want   []time.Duration // Grown of each
	}{
		{"honest", [][]time.Duration{flat(4 * ms), flat(5 * ms), flat(4 * ms), flat(6 * ms), flat(6 * ms), flat(6 * ms)}, make([]time.Duration, 6)},
		{"late packets", [][]time.Duration{flat(4 * ms), late, late, late, late}, make([]time.Duration, 5)},
		{"two bad rounds", [][]time.Duration{flat(4 * ms), flat(9 * ms), flat(9 * ms), flat(4 * ms), flat(9 * ms), flat(9 * ms)}, make([]time.Duration, 6)},
		{"a detour", [][]time.Duration{flat(4 * ms), flat(16 * ms), flat(15 * ms), flat(17 * ms), flat(15 * ms), flat(15 * ms), flat(15 * ms)}, []time.Duration{3: 11 * ms, 6: 0}},
		{"at the slack", [][]time.Duration{flat(4 * ms), flat(6 * ms), flat(6 * ms), flat(6 * ms)}, make([]time.Duration, 4)},
		{"beyond the slack", [][]time.Duration{flat(4 * ms), flat(6*ms + 1), flat(6*ms + 1), flat(6*ms + 1)}, []time.Duration{3: 2*ms + 1}},
		{"a long path's quarter", [][]time.Duration{flat(40 * ms), flat(50 * ms), flat(50 * ms), flat(50 * ms)}, make([]time.Duration, 4)},
		{"by and by", [][]time.Duration{flat(4 * ms), flat(5 * ms), flat(6 * ms), flat(7 * ms), flat(8 * ms), flat(9 * ms)}, []time.Duration{5: 3 * ms}},
		{"silence between", [][]time.Duration{flat(4 * ms), flat(9 * ms), flat(9 * ms), flat(0), flat(9 * ms)}, []time.Duration{4: 5 * ms}},
	} {
		e := newEchoes()
		for i, trips := range c.rounds {
			if r := round(t, e, trips...); r.Grown != c.want[i] {
				t.Errorf("%s: round %d grew by %v, want %v", c.name, i, r.Grown, c.want[i])
			}
		}
	}
}

func TestJudgeEcho(t *testing.T) {
	const far = 1_000_000.0 // metres
	floor, ceiling := EchoBounds(far, EchoAllowance)
	if floor < 6590*time.Microsecond || floor > 6600*time.Microsecond || ceiling < 30500*time.Microsecond || ceiling > 30520*time.Microsecond {
		t.Errorf("over 1000 km from %v to %v", floor, ceiling)
	}
	if floor, ceiling := EchoBounds(0, EchoAllowance); floor != 0 || ceiling < 10500*time.Microsecond || ceiling > 10501*time.Microsecond {
		t.Errorf("over nothing from %v to %v", floor, ceiling)
	}
	if floor, _ := EchoBounds(placeErrorLeast, 0); floor != 0 {
		t.Errorf("over a kilometre %v", floor)
	}
	all := func(d time.Duration) Round { return Round{Answered: EchoRound, Fastest: d, Second: d, Median: d} }
	for _, c := range []struct {
		name     string
		r        Round
		distance float64
		want     string
	}{
		{"at the speed of light", all(floor), far, ""},
		{"faster", all(floor - 1), far, "echo too fast"},
		{"one faster", Round{Answered: 5, Fastest: 1, Second: floor, Median: floor}, far, ""},
		{"two faster", Round{Answered: 5, Fastest: 1, Second: 2, Median: floor}, far, "echo too fast"},
		{"only one, and faster", Round{Answered: 1, Fastest: 1, Median: 1}, far, ""},
		{"at the longest", all(ceiling), far, ""},
		{"slower", all(ceiling + 1), far, "echo too slow"},
		{"one in time", Round{Answered: 5, Fastest: ceiling, Second: time.Second, Median: time.Second}, far, ""},
		{"two, and slower", Round{Answered: 2, Fastest: ceiling + 1, Second: ceiling + 1, Median: ceiling + 1}, far, ""},
		{"three, and slower", Round{Answered: 3, Fastest: ceiling + 1, Second: ceiling + 1, Median: ceiling + 1}, far, "echo too slow"},
		{"faster at an unknown place", all(1), -1, ""},
		{"slower at an unknown place", all(time.Minute), -1, ""},
		{"grown at an unknown place", Round{Answered: 5, Fastest: 9, Second: 9, Median: 9, Grown: 5}, -1, "path grown longer"},
		{"side by side", all(1), 0, ""},
		{"silent", Round{}, far, "echo silent"},
		{"silent at an unknown place", Round{}, -1, "echo silent"},
	} {
		f, why, found := JudgeEcho(c.r, c.distance, EchoAllowance)
		if found != (c.want != "") || found && f.String() != c.want || found != (why != "") {
			t.Errorf("%s: %v %v %q", c.name, f, found, why)
		}
	}
	if EchoFaults.String() != "unknown echo fault" || strings.Contains(EchoSilent.String(), "unknown") {
		t.Error("names")
	}
}
