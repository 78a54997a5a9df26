package node

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"cordon/amf"
	"cordon/ident"
	"cordon/ran"
	"cordon/smf"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// protections are attacks on what is sent under keys.
func (x *siege) protections(t *testing.T) {
	x.run(t, "N1-12_a_first_message_altered_on_its_way", func(a *attack) {
		u := a.newcomer(a.T, a.other)
		a.phones = append(a.phones, u)
		a.altering(u, func(m *nas.RegistrationRequest) { m.FollowOn = !m.FollowOn })
		if err := u.Register(a.within()); err != nil {
			a.Error(err)
		}
		a.finding(amf.FindingTampered)
	})
	x.run(t, "N1-48_capabilities_altered_on_their_way", func(a *attack) {
		u := a.newcomer(a.T, a.other)
		a.altering(u, func(m *nas.RegistrationRequest) { m.Security = capable })
		if err := u.Register(a.within()); err == nil {
			a.Error("registered with capabilities that are not the phone's")
		}
		a.finding(amf.FindingBiddingDown)
	})
	x.run(t, "N1-14_everything_twice", func(a *attack) {
		a.tampers(func(m ngap.Message) []ngap.Message {
			if up, ok := m.(*ngap.UplinkNASTransport); ok {
				return []ngap.Message{m, up}
			}
			return []ngap.Message{m}
		})
		u := a.mallory()
		a.finding(amf.FindingMAC)
		if err := u.Echo(a.within(), 1, testEcho); err != nil {
			a.Error(err)
		}
	})
	x.run(t, "N1-15_a_COUNT_from_far_back", func(a *attack) {
		u := a.mallory()
		b, _ := u.Seal(a.Context(), &nas.MMStatus{Cause: nas.CauseProtocol})
		for back := range byte(255) {
			forged := slices.Clone(b)
			forged[6] -= back + 1
			u.SendNAS(a.Context(), forged)
		}
		a.finding(amf.FindingMAC)
		if a.counts()["amf_drops reported"] != a.before["amf_drops reported"] {
			a.Error("a forged message was accepted")
		}
		u.SendNAS(a.Context(), b)
		a.dropped(amf.ReasonReported) // the genuine one
	})
	x.run(t, "N2-47_NAS_made_by_the_radio", func(a *attack) {
		u := a.mallory()
		for _, m := range []nas.Message{&nas.DeregistrationRequestUE{Kind: nas.Deregister3GPP | nas.SwitchOff, Identity: guti(a.see(a.T, u).GUTI)}, &nas.RegistrationComplete{}, a.request(u)} {
			b := a.plain(m)
			u.SendNAS(a.Context(), b)
			for kind := range byte(6) {
				u.SendNAS(a.Context(), append([]byte{0x7e, kind, 1, 2, 3, 4, 5}, b...))
			}
		}
		a.finding(amf.FindingMAC)
		a.dropped(amf.ReasonUnprotected)
		if got := a.core(a.T, u); !got.Connected || len(got.Sessions) != 1 {
			a.Errorf("the device is now %+v", got)
		}
		if err := u.Echo(a.within(), 1, testEcho); err != nil {
			a.Error(err)
		}
	})
}

// request is a registration as the phone would make it.
func (a *attack) request(u *ran.UE) *nas.RegistrationRequest {
	return &nas.RegistrationRequest{Kind: nas.RegistrationMobility, Identity: guti(a.see(a.T, u).GUTI), Security: capable}
}

// establishment is a PDU SESSION ESTABLISHMENT REQUEST with whatever follows its first element.
func establishment(psi ident.PDUSessionID, pti byte, rest ...byte) []byte {
	return append([]byte{0x2e, byte(psi), pti, 0xc1, 0xff, 0xff}, rest...)
}

