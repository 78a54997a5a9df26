package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"text/template"
	"time"

	"cordon/console"
	"cordon/geo"
	"cordon/ident"
	"cordon/ran"
	"cordon/rules"
	"cordon/trust"
)

// The program itself, built as `make build` does, run as an operator runs it.

// buildDir is where the tests of a run build the program, once.
var buildDir string

var build = sync.OnceValues(func() (string, error) {
	bin := filepath.Join(buildDir, "cordon")
	cmd := exec.Command("go", "build", "-trimpath", "-o", bin, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return bin, nil
})

// programEnv names the program where there is no building it.
const programEnv = "CORDON_TEST_PROGRAM"

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if buildDir, err = os.MkdirTemp("", "cordon-test-"); err == nil {
			err = os.Chmod(buildDir, 0o755) // other users run the program too
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(buildDir)
		return m.Run()
	}())
}

func program(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED in short mode: builds and runs the program")
	}
	if bin := os.Getenv(programEnv); bin != "" {
		return bin
	}
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

// A site is where one core runs: its files, and its addresses on loopback.
type site struct {
	Dir, Net        string // Net is the first three octets of its addresses
	Store           string // directory of the store
	SCTP, N6, Log   string
	Extra           string          // further configuration
	Network, N6More string          // of the data network, and of N6
	N2, N3          string          // addresses, Net's first if empty
	Near            netip.Addr      // where the first radio's tunnels end, if that is not where its association begins
	Elements        []rules.Element // that have records, besides radios

	// Where its processes run and its API is reached, when that is not here.
	enter func(func() error) error
	http  *http.Client
}

var configFile = template.Must(template.New("").Parse(`
plmn: "00101"
tacs: [1]
networks: [{name: internet, pool: 10.45.0.0/16{{.Network}}}]
plans: [{name: standard, ue_ambr: {down: 1 Gbit/s, up: 1 Gbit/s},
  slices: [{snssai: "1", default: true, dnns: [{dnn: internet, default: true, ambr: {down: 1 Gbit/s, up: 1 Gbit/s}}]}]}]
n2: {address: "{{or .N2 (print .Net ".1")}}:38412", sctp: {{.SCTP}}}
n3: {address: "{{or .N3 (print .Net ".1")}}:2152"}
n6: {mode: {{.N6}}, echo: "198.18.0.1:7"{{.N6More}}}
security: {null_scheme: true}
store: {path: {{.Store}}/cordon.db, key_file: {{.Dir}}/cordon.key}
api: {listen: "127.0.0.1:{{.APIPort}}", token_file: {{.Dir}}/cordon.token}
trust: {records: [{{.Dir}}/records.yaml]}
evidence: {path: {{.Dir}}/evidence, key_file: {{.Dir}}/log.key, pseudonym_key_file: {{.Dir}}/pseudonyms.key}
log: {level: {{.Log}}}
{{.Extra}}
`))

const echoService = "198.18.0.1:7"

// homeIMSI is what every subscriber's IMSI begins with, and nothing that may be logged.
const homeIMSI = "0010100000"

var sites byte // made so far

// newSite is a place nobody else uses, now or in another run of the tests.
func newSite(t testing.TB) *site {
	t.Helper()
	sites++
	dir := t.TempDir()
	return &site{Dir: dir, Store: dir, Net: fmt.Sprintf("127.%d.%d", 220+os.Getpid()%32, sites), SCTP: "udp", N6: "netstack", Log: "debug",
		enter: func(f func() error) error { return f() }, http: http.DefaultClient}
}

// APIPort is below the ports that the kernel gives away.
func (s *site) APIPort() int { return 20000 + os.Getpid()%8000 + int(sites) }

func (s *site) config(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	if err := configFile.Execute(&b, s); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(s.Dir, "cordon.yaml")
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	near := radioRecords(1, 4, netip.MustParseAddr(s.Net+".10"))
	if s.Near.IsValid() {
		near[0].Addresses.N3 = []netip.Prefix{netip.PrefixFrom(s.Near, s.Near.BitLen())}
	}
	all := slices.Concat(near, radioRecords(20, 1, netip.MustParseAddr(s.Net+".20")), s.Elements)
	writeRecords(t, filepath.Join(s.Dir, "records.yaml"), all)
	return file
}

// radioRecords are of radios as "cordon ran" makes them: their identifiers count up, and so do their addresses.
func radioRecords(gnb uint32, n int, at netip.Addr) (all []rules.Element) {
	plmn, _ := ident.ParsePLMN("00101")
	for ; n > 0; n-- {
		node := ident.RANNode{PLMN: plmn, Bits: 24, ID: gnb}
		all = append(all, rules.Element{
			Name: node.String(), Functions: []rules.Function{"gnb"}, Technology: "5g", Vendor: "maker", Site: "site", Traffic: -1, Premises: -1,
			Node: node, HasNode: true, TACs: []ident.TAC{1}, Slices: []ident.SNSSAI{{SST: 1, SD: ident.NoSD}},
			Addresses: rules.Addresses{N2: []netip.Prefix{netip.PrefixFrom(at, 32)}},
		})
		gnb, at = gnb+1, at.Next()
	}
	return all
}

