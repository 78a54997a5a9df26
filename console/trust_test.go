package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"time"

	"cordon/document"
	"cordon/rules"
	"cordon/trust"
)

// fakeTrust is a law with a few elements, which remembers what it was ordered.
type fakeTrust struct {
	err   error
	acts  []string
	asked WhatIfQuery

	pending []PendingRadio
}

func (f *fakeTrust) act(a Act, what string) error {
	f.acts = append(f.acts, fmt.Sprintf("%s: %s because %s", what, a.Who, a.Why))
	return f.err
}

func (f *fakeTrust) Law(context.Context) (LawStatus, error) {
	return LawStatus{AsOf: "2020-01-28", Refused: 3}, f.err
}

func (f *fakeTrust) Elements(_ context.Context, after string, limit int) (out []Element, err error) {
	for i := range 5 {
		if name := fmt.Sprintf("gnb-%d", i); name > after && len(out) < limit {
			out = append(out, Element{Name: name, Act: "allow"})
		}
	}
	return out, f.err
}

func (f *fakeTrust) Why(_ context.Context, element string) (rules.Explanation, error) {
	if element != "gnb-00101-1/24" && element != "gnb-1" {
		return rules.Explanation{}, fmt.Errorf("no element %q in the records: %w", element, fs.ErrNotExist)
	}
	return rules.Explanation{Element: element, Act: rules.Restrict}, f.err
}

func (f *fakeTrust) Pending(context.Context) ([]PendingRadio, error) { return f.pending, f.err }
func (f *fakeTrust) Approve(_ context.Context, a Act, record string) error {
	return f.act(a, "approve "+record)
}
func (f *fakeTrust) Approvals(context.Context) ([]Approval, error) {
	list := make([]Approval, MaxApprovals+3)
	list[0] = Approval{Number: 5, Elements: []string{"gnb-1"}}
	return list, f.err
}
func (f *fakeTrust) Dismiss(_ context.Context, a Act, node string) error {
	return f.act(a, "dismiss "+node)
}

func (f *fakeTrust) Cut(_ context.Context, o CutOrder) (CutReport, error) {
	err := f.act(o.Act, fmt.Sprintf("cut %q %q %q %v", o.Vendor, o.Element, o.Digest, o.DryRun))
	return CutReport{DryRun: o.DryRun, Elements: make([]string, MaxListed+2), Radios: make([]CutRadio, 1)}, err
}

func (f *fakeTrust) Restore(_ context.Context, a Act, n int) error {
	return f.act(a, fmt.Sprint("restore ", n))
}
func (f *fakeTrust) Cuts(context.Context) ([]NumberedCut, error) {
	return []NumberedCut{{Number: 7, Vendor: "alder"}}, f.err
}

func (f *fakeTrust) Findings(context.Context) ([]trust.Entry, error) {
	return []trust.Entry{{Element: "gnb-1", Kind: "location", Count: 4, Day: 3, Why: "cell 5", FirstBytes: []byte("imsi"), LastBytes: []byte("imsi"),
		Cleared: &trust.Clearing{At: time.Unix(1e9, 0), Who: "alice", Why: "moved"}}}, f.err
}
func (f *fakeTrust) ClearFindings(_ context.Context, a Act, element string) error {
	return f.act(a, "clear "+element)
}

func (f *fakeTrust) WhatIf(_ context.Context, q WhatIfQuery) (WhatIf, error) {
	f.asked = q
	due := trust.Due{AsIs: trust.Outcome{Restored: make([]string, MaxListed+1)}}
	return WhatIf{AsOf: q.AsOf, Outlook: trust.Forecast{Due: []trust.Due{due}}}, f.err
}
func (f *fakeTrust) Records(context.Context) ([]byte, error) { return []byte("sites: []\n"), f.err }
func (f *fakeTrust) Reload(_ context.Context, a Act) error   { return f.act(a, "reload") }

