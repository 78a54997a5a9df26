package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cordon/console"
	"cordon/trust"
)

const (
	digest7  = "sha256:0707070707070707070707070707070707070707070707070707070707070707"
	proposal = `elements:\n  - name: gnb-00101-9/24\n    functions: [gnb]\n    technology: \"5g\"\n    vendor: fill-in\n    site: fill-in\n    addresses:\n      n2: [\"192.0.2.9\"]\n    node: gnb-00101-9/24\n    tacs: [1]\n    slices: [\"1\"]\n`
	cutOf    = `"elements":["gnb-1","gnb-2","upf-1"],"radios":[{"element":"gnb-2","site":"moor","devices":1,"to":["gnb-3","gnb-4"]},{"element":"gnb-1","site":"mill","devices":7,"to":[]}],"devices":8,"dark":1,"stranded":7}`
	whatIfOf = `{"as_of":"2027-12-31","now":{"dry_run":false,` + cutOf + `,"outlook":{"due":[{"date":"2027-12-31","as_is":{"refused":[{"element":"gnb-1","rule":"UK-DVD-02"}],"serving":4,"restricted":1},"planned":{"serving":5,"restricted":1}}]}}`
)

// lawAPI is api with a law.
func lawAPI() *fakeAPI {
	f := api()
	for what, answer := range map[string]string{
		"GET /v1/trust/elements?limit=1000":             `{"elements":[{"name":"gnb-1","functions":["gnb"],"vendor":"alder","site":"mill","node":"gnb-00101-1/24","act":"restrict","owes":["watch","replace"],"due":"2027-12-31","rule":"UK-DVD-02","state":"connected","devices":7}],"next":"gnb-1"}`,
		"GET /v1/trust/elements?after=gnb-1&limit=1000": `{"elements":[{"name":"upf-1","functions":["upf"],"vendor":"birch","site":"moor","act":"allow","devices":0}]}`,
		"GET /v1/trust/elements/gnb-1/why":              `{"as_of":"2026-11-22","gate":"management","element":"gnb-1","known":true,"act":"restrict","owes":["watch"],"rule":"R-1","regimes":[],"rules":[{"regime":"own","rule":"R-1","shape":"function-ban","text":"No gNB of theirs.","source":{"document":"A law","clause":"5"},"mark":"F","status":"law","outcome":"violated","act":"restrict"}]}`,
		"GET /v1/trust/elements/gnb-00101-1%2F24/why":   `{"element":"gnb-1","known":true,"act":"allow","gate":"management","regimes":[],"rules":[]}`,
		"GET /v1/trust/elements/nobody/why":             `404 {"error":{"code":"not_found","message":"no element \"nobody\" in the records"}}`,
		"GET /v1/trust/pending":                         `{"pending":[{"node":"gnb-00101-9/24","name":"evil\u001b[2Jname","address":"192.0.2.9:38412","areas":[{"tai":"00101-000001","slices":["1","2"]}],"tries":3,"record":"` + proposal + `"}]}`,
		"POST /v1/trust/pending/approve":                `{"status":"approved"}`,
		"GET /v1/trust/approvals":                       `{"approvals":[{"number":5,"elements":["quay","mole"],"record":"x"}]}`,
		"POST /v1/trust/approvals/5/withdraw":           `{"status":"restored"}`,
		"POST /v1/trust/pending/dismiss":                `{"status":"dismissed"}`,
		"GET /v1/trust/cuts":                            `{"cuts":[{"number":7,"vendor":"alder","who":"alice","why":"court order 7","at":"2026-11-22T02:00:00Z"},{"number":8,"digest":"` + digest7 + `"},{"number":9,"element":"gnb-1"}]}`,
		"POST /v1/trust/cuts":                           `{"number":10,"dry_run":false,` + cutOf,
		"POST /v1/trust/cuts/7/restore":                 `{"status":"restored"}`,
		"POST /v1/trust/cuts/8/restore":                 `404 {"error":{"code":"not_found","message":"no cut 8 is in force"}}`,
		"GET /v1/trust/findings":                        `{"findings":[{"element":"gnb-1","kind":"location","count":4,"day":3,"why":"cell 5","means":"It lied.","do":"Ask it."},{"element":"gnb-2","kind":"location","count":1,"means":"It lied.","do":"Ask it."},{"element":"gnb-3","kind":"mac","count":0,"cleared_by":"alice","cleared_why":"moved","means":"Forged."}]}`,
		"POST /v1/trust/findings/clear":                 `{"status":"cleared"}`,
		"GET /v1/trust/whatif?":                         whatIfOf,
		"GET /v1/trust/whatif?as_of=2027-12-31&months=24&regime=uk-dvd-2022&regime=contain": whatIfOf,
		"GET /v1/trust/whatif?regime=uk-dvd-20222":                                          `400 {"error":{"code":"bad_request","message":"no regime is called \"uk-dvd-20222\"","where":"regime"}}`,
		"GET /v1/trust/records": "sites:\n  - name: mill\n",
		"POST /v1/trust/reload": `422 {"error":{"code":"invalid","message":"x","details":[{"message":"radios.yaml:3:5: elements[0]: name is missing"},{"message":"no regime is called x"}]}}`,
	} {
		f.answers[what] = answer
	}
	return f
}

