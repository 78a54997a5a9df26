package node

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"cordon/aka"
	"cordon/amf"
	"cordon/ident"
	"cordon/ran"
	"cordon/smf"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// capable is what every device has: EA0 to EA2 and IA1, IA2.
var capable, _ = nas.NewUESecurityCapability([]byte{0xe0, 0x60})

// register is a request to register in clear.
func (a *attack) register(id nas.MobileIdentity, change ...func(*nas.RegistrationRequest)) []byte {
	a.Helper()
	m := &nas.RegistrationRequest{Kind: nas.RegistrationInitial, KSI: 7, Identity: id, Security: capable}
	for _, f := range change {
		f(m)
	}
	return a.plain(m)
}

// suci is the concealed identity of a subscriber who has no phone.
func (a *attack) suci() nas.MobileIdentity {
	a.Helper()
	c := a.fresh.Phone.Conceal
	s, err := aka.Conceal(rand.Reader, a.fresh.First+599, a.siege.cfg.PLMN, c.Routing, c.Scheme, c.KeyID, c.Public)
	if err != nil {
		a.Fatal(err)
	}
	return nas.MobileIdentity{Type: nas.IdentitySUCI, SUCI: s}
}

func guti(g ident.GUTI) nas.MobileIdentity {
	return nas.MobileIdentity{Type: nas.IdentityGUTI, GUTI: g}
}

// stranger is a temporary identity that this core did not give out.
func (a *attack) stranger() nas.MobileIdentity {
	g := a.status.GUTI
	g.TMSI ^= 0x5a5a5a5a
	return guti(g)
}

// challenged begins a registration on b and gives the connection on which a challenge came.
func (a *attack) challenged(id ident.RANUENGAPID, who nas.MobileIdentity) ident.AMFUENGAPID {
	a.Helper()
	a.arrives(id, a.register(who))
	_, down := told[*nas.AuthenticationRequest](a)
	return down.AMFUENGAPID
}

// seals protects NAS as the phone would, and sends it.
func (a *attack) seals(u *ran.UE, m nas.Message) {
	a.Helper()
	b, err := u.Seal(a.Context(), m)
	if err == nil {
		err = u.SendNAS(a.Context(), b)
	}
	if err != nil {
		a.Fatal(err)
	}
}

// sm wraps a 5GSM message for a session.
func sm(psi ident.PDUSessionID, request nas.RequestType, payload []byte) *nas.ULNASTransport {
	return &nas.ULNASTransport{PayloadType: nas.PayloadSM, Payload: payload, Session: psi, Request: request}
}

func (a *attack) smDropped(r smf.Reason) { a.Helper(); a.counted("smf_drops " + r.String()) }

func TestHostileN1(t *testing.T) {
	x := besiege(t)
	x.beginnings(t)
	x.authentications(t)
	x.identities(t)
	x.protections(t)
	x.requests(t)
}

