package trust

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"

	"cordon/document"
	"cordon/rules"
)

func parse(t *testing.T, files ...File) *rules.Facts {
	t.Helper()
	f, _, err := Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func fullText(t testing.TB) string {
	text, err := os.ReadFile("testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The full file has every field, and comes back from what is written of it.
func TestFull(t *testing.T) {
	f := parse(t, File{"full.yaml", []byte(fullText(t))})
	out := Export(f)
	if again := parse(t, File{"again.yaml", out}); !reflect.DeepEqual(f, again) {
		t.Errorf("\n%+v\n%+v", f, again)
	}
	golden, err := os.ReadFile("testdata/export.yaml")
	if err != nil || !bytes.Equal(out, golden) {
		t.Errorf("%v; the export is\n%s", err, out)
	}
	for _, names := range [][]string{fieldNames(vendorFields), fieldNames(classFields), fieldNames(siteFields), fieldNames(zoneFields), fieldNames(elementFields),
		fieldNames(addressFields), fieldNames(permitFields), fieldNames(planFields), fieldNames(managementFields), fieldNames(linkFields)} {
		for _, n := range names {
			if n != "n4" && n != "two_people" && !bytes.Contains(out, []byte(" "+n+":")) {
				t.Errorf("the full file has no %s", n)
			}
		}
	}
	e := f.Elements[0]
	if e.Node.ID != 0x19b || !e.HasNode || e.Served.Radius != 7250 || e.Addresses.N2[0].Bits() != 32 || e.Plan.Cost != 120000 || e.Management.Separated != rules.No ||
		e.Management.TwoPeople != rules.Unknown || f.Elements[1].Traffic != -1 || f.Sites[1].At.Lon != -3.5 || f.Sites[2].Placed {
		t.Errorf("%+v", e)
	}
}

func fieldNames[T any](fields []field[T]) []string {
	var names []string
	for _, f := range fields {
		names = append(names, f.name)
	}
	return names
}

// What is written of any records reads back equal, and its order does not depend on theirs.
func TestExportReadsBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 150 {
		f := randomFacts(rng, 6)
		out := Export(f)
		again, _, err := Parse([]File{{"f.yaml", out}})
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if !reflect.DeepEqual(f, again) {
			t.Fatalf("\n%+v\n%+v\n%s", f, again, out)
		}
		rng.Shuffle(len(f.Elements), func(i, j int) { f.Elements[i], f.Elements[j] = f.Elements[j], f.Elements[i] })
		rng.Shuffle(len(f.Vendors), func(i, j int) { f.Vendors[i], f.Vendors[j] = f.Vendors[j], f.Vendors[i] })
		if !bytes.Equal(out, Export(f)) {
			t.Fatal("the export depends on the order of records")
		}
		if _, err := check(f, &intake{}); err != nil {
			t.Fatal(err)
		}
	}
	if out := Export(&rules.Facts{}); !reflect.DeepEqual(parse(t, File{"none.yaml", out}), &rules.Facts{}) {
		t.Errorf("%s", out)
	}
}

// Records in one file or in many, as YAML or as JSON, are the same.
func TestSeveralFiles(t *testing.T) {
	f := parse(t, File{"full.yaml", []byte(fullText(t))})
	var parts []File
	for _, list := range strings.Split(strings.TrimSpace(string(Export(f))), "\n") {
		if !strings.HasPrefix(list, " ") {
			parts = append([]File{{list + ".yml", nil}}, parts...)
		}
		parts[0].Text = append(parts[0].Text, list+"\n"...)
	}
	if got := parse(t, parts...); len(parts) != 5 || !reflect.DeepEqual(got, f) {
		t.Errorf("%d parts\n%+v\n%+v", len(parts), got, f)
	}
	asJSON := `{"sites": [{"name": "a", "at": [1.5, 2]}], "elements": [{"name": "e", "functions": ["upf"], "site": "a", "tacs": [7, "0x2"]}]}`
	asYAML := "sites: [{name: a, at: [1.5, 2]}]\nelements: [{name: e, functions: [upf], site: a, tacs: [7, 0x2]}]"
	if a, b := parse(t, File{"a.json", []byte(asJSON)}), parse(t, File{"a.yaml", []byte(asYAML)}); !reflect.DeepEqual(a, b) {
		t.Errorf("\n%+v\n%+v", a, b)
	}
}

// Every fault is told with its place and what was expected there.
func TestRecordsRefused(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"unknown list", "links:", "lines:", `f.yaml:90:1: "lines" is not known here: want links`},
		{"unknown field", "    installed:", "    instaled:", `f.yaml:62:5: elements[0]: "instaled" is not known here: want installed`},
		{"vendor name", "name: alder-uk", "name: Alder_UK", `f.yaml:6:11: vendors[1].name: "Alder_UK": want 1 to 60 lower-case letters`},
		{"no name", "  - name: moor\n    at:", "  - at:", "f.yaml:20:5: sites[1]: name is missing"},
		{"no functions", "    functions: [upf]\n", "", "f.yaml:85:5: elements[1]: functions is missing"},
		{"none of them", "functions: [upf]", "functions: []", `f.yaml:86:16: elements["upf-1"].functions: want at least one function`},
		{"function tag", "functions: [upf]", "functions: [ufp]", `f.yaml:86:17: elements[1].functions[0]: "ufp" is no function tag: "upf" is`},
		{"function twice", "functions: [upf]", "functions: [upf, upf]", `f.yaml:86:16: elements[1].functions: upf stands there twice`},
		{"class", "class: trusted", "class: evil", `f.yaml:14:16: vendors[1].classes[1].class: "evil" is no class`},
		{"date", "from: 2020-01-28", "from: 2020-02-30", `f.yaml:13:15: vendors[1].classes[0].from: "2020-02-30": want a date as 2027-12-31`},
		{"country", "country: FI", "country: Finland", `f.yaml:5:14: vendors[0].country: "Finland": want a country's two capital letters`},
		{"latitude", "[51.1465, 0.8750]", "[91, 0.8750]", `f.yaml:19:10: sites[0].at[0]: "91": want a number from -90 to 90`},
		{"half a place", "[51.1465, 0.8750]", "[51.1465]", "f.yaml:19:9: sites[0].at: want a place: [latitude, longitude]"},
		{"three numbers", "[51.1465, 0.8750]", "[51, 0.8, 3]", "f.yaml:19:19: sites[0].at[2]: want a place"},
		{"place as text", "[51.1465, 0.8750]", "London", `f.yaml:19:9: sites[0].at: want a place: [latitude, longitude] in degrees, or both by name, not "London"`},
		{"half a place by name", "{lat: 54.42, lon: -3.5}", "{lat: 54.42}", "f.yaml:21:9: sites[1].at: lon is missing"},
		{"radius", "radius_km: 4.1", "radius_km: 0", `f.yaml:37:18: zones[1].circle.radius_km: "0": want a number above 0`},
		{"bow tie", "[60, 3]\n      - [60, -8]", "[60, -8]\n      - [60, 3]", `f.yaml:27:7: zones["coast"].polygon: hole 1: its corner 55, -1 lies outside the polygon`},
		{"no area", "    circle:\n      centre: [54.4205, -3.4975]\n      radius_km: 4.1\n", "", `f.yaml:32:5: zones["reactor"].polygon: want a circle or a polygon`},
		{"served", "radius_km: 7.25}", "radius_km: 7.25}\n      polygon: [[0, 0], [0, 1], [1, 1]]", "f.yaml:51:7: elements[0].served: want a circle or a polygon, not both"},
		{"host bits", "10.1.7.0/28", "10.1.7.1/28", `f.yaml:54:12: elements[0].addresses.n3[0]: "10.1.7.1/28": want an address, or a range`},
		{"node", "gnb-00101-19b/22", "gnb-00101-19b", `f.yaml:56:11: elements[0].node: node "gnb-00101-19b": want`},
		{"digest", "sha256:0011", "sha256:11", `f.yaml:48:13: elements[0].digest: "sha256:11`},
		{"traffic", "traffic: 0.5", "traffic: -1", `f.yaml:64:14: elements[0].traffic: "-1": want a number from 0 to 1e15`},
		{"known", "separated: false", "separated: maybe", `f.yaml:83:18: elements[0].management.separated: "maybe": want true or false`},
		{"text with a line break", "title: The reactor", `title: "The\nreactor"`, `f.yaml:33:12: zones[1].title: "The\nreactor": want a text of 1 to 1000`},
		{"plan without date", "{by: 2027-12-31, vendor", "{vendor", "f.yaml:76:11: elements[0].plan: by is missing"},
		{"no vendor", "manager: alder-uk", "manager: alder-u", `f.yaml:43:14: elements["gnb-7"].manager: there is no vendor "alder-u": is it "alder-uk"?`},
		{"vendor by alias", "manager: alder-uk", "manager: alder-networks", `f.yaml:43:14: elements["gnb-7"].manager: there is no vendor "alder-networks"`},
		{"no site", "    site: moor", "    site: more", `f.yaml:87:11: elements["upf-1"].site: there is no site "more": is it "moor"?`},
		{"no element", "b: upf-1", "b: upf-2", `f.yaml:93:8: links["l1"].b: there is no element "upf-2": is it "upf-1"?`},
		{"to itself", "b: upf-1", "b: gnb-7", `f.yaml:93:8: links["l1"].b: joins "gnb-7" to itself`},
		{"vendor cycle", "    country: FI", "    parent: alder-uk", `f.yaml:5:13: vendors["alder"].parent: its parents lead back to itself`},
		{"plan before it was there", "installed: 2019-05-02", "installed: 2028-05-02", `f.yaml:76:11: elements["gnb-7"].plan: is replaced by 2027-12-31, before it was installed on 2028-05-02`},
		{"permit ends before it begins", "until: 2028-12-31", "until: 2020-12-31", `f.yaml:67:7: elements["gnb-7"].permits: the authorisation ends on 2020-12-31, before it begins on 2021-01-01`},
		{"in the sea", "lat: 54.42, lon: -3.5", "lat: 54.42, lon: -30", `f.yaml:21:9: sites["moor"].at: 54.42, -30 is in no zone of purpose territory`},
		{"in the lagoon", "lat: 54.42, lon: -3.5", "lat: 55.1, lon: 0.5", `f.yaml:21:9: sites["moor"].at: 55.1, 0.5 is in no zone of purpose territory`},
		{"twice", "name: upf-1", "name: gnb-7", `f.yaml:85:11: elements["gnb-7"].name: stands there twice: the other is "gnb-7" (f.yaml:39:5)`},
		{"one node for two", "functions: [upf]", "functions: [gnb]\n    node: gnb-00101-19b/22", `f.yaml:87:11: elements["upf-1"].node: gnb-00101-19b/22 is the identity of "gnb-7" (f.yaml:39:5) too`},
		{"one user plane for two", "functions: [upf]", "functions: [gnb]\n    node: gnb-00101-19c/22\n    addresses: {n2: [10.1.7.3]}", `f.yaml:88:16: elements["upf-1"].addresses: 10.1.7.3/32 overlaps 10.1.7.0/28 of "gnb-7" (f.yaml:39:5)`},
		{"one certificate for two", "functions: [upf]", "functions: [upf]\n    fingerprint: aa112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", `f.yaml:87:18: elements["upf-1"].fingerprint: is that of "gnb-7"`},
		{"key", "wireguard: hSD", "wireguard: hsd+", `f.yaml:88:16: elements[1].wireguard: "hsd+wCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=": want a public key as WireGuard writes it`},
		{"key written in another way", "qqbTmo=", "qqbTmp=", `f.yaml:88:16: elements[1].wireguard: "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmp=": want a public key`},
		{"key of no use", "    protection: wireguard\n", "", `f.yaml:88:16: elements["upf-1"].wireguard: is a key, and protection does not say that it is used`},
		{"key and IPsec", "protection: wireguard", "protection: ipsec", `f.yaml:89:17: elements["upf-1"].protection: is ipsec, and there is a key of WireGuard`},
		{"WireGuard without key", "    wireguard: hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=\n", "", `f.yaml:88:17: elements["upf-1"].protection: is wireguard, and there is no key`},
		{"protection", "protection: wireguard", "protection: prayer", `f.yaml:89:17: elements[1].protection: "prayer": want ipsec, wireguard, macsec or none`},
		{"one key for two", "    purchased: 2019-01-01", "    wireguard: hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=\n    protection: wireguard\n    purchased: 2019-01-01", `f.yaml:90:16: elements["upf-1"].wireguard: is that of "gnb-7" (f.yaml:39:5) too`},
		{"one alias for two", "[Alder Networks Ltd.", "[alder-uk, Alder Networks Ltd.", `f.yaml:6:5: vendors["alder-uk"].aliases: "alder-uk" is a name of "alder" (f.yaml:2:5) too`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(fullText(t), test.old, test.new, 1)
			if text == fullText(t) {
				t.Fatal("the case changes nothing")
			}
			f, _, err := Parse([]File{{"f.yaml", []byte(text)}})
			if err == nil || !strings.HasPrefix(err.Error(), test.want) || f != nil {
				t.Errorf("\n%v\nwant\n%s", err, test.want)
			}
		})
	}
}

