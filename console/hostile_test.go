package console

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
)

// API-01: nothing at all answers without the token, and no answer differs with the path.
func TestHostileAPI01DefaultDeny(t *testing.T) {
	b := newBench()
	var paths []string
	for _, r := range b.srv.routes() {
		paths = append(paths, strings.NewReplacer("{supi}", testIMSI, "{name}", "gnb-1", "{n}", "7", "{id}", "1").Replace(r.pattern))
	}
	paths = append(paths, "GET /", "GET /v1", "GET /v2/radios", "POST /metrics", "OPTIONS /v1/subscribers", "GET /debug/pprof/", "GET //v1/radios", "GET /v1/../metrics")
	for _, p := range paths {
		method, path, _ := strings.Cut(p, " ")
		for name, header := range map[string]string{
			"none": "", "empty": "Bearer ", "prefix": "Bearer " + testToken[:31], "longer": "Bearer " + testToken + "0", "basic": "Basic " + testToken, "bare": testToken,
		} {
			synctest.Test(t, func(t *testing.T) { // who guesses waits, and not in real time
				r := httptest.NewRequest(method, path+"?token="+testToken+"&access_token="+testToken, nil)
				if header != "" {
					r.Header.Set("Authorization", header)
				}
				w := httptest.NewRecorder()
				newBench().srv.Handler().ServeHTTP(w, r)
				if w.Code != http.StatusUnauthorized || strings.Contains(w.Body.String(), "supi") {
					t.Errorf("%s with %s: %d %s", p, name, w.Code, w.Body)
				}
			})
		}
	}
}

// A server without a token must not be open to everybody.
func TestNoTokenDeniesAll(t *testing.T) {
	b := newBench()
	b.srv.c.Token = Token{}
	for _, header := range []string{"", "Bearer ", "Bearer x"} {
		if w := b.ask("GET", "/v1/status", "", "Authorization", header); w.Code != http.StatusUnauthorized {
			t.Errorf("%q: %d", header, w.Code)
		}
	}
}

// API-13: who guesses waits, few at a time, and the operator never does.
func TestHostileAPI13Guessing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench()
		codes := make(chan int, 20)
		for range 20 {
			go func() { codes <- b.ask("GET", "/v1/status", "", "Authorization", "Bearer wrong").Code }()
		}
		synctest.Wait()
		if w := b.ask("GET", "/v1/status", ""); w.Code != http.StatusOK {
			t.Errorf("the operator: %d", w.Code)
		}
		count := map[int]int{}
		for range 20 {
			count[<-codes]++
		}
		if count[http.StatusUnauthorized] != tarpitPlaces || count[http.StatusTooManyRequests] != 20-tarpitPlaces {
			t.Errorf("%v", count)
		}
	})
}

// API-13: a page of another site cannot make a browser act.
func TestHostileAPI13CrossSite(t *testing.T) {
	b := newBench()
	for _, h := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} {
		if w := b.ask("DELETE", "/v1/subscribers/"+testIMSI, "", h...); w.Code != http.StatusForbidden {
			t.Errorf("%v: %d %s", h, w.Code, w.Body)
		}
	}
}

const goodSubscriber = `{"imsi":"001010000000009","k":"` + testK + `","opc":"` + testOPc + `","plan":"gold"}`