// beginnings are first messages that cannot be.
func (x *siege) beginnings(t *testing.T) {
	x.run(t, "N1-01_no_NAS", func(a *attack) {
		a.arrives(1, nil)
		a.dropped(amf.ReasonMalformed)
		a.released(1)
	})
	x.run(t, "N1-02_shorter_than_its_security_header", func(a *attack) {
		for kind := range byte(6) {
			for n := range 7 {
				id := ident.RANUENGAPID(kind)<<8 | ident.RANUENGAPID(n)
				a.arrives(id, append([]byte{0x7e, kind}, 0x5f, 0x74, 1, 2, 3, 4)[:n])
				a.released(id)
			}
		}
	})
	x.run(t, "N1-04_identity_of_another_type_than_said", func(a *attack) {
		for i, b := range [][]byte{a.register(a.suci()), a.register(a.stranger())} {
			for kind := range byte(16) {
				b[6] = b[6]&0xf0 | kind
				a.arrives(ident.RANUENGAPID(i)<<8|ident.RANUENGAPID(kind), b)
			}
		}
	})
	x.run(t, "N1-05_capabilities_of_no_length", func(a *attack) {
		bare := a.register(a.suci(), func(m *nas.RegistrationRequest) { m.Security = nas.UESecurityCapability{} })
		for i, n := range []byte{0, 1, 9, 255} {
			a.arrives(ident.RANUENGAPID(i), slices.Concat(bare, []byte{0x2e, n}, bytes.Repeat([]byte{0xff}, int(min(n, 9)))))
			told[*nas.RegistrationReject](a)
			a.released(ident.RANUENGAPID(i))
		}
		u := a.newcomer(a.T, a.other)
		a.altering(u, func(m *nas.RegistrationRequest) { m.Security = nas.UESecurityCapability{} })
		if err := u.Register(a.within()); err == nil {
			a.Error("a phone without capabilities is registered")
		}
	})
	for _, c := range []struct {
		name   string
		ea, ia byte
	}{
		{"N1-06_no_ciphering", 0, 0x60}, {"N1-06_no_integrity", 0xe0, 0}, {"N1-06_without_EA2", 0xc0, 0x60},
		{"N1-06_without_IA2", 0xe0, 0x40}, {"N1-07_null_algorithms_only", 0x80, 0x80},
	} {
		x.run(t, c.name, func(a *attack) {
			caps, _ := nas.NewUESecurityCapability([]byte{c.ea, c.ia})
			a.arrives(1, a.register(a.suci(), func(m *nas.RegistrationRequest) { m.Security = caps }))
			if m, _ := told[*nas.RegistrationReject](a); m.Cause != nas.CauseCapabilitiesMismatch {
				a.Errorf("refused with cause %d", m.Cause)
			}
			a.released(1)
			a.finding(amf.FindingCapability)
		})
	}
	x.run(t, "N1-29_any_message_that_may_not_come_first", func(a *attack) {
		for kind := range 256 {
			switch nas.MessageType(kind) {
			case nas.TypeRegistrationRequest, nas.TypeServiceRequest, nas.TypeDeregistrationRequestUE, nas.TypeControlPlaneServiceRequest:
				continue
			}
			a.arrives(ident.RANUENGAPID(kind), []byte{0x7e, 0, byte(kind), 1, 0, 0, 0, 0, 0, 0, 0, 0})
			a.released(ident.RANUENGAPID(kind))
		}
	})
	x.run(t, "N1-31_reserved_registration_types", func(a *attack) {
		for kind := range nas.RegistrationType(8) {
			for _, followOn := range []bool{false, true} {
				id := ident.RANUENGAPID(kind) << 1
				if followOn {
					id++
				}
				a.arrives(id, a.register(a.stranger(), func(m *nas.RegistrationRequest) { m.Kind, m.FollowOn = kind, followOn }))
				if kind < nas.RegistrationEmergency {
					told[*nas.IdentityRequest](a)
				}
			}
		}
	})
	x.run(t, "N1-45_emergency", func(a *attack) {
		a.arrives(1, a.register(a.suci(), func(m *nas.RegistrationRequest) { m.Kind = nas.RegistrationEmergency }))
		told[*nas.RegistrationReject](a)
		a.released(1)
		u := a.mallory()
		a.seals(u, sm(9, nas.RequestInitialEmergency, establishment(9, 1)))
		a.dropped(amf.ReasonRefused)
	})
}

// altering changes a phone's first message on its way to the core.
func (a *attack) altering(u *ran.UE, f func(*nas.RegistrationRequest)) {
	a.Helper()
	if err := u.Tamper(a.Context(), func(b []byte) [][]byte {
		m, _, err := nas.Parse(b)
		if req, ok := m.(*nas.RegistrationRequest); ok && err == nil {
			f(req)
			b, _ = nas.Append(nil, req)
		}
		return [][]byte{b}
	}); err != nil {
		a.Fatal(err)
	}
}

