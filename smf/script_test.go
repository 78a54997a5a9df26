package smf

import (
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"cordon/ident"
	"cordon/subscriber"
	"cordon/wire/nas"
	"cordon/wire/ngap"
	"cordon/wire/pfcp"
)

var update = flag.Bool("update", false, "rewrite testdata")

// fixture is an SMF with one network and one plan, and the time that scripts move.
type fixture struct {
	m   *SMF
	now time.Time
	pti ident.PTI
}

var testSettings = subscriber.Network{
	DNN: "internet", FiveQI: 9, ARP: 8, AMBR: subscriber.AMBR{DL: 100_000_000, UL: 50_000_000},
}

func newFixture() *fixture {
	cfg := &Config{Networks: map[ident.DNN]Network{"internet": {DNS: []netip.Addr{netip.MustParseAddr("10.45.0.1")}, MTU: 1400}}}
	return &fixture{m: New(cfg, 3, rand.NewChaCha8([32]byte{1})), now: time.Unix(1_800_000_000, 0), pti: 1}
}

const testSUPI = ident.SUPI(15<<56 | 1010000000001)

var testSlice = ident.SNSSAI{SST: 1, SD: ident.NoSD}

// TestScripts replays testdata/*.txt: a line "> event" is fed to a new SMF, and the effects
// it asked for stand beneath it.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			f := newFixture()
			for line := range strings.Lines(string(want)) {
				switch {
				case strings.HasPrefix(line, "#"), strings.TrimSpace(line) == "":
					got.WriteString(line)
				case strings.HasPrefix(line, "> "):
					got.WriteString(line)
					for _, e := range f.m.Step(f.now, f.event(t, strings.Fields(line[2:]))) {
						fmt.Fprintf(&got, "  %s\n", render(e))
					}
					fmt.Fprintf(&got, "  = %s\n", f.states())
				}
			}
			if bytes.Equal(got.Bytes(), want) {
				return
			}
			if *update {
				if err := os.WriteFile(name, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("got:\n%s\nwant:\n%s", got.Bytes(), want)
		})
	}
}

// states is where the device's sessions stand.
func (f *fixture) states() string {
	var out []string
	for psi := ident.PDUSessionID(1); psi <= 15; psi++ {
		if s := f.m.sessions[Key{testSUPI, psi}]; s != nil {
			out = append(out, fmt.Sprintf("%d:%v", psi, s.state))
		}
	}
	if out == nil {
		return "none"
	}
	return strings.Join(out, " ")
}