// API-07: hostile JSON is refused at its place, and nothing is kept of it.
func TestHostileAPI07JSON(t *testing.T) {
	tests := []struct{ name, body, where, want string }{
		{"empty", "", "octet 0", "the JSON ends too early"},
		{"no object", "[1]", "octet 0", "want a JSON object"},
		{"cut short", `{"imsi":"0010`, "octet", "the JSON ends too early"},
		{"no JSON", `{"imsi":}`, "octet", "this is not JSON"},
		{"more after it", goodSubscriber + "{}", "octet", "want nothing after the object"},
		{"duplicate", `{"k":"a","k":"b"}`, "k", "stands there twice"},
		{"duplicate of null", `{"k":null,"k":"b"}`, "k", "stands there twice"},
		{"duplicate in another case", `{"k":"a","K":"b"}`, "k", "stands there twice"},
		{"another case", `{"K":"a"}`, "octet", "is not known here"},
		{"unknown", `{"admin":true}`, "octet", `"admin" is not known here: want imsi, k, `},
		{"nested", `{"k":{"k":{"k":1}}}`, "k", "want a string, a number, true or false"},
		{"deep", `{"k":` + strings.Repeat("[", 10000) + strings.Repeat("]", 10000) + "}", "k", "want a string, a number, true or false"},
		{"huge number", `{"k":1e400}`, "k", "want a string"},
		{"flag", `{"imsi":"001010000000009","replace":"yes"}`, "replace", "want true or false"},
		{"bad IMSI", strings.Replace(goodSubscriber, "001010000000009", "12", 1), "imsi", "want 5 to 15 digits"},
		{"bad key", strings.Replace(goodSubscriber, testK, "00", 1), "k", "want 32 hexadecimal digits"},
		{"bad plan", strings.Replace(goodSubscriber, "gold", "brass", 1), "plan", "want a plan of the configuration"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBench()
			w := b.ask("POST", "/v1/subscribers", test.body, "Content-Type", "application/json")
			var got struct{ Error Problem }
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if w.Code != http.StatusBadRequest || !strings.HasPrefix(got.Error.Where, test.where) || !strings.Contains(got.Error.Message, test.want) || got.Error.Code != "bad_request" {
				t.Errorf("%d %+v", w.Code, got.Error)
			}
			if len(b.subs.profiles) != 0 || strings.Contains(w.Body.String(), testK) {
				t.Errorf("%v %s", b.subs.profiles, w.Body)
			}
		})
	}
	b := newBench()
	if w := b.ask("POST", "/v1/subscribers", `{"k":"`+strings.Repeat("0", maxBody)+`"}`, "Content-Type", "application/json"); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body: %d", w.Code)
	}
	if w := b.ask("POST", "/v1/subscribers", goodSubscriber, "Content-Type", "text/plain"); w.Code != http.StatusBadRequest {
		t.Errorf("another type: %d", w.Code)
	}
}

// API-14: keys go in and never come out, in no answer and no log line.
func TestHostileAPI14KeysAreWriteOnly(t *testing.T) {
	b := newBench()
	seen := ""
	for _, q := range []struct {
		method, path, body string
		want               int
	}{
		{"POST", "/v1/subscribers", goodSubscriber, 201},
		{"POST", "/v1/subscribers", goodSubscriber, 409},
		{"POST", "/v1/subscribers", strings.Replace(goodSubscriber, "{", `{"replace":true,`, 1), 201},
		{"GET", "/v1/subscribers", "", 200},
		{"GET", "/v1/subscribers/imsi-001010000000009", "", 200},
		{"DELETE", "/v1/subscribers/imsi-001010000000009", "", 200},
		{"GET", "/v1/subscribers/imsi-001010000000009", "", 404},
		{"DELETE", "/v1/subscribers/imsi-001010000000009", "", 404},
	} {
		w := b.ask(q.method, q.path, q.body, "Content-Type", "application/json")
		if w.Code != q.want {
			t.Errorf("%s %s: %d %s, want %d", q.method, q.path, w.Code, w.Body, q.want)
		}
		seen += w.Body.String()
	}
	if !strings.Contains(seen, `"supi":"imsi-001010000000009"`) || !strings.Contains(seen, `"plan":"gold"`) {
		t.Errorf("%s", seen)
	}
	for _, secret := range []string{testK, testOPc, testK[:8]} {
		if strings.Contains(seen, secret) || strings.Contains(b.log.String(), secret) {
			t.Errorf("a key is told:\n%s\n%s", seen, b.log)
		}
	}
	if strings.Contains(b.log.String(), "0000000009") {
		t.Errorf("an identity is logged: %s", b.log)
	}
}