func TestTrustCommands(t *testing.T) {
	dir := t.TempDir()
	record := filepath.Join(dir, "record.yaml")
	if err := os.WriteFile(record, []byte("elements: [{name: x, functions: [gnb], node: gnb-00101-9/24}]"), 0o600); err != nil {
		t.Fatal(err)
	}
	const because = " --by alice --why order-7"
	tests := []struct {
		args string
		want []string // in what is printed
		sent string   // in the last request's body
	}{
		{"status", []string{"law       uk-2019, contain, as of 2019-05-01", "elements  12: 1 refused, 3 restricted", "pending   2 without a record: \"cordon radio pending\"",
			"refused   the last change, so that the law before it stays: radios.yaml:3:5: name is missing (and 2 more)", "evidence  the disk is full: free some space, 5 entries to write"}, ""},
		{"element list", []string{"ELEMENT  FUNCTIONS", "gnb-1    gnb        alder   mill  restrict  watch,replace  2027-12-31  UK-DVD-02  connected  7", "upf-1    upf        birch   moor  allow     -"}, ""},
		{"why gnb-1", []string{"gnb-1 may serve within bounds, under R-1", "No gNB of theirs."}, ""},
		{"why gnb-00101-1/24", []string{"gnb-1 may serve"}, ""},
		{"radio pending", []string{"RADIO           NAME", "gnb-00101-9/24  evil?[2Jname  192.0.2.9:38412  00101-000001  1,2     3"}, ""},
		{"radio pending gnb-00101-9/24", []string{"elements:\n  - name: gnb-00101-9/24\n"}, ""},
		{"radio approve gnb-00101-9/24 --record " + record + because, nil, `"record":"elements: [{name: x, functions: [gnb], node: gnb-00101-9/24}]","who":"alice","why":"order-7"`},
		{"radio approve gnb-00101-9/24 --record -" + because, nil, `"record":"elements: [{name: y, functions: [gnb], node: gnb-00101-000009/24}]"`},
		{"radio approve gnb-00101-9/24 --vendor alder --manager birch --site mill --name quay --model x1 --installed 2026-11-20 --purchased 2026-10-01" + because, nil,
			`"record":"elements:\n  - name: quay\n    functions: [gnb]\n    technology: \"5g\"\n    vendor: alder\n    manager: birch\n    model: x1\n    site: mill\n    addresses:\n      n2: [\"192.0.2.9\"]\n    node: gnb-00101-9/24\n    tacs: [1]\n    slices: [\"1\"]\n    purchased: 2026-10-01\n    installed: 2026-11-20\n"`},
		{"radio approvals", []string{"NUMBER  ELEMENTS\n5       quay,mole\n"}, ""},
		{"radio withdraw 5" + because, nil, `{"who":"alice","why":"order-7"}`},
		{"radio dismiss gnb-00101-9/24" + because, nil, `{"node":"gnb-00101-9/24","who":"alice","why":"order-7"}`},
		{"cut --vendor alder" + because, []string{"this takes out of service: 3 elements, among them 2 radios with 8 devices connected", "it leaves 1 radio's area dark, with 7 devices that no other radio reaches",
			"gnb-2  moor  1        gnb-3, gnb-4\n", "gnb-1  mill  7        nowhere: dark\n", "besides radios: upf-1\n", `this is cut 10: "cordon cut restore 10 --why REASON" takes it back`}, `{"who":"alice","why":"order-7","vendor":"alder"}`},
		{"cut --element gnb-1 --dry-run", []string{"gnb-1"}, `{"who":"","why":"","element":"gnb-1","dry_run":true}`},
		{"cut --software " + digest7 + because, []string{"gnb-1"}, `"digest":"` + digest7 + `"`},
		{"cut list", []string{"7       vendor    alder ", "alice  2026-11-22 02:00:00  court order 7", "8       software  sha256:07", "9       element   gnb-1"}, ""},
		{"cut restore 7" + because, nil, `{"who":"alice","why":"order-7"}`},
		{"finding list", []string{"gnb-1    location  4      3    -     cell 5", "gnb-3    mac       0      0    -     cleared by alice: moved", "\nlocation: It lied. Ask it.\n"}, ""},
		{"finding clear gnb-1" + because, nil, `"element":"gnb-1"`},
		{"whatif", []string{"this would take out of service: 3 elements", "2027-12-31", "UK-DVD-02"}, ""},
		{"whatif --regime uk-dvd-2022 --regime contain --as-of 2027-12-31 --months 24", []string{"uk-dvd-2022", "Designated vendor direction"}, ""},
		{"whatif --html " + filepath.Join(dir, "page.html"), nil, ""},
		{"records export", []string{"sites:\n  - name: mill\n"}, ""},
		{"rules list", []string{"NAME ", "contain          own ", "uk-2019          reported   4      3 F, 1 M "}, ""},
		{"rules show uk-dvd-2022", []string{"parameter deadline_day: excluded (the default), or included", "UK-DVD-02", "violated  refuse", "source "}, ""},
		{"records schema", []string{`"Cordon records"`}, ""},
		{"help cut", []string{"cordon cut restore NUMBER --why REASON"}, ""},
	}
	for _, test := range tests {
		f := lawAPI()
		status, out, errs := run(t, f, "elements: [{name: y, functions: [gnb], node: gnb-00101-000009/24}]", strings.Fields(test.args)...)
		if status != statusOK || errs != "" || len(test.want) == 0 && out != "" {
			t.Errorf("%s: status %d\n%s\n%s", test.args, status, out, errs)
		}
		for _, w := range test.want {
			if !strings.Contains(out, w) {
				t.Errorf("%s: want %q in\n%s", test.args, w, out)
			}
		}
		if test.sent != "" && !strings.Contains(f.bodies[len(f.bodies)-1], test.sent) {
			t.Errorf("%s: sent\n%s\nwant\n%s", test.args, f.bodies[len(f.bodies)-1], test.sent)
		}
	}
	if page, err := os.ReadFile(filepath.Join(dir, "page.html")); err != nil || !strings.Contains(string(page), "2027-12-31") || !strings.Contains(string(page), "</html>") {
		t.Errorf("%v %s", err, page)
	}
}

