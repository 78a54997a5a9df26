package node

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"testing"

	"cordon/amf"
	"cordon/console"
	"cordon/ident"
	"cordon/ran"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

func TestHostileN2(t *testing.T) {
	x := besiege(t)
	x.strangers(t)
	x.setups(t)
	x.thefts(t)
	x.lies(t)
	x.resets(t)
	x.storms(t)
}

// strangers are octets and messages of nobody in particular.
func (x *siege) strangers(t *testing.T) {
	noise := func() [][]byte {
		all := [][]byte{[]byte("Hello!"), {0}, bytes.Repeat([]byte{0xff}, 12), make([]byte, 64<<10), bytes.Repeat([]byte{0xff}, 200<<10)}
		for n := range 64 {
			b := make([]byte, 1+3*n)
			rand.Read(b)
			all = append(all, b)
		}
		return all
	}
	x.run(t, "N2-01_noise", func(a *attack) {
		for _, b := range noise() {
			a.octets(b)
		}
		a.counted("ngap_drops undecodable")
		a.arrives(1, a.register(a.stranger()))
		told[*nas.IdentityRequest](a) // the radio is still served
	})
	x.run(t, "N2-01_noise_before_setup", func(a *attack) {
		for _, b := range noise()[:8] {
			r := a.associate()
			r.SendRaw(ran.Message{PPID: ran.PPID, Data: b})
			if !eventually(r.Ended) {
				a.Errorf("% x...: still connected", b[:min(len(b), 8)])
			}
			r.Close()
		}
	})
	x.run(t, "N2-02_another_protocol", func(a *attack) {
		b, _ := ngap.Append(nil, &ngap.NGReset{Cause: ngap.CauseRadioUnspecified})
		for _, ppid := range []uint32{1, 18, 59, 61, 66, 1 << 31} {
			a.b.SendRaw(ran.Message{PPID: ppid, Data: b})
		}
		a.counted("ngap_drops ppid")
		a.silence()
	})
	x.run(t, "N2-02_another_stream", func(a *attack) {
		a.b.Send(&ngap.NGReset{Cause: ngap.CauseRadioUnspecified}, 3)
		a.counted("ngap_drops stream")
	})
	x.run(t, "N2-03_anything_before_setup", func(a *attack) {
		s := a.status
		first := []ngap.Message{
			&ngap.InitialUEMessage{RANUENGAPID: 1, NASPDU: a.register(a.suci()), UserLocation: a.place()},
			&ngap.NGReset{Cause: ngap.CauseRadioUnspecified}, &ngap.RANConfigurationUpdate{RANNodeName: "x"},
		}
		for _, m := range append(first, associated(s.AMF, s.RAN, a.place())...) {
			if _, ok := m.(*ngap.ErrorIndication); ok {
				continue
			}
			r := a.associate()
			r.Send(m, 0)
			if !eventually(r.Ended) {
				a.Errorf("after %T: still connected", m)
			}
			r.Close()
		}
	})
	x.run(t, "N2-43_cut_and_flipped", func(a *attack) {
		whole, err := ngap.Append(nil, &ngap.InitialUEMessage{RANUENGAPID: 7, NASPDU: a.register(a.stranger()), UserLocation: a.place()})
		if err != nil {
			a.Fatal(err)
		}
		for n := range whole {
			if n > 0 {
				a.octets(whole[:n])
			}
			for bit := range 8 {
				b := slices.Clone(whole)
				b[n] ^= 1 << bit
				a.octets(b)
			}
		}
		answered[*ngap.ErrorIndication](a)
	})
	x.run(t, "N2-44_lengths_without_content", func(a *attack) {
		for _, b := range [][]byte{
			{0, 0x15, 0, 9, 0, 0, 1, 0, 0x1b, 0, 0x40, 0x10, 0}, {0, 0x15, 0, 0xc4}, {0, 0x15, 0, 0xc1, 0xc1, 0xc1, 0xc1},
			{0, 0x15, 0, 3, 0, 0xff, 0xff}, {0, 0x15, 0, 0xbf, 0xff, 0, 0, 1}, {0, 0x17, 0, 4, 0x80, 0, 0, 0xff},
			{0, 0x0f, 0, 8, 0, 0, 1, 0xfd, 0xe8, 0, 1, 0},
		} {
			a.octets(b)
		}
		a.counted("ngap_drops undecodable")
	})
}

