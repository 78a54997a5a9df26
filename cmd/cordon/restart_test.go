package main

import (
	"context"
	"encoding/json"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cordon/ran"
)

// durable is how long after its registration a device survives a crash of the core.
const durable = 100 * time.Millisecond

// A diary holds what happened to every phone, and when.
type diary struct {
	mu     sync.Mutex // guards phones
	phones map[*ran.UE][]entry
}

type entry struct {
	at time.Time
	ran.Note
}

func (d *diary) note(u *ran.UE, n ran.Note) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.phones[u] = append(d.phones[u], entry{time.Now(), n})
}

// follow has the diary written by a load.
func follow(cfg *ran.Config) *diary {
	d := &diary{phones: make(map[*ran.UE][]entry)}
	for i := range cfg.Radios {
		cfg.Radios[i].Notify = d.note
	}
	return d
}

// all is what happened so far.
func (d *diary) all() map[*ran.UE][]entry {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make(map[*ran.UE][]entry, len(d.phones))
	for u, entries := range d.phones {
		all[u] = entries[:len(entries):len(entries)]
	}
	return all
}

// registered counts the phones that have registered.
func (d *diary) registered() (n int) {
	for _, entries := range d.all() {
		if _, ok := first(entries, ran.NoteRegistered); ok {
			n++
		}
	}
	return n
}

func first(entries []entry, k ran.NoteKind) (entry, bool) {
	for _, e := range entries {
		if e.Kind == k {
			return e, true
		}
	}
	return entry{}, false
}

// wait asks until something holds.
func wait(t testing.TB, limit time.Duration, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%v on, %s not", limit, what)
		}
	}
}

// running is a load that runs beside the test.
type running struct {
	*diary
	stop context.CancelFunc
	done chan struct{}
	sum  ran.Summary
	err  error
}

func begin(t testing.TB, cfg ran.Config) *running {
	ctx, cancel := context.WithCancel(t.Context())
	r := &running{diary: follow(&cfg), stop: cancel, done: make(chan struct{})}
	go func() {
		defer close(r.done)
		r.sum, r.err = ran.Run(ctx, cfg)
	}()
	t.Cleanup(func() { cancel(); <-r.done })
	return r
}

// end ends the load and says what came of it.
func (r *running) end(t testing.TB) ran.Summary {
	t.Helper()
	r.stop()
	<-r.done
	b, _ := json.Marshal(r.sum)
	t.Logf("%s", b)
	if r.err != nil {
		t.Error(r.err)
	}
	return r.sum
}

// sessions are phones' only sessions, as they see them.
func (r *running) sessions(t testing.TB) map[*ran.UE]ran.SessionStatus {
	t.Helper()
	all := make(map[*ran.UE]ran.SessionStatus)
	for u := range r.all() {
		s, err := u.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if x, ok := s.Session(1); ok && s.State != ran.Deregistered {
			all[u] = x
		}
	}
	return all
}

// carries waits until every phone's session has brought back a packet that was sent after
// now, and gives the phones' addresses.
func (r *running) carries(t testing.TB, phones int) map[*ran.UE]netip.Addr {
	t.Helper()
	before := r.sessions(t)
	addrs := make(map[*ran.UE]netip.Addr)
	for end := time.Now().Add(30 * time.Second); len(addrs) < phones; time.Sleep(50 * time.Millisecond) {
		for u, s := range r.sessions(t) {
			if s.Tunnel && s.Echoed > before[u].Echoed {
				addrs[u] = s.Addr
			}
		}
		if time.Now().After(end) {
			r.mourn(t, addrs)
		}
	}
	return addrs
}

// mourn tells of the phones that have no traffic.
func (r *running) mourn(t testing.TB, alive map[*ran.UE]netip.Addr) {
	t.Helper()
	for u, entries := range r.all() {
		if _, ok := alive[u]; ok {
			continue
		}
		s, err := u.Status(t.Context())
		t.Errorf("%s has no traffic: %+v, %v; what happened to it:", u.SUPI().IMSI(), s, err)
		for _, e := range entries {
			t.Logf("  %s %s %s", e.at.Format(time.StampMilli), e.Kind, e.Cause)
		}
	}
	t.FailNow()
}

