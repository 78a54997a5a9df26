package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"cordon/aka"
	"cordon/ident"
	"cordon/ran"
)

// Benchmarks of a whole core: "cordon serve" is one process and "cordon ran" another, as an
// operator runs them, with SCTP over UDP on loopback addresses. A phone conceals its identity
// with profile A, is authenticated with 5G-AKA, secures NAS and opens one session. What the
// core costs is what it says of itself on /metrics: its own rusage and resident set.

const (
	benchAtOnce = 64 // phones attaching at a time, to keep a core busy without drowning it
	benchRadios = 8
	benchLimit  = 5 * time.Minute // for all phones of a run to attach
	benchSettle = 2 * time.Second
)

// BenchmarkCoreAttach has 10,000 phones attach, first as fast as the core and the simulator go
// together, and then at half that rate.
func BenchmarkCoreAttach(b *testing.B) {
	const phones = 10_000
	w := newBenchWorld(b, phones)
	rate := 0.0
	b.Run("full", func(b *testing.B) {
		rate = w.attach(b, phones, "--rate", "0", "--at-once", strconv.Itoa(benchAtOnce))
	})
	b.Run("half", func(b *testing.B) {
		if rate == 0 {
			b.Skip("half of what is not known: run BenchmarkCoreAttach/full with it")
		}
		w.attach(b, phones, "--rate", strconv.Itoa(int(rate/2)))
	})
}

// BenchmarkCoreGates compares what an attach costs a core that has 10,000 records and fifty rules with selectors
// with what it costs one that has the records of its radios and no regime. Runs of the two take turns; the
// difference of their medians is as exact as those of one kind agree, which is the noise.
func BenchmarkCoreGates(b *testing.B) {
	const phones, records, pairs = 5_000, 10_000, 3
	w := newBenchWorld(b, phones)
	few, many := w.dir+"/few.yaml", w.dir+"/many.yaml"
	benchDo(b, exec.Command("cp", w.config, few))
	w.law(b, many, records)
	core := map[string][]float64{}
	for range b.N * pairs {
		for _, config := range []string{few, many} {
			w.config = config
			spent := w.once(b, phones, []string{"--rate", "0", "--at-once", strconv.Itoa(benchAtOnce)})["core-µs/attach"]
			core[config] = append(core[config], spent)
		}
	}
	median := func(v []float64) (middle, spread float64) {
		slices.Sort(v)
		return v[len(v)/2], v[len(v)-1] - v[0]
	}
	least, noise := median(core[few])
	most, noise2 := median(core[many])
	b.ReportMetric(0, "ns/op") // says nothing
	b.ReportMetric(most, "core-µs/attach")
	b.ReportMetric((most-least)/least*100, "gates-%")
	b.ReportMetric(max(noise, noise2)/least*100, "noise-%")
}