// setups are radios that present themselves as what they are not.
func (x *siege) setups(t *testing.T) {
	// present has one more radio set up, and gives whether it was let in.
	present := func(a *attack, cfg ran.RadioConfig) bool {
		r := a.associate()
		defer r.Close()
		m, err := r.Setup(a.within(), cfg)
		return err == nil && m.Kind() == ngap.Successful
	}
	x.run(t, "N2-04_the_identity_of_the_victim_s_radio", func(a *attack) {
		cfg := a.cfg
		cfg.Node = a.fresh.Radios[0].Node
		if present(a, cfg) {
			a.Error("let in")
		}
		a.finding(amf.FindingDuplicate)
	})
	x.run(t, "N2-04_the_victim_s_radio_by_a_second_setup", func(a *attack) {
		cfg := a.cfg
		cfg.Node = a.fresh.Radios[0].Node
		if m, err := a.b.Setup(a.within(), cfg); err != nil || m.Kind() == ngap.Successful {
			a.Errorf("let in: %v, %v", m, err)
		}
		a.finding(amf.FindingDuplicate)
	})
	x.run(t, "N2-04_one_identity_from_many_at_once", func(a *attack) {
		for round := range 8 {
			cfg := a.cfg
			cfg.Node.ID = 0x9000 + uint32(round)
			var all [8]*ran.RawRadio
			for i := range all {
				all[i] = a.associate()
			}
			var wg sync.WaitGroup
			in := make(chan bool, len(all))
			for _, r := range all {
				wg.Go(func() {
					m, err := r.Setup(a.within(), cfg)
					in <- err == nil && m.Kind() == ngap.Successful
				})
			}
			wg.Wait()
			close(in)
			n := 0
			for ok := range in {
				if ok {
					n++
				}
			}
			if n != 1 {
				a.Errorf("%d radios have one identity", n)
			}
			for _, r := range all {
				r.Close()
			}
		}
	})
	for name, change := range map[string]func(*ran.RadioConfig){
		"area":    func(c *ran.RadioConfig) { c.TACs = []ident.TAC{99} },
		"network": func(c *ran.RadioConfig) { c.Node.PLMN, _ = ident.ParsePLMN("99970") },
		"slice":   func(c *ran.RadioConfig) { c.Slices = []ident.SNSSAI{{SST: 9, SD: ident.NoSD}} },
	} {
		x.run(t, "N2-05_a_foreign_"+name, func(a *attack) {
			cfg := a.cfg
			cfg.Node.ID++
			change(&cfg)
			if present(a, cfg) {
				a.Error("let in")
			}
			a.finding(amf.FindingScope)
		})
	}
	x.run(t, "N2-05_more_areas_than_are_served", func(a *attack) {
		a.cfg.TACs = []ident.TAC{1, 99}
		a.setup(a.b, a.cfg)
		a.cfg.TACs = []ident.TAC{99}
		a.challenged(1, a.suci()) // who knows who it is; registering there is refused by amf
	})
	for name, m := range map[string]*ngap.RANConfigurationUpdate{
		"identity": {GlobalRANNodeID: &x.fresh.Radios[0].Node},
		"area":     {SupportedTAs: []ngap.SupportedTA{{TAC: 99, PLMNs: []ngap.PLMNSupport{{PLMN: x.cfg.PLMN, Slices: x.fresh.Phone.Slices}}}}},
		"network":  {SupportedTAs: []ngap.SupportedTA{{TAC: 1, PLMNs: []ngap.PLMNSupport{{PLMN: ident.PLMN{0x99, 0xf9, 0x07}, Slices: x.fresh.Phone.Slices}}}}},
	} {
		x.run(t, "N2-06_update_to_a_foreign_"+name, func(a *attack) {
			a.send(m)
			answered[*ngap.RANConfigurationUpdateFailure](a)
			a.challenged(1, a.suci()) // it is what it was
		})
	}
}