func TestFilesRefused(t *testing.T) {
	tests := []struct {
		name, want string
		files      []File
	}{
		{"a text", "notes.txt: want a name that ends in .yaml", []File{{"notes.txt", nil}}},
		{"empty", "a.yaml:1:1: the file is empty", []File{{"a.yaml", []byte("# nothing")}}},
		{"empty zones", "a.geojson:1:1: the file is empty", []File{{"a.geojson", nil}}},
		{"large", "a.yaml: the file is larger than 67108864 octets", []File{{"a.yaml", make([]byte, limits.Size+1)}}},
		{"two files, one name", `b.yaml:1:16: sites["x"].name: stands there twice: the other is "x" (a.yaml:1:9)`, []File{{"a.yaml", []byte("sites: [{name: x}]")}, {"b.yaml", []byte("sites: [{name: x}]")}}},
		{"problems in the order of files", "b.yaml:1:1: \"x\" is not known here", []File{{"b.yaml", []byte("x: 1")}, {"a.yaml", []byte("x: 1")}}},
		{"many", "more than 1000 files", make([]File, MaxFiles+1)},
	}
	for _, test := range tests {
		if _, _, err := Parse(test.files); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s:\n%v\nwant\n%s", test.name, err, test.want)
		}
	}
}

// Problems are told up to a number, and each with its file and place.
func TestManyProblems(t *testing.T) {
	var b strings.Builder
	b.WriteString("elements:\n")
	for range 1000 {
		b.WriteString("  - {name: x, functions: [gnb], vendor: nobody}\n")
	}
	_, _, err := Parse([]File{{"f.yaml", []byte(b.String())}})
	if n := len(problemsOf(err)); n != maxTold {
		t.Errorf("%d problems", n)
	}
	_, _, err = Parse([]File{{"f.yaml", []byte(strings.ReplaceAll(b.String(), "gnb", "gnp"))}})
	if n := len(problemsOf(err)); n != maxTold+1 {
		t.Errorf("%d problems", n)
	}
}

