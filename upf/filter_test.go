package upf

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

const seal = "198.51.100.9" // the seal gateway

func only(remote ...string) (out []netip.Prefix) {
	for _, r := range remote {
		out = append(out, netip.MustParsePrefix(r))
	}
	return out
}

// filtered gives both rules of an establishment filters.
func filtered(e pfcp.Establishment, remote []netip.Prefix) pfcp.Establishment {
	e.PDRs[0].PDI.Filters, e.PDRs[1].PDI.Filters = pfcp.Remotes(remote), pfcp.Remotes(remote)
	return e
}

// refilter changes the filters of a session.
func refilter(v session, remote []netip.Prefix) pfcp.Modification {
	e := filtered(establishment(1, v.ue), remote)
	e.PDRs[0].PDI.Local = pfcp.FTEID{TEID: v.teid, Addr: n3}
	return pfcp.Modification{SEID: v.seid, PDRs: e.PDRs}
}

// attachSealed makes a session that has been sealed from the first.
func attachSealed(t testing.TB, s *Sessions, cp ident.SEID, ue string, gnb netip.AddrPort, remote ...string) session {
	t.Helper()
	addr := netip.MustParseAddr(ue)
	a, err := s.Establish(0, filtered(establishment(cp, addr), only(remote...)))
	if err != nil {
		t.Fatal(err)
	}
	v := session{ue: addr, seid: a.UP.SEID, teid: a.Created[0].Local.TEID, gnb: ident.TEID(0x1000 + cp)}
	if _, err := s.Modify(0, toRadio(v.seid, gnb.Addr(), v.gnb), nil); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestSealed: what a sealed session passes. Services, the gateway's answers and other devices
// are no way around.
func TestSealed(t *testing.T) {
	frag := func(b []byte, field uint16) []byte { return set(b, 6, byte(field>>8), byte(field)) }
	ping := []byte{8, 0, 0xf7, 0xff, 0, 0, 0, 0}
	for _, tt := range []struct {
		name   string
		down   bool
		packet []byte
		action Action
		want   Reason
	}{
		{"to the seal gateway", false, udp(ueA, seal, 4500, 4500, 'x'), ToN6, ReasonNone},
		{"to it by another protocol", false, ipv4(ueA, seal, 50, make([]byte, 32)...), ToN6, ReasonNone},
		{"to it, later fragment", false, frag(udp(ueA, seal, 1, 2), 8), ToN6, ReasonNone},
		{"to its neighbour", false, udp(ueA, "198.51.100.8", 4500, 4500, 'x'), Drop, ReasonNotSealed},
		{"to anywhere", false, udp(ueA, far, 4500, 4500, 'x'), Drop, ReasonNotSealed},
		{"to anywhere, by ping", false, ipv4(ueA, far, protoICMP, ping...), Drop, ReasonNotSealed},
		{"to anywhere, first fragment", false, frag(udp(ueA, far, 1, 2, make([]byte, 8)...), moreFragments), Drop, ReasonNotSealed},
		{"to anywhere, later fragment", false, frag(udp(ueA, far, 1, 2), 8), Drop, ReasonNotSealed},
		{"to a service by name", false, udp(ueA, "192.0.2.1", 1000, 53, 1), Drop, ReasonNotSealed},
		{"to DNS at the gateway", false, udp(ueA, gate, 1000, 53, 1), Drop, ReasonNotSealed},
		{"to the gateway, by ping", false, ipv4(ueA, gate, protoICMP, ping...), Drop, ReasonNotSealed},
		{"to another device", false, udp(ueA, ueB, 1, 2), Drop, ReasonNotSealed},
		{"to the core", false, udp(ueA, "10.0.0.38", 1, 38412), Drop, ReasonNotSealed},
		{"to everybody", false, udp(ueA, "255.255.255.255", 68, 67), Drop, ReasonNotSealed},
		{"of another source, to the seal gateway", false, udp(ueB, seal, 1, 2), Drop, ReasonSpoofedSource},
		{"a redirect to the seal gateway", false, ipv4(ueA, seal, protoICMP, 5, 0, 0, 0, 0, 0, 0, 0), Drop, ReasonForbiddenICMP},

		{"from the seal gateway", true, udp(seal, ueA, 4500, 4500, 'x'), ToN3, ReasonNone},
		{"from it, later fragment", true, frag(udp(seal, ueA, 1, 2), 8), ToN3, ReasonNone},
		{"from it, too big", true, set(udp(seal, ueA, 1, 2, make([]byte, 1400)...), 6, 0x40), ToN6, ReasonTooBig},
		{"from anywhere", true, udp(far, ueA, 4500, 4500, 'x'), Drop, ReasonNotSealed},
		{"from anywhere, later fragment", true, frag(udp(far, ueA, 1, 2), 8), Drop, ReasonNotSealed},
		{"from anywhere, too big: nobody is told that it is there", true, set(udp(far, ueA, 1, 2, make([]byte, 1400)...), 6, 0x40), Drop, ReasonNotSealed},
		{"from a service", true, udp("192.0.2.1", ueA, 53, 1000, 1), Drop, ReasonNotSealed},
		{"from DNS at the gateway", true, udp(gate, ueA, 53, 1000, 1), Drop, ReasonNotSealed},
		{"unreachable, of the gateway", true, ipv4(gate, ueA, protoICMP, 3, 1, 0, 0, 0, 0, 0, 0), Drop, ReasonNotSealed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSessions(t, func(c *Config) {
				c.UEToUE = true
				c.Services = []Service{{netip.MustParseAddr("192.0.2.1"), protoUDP, 53}, {netip.MustParseAddr(gate), protoUDP, 53}}
			})
			v, other := attachSealed(t, s, 1, ueA, gnbA, seal+"/32"), attach(t, s, 2, ueB, gnbB)
			var got Verdict
			if tt.down {
				got = s.Downlink(time.Minute, tt.packet)
			} else {
				got = s.Uplink(time.Minute, gnbA, gpdu(v.teid, tt.packet))
			}
			if got.Action != tt.action || got.Reason != tt.want || got.Finding() && got.Reason == ReasonNotSealed {
				t.Errorf("%v %v; want %v %v", got.Action, got.Reason, tt.action, tt.want)
			}
			up, down := s.Stats()
			if tt.want != ReasonNone && up.Drops[tt.want]+down.Drops[tt.want] != 1 {
				t.Errorf("not counted as %v", tt.want)
			}
			live(t, s, other, gnbB)
		})
	}
}

