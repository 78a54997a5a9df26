package upf

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// chance draws a request's parts from octets, so that a fuzzer leads it.
type chance struct{ b []byte }

func (c *chance) n(most int) int {
	if len(c.b) == 0 {
		return 0
	}
	v := int(c.b[0]) % most
	c.b = c.b[1:]
	return v
}

func pick[T any](c *chance, of ...T) T { return of[c.n(len(of))] }

func some[T any](c *chance, most int, of func() T) (out []T) {
	for range c.n(most) {
		out = append(out, of())
	}
	return out
}

func (c *chance) pdr() pfcp.PDR {
	p := pfcp.PDR{ID: pfcp.PDRID(1 + c.n(5)), Precedence: uint32(c.n(3)), FAR: pfcp.FARID(1 + c.n(4)), RemoveOuterHeader: c.n(16) != 1}
	d := &p.PDI
	if d.Source = pick(c, pfcp.Access, pfcp.Core, pfcp.Access, pfcp.Core, pfcp.CPFunction); d.Source == pfcp.Access || c.n(3) == 1 {
		d.Local = pick(c, pfcp.FTEID{Choose: true, ChooseID: uint8(c.n(3))}, pfcp.FTEID{Choose: true}, pfcp.FTEID{TEID: ident.TEID(1 + c.n(4)), Addr: n3})
	}
	d.Instance = pick(c, internet, internet, internet, "ims")
	d.UE = pick(c, netip.Addr{}, netip.Addr{}, netip.MustParseAddr(ueA), netip.MustParseAddr(ueB), netip.MustParseAddr("10.46.0.9"))
	d.UE6 = pick(c, netip.Prefix{}, netip.Prefix{}, netip.Prefix{}, netip.MustParsePrefix("2001:db8:45:7::/64"))
	if c.n(3) == 1 {
		d.Filters = pick(c, pfcp.Remotes(only(seal+"/32")), []pfcp.SDF{{Protocol: protoUDP, RemotePorts: pfcp.Ports{First: 1, Last: 9}}}, []pfcp.SDF{{}})
	}
	d.QFIs = pick(c, nil, nil, []ident.QFI{1}, []ident.QFI{2, 5})
	if c.n(8) == 1 {
		d.Framed = pick(c, only("172.20.0.0/24"), only("10.45.0.0/24"))
	}
	p.QERs = pick(c, []pfcp.QERID{1, 2}, []pfcp.QERID{2}, []pfcp.QERID{2, 3}, nil)
	p.URRs = pick(c, nil, []pfcp.URRID{1}, []pfcp.URRID{1, 2})
	return p
}

func (c *chance) far() pfcp.FAR {
	f := pfcp.FAR{ID: pfcp.FARID(1 + c.n(4)), Destination: pick(c, pfcp.Access, pfcp.Core, pfcp.Access, pfcp.Core, pfcp.CPFunction), SendEndMarkers: c.n(3) == 1}
	f.Action = pick(c, pfcp.Forward, pfcp.Forward, pfcp.Forward, pfcp.Drop, pfcp.Buffer, pfcp.Buffer|pfcp.NotifyCP, 16)
	if f.Action == pfcp.Forward && (f.Destination == pfcp.Access || c.n(2) == 1) {
		f.Outer = pfcp.OuterHeader{TEID: ident.TEID(c.n(4)), Addr: pick(c, gnbA.Addr(), gnbB.Addr(), anchorA, anchorB, netip.MustParseAddr(far))}
	}
	return f
}

func (c *chance) qer() pfcp.QER {
	rate := func() uint64 { return pick[uint64](c, pfcp.Unlimited, 0, 8, 1e6) }
	return pfcp.QER{ID: pfcp.QERID(1 + c.n(3)), UplinkMBR: rate(), DownlinkMBR: rate(), UplinkGBR: rate() % 9, QFI: pick[ident.QFI](c, 0, 1, 2, 64), CloseUL: c.n(5) == 1}
}

func (c *chance) urr() pfcp.URR {
	return pfcp.URR{ID: pfcp.URRID(1 + c.n(2)), VolumeThreshold: pfcp.Volume{Total: uint64(c.n(3)) * 40}, VolumeQuota: pfcp.Volume{Uplink: uint64(c.n(3)) * 60}, Period: uint32(c.n(3))}
}

