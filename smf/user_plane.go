package smf

import (
	"errors"
	"net/netip"
	"slices"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
	"cordon/wire/pfcp"
)

// onRadio reports whether a radio has, or is asked for, resources of the session. One that is active since before a restart
// has them of a radio that nobody can speak to about it.
func (s *session) onRadio() bool {
	return s.state == statePending || s.state == stateActive && s.radio != 0 || s.state == stateActivating
}

// rules are those of a session without a radio: uplink by a tunnel that the user plane
// draws, downlink kept until there is somewhere to send it. One that outlives a restart goes on as it was.
func (m *SMF) rules(s *session) pfcp.Establishment {
	ambr := s.settings.AMBR
	e := pfcp.Establishment{
		CP:   pfcp.FSEID{SEID: s.seid},
		PDRs: m.detection(s, pfcp.FTEID{Choose: true}),
		FARs: []pfcp.FAR{
			{ID: ruleUplink, Action: pfcp.Forward, Destination: pfcp.Core, Instance: s.dnn},
			kept(),
		},
		QERs: []pfcp.QER{
			{ID: ruleSession, UplinkMBR: kbits(ambr.UL), DownlinkMBR: kbits(ambr.DL)},
			{ID: ruleFlow, UplinkMBR: pfcp.Unlimited, DownlinkMBR: pfcp.Unlimited, QFI: defaultQFI},
		},
	}
	if r := s.restored; r != nil {
		e.Existing = r.up
		if r.remote.Addr.IsValid() {
			e.FARs[1] = toRadio(r.remote)
		}
	}
	return e
}

// toRadio has downlink go to a radio's endpoint.
func toRadio(to pfcp.OuterHeader) pfcp.FAR {
	return pfcp.FAR{ID: ruleDown, Action: pfcp.Forward, Destination: pfcp.Access, Outer: to}
}

// detection is the session's PDRs: both ways everything of the device's addresses or, sealed, what
// goes to the seal gateway and comes from it. What is left over meets no rule and is dropped, and so are all frames of a
// sealed session of type Ethernet.
func (m *SMF) detection(s *session, local pfcp.FTEID) []pfcp.PDR {
	ue := s.addr.public()
	qers := []pfcp.QERID{ruleSession, ruleFlow}
	var remote []netip.Prefix
	if s.sealed {
		if remote = m.cfg.Seal; len(remote) == 0 {
			remote = nowhere
		}
	}
	return []pfcp.PDR{
		{ID: ruleUplink, Precedence: 255, PDI: pfcp.PDI{Source: pfcp.Access, Local: local, Instance: s.dnn, UE: ue.IPv4, UE6: ue.IPv6, Ethernet: s.frames, Filters: pfcp.Remotes(remote)},
			RemoveOuterHeader: true, FAR: ruleUplink, QERs: qers},
		{ID: ruleDown, Precedence: 255, PDI: pfcp.PDI{Source: pfcp.Core, Instance: s.dnn, UE: ue.IPv4, UE6: ue.IPv6, Ethernet: s.frames, Filters: pfcp.Remotes(remote)}, FAR: ruleDown, QERs: qers},
	}
}

// nowhere has no host in it: no filter at all would let everything pass.
var nowhere = []netip.Prefix{netip.PrefixFrom(netip.IPv4Unspecified(), 32)}

// kbits is a rate as N4 says it, rounded up so that a small one does not become none.
func kbits(bits uint64) uint64 { return min((bits+999)/1000, pfcp.Unlimited) }

// setupTransfer asks a radio for the session's resources (TS 38.413 §9.3.4.1).
func (s *session) setupTransfer() ([]byte, error) {
	return ngap.AppendTransfer(nil, &ngap.PDUSessionResourceSetupRequestTransfer{
		AMBR: &ngap.BitRates{DL: s.settings.AMBR.DL, UL: s.settings.AMBR.UL},
		UL:   ngap.GTPTunnel{Addr: s.local.Addr, TEID: s.local.TEID},
		Type: s.ngap(),
		QosFlows: []ngap.QosFlow{{
			QFI: defaultQFI,
			Parameters: &ngap.QosParameters{
				NonDynamic: &ngap.NonDynamic5QI{FiveQI: s.settings.FiveQI},
				ARP:        ngap.ARP{Level: s.settings.ARP},
			},
		}},
	})
}

// releaseResources has the radio let go of what it holds for the session (TS 38.413 §8.2.2).
func (m *SMF) releaseResources(s *session, cause ngap.Cause) {
	m.emit(Message{Key: s.key, SNSSAI: s.snssai, Kind: N2ReleaseCommand, Transfer: releaseTransfer(cause)})
}

// releaseTransfer tells a radio why a session's resources go (TS 38.413 §9.3.4.12).
func releaseTransfer(cause ngap.Cause) []byte {
	b, err := ngap.AppendTransfer(nil, &ngap.PDUSessionResourceReleaseCommandTransfer{Cause: cause})
	if err != nil { // only a constant of this package could be at fault
		panic(err)
	}
	return b
}