// associated is one of every message that a radio can send about a device.
func associated(c ident.AMFUENGAPID, r ident.RANUENGAPID, at ngap.UserLocation) []ngap.Message {
	cause := ngap.CauseRadioUnknownLocalUENGAPID
	transfer := func(t ngap.Transfer) []ngap.PDUSessionTransfer {
		b, err := ngap.AppendTransfer(nil, t)
		if err != nil {
			panic(err)
		}
		return []ngap.PDUSessionTransfer{{ID: 1, Transfer: b}}
	}
	up := transfer(&ngap.PDUSessionResourceSetupResponseTransfer{DL: ngap.QosFlowsTunnel{
		Tunnel: ngap.GTPTunnel{Addr: netip.MustParseAddr("127.9.9.9"), TEID: 7}, Flows: []ngap.AssociatedFlow{{QFI: 1}}}})
	down := transfer(&ngap.PDUSessionResourceSetupUnsuccessfulTransfer{Cause: cause})
	any := []ngap.PDUSessionTransfer{{ID: 1, Transfer: []byte{0}}}
	return []ngap.Message{
		&ngap.UplinkNASTransport{AMFUENGAPID: c, RANUENGAPID: r, NASPDU: []byte{0x7e, 0, 0x45}, UserLocation: at},
		&ngap.InitialContextSetupResponse{AMFUENGAPID: c, RANUENGAPID: r, Setup: up},
		&ngap.InitialContextSetupFailure{AMFUENGAPID: c, RANUENGAPID: r, Failed: down, Cause: cause},
		&ngap.PDUSessionResourceSetupResponse{AMFUENGAPID: c, RANUENGAPID: r, Setup: up},
		&ngap.PDUSessionResourceSetupResponse{AMFUENGAPID: c, RANUENGAPID: r, Failed: down},
		&ngap.PDUSessionResourceReleaseResponse{AMFUENGAPID: c, RANUENGAPID: r, Released: any},
		&ngap.PDUSessionResourceModifyIndication{AMFUENGAPID: c, RANUENGAPID: r, Modify: any},
		&ngap.PDUSessionResourceNotify{AMFUENGAPID: c, RANUENGAPID: r, Released: any},
		&ngap.UEContextReleaseRequest{AMFUENGAPID: c, RANUENGAPID: r, Cause: cause},
		&ngap.UEContextReleaseComplete{AMFUENGAPID: c, RANUENGAPID: r},
		&ngap.UEContextModificationResponse{AMFUENGAPID: c, RANUENGAPID: r},
		&ngap.UEContextModificationFailure{AMFUENGAPID: c, RANUENGAPID: r, Cause: cause},
		&ngap.HandoverRequired{AMFUENGAPID: c, RANUENGAPID: r, Cause: cause, Target: ngap.TargetID{Node: ident.RANNode{PLMN: at.PLMN, Bits: 24, ID: 0x101}, TAI: at.TAI},
			PDUSessions: any, SourceToTargetContainer: make([]byte, 60<<10)},
		&ngap.HandoverRequestAcknowledge{AMFUENGAPID: c, RANUENGAPID: r, Admitted: any, TargetToSourceContainer: []byte{1}},
		&ngap.HandoverFailure{AMFUENGAPID: c, Cause: cause},
		&ngap.HandoverNotify{AMFUENGAPID: c, RANUENGAPID: r, UserLocation: at},
		&ngap.HandoverCancel{AMFUENGAPID: c, RANUENGAPID: r, Cause: cause},
		&ngap.UplinkRANStatusTransfer{AMFUENGAPID: c, RANUENGAPID: r, Container: []byte{0}},
		&ngap.UERadioCapabilityInfoIndication{AMFUENGAPID: c, RANUENGAPID: r, UERadioCapability: []byte{1, 2, 3}},
		&ngap.UERadioCapabilityCheckResponse{AMFUENGAPID: c, RANUENGAPID: r},
		&ngap.LocationReport{AMFUENGAPID: c, RANUENGAPID: r, UserLocation: at},
		&ngap.LocationReportingFailureIndication{AMFUENGAPID: c, RANUENGAPID: r, Cause: cause},
		&ngap.NASNonDeliveryIndication{AMFUENGAPID: c, RANUENGAPID: r, NASPDU: []byte{0x7e}, Cause: cause},
		&ngap.RRCInactiveTransitionReport{AMFUENGAPID: c, RANUENGAPID: r, UserLocation: at},
		&ngap.SecondaryRATDataUsageReport{AMFUENGAPID: c, RANUENGAPID: r, Usage: any},
		&ngap.PathSwitchRequest{SourceAMFUENGAPID: c, RANUENGAPID: r, UserLocation: at, Switch: any},
		&ngap.ErrorIndication{AMFUENGAPID: &c, RANUENGAPID: &r, Cause: &cause},
	}
}

