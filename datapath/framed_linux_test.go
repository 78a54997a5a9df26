package datapath

import (
	"net/netip"
	"testing"
	"time"

	"cordon/upf"
	"cordon/upf/upftest"
	"cordon/wire/pfcp"
)

// TestProgramFramed: as long as there are networks behind devices, the program leaves to package upf what may be
// for them or from them, and no longer.
func TestProgramFramed(t *testing.T) {
	needBPF(t)
	cfg := upftest.Config()
	cfg.UEToUE = true
	k := &fast{kick: make(chan struct{}, 1)}
	s, err := k.openMemory(&Config{UPF: cfg})
	if err != nil {
		t.Fatalf("%+v", err)
	}
	t.Cleanup(func() { k.close() })
	now := time.Minute
	w, err := upftest.NewWorld(func(e pfcp.Establishment) (pfcp.Established, error) { return s.Establish(now, e) })
	if err != nil {
		t.Fatal(err)
	}
	o := outerOf(&k.program.memory.Settings[0])
	o.hop4, o.hop6, o.epoch = testHop, testHop, uint64(now)
	k.program.limits.Findings = 0
	for i := range k.program.memory.Peers[1:] {
		if p := &k.program.memory.Peers[1+i]; p.Family != 0 {
			p.Next, p.Own, p.Ifindex, p.MTU, p.Ready = testHop.next, testHop.own, testHop.ifindex, uint32(testHop.mtu), 1
		}
	}
	tested, err := k.program.variant(whole)
	if err != nil {
		t.Fatalf("%+v", err)
	}
	run := &kernel{t: t, program: k.program, variant: whole, tested: tested, n3: cfg.N3}
	uplink := func(src, dst string) (upf.Verdict, uint32) {
		b := upftest.GPDU(w.A.TEID, upftest.Datagram(src, dst, 1000, 2000))
		code, _ := run.run(frame(run.datagramFrom(w.A.Radio, b)))
		return s.Uplink(now, w.A.Radio, b), code
	}
	check := func(when, src, dst string, reason upf.Reason, code uint32) {
		t.Helper()
		if v, got := uplink(src, dst); v.Reason != reason || got != code {
			t.Errorf("%s, from %s to %s: %v and XDP verdict %d; want %v and %d", when, src, dst, v.Reason, got, reason, code)
		}
	}
	own, behind, beside := w.A.UE.String(), "172.20.1.1", "172.21.1.1"
	k.changed()
	check("without networks", own, behind, upf.ReasonNone, xdpRedirect)
	check("without networks", behind, own, upf.ReasonSpoofedSource, xdpDrop)

	e := w.A.Establishment(99)
	ue, networks := netip.MustParseAddr("10.45.0.99"), []netip.Prefix{netip.MustParsePrefix("172.20.0.0/16")}
	for i := range e.PDRs {
		d := &e.PDRs[i].PDI
		d.UE, d.UE6, d.Framed = ue, netip.Prefix{}, networks
	}
	a, err := s.Establish(now, e)
	if err != nil {
		t.Fatal(err)
	}
	k.changed()
	v, code := uplink(own, behind)
	if v.Reason == upf.ReasonNone && v.Action == upf.ToN6 || code != xdpPass {
		t.Errorf("to a device's network: action %d, %v and XDP verdict %d; want it to be no place on N6, and %d", v.Action, v.Reason, code, xdpPass)
	}
	check("beside the network", own, beside, upf.ReasonNone, xdpRedirect)
	code, _ = run.run(frame(upftest.Datagram(behind, own, 1, 2)))
	if v := s.Downlink(now, upftest.Datagram(behind, own, 1, 2)); v.Reason != upf.ReasonUESource || code != xdpPass {
		t.Errorf("from the world with its address: %v and XDP verdict %d; want %v and %d", v.Reason, code, upf.ReasonUESource, xdpPass)
	}
	b := upftest.GPDU(a.Created[0].Local.TEID, upftest.Datagram(behind, upftest.Far, 1, 2))
	code, _ = run.run(frame(run.datagramFrom(w.A.Radio, b)))
	if v := s.Uplink(now, w.A.Radio, b); v.Reason != upf.ReasonNone || code != xdpPass {
		t.Errorf("from the network: %v and XDP verdict %d; want %v and %d", v.Reason, code, upf.ReasonNone, xdpPass)
	}
	if _, err := s.Delete(now, pfcp.Deletion{SEID: a.UP.SEID}); err != nil {
		t.Fatal(err)
	}
	k.changed()
	check("once they are gone", own, behind, upf.ReasonNone, xdpRedirect)
}
