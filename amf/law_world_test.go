package amf

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"cordon/ident"
	"cordon/rules"
	"cordon/wire/ngap"
)

var (
	testPeer  = netip.MustParseAddr("10.0.0.7")
	testSites = netip.MustParsePrefix("10.0.0.0/24")
	otherPLMN = ident.PLMN{0x99, 0xf9, 0x99}
)

// testRecord is a record that grants more than the core serves, so that what is refused for being
// beyond that is refused for nothing else.
func testRecord(id RadioID) rules.Element {
	return rules.Element{
		Name: fmt.Sprintf("site-%d", id), Functions: []rules.Function{"gnb"}, Vendor: "maker", Node: testNode(id), HasNode: true,
		Addresses: rules.Addresses{N2: []netip.Prefix{testSites}},
		TACs:      []ident.TAC{1, 2, 9, 99}, PLMNs: []ident.PLMN{testPLMN, otherPLMN},
		Slices: []ident.SNSSAI{{SST: 1, SD: ident.NoSD}, {SST: 2, SD: 0x010203}, {SST: 9, SD: ident.NoSD}},
	}
}

// clauses are what a word of a law says of a radio: "ban=2" refuses radio 2.
var clauses = map[string]string{
	"ban":      `shape: function-ban`,
	"away":     `shape: function-ban, act: restrict, owes: [no-protected]`,
	"seal":     `shape: function-ban, act: restrict, owes: [sealed-only]`,
	"watch":    `shape: function-ban, act: restrict, owes: [watch]`,
	"internet": `shape: separation, only_dnns: [internet]`,
	"sealed":   `shape: separation, act: restrict, owes: [sealed-only], protected: true`,
}

var (
	lawsMu sync.Mutex // guards laws
	laws   = map[string]*rules.Snapshot{}
)

// testLaw is a law by its words: a clause and a radio; "record=4" for one that has no record else,
// "no-record=1", "tac=1:5" for a radio's only area, "slice=1:1" for its only slice, "from=1:10.9.0.0/16" for its
// address. Radios 1 to 7 have records.
func testLaw(t testing.TB, words ...string) *rules.Snapshot {
	lawsMu.Lock()
	defer lawsMu.Unlock()
	key := strings.Join(words, " ")
	if s := laws[key]; s != nil {
		return s
	}
	f := &rules.Facts{Vendors: []rules.Vendor{{Name: "maker"}}}
	for id := RadioID(1); id <= 7; id++ {
		f.Elements = append(f.Elements, testRecord(id))
	}
	text := "regime: test\ntitle: test\nstatus: own\nsummary: test\nrules:\n  - {id: TEST-0, text: nothing, mark: F, source: {document: test}, shape: function-ban, functions: [upf]}\n"
	for i, word := range words {
		what, rest, _ := strings.Cut(word, "=")
		of, value, _ := strings.Cut(rest, ":")
		n, err := strconv.Atoi(of)
		if err != nil {
			t.Fatalf("law %q", word)
		}
		id := RadioID(n)
		at := slices.IndexFunc(f.Elements, func(e rules.Element) bool { return e.Node == testNode(id) })
		switch what {
		case "record":
			f.Elements = append(f.Elements, testRecord(id))
		case "no-record":
			f.Elements = slices.Delete(f.Elements, at, at+1)
		case "tac":
			tac, _ := strconv.Atoi(value)
			f.Elements[at].TACs = []ident.TAC{ident.TAC(tac)}
		case "slice":
			f.Elements[at].Slices = []ident.SNSSAI{{SST: value[0] - '0', SD: ident.NoSD}}
		case "from":
			f.Elements[at].Addresses.N2 = []netip.Prefix{netip.MustParsePrefix(value)}
		default:
			text += fmt.Sprintf("  - {id: TEST-%s-%d, text: test, mark: F, source: {document: test}, where: element.name == \"site-%s\", %s}\n", strings.ToUpper(what), i, of, clauses[what])
		}
	}
	regime, err := rules.Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s, err := rules.Compile(f, []*rules.Regime{regime}, 20000)
	if err != nil {
		t.Fatal(err)
	}
	laws[key] = s
	return s
}

// obey brings a law into force, for devices first so that a radio that drains finds them judging by it.
func (w *world) obey(words ...string) {
	if slices.Contains(words, "none") {
		w.law = nil
	} else {
		w.law = testLaw(w.t, words...)
	}
	w.step(NewLaw{Law: w.law, Forbidden: w.law.Forbidden()})
	for id := RadioID(1); id <= 9; id++ {
		if r := w.machines[id]; r != nil {
			w.performRadio(id, r.Rejudge(w.law))
		}
	}
}

// performRadio deals with what a radio's machine asks.
func (w *world) performRadio(id RadioID, effects []Effect) {
	for _, e := range effects {
		if j, ok := e.(Joined); ok {
			w.radios[id] = j.Info
		}
		w.perform(e)
	}
}

// input gives a radio's machine a message.
func (w *world) input(id RadioID, m ngap.Message, from netip.Addr) {
	w.performRadio(id, w.machines[id].Step(Input{Msg: m, Law: w.law, Peer: from, Bytes: []byte("its octets")}))
}

// radioCommand is a line about a radio: what it asks, and what it says of itself.
func (w *world) radioCommand(name string, f []string) {
	n, err := strconv.Atoi(strings.TrimPrefix(name, "radio"))
	if err != nil {
		w.t.Fatalf("no radio %q", name)
	}
	id, from := RadioID(n), testPeer
	if w.machines[id] == nil {
		w.machines[id] = NewRadio(w.cfg, id)
	}
	called, tas := "", []ngap.SupportedTA(nil)
	for _, word := range f[1:] {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "from":
			from = netip.MustParseAddr(value)
		case "name":
			called = value
		case "tac": // and its slices: tac=1:1,2
			tac, offered, _ := strings.Cut(value, ":")
			v, _ := strconv.Atoi(tac)
			ta := ngap.SupportedTA{TAC: ident.TAC(v), PLMNs: []ngap.PLMNSupport{{PLMN: testPLMN, Slices: w.cfg.Slices}}}
			if offered != "" {
				ta.PLMNs[0].Slices = nil
				for s := range strings.SplitSeq(offered, ",") {
					ta.PLMNs[0].Slices = append(ta.PLMNs[0].Slices, ident.SNSSAI{SST: s[0] - '0', SD: ident.NoSD})
				}
			}
			tas = append(tas, ta)
		default:
			w.t.Fatalf("unknown claim %q", word)
		}
	}
	switch f[0] {
	case "sets-up":
		w.input(id, &ngap.NGSetupRequest{GlobalRANNodeID: testNode(id), RANNodeName: called, SupportedTAs: tas}, from)
	case "updates":
		w.input(id, &ngap.RANConfigurationUpdate{RANNodeName: called, SupportedTAs: tas}, from)
	case "overload":
		w.performRadio(id, w.machines[id].Overload(true))
	case "relief":
		w.performRadio(id, w.machines[id].Overload(false))
	default:
		w.t.Fatalf("unknown request %q", f)
	}
}
