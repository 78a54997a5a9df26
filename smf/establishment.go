package smf

import (
	"net/netip"
	"time"

	"cordon/ident"
	"cordon/subscriber"
	"cordon/wire/nas"
	"cordon/wire/ngap"
	"cordon/wire/pfcp"
)

// create begins the UE-requested PDU session establishment (TS 24.501 §6.4.1). A session
// that the device has under the identity ends first, without signalling towards it
// (§6.4.1.7 e); a radio that holds resources for it is told. A request that does not stand
// leaves it alone.
func (m *SMF) create(ev Create) {
	req, header, ok := m.parseEstablishment(ev)
	old := m.sessions[ev.Key]
	switch {
	case !ok && old == nil:
		m.emit(Ended{ev.Key})
		return
	case !ok:
		m.emit(Kept{Key: ev.Key, SNSSAI: old.snssai, DNN: old.dnn, Sealed: old.sealed})
		return
	}
	if old != nil {
		if old.onRadio() {
			m.releaseResources(old, ngap.CauseNASNormalRelease)
		}
		m.discard(old)
	}
	if cause := m.refusal(ev, req); cause != 0 {
		m.reject(ev.Key, ev.SNSSAI, header.PTI, cause)
		m.emit(Ended{ev.Key})
		if old != nil {
			m.emit(Save{ev.Key.SUPI})
		}
		return
	}
	m.gen++
	s := &session{
		key: ev.Key, settings: ev.Settings, dnn: ev.DNN, snssai: ev.SNSSAI, gen: m.gen, seid: m.drawSEID(), pti: header.PTI,
		sealed: ev.Sealed, at: ev.Radio, protected: ev.Protected,
		asked: &request{options: req.Options, alwaysOn: req.AlwaysOn != nil},
	}
	var versions subscriber.IPVersions
	versions, _, s.asked.cause = m.typeOf(ev, req.SessionType)
	s.frames = m.cfg.Networks[ev.DNN].Ethernet
	m.sessions[s.key], m.seids[s.seid] = s, s.key
	if s.frames {
		m.askRules(s)
		return
	}
	m.emit(NeedAddress{Key: s.key, Gen: s.gen, DNN: s.dnn, Slice: s.snssai, Radio: ev.Radio, IP: versions})
}

// parseEstablishment decodes the request and checks what makes it one of this session. Where
// it does not stand, the device is answered as clause 7 says.
func (m *SMF) parseEstablishment(ev Create) (*nas.PDUSessionEstablishmentRequest, nas.SMHeader, bool) {
	h, msg, ok := m.parse(ev.Key, ev.N1)
	if !ok {
		return nil, h, false
	}
	req, isRequest := msg.(*nas.PDUSessionEstablishmentRequest)
	switch {
	case !isRequest:
		m.status(ev.Key, h.PTI, nas.SMCauseWrongTypeState)
	case h.PTI == 0:
		m.status(ev.Key, h.PTI, nas.SMCauseInvalidPTI)
	default:
		return req, h, true
	}
	m.drop(ev.Key, ReasonPTI)
	return nil, h, false
}

// refusal is why a session that is asked for is not given, or 0.
func (m *SMF) refusal(ev Create, req *nas.PDUSessionEstablishmentRequest) nas.SMCause {
	_, served := m.cfg.Networks[ev.DNN]
	switch {
	case ev.Refused:
		return nas.SMCauseOperatorBarring
	case !served || ev.Settings == nil:
		return nas.SMCauseUnknownDNN
	case req.SSC > 1 && req.SSC != 4: // 4 reads as 1 (§9.11.4.16)
		return nas.SMCauseSSCMode
	}
	_, cause, _ := m.typeOf(ev, req.SessionType)
	return cause
}