func TestTrustState(t *testing.T) {
	for _, test := range []struct{ path, want string }{
		{"/v1/trust/law", `"as_of":"2020-01-28"`},
		{"/v1/trust/elements?limit=2", `"next":"gnb-1"`},
		{"/v1/trust/elements?after=gnb-3", `{"elements":[{"name":"gnb-4",`},
		{"/v1/trust/elements/gnb-1/why", `"act":"restrict"`},
		{"/v1/trust/elements/gnb-00101-1%2F24/why", `"element":"gnb-00101-1/24"`},
		{"/v1/trust/pending", `{"pending":[]}`},
		{"/v1/trust/approvals", `{"approvals":[{"number":5,"elements":["gnb-1"],`},
		{"/v1/trust/approvals", `"omitted":3}`},
		{"/v1/trust/cuts", `"number":7,"vendor":"alder"`},
		{"/v1/trust/findings", `"count":4,"day":3,"lasting":false,`},
		{"/v1/trust/findings", `"cleared_by":"alice","cleared_why":"moved"`},
		{"/v1/trust/findings", `"means":"It placed a device in a cell that is not its own."`},
		{"/v1/trust/whatif", `"as_of":""`},
		{"/v1/trust/whatif", `"omitted":1}`},
		{"/v1/trust/records", "sites: []\n"},
	} {
		if w := newBench().ask("GET", test.path, ""); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), test.want) {
			t.Errorf("%s: %d %.300s", test.path, w.Code, w.Body)
		}
	}
	for path, want := range map[string]int{
		"/v1/trust/elements/gnb-9/why": 404, "/v1/trust/elements/gnb-1": 404, "/v1/trust/elements?limit=0": 400, "/v1/trust/elements?limit=1001": 400,
		"/v1/trust/whatif?as_of=1999": 400, "/v1/trust/whatif?months=0": 400, "/v1/trust/whatif?months=601": 400, "/v1/trust/whatif?months=1&months=2": 400,
		"/v1/trust/whatif?who=x": 400, "/v1/trust/whatif?regime=a&regime=a": 400, "/v1/trust/whatif?" + strings.Repeat("regime=x&", maxRegimes+1): 400,
	} {
		if w := newBench().ask("GET", path, ""); w.Code != want {
			t.Errorf("%s: %d %s, want %d", path, w.Code, w.Body, want)
		}
	}
}

// A finding's messages may hold a device's identity, and stay where they are.
func TestFindingsWithoutOctets(t *testing.T) {
	if w := newBench().ask("GET", "/v1/trust/findings", ""); strings.Contains(w.Body.String(), "aW1zaQ") || strings.Contains(strings.ToLower(w.Body.String()), "bytes") {
		t.Errorf("%s", w.Body)
	}
}

func TestWhatIfQuery(t *testing.T) {
	b := newBench()
	b.ask("GET", "/v1/trust/whatif?regime=uk-2019&regime=contain&as_of=2027-12-31&months=24", "")
	if q := b.trust.asked; len(q.Regimes) != 2 || q.Regimes[1] != "contain" || q.AsOf.String() != "2027-12-31" || q.Months != 24 {
		t.Errorf("%+v", q)
	}
}

// An order is obeyed if it says who and why, and is one; nothing is ordered by one that is refused.
func TestTrustActs(t *testing.T) {
	const by = `"who":"alice","why":"order 7"`
	long, digest := strings.Repeat("x", maxWhy), "sha256:"+strings.Repeat("0a", 32)
	for _, test := range []struct {
		path, body string
		code       int
		want       string // that was ordered, or the place of what is wrong
	}{
		{"/pending/approve", `{` + by + `,"record":"elements: []"}`, 200, "approve elements: []: alice because order 7"},
		{"/pending/approve", `{` + by + `}`, 400, "record"},
		{"/pending/approve", `{` + by + `,"record":["x"]}`, 400, "record"},
		{"/pending/approve", `{` + by + `,"record":"` + strings.Repeat("x", maxBody) + `"}`, 413, ""},
		{"/pending/dismiss", `{` + by + `,"node":"gnb-1"}`, 200, "dismiss gnb-1: alice because order 7"},
		{"/pending/dismiss", `{"who":"alice","node":"gnb-1"}`, 400, "why"},
		{"/cuts", `{` + by + `,"vendor":"alder"}`, 200, `cut "alder" "" "" false: alice because order 7`},
		{"/cuts", `{` + by + `,"element":"gnb-1"}`, 200, `cut "" "gnb-1" "" false: alice because order 7`},
		{"/cuts", `{"digest":"` + digest + `","dry_run":true}`, 200, `cut "" "" "` + digest + `" true:  because `},
		{"/cuts", `{"digest":"` + digest + `"}`, 400, "who"},
		{"/cuts", `{` + by + `,"digest":"` + digest[:70] + `"}`, 400, "digest"},
		{"/cuts", `{` + by + `,"digest":"` + strings.ToUpper(digest) + `"}`, 400, "digest"},
		{"/cuts", `{` + by + `,"dry_run":"yes"}`, 400, "dry_run"},
		{"/cuts", `{` + by + `,"vendor":7}`, 400, "vendor"},
		{"/cuts/7/restore", `{` + by + `}`, 200, "restore 7: alice because order 7"},
		{"/approvals/5/withdraw", `{` + by + `}`, 200, "restore 5: alice because order 7"},
		{"/approvals/5/withdraw", `{}`, 400, "who"},
		{"/cuts/0/restore", `{` + by + `}`, 400, "path"},
		{"/cuts/x/restore", `{` + by + `}`, 400, "path"},
		{"/cuts/7/restore", `{` + by + `,"n":8}`, 400, "octet 34"},
		{"/findings/clear", `{` + by + `,"element":"gnb-1"}`, 200, "clear gnb-1: alice because order 7"},
		{"/findings/clear", `{` + by + `,"element":""}`, 400, "element"},
		{"/reload", `{` + by + `}`, 200, "reload: alice because order 7"},
		{"/reload", `{"who":"a","why":"` + long + `"}`, 200, "reload: a because " + long},
		{"/reload", `{"who":"a","why":"` + long + `x"}`, 400, "why"},
		{"/reload", `{"who":"a","why":"two\nlines"}`, 400, "why"},
		{"/reload", `{"who":"a","why":"  "}`, 400, "why"},
		{"/reload", `{"who":"` + strings.Repeat("x", maxWho+1) + `","why":"y"}`, 400, "who"},
		{"/reload", `{"who":"a\u001b[2J","why":"y"}`, 400, "who"},
		{"/reload", ``, 400, "octet 0"},
	} {
		b := newBench()
		w := b.ask("POST", "/v1/trust"+test.path, test.body, "Content-Type", "application/json")
		if w.Code != test.code {
			t.Errorf("%s %.80s: %d %s", test.path, test.body, w.Code, w.Body)
			continue
		}
		if test.code == 200 {
			if len(b.trust.acts) != 1 || b.trust.acts[0] != test.want {
				t.Errorf("%s %.80s: %q", test.path, test.body, b.trust.acts)
			}
			continue
		}
		var got struct{ Error Problem }
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Error.Where != test.want || len(b.trust.acts) != 0 {
			t.Errorf("%s %.80s: %s, ordered %q", test.path, test.body, w.Body, b.trust.acts)
		}
	}
}

