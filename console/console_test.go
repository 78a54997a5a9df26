package console

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"cordon/ident"
	"cordon/subscriber"
)

const (
	testToken = "0123456789abcdef0123456789abcdef"
	testK     = "465b5ce8b199b49faa5f0a2ee238a6bc"
	testOPc   = "cd63cb71954a9f4e48a5994e37a02baf"
	testIMSI  = "imsi-001010000000001"
)

// fakeCore is a network of a few devices.
type fakeCore struct {
	devices []Device
	err     error
	gone    []ident.SUPI
}

func (f *fakeCore) Status(context.Context) (Status, error) {
	return Status{Name: "test", Devices: len(f.devices)}, f.err
}
func (f *fakeCore) Radios(context.Context) ([]Radio, error) { return nil, f.err }

func (f *fakeCore) Devices(_ context.Context, after ident.SUPI, limit int) ([]Device, error) {
	var out []Device
	for _, d := range f.devices {
		if ident.SUPI(d.SUPI) > after && len(out) < limit {
			out = append(out, d)
		}
	}
	return out, f.err
}

func (f *fakeCore) Device(_ context.Context, id ident.SUPI) (Device, error) {
	for _, d := range f.devices {
		if ident.SUPI(d.SUPI) == id {
			return d, nil
		}
	}
	return Device{}, cmp.Or(f.err, fs.ErrNotExist)
}

func (f *fakeCore) Sessions(_ context.Context, after ident.SUPI, afterID ident.PDUSessionID, limit int) ([]Session, error) {
	var out []Session
	for _, d := range f.devices {
		for _, s := range d.Sessions {
			if (ident.SUPI(s.SUPI) > after || ident.SUPI(s.SUPI) == after && s.ID > afterID) && len(out) < limit {
				out = append(out, s)
			}
		}
	}
	return out, f.err
}

func (f *fakeCore) Deregister(_ context.Context, id ident.SUPI) error {
	if _, err := f.Device(context.Background(), id); err != nil {
		return err
	}
	f.gone = append(f.gone, id)
	return f.err
}
func (f *fakeCore) Metrics() []Family {
	return []Family{One(Gauge, "cordon_devices", "Registered devices.", float64(len(f.devices)))}
}
func (f *fakeCore) KnowsPlan(name string) bool {
	return name == subscriber.DefaultPlan || name == "gold"
}

type fakeSubscribers struct {
	profiles []subscriber.Profile
	imported string
	err      error
}

func (f *fakeSubscribers) find(id ident.SUPI) int {
	return slices.IndexFunc(f.profiles, func(p subscriber.Profile) bool { return p.SUPI == id })
}

func (f *fakeSubscribers) Add(p subscriber.Profile, replace bool) error {
	if i := f.find(p.SUPI); i >= 0 {
		if !replace {
			return fmt.Errorf("there already: %w", fs.ErrExist)
		}
		f.profiles[i] = p
		return nil
	}
	f.profiles = append(f.profiles, p)
	return f.err
}

func (f *fakeSubscribers) Get(id ident.SUPI) (subscriber.Profile, error) {
	if i := f.find(id); i >= 0 {
		return f.profiles[i], nil
	}
	return subscriber.Profile{}, fs.ErrNotExist
}

func (f *fakeSubscribers) List(after ident.SUPI, limit int) (out []subscriber.Profile, err error) {
	for _, p := range f.profiles {
		if p.SUPI > after && len(out) < limit {
			out = append(out, p)
		}
	}
	return out, f.err
}

func (f *fakeSubscribers) Remove(id ident.SUPI) error {
	i := f.find(id)
	if i < 0 {
		return fs.ErrNotExist
	}
	f.profiles = slices.Delete(f.profiles, i, i+1)
	return nil
}

type placedError string

func (e placedError) Error() string { return string(e) + ": want better" }
func (e placedError) Where() string { return string(e) }

func (f *fakeSubscribers) Import(r io.Reader, replace bool, knowsPlan func(string) bool) (int, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return 0, err
	}
	f.imported = fmt.Sprint(replace, " ", string(b))
	if string(b) == "bad" {
		return 0, errors.Join(placedError("line 1"), placedError("line 2"))
	}
	return 7, nil
}
func (f *fakeSubscribers) Health() error { return f.err }

func id(n int) ident.SUPI {
	s, err := ident.ParseSUPI(fmt.Sprintf("00101%010d", n))
	if err != nil {
		panic(err)
	}
	return s
}

type bench struct {
	core *fakeCore
	subs *fakeSubscribers
	log  *bytes.Buffer
	srv  *Server
}

func newBench() *bench {
	b := &bench{core: &fakeCore{}, subs: &fakeSubscribers{}, log: &bytes.Buffer{}}
	for n := range 3 {
		s := SUPI(id(n + 1))
		b.core.devices = append(b.core.devices, Device{SUPI: s, State: "registered", Sessions: []Session{{SUPI: s, ID: 1}, {SUPI: s, ID: 2}}})
	}
	b.srv = New(Config{Core: b.core, Subscribers: b.subs, Token: Token{testToken}, Log: slog.New(slog.NewTextHandler(b.log, nil))})
	return b
}