// Another device cannot reach a sealed one either.
func TestSealedFromUE(t *testing.T) {
	s := newSessions(t, func(c *Config) { c.UEToUE = true })
	attachSealed(t, s, 1, ueA, gnbA, seal+"/32")
	b := attach(t, s, 2, ueB, gnbB)
	up := s.Uplink(0, gnbB, gpdu(b.teid, udp(ueB, ueA, 1, 2, 'x')))
	if up.Action != ToLocal {
		t.Fatalf("%v %v", up.Action, up.Reason)
	}
	if got := s.Local(0, up.Packet); got.Action != Drop || got.Reason != ReasonNotSealed {
		t.Errorf("%v %v", got.Action, got.Reason)
	}
}

// The seal gateway may be what would be a way around otherwise, and several; nothing else is.
func TestSealGateways(t *testing.T) {
	for _, tt := range []struct {
		name   string
		remote []string
		to     string
		action Action
		want   Reason
	}{
		{"the gateway's own address", []string{gate + "/32"}, gate, ToN6, ReasonNone},
		{"one of a range", []string{"203.0.113.0/24", "198.51.100.8/31"}, seal, ToN6, ReasonNone},
		{"outside of both", []string{"203.0.113.0/24", "198.51.100.8/31"}, "198.51.100.10", Drop, ReasonNotSealed},
		{"none", []string{"0.0.0.0/32"}, seal, Drop, ReasonNotSealed},
		{"none, to no address", []string{"0.0.0.0/32"}, "0.0.0.0", Drop, ReasonForbidden},
		{"in the core", []string{"10.0.0.0/24"}, "10.0.0.38", Drop, ReasonForbidden},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSessions(t, func(c *Config) { c.Services = []Service{{netip.MustParseAddr(gate), protoUDP, 4500}} })
			v := attachSealed(t, s, 1, ueA, gnbA, tt.remote...)
			if got := s.Uplink(0, gnbA, gpdu(v.teid, udp(ueA, tt.to, 4500, 4500, 'x'))); got.Action != tt.action || got.Reason != tt.want {
				t.Errorf("%v %v; want %v %v", got.Action, got.Reason, tt.action, tt.want)
			}
		})
	}
}

