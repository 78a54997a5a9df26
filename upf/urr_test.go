package upf

import (
	"net/netip"
	"reflect"
	"syscall"
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// metered is an establishment of which every rule has the URRs.
func metered(e pfcp.Establishment, urrs ...pfcp.URR) pfcp.Establishment {
	e.URRs = urrs
	for i := range e.PDRs {
		for _, u := range urrs {
			e.PDRs[i].URRs = append(e.PDRs[i].URRs, u.ID)
		}
	}
	return e
}

// attachMetered is attach of such a session.
func attachMetered(t testing.TB, s *Sessions, e pfcp.Establishment) session {
	t.Helper()
	a, err := s.Establish(0, e)
	if err != nil {
		t.Fatal(err)
	}
	v := session{ue: netip.MustParseAddr(ueA), seid: a.UP.SEID, teid: a.Created[0].Local.TEID, gnb: 7}
	if _, err := s.Modify(0, toRadio(v.seid, gnbA.Addr(), v.gnb), nil); err != nil {
		t.Fatal(err)
	}
	return v
}

// carry has a session carry packets of 100 octets up and down.
func carry(s *Sessions, now time.Duration, v session, up, down int) (passed int) {
	for range up {
		if s.Uplink(now, gnbA, gpdu(v.teid, udp(ueA, far, 1, 2, make([]byte, 72)...))).Action != Drop {
			passed++
		}
	}
	for range down {
		if s.Downlink(now, udp(far, ueA, 2, 1, make([]byte, 72)...)).Action != Drop {
			passed++
		}
	}
	return passed
}

func sweep(s *Sessions, now time.Duration) (out []pfcp.UsageReport) {
	for end := false; !end; {
		end = s.Sweep(now, 1, func(r pfcp.Report) { out = append(out, r.Usage...) })
	}
	return out
}

// used is a usage of packets of 100 octets.
func used(up, down uint64) pfcp.Usage {
	return pfcp.Usage{UplinkPackets: up, UplinkBytes: 100 * up, DownlinkPackets: down, DownlinkBytes: 100 * down}
}

func wantReports(t *testing.T, what string, got []pfcp.UsageReport, want ...pfcp.UsageReport) {
	t.Helper()
	if len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %+v, want %+v", what, got, want)
	}
}

// TestThresholds: at a threshold a rule reports and counts anew, and no octet is told twice or never.
func TestThresholds(t *testing.T) {
	for _, tt := range []struct {
		name  string
		rule  pfcp.URR
		why   pfcp.Trigger
		first func(s *Sessions, v session) time.Duration // up to just before, and when to look again
	}{
		{"total", pfcp.URR{ID: 1, VolumeThreshold: pfcp.Volume{Total: 500}}, pfcp.TriggerVolumeThreshold, nil},
		{"uplink", pfcp.URR{ID: 1, VolumeThreshold: pfcp.Volume{Uplink: 300}}, pfcp.TriggerVolumeThreshold, nil},
		{"downlink", pfcp.URR{ID: 1, VolumeThreshold: pfcp.Volume{Downlink: 200}}, pfcp.TriggerVolumeThreshold, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSessions(t, nil)
			v := attachMetered(t, s, metered(establishment(1, netip.MustParseAddr(ueA)), tt.rule))
			for k := range uint32(3) {
				now := time.Duration(k+1) * time.Minute
				carry(s, now, v, 2, 1)
				wantReports(t, "below", sweep(s, now))
				carry(s, now, v, 1, 1)
				wantReports(t, "at", sweep(s, now), pfcp.UsageReport{URR: 1, Sequence: k, Trigger: tt.why, Usage: used(3, 2), Seconds: 60})
				wantReports(t, "after", sweep(s, now))
			}
			d, err := s.Delete(4*time.Minute, pfcp.Deletion{SEID: v.seid})
			if err != nil || d.Usage != used(9, 6) {
				t.Errorf("%+v, %v", d, err)
			}
			wantReports(t, "at the end", d.Rules, pfcp.UsageReport{URR: 1, Sequence: 3, Trigger: pfcp.TriggerTermination, Seconds: 60})
		})
	}
}

// TestTimes: reports by time, each of what came since the last; half seconds are not lost.
func TestTimes(t *testing.T) {
	s := newSessions(t, nil)
	v := attachMetered(t, s, metered(establishment(1, netip.MustParseAddr(ueA)), pfcp.URR{ID: 1, Period: 10}, pfcp.URR{ID: 2, TimeThreshold: 15}))
	wantReports(t, "before", sweep(s, 9*time.Second))
	carry(s, 9*time.Second, v, 1, 0)
	wantReports(t, "period", sweep(s, 10500*time.Millisecond), pfcp.UsageReport{URR: 1, Trigger: pfcp.TriggerPeriod, Usage: used(1, 0), Seconds: 10})
	wantReports(t, "time", sweep(s, 15500*time.Millisecond), pfcp.UsageReport{URR: 2, Trigger: pfcp.TriggerTimeThreshold, Usage: used(1, 0), Seconds: 15})
	wantReports(t, "both, late", sweep(s, 65*time.Second),
		pfcp.UsageReport{URR: 1, Sequence: 1, Trigger: pfcp.TriggerPeriod, Seconds: 55},
		pfcp.UsageReport{URR: 2, Sequence: 1, Trigger: pfcp.TriggerTimeThreshold, Seconds: 50})
	wantReports(t, "again at once", sweep(s, 65*time.Second))
}