// keep has updates keep some of their rules.
func (c *chance) keep(m *pfcp.Modification) {
	for i := range m.PDRs {
		m.PDRs[i].Keep = pfcp.Keep(c.n(64))
	}
	for i := range m.FARs {
		m.FARs[i].Keep = pfcp.Keep(c.n(32))
	}
	for i := range m.QERs {
		m.QERs[i].Keep = pfcp.Keep(c.n(16))
	}
	for i := range m.URRs {
		m.URRs[i].Keep = pfcp.Keep(c.n(32))
	}
}

func (c *chance) establishment(cp ident.SEID) pfcp.Establishment {
	of := pick(c, establishment, edge, edge)
	e := of(cp, netip.MustParseAddr(pick(c, ueA, ueB, "10.45.0.9")))
	if c.n(2) == 1 {
		e.FARs[1] = toRadio(0, gnbA.Addr(), ident.TEID(1+c.n(3))).FARs[0]
	}
	if c.n(2) == 1 {
		e.URRs = []pfcp.URR{c.urr()}
		e.PDRs[0].URRs, e.PDRs[len(e.PDRs)-1].URRs = []pfcp.URRID{e.URRs[0].ID}, []pfcp.URRID{e.URRs[0].ID}
		return e
	}
	if c.n(3) > 0 {
		return e
	}
	for range c.n(3) {
		p := c.pdr()
		p.ID += 4
		e.PDRs = append(e.PDRs, p)
	}
	for range c.n(3) {
		f := c.far()
		f.ID += 3
		e.FARs = append(e.FARs, f)
	}
	e.URRs = some(c, 2, c.urr)
	return e
}

func (c *chance) modification(seid ident.SEID) pfcp.Modification {
	switch c.n(4) {
	case 0:
		m := toRadio(seid, pick(c, gnbA.Addr(), gnbB.Addr()), ident.TEID(1+c.n(3)))
		m.FARs[0].SendEndMarkers = c.n(2) == 1
		return m
	case 1:
		return pfcp.Modification{SEID: seid, FARs: []pfcp.FAR{{ID: 2, Action: pfcp.Buffer | pfcp.NotifyCP}}}
	case 2:
		return pfcp.Modification{SEID: seid, QERs: some(c, 2, c.qer), CreateURRs: some(c, 2, c.urr), Query: c.n(2) == 1}
	}
	m := pfcp.Modification{SEID: seid, CreatePDRs: some(c, 3, c.pdr), CreateFARs: some(c, 3, c.far), CreateQERs: some(c, 2, c.qer), CreateURRs: some(c, 2, c.urr),
		FARs: some(c, 2, c.far), QERs: some(c, 2, c.qer), URRs: some(c, 2, c.urr), PDRs: some(c, 2, c.pdr), Query: c.n(3) == 1, DropBuffered: c.n(5) == 1}
	c.keep(&m)
	m.Inactivity = uint32(c.n(3))
	m.RemovePDRs = some(c, 2, func() pfcp.PDRID { return pfcp.PDRID(1 + c.n(6)) })
	m.RemoveURRs = some(c, 2, func() pfcp.URRID { return pfcp.URRID(1 + c.n(2)) })
	return m
}

// FuzzSessions: whatever an SMF asks for and whatever comes meanwhile, all that is kept of sessions fits together,
// a refused request leaves no mark, two sessions never have one address, what is counted only grows, and nothing
// goes where no session leads.
func FuzzSessions(f *testing.F) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 12 {
		b := make([]byte, 400)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d := driver{t: t, c: &chance{b}, s: newSessions(t, smallConfig), now: time.Minute}
		for step := 0; len(d.c.b) > 0 && step < 60; step++ {
			d.now += pick(d.c, 0, time.Millisecond, time.Second, 40*time.Second)
			d.step(step)
			invariants(t, d.s)
		}
		for _, seid := range d.seids {
			if _, err := d.s.Delete(d.now, pfcp.Deletion{SEID: seid}); err != nil {
				t.Fatal(err)
			}
		}
		invariants(t, d.s)
		if s := d.s; s.Count()+len(s.peers.byAddr)+s.ends.len()+len(s.shapes)+s.framed.count()+s.down.held.octets+len(s.resting) != 0 {
			t.Fatalf("left behind: %s", everything(s))
		}
	})
}

