package node

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"slices"
	"testing"

	"cordon/aka"
	"cordon/amf"
	"cordon/ident"
	"cordon/ran"
	"cordon/smf"
	"cordon/wire/nas"
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
	c := a.fresh.Groups[0].Phone.Conceal
	s, err := aka.Conceal(rand.Reader, a.fresh.Groups[0].First+599, a.siege.cfg.PLMN, c.Routing, c.Scheme, c.KeyID, c.Public)
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