// ask is one request with the token; more are pairs of header names and values.
func (b *bench) ask(method, path, body string, more ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+testToken)
	for i := 0; i < len(more); i += 2 {
		r.Header.Set(more[i], more[i+1])
	}
	w := httptest.NewRecorder()
	b.srv.Handler().ServeHTTP(w, r)
	return w
}

// API-01: nothing at all answers without the token, and no answer differs with the path.
func TestHostileAPI01DefaultDeny(t *testing.T) {
	b := newBench()
	var paths []string
	for _, r := range b.srv.routes() {
		paths = append(paths, strings.ReplaceAll(r.pattern, "{supi}", testIMSI))
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

func TestImport(t *testing.T) {
	b := newBench()
	if w := b.ask("POST", "/v1/subscribers/import?replace=true", "x", "Content-Type", "text/csv; charset=utf-8"); w.Code != 200 || b.subs.imported != "true x" || !strings.Contains(w.Body.String(), `"imported":7`) {
		t.Errorf("%d %s %q", w.Code, w.Body, b.subs.imported)
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

func TestTokenFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	first, err := OpenToken(path)
	if err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", st.Mode(), err)
	}
	again, err := OpenToken(path)
	if err != nil || again != first || len(first.text) != 64 {
		t.Errorf("%d characters, %v", len(first.text), err)
	}
	if s := fmt.Sprintf("%v %+v %#v %s", first, first, first, first); strings.Contains(s, first.text) {
		t.Errorf("a token prints: %s", s)
	}
	for _, test := range []struct {
		text string
		mode os.FileMode
		want string
	}{
		{first.text, 0o640, "may be read by others"},
		{"short", 0o600, "want 32 or more printable characters"},
		{strings.Repeat("a b", 20), 0o600, "want 32 or more printable characters"},
	} {
		os.WriteFile(path, []byte(test.text), 0o600)
		os.Chmod(path, test.mode)
		if _, err := OpenToken(path); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, want %q", err, test.want)
		}
	}
}

func TestListen(t *testing.T) {
	if _, err := Listen(netip.MustParseAddrPort("0.0.0.0:0")); err == nil || !strings.Contains(err.Error(), "loopback only") {
		t.Errorf("%v", err)
	}
	ln, err := Listen(netip.MustParseAddrPort("127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	if _, err := Listen(netip.MustParseAddrPort(ln.Addr().String())); err == nil || !strings.Contains(err.Error(), "is in use by another process") {
		t.Errorf("%v", err)
	}
}

// Serve answers over a socket, refuses large headers (API-12), and ends when told to.
func TestServe(t *testing.T) {
	b := newBench()
	ln, err := Listen(netip.MustParseAddrPort("127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- b.srv.Serve(ctx, ln) }()
	ask := func(header string) int {
		r, _ := http.NewRequest("GET", "http://"+ln.Addr().String()+"/v1/status", nil)
		r.Header.Set("Authorization", "Bearer "+testToken)
		r.Header.Set("X-Padding", header)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	if code := ask(""); code != http.StatusOK {
		t.Errorf("%d", code)
	}
	if code := ask(strings.Repeat("x", 2*maxHeader)); code != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("%d", code)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", ln.Addr().String()); err == nil {
		t.Error("still listening")
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

func TestMetricsText(t *testing.T) {
	var b strings.Builder
	err := WriteMetrics(&b, []Family{
		{Name: "a_total", Help: "Two\nlines \\.", Kind: Counter, Samples: []Sample{{Labels: []Label{{"x", "q\"\\\n"}, {"y", "2"}}, Value: 1.5}}},
		NewHistogram("h", "H.", []float64{0.1, 1}, []uint64{1, 2, 3}, 9),
	})
	want := "# HELP a_total Two\\nlines \\\\.\n# TYPE a_total counter\na_total{x=\"q\\\"\\\\\\n\",y=\"2\"} 1.5\n" +
		"# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"0.1\"} 1\nh_bucket{le=\"1\"} 3\nh_bucket{le=\"+Inf\"} 6\nh_sum 9\nh_count 6\n"
	if err != nil || b.String() != want {
		t.Errorf("%v\n%s\nwant\n%s", err, b.String(), want)
	}
}

func TestSUPIMasksInLogs(t *testing.T) {
	var b bytes.Buffer
	l := slog.New(slog.NewJSONHandler(&b, nil))
	l.Info("x", "supi", SUPI(id(1)))
	if strings.Contains(b.String(), "0000000001") || strings.Contains(fmt.Sprint(SUPI(id(1))), "0001") {
		t.Errorf("%s", b.String())
	}
}