// What --json prints is JSON.
func TestTrustJSON(t *testing.T) {
	for args, want := range map[string]string{
		"status": "law", "element list": "elements", "why gnb-1": "act", "radio pending": "pending", "radio pending gnb-00101-9/24": "record",
		"radio approve gnb-00101-9/24 --vendor a --site b --why c": "status", "radio dismiss gnb-00101-9/24 --why c": "status", "radio approvals": "approvals", "radio withdraw 5 --why c": "status",
		"cut --vendor alder --dry-run": "radios", "cut list": "cuts", "cut restore 7 --why c": "status", "finding list": "findings", "finding clear gnb-1 --why c": "status",
		"whatif": "outlook", "rules list": "regimes", "rules show contain": "rules", "records export": "records",
	} {
		status, out, errs := run(t, lawAPI(), "", append(strings.Fields(args), "--json")...)
		var v map[string]any
		if err := json.Unmarshal([]byte(out), &v); status != statusOK || err != nil || v[want] == nil {
			t.Errorf("%s: status %d, %v\n%s%s", args, status, err, out, errs)
		}
	}
	var all struct{ Elements []console.Element }
	if _, out, _ := run(t, lawAPI(), "", "element", "list", "--json"); json.Unmarshal([]byte(out), &all) != nil || len(all.Elements) != 2 {
		t.Errorf("%s", out)
	}
}