// driver does what chance says.
type driver struct {
	t     *testing.T
	c     *chance
	s     *Sessions
	now   time.Duration
	seids []ident.SEID
	done  [3]int // establishments, modifications, refusals
}

func (d *driver) step(n int) {
	s, c := d.s, d.c
	k, before := c.n(7), ""
	if k <= 2 {
		before = everything(s)
	}
	var err error
	switch {
	case k == 0 || k <= 2 && len(d.seids) == 0:
		e := c.establishment(ident.SEID(n + 1))
		if len(d.seids) > 0 && c.n(4) == 1 {
			e.Existing = d.seids[c.n(len(d.seids))]
		}
		var a pfcp.Established
		if a, err = s.Establish(d.now, e); err == nil && !slices.Contains(d.seids, a.UP.SEID) {
			d.seids = append(d.seids, a.UP.SEID)
		}
		d.done[0]++
	case k <= 2:
		_, err = s.Modify(d.now, c.modification(d.seids[c.n(len(d.seids))]), func(Verdict) {})
		d.done[1]++
	case k == 3 && len(d.seids) > 0 && c.n(3) == 1:
		i := c.n(len(d.seids))
		if _, err := s.Delete(d.now, pfcp.Deletion{SEID: d.seids[i]}); err != nil {
			d.t.Fatal(err)
		}
		d.seids = slices.Delete(d.seids, i, i+1)
	case k == 4:
		s.Sweep(d.now, 1+c.n(3), func(pfcp.Report) {})
		s.Expire(d.now)
	default:
		d.packets()
	}
	if err != nil {
		if d.done[2]++; everything(s) != before {
			d.t.Fatalf("%v: it left its mark\n%s\n%s", err, before, everything(s))
		}
	}
}

// packets has a few packets of either direction come, and holds what becomes of them to the sessions' rules.
func (d *driver) packets() {
	s, c := d.s, d.c
	for i := range s.slots.size() {
		r := &s.mem.Records[i]
		owner := s.slots.owner(uint32(i))
		if r.TEID == 0 || s.mem.Records[owner].SEID == 0 {
			continue
		}
		before := s.usage(owner)
		h := gtpu.Header{Type: gtpu.TypeGPDU, TEID: ident.TEID(r.TEID), HasContainer: c.n(4) != 1,
			Container: gtpu.Container{Type: pick(c, gtpu.Uplink, gtpu.Uplink, gtpu.Downlink), QFI: pick[ident.QFI](c, 1, 2)}}
		inner := udp(pick(c, ueA, ueB, far), pick(c, far, seal, ueA, gate), 5, 6)
		from := pick(c, gnbA, gnbB, netip.AddrPortFrom(anchorA, 2152), netip.AddrPortFrom(anchorB, 2152))
		v := s.Uplink(d.now, from, append(h.Append(nil, len(inner)), inner...))
		switch v.Action {
		case ToDevice:
			v = s.Relay(d.now, v.TEID, v.Packet)
		case ToLocal:
			v = s.Local(d.now, v.Packet)
		}
		d.leads(v)
		if after := s.usage(owner); after.UplinkBytes < before.UplinkBytes || after.DownlinkBytes < before.DownlinkBytes || after.UplinkPackets > before.UplinkPackets+1 {
			d.t.Fatalf("%+v, then %+v", before, after)
		}
	}
	for _, ue := range []string{ueA, ueB} {
		d.leads(s.Downlink(d.now, udp(pick(c, far, seal), ue, uint16(c.n(20)), 2)))
	}
}

// leads checks that a packet goes where a session leads.
func (d *driver) leads(v Verdict) {
	if v.Action != ToN3 || len(v.Head) == 0 {
		return
	}
	teid := uint32(v.Head[4])<<24 | uint32(v.Head[5])<<16 | uint32(v.Head[6])<<8 | uint32(v.Head[7])
	e := endpoint{d.s.peers.of(v.To.Addr()), teid}
	for i := range d.s.slots.size() {
		var outers [maxEnds]endpoint
		if d.s.mem.Records[i].SEID != 0 {
			d.s.outers(uint32(i), &outers)
		}
		if slices.Contains(outers[:], e) {
			return
		}
	}
	d.t.Fatalf("to %v TEID %#x, where no session leads", v.To, teid)
}
