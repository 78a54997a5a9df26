package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const testToken = "0123456789abcdef0123456789abcdef"

// A fakeAPI answers requests by method and path, and remembers them.
type fakeAPI struct {
	answers map[string]string // "GET /v1/status" to a body; a status other than 200 stands before it, as "404 {...}"
	asked   []string
	bodies  []string
}

func (f *fakeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	what := r.Method + " " + r.URL.String()
	f.asked, f.bodies = append(f.asked, what), append(f.bodies, string(b))
	if r.Header.Get("Authorization") != "Bearer "+testToken {
		w.WriteHeader(http.StatusUnauthorized)
		io.WriteString(w, `{"error":{"code":"unauthorized","message":"the token is not this core's"}}`)
		return
	}
	answer, ok := f.answers[what]
	if !ok {
		answer = `404 {"error":{"code":"not_found","message":"no such subscriber"}}`
	}
	if code, rest, ok := strings.Cut(answer, " "); ok && len(code) == 3 {
		n := 0
		fmt.Sscan(code, &n)
		w.WriteHeader(n)
		answer = rest
	}
	io.WriteString(w, answer)
}

// run is one run of the program.
func run(t *testing.T, api http.Handler, stdin string, args ...string) (status int, out, errs string) {
	t.Helper()
	env := map[string]string{}
	if api != nil {
		srv := httptest.NewServer(api)
		defer srv.Close()
		env["CORDON_API"] = srv.URL
		env["CORDON_TOKEN_FILE"] = filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(env["CORDON_TOKEN_FILE"], []byte(testToken), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var o, e bytes.Buffer
	c := &call{ctx: context.Background(), in: strings.NewReader(stdin), out: &o, err: &e, getenv: func(k string) string { return env[k] }}
	return dispatch(c, args), o.String(), e.String()
}

const (
	session1 = `{"supi":"imsi-001010000000001","id":1,"state":"active","dnn":"internet","slice":"1","address":"10.45.0.2","uplink":{"packets":3,"bytes":1500,"ambr":1},"downlink":{"packets":3,"bytes":2000000,"ambr":1}}`
	device1  = `{"supi":"imsi-001010000000001","state":"registered","connected":true,"radio":"gnb-1","tai":"00101-000001","plan":"gold","slices":["1"],"sessions":[` + session1 + `]}`
)

func api() *fakeAPI {
	return &fakeAPI{answers: map[string]string{
		"GET /v1/status":             `{"name":"north","version":"1","plmns":["00101"],"n2":"192.0.2.1:38412","radios":2,"devices":7,"connected":3,"sessions":8,"store":{"ok":false,"problem":"the disk is full: free some space","pending":4},"user_planes":[{"element":"upf-mill","up":true,"load":7,"sessions":5},{"element":"upf-quay","barred":true,"sessions":2}]}`,
		"GET /v1/trust/law":          `{"as_of":"2019-05-01","regimes":[{"name":"uk-2019"},{"name":"contain"}],"elements":12,"refused":1,"restricted":3,"pending":2,"problem":"radios.yaml:3:5: name is missing\nb\nc","evidence":{"ok":false,"problem":"the disk is full: free some space","pending":5}}`,
		"GET /v1/radios":             `{"radios":[{"id":"gnb-00101-1/22","name":"evil\u001b[2Jname","address":"192.0.2.9:38412","tais":["00101-000001"],"slices":["1"],"profile":"generic","devices":3,"paths":[{"address":"192.0.2.9","sessions":3,"echo":{"asked":5,"answered":5,"round":5,"fastest_ms":1.26,"measured":true}}]}]}`,
		"POST /v1/radios/reset":      `202 {"status":"resetting"}`,
		"GET /v1/devices?limit=1000": `{"devices":[` + device1 + `],"next":"imsi-001010000000001"}`,
		"GET /v1/devices?after=imsi-001010000000001&limit=1000":    `{"devices":[` + strings.ReplaceAll(device1, "0001\"", "0002\"") + `]}`,
		"GET /v1/devices/imsi-001010000000001":                     device1,
		"POST /v1/devices/imsi-001010000000001/deregister":         `202 {"status":"deregistering"}`,
		"POST /v1/devices/imsi-001010000000001/sessions/1/release": `202 {"status":"releasing"}`,
		"GET /v1/sessions?limit=1000":                              `{"sessions":[` + session1 + `]}`,
		"POST /v1/subscribers":                                     `201 {"supi":"imsi-001010000000001","plan":"gold"}`,
		"GET /v1/subscribers?limit=1000":                           `{"subscribers":[{"supi":"imsi-001010000000001","algorithm":"milenage","method":"5g-aka","amf":"8000","plan":"gold"},{"supi":"imsi-001010000000002","plan":"gold","protected":true}]}`,
		"POST /v1/subscribers/imsi-001010000000001/protect":        `{"status":"protected"}`,
		"POST /v1/subscribers/imsi-001010000000001/unprotect":      `{"status":"unprotected"}`,
		"GET /v1/subscribers/imsi-001010000000002":                 `{"supi":"imsi-001010000000002","plan":"gold","protected":true}`,
		"GET /v1/subscribers/imsi-001010000000001":                 `{"supi":"imsi-001010000000001","algorithm":"milenage","method":"5g-aka","amf":"8000","plan":"gold"}`,
		"DELETE /v1/subscribers/imsi-001010000000001":              `{"status":"removed"}`,
		"POST /v1/subscribers/import?":                             `422 {"error":{"code":"invalid","message":"x","details":[{"message":"line 2, column 1 (imsi): want 5 to 15 digits"},{"message":"line 3, column 1 (imsi): want 5 to 15 digits"}]}}`,
		"POST /v1/subscribers/import":                              `422 {"error":{"code":"invalid","message":"x","details":[{"message":"line 2, column 1 (imsi): want 5 to 15 digits"},{"message":"line 3, column 1 (imsi): want 5 to 15 digits"}]}}`,
		"POST /v1/subscribers/import?replace=true":                 `{"imported":2}`,
		"POST /v1/devices/imsi-001010000000002/deregister":         `503 {"error":{"code":"unavailable","message":"the core is busy"}}`,
		"GET /v1/subscribers/imsi-001010000000003":                 `302 moved`,
		"GET /v1/devices/imsi-001010000000003":                     `200 <html>`,
		"GET /v1/devices/imsi-001010000000004":                     `404 {"error":{"code":"not_found","message":"the device is not known","where":"path"}}`,
	}}
}

func TestCommands(t *testing.T) {
	tests := []struct {
		args string
		want []string // in what is printed
	}{
		{"status", []string{"network   north, PLMN 00101", "uk-2019, contain, as of 2019-05-01", "7 registered, 3 connected", "the disk is full: free some space, 4 changes to write",
			"upf-mill: there, 7 % busy, 5 sessions", "upf-quay: does not answer, may not serve, 2 sessions"}},
		{"radio list", []string{"RADIO", "evil?[2Jname", "192.0.2.9:38412", "  3        1.3 ms  "}},
		{"radio reset gnb-00101-1/22", nil},
		{"device list", []string{"IMSI             STATE", "001010000000001  registered  yes", "001010000000002  registered"}},
		{"device show 001010000000001", []string{"IMSI        001010000000001", "10.45.0.2", "2.0 MB"}},
		{"device show --json imsi-001010000000001", []string{`"supi": "imsi-001010000000001"`}},
		{"device deregister 001010000000001", nil},
		{"session release 001010000000001 1", nil},
		{"session release --json 001010000000001 1", []string{`"status": "releasing"`}},
		{"session list", []string{"001010000000001  1   active  internet  1      10.45.0.2  1.5 kB"}},
		{"subscriber add 001010000000001 --k 00 --opc 11 --plan gold", nil},
		{"subscriber add --json --k 00 --opc 11 001010000000001", []string{`"plan": "gold"`}},
		{"subscriber list", []string{"IMSI             PLAN", "001010000000001  gold  milenage   5g-aka  8000  no", "001010000000002  gold  -          -       -     yes"}},
		{"subscriber show 001010000000001", []string{"protected  no", "held, never shown"}},
		{"subscriber show 001010000000002", []string{"protected  yes"}},
		{"subscriber protect 001010000000001", nil},
		{"subscriber unprotect --json imsi-001010000000001", []string{`"status": "unprotected"`}},
		{"subscriber remove 001010000000001", nil},
		{"subscriber import --replace -", []string{"2 subscribers imported"}},
		{"version", []string{"cordon "}},
		{"config example", []string{"plmn: \"00101\""}},
		{"help subscriber", []string{"cordon subscriber add IMSI"}},
		{"subscriber add --help", []string{"cordon subscriber add IMSI", "--opc string"}},
	}
	for _, test := range tests {
		t.Run(test.args, func(t *testing.T) {
			status, out, errs := run(t, api(), "", strings.Fields(test.args)...)
			if status != statusOK || errs != "" || len(test.want) == 0 && out != "" {
				t.Errorf("status %d\n%s\n%s", status, out, errs)
			}
			for _, w := range test.want {
				if !strings.Contains(out, w) {
					t.Errorf("want %q in\n%s", w, out)
				}
			}
		})
	}
}

// What --json prints is JSON, for lists one document of all pages.
func TestJSON(t *testing.T) {
	for _, args := range []string{"status", "radio list", "device list", "session list", "subscriber list", "device show 001010000000001", "subscriber show 001010000000001", "subscriber remove 001010000000001", "subscriber protect 001010000000001", "subscriber unprotect 001010000000001", "device deregister 001010000000001", "version"} {
		status, out, _ := run(t, api(), "", append(strings.Fields(args), "--json")...)
		var v map[string]any
		if err := json.Unmarshal([]byte(out), &v); status != statusOK || err != nil {
			t.Errorf("%s: status %d, %v\n%s", args, status, err, out)
		}
		if list, ok := v["devices"].([]any); args == "device list" && (!ok || len(list) != 2) {
			t.Errorf("%s", out)
		}
	}
}

// Every error is one sentence on standard error, and the exit status says whose it is.
func TestCommandErrors(t *testing.T) {
	tests := []struct {
		args   string
		status int
		want   string
	}{
		{"", statusUsage, ""},
		{"frobnicate", statusUsage, `there is no command "frobnicate": "cordon help" lists them`},
		{"subscriber", statusUsage, `there is no command "subscriber": "cordon help subscriber" lists them`},
		{"session release 001010000000001 x", statusUsage, `session "x": want its ID in "cordon session list", 1 to 15`},
		{"device show", statusUsage, `cordon device show: an argument is missing: see "cordon device show --help"`},
		{"device show 1 2", statusUsage, `"2" is one argument too many`},
		{"device show 12", statusUsage, "IMSI of 2 digits: want 5 to 15"},
		{"status --fast", statusUsage, "flag provided but not defined: -fast"},
		{"status --api ftp://x", statusUsage, "want a URL such as http://127.0.0.1:8642"},
		{"status --api http://192.0.2.1:80", statusUsage, "would send the token in clear"},
		{"status --token-file /nonexistent/token", statusFailed, "name the running core's with --token-file"},
		{"status --api http://127.0.0.1:1", statusFailed, `no core answers on http://127.0.0.1:1: start one with "cordon serve"`},
		{"device show 001010000000003", statusFailed, "does not answer as Cordon's API"},
		{"device show 001010000000004", statusFailed, "path: the device is not known"},
		{"device deregister 001010000000002", statusFailed, "cordon: the core is busy"},
		{"subscriber show 001010000000003", statusFailed, "and not as Cordon's API does"},
		{"subscriber protect 001010000000009", statusFailed, "cordon: no such subscriber"},
		{"subscriber protect", statusUsage, "an argument is missing"},
		{"subscriber show 001010000000009", statusFailed, "cordon: no such subscriber"},
		{"subscriber add 001010000000001 --k -", statusFailed, "reading --k from standard input: want it on a line of its own"},
		{"subscriber import /nonexistent.csv", statusFailed, "no such file"},
		{"subscriber import -", statusFailed, "nothing was imported: line 2, column 1 (imsi): want 5 to 15 digits\n  line 3, column 1"},
		{"config check /nonexistent.yaml", statusFailed, "\"cordon config example\" prints one to start from"},
		{"config check", statusUsage, "an argument is missing"},
	}
	for _, test := range tests {
		t.Run(test.args, func(t *testing.T) {
			status, out, errs := run(t, api(), "", strings.Fields(test.args)...)
			if status != test.status || !strings.Contains(errs, test.want) || test.args != "" && out != "" {
				t.Errorf("status %d\n%s\n%s", status, out, errs)
			}
		})
	}
}

func TestWrongToken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	os.WriteFile(path, []byte(strings.Repeat("x", 40)), 0o600)
	status, _, errs := run(t, api(), "", "status", "--token-file", path)
	if status != statusFailed || !strings.Contains(errs, "the token is not this core's: name the running core's with --token-file") {
		t.Errorf("%d %s", status, errs)
	}
}

// Keys may come from standard input, in the order k, then opc.
func TestSecretsFromStandardInput(t *testing.T) {
	f := api()
	if status, _, errs := run(t, f, "aa\nbb\n", "subscriber", "add", "--opc", "-", "--k", "-", "001010000000001", "--replace"); status != statusOK {
		t.Fatal(errs)
	}
	if want := `{"imsi":"001010000000001","k":"aa","opc":"bb","replace":true}`; f.bodies[0] != want {
		t.Errorf("%s, want %s", f.bodies[0], want)
	}
}

func TestProtectedSubscriber(t *testing.T) {
	f := api()
	if status, _, errs := run(t, f, "", "subscriber", "add", "--protected", "--k", "aa", "--opc", "bb", "001010000000001"); status != statusOK {
		t.Fatal(errs)
	}
	if want := `{"imsi":"001010000000001","k":"aa","opc":"bb","protected":true}`; f.bodies[0] != want {
		t.Errorf("%s, want %s", f.bodies[0], want)
	}
}

// A sealed session is told apart.
func TestSealedSession(t *testing.T) {
	f := api()
	f.answers["GET /v1/sessions?limit=1000"] = `{"sessions":[` + strings.Replace(session1, `"id":1`, `"id":1,"sealed":true`, 1) + `]}`
	if _, out, errs := run(t, f, "", "session", "list"); !strings.Contains(out, "001010000000001  1   active, sealed  internet") {
		t.Errorf("%s %s", out, errs)
	}
}

func TestConfigCheck(t *testing.T) {
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "good.yaml"), filepath.Join(dir, "bad.yaml")
	_, example, _ := run(t, nil, "", "config", "example")
	os.WriteFile(good, []byte(example), 0o600)
	before, _, _ := strings.Cut(example, "mtu: 1400 ")
	line := 1 + strings.Count(before, "\n")
	os.WriteFile(bad, []byte(strings.Replace(example, "mtu: 1400 ", "mtu: 14 ", 1)), 0o600)
	if status, out, errs := run(t, nil, "", "config", "check", good); status != statusOK || out != good+": ok\n" {
		t.Errorf("%d %s %s", status, out, errs)
	}
	status, out, errs := run(t, nil, "", "config", "check", bad)
	if status != statusFailed || out != "" || !strings.Contains(errs, fmt.Sprintf(`%s:%d:10: networks[0].mtu: "14": want a number from 1280 to 9000`, bad, line)) {
		t.Errorf("%d %s %s", status, out, errs)
	}
}
