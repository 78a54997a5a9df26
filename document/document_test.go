package document

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// sample has a value of every kind.
type sample struct {
	Name   string
	On     bool
	Count  int
	Share  float64
	Word   string
	Wait   time.Duration
	From   netip.Addr
	To     netip.AddrPort
	Ranges []netip.Prefix
	Sets   map[string][]string
	At     [2]float64
}

func (s *sample) read() Reading {
	lat, lon := Number(&s.At[0], -90, 90), Number(&s.At[1], -180, 180)
	pair := 0
	return Section(
		Need("name", Text(&s.Name)),
		Field("on", Bool(&s.On)),
		Field("count", Int(&s.Count, 1, 1<<40)),
		Field("share", Number(&s.Share, 0, 1)),
		Field("word", Choice(&s.Word, "red", "green", "blue")),
		Field("wait", Duration(&s.Wait)),
		Field("from", Address(&s.From)),
		Field("to", Endpoint(&s.To)),
		Field("ranges", List(&s.Ranges, Prefix)),
		Field("sets", Names(func(name string) Reading {
			return func(r *Reader, n Node) {
				var tags []string
				List(&tags, Text[string])(r, n)
				if s.Sets == nil {
					s.Sets = map[string][]string{}
				}
				s.Sets[name] = tags
			}
		})),
		Field("at", Either("[latitude, longitude], or a section of both", Section(Need("lat", lat), Need("lon", lon)),
			Each(func(r *Reader, n Node) {
				if pair < 2 {
					[]Reading{lat, lon}[pair](r, n)
				}
				pair++
			}), nil)),
	)
}

var limits = Limits{Size: 4096, Depth: 4, Items: 8, Text: 64, Problems: 5}

const full = `name: a
on: true
count: 0x10
share: 0.5
word: green
wait: 54m
from: 192.0.2.1
to: "[2001:db8::1]:80"
ranges: [10.0.0.0/8, 2001:db8::/32]
sets: {core: [amf, smf], none: []}
at: [51.5, -0.12]
`

func TestRead(t *testing.T) {
	want := sample{"a", true, 16, 0.5, "green", 54 * time.Minute, netip.MustParseAddr("192.0.2.1"), netip.MustParseAddrPort("[2001:db8::1]:80"),
		[]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")},
		map[string][]string{"core": {"amf", "smf"}, "none": {}}, [2]float64{51.5, -0.12}}
	for _, text := range []string{full, strings.Replace(full, "[51.5, -0.12]", "{lon: -0.12, lat: 51.5}", 1)} {
		var got sample
		r := NewReader("f", limits)
		r.YAML([]byte(text), func(_ *Reader, n Node) {
			if n.Member("word") != "green" || n.Member("at") != "" || n.Member("shore") != "" {
				t.Error(n.Member("word"), n.Member("at"))
			}
		})
		if !r.YAML([]byte(text), got.read()) || r.Err() != nil || !r.OK() {
			t.Fatal(r.Err())
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v", got)
		}
	}
}

