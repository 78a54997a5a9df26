package upf

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"cordon/wire/pfcp"
)

// No more passes than a quota and the packet of each direction that reaches it, at the rate of the session's rules and with
// sweeps that come as late as they may; and a session far from its quota goes by its lines.
func TestQuotaIsNotPassed(t *testing.T) {
	const quota, kbits, size = 3_000_000, 8_000, 100
	s := newSessions(t, nil)
	e := metered(establishment(1, netip.MustParseAddr(ueA)), pfcp.URR{ID: 1, VolumeQuota: pfcp.Volume{Total: quota}})
	e.QERs[0].UplinkMBR, e.QERs[0].DownlinkMBR = kbits, kbits
	v := attachMetered(t, s, e)
	slot := uint32(v.teid) & slotMask
	if !s.slots.state(slot).shape.fast {
		t.Fatal("a session far from its quota does not go by its lines")
	}
	r := rand.New(rand.NewPCG(1, 2))
	now, told := time.Duration(0), 0
	for swept := now; told == 0 && now < time.Minute; now += time.Duration(r.IntN(int(time.Millisecond))) {
		carry(s, now, v, r.IntN(4), r.IntN(4))
		if now-swept >= 450*time.Millisecond {
			told += len(sweep(s, now))
			swept = now
		}
	}
	u, _ := s.Usage(v.seid)
	if got := u.UplinkBytes + u.DownlinkBytes; got < quota || got > quota+2*size || told != 1 {
		t.Errorf("%d octets of %d, told %d times", got, quota, told)
	}
	if s.slots.state(slot).shape.fast {
		t.Error("at its quota it goes by its lines")
	}
	more := pfcp.URR{ID: 1, VolumeQuota: pfcp.Volume{Total: 10 * quota}, Keep: pfcp.KeepPeriod | pfcp.KeepTimeQuota | pfcp.KeepTimeThreshold | pfcp.KeepVolumeThreshold}
	if _, err := s.Modify(now, pfcp.Modification{SEID: v.seid, URRs: []pfcp.URR{more}}, func(Verdict) {}); err != nil {
		t.Fatal(err)
	}
	if !s.slots.state(slot).shape.fast || carry(s, now+time.Second, v, 1, 1) != 2 {
		t.Error("with another quota it does not go by its lines again")
	}
	invariants(t, s)
}

// A quota holds without a sweep where it is small, and a time quota ends on time.
func TestQuotaToThePacket(t *testing.T) {
	s := newSessions(t, nil)
	v := attachMetered(t, s, metered(establishment(1, netip.MustParseAddr(ueA)), pfcp.URR{ID: 1, VolumeQuota: pfcp.Volume{Uplink: 950}, TimeQuota: 30}))
	if n := carry(s, 0, v, 50, 0); n != 10 {
		t.Errorf("%d packets of 100 octets passed, want 10", n)
	}
	s = newSessions(t, nil)
	v = attachMetered(t, s, metered(establishment(1, netip.MustParseAddr(ueA)), pfcp.URR{ID: 1, TimeQuota: 30}))
	sweep(s, 29500*time.Millisecond)
	if n := carry(s, 30*time.Second-1, v, 1, 1); n != 2 {
		t.Errorf("%d packets passed before the end", n)
	}
	if n := carry(s, 30*time.Second, v, 1, 1); n != 0 {
		t.Errorf("%d packets passed after it", n)
	}
}