// thefts name another radio's device.
func (x *siege) thefts(t *testing.T) {
	at := ngap.UserLocation{Kind: ngap.AccessNR, PLMN: x.cfg.PLMN, Cell: 0x4001 << 12, TAI: ident.TAI{PLMN: x.cfg.PLMN, TAC: 1}}
	for i, kind := range associated(0, 0, at) {
		id := "N2-09"
		switch kind.(type) {
		case *ngap.PathSwitchRequest:
			id = "N2-11"
		case *ngap.HandoverRequired:
			id = "N2-19"
		case *ngap.HandoverFailure:
			id = "N2-22"
		case *ngap.HandoverCancel:
			id = "N2-23"
		case *ngap.ErrorIndication:
			id = "N2-37"
		}
		x.run(t, fmt.Sprintf("%s_theft_%d_by_%s", id, i, kind.Procedure()), func(a *attack) {
			a.arrives(a.status.RAN, a.register(a.stranger())) // so that b has that identity, too
			told[*nas.IdentityRequest](a)
			for _, r := range []ident.RANUENGAPID{a.status.RAN, a.status.RAN + 1, 0} {
				a.send(associated(a.status.AMF, r, a.place())[i])
				switch kind.(type) {
				case *ngap.ErrorIndication:
				case *ngap.PathSwitchRequest:
					answered[*ngap.PathSwitchRequestFailure](a)
				default:
					answered[*ngap.ErrorIndication](a)
				}
			}
			a.finding(amf.FindingTheft)
			a.silence()
		})
	}
	x.run(t, "N2-11_identities_are_not_in_a_row", func(a *attack) {
		var last ident.AMFUENGAPID
		for i := range ident.RANUENGAPID(16) {
			a.arrives(i, a.register(a.stranger()))
			_, down := told[*nas.IdentityRequest](a)
			if d := down.AMFUENGAPID - last; d < 1<<16 || -d < 1<<16 {
				a.Errorf("%d follows %d", down.AMFUENGAPID, last)
			}
			last = down.AMFUENGAPID
		}
	})
}

// inject has the other radio send messages of its own, in the order given, on a phone's stream.
func (a *attack) inject(u *ran.UE, all ...ngap.Message) {
	a.Helper()
	if err := a.injected(u, all...); err != nil {
		a.Fatal(err)
	}
}

func (a *attack) injected(u *ran.UE, all ...ngap.Message) error {
	a.tampers(func(m ngap.Message) []ngap.Message {
		if _, ok := m.(*ngap.UplinkNASTransport); ok {
			return all
		}
		return []ngap.Message{m}
	})
	defer a.tamper.Store(nil)
	return u.SendNAS(a.Context(), []byte{0})
}

// otherPlace is the cell of the other radio.
func (a *attack) otherPlace() ngap.UserLocation {
	at := a.place()
	at.Cell = uint64(a.fresh.Radios[1].Node.ID)<<12 | 1
	return at
}