// fromRadio takes a radio's word on a session.
func (m *SMF) fromRadio(ev N2) {
	s := m.sessions[ev.Key]
	if s == nil {
		m.drop(ev.Key, ReasonNoSession)
		return
	}
	asked := s.state == statePending || s.state == stateActivating
	switch {
	case ev.Kind == N2SetupResponse && asked:
		m.setupResponse(s, ev)
	case ev.Kind == N2SetupUnsuccessful && asked:
		m.setupFailed(s)
	case ev.Kind == N2ReleaseResponse && s.state == stateReleasing && s.awaitN2:
		s.awaitN2 = false
		m.released(s)
	case ev.Kind == N2NotifyReleased && s.state == stateActive:
		m.release(s, 0, nas.SMCauseRegular)
	default: // late or crossing: the answer to something that is over
		m.drop(ev.Key, ReasonState)
	}
}

// setupResponse has the user plane send downlink to the tunnel that the radio named. The
// state stays until the user plane has taken it.
func (m *SMF) setupResponse(s *session, ev N2) {
	t, err := ngap.ParseTransfer[ngap.PDUSessionResourceSetupResponseTransfer](ev.Transfer)
	if err != nil || !carries(t, defaultQFI) || !t.DL.Tunnel.Addr.IsValid() {
		m.drop(s.key, ReasonBadTransfer)
		m.withdraw(s)
		return
	}
	end := t.DL.Tunnel
	m.stop(s, timerN2)
	s.remote, s.radio = pfcp.OuterHeader{TEID: end.TEID, Addr: end.Addr}, ev.Radio
	s.claim = ev.Transfer[:min(len(ev.Transfer), findingBytes)]
	m.emit(Modify{Key: s.key, Gen: s.gen, Change: ChangePath, Radio: ev.Radio, Request: pfcp.Modification{
		SEID: s.peer,
		FARs: []pfcp.FAR{toRadio(s.remote)},
	}})
}

// carries reports whether the radio's tunnel has the flow.
func carries(t *ngap.PDUSessionResourceSetupResponseTransfer, qfi ident.QFI) bool {
	return slices.ContainsFunc(t.DL.Flows, func(f ngap.AssociatedFlow) bool { return f.QFI == qfi })
}

// modified goes on when the user plane has answered: traffic flows, or the radio loses the session.
func (m *SMF) modified(ev Modified) {
	s := m.find(ev.Key, ev.Gen)
	if s == nil {
		return
	}
	awaited := ev.Change == ChangePath && (s.state == statePending || s.state == stateActivating)
	switch {
	case ev.Change == ChangeSeal && errors.Is(ev.Err, ErrDeferred) && !s.sealed: // until then it may do less than is allowed
		m.drop(s.key, ReasonState)
	case ev.Change == ChangeSeal && ev.Err != nil && s.state != stateReleasing:
		m.unsealed(s)
	case !awaited:
		if ev.Err != nil {
			m.drop(s.key, ReasonState)
		}
	case ev.Err != nil:
		m.pathRefused(s, ev.Err)
	default:
		s.state, s.claim = stateActive, nil
		m.heard(s)
		if s.astray {
			m.leaveRadio(s)
			return
		}
		m.emit(Save{s.key.SUPI})
	}
}

// findingBytes is how much of a transfer a finding shows; a setup response with one tunnel
// has some twenty octets.
const findingBytes = 256

// pathRefused takes the session from a radio to whose tunnel downlink cannot go, above all from one that named
// an endpoint which is not its own.
func (m *SMF) pathRefused(s *session, why error) {
	m.drop(s.key, ReasonEndpoint)
	if errors.Is(why, ErrForeignEndpoint) {
		m.emit(Finding{Key: s.key, Radio: s.radio, Kind: ForeignEndpoint, Addr: s.remote.Addr, Bytes: s.claim, Why: why.Error()})
	}
	s.remote, s.claim = pfcp.OuterHeader{}, nil
	m.release(s, 0, nas.SMCauseNetworkFailure)
}

// setupFailed ends what a radio did not set up: a new session is refused, for the device
// has not been told of it (TS 38.413 §8.2.1.2); one that was there goes back to idle.
func (m *SMF) setupFailed(s *session) {
	m.stop(s, timerN2)
	if s.state == stateActivating {
		m.rest(s)
		return
	}
	m.refuse(s, nas.SMCauseInsufficientResources)
}

// withdraw ends what a radio says that it has set up, but not how: a new session, of
// which the device has been told, is released; one that was there goes back to idle.
func (m *SMF) withdraw(s *session) {
	if s.state == statePending {
		m.release(s, 0, nas.SMCauseNetworkFailure)
		return
	}
	m.releaseResources(s, ngap.CauseRadioReleaseDueTo5GCGeneratedReason)
	m.setupFailed(s)
}

// expiredN2 gives a radio up that did not answer.
func (m *SMF) expiredN2(s *session) {
	switch s.state {
	case stateReleasing:
		s.awaitN2 = false
		m.released(s)
	case statePending, stateActivating:
		m.releaseResources(s, ngap.CauseRadioReleaseDueTo5GCGeneratedReason)
		m.setupFailed(s)
	}
}