func TestRefused(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"unknown", "share: 0.5", "shore: 0.5", `f:4:1: "shore" is not known here: want share`},
		{"far from any", "share: 0.5", "weight: 0.5", `f:4:1: "weight" is not known here: want one of name, on, count, `},
		{"twice", "on: true", "on: true\non: true", "f:3:1: on: stands there twice: the first is on line 2"},
		{"missing", "name: a", "on: true", "f:1:1: name is missing"},
		{"tag", "on: true", "on: !!bool true", "f:2:5: on: tags are not read here"},
		{"anchor", "on: true", "on: &x true", "f:2:5: on: anchors and aliases are not read here"},
		{"alias", "on: true", "on: *x", "f:1:1: this is not YAML: unknown anchor 'x' referenced"},
		{"merge", "on: true", "<<: {on: true}", `f:2:1: "<<" is not known here`},
		{"list for a key", "on: true", "? [on]\n: true", `f:2:3: "" is not known here`},
		{"nothing", "on: true", "on: ~", "f:2:5: on: want true or false, not nothing"},
		{"bool", "on: true", "on: yes", `f:2:5: on: "yes": want true or false`},
		{"int", "0x10", "0x1p4", `f:3:8: count: "0x1p4": want a number from 1 to 1099511627776`},
		{"int too small", "0x10", "0", `f:3:8: count: "0": want`},
		{"int too large", "0x10", "9223372036854775808", `f:3:8: count: "9223372036854775808": want`},
		{"number", "0.5", ".nan", `f:4:8: share: ".nan": want a number from 0 to 1`},
		{"hexadecimal fraction", "0.5", "0x1p-1", `f:4:8: share: "0x1p-1": want a number from 0 to 1`},
		{"choice", "green", "grey", `f:5:7: word: "grey": want red, green or blue`},
		{"mapped address", "192.0.2.1", "::ffff:192.0.2.1", `f:7:7: from: "::ffff:192.0.2.1": want an IP address`},
		{"host bits", "10.0.0.0/8", "10.0.0.1/8", `f:9:10: ranges[0]: "10.0.0.1/8": want an address range without host bits`},
		{"form", "[51.5, -0.12]", "here", `f:11:5: at: want [latitude, longitude], or a section of both, not "here"`},
		{"name of a set", "none: []", "~: []", "f:10:26: sets: want a name of 1 to 64 characters"},
		{"set twice", "none: []", "core: []", "f:10:26: sets.core: stands there twice: the first is on line 10"},
		{"too deep", "[amf, smf]", "[[amf]]", `f:10:15: sets.core[0]: want a text, not a list`},
		{"many items", "[amf, smf]", "[a, b, c, d, e, f, g, h, i]", "f:10:14: sets.core: 9 entries: want at most 8"},
		{"long text", "name: a", "name: " + strings.Repeat("a", 65), "f:1:7: name: 65 octets: want at most 64"},
		{"large", "name: a", "# " + strings.Repeat("a", 4096), "f: the file is larger than 4096 octets"},
		{"not YAML", "on: true", "on: [", "f:1:1: this is not YAML: "},
		{"second document", "at: [51.5, -0.12]\n", "---\non: true\n", "f:11:1: a second document begins here: want one"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(full, test.old, test.new, 1)
			if text == full {
				t.Fatal("the case changes nothing")
			}
			r := NewReader("f", limits)
			r.YAML([]byte(text), new(sample).read())
			if err := r.Err(); err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("\n%v\nwant\n%s", err, test.want)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	r := NewReader("f", limits)
	if r.YAML([]byte("# nothing\n"), new(sample).read()) || !r.OK() {
		t.Error("an empty text has a document")
	}
	r = NewReader("f", limits)
	r.YAML([]byte("ranges: [a, b, c, d, e, f, g]"), new(sample).read())
	if p := r.Problems(); len(p) != 6 || p[5].Error() != "f:1:22: 3 more problems are not told" || p[5].Line != 1 {
		t.Errorf("%v", r.Err())
	}
	var deep func(to *int) Reading
	deep = func(to *int) Reading {
		*to++
		return List(new([]int), func(*int) Reading { return deep(to) })
	}
	var n int
	r = NewReader("f", limits)
	r.YAML([]byte(strings.Repeat("[", 100)+strings.Repeat("]", 100)), deep(&n))
	if err := r.Err(); err == nil || n != 5 || !strings.Contains(err.Error(), "nested too deeply") {
		t.Errorf("%d %v", n, err)
	}
}

func TestJSON(t *testing.T) {
	var got sample
	r := NewReader("f", limits)
	text := "\ufeff{\"name\": \"a\\u00e9\",\n\t\"count\": 7, \"on\": true,\n \"at\": [1.5e1, -2], \"ranges\": []}\n"
	if !r.JSON([]byte(text), got.read()) || r.Err() != nil || got.Name != "aé" || got.Count != 7 || !got.On || got.At != [2]float64{15, -2} {
		t.Errorf("%+v %v", got, r.Err())
	}
	tests := []struct{ name, text, want string }{
		{"unknown", "{\"name\": \"a\",\n  \"shore\": 1}", `f:2:3: "shore" is not known here: want share`},
		{"twice", "{\"name\": \"a\",\n\"name\": \"b\"}", "f:2:1: name: stands there twice: the first is on line 1"},
		{"value", "{\"name\": \"a\",\n\"count\":\n  true}", `f:3:3: count: "true": want a number`},
		{"null", "{\"name\": null}", "f:1:10: name: want a text, not nothing"},
		{"syntax", "{\"name\":\n \"a\"; }", "f:2:5: this is not JSON: invalid character ';'"},
		{"early end", "{\"name\":\n [1,", "f:2:5: this is not JSON: it ends too early"},
		{"more", "{\"name\": \"a\"}\n{}", "f:2:1: want nothing after the JSON value"},
		{"not UTF-8", "{\"name\": \"\xff\"}", "f:1:1: this is not JSON: it is not UTF-8"},
		{"large", strings.Repeat(" ", 5000), "f: the file is larger than 4096 octets"},
	}
	for _, test := range tests {
		r := NewReader("f", limits)
		r.JSON([]byte(test.text), new(sample).read())
		if err := r.Err(); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s:\n%v\nwant\n%s", test.name, err, test.want)
		}
	}
	if r := NewReader("f", limits); r.JSON([]byte(" \n"), new(sample).read()) || !r.OK() {
		t.Error("an empty text has a value")
	}
}

