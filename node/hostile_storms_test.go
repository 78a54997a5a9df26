package node

import (
	"context"
	"slices"
	"testing"
	"time"

	"cordon/amf"
	"cordon/ident"
	"cordon/ran"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

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
		kept := func() bool { return a.counts()["findings churn"] > a.before["findings churn"] }
		for range 100 { // until the core keeps the device connected
			ctx, cancel := context.WithTimeout(a.Context(), 2*time.Second)
			err := u.Idle(ctx)
			cancel()
			if kept() {
				break
			}
			if err == nil {
				err = u.Service(a.within())
			}
			if err != nil {
				a.Fatal(err)
			}
		}
		a.finding(amf.FindingChurn)
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
		whole, err := ngap.Append(nil, m)
		if err != nil {
			a.Fatal(err)
		}
		for i := range ident.RANUENGAPID(60) { // each keeps what the radio was when it began
			a.octets(whole)
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
}

// confusions are messages at the wrong moment.
func (x *siege) confusions(t *testing.T) {
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