// activate asks for the user plane of an idle session (TS 23.502 §4.2.3.2 step 4).
func (m *SMF) activate(ev Activate) {
	k := ev.Key
	s := m.sessions[k]
	if s == nil || s.state != stateIdle && s.state != stateActive && s.state != stateActivating && s.state != stateRouting {
		m.drop(k, ReasonState)
		m.emit(Activated{Key: k})
		return
	}
	if s.state == stateActive { // the radio that had it is no longer the device's
		m.hold(s)
	}
	if s.sealed != ev.Sealed { // before any radio can lead traffic here
		m.seal(Seal{ev.Key, ev.Sealed})
	}
	s.at, s.protected, s.astray = ev.Radio, ev.Protected, false
	if m.cfg.Sites {
		m.stop(s, timerN2)
		s.state = stateRouting
		s.routes++
		m.emit(Route{Key: k, Gen: s.gen, SEID: s.peer, Slice: s.snssai, Radio: s.at, Protected: s.protected, Sealed: s.sealed})
		return
	}
	m.askRadio(s)
}

// routed goes on when the path is known. Where it is being chosen again, the last word counts: what was said before is
// for a radio that the device has left.
func (m *SMF) routed(ev Routed) {
	s := m.find(ev.Key, ev.Gen)
	switch {
	case s == nil:
		return
	case s.routes == 0: // nobody has asked
		m.drop(s.key, ReasonState)
		return
	}
	s.routes--
	switch {
	case s.routes > 0:
		m.drop(s.key, ReasonState)
	case ev.Err == nil && s.state == stateRouting:
		s.local = ev.Local
		m.askRadio(s)
	case ev.Err == nil: // the device has gone; where it comes next, the path is chosen again
		s.local = ev.Local
		m.drop(s.key, ReasonState)
	case s.state == stateRouting:
		m.rest(s)
		m.drop(s.key, ReasonState)
		m.emit(Activated{Key: s.key})
	default:
		m.drop(s.key, ReasonState)
	}
}

// askRadio has the AMF ask the device's radio for a tunnel.
func (m *SMF) askRadio(s *session) {
	transfer, err := s.setupTransfer()
	if err != nil {
		m.rest(s)
		m.drop(s.key, ReasonState)
		m.emit(Activated{Key: s.key})
		return
	}
	s.state = stateActivating
	m.start(s, timerN2, tN2)
	m.emit(Activated{Key: s.key, SNSSAI: s.snssai, Transfer: transfer, OK: true})
}

// deactivate follows a device that went idle (TS 23.502 §4.2.6).
func (m *SMF) deactivate(k Key) {
	s := m.sessions[k]
	if s == nil {
		m.drop(k, ReasonNoSession)
		return
	}
	m.stop(s, timerN2)
	switch s.state {
	case stateActive:
		m.hold(s)
		s.state = stateIdle
		m.emit(Save{k.SUPI})
	case statePending, stateActivating, stateRouting:
		if s.remote.Addr.IsValid() { // the user plane is being told of the radio that the device has left
			m.hold(s)
		}
		m.rest(s)
	case stateReleasing: // neither can answer any more
		m.forget(s)
	default:
		m.drop(k, ReasonState)
	}
}

// tunnelLost follows a radio that has forgotten the session: the device must ask again.
func (m *SMF) tunnelLost(ev TunnelLost) {
	k, ok := m.seids[ev.SEID]
	if !ok || m.sessions[k].state != stateActive || m.sessions[k].remote != ev.Remote {
		m.drop(k, ReasonState)
		return
	}
	m.leaveRadio(m.sessions[k])
}

// pathLost follows a user plane that has forgotten the session. A radio that is being asked for a tunnel has it released once it has
// answered: what it was told of the way is true no more.
func (m *SMF) pathLost(ev PathLost) {
	k, ok := m.seids[ev.SEID]
	switch {
	case ok && m.sessions[k].state == stateActive:
		m.leaveRadio(m.sessions[k])
	case ok && (m.sessions[k].state == statePending || m.sessions[k].state == stateActivating):
		m.sessions[k].astray = true
	default:
		m.drop(k, ReasonState)
	}
}

// leaveRadio has the radio let go of an active session, and the user plane keep what comes for its device.
func (m *SMF) leaveRadio(s *session) {
	known := s.onRadio()
	s.astray = false
	m.hold(s)
	s.state = stateIdle
	m.emit(Save{s.key.SUPI})
	if known {
		m.releaseResources(s, ngap.CauseRadioReleaseDueTo5GCGeneratedReason)
	}
}

// hold has the user plane keep what comes for the device.
func (m *SMF) hold(s *session) {
	s.remote, s.radio = pfcp.OuterHeader{}, 0
	m.heard(s)
	m.emit(Modify{Key: s.key, Gen: s.gen, Change: ChangeHold, Request: pfcp.Modification{
		SEID: s.peer,
		FARs: []pfcp.FAR{kept()},
	}})
}