// reject sends PDU SESSION ESTABLISHMENT REJECT (§6.4.1.4).
func (m *SMF) reject(k Key, slice ident.SNSSAI, pti ident.PTI, cause nas.SMCause) {
	rej := &nas.PDUSessionEstablishmentReject{Cause: cause}
	switch cause {
	case nas.SMCauseSSCMode:
		only := uint8(1) // a bit for each mode: mode 1
		rej.AllowedSSC = &only
	case nas.SMCauseUnknownDNN: // no other answer will come soon
		wait := t3396
		rej.BackOff = &wait
	case nas.SMCauseOperatorBarring:
		wait, everywhere := m.barred(), uint8(0)
		rej.BackOff, rej.Reattempt = &wait, &everywhere
	}
	m.toDevice(k, slice, pti, rej)
	m.drop(k, ReasonRefused)
}

// barred is how long a device waits that a rule keeps from a session where it is. It keeps to T3396
// of cause #8 wherever it goes in this network (§6.4.1.4.3), so a long one would punish it for a
// radio that it has left, while with none it waits 12 minutes, and with most other causes what it
// does is its maker's choice. The 30 seconds are the timer's own steps: devices that were
// refused at once do not come back at once. The re-attempt indicator keeps none of them from
// other access or equivalent networks, of which this refusal says nothing.
func (m *SMF) barred() time.Duration {
	var b [1]byte
	m.rand.Read(b[:]) // never fails, by New's contract
	return barredLeast + time.Duration(b[0])%barredSteps*30*time.Second
}

// A barred device asks again after 2 to 5 minutes.
const (
	barredLeast = 2 * time.Minute
	barredSteps = 7
)

// address goes on when the pool has answered.
func (m *SMF) address(ev Address) {
	s := m.find(ev.Key, ev.Gen)
	switch {
	case s == nil:
		if ev.Addr.Valid() {
			m.emit(FreeAddress{ev.DNN, ev.Addr})
		}
	case s.restored != nil && ev.Addr != s.restored.addr.public():
		s.addr = compact(ev.Addr) // the device uses those that it had
		m.forget(s)
	case !ev.Addr.Valid():
		m.refuse(s, nas.SMCauseInsufficientResources)
	default:
		s.addr = compact(ev.Addr)
		m.askRules(s)
	}
}

// askRules asks the user plane for the session's rules.
func (m *SMF) askRules(s *session) {
	s.state, s.told = stateRules, s.sealed
	m.emit(Establish{Key: s.key, Gen: s.gen, Slice: s.snssai, Radio: s.at, Protected: s.protected, Sealed: s.sealed, Request: m.rules(s)})
}

// refuse ends a session that the device still waits for.
func (m *SMF) refuse(s *session, cause nas.SMCause) {
	m.reject(s.key, s.snssai, s.pti, cause)
	m.forget(s)
}

// established goes on when the user plane has answered: the device is accepted and the radio
// asked for its end of the tunnel, in one message. A session that was restored has neither.
func (m *SMF) established(ev Established) {
	s := m.find(ev.Key, ev.Gen)
	accepted := ev.Err == nil && ev.Answer.Cause == pfcp.CauseAccepted && len(ev.Answer.Created) == 1
	if s == nil || s.state != stateRules {
		if accepted {
			m.emit(Delete{ev.Key, ev.Answer.UP.SEID})
		}
		return
	}
	if !accepted {
		if s.restored != nil {
			m.forget(s)
			return
		}
		m.refuse(s, nas.SMCauseNetworkFailure)
		return
	}
	s.peer, s.local, s.since = ev.Answer.UP.SEID, ev.Answer.Created[0].Local, uint32(m.now.Unix())
	m.tell(s) // what changed while the user plane was at it
	if s.restored != nil {
		m.adopted(s)
		return
	}
	m.accept(s)
}