// authentications are answers to challenges, given and not.
func (x *siege) authentications(t *testing.T) {
	x.run(t, "N1-08_complete_before_authentication", func(a *attack) {
		c := a.challenged(1, a.suci())
		complete := a.plain(&nas.SecurityModeComplete{})
		for _, b := range [][]byte{
			complete, append([]byte{0x7e, 3, 0, 0, 0, 0, 0}, complete...), append([]byte{0x7e, 4, 0, 0, 0, 0, 0}, complete...),
			a.plain(&nas.RegistrationComplete{}), append([]byte{0x7e, 2, 0, 0, 0, 0, 0}, a.plain(&nas.RegistrationComplete{})...),
		} {
			a.says(c, 1, b)
		}
		a.dropped(amf.ReasonUnprotected)
		a.silence()
	})
	x.run(t, "N1-09_complete_instead_of_an_identity", func(a *attack) {
		a.arrives(1, a.register(a.stranger()))
		_, down := told[*nas.IdentityRequest](a)
		a.says(down.AMFUENGAPID, 1, a.plain(&nas.RegistrationComplete{}))
		a.dropped(amf.ReasonUnprotected)
		a.says(down.AMFUENGAPID, 1, a.plain(&nas.IdentityResponse{Identity: a.suci()}))
		told[*nas.AuthenticationRequest](a)
	})
	x.run(t, "N1-24_resynchronisation_that_nobody_asked_for", func(a *attack) {
		u := a.mallory()
		a.seals(u, &nas.AuthenticationFailure{Cause: nas.CauseSynchFailure, AUTS: &[14]byte{1}})
		a.dropped(amf.ReasonState)
	})
	x.run(t, "N1-25_resynchronisation_again_and_again", func(a *attack) {
		c := a.challenged(1, a.suci())
		a.says(c, 1, a.plain(&nas.AuthenticationFailure{Cause: nas.CauseSynchFailure, AUTS: &[14]byte{1}}))
		told[*nas.AuthenticationReject](a)
		a.released(1)
		a.finding(amf.FindingAuth)
	})
	for i, c := range []struct {
		name string
		pdu  []byte
		wait bool // the challenge stands
	}{
		{"no_RES", []byte{0x7e, 0, 0x57}, false},
		{"RES_of_4", []byte{0x7e, 0, 0x57, 0x2d, 4, 1, 2, 3, 4}, false},
		{"RES_of_15", append([]byte{0x7e, 0, 0x57, 0x2d, 15}, make([]byte, 15)...), false},
		{"RES_of_17", append([]byte{0x7e, 0, 0x57, 0x2d, 17}, make([]byte, 17)...), false},
		{"no_AUTS", []byte{0x7e, 0, 0x59, 21}, true},
		{"AUTS_of_13", append([]byte{0x7e, 0, 0x59, 21, 0x30, 13}, make([]byte, 13)...), true},
		{"AUTS_of_15", append([]byte{0x7e, 0, 0x59, 21, 0x30, 15}, make([]byte, 15)...), true},
	} {
		x.run(t, "N1-26_"+c.name, func(a *attack) {
			id := ident.RANUENGAPID(i)
			conn := a.challenged(id, a.suci())
			a.says(conn, id, c.pdu)
			if c.wait {
				a.dropped(amf.ReasonMalformed)
				a.silence()
				return
			}
			told[*nas.AuthenticationReject](a)
			a.released(id)
		})
	}
	x.run(t, "N1-28_identity_first", func(a *attack) {
		a.arrives(1, a.plain(&nas.IdentityResponse{Identity: a.suci()}))
		a.released(1)
		c := a.challenged(2, a.suci())
		a.says(c, 2, a.plain(&nas.IdentityResponse{Identity: a.suci()}))
		a.dropped(amf.ReasonState)
		a.silence()
	})
}

