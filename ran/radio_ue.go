package ran

import (
	"errors"
	"slices"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// errNoConnection is what a phone without a connection cannot do.
var errNoConnection = errors.New("the phone has no connection")

// step hands a phone an event and does what it wants, and what follows from that.
func (r *Radio) step(u *UE, ev Event) {
	r.events = append(r.events, pending{u, ev})
	if r.stepped {
		return // the step under way goes on to it
	}
	r.stepped = true
	for i := 0; i < len(r.events); i++ {
		u, ev := r.events[i].ue, r.events[i].ev
		if _, ok := ev.(Pending); ok {
			ev = Pending{r.carried(u)}
		}
		r.effects = u.phone.Step(ev, r.effects[:0])
		r.perform(u, r.effects)
		u.happened()
		if !u.connected && !slices.ContainsFunc(r.events[i+1:], func(p pending) bool { return p.ue == u }) {
			r.look(u)
		}
	}
	clear(r.events)
	r.events = r.events[:0]
	r.stepped = false
}

// carried are the phone's sessions that have their tunnel.
func (r *Radio) carried(u *UE) (set nas.PDUSessions) {
	for _, f := range u.flows {
		if r.n3.isUp(f) {
			set = set.With(f.psi)
		}
	}
	return set
}

func (r *Radio) perform(u *UE, effects []Effect) {
	for _, e := range effects {
		switch e := e.(type) {
		case Connect:
			r.connect(u, e)
		case Send:
			r.uplink(u, e.NAS)
		case Hangup:
			r.hangup(u)
		case Start:
			r.timers.Start(timerKey{u.index, e.Timer, e.PSI}, r.now.Add(e.After))
		case Stop:
			r.timers.Stop(timerKey{u.index, e.Timer, e.PSI})
		case Note:
			r.noted(u, e)
		}
	}
}

func (r *Radio) noted(u *UE, n Note) {
	switch n.Kind {
	case NoteSessionOpened:
		if f, s := u.flow(n.PSI), u.phone.session(n.PSI); f != nil && s != nil {
			r.n3.address(f, s.addr, s.id)
			r.solicit(u, n.PSI)
		}
	case NoteSessionClosed, NoteSessionFailed:
		r.close(u, n.PSI)
	case NoteDeregistered, NoteReregistering:
		r.closeAll(u)
	case NoteRegistrationFailed:
		if u.phone.state == Deregistered {
			r.closeAll(u)
		}
	case NoteDropped:
		r.count("phone: " + n.Cause.String())
	}
	u.remember(n)
	if r.cfg.Notify != nil {
		r.cfg.Notify(u, n)
	}
}

// connect sends an Initial UE Message on a new connection (TS 38.413 §8.6.1), unless there is
// no association or the core is overloaded.
func (r *Radio) connect(u *UE, c Connect) {
	switch {
	case !r.up:
		r.step(u, NotLetIn{})
		return
	case r.overload.refuses(c.Cause, u.phone.cfg.Slices):
		r.turnDown(u)
		return
	}
	u.mobility = nil
	u.gen++
	u.connected, u.hasAMF, u.secured, u.reported = true, false, false, false
	u.amf, u.theirs = 0, 0
	u.stream = 0
	if n := r.link.streams; n > 1 {
		u.stream = uint16(1 + u.index%uint32(n-1))
	}
	for _, b := range r.tampered(u, c.NAS) {
		m := r.initialMessage(u.ranID(), b)
		m.RRCEstablishmentCause, m.STMSI = c.Cause, c.STMSI
		r.send(m, u.stream)
	}
}

func (r *Radio) initialMessage(id ident.RANUENGAPID, nas []byte) *ngap.InitialUEMessage {
	return &ngap.InitialUEMessage{
		RANUENGAPID:           id,
		NASPDU:                nas,
		UserLocation:          r.location(),
		RRCEstablishmentCause: ngap.RRCMOSignalling,
		UEContextRequest:      !r.cfg.Maker.NoContextRequest,
	}
}

// location is the radio's first cell, in its first tracking area.
func (r *Radio) location() ngap.UserLocation {
	l := ngap.UserLocation{Kind: ngap.AccessNR, PLMN: r.cfg.Node.PLMN,
		Cell: uint64(r.cfg.Node.ID)<<(36-r.cfg.Node.Bits) | 1}
	l.TAI = r.tai()
	return l
}

func (r *Radio) tampered(u *UE, b []byte) [][]byte {
	if u.tamper == nil {
		return [][]byte{b}
	}
	return u.tamper(b)
}

// uplink sends NAS of a phone that has a connection.
func (r *Radio) uplink(u *UE, b []byte) {
	if u.tamper == nil {
		_ = r.sendNAS(u, b) // a phone learns of a lost connection by Released
		return
	}
	for _, b := range u.tamper(b) {
		_ = r.sendNAS(u, b)
	}
}

func (r *Radio) sendNAS(u *UE, b []byte) error {
	if !u.connected || !u.hasAMF {
		return errNoConnection
	}
	r.send(&ngap.UplinkNASTransport{AMFUENGAPID: u.amf, RANUENGAPID: u.ranID(), NASPDU: b, UserLocation: r.location()}, u.stream)
	return nil
}

// deliver hands NAS from the core to the phone.
func (r *Radio) deliver(u *UE, b []byte) {
	if len(b) > 0 {
		r.step(u, Received{b})
	}
}

// contextSetup is TS 38.413 §8.3.1. The key must be the phone's, since no phone would come
// through the security mode of RRC otherwise.
func (r *Radio) contextSetup(u *UE, m *ngap.InitialContextSetupRequest) {
	u.restrict(m.MobilityRestrictions)
	nea, nia, _, _ := u.phone.capability().NGAP()
	var cause ngap.Cause
	switch {
	case u.phone.KgNB() != m.SecurityKey:
		r.count("security key that is not the phone's")
		cause = ngap.CauseRadioFailureInRadioInterfaceProcedure
	case m.UESecurityCapabilities.NREncryption != nea || m.UESecurityCapabilities.NRIntegrity != nia:
		r.count("security capabilities that are not the phone's")
		cause = ngap.CauseRadioEncryptionAndOrIntegrityProtectionAlgorithmsNotSupported
	case len(m.AllowedNSSAI) == 0:
		r.count("context without Allowed NSSAI")
	}
	if cause != 0 {
		r.send(&ngap.InitialContextSetupFailure{AMFUENGAPID: u.amf, RANUENGAPID: u.ranID(), Cause: cause}, u.stream)
		return
	}
	u.secured = true
	answer := &ngap.InitialContextSetupResponse{AMFUENGAPID: u.amf, RANUENGAPID: u.ranID()}
	answer.Setup, answer.Failed = r.setUp(u, m.Setup, m.UEAMBR != nil)
	r.send(answer, u.stream)
	if !r.cfg.Maker.NoRadioCapability && !u.reported && len(m.UERadioCapability) == 0 {
		u.reported = true
		r.send(&ngap.UERadioCapabilityInfoIndication{AMFUENGAPID: u.amf, RANUENGAPID: u.ranID(),
			UERadioCapability: radioCapability()}, u.stream)
	}
	r.deliver(u, m.NASPDU)
	for _, s := range m.Setup {
		r.deliver(u, s.NAS)
	}
}

// radioCapability stands for what a phone reports, opaque to a core: a
// UERadioAccessCapabilityInformation (TS 38.331 §11.2.2) with an empty list.
func radioCapability() []byte { return []byte{0x00, 0x08, 0x00} }

// release is TS 38.413 §8.3.3. One for a connection that the radio has forgotten is
// completed all the same.
func (r *Radio) release(m *ngap.UEContextReleaseCommand, stream uint16) {
	var u *UE
	ids := m.UENGAPIDs
	if ids.RAN != nil {
		u = r.find(*ids.RAN)
	} else {
		u = r.findAMF(&ids.AMF)
	}
	answer := &ngap.UEContextReleaseComplete{AMFUENGAPID: ids.AMF}
	switch {
	case u != nil:
		answer.RANUENGAPID, stream = u.ranID(), u.stream
		for _, f := range u.flows {
			if r.n3 != nil && r.n3.isUp(f) {
				answer.PDUSessions = append(answer.PDUSessions, f.psi)
			}
		}
	case ids.RAN != nil:
		answer.RANUENGAPID = *ids.RAN
	default:
		r.count("release of a connection that is not there")
		return
	}
	location := r.location()
	answer.UserLocation = &location
	r.send(answer, stream)
	if u != nil {
		r.drop(u)
	}
}

// drop ends a phone's connection on the radio's side.
func (r *Radio) drop(u *UE) {
	if !u.connected {
		return
	}
	u.connected, u.secured = false, false
	r.takeDown(u)
	if !r.up {
		r.step(u, Lost{})
	}
	r.step(u, Released{})
}

// takeDown removes the tunnels of a connection that ended.
func (r *Radio) takeDown(u *UE) {
	for _, f := range u.flows {
		r.n3.remove(f)
	}
}

// hangup is the phone leaving its connection; the core is asked to do the same.
func (r *Radio) hangup(u *UE) {
	if !u.connected {
		return
	}
	if u.hasAMF {
		r.send(&ngap.UEContextReleaseRequest{AMFUENGAPID: u.amf, RANUENGAPID: u.ranID(),
			Cause: ngap.CauseRadioRadioConnectionWithUELost}, u.stream)
	}
	u.connected, u.secured = false, false
	r.takeDown(u)
}

// inactive asks the core to release a phone that has nothing to say (TS 38.413 §8.3.2).
func (r *Radio) inactive(u *UE) {
	if !u.connected || !u.hasAMF {
		return
	}
	m := &ngap.UEContextReleaseRequest{AMFUENGAPID: u.amf, RANUENGAPID: u.ranID(), Cause: ngap.CauseRadioUserInactivity}
	for _, f := range u.flows {
		if r.n3.isUp(f) {
			m.PDUSessions = append(m.PDUSessions, f.psi)
		}
	}
	r.send(m, u.stream)
}

// close forgets one session's user plane.
func (r *Radio) close(u *UE, psi ident.PDUSessionID) {
	if f := u.flow(psi); f != nil {
		r.n3.leave(f)
		r.timers.Stop(timerKey{u.index, timerSolicit, psi})
		u.pastSent, u.pastEchoed = u.pastSent+f.sent, u.pastEchoed+f.echoed
		u.flows = slices.DeleteFunc(u.flows, func(x *flow) bool { return x == f })
	}
}

func (r *Radio) closeAll(u *UE) {
	for len(u.flows) > 0 {
		r.close(u, u.flows[0].psi)
	}
}