// TestQuota: what a quota does not cover does not pass, either way, until an update brings another.
func TestQuota(t *testing.T) {
	for _, shape := range []string{"fast", "edge"} {
		t.Run(shape, func(t *testing.T) {
			s := newSessions(t, edgeConfig)
			e := establishment(1, netip.MustParseAddr(ueA))
			if shape == "edge" {
				e = edge(1, netip.MustParseAddr(ueA))
			}
			quota := pfcp.URR{ID: 1, VolumeQuota: pfcp.Volume{Total: 400}}
			v := attachMetered(t, s, metered(e, quota))
			if n := carry(s, 0, v, 2, 2); n != 4 {
				t.Fatalf("%d passed", n)
			}
			wantReports(t, "at the quota", sweep(s, time.Second), pfcp.UsageReport{URR: 1, Trigger: pfcp.TriggerVolumeQuota, Usage: used(2, 2), Seconds: 1})
			if n := carry(s, time.Second, v, 2, 2); n != 0 {
				t.Errorf("%d passed", n)
			}
			if up, _ := s.Stats(); up.Drops[ReasonGate] != 2 {
				t.Error("not counted")
			}
			wantReports(t, "then", sweep(s, time.Minute))
			// What else changes about the session does not open it.
			if _, err := s.Modify(time.Minute, toRadio(v.seid, gnbA.Addr(), 8), nil); err != nil {
				t.Fatal(err)
			}
			if n := carry(s, time.Minute, v, 1, 1); n != 0 {
				t.Errorf("%d passed after a change of path", n)
			}
			if _, err := s.Modify(time.Minute, pfcp.Modification{SEID: v.seid, URRs: []pfcp.URR{quota}}, func(Verdict) {}); err != nil {
				t.Fatal(err)
			}
			if n := carry(s, time.Minute, v, 3, 1); n != 4 {
				t.Errorf("%d passed after an update", n)
			}
			wantReports(t, "at the next", sweep(s, time.Minute), pfcp.UsageReport{URR: 1, Sequence: 1, Trigger: pfcp.TriggerVolumeQuota, Usage: used(3, 1), Seconds: 59})
			invariants(t, s)
		})
	}
}

func TestTimeQuota(t *testing.T) {
	s := newSessions(t, nil)
	v := attachMetered(t, s, metered(establishment(1, netip.MustParseAddr(ueA)), pfcp.URR{ID: 1, TimeQuota: 30}))
	carry(s, 29*time.Second, v, 1, 0)
	wantReports(t, "before", sweep(s, 29*time.Second))
	wantReports(t, "at", sweep(s, 30*time.Second), pfcp.UsageReport{URR: 1, Trigger: pfcp.TriggerTimeQuota, Usage: used(1, 0), Seconds: 30})
	if n := carry(s, 31*time.Second, v, 1, 1); n != 0 {
		t.Errorf("%d passed", n)
	}
}