// law writes a configuration with so many records, those of the radios among them, and fifty rules.
func (w *benchWorld) law(b *testing.B, config string, records int) {
	b.Helper()
	radios := radioRecords(1, benchRadios, w.radios())
	far := netip.AddrFrom4([4]byte{198, 18, 0, 0})
	writeRecords(b, w.dir+"/many-records.yaml", append(radios, radioRecords(1000, records-benchRadios, far)...))
	var r strings.Builder
	r.WriteString("regime: bench\ntitle: Bench\nstatus: own\nsummary: Fifty rules that ask for something.\nrules:\n")
	for i := range 50 {
		body := [...]string{
			`shape: function-ban, where: 'element.technology == "g$" && vendor.name != "none"'`,
			`shape: function-ban, where: 'element.findings["stolen connection"] > $', act: restrict, owes: [watch]`,
			`shape: separation, only_dnns: [internet, other$], act: restrict, owes: [report]`,
			`shape: separation, require: 'element.technology != "g$"', act: restrict, owes: [mediate]`,
			`shape: share-cap, class: high-risk, cap: 35, measure: count, hard: "2030-01-01"`,
		}[i%5]
		fmt.Fprintf(&r, "  - {id: B-%02d, text: rule %d, source: {document: bench}, %s}\n", i, i, strings.ReplaceAll(body, "$", strconv.Itoa(i)))
	}
	read, err := os.ReadFile(w.config)
	if err != nil {
		b.Fatal(err)
	}
	trust := fmt.Sprintf("trust: {records: [%[1]s/many-records.yaml], rules: [%[1]s/rules.yaml]}", w.dir)
	changed := strings.Replace(string(read), fmt.Sprintf("trust: {records: [%s/records.yaml]}", w.dir), trust, 1)
	for name, text := range map[string]string{w.dir + "/rules.yaml": r.String(), config: changed} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCoreDevices tells what a device costs in resident memory while it is registered,
// connected and has a session.
func BenchmarkCoreDevices(b *testing.B) {
	for _, phones := range []int{10_000, 100_000} {
		b.Run(strconv.Itoa(phones), func(b *testing.B) {
			w := newBenchWorld(b, phones)
			w.attach(b, phones, "--rate", "0", "--at-once", strconv.Itoa(benchAtOnce))
		})
	}
}

// attach has phones attach to a fresh core, b.N times, and reports the median of each
// figure. It returns that of the rate.
func (w *benchWorld) attach(b *testing.B, phones int, how ...string) (rate float64) {
	all := map[string][]float64{}
	for range b.N {
		for unit, v := range w.once(b, phones, how) {
			all[unit] = append(all[unit], v)
		}
	}
	b.ReportMetric(0, "ns/op") // says nothing
	for unit, v := range all {
		slices.Sort(v)
		b.ReportMetric(v[len(v)/2], unit)
	}
	return all["attaches/s"][b.N/2]
}

func (w *benchWorld) once(b *testing.B, phones int, how []string) map[string]float64 {
	core := w.serve(b)
	before := core.metrics(b)
	load := w.ran(b, append([]string{"--phones", strconv.Itoa(phones), "--hold", "1h"}, how...)...)
	after := core.wait(b, phones)
	time.Sleep(benchSettle)
	settled := core.metrics(b)
	s := load.end(b)
	core.stop(b)
	if s.Registered != phones || s.Sessions != phones {
		b.Fatalf("%d phones registered and %d sessions, want %d: %v", s.Registered, s.Sessions, phones, s.Failed)
	}
	n := float64(phones)
	const cpu, rss, mallocs = "process_cpu_seconds_total", "process_resident_memory_bytes", "go_memstats_mallocs_total"
	return map[string]float64{
		"core-µs/attach":     (after[cpu] - before[cpu]) / n * 1e6,
		"core-allocs/attach": (after[mallocs] - before[mallocs]) / n,
		"attaches/s":         s.AttachRate,
		"p50-ms":             s.P50AttachMS,
		"p99-ms":             s.P99AttachMS,
		"core-B/device":      (settled[rss] - before[rss]) / n,
	}
}

// benchWorld is a configuration with its subscribers, and the program.
type benchWorld struct {
	dir, bin, config string
	base             netip.Addr // the core's; the radios' are far behind it
	public           string     // the home network's key
}

const benchConfig = `
plmn: "00101"
tacs: [1]
networks: [{name: internet, pool: 10.64.0.0/14}]
plans:
  - name: standard
    ue_ambr: {down: 1 Gbit/s, up: 500 Mbit/s}
    slices:
      - snssai: "1"
        default: true
        dnns: [{dnn: internet, default: true, ambr: {down: 1 Gbit/s, up: 500 Mbit/s}}]
n2: {address: "%[1]s:38412", sctp: udp}
n3: {address: "%[1]s:2152"}
n6: {mode: netstack}
security: {home_keys: [{id: 1, profile: A, file: %[2]s/home.key}]}
store: {path: %[2]s/cordon.db, key_file: %[2]s/cordon.key}
api: {listen: "%[1]s:8642", token_file: %[2]s/cordon.token}
trust: {records: [%[2]s/records.yaml]}
evidence: {path: %[2]s/evidence, key_file: %[2]s/log.key, pseudonym_key_file: %[2]s/pseudonyms.key}
log: {format: json}
`

// newBenchWorld builds the program and imports subscribers into a new core.
func newBenchWorld(b *testing.B, subscribers int) *benchWorld {
	b.Helper()
	pid := os.Getpid()
	dir := b.TempDir()
	w := &benchWorld{dir: dir, bin: filepath.Join(dir, "cordon"), config: filepath.Join(dir, "cordon.yaml"),
		base: netip.AddrFrom4([4]byte{127, byte(128 + pid>>8%64), byte(pid), 1})}
	build := exec.Command("go", "build", "-trimpath", "-o", w.bin, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	benchDo(b, build)
	private := [32]byte{1, 2, 3}
	key, err := aka.NewHomeKey(ident.SchemeProfileA, private[:])
	if err != nil {
		b.Fatal(err)
	}
	w.public = hex.EncodeToString(key.Public())
	for name, text := range map[string]string{w.config: fmt.Sprintf(benchConfig, w.base, dir), dir + "/home.key": hex.EncodeToString(private[:])} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	writeRecords(b, dir+"/records.yaml", radioRecords(1, benchRadios, w.radios()))
	benchDo(b, exec.Command(w.bin, "ran", "--phones", strconv.Itoa(subscribers), "--write-csv", dir+"/phones.csv"))
	core := w.serve(b)
	benchDo(b, exec.Command(w.bin, "subscriber", "import", dir+"/phones.csv", "--api", core.url, "--token-file", dir+"/cordon.token"))
	core.stop(b)
	benchDo(b, exec.Command("cp", dir+"/cordon.db", dir+"/fresh.db"))
	return w
}

// radios is the first radio's address.
func (w *benchWorld) radios() netip.Addr {
	at := w.base.As4()
	at[1] -= 64
	return netip.AddrFrom4(at)
}

func benchDo(b *testing.B, c *exec.Cmd) {
	b.Helper()
	if out, err := c.CombinedOutput(); err != nil {
		b.Fatalf("%v: %v\n%s", c, err, out)
	}
}

// benchCore is a serving core.
type benchCore struct {
	cmd        *exec.Cmd
	url, token string
	log        *bufio.Scanner
}

// serve starts a core to which no device has ever attached.
func (w *benchWorld) serve(b *testing.B) *benchCore {
	b.Helper()
	if fresh, err := os.ReadFile(w.dir + "/fresh.db"); err == nil {
		if err := os.WriteFile(w.dir+"/cordon.db", fresh, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	c := &benchCore{cmd: exec.Command(w.bin, "serve", "--config", w.config), url: fmt.Sprintf("http://%s:8642", w.base)}
	pipe, err := c.cmd.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.cmd.Process.Kill() })
	c.log = bufio.NewScanner(pipe)
	for c.log.Scan() {
		if strings.Contains(c.log.Text(), `"msg":"cordon serves"`) {
			token, err := os.ReadFile(w.dir + "/cordon.token")
			if err != nil {
				b.Fatal(err)
			}
			c.token = strings.TrimSpace(string(token))
			go func() { // else the core would wait for its log to be read
				for c.log.Scan() {
				}
			}()
			return c
		}
		b.Log(c.log.Text())
	}
	b.Fatal("the core does not serve")
	return nil
}

// metrics are the figures that have no label, by name.
func (c *benchCore) metrics(b *testing.B) map[string]float64 {
	b.Helper()
	req, err := http.NewRequest(http.MethodGet, c.url+"/metrics", nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	m := map[string]float64{}
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		if name, value, ok := strings.Cut(lines.Text(), " "); ok {
			m[name], _ = strconv.ParseFloat(value, 64)
		}
	}
	return m
}

// wait returns the core's figures once all phones have a session.
func (c *benchCore) wait(b *testing.B, phones int) map[string]float64 {
	b.Helper()
	for begin := time.Now(); time.Since(begin) < benchLimit; time.Sleep(250 * time.Millisecond) {
		if c.metrics(b)["cordon_sessions"] >= float64(phones) {
			time.Sleep(250 * time.Millisecond) // contexts are written a little later
			return c.metrics(b)
		}
	}
	b.Fatal("not all phones have attached")
	return nil
}

func (c *benchCore) stop(b *testing.B) {
	b.Helper()
	c.cmd.Process.Signal(syscall.SIGTERM)
	if err := c.cmd.Wait(); err != nil {
		b.Fatalf("the core ended with %v", err)
	}
}

// benchLoad is a running simulator.
type benchLoad struct {
	cmd       *exec.Cmd
	out, errs strings.Builder
}

func (w *benchWorld) ran(b *testing.B, args ...string) *benchLoad {
	b.Helper()
	l := &benchLoad{cmd: exec.Command(w.bin, append([]string{"ran", "--core", w.base.String() + ":38412", "--sctp", "udp",
		"--n2", w.radios().String(), "--n3", w.radios().String(), "--radios", strconv.Itoa(benchRadios),
		"--suci", "a", "--suci-key", w.public, "--json"}, args...)...)}
	l.cmd.Stdout, l.cmd.Stderr = &l.out, &l.errs
	if err := l.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.cmd.Process.Kill() })
	return l
}

// end interrupts the simulator, which then tells what came of it.
func (l *benchLoad) end(b *testing.B) (s ran.Summary) {
	b.Helper()
	l.cmd.Process.Signal(syscall.SIGINT)
	if err := l.cmd.Wait(); err != nil {
		b.Fatalf("cordon ran: %v\n%s", err, &l.errs)
	}
	if err := json.Unmarshal([]byte(l.out.String()), &s); err != nil {
		b.Fatal(err)
	}
	return s
}
