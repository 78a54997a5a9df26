package node

import (
	"net/netip"
	"slices"
	"testing"

	"cordon/amf"
	"cordon/ident"
	"cordon/ran"
	"cordon/wire/ngap"
)

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
	x.run(t, "N2-42_a_radio_capability_of_any_size", func(a *attack) {
		u := a.mallory()
		s := a.see(a.T, u)
		for _, n := range []int{0, 1, 64 << 10, 64<<10 + 1, 200 << 10} {
			a.inject(u, &ngap.UERadioCapabilityInfoIndication{AMFUENGAPID: s.AMF, RANUENGAPID: s.RAN, UERadioCapability: make([]byte, n)})
		}
		a.dropped(amf.ReasonTooLarge)
	})
}

// redirections are tunnel endpoints that are not the radio's.
func (x *siege) redirections(t *testing.T) {
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
}