// lies are what a radio says of its own devices.
func (x *siege) lies(t *testing.T) {
	false1 := func(change func(*ngap.UserLocation)) func(*attack) {
		return func(a *attack) {
			u := a.mallory()
			s, was := a.see(a.T, u), a.core(a.T, u)
			at := a.otherPlace()
			change(&at)
			a.inject(u, &ngap.LocationReport{AMFUENGAPID: s.AMF, RANUENGAPID: s.RAN, UserLocation: at},
				&ngap.RRCInactiveTransitionReport{AMFUENGAPID: s.AMF, RANUENGAPID: s.RAN, UserLocation: at})
			a.finding(amf.FindingLocation)
			if now := a.core(a.T, u); now.TAI != was.TAI || now.Cell[:12] != was.Cell[:12] {
				a.Errorf("the device is in %s, %s, and was in %s, %s", now.TAI, now.Cell, was.TAI, was.Cell)
			}
		}
	}
	x.run(t, "N2-08_another_s_cell", false1(func(at *ngap.UserLocation) { at.Cell = 0x100<<12 | 1 }))
	x.run(t, "N2-08_another_s_area", false1(func(at *ngap.UserLocation) { at.TAI.TAC = 2 }))
	x.run(t, "N2-08_another_s_network", false1(func(at *ngap.UserLocation) { at.PLMN = ident.PLMN{0x99, 0xf9, 0x07} }))
	x.run(t, "N2-08_another_s_area_in_4G", false1(func(at *ngap.UserLocation) { at.Kind, at.Cell, at.TAI.TAC = ngap.AccessEUTRA, 5, 2 }))
	x.run(t, "N2-08_no_place_at_all", false1(func(at *ngap.UserLocation) {
		*at = ngap.UserLocation{Kind: ngap.AccessN3IWF, Addr: netip.MustParseAddr("192.0.2.1"), Port: 5}
	}))
	x.run(t, "N2-19_N2-32_N2-54_of_one_s_own_device", func(a *attack) {
		u := a.mallory()
		s := a.see(a.T, u)
		all := associated(s.AMF, s.RAN, a.otherPlace())
		keep := slices.DeleteFunc(all, func(m ngap.Message) bool {
			switch m.(type) {
			case *ngap.HandoverRequired, *ngap.HandoverRequestAcknowledge, *ngap.HandoverFailure, *ngap.HandoverNotify, *ngap.HandoverCancel,
				*ngap.UplinkRANStatusTransfer, *ngap.PathSwitchRequest, *ngap.PDUSessionResourceModifyIndication, *ngap.SecondaryRATDataUsageReport,
				*ngap.UERadioCapabilityCheckResponse, *ngap.UEContextModificationResponse, *ngap.UEContextModificationFailure,
				*ngap.LocationReportingFailureIndication, *ngap.NASNonDeliveryIndication:
				return false
			}
			return true
		})
		a.inject(u, slices.Concat(keep, keep, keep)...)
		hears[*ngap.HandoverPreparationFailure](a)
		hears[*ngap.PathSwitchRequestFailure](a)
		hears[*ngap.PDUSessionResourceModifyConfirm](a)
		if err := u.Echo(a.within(), 1, testEcho); err != nil {
			a.Error(err)
		}
	})
	for name, addr := range map[string]netip.Addr{
		"the_victim_s_radio": x.fresh.Radios[0].N3.Addr(), "the_user_plane": x.N3.Addr(), "the_host": netip.MustParseAddr("127.0.0.1"),
		"multicast": netip.MustParseAddr("224.0.0.1"), "broadcast": netip.MustParseAddr("255.255.255.255"),
		"nothing": netip.MustParseAddr("0.0.0.0"), "a_device": netip.MustParseAddr("10.45.0.2"), "the_internet": netip.MustParseAddr("8.8.8.8"),
		"IPv6": netip.MustParseAddr("2001:db8::1"),
	} {
		x.run(t, "N2-30_downlink_to_"+name, func(a *attack) {
			a.tampers(func(m ngap.Message) []ngap.Message {
				if set, ok := m.(*ngap.PDUSessionResourceSetupResponse); ok && len(set.Setup) > 0 {
					t, _ := ngap.ParseTransfer[ngap.PDUSessionResourceSetupResponseTransfer](set.Setup[0].Transfer)
					t.DL.Tunnel.Addr = addr
					set.Setup[0].Transfer, _ = ngap.AppendTransfer(nil, t)
				}
				return []ngap.Message{m}
			})
			u := a.newcomer(a.T, a.other)
			a.phones = append(a.phones, u)
			if err := u.Do(a.Context(), ran.PowerOn{}); err != nil {
				a.Fatal(err)
			}
			refusals := func(c map[string]float64) float64 { return c["smf_drops endpoint"] + c["smf_drops malformed transfer"] }
			if !eventually(func() bool { return refusals(a.counts()) > refusals(a.before) }) {
				a.Error("the endpoint is taken")
			}
			if !eventually(func() bool { return len(a.core(a.T, u).Sessions) == 0 }) {
				a.Errorf("the session is %+v", a.core(a.T, u).Sessions)
			}
		})
	}
	x.run(t, "N2-30_every_address_that_others_may_want", func(a *attack) {
		next := a.fresh.Radios[1].N3.Addr()
		var mu sync.Mutex
		a.tampers(func(m ngap.Message) []ngap.Message {
			mu.Lock()
			defer mu.Unlock()
			if set, ok := m.(*ngap.PDUSessionResourceSetupResponse); ok && len(set.Setup) > 0 {
				t, _ := ngap.ParseTransfer[ngap.PDUSessionResourceSetupResponseTransfer](set.Setup[0].Transfer)
				next = next.Next()
				t.DL.Tunnel.Addr = next
				set.Setup[0].Transfer, _ = ngap.AppendTransfer(nil, t)
			}
			return []ngap.Message{m}
		})
		u := a.mallory()
		for range 2 * maxEndpoints {
			before := a.counts()
			u.Do(a.Context(), ran.OpenSession{PSI: 2, SessionConfig: ran.SessionConfig{DNN: "internet"}})
			if !eventually(func() bool {
				i := slices.IndexFunc(a.core(a.T, u).Sessions, func(s console.Session) bool { return s.ID == 2 && s.State == "active" })
				return i >= 0 || a.counts()["smf_drops endpoint"] > before["smf_drops endpoint"]
			}) {
				a.Fatal("a session neither stands nor falls")
			}
		}
		a.counted("smf_drops endpoint")
		a.Node.endpoints.mu.Lock()
		defer a.Node.endpoints.mu.Unlock()
		if n := len(a.Node.endpoints.owner); n > 2+maxEndpoints {
			a.Errorf("%d addresses are taken", n)
		}
	})
	x.run(t, "N2-42_a_radio_capability_of_any_size", func(a *attack) {
		u := a.mallory()
		s := a.see(a.T, u)
		for _, n := range []int{0, 1, 64 << 10, 64<<10 + 1, 200 << 10} {
			a.inject(u, &ngap.UERadioCapabilityInfoIndication{AMFUENGAPID: s.AMF, RANUENGAPID: s.RAN, UERadioCapability: make([]byte, n)})
		}
		a.dropped(amf.ReasonTooLarge)
	})
}