// requests are what a registered device asks for and should not.
func (x *siege) requests(t *testing.T) {
	// asks has a registered subscriber send a message, after which everything it has works as before.
	asks := func(name string, then func(*attack), all ...*nas.ULNASTransport) {
		x.run(t, name, func(a *attack) {
			u := a.mallory()
			was := fmt.Sprintf("%+v", a.core(a.T, u))
			for _, m := range all {
				a.seals(u, m)
			}
			then(a)
			if err := u.Echo(a.within(), 1, testEcho); err != nil {
				a.Error(err)
			}
			if now := fmt.Sprintf("%+v", a.core(a.T, u)); now != was {
				a.Errorf("the core now has of the device\n%s\nand had\n%s", now, was)
			}
		})
	}
	refused := func(a *attack) {
		a.Helper()
		of := func(c map[string]float64) float64 { return c["amf_drops refused"] + c["smf_drops refused"] }
		if !eventually(func() bool { return of(a.counts()) > of(a.before) }) {
			a.Fatal("nothing is refused")
		}
	}
	change := []byte{0x2e, 9, 1, 0xc9}
	asks("N1-33_a_session_that_is_not_there", refused, sm(9, 0, change))
	asks("N1-33_no_payload", refused, sm(9, 0, []byte{0x2e}))
	asks("N1-35_an_existing_session_of_somebody", refused, sm(9, nas.RequestExisting, establishment(9, 1)))
	asks("N1-35_a_session_number_that_none_can_have", refused, sm(0, nas.RequestInitial, establishment(0, 1)), sm(16, nas.RequestInitial, establishment(16, 1)), sm(255, nas.RequestExisting, establishment(255, 1)))
	malformed := func(a *attack) { a.smDropped(smf.ReasonBadN1) }
	asks("N1-36_options_longer_than_their_element", func(*attack) {}, sm(9, 0, append(change, 0x7b, 0, 4, 0x80, 0, 0x0d, 0xff)))
	asks("N1-36_element_longer_than_the_message", func(*attack) {}, sm(1, 0, []byte{0x2e, 1, 1, 0xc9, 0x7b, 0xff, 0xff, 0x80}))
	asks("N1-36_cut_off", malformed, sm(1, 0, []byte{0x2e, 1, 1}), sm(1, nas.RequestInitial, []byte{0x2e, 1, 1, 0xc1, 0xff}))
	asks("N1-38_transaction_0_for_a_session_that_stands", func(a *attack) { a.smDropped(smf.ReasonPTI) }, sm(1, nas.RequestInitial, establishment(1, 0)))
	asks("N1-38_transaction_255", func(a *attack) { a.smDropped(smf.ReasonPTI) }, sm(1, nas.RequestInitial, establishment(1, 255)), sm(1, 0, []byte{0x2e, 1, 255, 0xd1}))
	asks("N1-38_answers_to_nothing", func(a *attack) { a.smDropped(smf.ReasonState) },
		sm(1, 0, []byte{0x2e, 1, 7, 0xd4}), sm(1, 0, []byte{0x2e, 1, 0, 0xcc}), sm(1, 0, []byte{0x2e, 1, 7, 0xcd, 36}))
	asks("N1-38_another_session_inside", func(a *attack) { a.smDropped(smf.ReasonNoSession) }, sm(1, nas.RequestInitial, establishment(2, 1)), sm(1, 0, []byte{0x2e, 2, 1, 0xd1}))
	other := ident.SNSSAI{SST: 9, SD: ident.NoSD}
	asks("N1-39_a_slice_that_is_not_allowed", refused, &nas.ULNASTransport{PayloadType: nas.PayloadSM, Payload: establishment(9, 1), Session: 9, Request: nas.RequestInitial, Slice: &other})
	asks("N1-39_a_network_that_is_not_subscribed", refused, &nas.ULNASTransport{PayloadType: nas.PayloadSM, Payload: establishment(9, 1), Session: 9, Request: nas.RequestInitial, DNN: "ims"})
	for kind := nas.PayloadType(2); kind < 16; kind++ {
		asks(fmt.Sprintf("N1-44_payload_of_type_%d", kind), func(a *attack) {},
			&nas.ULNASTransport{PayloadType: kind, Payload: []byte{1}}, &nas.ULNASTransport{PayloadType: kind, Payload: bytes.Repeat([]byte{0xff}, 60<<10)})
	}
	x.run(t, "N1-41_all_sessions_and_all_addresses", func(a *attack) {
		u := a.mallory()
		for psi := ident.PDUSessionID(2); psi < 16; psi++ {
			if err := u.Do(a.Context(), ran.OpenSession{PSI: psi, SessionConfig: ran.SessionConfig{DNN: "tiny"}}); err != nil {
				a.Fatal(err)
			}
		}
		pool := a.pools["tiny"].v4
		if !eventually(func() bool {
			pool.mu.Lock()
			defer pool.mu.Unlock()
			return pool.inUse == pool.count && a.counts()["smf_drops refused"]-a.before["smf_drops refused"] == float64(14-pool.count)
		}) {
			a.Error("the pool is not used up")
		}
		a.leave(u)
		if !eventually(func() bool { pool.mu.Lock(); defer pool.mu.Unlock(); return pool.inUse == 0 }) {
			a.Error("addresses are not given back")
		}
	})
}

// tiny is a data network with five addresses.
var tiny = NetworkConfig{Name: "tiny", Pool: netip.MustParsePrefix("10.46.0.0/29"), MTU: 1400, DNS: []netip.Addr{netip.MustParseAddr("198.18.0.53")}}
