package datapath

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/rpc"
	"os"
	"os/exec"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"cordon/ident"
	"cordon/upf"
	"cordon/wire/pfcp"
)

// planeSettings is the environment variable that makes this test binary a user plane.
const planeSettings = "CORDON_TEST_USER_PLANE"

func TestMain(m *testing.M) {
	if text := os.Getenv(planeSettings); text != "" {
		if err := servePlane(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// servePlane is a process with a forwarder that does what it is told on standard input.
func servePlane(text string) error {
	var set settings
	if err := json.Unmarshal([]byte(text), &set); err != nil {
		return err
	}
	f, choice, err := Open(set.config())
	if err != nil {
		return err
	}
	s := rpc.NewServer()
	if err := s.RegisterName("Plane", &served{f, choice}); err != nil {
		return err
	}
	s.ServeConn(pipes{os.Stdin, os.Stdout})
	return f.Close()
}

type pipes struct {
	io.Reader
	io.WriteCloser
}

// served is what another process may ask of a forwarder.
type served struct {
	f      *Forwarder
	choice Choice
}

func (s *served) Choice(_ struct{}, out *Choice) error { *out = s.choice; return nil }
func (s *served) N3(_ struct{}, out *netip.AddrPort) error {
	*out = s.f.N3()
	return nil
}
func (s *served) Establish(in pfcp.Establishment, out *pfcp.Established) (err error) {
	*out, err = s.f.Establish(in)
	return err
}
func (s *served) Modify(in pfcp.Modification, out *pfcp.Modified) (err error) {
	*out, err = s.f.Modify(in)
	return err
}
func (s *served) Usage(in ident.SEID, out *pfcp.Usage) error {
	*out, _ = s.f.Usage(in)
	return nil
}
func (s *served) RemoveUnclaimed(_ struct{}, out *[2]int) error {
	out[0], out[1] = s.f.RemoveUnclaimed()
	return nil
}
func (s *served) Stats(_ struct{}, out *Stats) error { *out = s.f.Stats(); return nil }

// plane is a forwarder in a process of its own, in the user plane's namespace.
type plane struct {
	t      testing.TB
	cmd    *exec.Cmd
	client *rpc.Client
	said   bytes.Buffer // on standard error, to be read when the process has ended
}

// patience is how long a process may take for an answer, and for its end. The first answer waits until the kernel has
// verified two programs, seconds of work, of which a busy machine gives it a thirtieth.
const patience = 3 * time.Minute

func (w *world) newPlane(t testing.TB, set settings) *plane {
	t.Helper()
	text, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	p := &plane{t: t, cmd: exec.Command(os.Args[0])}
	p.cmd.Env = append(os.Environ(), planeSettings+"="+string(text))
	p.cmd.Stderr = &p.said
	in, err := p.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	err = w.plane.Do(func() error {
		for _, c := range set.Drop {
			if err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0); err != nil {
				return err
			}
		}
		return p.cmd.Start()
	})
	if err != nil {
		t.Fatal(err)
	}
	p.client = rpc.NewClient(pipes{out, in})
	t.Cleanup(p.stop)
	return p
}

// ask calls one of served's methods.
func (p *plane) ask(method string, in, out any) {
	p.t.Helper()
	call := p.client.Go("Plane."+method, in, out, make(chan *rpc.Call, 1))
	select {
	case <-call.Done:
		if call.Error != nil {
			p.kill()
			p.t.Fatalf("%s: %v; %s", method, call.Error, p.said.String())
		}
	case <-time.After(patience):
		p.kill()
		p.t.Fatalf("%s: no answer; %s", method, p.said.String())
	}
}

// stop has the process close its forwarder and end.
func (p *plane) stop() {
	if p.cmd.ProcessState != nil {
		return
	}
	p.client.Close()
	hang := time.AfterFunc(patience, func() { p.cmd.Process.Kill() })
	defer hang.Stop()
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("the user plane's process: %v; %s", err, p.said.String())
	}
}

// kill ends the process as a crash would.
func (p *plane) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Fatal(err)
	}
	p.client.Close()
	p.cmd.Wait()
}