func problemsOf(err error) []*document.Problem {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	var list []*document.Problem
	for _, e := range joined.Unwrap() {
		if p, ok := errors.AsType[*document.Problem](e); ok {
			list = append(list, p)
		}
	}
	return list
}

func TestWarnings(t *testing.T) {
	text := `vendors: [{name: a}, {name: b}]
sites: [{name: s}]
elements:
  - {name: g1, functions: [gnb], vendor: a, tacs: [7], purchased: 2020-01-02, installed: 2020-01-01}
  - {name: g2, functions: [gnb], vendor: b, tacs: [7], node: gnb-00101-2/22}
  - {name: g3, functions: [gnb], vendor: b, tacs: [8], node: gnb-00101-3/22}
  - {name: g4, functions: [gnb], vendor: b, tacs: [8], node: gnb-00101-4/22}
`
	_, warnings, err := Parse([]File{{"w.yaml", []byte(text)}})
	var got []string
	for _, w := range warnings {
		got = append(got, w.Error())
	}
	want := []string{
		`w.yaml:2:9: sites["s"].at: has no place: rules about places take it for the worst one`,
		`w.yaml:4:5: elements["g1"].node: a radio without node is not known by its identity when it connects`,
		`w.yaml:4:67: elements["g1"].purchased: was bought on 2020-01-02, after it was installed on 2020-01-01`,
		`w.yaml:4:51: elements["g1"].tacs: 7 (0x000007) is shared by radios of several vendors, g1, g2: a device that is kept off one of them is kept off the area`,
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n%s\nwant\n%s", err, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Facts that come from elsewhere are named by their records.
func TestCheckWithoutFiles(t *testing.T) {
	f := parse(t, File{"full.yaml", []byte(fullText(t))})
	f.Elements = append(f.Elements, f.Elements[0])
	_, err := check(f, &intake{})
	if want := `elements["gnb-7"].name: stands there twice: the other is "gnb-7"`; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v", err)
	}
	f.Links = make([]rules.Link, MaxElements+1)
	if _, err := check(f, &intake{}); err == nil || err.Error() != "links: 200001: want at most 200000" {
		t.Errorf("%v", err)
	}
}

// The schema is JSON that names every field, and has what the reader needs as required.
func TestSchema(t *testing.T) {
	var s struct {
		Properties map[string]struct {
			Items struct {
				Properties map[string]struct{ Description string }
				Required   []string
				Closed     *bool `json:"additionalProperties"`
			}
		}
	}
	if err := json.Unmarshal(Schema(), &s); err != nil {
		t.Fatal(err)
	}
	elements := s.Properties["elements"].Items
	for _, n := range fieldNames(elementFields) {
		if elements.Properties[n].Description == "" {
			t.Errorf("elements have no %s, or nothing is said about it", n)
		}
	}
	if len(s.Properties) != 5 || !reflect.DeepEqual(elements.Required, []string{"name", "functions"}) || elements.Closed == nil || *elements.Closed {
		t.Errorf("%s", Schema())
	}
}

// Whatever the text: records that come back from their export, or problems with file and place.
func FuzzRecords(f *testing.F) {
	f.Add(fullText(f))
	f.Add("sites: [{name: a, at: [1, -0]}]\nzones: [{name: z, purpose: p, circle: {centre: {lat: 0, lon: 0}, radius_km: 0.0000014}}]")
	f.Add("elements: [{name: e, functions: [upf], plan: {by: 2027-01-01}, tags: []}]")
	f.Fuzz(func(t *testing.T, text string) { readsBackOrTells(t, File{"f.yaml", []byte(text)}) })
}

func readsBackOrTells(t *testing.T, file File) {
	facts, _, err := Parse([]File{file})
	if err == nil {
		out := Export(facts)
		again, _, err := Parse([]File{{"again.yaml", out}})
		if err != nil || !reflect.DeepEqual(facts, again) {
			t.Fatalf("%v\n%+v\n%+v\n%s", err, facts, again, out)
		}
		return
	}
	problems := problemsOf(err)
	if len(problems) == 0 || facts != nil {
		t.Fatalf("%v", err)
	}
	for _, p := range problems {
		if p.File != file.Name || p.Line < 1 || p.Column < 1 || p.Message == "" {
			t.Fatalf("without place: %+v", p)
		}
	}
}

// Whatever a radio claims to be called: what is written of it is one element, with that model or refused for it.
func FuzzExportedText(f *testing.F) {
	for _, s := range []string{"a", "a\nvendor: x", "x: y", "\"", "\\", "- a", "#", "\xff", "\u2028", "null", "a \t", "{", "%YAML 1.1", "---", "\x00", "\u0085x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		facts := &rules.Facts{Elements: []rules.Element{{Name: "e", Functions: []rules.Function{"upf"}, Model: text, Traffic: -1, Premises: -1}}}
		got, _, err := Parse([]File{{"f.yaml", Export(facts)}})
		if err == nil && !reflect.DeepEqual(got, facts) {
			t.Fatalf("%q became %+v", text, got.Elements)
		}
		if problems := problemsOf(err); err != nil && (len(problems) != 1 || problems[0].Path != "elements[0].model") {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