func TestTrustErrors(t *testing.T) {
	long := strings.Repeat("x", 501)
	large := filepath.Join(t.TempDir(), "large.yaml")
	if err := os.WriteFile(large, make([]byte, maxRecord+1), 0o600); err != nil {
		t.Fatal(err)
	}
	slip := filepath.Join(t.TempDir(), "slip.yaml")
	if err := os.WriteFile(slip, []byte("elements: [{name: x, fonctions: [gnb]}]"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		args   string
		status int
		want   string
	}{
		{"why", statusUsage, "an argument is missing"},
		{"why nobody", statusFailed, `no element "nobody" in the records`},
		{"radio pending gnb-00101-8/24", statusFailed, `no radio gnb-00101-8/24 is pending: "cordon radio pending" lists them`},
		{"radio approve gnb-00101-9/24", statusUsage, "--why is missing: every order is kept as evidence, with its reason"},
		{"radio approve gnb-00101-9/24 --why x", statusUsage, "want --record FILE, or --vendor and --site"},
		{"radio approve gnb-00101-9/24 --why x --vendor alder", statusUsage, "want --record FILE, or --vendor and --site"},
		{"radio approve gnb-00101-9/24 --why x --vendor alder --site mill --record f", statusUsage, "--record is the whole record"},
		{"radio approve gnb-00101-8/24 --why x --vendor alder --site mill", statusFailed, "no radio gnb-00101-8/24 is pending"},
		{"radio approve gnb-00101-9/24 --why x --vendor alder --site mill --installed soon", statusUsage, `--installed: "soon" is no date`},
		{"radio approve gnb-00101-9/24 --why x --record /nonexistent.yaml", statusFailed, "no such file"},
		{"radio approve gnb-00101-9/24 --why x --record " + large, statusFailed, "it is to be one radio's record"},
		{"radio approve gnb-00101-8/24 --why x --record -", statusFailed, `the record has no element with "node: gnb-00101-8/24", and would be another radio's`},
		{"radio approve gnb-00101-8/24 --why x --record " + slip, statusFailed, slip + `:1:22: elements[0]: "fonctions" is not known here`},
		{"radio approve gnb-00101-9/24 --why x --record - --from 192.0.2.9", statusUsage, "take --from out"},
		{"radio dismiss gnb-00101-9/24", statusUsage, "--why is missing"},
		{"radio withdraw x --why x", statusUsage, `approval "x": want its number in "cordon radio approvals"`},
		{"radio withdraw 7 --why x", statusFailed, `no approval 7 is in force: "cordon radio approvals" lists them`},
		{"cut --why x", statusUsage, "want one of --vendor, --element and --software"},
		{"cut --why x --vendor a --element b", statusUsage, "want one of --vendor, --element and --software"},
		{"cut --vendor a", statusUsage, "--why is missing"},
		{"cut --vendor a --why " + long, statusUsage, "why: want a reason, which is kept as evidence: 1 to 500 printable characters"},
		{"cut --vendor a --why x --by " + long, statusUsage, "who: want who orders this"},
		{"cut restore x --why x", statusUsage, `cut "x": want its number in "cordon cut list"`},
		{"cut restore 8 --why x", statusFailed, "no cut 8 is in force"},
		{"finding clear gnb-1", statusUsage, "--why is missing"},
		{"whatif --json --html x", statusUsage, "want either --json or --html"},
		{"whatif --as-of tomorrow", statusUsage, `--as-of: "tomorrow" is no date`},
		{"whatif --regime uk-dvd-20222", statusFailed, `regime: no regime is called "uk-dvd-20222"`},
		{"rules show uk-2091", statusFailed, `no regime is called "uk-2091"`},
		{"rules show", statusUsage, "an argument is missing"},
		{"records check", statusUsage, "an argument is missing"},
		{"records check /nonexistent.yaml", statusFailed, "no such file"},
		{"records import /nonexistent.csv", statusFailed, "no such file"},
		{"reload", statusUsage, "--why is missing"},
		{"reload --why x", statusFailed, "radios.yaml:3:5: elements[0]: name is missing\n  no regime is called x"},
	}
	for _, test := range tests {
		status, out, errs := run(t, lawAPI(), "elements: [{name: y, functions: [gnb], node: gnb-00101-000009/24}]", strings.Fields(test.args)...)
		if status != test.status || !strings.Contains(errs, test.want) || out != "" {
			t.Errorf("%.80s: status %d\n%s\n%s", test.args, status, out, errs)
		}
	}
}

// What a cut does is told in a sentence, whatever it does.
func TestCutIsTold(t *testing.T) {
	for want, r := range map[string]console.CutReport{
		"this takes nothing out of service that may serve now\n":                                                                      {},
		"this would take nothing out of service that may serve now\n":                                                                 {DryRun: true},
		"this would take out of service: 1 element, among them 0 radios with 0 devices connected\nbesides radios: a?b\n":              {DryRun: true, Elements: []string{"a\x1bb"}},
		"this takes out of service more than can be listed, with 1 device connected; 7 entries are left out\nbesides radios: upf-1\n": {Elements: []string{"upf-1"}, Omitted: 7, Devices: 1},
	} {
		var b bytes.Buffer
		if err := printCut(&b, r); err != nil || b.String() != want {
			t.Errorf("%v %q, want %q", err, b.String(), want)
		}
	}
}

// Where two claim one identity, the operator says by the address which is the radio.
func TestTwoClaimants(t *testing.T) {
	f := lawAPI()
	one := `{"node":"gnb-00101-9/24","address":"192.0.2.9:38412","record":"` + proposal + `"}`
	f.answers["GET /v1/trust/pending"] = `{"pending":[` + one + `,` + strings.ReplaceAll(one, "192.0.2.9", "198.51.100.9") + `]}`
	const approve = "radio approve gnb-00101-9/24 --vendor alder --site mill --why x"
	for _, args := range []string{approve, "radio pending gnb-00101-9/24"} {
		if status, out, errs := run(t, f, "", strings.Fields(args)...); status != statusFailed || out != "" || !strings.Contains(errs, "2 radios claim to be gnb-00101-9/24: say with --from ADDRESS which one is") {
			t.Errorf("%s: %d %s%s", args, status, out, errs)
		}
	}
	if status, _, errs := run(t, f, "", strings.Fields(approve+" --from 198.51.100.9")...); status != statusOK || !strings.Contains(f.bodies[len(f.bodies)-1], `n2: [\"198.51.100.9\"]`) {
		t.Errorf("%d %s %s", status, errs, f.bodies[len(f.bodies)-1])
	}
	if status, _, errs := run(t, f, "", strings.Fields(approve+" --from 203.0.113.1")...); status != statusFailed || !strings.Contains(errs, "no radio gnb-00101-9/24 from 203.0.113.1 is pending") {
		t.Errorf("%d %s", status, errs)
	}
}

// Who acts is who has logged in, also as root, unless they say otherwise.
func TestLogin(t *testing.T) {
	for _, test := range []struct{ sudo, user, want string }{{"alice", "root", "alice"}, {"", "bob", "bob"}} {
		c := &call{getenv: func(k string) string { return map[string]string{"SUDO_USER": test.sudo, "USER": test.user}[k] }}
		if got := c.login(); got != test.want {
			t.Errorf("%+v: %q", test, got)
		}
	}
	if c := (&call{getenv: func(string) string { return "" }}); c.login() == "" {
		t.Error("this process's user has no name")
	}
}

// Records are checked together, every fault with its place; an inventory becomes records.
func TestRecords(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	_, example, _ := run(t, nil, "", "records", "example")
	good, bad := file("good.yaml", example), file("bad.yaml", strings.NewReplacer("vendor: meridian", "vendor: meridien", "installed: 2022", "installd: 2022").Replace(example))
	if status, out, errs := run(t, nil, "", "records", "check", good); status != statusOK || errs != "" || out != "ok: 2 vendors, 4 sites, 1 zone, 4 elements, 0 links\n" {
		t.Errorf("%d %s %s", status, out, errs)
	}
	if status, out, errs := run(t, nil, "", "records", "check", bad); status != statusFailed || out != "" || !strings.Contains(errs, "the records are not usable:\n"+bad+`:`) || !strings.Contains(errs, "want installed") {
		t.Errorf("%d %s %s", status, out, errs)
	}
	for path, ok := range map[string]bool{good: true, bad: false} {
		var got checked
		if _, out, _ := run(t, nil, "", "records", "check", "--json", path); json.Unmarshal([]byte(out), &got) != nil || got.OK != ok || (len(got.Problems) == 0) != ok {
			t.Errorf("%s", out)
		} else if !ok && (got.Problems[0].File != bad || got.Problems[0].Line == 0) {
			t.Errorf("%+v", got)
		}
	}
	odd := file("odd.yaml", strings.Replace(example, "tacs: [2]", "tacs: [1]", 1))
	if status, out, _ := run(t, nil, "", "records", "check", odd); status != statusOK || !strings.Contains(out, "odd: "+odd+":") {
		t.Errorf("%d %s", status, out)
	}
	inventory := file("inventory.csv", "name,role,manufacturer,site,latitude,longitude\nrtr-1,router,Meridian Telecom Ltd,quay,50.91,-1.40\n")
	status, out, errs := run(t, nil, "", "records", "import", good, inventory)
	facts, _, err := trust.Parse([]trust.File{{Name: "f.yaml", Text: []byte(out)}})
	if status != statusOK || err != nil || len(facts.Elements) != 5 || facts.Elements[4].Vendor != "meridian" || len(facts.Sites) != 5 {
		t.Errorf("%d %v %s %s", status, err, out, errs)
	}
	if status, out, errs := run(t, nil, "", "records", "import", inventory); status != statusFailed || out != "" || !strings.Contains(errs, `no vendor is called "Meridian Telecom Ltd"`) {
		t.Errorf("%d %s %s", status, out, errs)
	}
}

// Every command is explained by its usage line.
func TestUsage(t *testing.T) {
	for _, cmd := range commands() {
		status, out, errs := run(t, nil, "", append(strings.Fields(cmd.name), "--help")...)
		if status != statusOK || errs != "" || !strings.HasPrefix(out, "cordon "+cmd.name) || !strings.Contains(out, cmd.about) {
			t.Errorf("%s: %d\n%s%s", cmd.name, status, out, errs)
		}
		for line := range strings.Lines(out) {
			if strings.HasPrefix(line, "  --") && len(slices.DeleteFunc(strings.Fields(line), func(w string) bool { return strings.HasPrefix(w, "--") })) < 2 {
				t.Errorf("%s: a flag that says nothing: %q", cmd.name, line)
			}
		}
	}
}
