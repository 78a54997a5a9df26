package n4

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

var update = flag.Bool("update", false, "rewrite testdata")

// script is one end, the time that its lines move, and the number of the last request to each address.
type script struct {
	end  stepper
	now  time.Time
	seqs map[netip.Addr]uint32
	next uint32
}

// TestScripts replays testdata/*.txt: "> event" is fed to an end, control-*.txt to a control plane and user-*.txt to a user plane, and the
// effects it asked for stand beneath it.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := newScript(strings.HasPrefix(filepath.Base(file), "control"))
			var got bytes.Buffer
			for line := range strings.Lines(string(want)) {
				if strings.HasPrefix(line, "  ") {
					continue
				}
				got.WriteString(line)
				if strings.HasPrefix(line, "> ") {
					for _, e := range s.end.Step(s.now, s.event(t, strings.Fields(line[2:]))) {
						fmt.Fprintf(&got, "  %s\n", s.render(e))
					}
				}
			}
			if *update {
				err = os.WriteFile(file, got.Bytes(), 0o644)
			} else if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("got:\n%s\nwant:\n%s", got.Bytes(), want)
			}
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

var names = map[string]netip.Addr{"smf": smfAddr, "smf2": smfB, "upf": upfAddr, "stranger": stranger}

func newScript(control bool) *script {
	s := &script{now: start, seqs: map[netip.Addr]uint32{}, next: 500}
	if control {
		s.end = NewControlPlane(Config{Node: nodeOf(smfAddr), Addr: smfAddr, Recovery: 1,
			Peers: []Peer{{Node: nodeOf(upfAddr), Addrs: []netip.Addr{upfAddr}, Tunnels: tunnels}}}, rand.NewPCG(1, 1))
	} else {
		s.end = NewUserPlane(Config{Node: nodeOf(upfAddr), Addr: upfAddr, Recovery: 1, Retention: time.Minute,
			Peers: []Peer{{Node: nodeOf(smfAddr), Addrs: []netip.Addr{smfAddr}}, {Node: nodeOf(smfB), Addrs: []netip.Addr{smfB}}}}, rand.NewPCG(1, 1))
	}
	return s
}