// resets are of one's own connections, and of others'.
func (x *siege) resets(t *testing.T) {
	x.run(t, "N2-34_all_and_the_victim_by_name", func(a *attack) {
		s := a.status
		for _, part := range [][]ngap.NGConnection{nil, {{AMF: &s.AMF, RAN: &s.RAN}}, {{AMF: &s.AMF}}, {{RAN: &s.RAN}}, {{}}} {
			a.send(&ngap.NGReset{Cause: ngap.CauseRadioUnspecified, ResetType: ngap.ResetType{Part: part}})
			if ack := answered[*ngap.NGResetAcknowledge](a); len(ack.Connections) != len(part) {
				a.Errorf("%d acknowledged of %d", len(ack.Connections), len(part))
			}
		}
	})
	x.run(t, "N2-35_resets_that_are_none", func(a *attack) {
		for _, b := range [][]byte{
			{0, 0x14, 0, 0x0e, 0, 0, 2, 0, 0x0f, 0x40, 2, 0xe0, 0, 0, 0x58, 0, 1, 0},
			{0, 0x14, 0, 0x0f, 0, 0, 2, 0, 0x0f, 0x40, 1, 0, 0, 0x58, 0, 3, 0x40, 0, 0},
		} {
			a.octets(b)
			answered[*ngap.ErrorIndication](a)
		}
	})
	x.run(t, "N2-35_twenty_thousand_items_again_and_again", func(a *attack) {
		m := &ngap.NGReset{Cause: ngap.CauseRadioUnspecified}
		for i := range ident.AMFUENGAPID(20000) {
			m.ResetType.Part = append(m.ResetType.Part, ngap.NGConnection{AMF: &i})
		}
		for range 10 {
			a.send(m)
			answered[*ngap.NGResetAcknowledge](a)
		}
	})
	x.run(t, "N2-37_errors_about_everything", func(a *attack) {
		s, cause := a.status, ngap.CauseRadioUnknownLocalUENGAPID
		for range 50 {
			for _, m := range []*ngap.ErrorIndication{{}, {Cause: &cause}, {AMFUENGAPID: &s.AMF, Cause: &cause}, {RANUENGAPID: &s.RAN, Cause: &cause}, {AMFUENGAPID: &s.AMF, RANUENGAPID: &s.RAN, Cause: &cause}} {
				a.send(m)
			}
		}
		a.finding(amf.FindingTheft)
		a.silence()
	})
	x.run(t, "N2-39_a_RAN_identity_that_is_in_use", func(a *attack) {
		u := a.mallory()
		was := a.core(a.T, u)
		a.inject(u, &ngap.InitialUEMessage{RANUENGAPID: a.see(a.T, u).RAN, NASPDU: a.register(a.stranger()), UserLocation: a.otherPlace()})
		if !eventually(func() bool { return !a.core(a.T, u).Connected }) {
			a.Error("still connected")
		}
		if now := a.core(a.T, u); now.GUTI != was.GUTI || len(now.Sessions) != 1 {
			a.Errorf("the device is now %+v", now)
		}
	})
	x.run(t, "N2-46_cut_in_the_middle", func(a *attack) {
		for range 10 {
			r := a.associate()
			cfg := a.cfg
			cfg.Node.ID |= 0x100000
			a.setup(r, cfg)
			for i := range ident.RANUENGAPID(50) {
				r.Initial(cfg, i, a.register(a.suci()))
			}
			r.Close()
			id := amf.RadioID(a.nextRadio.Load())
			if !eventually(func() bool { return a.association(id) == nil }) {
				a.Error("the association lives on")
			}
		}
	})
}