// TestQuery: a query reports all rules, a removal the last of its rule, and both what came since.
func TestQuery(t *testing.T) {
	s := newSessions(t, nil)
	v := attachMetered(t, s, metered(establishment(1, netip.MustParseAddr(ueA)), pfcp.URR{ID: 1}, pfcp.URR{ID: 2}))
	carry(s, 0, v, 1, 2)
	m, err := s.Modify(5*time.Second, pfcp.Modification{SEID: v.seid, Query: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	wantReports(t, "query", m.Usage, pfcp.UsageReport{URR: 1, Trigger: pfcp.TriggerImmediate, Usage: used(1, 2), Seconds: 5},
		pfcp.UsageReport{URR: 2, Trigger: pfcp.TriggerImmediate, Usage: used(1, 2), Seconds: 5})
	carry(s, 0, v, 1, 0)
	e := metered(establishment(1, v.ue), pfcp.URR{ID: 1})
	e.PDRs[0].PDI.Local = pfcp.FTEID{}
	m, err = s.Modify(6*time.Second, pfcp.Modification{SEID: v.seid, RemoveURRs: []pfcp.URRID{2, 9}, PDRs: e.PDRs}, nil)
	if err != nil {
		t.Fatal(err)
	}
	wantReports(t, "removal", m.Usage, pfcp.UsageReport{URR: 2, Sequence: 1, Trigger: pfcp.TriggerTermination, Usage: used(1, 0), Seconds: 1})
	if _, err := s.Modify(7*time.Second, pfcp.Modification{SEID: v.seid, RemoveURRs: []pfcp.URRID{1}}, nil); err == nil {
		t.Error("a rule that is named was removed")
	}
	d, _ := s.Delete(8*time.Second, pfcp.Deletion{SEID: v.seid})
	wantReports(t, "deletion", d.Rules, pfcp.UsageReport{URR: 1, Sequence: 1, Trigger: pfcp.TriggerTermination, Usage: used(1, 0), Seconds: 3})
}

// TestUsageAcrossShapes: a rule measures on exactly, whatever becomes of its session: fast, at an edge and back, and
// whether it sees all of the session or some rules of it.
func TestUsageAcrossShapes(t *testing.T) {
	s := newSessions(t, edgeConfig)
	ue := netip.MustParseAddr(ueA)
	v := attachMetered(t, s, metered(establishment(1, ue), pfcp.URR{ID: 1}))
	carry(s, 0, v, 1, 1)
	e := metered(edge(1, ue), pfcp.URR{ID: 1})
	e.PDRs[0].PDI.Local, e.PDRs[2].PDI.Local = pfcp.FTEID{TEID: v.teid, Addr: n3}, pfcp.FTEID{TEID: v.teid, Addr: n3}
	e.PDRs[2].URRs = append(e.PDRs[2].URRs, 2) // what goes to the anchor
	change := pfcp.Modification{SEID: v.seid, PDRs: e.PDRs[:1], CreatePDRs: e.PDRs[2:], CreateFARs: e.FARs[2:], CreateURRs: []pfcp.URR{{ID: 2}}}
	if _, err := s.Modify(0, change, nil); err != nil {
		t.Fatal(err)
	}
	carry(s, 0, v, 2, 2)
	if got := s.Uplink(0, gnbA, gpdu(v.teid, udp(ueA, site, 1, 2, make([]byte, 72)...))); got.Action != ToN6 {
		t.Fatal(got.Reason)
	}
	m, err := s.Modify(0, pfcp.Modification{SEID: v.seid, Query: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	wantReports(t, "at the edge", m.Usage, pfcp.UsageReport{URR: 1, Trigger: pfcp.TriggerImmediate, Usage: used(4, 3)},
		pfcp.UsageReport{URR: 2, Trigger: pfcp.TriggerImmediate, Usage: used(2, 0)})
	back := pfcp.Modification{SEID: v.seid, RemovePDRs: []pfcp.PDRID{3, 4}, RemoveFARs: []pfcp.FARID{3}, RemoveURRs: []pfcp.URRID{2}}
	back.PDRs = metered(establishment(1, ue), pfcp.URR{ID: 1}).PDRs[:1]
	back.PDRs[0].PDI.Local = pfcp.FTEID{}
	if _, err := s.Modify(0, back, nil); err != nil {
		t.Fatal(err)
	}
	carry(s, 0, v, 5, 0)
	d, err := s.Delete(0, pfcp.Deletion{SEID: v.seid})
	if err != nil || d.Usage != used(9, 3) {
		t.Errorf("%+v, %v", d.Usage, err)
	}
	wantReports(t, "at the end", d.Rules, pfcp.UsageReport{URR: 1, Sequence: 1, Trigger: pfcp.TriggerTermination, Usage: used(5, 0)})
}

// BenchmarkUsage1M looks at the usage of a million sessions that all have a rule, one of a hundred of which has something to
// report. Processor time is what counts where the machine has other work.
func BenchmarkUsage1M(b *testing.B) {
	const n = 1_000_000
	s := newSessions(b, func(c *Config) { c.Pools[0].Prefix, c.MaxSessions = netip.MustParsePrefix("10.64.0.0/12"), n })
	var seids []ident.SEID
	for i := range n {
		e := metered(establishment(ident.SEID(i+1), addrOf(0x0a400002+uint32(i))), pfcp.URR{ID: 1, VolumeThreshold: pfcp.Volume{Total: 1000}})
		a, err := s.Establish(0, e)
		if err != nil {
			b.Fatal(err)
		}
		seids = append(seids, a.UP.SEID)
	}
	rounds, spent := 0, time.Duration(0)
	for b.Loop() {
		b.StopTimer()
		for k := range n / 100 {
			i, _ := s.find(seids[k*100])
			s.mem.Up[i].Octets.Store(s.mem.Up[i].Octets.Load() + 1000)
		}
		b.StartTimer()
		reports, began := 0, processorTime(b)
		if s.Sweep(time.Second, n, func(pfcp.Report) { reports++ }); reports != n/100 {
			b.Fatal(reports)
		}
		rounds, spent = rounds+1, spent+processorTime(b)-began
	}
	b.ReportMetric(spent.Seconds()*1000/float64(rounds), "cpu-ms")
}

// processorTime is what this process has had of the processors.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
