package ran

import (
	"slices"
	"time"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// backOff is a data network that the core wants left alone, and the session that was asked
// for there. The timer, if there is one, is T3396 with that session's number.
type backOff struct {
	dnn ident.DNN
	psi ident.PDUSessionID
}

// leftAlone reports whether sessions to a data network are not to be asked for now.
func (p *Phone) leftAlone(d ident.DNN) bool {
	return slices.ContainsFunc(p.backOffs, func(b backOff) bool { return b.dnn == d })
}

// leaveAlone starts T3396 as a reject says (TS 24.501 §6.4.1.4): for as long as its back-off
// timer, until the phone is switched off where that is deactivated, or, where there is none
// and the cause is about the phone's rights, for the standard's twelve minutes.
func (p *Phone) leaveAlone(s *session, m *nas.PDUSessionEstablishmentReject) {
	after := time.Duration(0)
	switch {
	case m.BackOff != nil:
		after = *m.BackOff
	case m.Cause == nas.SMCauseOperatorBarring, m.Cause == nas.SMCauseUnknownDNN, m.Cause == nas.SMCauseNotSupported,
		m.Cause == nas.SMCauseNotSubscribed, m.Cause == nas.SMCauseDNNInSlice:
		after = standardSMRetry
	}
	if after == 0 {
		return
	}
	if !p.leftAlone(s.cfg.DNN) {
		p.backOffs = append(p.backOffs, backOff{s.cfg.DNN, s.psi})
	}
	if after > 0 {
		p.do(Start{Timer: T3396, PSI: s.psi, After: after})
	}
}

// backedOff is T3396 running out: the sessions that the phone is to have are asked for again.
func (p *Phone) backedOff(psi ident.PDUSessionID) {
	p.backOffs = slices.DeleteFunc(p.backOffs, func(b backOff) bool { return b.psi == psi })
	if p.state != Registered {
		return
	}
	p.openConfigured()
	if !p.connected && p.hasUnasked() && !p.restricted() {
		p.request(nas.ServiceSignalling, ngap.RRCMOSignalling, 0)
	}
}

// forgetBackOffs is the phone being switched off.
func (p *Phone) forgetBackOffs() {
	for _, b := range p.backOffs {
		p.do(Stop{Timer: T3396, PSI: b.psi})
	}
	p.backOffs = nil
}