// A long list is cut, and the answer says by how much.
func TestCutReportIsBounded(t *testing.T) {
	w := newBench().ask("POST", "/v1/trust/cuts", `{"vendor":"alder","dry_run":true}`, "Content-Type", "application/json")
	var got CutReport
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Elements) != MaxListed || got.Omitted != 2 {
		t.Errorf("%v: %d elements, %d omitted", err, len(got.Elements), got.Omitted)
	}
}

// What radios claim that nobody vouches for is told in part where it is much.
func TestPendingIsBounded(t *testing.T) {
	b := newBench()
	b.trust.pending = []PendingRadio{{Areas: make([]ClaimedArea, 300), Record: strings.Repeat("x", maxBody)}}
	b.trust.pending[0].Areas[0].Slices = make([]string, 1024)
	w := b.ask("GET", "/v1/trust/pending", "")
	var got PendingRadios
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Pending[0].Areas) != maxClaimed || len(got.Pending[0].Areas[0].Slices) != maxClaimed || got.Pending[0].Record != "" {
		t.Errorf("%v %.200s", err, w.Body)
	}
}

// What is wrong with records and rules is told whole, each with its place.
func TestTrustRefusals(t *testing.T) {
	problem := &document.Problem{File: "radios.yaml", Line: 3, Column: 5, Path: "elements[0]", Message: "name is missing"}
	for name, test := range map[string]struct {
		err     error
		code    int
		details []string // place and message
	}{
		"one place":        {problem, 422, []string{"radios.yaml:3:5|radios.yaml:3:5: elements[0]: name is missing"}},
		"several":          {errors.Join(errors.Join(problem, errors.New("no regime is called x")), problem), 422, []string{"radios.yaml:3:5|radios.yaml:3:5: elements[0]: name is missing", "|no regime is called x", "radios.yaml:3:5|radios.yaml:3:5: elements[0]: name is missing"}},
		"without a place":  {errors.Join(errors.New("vendors alder and birch control each other")), 422, []string{"|vendors alder and birch control each other"}},
		"a file is gone":   {errors.Join(fmt.Errorf("reading records: %w", fs.ErrNotExist)), 422, []string{"|reading records: file does not exist"}},
		"nothing there":    {fmt.Errorf("no cut 7 is in force: %w", fs.ErrNotExist), 404, nil},
		"not to be kept":   {errors.New("the disk is full: free some space"), 503, nil},
		"wrong in general": {Problem{Message: "want one of vendor, element and digest"}, 400, nil},
	} {
		b := newBench()
		b.trust.err = test.err
		w := b.ask("POST", "/v1/trust/reload", `{"who":"alice","why":"new records"}`, "Content-Type", "application/json")
		var got struct{ Error Problem }
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != test.code || !strings.Contains(unjoined(test.err)[0].Error(), strings.Split(got.Error.Message, "\n")[0]) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		var details []string
		for _, d := range got.Error.Details {
			details = append(details, d.Where+"|"+d.Message)
		}
		if fmt.Sprint(details) != fmt.Sprint(test.details) {
			t.Errorf("%s: %q", name, details)
		}
	}
}
