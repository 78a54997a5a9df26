package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite testdata")

var moment = time.Date(2026, 11, 22, 1, 40, 25, 123456789, time.UTC)

const digest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

// samples are an entry of each kind, and some that are not as they should be.
func samples() []Entry {
	return []Entry{
		{},
		{Time: moment, Kind: Start, Detail: []Detail{{"version", "1.0"}}},
		{Time: moment, Kind: Stop},
		{Time: moment, Kind: Snapshot, Snapshot: digest, Regimes: []string{"uk-2022", "contain"}, Detail: []Detail{{"as_of", "2026-11-22"}, {"elements", "12"}}},
		{Time: moment, Kind: Verdict, Act: "refuse", Gate: "n2", Element: "gnb-7", Rules: []string{"uk-2022.ban", "contain.sealed"}, Regimes: []string{"uk-2022"},
			Snapshot: digest, Detail: []Detail{{"areas", "00101-000007"}}},
		{Time: moment, Kind: Verdict, Act: "restrict", Gate: "device", Element: "gnb-7", Subject: Pseudonym(&PseudonymKey{1}, "imsi-001010000000001")},
		{Time: moment, Kind: Finding, Act: "foreign-endpoint", Element: "gnb-7", Count: 3, From: moment, To: moment.Add(time.Minute)},
		{Time: moment, Kind: Act, Act: "approve", Who: "alice", Why: "ticket 7", Subject: "gnb 19b/22"},
		{Time: moment, Kind: Cut, Act: "cut", Element: "gnb-7", Who: "alice", Why: `"order" \ 7`},
		{Time: moment, Kind: Pending, Subject: "gnb 19b/22", Detail: []Detail{{"name", "lab"}}},
		{Time: moment, Kind: Gap, From: moment.Add(-time.Hour), To: moment, Count: 12, Why: "the disk is full"},
		{Time: moment, Clock: moment.Add(-time.Hour), Kind: Note, Why: "zażółć gęślą jaźń"},
		// Not as they should be:
		{Kind: 200, Count: 1 << 63, Time: time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC), From: time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC)},
		{Kind: Verdict}, {Kind: Finding}, {Kind: Act}, {Kind: Cut}, {Kind: Pending}, {Kind: Gap}, {Kind: Snapshot},
		{Element: "evil\x1b[2J\u0085\x7f\xff", Why: strings.Repeat("é", MaxWhy), Detail: []Detail{{"B C", "2"}, {"a", "1\n"}, {"", "x"}, {"a", "again"}}},
	}
}

// The written form of each kind of entry stands in testdata, and is read back as it was.
func TestEntries(t *testing.T) {
	var got bytes.Buffer
	for _, e := range samples() {
		line := AppendEntry(nil, e)
		got.Write(append(line, '\n'))
		back, err := ParseEntry(line)
		if err != nil {
			t.Errorf("%s: %v", line, err)
		}
		if again := AppendEntry(nil, back); !bytes.Equal(again, line) {
			t.Errorf("%s\nagain: %s", line, again)
		}
		for i := range line {
			if _, err := ParseEntry(line[:i]); !errors.Is(err, ErrForm) {
				t.Fatalf("%s: accepted: %v", line[:i], err)
			}
		}
	}
	const golden = "testdata/entries.jsonl"
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || !bytes.Equal(want, got.Bytes()) {
		t.Errorf("%v; got\n%s", err, got.Bytes())
	}
}

// The form is the one of RFC 8785: names in the order of their octets, nothing between tokens.
func TestCanonical(t *testing.T) {
	var e Entry
	table := e.table()
	if !slices.IsSortedFunc(table[:], func(a, b field) int { return strings.Compare(a.name, b.name) }) {
		t.Error("the table is not in order")
	}
	if n := reflect.TypeFor[Entry]().NumField() + 1; n != len(table) { // and the version
		t.Errorf("%d fields are described of %d", len(table), n)
	}
	for _, e := range samples() {
		line := AppendEntry(nil, e)
		var v map[string]any
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		var canonical bytes.Buffer
		enc := json.NewEncoder(&canonical)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(v); err != nil || strings.TrimSpace(canonical.String()) != string(line) {
			t.Errorf("%s\nis not %s", line, &canonical)
		}
	}
}