func writeRecords(t testing.TB, file string, radios []rules.Element) {
	t.Helper()
	f := &rules.Facts{Vendors: []rules.Vendor{{Name: "maker"}}, Sites: []rules.Site{{Name: "site", At: geo.Point{Lat: 51.5, Lon: -0.1}, Placed: true}}, Elements: radios}
	if err := os.WriteFile(file, trust.Export(f), 0o644); err != nil {
		t.Fatal(err)
	}
}

// process is the program, running a core.
type process struct {
	site  *site
	cmd   *exec.Cmd
	log   *output
	ended chan struct{} // closed once it has
	err   error         // of Wait, once it has ended
}

// output keeps what a process prints.
type output struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// launch starts a core and does not wait for it to serve.
func (s *site) launch(t testing.TB, as *syscall.SysProcAttr) *process {
	t.Helper()
	p := &process{site: s, cmd: exec.Command(program(t), "serve", "--config", s.config(t)), log: &output{}, ended: make(chan struct{})}
	p.cmd.Stderr, p.cmd.SysProcAttr, p.cmd.Dir = p.log, as, s.Dir
	if err := s.enter(p.cmd.Start); err != nil {
		t.Fatal(err)
	}
	go func() { p.err = p.cmd.Wait(); close(p.ended) }()
	t.Cleanup(func() {
		p.kill()
		if strings.Contains(p.log.String(), homeIMSI) {
			t.Error("the log names a subscriber")
		}
		if t.Failed() {
			t.Logf("the core said:\n%s", p.log)
		}
	})
	return p
}

// serve starts a core and waits until it answers.
func (s *site) serve(t testing.TB) *process {
	t.Helper()
	p := s.launch(t, nil)
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		var st console.Status
		if c, err := p.api(t.Context()); err == nil && c.get("/v1/status", &st) == nil && strings.Contains(p.log.String(), "cordon serves") {
			return p
		}
		select {
		case <-p.ended:
			t.Fatalf("the core ended: %v\n%s", p.err, p.log)
		default:
		}
		if time.Now().After(end) {
			t.Fatalf("the core does not answer:\n%s", p.log)
		}
	}
}

// kill ends the process as a crash or a power cut does.
func (p *process) kill() {
	p.cmd.Process.Kill()
	<-p.ended
}

// exit waits for the process to end by itself and gives its status.
func (p *process) exit(t testing.TB, within time.Duration) int {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(within):
		t.Fatalf("the core has not ended in %v:\n%s", within, p.log)
	}
	if e, ok := errors.AsType[*exec.ExitError](p.err); ok {
		return e.ExitCode()
	} else if p.err != nil {
		t.Fatal(p.err)
	}
	return 0
}

func (p *process) api(ctx context.Context) (*client, error) {
	token, err := console.ReadToken(filepath.Join(p.site.Dir, "cordon.token"))
	if err != nil {
		return nil, err
	}
	return &client{ctx: ctx, base: fmt.Sprintf("http://127.0.0.1:%d", p.site.APIPort()), token: token, http: p.site.http}, nil
}

// devices asks the core for all that it has registered, by IMSI.
func (p *process) devices(t testing.TB) map[string]console.Device {
	t.Helper()
	c, err := p.api(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]console.Device)
	for next := ""; ; {
		var list console.Devices
		if err := c.get("/v1/devices?limit=1000"+next, &list); err != nil {
			t.Fatal(err)
		}
		for _, d := range list.Devices {
			all[ident.SUPI(d.SUPI).IMSI()] = d
		}
		if list.Next == "" {
			return all
		}
		next = "&after=" + list.Next
	}
}

// cordon runs another of the program's commands where the core is, and gives what it prints.
func (p *process) cordon(t testing.TB, args ...string) string {
	t.Helper()
	out, err := p.site.cordon(t, p.site.enter, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// cordon runs a command of the program that ends by itself.
func (s *site) cordon(t testing.TB, enter func(func() error) error, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program(t), args...)
	cmd.Env = append(os.Environ(), fmt.Sprintf("CORDON_API=http://127.0.0.1:%d", s.APIPort()),
		"CORDON_TOKEN_FILE="+filepath.Join(s.Dir, "cordon.token"))
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := enter(cmd.Start); err != nil {
		return "", err
	}
	err := cmd.Wait()
	if errs.Len() > 0 {
		t.Logf("cordon %s: %s", args[0], strings.TrimSpace(errs.String()))
	}
	if err != nil {
		return out.String(), fmt.Errorf("cordon %s: %w: %s", strings.Join(args, " "), err, errs.String())
	}
	return out.String(), nil
}

// subscribe makes subscribers of the phones that flags of "cordon ran" describe, by the commands that
// an operator has for it.
func (p *process) subscribe(t testing.TB, phones int) {
	t.Helper()
	file := filepath.Join(p.site.Dir, "phones.csv")
	p.cordon(t, "ran", "--phones", fmt.Sprint(phones), "--write-csv", file)
	p.cordon(t, "subscriber", "import", file)
}

// load is what "cordon ran" would run with these flags.
func (s *site) load(t testing.TB, flags ...string) ran.Config {
	t.Helper()
	var f ranFlags
	fs := flag.NewFlagSet("ran", flag.ContinueOnError)
	f.define(fs)
	err := fs.Parse(append([]string{"--core", s.Net + ".1:38412", "--sctp", s.SCTP, "--n3", s.Net + ".10", "--target", echoService}, flags...))
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := f.config(&call{ctx: t.Context(), err: t.Output(), flags: fs})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}