// TestKill kills a core while phones attach and use it, and starts it again. Who was
// registered for long enough notices nothing but a pause; the others come back by themselves.
func TestKill(t *testing.T) {
	const phones = 400
	s := newSite(t)
	p := s.serve(t)
	p.subscribe(t, phones)
	cfg := s.load(t, "--phones", "400", "--rate", "200", "--radios", "2", "--traffic", "5m", "--pps", "5", "--reconnect", "200ms")
	// Else the last ones come back after ten seconds, and their sessions after as many more.
	cfg.Groups[0].Phone.Timers.T3511, cfg.Groups[0].Phone.Timers.T3580 = 300*time.Millisecond, time.Second
	r := begin(t, cfg)
	wait(t, 30*time.Second, "half of the phones are registered", func() bool { return r.registered() >= phones/2 })
	at := time.Now()
	p.kill()

	early := make(map[string]netip.Addr) // who must survive, with the address if the session must
	for u, entries := range r.all() {
		e, ok := first(entries, ran.NoteRegistered)
		if !ok || at.Sub(e.at) < durable {
			continue
		}
		early[u.SUPI().IMSI()] = netip.Addr{}
		if e, ok := first(entries, ran.NoteSessionOpened); ok && at.Sub(e.at) >= durable {
			early[u.SUPI().IMSI()] = e.Addr
		}
	}
	p = s.serve(t)
	known := p.devices(t)
	t.Logf("%d phones were registered at the kill, %d of them for %v; the core was back after %v with %d", r.registered(), len(early), durable, time.Since(at).Round(time.Millisecond), len(known))
	if len(early) < phones/4 || len(early) == phones {
		t.Fatalf("the kill does not come in the middle: %d phones must survive it", len(early))
	}
	for imsi, addr := range early {
		d, ok := known[imsi]
		switch {
		case !ok || d.State != "registered":
			t.Errorf("the core has forgotten %s", imsi)
		case addr.IsValid() && (len(d.Sessions) != 1 || d.Sessions[0].Address != addr):
			t.Errorf("the session of %s was at %v and is %+v", imsi, addr, d.Sessions)
		}
	}
	wait(t, 60*time.Second, "all phones are registered", func() bool { return r.registered() == phones })
	now := r.carries(t, phones)
	for u, entries := range r.all() {
		addr, ok := early[u.SUPI().IMSI()]
		if !ok {
			continue
		}
		if addr.IsValid() && now[u] != addr {
			t.Errorf("%s had the address %v and now has %v", u.SUPI().IMSI(), addr, now[u])
		}
		for _, e := range entries {
			if e.at.Before(at) {
				continue
			}
			switch e.Kind {
			case ran.NoteRegistered, ran.NoteReregistering, ran.NoteRegistrationFailed, ran.NoteDeregistered:
				t.Errorf("%s, %v after the kill: %s", u.SUPI().IMSI(), e.at.Sub(at), e.Kind)
			case ran.NoteSessionOpened, ran.NoteSessionClosed, ran.NoteSessionFailed:
				if addr.IsValid() {
					t.Errorf("%s, %v after the kill: %s", u.SUPI().IMSI(), e.at.Sub(at), e.Kind)
				}
			}
		}
	}
	if sum := r.end(t); sum.Registered != phones || sum.Sessions != phones || sum.WrongTunnel != 0 || sum.Corrupted != 0 {
		t.Error("not everybody came back")
	}
}

// TestGraceful asks a core to end while phones use it, and starts it again: nothing is lost.
func TestGraceful(t *testing.T) {
	const phones = 60
	s := newSite(t)
	p := s.serve(t)
	p.subscribe(t, phones)
	r := begin(t, s.load(t, "--phones", "60", "--rate", "0", "--radios", "2", "--traffic", "5m", "--pps", "5", "--reconnect", "200ms"))
	wait(t, 30*time.Second, "all phones are registered", func() bool { return r.registered() == phones })
	// The last one's change may be of this moment: what is asked to end writes it.
	before := r.carries(t, phones)
	at := time.Now()
	p.cmd.Process.Signal(syscall.SIGTERM)
	if status := p.exit(t, 10*time.Second); status != 0 {
		t.Errorf("exit status %d:\n%s", status, p.log)
	}
	t.Logf("the core took %v to end", time.Since(at).Round(time.Millisecond))
	p = s.serve(t)
	known := p.devices(t)
	for u, addr := range before {
		if d := known[u.SUPI().IMSI()]; len(d.Sessions) != 1 || d.Sessions[0].Address != addr {
			t.Errorf("%s had a session at %v and now is %+v", u.SUPI().IMSI(), addr, d)
		}
	}
	for u, addr := range r.carries(t, phones) {
		if addr != before[u] {
			t.Errorf("%s had %v and now has %v", u.SUPI().IMSI(), before[u], addr)
		}
	}
	if sum := r.end(t); sum.Reregistered != 0 || sum.Registered != phones || sum.Sessions != phones {
		t.Error("a device had to register anew")
	}
}

// TestKillKeepsOrders kills a core the moment an order is given: the next one obeys it, from the first radio on,
// and the evidence verifies.
func TestKillKeepsOrders(t *testing.T) {
	const phones = 4
	s := newSite(t)
	p := s.serve(t)
	p.subscribe(t, phones)
	r := begin(t, s.load(t, "--phones", "4", "--rate", "0", "--radios", "2", "--reach", "2", "--traffic", "5m", "--pps", "5", "--reconnect", "200ms"))
	r.carries(t, phones)
	p.cordon(t, "cut", "--element", "gnb-00101-1/24", "--by", "alice", "--why", "court order 7")
	p.kill()
	p = s.serve(t)
	if cuts := p.cordon(t, "cut", "list"); !strings.Contains(cuts, "gnb-00101-1/24") || !strings.Contains(cuts, "alice") || !strings.Contains(cuts, "court order 7") {
		t.Errorf("the cuts are\n%s", cuts)
	}
	r.carries(t, phones)
	for imsi, d := range p.devices(t) {
		if d.Radio != "cordon-ran-2" {
			t.Errorf("%s is on %q", imsi, d.Radio)
		}
	}
	evidence := filepath.Join(s.Dir, "evidence")
	if out := p.cordon(t, "log", "verify", evidence, "--key", strings.TrimSpace(p.cordon(t, "log", "key", "--config", filepath.Join(s.Dir, "cordon.yaml")))); !strings.Contains(out, "verif") {
		t.Errorf("%s", out)
	}
	p.cordon(t, "cut", "restore", "1", "--by", "alice", "--why", "appeal won")
}