// event reads "wait 3s", "NAME message key=value...", "ask ID message ...", "did ID message ..." or "report ...".
func (s *script) event(t *testing.T, w []string) Event {
	t.Helper()
	id := uint64(0)
	switch w[0] {
	case "wait":
		d, err := time.ParseDuration(w[1])
		if err != nil {
			t.Fatal(err)
		}
		s.now = s.now.Add(d)
		return Tick{}
	case "ask", "did":
		n, err := strconv.ParseUint(w[1], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		id = n
		m := s.message(t, w[2], arguments(w[3:]), upfAddr)
		if w[0] == "did" {
			return Answer{ID: id, Message: m}
		}
		return Request{Peer: nodeOf(upfAddr), ID: id, Message: m}
	case "report":
		u := s.end.(*UserPlane)
		return Report{Report: pfcp.Report{CP: u.local(0), Type: pfcp.DownlinkData, PDR: 2}}
	}
	from, ok := names[w[0]]
	if !ok {
		t.Fatalf("who is %q", w[0])
	}
	m := s.message(t, w[1], arguments(w[2:]), from)
	seq := s.seqs[from]
	if m.Type().Request() {
		s.next++
		seq = s.next
	}
	return packet(t, from, seq, m)
}

func arguments(w []string) map[string]uint64 {
	out := map[string]uint64{}
	for _, a := range w {
		k, v, _ := strings.Cut(a, "=")
		out[k], _ = strconv.ParseUint(v, 0, 64)
	}
	return out
}

func (s *script) message(t *testing.T, name string, a map[string]uint64, from netip.Addr) pfcp.Message {
	t.Helper()
	cp, up, cause := ident.SEID(a["cp"]), ident.SEID(a["up"]), pfcp.Cause(a["cause"])
	stamp, node := pfcp.RecoveryTimeStamp(a["stamp"]), nodeOf(from)
	_, retain := a["retain"]
	if cause == 0 {
		cause = pfcp.CauseAccepted
	}
	switch name {
	case "setup":
		return &pfcp.AssociationSetupRequest{Node: node, Recovery: stamp, Retain: retain}
	case "set-up":
		return &pfcp.AssociationSetupResponse{Node: node, Recovery: stamp, Cause: cause, UP: pfcp.FeatureFTUP, Retained: retain}
	case "release":
		return &pfcp.AssociationReleaseRequest{Node: node}
	case "heartbeat":
		return &pfcp.HeartbeatRequest{Recovery: stamp}
	case "beat":
		return &pfcp.HeartbeatResponse{Recovery: stamp}
	case "establish":
		e := rules1
		e.Node, e.CP, e.Existing = node, pfcp.FSEID{SEID: cp, Addr: from}, ident.SEID(a["existing"])
		return &e
	case "established":
		if cause != pfcp.CauseAccepted {
			return &pfcp.Established{CP: cp, Node: node, Cause: cause}
		}
		return good(cp, up)
	case "modify":
		return &pfcp.Modification{SEID: up, FARs: []pfcp.FAR{{ID: pfcp.FARID(a["far"]), Action: pfcp.Drop}}}
	case "modified":
		return &pfcp.Modified{CP: cp, Cause: cause}
	case "delete":
		return &pfcp.Deletion{SEID: up}
	case "deleted":
		return &pfcp.Deleted{CP: cp, Cause: cause}
	case "data":
		return &pfcp.SessionReport{CP: cp, Data: []pfcp.PDRID{2}}
	case "reported":
		return &pfcp.Reported{SEID: up, Cause: cause}
	}
	t.Fatalf("no message %q", name)
	return nil
}

// render shows an effect as a reviewer wants to read it.
func (s *script) render(e Effect) string {
	switch e := e.(type) {
	case Send:
		h, m, err := pfcp.Parse(e.Data)
		if err != nil {
			return err.Error()
		}
		if h.Type.Request() {
			s.seqs[e.To.Addr()] = h.Seq
		}
		return fmt.Sprintf("Send to %s: %v%s", called(e.To.Addr()), h.Type, details(h, m))
	case Request:
		return fmt.Sprintf("Request %d: %v of %s%s", e.ID, e.Message.Type(), called(e.Peer.Addr), details(pfcp.Header{}, e.Message))
	case Answer:
		if e.Message == nil {
			return fmt.Sprintf("Answer %d: %v", e.ID, e.Err)
		}
		return fmt.Sprintf("Answer %d: %v, %v", e.ID, e.Message.Type(), e.Err)
	case Report:
		return fmt.Sprintf("Report %v of %d", e.Report.Type, e.Report.CP)
	case Up:
		return fmt.Sprintf("Up %s retained=%v", called(e.Peer.Addr), e.Retained)
	case Down:
		return "Down " + called(e.Peer.Addr)
	case Lost:
		return fmt.Sprintf("Lost %v", e.Sessions)
	case Purge:
		return fmt.Sprintf("Purge %v", e.Sessions)
	case Drop:
		return fmt.Sprintf("Drop %v", e.Reason)
	case Finding:
		return fmt.Sprintf("Finding %v: %s", e.Kind, e.Why)
	}
	return fmt.Sprintf("%T%+v", e, e)
}

func called(a netip.Addr) string {
	for _, n := range slices.Sorted(maps.Keys(names)) {
		if names[n] == a {
			return n
		}
	}
	return a.String()
}

// details is what a message says that scripts are about.
func details(h pfcp.Header, m pfcp.Message) string {
	out := ""
	if h.SEID != 0 {
		out = fmt.Sprintf(" to %d", h.SEID)
	}
	switch m := m.(type) {
	case *pfcp.AssociationSetupRequest:
		out += fmt.Sprintf(" stamp=%d retain=%v", m.Recovery, m.Retain)
	case *pfcp.AssociationSetupResponse:
		out += fmt.Sprintf(" %v retained=%v", m.Cause, m.Retained)
	case *pfcp.Established:
		out += fmt.Sprintf(" %v up=%d", m.Cause, m.UP.SEID)
	case *pfcp.Modification:
		for _, f := range m.FARs {
			out += fmt.Sprintf(" FAR %d", f.ID)
		}
	case *pfcp.Modified:
		out += fmt.Sprintf(" %v", m.Cause)
	case *pfcp.Deleted:
		out += fmt.Sprintf(" %v", m.Cause)
	case *pfcp.Reported:
		out += fmt.Sprintf(" %v", m.Cause)
	}
	return out
}
