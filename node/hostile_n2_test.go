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
	x.redirections(t)
	x.resets(t)
	x.storms(t)
	x.confusions(t)
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
		"area":  func(c *ran.RadioConfig) { c.TACs = []ident.TAC{99} },
		"slice": func(c *ran.RadioConfig) { c.Slices = []ident.SNSSAI{{SST: 9, SD: ident.NoSD}} },
	} {
		x.run(t, "N2-05_a_foreign_"+name, func(a *attack) {
			cfg := a.cfg
			cfg.Node.ID |= 0x100000
			change(&cfg)
			if present(a, cfg) {
				a.Error("let in")
			}
			a.finding(amf.FindingScope)
		})
	}
	foreign := ident.PLMN{0x99, 0xf9, 0x07}
	x.run(t, "N2-05_a_foreign_network", func(a *attack) {
		m := setupRequest(a.cfg.Node.ID|0x100000, 1)
		m.SupportedTAs[0].PLMNs[0].PLMN = foreign
		r := a.associate()
		defer r.Close()
		r.Send(m, 0)
		if _, err := ran.Expect[*ngap.NGSetupFailure](a.within(), r); err != nil {
			a.Error(err)
		}
		a.finding(amf.FindingScope)
	})
	x.run(t, "N2-05_a_foreign_network_s_identity", func(a *attack) { // of which there is no record
		cfg := a.cfg
		cfg.Node.PLMN = foreign
		if present(a, cfg) {
			a.Error("let in")
		}
		if !slices.ContainsFunc(a.pending.list(), func(w waiting) bool { return w.Node == cfg.Node }) {
			a.Error("no operator is told")
		}
	})
	x.run(t, "N2-05_more_areas_than_its_record_has", func(a *attack) {
		cfg := a.cfg
		cfg.Node.ID, cfg.TACs = cfg.Node.ID|0x100000, []ident.TAC{1, 99}
		if present(a, cfg) {
			a.Error("let in")
		}
		a.finding(amf.FindingScope)
		a.challenged(1, a.suci()) // who keeps to its record is served
	})
	x.run(t, "N2-05_more_areas_than_are_served", func(a *attack) { // which its record has
		a.cfg.Node.ID, a.cfg.TACs = wideRadio, []ident.TAC{1, 99}
		a.setup(a.b, a.cfg)
		a.cfg.TACs = []ident.TAC{99}
		a.challenged(1, a.suci()) // who knows who it is; registering there is refused by amf
	})
	for name, m := range map[string]*ngap.RANConfigurationUpdate{
		"identity": {GlobalRANNodeID: &x.fresh.Radios[0].Node},
		"area":     {SupportedTAs: []ngap.SupportedTA{{TAC: 99, PLMNs: []ngap.PLMNSupport{{PLMN: x.cfg.PLMN, Slices: x.fresh.Groups[0].Phone.Slices}}}}},
		"network":  {SupportedTAs: []ngap.SupportedTA{{TAC: 1, PLMNs: []ngap.PLMNSupport{{PLMN: ident.PLMN{0x99, 0xf9, 0x07}, Slices: x.fresh.Groups[0].Phone.Slices}}}}},
	} {
		x.run(t, "N2-06_update_to_a_foreign_"+name, func(a *attack) {
			a.send(m)
			answered[*ngap.RANConfigurationUpdateFailure](a)
			if name == "identity" {
				a.finding(amf.FindingIdentity)
			} else {
				a.finding(amf.FindingScope)
			}
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
		&ngap.ErrorIndication{AMFUENGAPID: &c, RANUENGAPID: &r, Cause: &cause},
		// The last, for what a radio says after it may be said in good faith.
		&ngap.PathSwitchRequest{SourceAMFUENGAPID: c, RANUENGAPID: r, UserLocation: at, Switch: any},
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
			shown := amf.FindingTheft
			if _, ok := kind.(*ngap.PathSwitchRequest); ok {
				shown = amf.FindingSwitch
			}
			a.finding(shown)
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