// storms are honest messages, too many of them.
func (x *siege) storms(t *testing.T) {
	x.run(t, "N2-49_idle_and_back_for_ever", func(a *attack) {
		u := a.mallory()
		for range 20 {
			if err := u.Idle(a.within()); err != nil {
				a.Fatal(err)
			}
			if err := u.Service(a.within()); err != nil {
				a.Fatal(err)
			}
		}
		if err := u.Echo(a.within(), 1, testEcho); err != nil {
			a.Error(err)
		}
	})
	x.run(t, "class_a_flood_of_one_radio_and_the_others_wait", func(a *attack) {
		b := a.register(a.suci()) // each costs an elliptic curve
		for i := range 3000 {
			a.flood(ident.RANUENGAPID(i), b)
		}
		a.survives(a.T)
	})
	x.run(t, "class_a_radio_that_never_reads", func(a *attack) {
		n2, err := a.cfg.Dial(a.Context())
		if err != nil {
			a.Fatal(err)
		}
		end := make(chan struct{})
		defer close(end)
		defer n2.Abort()
		cfg := a.cfg
		cfg.Node.ID |= 0x100000
		r := ran.Raw(deaf{n2, end})
		radio, _ := ngap.Append(nil, &ngap.NGSetupRequest{GlobalRANNodeID: cfg.Node, RANNodeName: "deaf", SupportedTAs: []ngap.SupportedTA{{TAC: 1, PLMNs: []ngap.PLMNSupport{{PLMN: cfg.Node.PLMN, Slices: cfg.Slices}}}}})
		r.SendRaw(ran.Message{PPID: ran.PPID, Data: radio})
		for i := range 4000 {
			r.Initial(cfg, ident.RANUENGAPID(i), a.register(a.stranger()))
		}
		a.survives(a.T)
	})
	x.run(t, "class_setups_without_end", func(a *attack) {
		for i := range ident.RANUENGAPID(200) {
			a.setup(a.b, a.cfg)
			a.arrives(i, a.register(a.stranger()))
		}
		if n := a.halfOpen(); n > 2 {
			a.Errorf("%d connections outlive the setup that ended them", n)
		}
	})
	x.run(t, "class_configurations_as_long_as_a_message_may_be", func(a *attack) {
		m := &ngap.RANConfigurationUpdate{}
		served := ngap.PLMNSupport{PLMN: a.siege.cfg.PLMN, Slices: a.cfg.Slices}
		for i := range 180 {
			served.Slices = append(slices.Clip(served.Slices), ident.SNSSAI{SST: 2, SD: uint32(i)})
		}
		for range 250 {
			m.SupportedTAs = append(m.SupportedTAs, ngap.SupportedTA{TAC: 1, PLMNs: []ngap.PLMNSupport{served}})
		}
		for i := range ident.RANUENGAPID(150) { // each keeps what the radio was when it began
			a.send(m)
			answered[*ngap.RANConfigurationUpdateAcknowledge](a)
			a.arrives(i, a.register(a.stranger()))
		}
		if got := heap(); got > a.heap+slack {
			a.Errorf("%d octets of heap, %d before", got, a.heap)
		}
	})
	x.run(t, "class_NAS_as_long_as_a_message_may_be", func(a *attack) {
		for i, head := range [][]byte{{0x7e, 0, 0x41, 0x79}, {0x7e, 2, 1, 2, 3, 4, 5}, a.register(a.suci()), {0x2e}} {
			a.arrives(ident.RANUENGAPID(i), append(head, make([]byte, 250<<10)...))
		}
		answered[*ngap.UEContextReleaseCommand](a)
	})
	x.run(t, "class_sessions_asked_for_without_end", func(a *attack) {
		u := a.mallory()
		for i := range 1000 {
			a.seals(u, sm(2, nas.RequestInitial, establishment(2, byte(i%254)+1)))
		}
		a.survives(a.T)
		if n := len(a.core(a.T, u).Sessions); n > 2 {
			a.Errorf("%d sessions", n)
		}
	})
	x.run(t, "class_payloads_without_end", func(a *attack) {
		u := a.mallory()
		for range 1000 {
			a.seals(u, &nas.ULNASTransport{PayloadType: nas.PayloadSMS, Payload: make([]byte, 4000)})
		}
		a.dropped(amf.ReasonTooMany)
		a.survives(a.T)
	})
	x.run(t, "class_two_first_messages_for_one_device_race", func(a *attack) {
		u := a.mallory()
		for range 10 {
			b := a.register(guti(a.see(a.T, u).GUTI))
			for i := range ident.RANUENGAPID(20) {
				a.arrives(i, b)
			}
			if err := u.Do(a.Context(), ran.Update{}); err != nil {
				a.Fatal(err)
			}
		}
		if err := u.Echo(a.within(), 1, testEcho); err != nil {
			a.Error(err)
		}
	})
	x.run(t, "class_every_message_in_every_state", func(a *attack) {
		for i, begin := range []func(ident.RANUENGAPID) ident.AMFUENGAPID{
			func(id ident.RANUENGAPID) ident.AMFUENGAPID { return a.challenged(id, a.suci()) },
			func(id ident.RANUENGAPID) ident.AMFUENGAPID {
				a.arrives(id, a.register(a.stranger()))
				_, down := told[*nas.IdentityRequest](a)
				return down.AMFUENGAPID
			},
		} {
			for j := range associated(0, 0, a.place()) {
				id := ident.RANUENGAPID(i*100 + j)
				conn := begin(id)
				a.send(associated(conn, id, a.place())[j])
				for kind := range 256 {
					a.says(conn, id, []byte{0x7e, 0, byte(kind), 1, 0, 0, 0})
				}
			}
		}
	})
	x.run(t, "class_every_message_of_a_registered_device", func(a *attack) {
		u := a.mallory()
		for j := range associated(0, 0, a.place()) {
			if !eventually(func() bool {
				s := a.see(a.T, u)
				if s.Connected && a.injected(u, associated(s.AMF, s.RAN, a.otherPlace())[j]) == nil {
					return true
				}
				u.Service(a.within()) // what came before had it released
				return false
			}) {
				a.Error("the device does not come back")
			}
		}
	})
}

// deaf is an association of which nothing is read.
type deaf struct {
	ran.N2
	end chan struct{}
}

func (d deaf) Receive() (ran.Message, error) { <-d.end; return ran.Message{}, ran.ErrStopped }
