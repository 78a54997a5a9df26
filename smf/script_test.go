package smf

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
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
	// asked is what the last Modify was for, which a line "modified" answers.
	asked Change
}

var testSettings = subscriber.Network{
	DNN: "internet", FiveQI: 9, ARP: 8, AMBR: subscriber.AMBR{DL: 100_000_000, UL: 50_000_000},
}

func newFixture() *fixture {
	const both = subscriber.IPv4 | subscriber.IPv6
	cfg := &Config{Seal: []netip.Prefix{netip.MustParsePrefix("198.51.100.9/32")}, Networks: map[ident.DNN]Network{
		"internet": {IP: subscriber.IPv4, DNS: []netip.Addr{netip.MustParseAddr("10.45.0.1")}, MTU: 1400},
		"dual":     {IP: both, DNS: []netip.Addr{netip.MustParseAddr("2001:db8::53"), netip.MustParseAddr("10.46.0.1")}},
		"six":      {IP: subscriber.IPv6},
		"cell":     {Ethernet: true, MTU: 1442},
	}}
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
						if e, ok := e.(Modify); ok {
							f.asked = e.Change
						}
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

// render shows an effect as a reviewer wants to read it.
func render(e Effect) string {
	switch e := e.(type) {
	case Message:
		return fmt.Sprintf("Message psi=%d n1=%s n2=%s", e.Key.PSI, renderN1(e.N1), renderN2(e.Kind, e.Transfer))
	case Activated:
		return fmt.Sprintf("Activated psi=%d ok=%v n2=%s", e.Key.PSI, e.OK, renderN2(N2SetupRequest, e.Transfer))
	case Establish:
		return renderEstablish(&e.Request)
	case Modify:
		if e.Change == ChangeSeal {
			return fmt.Sprintf("Modify seid=%#x ul=%v/%#x%s", uint64(e.Request.SEID), e.Request.PDRs[0].PDI.Local.Addr, uint32(e.Request.PDRs[0].PDI.Local.TEID), renderFilters(e.Request.PDRs))
		}
		far := e.Request.FARs[0]
		if far.Action == pfcp.Forward {
			return fmt.Sprintf("Modify seid=%#x radio=%d forward to %v/%#x", uint64(e.Request.SEID), e.Radio, far.Outer.Addr, uint32(far.Outer.TEID))
		}
		s := fmt.Sprintf("Modify seid=%#x buffer", uint64(e.Request.SEID))
		if far.Action&pfcp.NotifyCP != 0 {
			s += " and notify"
		}
		if e.Request.DropBuffered {
			s += " anew"
		}
		return s
	case Route:
		return fmt.Sprintf("Route seid=%#x slice=%s radio=%d protected=%v sealed=%v", uint64(e.SEID), e.Slice, e.Radio, e.Protected, e.Sealed)
	case NeedAddress:
		return fmt.Sprintf("NeedAddress %s%s want=%s", e.DNN, map[subscriber.IPVersions]string{subscriber.IPv6: " IPv6", subscriber.IPv4 | subscriber.IPv6: " IPv4v6"}[e.IP], renderAddresses(e.Want))
	case FreeAddress:
		return fmt.Sprintf("FreeAddress %s %s", e.DNN, renderAddresses(e.Addr))
	case Delete:
		return fmt.Sprintf("Delete seid=%#x", uint64(e.SEID))
	case Kept:
		return fmt.Sprintf("Kept psi=%d %s %s sealed=%v", e.Key.PSI, e.SNSSAI, e.DNN, e.Sealed)
	case Ended:
		return fmt.Sprintf("Ended psi=%d", e.Key.PSI)
	case Reach:
		return fmt.Sprintf("Reach psi=%d", e.Key.PSI)
	case Save:
		return "Save"
	case Drop:
		return fmt.Sprintf("Drop %v", e.Reason)
	case Finding:
		return fmt.Sprintf("Finding %v radio=%d addr=%v why=%q bytes=%x", e.Kind, e.Radio, e.Addr, e.Why, e.Bytes)
	}
	return fmt.Sprintf("%T%+v", e, e)
}

func renderAddresses(a Addresses) string {
	switch {
	case !a.IPv6.IsValid():
		return a.IPv4.String()
	case !a.IPv4.IsValid():
		return a.IPv6.String()
	}
	return a.IPv4.String() + "+" + a.IPv6.String()
}

// renderEstablish has of a session's rules what tells it from others.
func renderEstablish(r *pfcp.Establishment) string {
	up, down, far := r.PDRs[0].PDI, r.PDRs[1].PDI, r.FARs[1]
	s := fmt.Sprintf("Establish ue=%s down=%v ambr=%d/%d%s", renderAddresses(Addresses{up.UE, up.UE6}), far.Action == pfcp.Buffer|pfcp.NotifyCP,
		r.QERs[0].DownlinkMBR, r.QERs[0].UplinkMBR, renderFilters(r.PDRs))
	if up.Ethernet && down.Ethernet {
		s += " ethernet"
	}
	if up.UE != down.UE || up.UE6 != down.UE6 {
		s += fmt.Sprintf(" otherwise down=%v,%v", down.UE, down.UE6)
	}
	if r.Existing != 0 {
		s += fmt.Sprintf(" existing=%#x", uint64(r.Existing))
	}
	if far.Action == pfcp.Forward {
		s += fmt.Sprintf(" forward to %v/%#x", far.Outer.Addr, uint32(far.Outer.TEID))
	}
	return s
}

// renderFilters says what both rules let pass, if that is not everything.
func renderFilters(pdrs []pfcp.PDR) string {
	up, down := pdrs[0].PDI.Filters, pdrs[1].PDI.Filters
	switch {
	case !slices.Equal(up, down):
		return fmt.Sprintf(" up=%v down=%v", up, down)
	case len(up) > 0:
		var only []netip.Prefix
		for _, f := range up {
			only = append(only, f.Remote)
		}
		return fmt.Sprintf(" only=%v", only)
	}
	return ""
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
		s += fmt.Sprintf(" %s cause=%d qfi=%d ambr=%d/%d", renderPDUAddress(m), m.Cause, m.Rules[0].QFI, m.AMBR.Downlink, m.AMBR.Uplink)
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
		if m.Reattempt != nil {
			s += fmt.Sprintf(" reattempt=%d", *m.Reattempt)
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

// renderPDUAddress shows the address of a session and, where it has more than IPv4, its type.
func renderPDUAddress(m *nas.PDUSessionEstablishmentAccept) string {
	s := ""
	if m.Address == nil {
		return fmt.Sprintf("type=%d", m.SessionType)
	}
	if m.Address.IPv4.IsValid() {
		s = m.Address.IPv4.String()
	}
	if id := m.Address.InterfaceID; id != [8]byte{} {
		s += fmt.Sprintf("+id:%x type=%d/%d", id, m.SessionType, m.Address.Type)
	}
	return s
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
		s := fmt.Sprintf("[setup ul=%v/%#x qfi=%d 5qi=%d arp=%d", t.UL.Addr, uint32(t.UL.TEID), t.QosFlows[0].QFI, t.QosFlows[0].Parameters.NonDynamic.FiveQI, t.QosFlows[0].Parameters.ARP.Level)
		return s + map[ngap.PDUSessionType]string{ngap.PDUSessionIPv6: " ipv6", ngap.PDUSessionIPv4v6: " ipv4v6", ngap.PDUSessionEthernet: " ethernet"}[t.Type] + "]"
	case kind == N2ReleaseCommand:
		t, err := ngap.ParseTransfer[ngap.PDUSessionResourceReleaseCommandTransfer](b)
		if err != nil {
			return err.Error()
		}
		return fmt.Sprintf("[release %v]", t.Cause)
	}
	return fmt.Sprintf("%d:%x", kind, b)
}