// Other ways to say the same are refused.
func TestEntryRefused(t *testing.T) {
	good := `{"act":"x","kind":"finding","time":"2026-11-22T01:40:25.123Z","v":1}`
	if _, err := ParseEntry([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{
		"", "{}", " " + good, good + "\n", good + good,
		strings.Replace(good, `,"kind"`, `, "kind"`, 1),
		strings.Replace(good, `"act":"x",`, "", 1),
		strings.Replace(good, `"act":"x"`, `"act":""`, 1),
		strings.Replace(good, `"act":"x"`, `"act":"\u0078"`, 1),
		strings.Replace(good, `"act":"x"`, `"act":"\/"`, 1),
		strings.Replace(good, `"act":"x"`, "\"act\":\"\x00\"", 1),
		strings.Replace(good, `"act":"x"`, "\"act\":\"\xff\"", 1),
		strings.Replace(good, `"act":"x"`, `"act":"`+strings.Repeat("x", MaxName+1)+`"`, 1),
		strings.Replace(good, `"act":"x"`, `"act":"x","act":"x"`, 1),
		strings.Replace(good, `"kind"`, `"count":0,"kind"`, 1),
		strings.Replace(good, `"kind"`, `"count":01,"kind"`, 1),
		strings.Replace(good, `"kind"`, `"count":9007199254740992,"kind"`, 1),
		strings.Replace(good, `"kind"`, `"detail":{},"kind"`, 1),
		strings.Replace(good, `"kind"`, `"detail":{"b":"","a":""},"kind"`, 1),
		strings.Replace(good, `"kind"`, `"detail":{"a":"","a":""},"kind"`, 1),
		strings.Replace(good, `"kind"`, `"detail":{"A":""},"kind"`, 1),
		strings.Replace(good, `"time"`, `"rules":[],"time"`, 1),
		strings.Replace(good, `"time"`, `"rules":[`+strings.Repeat(`"r",`, MaxList)+`"r"],"time"`, 1),
		strings.Replace(good, `finding`, `rumour`, 1),
		strings.Replace(good, `25.123Z`, `25.1234Z`, 1),
		strings.Replace(good, `25.123Z`, `25.123+00:00`, 1),
		strings.Replace(good, `2026`, `1999`, 1),
		strings.Replace(good, `"v":1`, `"v":2`, 1),
		strings.Replace(good, `"v":1`, `"v":1,"z":1`, 1),
	} {
		if e, err := ParseEntry([]byte(bad)); !errors.Is(err, ErrForm) || !reflect.DeepEqual(e, Entry{}) {
			t.Errorf("%s: %+v, %v", bad, e, err)
		}
	}
}

// The largest entry fits where entries are kept.
func TestLargestEntry(t *testing.T) {
	worst := strings.Repeat(`"`, MaxWhy)
	e := Entry{Time: moment, Clock: moment, From: moment, To: moment, Kind: Snapshot, Act: worst, Gate: worst, Element: worst, Subject: worst, Snapshot: worst,
		Count: maxCount, Who: worst, Why: worst, Rules: slices.Repeat([]string{worst}, 99), Regimes: slices.Repeat([]string{worst}, 99)}
	for i := range 99 {
		e.Detail = append(e.Detail, Detail{strings.Repeat("d", MaxKey-2) + string([]byte{'a' + byte(i/26), 'a' + byte(i%26)}), worst})
	}
	line := AppendEntry(nil, e)
	if _, err := ParseEntry(line); err != nil || len(line) > MaxEntry || len(line) < MaxEntry/2 {
		t.Errorf("%d octets, %v", len(line), err)
	}
}

// What is handed over is not changed, since others may hold it too.
func TestAppendEntryKeepsItsHands(t *testing.T) {
	rules, details := []string{"a\n", "b"}, []Detail{{"z", "1"}, {"A", "2"}}
	AppendEntry(nil, Entry{Rules: rules, Detail: details})
	if rules[0] != "a\n" || details[0].Name != "z" || details[1].Name != "A" {
		t.Errorf("%q %q", rules, details)
	}
}

func TestPseudonym(t *testing.T) {
	const supi = "imsi-001010000000001"
	p := Pseudonym(&PseudonymKey{1}, supi)
	if p != "sub-pbnc7g4ght5gib4i" {
		t.Errorf("%s: who changes the form cuts the log in two", p)
	}
	if p == Pseudonym(&PseudonymKey{2}, supi) || p == Pseudonym(&PseudonymKey{1}, supi[:19]+"2") {
		t.Error("a pseudonym of two")
	}
}

// Accepted means that it is written the same again.
func FuzzParseEntry(f *testing.F) {
	for _, e := range samples() {
		f.Add(AppendEntry(nil, e))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		e, err := ParseEntry(line)
		if err != nil {
			if !errors.Is(err, ErrForm) || !reflect.DeepEqual(e, Entry{}) {
				t.Fatalf("refused with %+v, %v", e, err)
			}
			return
		}
		if again := AppendEntry(nil, e); !bytes.Equal(again, line) {
			t.Fatalf("%q\n%q", line, again)
		}
	})
}

// Whatever is handed over, the written form is an entry.
func FuzzAppendEntry(f *testing.F) {
	f.Add(uint8(1), "refuse", "n2", "gnb-7", "why", "name", "value", int64(1e18), uint64(3))
	f.Add(uint8(99), "\xff", "\x00", strings.Repeat("é", 300), "\u2028\"\\", "N", "", int64(-1), ^uint64(0))
	f.Fuzz(func(t *testing.T, kind uint8, act, gate, element, why, name, value string, at int64, count uint64) {
		e := Entry{Kind: Kind(kind), Act: act, Gate: gate, Element: element, Why: why, Time: time.Unix(at, 0), From: time.Unix(0, at), Count: count,
			Rules: []string{act, why}, Detail: []Detail{{name, value}, {value, name}, {why, gate}}}
		line := AppendEntry([]byte("x"), e)[1:]
		if _, err := ParseEntry(line); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
	})
}
