package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"cordon/console"
	"cordon/ident"
	"cordon/node"
	"cordon/rules"
	"cordon/transport"
	"cordon/trust"
)

// What the examples say and what "cordon ran" simulates by default fit each other: each of its radios
// may serve, from its address, with its area and slice.
func TestExamplesFit(t *testing.T) {
	cfg, err := node.ParseConfig("cordon.yaml", []byte(node.ExampleConfig()))
	if err != nil {
		t.Fatal(err)
	}
	if len(cfg.Trust.Records) != 1 || cfg.Trust.Records[0] != "records.yaml" {
		t.Errorf("the example reads %q, and help says records.yaml", cfg.Trust.Records)
	}
	facts, odd, err := trust.Parse([]trust.File{{Name: "records.yaml", Text: []byte(exampleRecords)}})
	if err != nil || len(odd) > 0 {
		t.Fatal(err, odd)
	}
	var regimes []*rules.Regime
	for _, r := range cfg.Trust.Regimes {
		regime, err := rules.Pack(r.Name)
		if err != nil {
			t.Fatal(err)
		}
		regimes = append(regimes, regime)
	}
	law, err := rules.Compile(facts, regimes, rules.DateOf(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	var f ranFlags
	flags := flag.NewFlagSet("ran", flag.ContinueOnError)
	f.define(flags)
	if err := flags.Parse([]string{"--radios", "4", "--tac", "1,1,1,2"}); err != nil {
		t.Fatal(err)
	}
	load, err := f.config(&call{ctx: t.Context(), err: t.Output(), flags: flags})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range load.Radios {
		q := rules.Question{Gate: rules.GateN2, Node: r.Node, Peer: r.N3.Addr(), Areas: []rules.ClaimedArea{{TAI: ident.TAI{PLMN: r.Node.PLMN, TAC: r.TACs[0]}, Slices: r.Slices}}}
		want := rules.Allow
		if i == 3 {
			want = rules.Restrict // of a vendor that the records class
		}
		if v := rules.Decide(law, q); v.Act != want {
			t.Errorf("radio %d, %v from %v: %v by %v", i, r.Node, r.N3, v.Act, v.Rule)
		}
		for _, p := range law.Radio(r.Node).Addresses.N3 {
			if !p.Contains(r.N3.Addr()) {
				t.Errorf("radio %d sends from %v, and its record has %v", i, r.N3, p)
			}
		}
	}
}

// quickStart is a core on the examples, at addresses of its own.
type quickStart struct {
	*testing.T
	core *node.Core
	env  map[string]string
	net  string // the first three octets of its addresses
	udp  uint16
}

func newQuickStart(t *testing.T) *quickStart {
	sites++
	dir := t.TempDir()
	q := &quickStart{T: t, net: fmt.Sprintf("127.%d.%d", 96+os.Getpid()%32, sites)}
	cfg, err := node.ParseConfig("cordon.yaml", []byte(node.ExampleConfig()))
	if err != nil {
		t.Fatal(err)
	}
	records := filepath.Join(dir, "records.yaml")
	if err := os.WriteFile(records, []byte(strings.ReplaceAll(exampleRecords, "127.0.0.", q.net+".")), 0o600); err != nil {
		t.Fatal(err)
	}
	own := netip.MustParseAddr(q.net + ".1")
	cfg.Trust.Records = []string{records}
	cfg.N2.Address, cfg.N2.SCTP = netip.AddrPortFrom(own, 38412), transport.UDP
	cfg.N3.Address, cfg.N3.Advertise, cfg.N6.Mode = netip.AddrPortFrom(own, 2152), own, "netstack"
	cfg.Store.Path, cfg.Store.KeyFile = filepath.Join(dir, "db"), filepath.Join(dir, "key")
	cfg.API.Listen, cfg.API.TokenFile = netip.MustParseAddrPort("127.0.0.1:0"), filepath.Join(dir, "token")
	cfg.Evidence.Path, cfg.Evidence.KeyFile, cfg.Evidence.PseudonymFile = filepath.Join(dir, "evidence"), filepath.Join(dir, "log.key"), filepath.Join(dir, "pseudonyms.key")
	if q.core, err = node.Open(cfg, node.Options{Version: "test", Log: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- errors.Join(q.core.Run(ctx), q.core.Close()) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	q.udp = q.core.SCTP.UDPPort
	q.env = map[string]string{"CORDON_API": "http://" + q.core.API.String(), "CORDON_TOKEN_FILE": cfg.API.TokenFile, "CORDON_LOG": cfg.Evidence.Path, "USER": "alice"}
	return q
}

// try is one command, and how it ended.
func (q *quickStart) try(ctx context.Context, args ...string) (status int, out, errs string) {
	var o, e bytes.Buffer
	c := &call{ctx: ctx, in: strings.NewReader(""), out: &o, err: &e, getenv: func(k string) string { return q.env[k] }}
	status = dispatch(c, args)
	return status, o.String(), e.String()
}

// cordon is a command that is to succeed and to say so much.
func (q *quickStart) cordon(line string, want ...string) string {
	q.Helper()
	status, out, errs := q.try(q.Context(), strings.Fields(line)...)
	if status != statusOK {
		q.Fatalf("%s: status %d\n%s%s", line, status, out, errs)
	}
	for _, w := range want {
		if !strings.Contains(out, w) {
			q.Errorf("%s: want %q in\n%s", line, w, out)
		}
	}
	return out
}

// ran is radios from an address on.
func (q *quickStart) ran(first int, more string) string {
	return fmt.Sprintf("ran --core %s.1:38412 --sctp udp --udp-port %d --n3 %s.%d --payload 32 --rate 0 %s", q.net, q.udp, q.net, first, more)
}

// TestQuickStart does what an operator does on the first day, on the examples word for word but for
// addresses.
func TestQuickStart(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: runs a core")
	}
	q := newQuickStart(t)
	q.cordon("subscriber add 001010000000001 --k 465b5ce8b199b49faa5f0a2ee238a6bc --opc e8ed289deba952e4283b54e88e6183ca")
	q.cordon(q.ran(2, "--traffic 300ms --pps 20"), "1 of 1 registered")
	q.cordon("status", "law       contain, as of ", "elements  4: 0 refused, 1 restricted", "evidence  well")
	q.cordon("element list", "gnb-harbour  gnb        nordlys   harbour  allow", "gnb-hill     gnb        meridian  hill     restrict")
	q.cordon("why gnb-hill", "gnb-hill may serve within bounds, under CONTAIN-")
	q.cordon("why gnb-00101-1/24", "gnb-harbour may serve")
	q.cordon("whatif --regime uk-2019 --as-of 2027-01-01", "uk-2019")

	// A radio without a record waits until it is given one, and is cut off and taken back.
	ctx, leave := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		q.try(ctx, strings.Fields(q.ran(9, "--gnb 9 --phones 0 --hold 1m"))...)
	}()
	wait(t, 20*time.Second, "the radio is pending", func() bool {
		_, out, _ := q.try(t.Context(), "radio", "pending")
		return strings.Contains(out, "gnb-00101-9/24")
	})
	leave()
	<-ended
	const why = " --why first-day"
	q.cordon("radio pending gnb-00101-9/24", "node: gnb-00101-9/24")
	if status, _, errs := q.try(t.Context(), strings.Fields("radio approve gnb-00101-9/24 --vendor acme --site harbour"+why)...); status != statusFailed || !strings.HasPrefix(errs, `cordon: record.yaml:5:13: elements["gnb-00101-9/24"].vendor: there is no vendor "acme"`) {
		t.Errorf("%d %s", status, errs)
	}
	q.cordon("radio approve gnb-00101-9/24 --vendor nordlys --manager nordlys --site harbour --name gnb-quay" + why)
	if out := q.cordon("radio pending"); strings.Contains(out, "gnb-00101-9/24") {
		t.Errorf("%s", out)
	}
	q.cordon("element list", "gnb-quay     gnb        nordlys   harbour  allow")
	q.cordon("records export", "- name: gnb-quay")
	q.cordon("cut --vendor nordlys --dry-run", "this would take out of service: 4 elements")
	if out := q.cordon("cut list"); strings.Count(out, "\n") != 1 {
		t.Errorf("a dry run left\n%s", out)
	}
	q.cordon("cut --element gnb-quay"+why, "this takes out of service: 1 element", `"cordon cut restore `)
	q.cordon("why gnb-quay", "CORDON-CUT")
	number := strings.Fields(strings.Split(q.cordon("cut list", "gnb-quay", "alice"), "\n")[1])[0]
	q.cordon("cut restore " + number + why)
	q.cordon("reload" + why)
	number = strings.Fields(strings.Split(q.cordon("radio approvals", "gnb-quay"), "\n")[1])[0]
	q.cordon("element list", "gnb-quay     gnb        nordlys   harbour  allow")
	q.cordon("radio withdraw " + number + why)
	if out := q.cordon("element list"); strings.Contains(out, "gnb-quay") {
		t.Errorf("%s", out)
	}
	wait(t, 10*time.Second, "all of it is evidence", func() bool {
		_, out, _ := q.try(t.Context(), "log", "tail")
		return strings.Contains(out, "approve gnb-quay gnb-00101-9/24 by alice: first-day") && strings.Contains(out, "cut gnb-quay by alice") &&
			strings.Contains(out, "restore gnb-quay by alice") && strings.Contains(out, "reload by alice: first-day")
	})
}

// rereading is a law that counts how often it is read anew.
type rereading struct {
	console.Trust
	acts chan console.Act
	err  error
}

func (r *rereading) Reload(_ context.Context, act console.Act) error {
	r.acts <- act
	return r.err
}

// A hangup has the law read anew, in the name of the signal, until the core ends.
func TestHangup(t *testing.T) {
	hangups, log := make(chan os.Signal, 1), &output{}
	law := &rereading{acts: make(chan console.Act), err: errors.New("records.yaml:1:1: no")}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		reread(ctx, hangups, law, slog.New(slog.NewTextHandler(log, nil)))
		close(ended)
	}()
	for range 2 {
		hangups <- syscall.SIGHUP
		if act := <-law.acts; act.Who != "SIGHUP" || act.Check() != nil {
			t.Errorf("%+v", act)
		}
	}
	stop()
	<-ended
	if log.String() != "" {
		t.Errorf("nothing was read anew, and the log says %s", log)
	}
}