// event reads "word key=value ...". The session is 1 and the transaction 1 unless said.
func (f *fixture) event(t *testing.T, words []string) Event {
	t.Helper()
	args := map[string]string{"psi": "1", "pti": "1"}
	for _, w := range words[1:] {
		k, v, _ := strings.Cut(w, "=")
		args[k] = v
	}
	number := func(name string) int {
		n, err := strconv.Atoi(args[name])
		if err != nil {
			t.Fatalf("%v: %s: %v", words, name, err)
		}
		return n
	}
	key := Key{testSUPI, ident.PDUSessionID(number("psi"))}
	gen := uint32(0)
	if s := f.m.sessions[key]; s != nil {
		gen = s.gen
	}
	if args["gen"] != "" {
		gen = uint32(number("gen"))
	}
	n1 := func(m nas.SMMessage) []byte {
		b, err := nas.AppendSM(nil, nas.SMHeader{Session: key.PSI, PTI: ident.PTI(number("pti"))}, m)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	switch words[0] {
	case "create":
		dnn := ident.DNN("internet")
		if args["dnn"] != "" {
			dnn = ident.DNN(args["dnn"])
		}
		req := &nas.PDUSessionEstablishmentRequest{IntegrityRate: nas.IntegrityRate{Uplink: 0xff, Downlink: 0xff}}
		switch args["type"] {
		case "", "ipv4":
			req.SessionType = nas.PDUSessionIPv4
		case "ipv6":
			req.SessionType = nas.PDUSessionIPv6
		case "ipv4v6":
			req.SessionType = nas.PDUSessionIPv4v6
		case "ethernet":
			req.SessionType = nas.PDUSessionEthernet
		}
		if args["ssc"] != "" {
			req.SSC = nas.SSCMode(number("ssc"))
		}
		if args["options"] != "" {
			req.Options = []nas.ProtocolOption{{ID: nas.OptionDNSv4, Content: []byte{}}, {ID: nas.OptionMTUv4, Content: []byte{}}, {ID: nas.OptionDNSv4, Content: []byte{}}}
		}
		if args["always-on"] != "" {
			one := uint8(1)
			req.AlwaysOn = &one
		}
		ev := Create{Key: key, SNSSAI: testSlice, DNN: dnn, Settings: &testSettings, N1: n1(req)}
		if args["raw"] != "" {
			ev.N1, _ = hex.DecodeString(args["raw"])
		}
		return ev
	case "address":
		a, _ := netip.ParseAddr(args["addr"])
		return Address{Key: key, Gen: gen, DNN: "internet", Addr: a}
	case "established":
		if args["err"] != "" {
			return Established{Key: key, Gen: gen, Err: &pfcp.Rejection{Cause: pfcp.CauseNoResources}}
		}
		return Established{Key: key, Gen: gen, Answer: pfcp.Established{Cause: pfcp.CauseAccepted, UP: pfcp.FSEID{SEID: 0x77},
			Created: []pfcp.CreatedPDR{{ID: ruleUplink, Local: pfcp.FTEID{TEID: 0x1234, Addr: netip.MustParseAddr("127.0.0.1")}}}}}
	case "modified":
		ev := Modified{Key: key, Gen: gen}
		if args["err"] != "" {
			ev.Err = &pfcp.Rejection{Cause: pfcp.CauseInvalidForwarding}
		}
		return ev
	case "setup-response":
		flow := ident.QFI(1)
		if args["qfi"] != "" {
			flow = ident.QFI(number("qfi"))
		}
		b, err := ngap.AppendTransfer(nil, &ngap.PDUSessionResourceSetupResponseTransfer{DL: ngap.QosFlowsTunnel{
			Tunnel: ngap.GTPTunnel{Addr: netip.MustParseAddr(args["addr"]), TEID: 0xbeef}, Flows: []ngap.AssociatedFlow{{QFI: flow}}}})
		if err != nil {
			t.Fatal(err)
		}
		return N2{Key: key, Kind: N2SetupResponse, Radio: 9, Transfer: b}
	case "garbled-response":
		return N2{Key: key, Kind: N2SetupResponse, Radio: 9, Transfer: []byte{0xff, 0x00, 0x13}}
	case "setup-unsuccessful":
		return N2{Key: key, Kind: N2SetupUnsuccessful, Radio: 9}
	case "release-response":
		return N2{Key: key, Kind: N2ReleaseResponse, Radio: 9}
	case "notify-released":
		return N2{Key: key, Kind: N2NotifyReleased, Radio: 9}
	case "release-request":
		return N1{key, n1(&nas.PDUSessionReleaseRequest{})}
	case "release-complete":
		return N1{key, n1(&nas.PDUSessionReleaseComplete{})}
	case "modification-request":
		return N1{key, n1(&nas.PDUSessionModificationRequest{})}
	case "status":
		return N1{key, n1(&nas.SMStatus{Cause: nas.SMCause(number("cause"))})}
	case "raw":
		b, _ := hex.DecodeString(args["hex"])
		return N1{key, b}
	case "activate":
		return Activate{key}
	case "deactivate":
		return Deactivate{key}
	case "release":
		return Release{Key: key, Signal: args["signal"] != ""}
	case "tunnel-lost":
		return TunnelLost{SEID: f.m.sessions[key].seid, Remote: pfcp.OuterHeader{TEID: ident.TEID(number("teid")), Addr: netip.MustParseAddr(args["addr"])}}
	case "restart": // what is saved goes to a new SMF
		blob := f.m.Append(nil, testSUPI)
		f.m = newFixture().m
		return Restored{SUPI: testSUPI, Blob: blob, Settings: func(ident.SNSSAI, ident.DNN) *subscriber.Network { return &testSettings }}
	case "wait":
		d, err := time.ParseDuration(words[1])
		if err != nil {
			t.Fatal(err)
		}
		f.now = f.now.Add(d)
		return Tick{}
	}
	t.Fatalf("unknown event %q", words)
	return nil
}

// render shows an effect as a reviewer wants to read it.
func render(e Effect) string {
	switch e := e.(type) {
	case Message:
		return fmt.Sprintf("Message psi=%d n1=%s n2=%s", e.Key.PSI, renderN1(e.N1), renderN2(e.Kind, e.Transfer))
	case Activated:
		return fmt.Sprintf("Activated psi=%d ok=%v n2=%s", e.Key.PSI, e.OK, renderN2(N2SetupRequest, e.Transfer))
	case Establish:
		return fmt.Sprintf("Establish ue=%v down=%v ambr=%d/%d", e.Request.PDRs[0].PDI.UE, e.Request.FARs[1].Action == pfcp.Buffer, e.Request.QERs[0].DownlinkMBR, e.Request.QERs[0].UplinkMBR)
	case Modify:
		far := e.Request.FARs[0]
		if far.Action == pfcp.Forward {
			return fmt.Sprintf("Modify seid=%#x radio=%d forward to %v/%#x", uint64(e.Request.SEID), e.Radio, far.Outer.Addr, uint32(far.Outer.TEID))
		}
		return fmt.Sprintf("Modify seid=%#x buffer", uint64(e.Request.SEID))
	case NeedAddress:
		return fmt.Sprintf("NeedAddress %s want=%v", e.DNN, e.Want)
	case FreeAddress:
		return fmt.Sprintf("FreeAddress %s %v", e.DNN, e.Addr)
	case Delete:
		return fmt.Sprintf("Delete seid=%#x", uint64(e.SEID))
	case Ended:
		return fmt.Sprintf("Ended psi=%d", e.Key.PSI)
	case Save:
		return "Save"
	case Drop:
		return fmt.Sprintf("Drop %v", e.Reason)
	case Finding:
		return fmt.Sprintf("Finding %v radio=%d", e.Kind, e.Radio)
	}
	return fmt.Sprintf("%T%+v", e, e)
}

func renderN1(b []byte) string {
	if b == nil {
		return "none"
	}
	h, m, _, err := nas.ParseSM(b)
	if err != nil {
		return err.Error()
	}
	s := fmt.Sprintf("[%v psi=%d pti=%d", m.Type(), h.Session, h.PTI)
	switch m := m.(type) {
	case *nas.PDUSessionEstablishmentAccept:
		s += fmt.Sprintf(" %v cause=%d qfi=%d ambr=%d/%d", m.Address.IPv4, m.Cause, m.Rules[0].QFI, m.AMBR.Downlink, m.AMBR.Uplink)
		for _, o := range m.Options {
			s += fmt.Sprintf(" %#04x=%x", uint16(o.ID), o.Content)
		}
		if m.AlwaysOn != nil {
			s += fmt.Sprintf(" always-on=%d", *m.AlwaysOn)
		}
	case *nas.PDUSessionEstablishmentReject:
		s += fmt.Sprintf(" %v", m.Cause)
		if m.AllowedSSC != nil {
			s += fmt.Sprintf(" ssc=%d", *m.AllowedSSC)
		}
		if m.BackOff != nil {
			s += fmt.Sprintf(" backoff=%v", *m.BackOff)
		}
	case *nas.PDUSessionReleaseCommand:
		s += fmt.Sprintf(" %v", m.Cause)
	case *nas.PDUSessionReleaseReject:
		s += fmt.Sprintf(" %v", m.Cause)
	case *nas.PDUSessionModificationReject:
		s += fmt.Sprintf(" %v", m.Cause)
	case *nas.SMStatus:
		s += fmt.Sprintf(" %v", m.Cause)
	}
	return s + "]"
}

func renderN2(kind N2Kind, b []byte) string {
	switch {
	case b == nil:
		return "none"
	case kind == N2SetupRequest:
		t, err := ngap.ParseTransfer[ngap.PDUSessionResourceSetupRequestTransfer](b)
		if err != nil {
			return err.Error()
		}
		return fmt.Sprintf("[setup ul=%v/%#x qfi=%d 5qi=%d arp=%d]", t.UL.Addr, uint32(t.UL.TEID), t.QosFlows[0].QFI, t.QosFlows[0].Parameters.NonDynamic.FiveQI, t.QosFlows[0].Parameters.ARP.Level)
	case kind == N2ReleaseCommand:
		t, err := ngap.ParseTransfer[ngap.PDUSessionResourceReleaseCommandTransfer](b)
		if err != nil {
			return err.Error()
		}
		return fmt.Sprintf("[release %v]", t.Cause)
	}
	return fmt.Sprintf("%d:%x", kind, b)
}