// TestSealLive: a session is sealed while it is in use and opened again. What was held for the
// device before is not delivered through the seal.
func TestSealLive(t *testing.T) {
	s := newSessions(t, nil)
	v := attach(t, s, 1, ueA, gnbA)
	live(t, s, v, gnbA)
	if _, err := s.Modify(0, pfcp.Modification{SEID: v.seid, FARs: []pfcp.FAR{{ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP}}}, nil); err != nil {
		t.Fatal(err)
	}
	s.Downlink(0, udp(far, ueA, 1, 2, 'a'))
	s.Downlink(0, udp(seal, ueA, 1, 2, 'b'))
	if _, err := s.Modify(0, refilter(v, only(seal+"/32")), nil); err != nil {
		t.Fatal(err)
	}
	if got := s.Downlink(0, udp(far, ueA, 1, 2, 'c')); got.Action != Drop || got.Reason != ReasonNotSealed || got.Report {
		t.Errorf("a stranger has a sealed device paged: %+v", got)
	}
	var sent []byte
	if _, err := s.Modify(0, toRadio(v.seid, gnbA.Addr(), v.gnb), func(d Verdict) { sent = append(sent, d.Packet[len(d.Packet)-1]) }); err != nil || string(sent) != "b" {
		t.Errorf("%q was delivered, %v", sent, err)
	}
	if got := s.Uplink(time.Hour, gnbA, gpdu(v.teid, udp(ueA, far, 1, 2))); got.Reason != ReasonNotSealed {
		t.Errorf("uplink: %v", got.Reason)
	}
	// The rest of the session is as it was: a closed gate goes before the seal, and after it.
	gateUL := pfcp.Modification{SEID: v.seid, QERs: []pfcp.QER{{ID: 1, UplinkMBR: pfcp.Unlimited, DownlinkMBR: pfcp.Unlimited, CloseUL: true}}}
	if _, err := s.Modify(0, gateUL, nil); err != nil {
		t.Fatal(err)
	}
	if got := s.Uplink(time.Hour, gnbA, gpdu(v.teid, udp(ueA, seal, 1, 2))); got.Reason != ReasonGate {
		t.Errorf("closed: %v", got.Reason)
	}
	gateUL.QERs[0].CloseUL = false
	if _, err := s.Modify(0, gateUL, nil); err != nil {
		t.Fatal(err)
	}
	if got := s.Uplink(time.Hour, gnbA, gpdu(v.teid, udp(ueA, far, 1, 2))); got.Reason != ReasonNotSealed {
		t.Errorf("opened the gate, and the seal with it: %v", got.Reason)
	}
	if _, err := s.Modify(0, refilter(v, nil), nil); err != nil {
		t.Fatal(err)
	}
	live(t, s, v, gnbA)
}

// A refused change of filters leaves everything as it was: above all, no filter instead of one.
func TestFiltersRefused(t *testing.T) {
	var many []pfcp.SDF
	for i := range maxFilters + 1 {
		many = append(many, pfcp.SDF{Remote: netip.PrefixFrom(addrOf(0xcb007100+uint32(i)), 32)})
	}
	for _, tt := range []struct {
		name   string
		change func(*pfcp.Modification)
		want   pfcp.Cause
	}{
		{"no prefix", func(m *pfcp.Modification) { m.PDRs[0].PDI.Filters = pfcp.Remotes([]netip.Prefix{{}}) }, pfcp.CauseMandatoryIncorrect},
		{"ports the wrong way round", func(m *pfcp.Modification) {
			m.PDRs[0].PDI.Filters = []pfcp.SDF{{Protocol: protoUDP, RemotePorts: pfcp.Ports{First: 9, Last: 7}}}
		}, pfcp.CauseMandatoryIncorrect},
		{"IPv4 in IPv6", func(m *pfcp.Modification) { m.PDRs[0].PDI.Filters = pfcp.Remotes(only("::ffff:198.51.100.9/128")) }, pfcp.CauseMandatoryIncorrect},
		{"too many", func(m *pfcp.Modification) { m.PDRs[0].PDI.Filters, m.PDRs[1].PDI.Filters = many, many }, pfcp.CauseRuleFailure},
		{"one direction only", func(m *pfcp.Modification) { m.PDRs = m.PDRs[1:] }, pfcp.CauseRuleFailure},
		{"two directions that differ", func(m *pfcp.Modification) { m.PDRs[0].PDI.Filters = nil }, pfcp.CauseRuleFailure},
		{"another rule", func(m *pfcp.Modification) { m.PDRs[0].ID = 7 }, pfcp.CauseRuleFailure},
		{"another source", func(m *pfcp.Modification) { m.PDRs[1].PDI.Source = pfcp.Access }, pfcp.CauseRuleFailure},
		{"another tunnel", func(m *pfcp.Modification) { m.PDRs[0].PDI.Local.TEID++ }, pfcp.CauseRuleFailure},
		{"another device", func(m *pfcp.Modification) { m.PDRs[1].PDI.UE = netip.MustParseAddr(ueB) }, pfcp.CauseRuleFailure},
		{"another FAR", func(m *pfcp.Modification) { m.PDRs[0].FAR = 2 }, pfcp.CauseRuleFailure},
		{"one QER less", func(m *pfcp.Modification) { m.PDRs[0].QERs, m.PDRs[1].QERs = m.PDRs[0].QERs[:1], m.PDRs[1].QERs[:1] }, pfcp.CauseRuleFailure},
		{"one QER more", func(m *pfcp.Modification) { m.PDRs[1].QERs = append(m.PDRs[1].QERs, 9) }, pfcp.CauseRuleFailure},
		{"good, then a bad FAR", func(m *pfcp.Modification) { m.FARs = []pfcp.FAR{{ID: 7, Action: pfcp.Drop}} }, pfcp.CauseRuleFailure},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSessions(t, nil)
			v := attachSealed(t, s, 1, ueA, gnbA, seal+"/32")
			before := image(s, v)
			m := refilter(v, only(far+"/32"))
			tt.change(&m)
			a, err := s.Modify(0, m, nil)
			if err == nil || a.Cause != tt.want {
				t.Errorf("%+v, %v; want %v", a, err, tt.want)
			}
			if image(s, v) != before || setsInUse(s) != 1 {
				t.Errorf("a refused change left its mark: %d sets", setsInUse(s))
			}
			e := establishment(2, netip.MustParseAddr(ueB))
			e.PDRs[0].PDI.Filters, e.PDRs[1].PDI.Filters = m.PDRs[0].PDI.Filters, m.PDRs[0].PDI.Filters
			if _, err := s.Establish(0, e); tt.want == pfcp.CauseMandatoryIncorrect && err == nil {
				t.Error("a session was made with it")
			}
		})
	}
}

