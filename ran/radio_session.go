package ran

import (
	"errors"

	"cordon/ident"
	"cordon/wire/gtpu"
	"cordon/wire/ngap"
)

// sessionSetup is TS 38.413 §8.2.1.
func (r *Radio) sessionSetup(u *UE, m *ngap.PDUSessionResourceSetupRequest) {
	maker := &r.cfg.Maker
	if maker.NeedsUEAMBR && m.UEAMBR == nil {
		r.count("session setup without UE-AMBR")
		return
	}
	for _, s := range m.Setup {
		if maker.NeedsSessionNAS && len(s.NAS) == 0 {
			r.count("session setup without NAS")
			return
		}
	}
	answer := &ngap.PDUSessionResourceSetupResponse{AMFUENGAPID: u.amf, RANUENGAPID: u.ranID()}
	answer.Setup, answer.Failed = r.setUp(u, m.Setup, true)
	r.send(answer, u.stream)
	r.deliver(u, m.NASPDU)
	for _, s := range m.Setup {
		r.deliver(u, s.NAS)
	}
}

// setUp makes the tunnels of sessions and gives the transfers that answer for each.
func (r *Radio) setUp(u *UE, sessions []ngap.PDUSessionSetup, ambr bool) (done, failed []ngap.PDUSessionTransfer) {
	for _, s := range sessions {
		transfer, cause := r.setUpOne(u, s, ambr)
		if cause == 0 {
			done = append(done, ngap.PDUSessionTransfer{ID: s.ID, Transfer: transfer})
			continue
		}
		b, err := ngap.AppendTransfer(nil, &ngap.PDUSessionResourceSetupUnsuccessfulTransfer{Cause: cause})
		if err != nil {
			r.count("transfer that does not encode")
			continue
		}
		failed = append(failed, ngap.PDUSessionTransfer{ID: s.ID, Transfer: b})
	}
	return done, failed
}

// setUpOne makes one tunnel; the cause is zero if it stands.
func (r *Radio) setUpOne(u *UE, s ngap.PDUSessionSetup, ambr bool) ([]byte, ngap.Cause) {
	t, err := ngap.ParseTransfer[ngap.PDUSessionResourceSetupRequestTransfer](s.Transfer)
	switch {
	case err != nil:
		r.count("setup transfer that does not parse")
		return nil, ngap.CauseProtocolTransferSyntaxError
	case !u.secured:
		r.count("session setup before the context")
		return nil, ngap.CauseRadioFailureInRadioInterfaceProcedure
	case r.n3 == nil || !ambr:
		return nil, ngap.CauseRadioRadioResourcesNotAvailable
	case t.Type != ngap.PDUSessionIPv4 && (r.cfg.Maker.IPv4Only || t.Type == ngap.PDUSessionUnstructured):
		return nil, ngap.CauseRadioRadioResourcesNotAvailable
	case len(t.QosFlows) == 0 || !t.UL.Addr.IsValid() || t.UL.TEID == 0:
		r.count("session setup without a flow or tunnel")
		return nil, ngap.CauseProtocolSemanticError
	}
	f := u.flow(s.ID)
	if f == nil {
		f = &flow{ue: u, psi: s.ID, probes: flowID(u.phone.supi, s.ID)}
		f.at.Store(r.n3)
		u.flows = append(u.flows, f)
	}
	u.tunnels++
	local := ident.TEID(u.index<<12 | uint32(s.ID&15)<<8 | uint32(u.tunnels))
	r.n3.install(f, local, t.UL.TEID, t.UL.Addr, t.QosFlows[0].QFI)
	r.solicit(u, s.ID) // again, if it lost its tunnel before it knew its prefix
	answer := &ngap.PDUSessionResourceSetupResponseTransfer{
		DL: ngap.QosFlowsTunnel{Tunnel: ngap.GTPTunnel{Addr: r.n3.addr, TEID: local}},
	}
	for _, q := range t.QosFlows {
		answer.DL.Flows = append(answer.DL.Flows, ngap.AssociatedFlow{QFI: q.QFI})
	}
	b, err := ngap.AppendTransfer(nil, answer)
	if err != nil {
		r.count("transfer that does not encode")
		return nil, ngap.CauseProtocolUnspecified
	}
	return b, 0
}