// identities are names that are not the sender's, or nobody's.
func (x *siege) identities(t *testing.T) {
	x.run(t, "N1-18_the_victim_s_temporary_identity", func(a *attack) {
		a.challenged(1, guti(a.status.GUTI))
	})
	x.run(t, "N1-19_and_a_wrong_answer", func(a *attack) {
		c := a.challenged(1, guti(a.status.GUTI))
		a.says(c, 1, a.plain(&nas.AuthenticationResponse{RES: &[16]byte{1}}))
		told[*nas.IdentityRequest](a)
		a.finding(amf.FindingAuth)
		c = a.challenged(2, guti(a.status.GUTI))
		a.says(c, 2, a.plain(&nas.AuthenticationFailure{Cause: nas.CauseMACFailure}))
		told[*nas.IdentityRequest](a)
	})
	x.run(t, "N1-17_a_farewell_in_the_victim_s_name", func(a *attack) {
		for i, kind := range []nas.DeregistrationType{nas.Deregister3GPP, nas.Deregister3GPP | nas.SwitchOff} {
			bye := a.plain(&nas.DeregistrationRequestUE{Kind: kind, KSI: 1, Identity: guti(a.status.GUTI)})
			for j, head := range [][]byte{nil, {0x7e, 1, 1, 2, 3, 4, 5}, {0x7e, 2, 1, 2, 3, 4, 5}} {
				id := ident.RANUENGAPID(i)<<4 | ident.RANUENGAPID(j)
				a.arrives(id, slices.Concat(head, bye))
				a.released(id)
			}
			c := a.challenged(0x100, guti(a.status.GUTI))
			a.says(c, 0x100, bye)
			a.released(0x100)
		}
	})
	x.run(t, "N1-18_a_service_request_in_the_victim_s_name", func(a *attack) {
		b := a.plain(&nas.ServiceRequest{KSI: 1, Service: nas.ServiceSignalling, STMSI: a.status.GUTI.STMSI()})
		for i, head := range [][]byte{nil, {0x7e, 1, 1, 2, 3, 4, 5}} {
			a.arrives(ident.RANUENGAPID(i), slices.Concat(head, b))
			told[*nas.ServiceReject](a)
			a.released(ident.RANUENGAPID(i))
		}
	})
	good := func(a *attack) ident.SUCI { s := a.suci().SUCI; s.Output = slices.Clone(s.Output); return s }
	for _, c := range []struct {
		name string
		make func(ident.SUCI) ident.SUCI
	}{
		{"N1-21_key_of_zeros", func(s ident.SUCI) ident.SUCI { clear(s.Output[:32]); return s }},
		{"N1-21_point_not_on_the_curve", func(s ident.SUCI) ident.SUCI {
			s.Scheme, s.Output = ident.SchemeProfileB, slices.Concat([]byte{2}, bytes.Repeat([]byte{0xff}, 32), s.Output[32:])
			return s
		}},
		{"N1-21_too_short", func(s ident.SUCI) ident.SUCI { s.Output = s.Output[:20]; return s }},
		{"N1-21_wrong_tag", func(s ident.SUCI) ident.SUCI { s.Output[len(s.Output)-1]++; return s }},
		{"N1-22_null_scheme", func(s ident.SUCI) ident.SUCI {
			s.Scheme, s.KeyID, s.Output = ident.SchemeNull, 0, []byte{0, 0, 0, 0, 0x10}
			return s
		}},
		{"N1-22_unknown_key", func(s ident.SUCI) ident.SUCI { s.KeyID = 99; return s }},
		{"N1-22_reserved_scheme", func(s ident.SUCI) ident.SUCI { s.Scheme = 7; return s }},
		{"N1-23_foreign_network", func(s ident.SUCI) ident.SUCI { s.PLMN, _ = ident.ParsePLMN("99970"); return s }},
	} {
		x.run(t, c.name, func(a *attack) {
			a.arrives(1, a.register(nas.MobileIdentity{Type: nas.IdentitySUCI, SUCI: c.make(good(a))}))
			told[*nas.RegistrationReject](a)
			a.released(1)
		})
	}
	x.run(t, "N1-21_3000_octets", func(a *attack) {
		long := binary.BigEndian.AppendUint16([]byte{0x7e, 0, 0x41, 0x79}, 8+3000)
		a.arrives(1, slices.Concat(long, a.register(a.suci())[6:14], make([]byte, 3000), []byte{0x2e, 2, 0xe0, 0x60}))
		a.released(1)
	})
	x.run(t, "N1-23_MSIN_of_no_digits", func(a *attack) {
		b := slices.Concat([]byte{0x7e, 0, 0x41, 0x79, 0, 13}, a.register(a.suci())[6:12], []byte{0, 0, 0xab, 0xcd, 0xef, 0xff, 0xff}, []byte{0x2e, 2, 0xe0, 0x60})
		a.arrives(1, b)
		a.released(1)
	})
	x.run(t, "N1-23_routing_indicator_of_no_digits", func(a *attack) {
		b := a.register(a.suci())
		at := bytes.Index(b, []byte{0xf0, 0xff})
		b[at], b[at+1] = 0xba, 0xdc
		a.arrives(1, b)
		a.released(1)
	})
	x.run(t, "N1-32_temporary_identities_of_others", func(a *attack) {
		own := a.status.GUTI
		for i, change := range []func(*ident.GUTI){
			func(g *ident.GUTI) { g.GUAMI.Region++ }, func(g *ident.GUTI) { g.GUAMI.Set++ },
			func(g *ident.GUTI) { g.GUAMI.Pointer++ }, func(g *ident.GUTI) { g.GUAMI.PLMN, _ = ident.ParsePLMN("99970") },
		} {
			g := own
			change(&g)
			a.arrives(ident.RANUENGAPID(i), a.register(guti(g)))
			told[*nas.IdentityRequest](a)
		}
	})
	x.run(t, "N1-42_half_open_for_ever", func(a *attack) {
		for i := range 6000 {
			a.flood(ident.RANUENGAPID(i), a.register(a.stranger()))
		}
		a.finding(amf.FindingFlood)
		if n := a.halfOpen(); n > 2048*len(a.shards) {
			a.Errorf("%d connections have proven nothing", n)
		}
		a.survives(a.T) // while they are there
	})
}

// flood sends a first message as fast as the transport takes it.
func (a *attack) flood(id ident.RANUENGAPID, pdu []byte) {
	if !eventually(func() bool { return a.b.Initial(a.cfg, id, pdu) == nil || a.b.Ended() }) {
		a.Fatal("the transport takes no more")
	}
}

func (a *attack) halfOpen() int {
	load, err := a.Load(a.Context())
	if err != nil {
		a.Fatal(err)
	}
	return load.HalfOpen
}

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
		pool := a.pools["tiny"]
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