// accept sends PDU SESSION ESTABLISHMENT ACCEPT (§6.4.1.3) inside the radio's request.
func (m *SMF) accept(s *session) {
	n := m.cfg.Networks[s.dnn]
	msg := &nas.PDUSessionEstablishmentAccept{
		SessionType: s.nas(),
		SSC:         1,
		Rules:       []nas.QoSRule{nas.DefaultRule(1, defaultQFI)},
		AMBR:        nas.AMBR{Downlink: nas.BitRate(s.settings.AMBR.DL), Uplink: nas.BitRate(s.settings.AMBR.UL)},
		Cause:       s.asked.cause,
		Address:     m.pduAddress(s),
		Slice:       &s.snssai,
		Flows:       []nas.QoSFlow{{QFI: defaultQFI, Op: nas.FlowCreate, FiveQI: s.settings.FiveQI}},
		Options:     s.asked.answer(&n, s.addr.versions()),
		DNN:         s.dnn,
	}
	if s.asked.alwaysOn { // asked for, so answered (§6.4.1.3)
		notAllowed := uint8(0)
		msg.AlwaysOn = &notAllowed
	}
	n1, err := nas.AppendSM(nil, nas.SMHeader{Session: s.key.PSI, PTI: s.pti}, msg)
	if err != nil { // the plan or the network has a value that cannot be said
		m.refuse(s, nas.SMCauseNetworkFailure)
		return
	}
	transfer, err := s.setupTransfer()
	if err != nil {
		m.refuse(s, nas.SMCauseNetworkFailure)
		return
	}
	s.state, s.asked = statePending, nil
	m.start(s, timerN2, tN2)
	m.emit(Message{Key: s.key, SNSSAI: s.snssai, N1: n1, Kind: N2SetupRequest, Transfer: transfer})
	m.emit(Save{s.key.SUPI})
}

// answer is the configuration of the data network, of which only what was asked for is told
// (TS 24.008 §10.5.6.3).
func (r *request) answer(n *Network, versions subscriber.IPVersions) []nas.ProtocolOption {
	var out []nas.ProtocolOption
	said := map[nas.OptionID]bool{} // an answer is given once, however often it is asked for
	add := func(id nas.OptionID, content ...byte) {
		if len(content) > 0 {
			out = append(out, nas.ProtocolOption{ID: id, Content: content})
			said[id] = true
		}
	}
	for _, o := range r.options {
		v4, v6 := o.ID == nas.OptionDNSv4 || o.ID == nas.OptionMTUv4 || o.ID == nas.OptionIPCP, o.ID == nas.OptionDNSv6
		if said[o.ID] || v4 && versions&subscriber.IPv4 == 0 || v6 && versions&subscriber.IPv6 == 0 {
			continue
		}
		switch o.ID {
		case nas.OptionDNSv4:
			for _, a := range n.resolvers(netip.Addr.Is4) {
				add(o.ID, a.AsSlice()...)
			}
		case nas.OptionDNSv6:
			for _, a := range n.resolvers(netip.Addr.Is6) {
				add(o.ID, a.AsSlice()...)
			}
		case nas.OptionMTUv4:
			add(o.ID, byte(n.mtu()>>8), byte(n.mtu()))
		case nas.OptionMTUEthernet:
			if n.Ethernet {
				add(o.ID, byte(n.mtu()>>8), byte(n.mtu()))
			}
		case nas.OptionIPCP:
			add(o.ID, ipcpAnswer(o.Content, n)...)
		case nas.OptionPAP:
			add(o.ID, papAnswer(o.Content)...)
		case nas.OptionCHAP:
			add(o.ID, chapAnswer(o.Content)...)
		}
	}
	return out
}

// resolvers are those of one version of IP.
func (n *Network) resolvers(ofVersion func(netip.Addr) bool) (list []netip.Addr) {
	for _, a := range n.DNS {
		if ofVersion(a) {
			list = append(list, a)
		}
	}
	return list
}

func (n *Network) mtu() uint16 {
	if n.MTU == 0 {
		return defaultMTU
	}
	return n.MTU
}