// sessionRelease is TS 38.413 §8.2.2.
func (r *Radio) sessionRelease(u *UE, m *ngap.PDUSessionResourceReleaseCommand) {
	b, err := ngap.AppendTransfer(nil, &ngap.PDUSessionResourceReleaseResponseTransfer{})
	if err != nil {
		r.count("transfer that does not encode")
		return
	}
	answer := &ngap.PDUSessionResourceReleaseResponse{AMFUENGAPID: u.amf, RANUENGAPID: u.ranID()}
	for _, s := range m.Release {
		if f := u.flow(s.ID); f != nil {
			r.n3.remove(f)
		}
		answer.Released = append(answer.Released, ngap.PDUSessionTransfer{ID: s.ID, Transfer: b})
	}
	r.send(answer, u.stream)
	r.deliver(u, m.NASPDU)
}

// sessionModify is TS 38.413 §8.2.3: whatever is asked for is granted, if there is such a
// session.
func (r *Radio) sessionModify(u *UE, m *ngap.PDUSessionResourceModifyRequest) {
	answer := &ngap.PDUSessionResourceModifyResponse{AMFUENGAPID: u.amf, RANUENGAPID: u.ranID()}
	for _, s := range m.Modify {
		var t ngap.Transfer
		request, err := ngap.ParseTransfer[ngap.PDUSessionResourceModifyRequestTransfer](s.Transfer)
		f := u.flow(s.ID)
		switch {
		case err != nil:
			r.count("modify transfer that does not parse")
			t = &ngap.PDUSessionResourceModifyUnsuccessfulTransfer{Cause: ngap.CauseProtocolTransferSyntaxError}
		case f == nil:
			t = &ngap.PDUSessionResourceModifyUnsuccessfulTransfer{Cause: ngap.CauseRadioUnknownPDUSessionID}
		default:
			done := &ngap.PDUSessionResourceModifyResponseTransfer{}
			for _, q := range request.QosFlows {
				done.QosFlows = append(done.QosFlows, q.QFI)
			}
			t = done
		}
		b, err := ngap.AppendTransfer(nil, t)
		if err != nil {
			r.count("transfer that does not encode")
			continue
		}
		entry := ngap.PDUSessionTransfer{ID: s.ID, Transfer: b}
		if _, ok := t.(*ngap.PDUSessionResourceModifyResponseTransfer); ok {
			answer.Modified = append(answer.Modified, entry)
		} else {
			answer.Failed = append(answer.Failed, entry)
		}
	}
	r.send(answer, u.stream)
	for _, s := range m.Modify {
		r.deliver(u, s.NAS)
	}
}

// errNoUserPlane is a radio without N3.
var errNoUserPlane = errors.New("the radio has no user plane")

// SendGTP sends octets from the radio's N3 address to the core's GTP-U port at a session's
// tunnel endpoint: a test's own packets.
func (r *Radio) SendGTP(s SessionStatus, b []byte) error {
	if r.n3 == nil {
		return errNoUserPlane
	}
	_, err := r.n3.conn.WriteToUDPAddrPort(b, gtpuPort(s.Peer))
	return err
}

// Encapsulate makes an uplink G-PDU of an inner packet, as for a session.
func Encapsulate(s SessionStatus, qfi ident.QFI, inner []byte) []byte {
	h := gtpu.Header{Type: gtpu.TypeGPDU, TEID: s.Remote, HasContainer: true,
		Container: gtpu.Container{Type: gtpu.Uplink, QFI: qfi}}
	return append(h.Append(nil, len(inner)), inner...)
}