// A problem names its place as well as can be.
func TestWhere(t *testing.T) {
	for want, p := range map[string]Problem{
		"f.yaml:3:5": {File: "f.yaml", Line: 3, Column: 5, Path: "name", Message: "no"}, "f.yaml": {File: "f.yaml", Path: "name"}, "name": {Path: "name"}, "": {Message: "no"},
	} {
		if got := p.Where(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestPart(t *testing.T) {
	var s string
	r := NewReader("f", limits)
	r.YAML([]byte("other: 1\nname: a\nother: 2\nname: b\n"), Part(Need("name", Text(&s))))
	if err := r.Err(); s != "a" || err == nil || err.Error() != "f:4:1: name: stands there twice: the first is on line 2" {
		t.Errorf("%q %v", s, err)
	}
}

// What a later check finds is told at the place of its value, or of the one around it.
func TestLocate(t *testing.T) {
	r := NewReader("f", limits)
	r.KeepPlaces()
	r.YAML([]byte(full), new(sample).read())
	r.Locate(errors.Join(
		&Problem{Path: "ranges[1]", Message: "one"},
		&Problem{Path: "sets.core[1].more", Message: "two"},
		&Problem{Path: "nowhere", Message: "three"},
		fmt.Errorf("no problem")))
	if got, want := r.Err().Error(), "f: nowhere: three\nf:9:22: ranges[1]: one\nf:10:20: sets.core[1].more: two"; got != want {
		t.Errorf("\n%s\nwant\n%s", got, want)
	}
}

func TestNearest(t *testing.T) {
	words := []string{"vendor", "version", "tags"}
	for got, want := range map[string]string{"vendors": "vendor", "verson": "version", "tag": "tags", "elephant": "", "": "", strings.Repeat("v", 50): ""} {
		if near := Nearest(got, words); near != want {
			t.Errorf("%s: %q, want %q", got, near, want)
		}
	}
	for _, d := range []struct {
		a, b string
		n    int
	}{{"", "", 0}, {"abc", "abc", 0}, {"abc", "acb", 2}, {"kitten", "sitting", 3}, {"", "ab", 2}} {
		if got := distance(d.a, d.b); got != d.n {
			t.Errorf("%s %s: %d, want %d", d.a, d.b, got, d.n)
		}
	}
}

// Whatever the text: what encoding/json finds invalid has a problem, and problems have a place.
func FuzzJSON(f *testing.F) {
	f.Add(`{"name": "a", "at": [1, 2]}`)
	f.Add(`[[[[[1,]]]]]`)
	f.Add(`{"a":1}{"b":2}`)
	f.Fuzz(func(t *testing.T, text string) {
		r := NewReader("f", limits)
		found := r.JSON([]byte(text), func(*Reader, Node) {})
		if valid := json.Valid([]byte(strings.TrimPrefix(text, "\ufeff"))) && utf8.ValidString(text); found && r.OK() != valid {
			t.Fatalf("valid %v, %v", valid, r.Err())
		} else if !found && valid {
			t.Fatal("a value was not found")
		}
		for _, p := range r.Problems() {
			if len(text) <= limits.Size && p.Line == 0 {
				t.Fatalf("%v", p)
			}
		}
	})
}

// Whatever the text: values, or problems of which each names the file; never both none and more than
// the limit.
func FuzzYAML(f *testing.F) {
	f.Add(full)
	f.Add("a: &a [*a]")
	f.Add("? [a]\n: b")
	f.Fuzz(func(t *testing.T, text string) {
		r := NewReader("f", limits)
		r.KeepPlaces()
		found := r.YAML([]byte(text), new(sample).read())
		if !found && !r.OK() {
			t.Fatal("nothing was read and it has problems")
		}
		if len(r.path) != 0 {
			t.Fatalf("the way was not gone back: %s", r.Path())
		}
		if len(r.Problems()) > limits.Problems+1 || r.OK() != (r.Err() == nil) {
			t.Fatalf("%d problems", len(r.Problems()))
		}
		for _, p := range r.Problems() {
			if p.File != "f" || p.Message == "" {
				t.Fatalf("%v", p)
			}
		}
	})
}