// attach makes the handset's session and leads it to its radio.
func (p *plane) attach(h *handset, at netip.Addr) ident.SEID {
	p.t.Helper()
	return p.attachAs(h, at, sessionOf(ue, 0))
}

// attachAs is attach for a session of one's choice.
func (p *plane) attachAs(h *handset, at netip.Addr, e pfcp.Establishment) ident.SEID {
	p.t.Helper()
	var a pfcp.Established
	p.ask("Establish", e, &a)
	var m pfcp.Modified
	p.ask("Modify", pfcp.Modification{SEID: a.UP.SEID, FARs: []pfcp.FAR{toRadio(at)}}, &m)
	var n3 netip.AddrPort
	p.ask("N3", struct{}{}, &n3)
	h.serve(n3, a.Created[0].Local.TEID)
	return a.UP.SEID
}

// toRadio leads a session's downlink to its radio.
func toRadio(at netip.Addr) pfcp.FAR {
	return pfcp.FAR{ID: 2, Action: pfcp.Forward, Destination: pfcp.Access, Outer: pfcp.OuterHeader{TEID: radio, Addr: at}}
}

// sessionOf is the establishment of the session of a device.
func sessionOf(device string, existing ident.SEID) pfcp.Establishment {
	addr, prefix := netip.MustParseAddr(device), netip.Prefix{}
	if device == ue {
		prefix = netip.PrefixFrom(netip.MustParseAddr(ue6), 64).Masked()
	}
	return pfcp.Establishment{
		CP: pfcp.FSEID{SEID: 1}, Existing: existing,
		PDRs: []pfcp.PDR{
			{ID: 1, PDI: pfcp.PDI{Source: pfcp.Access, Local: pfcp.FTEID{Choose: true}, Instance: "internet", UE: addr, UE6: prefix},
				RemoveOuterHeader: true, FAR: 1, QERs: []pfcp.QERID{1}},
			{ID: 2, PDI: pfcp.PDI{Source: pfcp.Core, Instance: "internet", UE: addr, UE6: prefix}, FAR: 2, QERs: []pfcp.QERID{1}},
		},
		FARs: []pfcp.FAR{{ID: 1, Action: pfcp.Forward, Destination: pfcp.Core}, {ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP}},
		QERs: []pfcp.QER{{ID: 1, UplinkMBR: 10_000_000, DownlinkMBR: 10_000_000, QFI: qfi}},
	}
}

// settings are what the user planes of tests differ in.
type settings struct {
	Fast     Fast
	N3       string
	Pin      string
	NAT      bool      // devices share one public address
	Pool     string    // of IPv4, pool4 if empty
	N6Device string    // n6u if empty
	Drop     []uintptr // capabilities that the process does not get
	Cell     bool      // there is a network of frames, with a device of the bridge br-cell
}

const public = "192.0.2.77" // of NAT

func (s settings) config() Config {
	c := Config{
		N3: netip.AddrPortFrom(netip.MustParseAddr(s.N3), 2152), N6: TUN, Device: "cordon0", Fast: s.Fast, Pin: s.Pin,
		UPF: upf.Config{
			Pools: []upf.Pool{{Instance: "internet", Prefix: netip.MustParsePrefix(cmp.Or(s.Pool, pool4)), NAT: s.NAT},
				{Instance: "internet", Prefix: netip.MustParsePrefix(pool6)}},
			MaxSessions: 4096,
		},
	}
	if s.NAT {
		c.UPF.NAT = []netip.Prefix{netip.MustParsePrefix(public + "/32")}
	}
	if s.Cell {
		c.UPF.Bridges, c.Taps = []upf.Bridge{{Instance: "cell"}}, []Tap{{Device: "cell0", Bridge: "br-cell"}}
	}
	if s.Fast != FastOff {
		c.N3Device, c.N6Device = "n3u", cmp.Or(s.N6Device, "n6u")
	}
	return c
}
