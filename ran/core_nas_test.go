package ran

import (
	"cmp"
	"time"

	"cordon/aka"
	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// message is the test core's mobility management.
func (u *testConn) message(m nas.Message) {
	c := u.core
	if c.hook != nil && c.hook(u, m) {
		return
	}
	switch m := m.(type) {
	case *nas.RegistrationRequest:
		u.request = m
		switch {
		case u.dev != nil && m.Kind != nas.RegistrationInitial && m.UplinkData != nil:
			u.setUp(u.filled(&nas.RegistrationAccept{}), u.sessions()...)
		case u.dev != nil && m.Kind != nas.RegistrationInitial && m.FollowOn:
			u.setUp(u.filled(&nas.RegistrationAccept{}))
		case u.dev != nil && m.Kind != nas.RegistrationInitial:
			u.accept()
		case u.dev != nil:
			u.context(&nas.RegistrationAccept{})
		case m.Identity.Type == nas.IdentitySUCI:
			u.identified(m.Identity.SUCI)
		default:
			u.down(&nas.IdentityRequest{Identity: nas.IdentitySUCI}, nas.HeaderPlain)
		}
	case *nas.IdentityResponse:
		u.identified(m.Identity.SUCI)
	case *nas.AuthenticationFailure:
		u.failed(m)
	case *nas.AuthenticationResponse:
		u.answered(m)
	case *nas.SecurityModeComplete:
		whole, _, err := nas.Parse(m.Container)
		if err != nil {
			c.t.Errorf("Security Mode Complete's container: %v", err)
			return
		}
		u.request, u.access = whole.(*nas.RegistrationRequest), 0
		u.context(&nas.RegistrationAccept{})
	case *nas.RegistrationComplete:
		c.devices[u.dev.guti.TMSI] = u.dev
	case *nas.ServiceRequest:
		u.service(m)
	case *nas.ULNASTransport:
		u.sm(m)
	case *nas.DeregistrationRequestUE:
		delete(c.devices, u.dev.guti.TMSI)
		if m.Kind&nas.SwitchOff == 0 {
			u.down(&nas.DeregistrationAcceptUE{}, nas.HeaderCiphered)
		}
		u.release(ngap.CauseNASDeregister)
	}
}

func (u *testConn) identified(s ident.SUCI) {
	supi, err := u.core.key.Deconceal(s)
	if err != nil {
		u.core.t.Errorf("SUCI: %v", err)
		return
	}
	u.dev = &testDevice{supi: supi, ksi: (u.request.KSI + 1) % 7, caps: u.request.Security, sessions: map[ident.PDUSessionID]*testSession{}}
	u.challenge()
}

func (u *testConn) challenge() {
	c := u.core
	c.seq++
	u.av = aka.BuildAUTN(c.sim, random16(), aka.MakeSQN(c.seq, 0), [2]byte{0x80, 0})
	m := &nas.AuthenticationRequest{KSI: u.dev.ksi, ABBA: []byte{0, 0}}
	if c.eap {
		u.eap = aka.NewEAPServer(1, u.av, testPLMN.ServingNetworkName(), u.dev.supi)
		m.EAP = u.eap.Challenge()
	} else {
		m.RAND, m.AUTN = &u.av.RAND, &u.av.AUTN
	}
	u.down(m, nas.HeaderPlain)
}

func (u *testConn) failed(m *nas.AuthenticationFailure) {
	if m.Cause != nas.CauseSynchFailure || m.AUTS == nil {
		u.core.t.Errorf("authentication failure: %v", m.Cause)
		return
	}
	u.resync(*m.AUTS)
}

func (u *testConn) resync(auts [14]byte) {
	sqn, err := aka.OpenAUTS(u.core.sim, u.av.RAND, auts)
	if err != nil {
		u.core.t.Errorf("AUTS: %v", err)
		return
	}
	u.core.seq = sqn.SEQ()
	u.challenge()
}

func (u *testConn) answered(m *nas.AuthenticationResponse) {
	snn := testPLMN.ServingNetworkName()
	var kausf aka.Key
	if u.core.eap {
		r := u.eap.Handle(m.EAP)
		switch {
		case r.Verdict == aka.EAPVerified:
			kausf = r.KAUSF
		case r.Verdict == aka.EAPResync:
			u.resync(r.AUTS)
			return
		default:
			u.core.t.Errorf("EAP: %v", r.Why)
			return
		}
		u.dev.kamf = aka.KAMF(aka.KSEAF(kausf, snn), u.dev.supi, []byte{0, 0})
		u.command(r.Reply)
		return
	}
	want := aka.RESStar(u.av.CK, u.av.IK, snn, u.av.RAND, u.av.XRES)
	if m.RES == nil || *m.RES != want {
		u.core.t.Errorf("wrong RES*")
		return
	}
	kausf = aka.KAUSF(u.av.CK, u.av.IK, snn, u.av.SQNAK())
	u.dev.kamf = aka.KAMF(aka.KSEAF(kausf, snn), u.dev.supi, []byte{0, 0})
	u.command(nil)
}

// command sends the Security Mode Command of a device that proved itself.
func (u *testConn) command(eap []byte) {
	d := u.dev
	d.sec = nas.Security{Integrity: aka.AlgAES, Ciphering: u.core.nea, Side: nas.Network,
		KNASint: aka.AlgorithmKey(d.kamf, aka.NASInt, aka.AlgAES), KNASenc: aka.AlgorithmKey(d.kamf, aka.NASEnc, u.core.nea)}
	imeisv := nas.IMEISVRequested
	u.down(&nas.SecurityModeCommand{Integrity: aka.AlgAES, Ciphering: u.core.nea, KSI: d.ksi, Replayed: d.caps,
		IMEISVRequest: &imeisv, EAP: eap}, nas.HeaderNewIntegrity)
}

// accept fills in and gives a Registration Accept.
func (u *testConn) accept() { u.down(u.filled(&nas.RegistrationAccept{}), nas.HeaderCiphered) }

func (u *testConn) filled(a *nas.RegistrationAccept) *nas.RegistrationAccept {
	c := u.core
	delete(c.devices, u.dev.guti.TMSI)
	c.nextTMSI += 7919
	u.dev.guti = ident.GUTI{GUAMI: c.guami, TMSI: c.nextTMSI}
	c.devices[u.dev.guti.TMSI] = u.dev
	t3512 := 6 * time.Minute
	guti := u.dev.guti
	a.Result, a.GUTI, a.T3512 = nas.Registered3GPP, &guti, &t3512
	if a.TAIs = c.area; a.TAIs == nil {
		a.TAIs = []ident.TAI{u.tai}
	}
	a.ServiceAreas = c.services
	a.AllowedNSSAI = []ident.SNSSAI{testSlice}
	if u.request.Kind != nas.RegistrationInitial {
		a.SessionStatus = u.status()
	}
	return a
}

func (u *testConn) status() *nas.PDUSessions {
	var set nas.PDUSessions
	for psi := range u.dev.sessions {
		set = set.With(psi)
	}
	return &set
}

// context sets the radio's context up with a NAS message in it.
func (u *testConn) context(m nas.Message, setup ...ngap.PDUSessionSetup) {
	if a, ok := m.(*nas.RegistrationAccept); ok {
		u.dev.sessions = map[ident.PDUSessionID]*testSession{}
		m = u.filled(a)
	}
	u.setUp(m, setup...)
}

func (u *testConn) setUp(m nas.Message, setup ...ngap.PDUSessionSetup) {
	key := aka.KgNB(u.dev.kamf, u.access, aka.Access3GPP)
	key[0] ^= map[bool]byte{true: 1}[u.core.wrongKey]
	nea, nia, eea, eia := u.dev.caps.NGAP()
	u.core.send(u.conn, &ngap.InitialContextSetupRequest{
		AMFUENGAPID: u.amf, RANUENGAPID: u.ran, GUAMI: u.core.guami, AllowedNSSAI: []ident.SNSSAI{testSlice},
		UESecurityCapabilities: ngap.UESecurityCapabilities{NREncryption: nea, NRIntegrity: nia, EUTRAEncryption: eea, EUTRAIntegrity: eia},
		SecurityKey:            key, NASPDU: u.protect(m, nas.HeaderCiphered), Setup: setup,
		UEAMBR: &ngap.BitRates{DL: 1e9, UL: 1e9}, MobilityRestrictions: u.core.mobility,
	}, 1)
}

// sessions are what the device's user plane takes.
func (u *testConn) sessions() (setup []ngap.PDUSessionSetup) {
	for psi, s := range u.dev.sessions {
		setup = append(setup, ngap.PDUSessionSetup{ID: psi, SNSSAI: testSlice, Transfer: u.core.transfer(s)})
	}
	return setup
}

func (u *testConn) service(m *nas.ServiceRequest) {
	if u.core.forgetful || u.dev == nil {
		u.down(&nas.ServiceReject{Cause: nas.CauseIdentityUnderivable}, nas.HeaderPlain)
		u.release(ngap.CauseNASNormalRelease)
		return
	}
	u.context(&nas.ServiceAccept{SessionStatus: u.status()}, u.sessions()...)
}

func (c *testCore) transfer(s *testSession) []byte {
	s.downTEID = 0 // until the radio says where
	return must(ngap.AppendTransfer(nil, &ngap.PDUSessionResourceSetupRequestTransfer{
		AMBR: &ngap.BitRates{DL: 1e9, UL: 1e9},
		UL:   ngap.GTPTunnel{Addr: c.addr.Addr(), TEID: s.teid},
		Type: ngap.PDUSessionType(s.kind - 1), // of the same order
		QosFlows: []ngap.QosFlow{{QFI: 1, Parameters: &ngap.QosParameters{
			NonDynamic: &ngap.NonDynamic5QI{FiveQI: 9}, ARP: ngap.ARP{Level: 8}}}},
	}))
}

// sm is the test core's session management.
func (u *testConn) sm(m *nas.ULNASTransport) {
	h, sm, _, err := nas.ParseSM(m.Payload)
	if err != nil {
		u.core.t.Errorf("5GSM %x: %v", m.Payload, err)
		return
	}
	switch sm := sm.(type) {
	case *nas.PDUSessionEstablishmentRequest:
		if u.core.reject != nil {
			u.downSM(h, u.core.reject)
			return
		}
		if u.core.noSession {
			u.downSM(h, &nas.PDUSessionEstablishmentReject{Cause: nas.SMCauseUnknownDNN})
			return
		}
		u.establish(h, sm)
	case *nas.PDUSessionReleaseRequest:
		u.drop(h, nas.SMCauseRegular)
	}
}

func (u *testConn) establish(h nas.SMHeader, m *nas.PDUSessionEstablishmentRequest) {
	c := u.core
	c.nextTEID++
	s := &testSession{psi: h.Session, teid: c.nextTEID, kind: cmp.Or(c.kind, m.SessionType)}
	address := &nas.PDUAddress{Type: s.kind}
	if s.kind != nas.PDUSessionIPv6 {
		s.addr = addrOf(c.nextTEID)
		address.IPv4 = s.addr
	}
	if s.kind != nas.PDUSessionIPv4 {
		address.InterfaceID = testID
	}
	c.tunnels[s.teid] = s
	u.dev.sessions[h.Session] = s
	accept := &nas.PDUSessionEstablishmentAccept{SessionType: s.kind, SSC: 1,
		Rules:   []nas.QoSRule{{ID: 1, Op: nas.RuleCreate, Default: true, Precedence: 255, QFI: 1, Filters: []nas.PacketFilter{{ID: 1, Direction: nas.FilterBoth, Components: []nas.FilterComponent{{Type: nas.ComponentMatchAll}}}}}},
		AMBR:    nas.AMBR{Downlink: 1e9, Uplink: 1e9},
		Address: address}
	slice := testSlice
	accept.Slice = &slice
	c.send(u.conn, &ngap.PDUSessionResourceSetupRequest{AMFUENGAPID: u.amf, RANUENGAPID: u.ran,
		UEAMBR: &ngap.BitRates{DL: 1e9, UL: 1e9},
		Setup:  []ngap.PDUSessionSetup{{ID: h.Session, NAS: u.sealSM(h, accept), SNSSAI: testSlice, Transfer: c.transfer(s)}}}, 1)
}

func (u *testConn) sealSM(h nas.SMHeader, m nas.SMMessage) []byte {
	return u.protect(&nas.DLNASTransport{PayloadType: nas.PayloadSM, Payload: must(nas.AppendSM(nil, h, m)), Session: h.Session}, nas.HeaderCiphered)
}

func (u *testConn) downSM(h nas.SMHeader, m nas.SMMessage) {
	u.core.send(u.conn, &ngap.DownlinkNASTransport{AMFUENGAPID: u.amf, RANUENGAPID: u.ran, NASPDU: u.sealSM(h, m)}, 1)
}

// drop releases a session, on N1 and N2 at once.
func (u *testConn) drop(h nas.SMHeader, cause nas.SMCause) {
	if s := u.dev.sessions[h.Session]; s != nil {
		delete(u.core.tunnels, s.teid)
	}
	delete(u.dev.sessions, h.Session)
	u.core.send(u.conn, &ngap.PDUSessionResourceReleaseCommand{AMFUENGAPID: u.amf, RANUENGAPID: u.ran,
		NASPDU: u.sealSM(h, &nas.PDUSessionReleaseCommand{Cause: cause}),
		Release: []ngap.PDUSessionTransfer{{ID: h.Session, Transfer: must(ngap.AppendTransfer(nil,
			&ngap.PDUSessionResourceReleaseCommandTransfer{Cause: ngap.CauseNASNormalRelease}))}}}, 1)
}
