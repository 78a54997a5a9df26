package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"cordon/geo"
	"cordon/report"
	"cordon/rules"
	"cordon/trust"
)

// nodes reads a document as XML, which our pages are too, and gives every element's name and attributes and all
// text.
func nodes(t *testing.T, doc []byte) (names []string, attrs []xml.Attr, text string) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(doc))
	d.Entity = xml.HTMLEntity
	var all strings.Builder
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return names, attrs, all.String()
		} else if err != nil {
			t.Fatalf("not well formed: %v", err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			names, attrs = append(names, tok.Name.Local), append(attrs, tok.Attr...)
		case xml.CharData:
			all.Write(tok)
		}
	}
}

// harmless holds a page to having nothing that runs, fetches or listens.
func harmless(t *testing.T, doc []byte) string {
	t.Helper()
	names, attrs, text := nodes(t, doc)
	for _, n := range names {
		if slices.Contains([]string{"script", "img", "image", "iframe", "object", "embed", "link", "base", "form", "foreignObject", "use", "animate", "set"}, n) {
			t.Errorf("an element %s", n)
		}
	}
	for _, a := range attrs {
		switch n := a.Name.Local; {
		case strings.HasPrefix(n, "on"), n == "src", n == "style":
			t.Errorf("an attribute %s=%q", n, a.Value)
		case n == "href" && !strings.HasPrefix(a.Value, "#") && !strings.HasPrefix(a.Value, "https://") && !strings.HasPrefix(a.Value, "http://"):
			t.Errorf("a link to %q", a.Value)
		}
	}
	if found := regexp.MustCompile(`(?i)url\((?:[^#)]|#\w*[^-\w)])|@import`).Find(doc); found != nil {
		t.Errorf("the page would fetch %q", found)
	}
	return text
}

var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `]]><x>&amp;&#0;`, `</style><script>`,
	"\x1b[2J\x1b]0;owned\x07", "a\u202eevil\u202c", "שלום עולם", "القاهرة", "\x00\x01\xff\xfe", "\ufffe\uffff\u2028", strings.Repeat("長", 200), strings.Repeat("w", 200),
	`{{.Map}}`, "name\nwith lines", "-->", "javascript:alert(1)",
}

// badCountry is facts whose every name and title is hostile.
func badCountry() *rules.Facts {
	f := &rules.Facts{}
	for i, name := range hostile {
		at := geo.Point{Lat: 50 + float64(i)/10, Lon: float64(i) / 5}
		f.Vendors = append(f.Vendors, rules.Vendor{Name: name, Title: name})
		f.Sites = append(f.Sites, rules.Site{Name: name, Title: name, Country: name, At: at, Placed: i != 3})
		f.Zones = append(f.Zones, rules.Zone{Name: name, Title: name, Purpose: rules.Sensitive, Area: geo.Area{Centre: at, Radius: 5000}})
		f.Elements = append(f.Elements, rules.Element{Name: name, Functions: []rules.Function{"gnb"}, Technology: name, Vendor: name, Site: name, Model: name, Traffic: -1, Premises: -1,
			Plan: &rules.Replacement{By: 21000 + rules.Date(i), Vendor: name, Cost: 1, Currency: name}})
	}
	return f
}

// badRegime is a regime whose texts are hostile.
func badRegime(t *testing.T) *rules.Regime {
	r := func(i int) string {
		return fmt.Sprintf("%q", strings.ToValidUTF8(strings.Map(printable, hostile[i%len(hostile)]), "?"))
	}
	text := fmt.Sprintf("regime: own-bad\ntitle: %s\nstatus: own\nsummary: s\nparameters:\n  - {name: p, values: [%s, b], why: %s}\nrules:\n", r(0), r(2), r(1))
	for i, address := range []string{"javascript:alert(1)", "https://x.example/\\\"><script>", "data:text/html,<script>", "//x.example"} {
		text += fmt.Sprintf("  - id: BAD-%d\n    shape: separation\n    text: %s\n    source: {document: %s, clause: %s, address: \"%s\"}\n", i, r(i), r(i+1), r(i+2), address)
		text += fmt.Sprintf("    where: element.technology != \"%d\"\n    act: %s\n    owes: [watch]\n", i, []string{"restrict", "refuse"}[i%2])
	}
	g, err := rules.Parse("own-bad.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return g
}

func printable(r rune) rune {
	if unicode.IsControl(r) {
		return '?'
	}
	return r
}

func TestHostileNames(t *testing.T) {
	f, g := badCountry(), badRegime(t)
	s, err := rules.Compile(f, []*rules.Regime{g}, 20600)
	if err != nil {
		t.Fatal(err)
	}
	ahead, err := trust.Outlook(f, []*rules.Regime{g}, 20600, 24)
	if err != nil {
		t.Fatal(err)
	}
	c := report.NewCheck(s, f, nil, ahead)
	for i := range c.Elements {
		c.Warnings = append(c.Warnings, report.Warning{File: c.Elements[i].Name, Line: 1, Column: 2, Path: hostile[0], Message: hostile[1]})
	}
	w := report.NewWhatIf(20600, []*rules.Regime{g}, ahead, map[string]int{hostile[0]: 7})
	text := harmless(t, c.HTML())
	if !strings.Contains(text, hostile[0]) || !strings.Contains(text, hostile[7]) || !strings.Contains(text, strings.Repeat("長", 200)) {
		t.Error("the page does not show names as they are")
	}
	w.Draw(f)
	harmless(t, w.HTML())
	for i := range f.Zones { // which no snapshot has
		f.Zones[i].Purpose = rules.Purpose(hostile[i])
	}
	harmless(t, report.Map(f, func(string) rules.Act { return 9 }))
	for name, told := range map[string][]byte{"check": c.Text(), "what-if": w.Text(), "why": report.Explain(s.Judge(hostile[5]).Explain()), "page": c.HTML()} {
		for _, r := range string(told) {
			if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' {
				t.Fatalf("%s has the character %U", name, r)
			}
		}
	}
	var back report.Check
	if err := json.Unmarshal(c.JSON(), &back); err != nil || len(back.Elements) != len(hostile) || !slices.ContainsFunc(back.Elements, func(e report.Element) bool { return e.Name == hostile[6] }) {
		t.Errorf("JSON does not read back: %v", err)
	}
}

// TestOutlookAsJSON has an outlook come as JSON, as from a running network, be told as it is where it was made.
func TestOutlookAsJSON(t *testing.T) {
	f, _ := country(t)
	direct := outlook(t, f)
	sent, err := json.Marshal(direct)
	if err != nil {
		t.Fatal(err)
	}
	var got trust.Forecast
	if err := json.Unmarshal(sent, &got); err != nil {
		t.Fatal(err)
	}
	law := []*rules.Regime{law(t)}
	want := report.NewWhatIf(date(t, today), law, direct, nil)
	if have := report.NewWhatIf(date(t, today), law, got, nil); !bytes.Equal(have.HTML(), want.HTML()) || !bytes.Equal(have.Text(), want.Text()) {
		t.Error("an outlook is told otherwise once it was JSON")
	}
}