// setsInUse is how many rule sets sessions' lines name.
func setsInUse(s *Sessions) (n int) {
	for _, refs := range s.filters.refs {
		n += min(refs, 1)
	}
	return n
}

// TestFilterSets: sessions share a set, one without sessions gives its place up, and there are
// only so many.
func TestFilterSets(t *testing.T) {
	s := newSessions(t, nil)
	var all []session
	for i := range int(RulesNone) - 1 {
		all = append(all, attachSealed(t, s, 1, addrOf(0x0a2d0102+uint32(i)).String(), gnbA, fmt.Sprintf("203.0.113.%d/32", i)))
	}
	full := filtered(establishment(1, netip.MustParseAddr(ueA)), only(seal+"/32"))
	if a, err := s.Establish(0, full); err == nil || a.Cause != pfcp.CauseNoResources || s.Count() != len(all) {
		t.Errorf("%+v, %v, %d sessions", a, err, s.Count())
	}
	shared := attachSealed(t, s, 1, ueB, gnbA, "203.0.113.7/32")
	for _, v := range []session{all[7], shared} {
		if _, err := s.Establish(0, full); err == nil {
			t.Fatal("a set that is in use gave up its place")
		}
		if got := s.Uplink(0, gnbA, gpdu(v.teid, udp(v.ue.String(), "203.0.113.7", 1, 2))); got.Action != ToN6 {
			t.Errorf("%v", got.Reason)
		}
		if _, err := s.Delete(0, pfcp.Deletion{SEID: v.seid}); err != nil {
			t.Fatal(err)
		}
	}
	v := attachSealed(t, s, 1, ueA, gnbA, seal+"/32")
	if got := s.Uplink(0, gnbA, gpdu(v.teid, udp(ueA, "203.0.113.7", 1, 2))); got.Reason != ReasonNotSealed {
		t.Errorf("%v by the filters of another session", got.Reason)
	}
	for _, v := range append(all[:7], append(all[8:], v)...) {
		if _, err := s.Modify(0, refilter(v, nil), nil); err != nil {
			t.Fatal(err)
		}
		live(t, s, v, gnbA)
	}
	for i, set := range s.filters.sets {
		if s.filters.refs[i] != 0 || set != (RuleSet{}) {
			t.Errorf("set %d is left behind: %+v", i, set)
		}
	}
}

// TestLateTEID: the tunnel of a session that has ended is neither a finding nor part of a sweep;
// one that never was is, of a radio.
func TestLateTEID(t *testing.T) {
	s := newSessions(t, nil)
	v := attach(t, s, 1, ueA, gnbA)
	attach(t, s, 2, ueB, gnbA)
	if _, err := s.Delete(0, pfcp.Deletion{SEID: v.seid}); err != nil {
		t.Fatal(err)
	}
	for range 2 * missesInWindow {
		got := s.Uplink(0, gnbA, gpdu(v.teid, udp(ueA, far, 1, 2)))
		if got.Reason != ReasonLate || got.Finding() {
			t.Fatalf("%v, finding %v", got.Reason, got.Finding())
		}
	}
	stranger := netip.AddrPortFrom(netip.MustParseAddr("203.0.113.5"), gtpu.Port)
	for _, tt := range []struct {
		from    netip.AddrPort
		finding bool
	}{{gnbA, true}, {stranger, false}} {
		if got := s.Uplink(0, tt.from, gpdu(v.teid^1<<31, udp(ueA, far, 1, 2))); got.Reason != ReasonUnknownTEID || got.Finding() != tt.finding || got.Radio != tt.finding {
			t.Errorf("from %v: %v, finding %v", tt.from, got.Reason, got.Finding())
		}
	}
}
