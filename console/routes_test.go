package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestLists(t *testing.T) {
	b := newBench()
	for _, test := range []struct{ path, want string }{
		{"/v1/devices?limit=2", `"next":"imsi-001010000000002"`},
		{"/v1/devices?limit=2&after=imsi-001010000000002", `"supi":"imsi-001010000000003"`},
		{"/v1/sessions?limit=3", `"next":"imsi-001010000000002/1"`},
		{"/v1/sessions?after=imsi-001010000000003/1", `"id":2`},
		{"/v1/radios", `{"radios":[]}`},
		{"/v1/subscribers", `{"subscribers":[]}`},
		{"/v1/devices/" + testIMSI, `"state":"registered"`},
		{"/v1/status", `"name":"test"`},
		{"/healthz", `"ok"`},
		{"/metrics", "\n# TYPE cordon_devices gauge\ncordon_devices 3\n"},
		{"/metrics", "\ngo_goroutines "},
	} {
		if w := b.ask("GET", test.path, ""); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), test.want) {
			t.Errorf("%s: %d %s", test.path, w.Code, w.Body)
		}
	}
	if w := b.ask("GET", "/v1/devices?limit=2&after=imsi-001010000000002", ""); strings.Contains(w.Body.String(), "next") {
		t.Errorf("a last page has a next: %s", w.Body)
	}
	for _, path := range []string{"/v1/devices?limit=0", "/v1/devices?limit=1001", "/v1/devices?limit=x", "/v1/devices?limit=1&limit=2", "/v1/devices?after=x",
		"/v1/devices?sort=1", "/v1/devices/x", "/v1/sessions?after=imsi-001010000000001/16", "/v1/subscribers?after=12"} {
		if w := b.ask("GET", path, ""); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `"where":`) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	for _, path := range []string{"/", "/v1/nothing", "/v1/subscribers/" + testIMSI + "/k"} {
		if w := b.ask("GET", path, ""); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestDeregister(t *testing.T) {
	b := newBench()
	if w := b.ask("POST", "/v1/devices/"+testIMSI+"/deregister", ""); w.Code != http.StatusAccepted || len(b.core.gone) != 1 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := b.ask("POST", "/v1/devices/imsi-001019999999999/deregister", ""); w.Code != http.StatusNotFound {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := b.ask("POST", "/v1/devices/"+testIMSI+"/deregister", "{}"); w.Code != http.StatusBadRequest {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestResetRadio(t *testing.T) {
	b := newBench()
	ask := func(body string) int {
		return b.ask("POST", "/v1/radios/reset", body, "Content-Type", "application/json").Code
	}
	if code := ask(fmt.Sprintf(`{"id":%q}`, testRadio)); code != http.StatusAccepted || len(b.core.reset) != 1 {
		t.Errorf("%d", code)
	}
	for body, want := range map[string]int{`{"id":"gnb-00101-ff/22"}`: http.StatusNotFound, `{}`: http.StatusNotFound, `{"id":7}`: http.StatusBadRequest, `{"name":"x"}`: http.StatusBadRequest, ``: http.StatusBadRequest} {
		if code := ask(body); code != want {
			t.Errorf("%s: %d, want %d", body, code, want)
		}
	}
}

func TestReleaseSession(t *testing.T) {
	b := newBench()
	id := b.core.devices[0].Sessions[0].ID
	path := fmt.Sprintf("/v1/devices/%s/sessions/%d/release", testIMSI, id)
	if w := b.ask("POST", path, ""); w.Code != http.StatusAccepted || len(b.core.released) != 1 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for path, want := range map[string]int{
		"/v1/devices/" + testIMSI + "/sessions/15/release":    http.StatusNotFound,
		"/v1/devices/" + testIMSI + "/sessions/0/release":     http.StatusBadRequest,
		"/v1/devices/" + testIMSI + "/sessions/16/release":    http.StatusBadRequest,
		"/v1/devices/" + testIMSI + "/sessions/x/release":     http.StatusBadRequest,
		"/v1/devices/imsi-001019999999999/sessions/1/release": http.StatusNotFound,
	} {
		if w := b.ask("POST", path, ""); w.Code != want {
			t.Errorf("%s: %d %s, want %d", path, w.Code, w.Body, want)
		}
	}
}

func TestImport(t *testing.T) {
	b := newBench()
	if w := b.ask("POST", "/v1/subscribers/import?replace=true", "x", "Content-Type", "text/csv; charset=utf-8"); w.Code != 200 || b.subs.imported != "true x" || !strings.Contains(w.Body.String(), `"imported":7`) {
		t.Errorf("%d %s %q", w.Code, w.Body, b.subs.imported)
	}
	if len(b.core.changed) != 2 {
		t.Errorf("the network was told of %v", b.core.changed)
	}
	w := b.ask("POST", "/v1/subscribers/import", "bad", "Content-Type", "text/csv")
	var got struct{ Error Problem }
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusUnprocessableEntity || len(got.Error.Details) != 2 || got.Error.Details[1].Where != "line 2" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for _, test := range [][2]string{{"/v1/subscribers/import?replace=1", "text/csv"}, {"/v1/subscribers/import?x=1", "text/csv"}, {"/v1/subscribers/import", "application/json"}} {
		if w := b.ask("POST", test[0], "x", "Content-Type", test[1]); w.Code != http.StatusBadRequest {
			t.Errorf("%v: %d %s", test, w.Code, w.Body)
		}
	}
}

// Whoever is protected, or is not any more, the network is told at once; an order that it did not
// take note of says so.
func TestProtect(t *testing.T) {
	b := newBench()
	add := func(more string) int {
		return b.ask("POST", "/v1/subscribers", strings.Replace(goodSubscriber, "{", "{"+more, 1), "Content-Type", "application/json").Code
	}
	const path = "/v1/subscribers/imsi-001010000000009"
	for _, step := range []struct {
		do        func() int
		code      int
		protected bool
		changed   int
	}{
		{func() int { return add(`"protected":true,`) }, 201, true, 0},
		{func() int { return b.ask("POST", path+"/unprotect", "").Code }, 200, false, 1},
		{func() int { return b.ask("POST", path+"/protect", "").Code }, 200, true, 2},
		{func() int { return b.ask("POST", path+"/protect", "{}").Code }, 400, true, 2},
		{func() int { return add(`"replace":true,`) }, 201, false, 3},
		{func() int { return add(`"replace":true,"protected":true,`) }, 201, true, 4},
		{func() int { return add(`"replace":true,"protected":"true",`) }, 400, true, 4},
		{func() int { return b.ask("POST", "/v1/subscribers/"+testIMSI+"/protect", "").Code }, 404, true, 4},
		{func() int { return b.ask("POST", "/v1/subscribers/x/protect", "").Code }, 400, true, 4},
		{func() int { b.core.err = errors.New("busy"); return b.ask("POST", path+"/unprotect", "").Code }, 503, false, 5},
	} {
		if code := step.do(); code != step.code || b.subs.profiles[0].Protected != step.protected || len(b.core.changed) != step.changed {
			t.Errorf("%d, protected %v, told %d times; want %+v", code, b.subs.profiles[0].Protected, len(b.core.changed), step)
		}
	}
	if w := b.ask("GET", path, ""); !strings.Contains(w.Body.String(), `"protected":false`) {
		t.Errorf("%s", w.Body)
	}
}

// When the core or the store cannot, the API says what is wrong.
func TestUnavailable(t *testing.T) {
	b := newBench()
	b.subs.err = errors.New("the disk is full: free some space")
	for _, path := range []string{"/healthz", "/v1/subscribers"} {
		if w := b.ask("GET", path, ""); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "free some space") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func FuzzReadObject(f *testing.F) {
	f.Add(goodSubscriber)
	f.Add(`{"k":"a","K":"b"}`)
	f.Add(`{"replace":true,"k":null}`)
	// What is accepted is what encoding/json reads, with known names and flat values only.
	f.Fuzz(func(t *testing.T, text string) {
		o, err := readObject(strings.NewReader(text), "k", "replace")
		if err != nil {
			if _, ok := errors.AsType[Problem](err); !ok || o != nil {
				t.Fatalf("%v, %v", o, err)
			}
			return
		}
		var want map[string]any
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&want); err != nil {
			t.Fatalf("accepted what is not JSON: %q", text)
		}
		for name, v := range want {
			if v == nil {
				delete(want, name)
			}
		}
		if fmt.Sprint(want) != fmt.Sprint(map[string]any(o)) {
			t.Fatalf("%q: %v, want %v", text, o, want)
		}
	})
}
