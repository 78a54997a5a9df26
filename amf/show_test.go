package amf

import (
	"fmt"
	"strings"

	"cordon/ident"
	"cordon/rules"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// show renders an effect in one line.
func (w *world) show(e Effect) string {
	switch e := e.(type) {
	case Send:
		return fmt.Sprintf("send radio%d: %s", e.Radio, w.showNGAP(e.Msg))
	case NeedVector:
		s := fmt.Sprintf("need vector %d of %s", e.Request, w.who(e.SUPI))
		if e.SUCI != nil {
			s = fmt.Sprintf("need vector %d of SUCI of %s", e.Request, w.who(fromSUCI(e.SUCI)))
		}
		if e.Resync != nil {
			s += fmt.Sprintf(", AUTS %x", e.Resync.AUTS[:2])
		}
		return s
	case Closed:
		return "closed"
	case SMCreate:
		return fmt.Sprintf("session %d of %s: create, slice %v, %s, N1 %x%s%s", e.PSI, w.who(e.SUPI), e.SNSSAI, e.DNN, e.N1, when(e.Sealed, ", sealed"), when(e.Refused, ", refused"))
	case SMN1:
		return fmt.Sprintf("session %d of %s: N1 %x", e.PSI, w.who(e.SUPI), e.N1)
	case SMN2:
		return fmt.Sprintf("session %d of %s: %v by radio%d, %q", e.PSI, w.who(e.SUPI), e.Kind, e.Radio, e.Transfer)
	case SMActivate:
		return fmt.Sprintf("session %d of %s: activate%s", e.PSI, w.who(e.SUPI), when(e.Sealed, ", sealed"))
	case SMSeal:
		return fmt.Sprintf("session %d of %s: seal %v", e.PSI, w.who(e.SUPI), e.Sealed)
	case SMDeactivate:
		return fmt.Sprintf("session %d of %s: deactivate", e.PSI, w.who(e.SUPI))
	case SMUnreached:
		return fmt.Sprintf("session %d of %s: unreached", e.PSI, w.who(e.SUPI))
	case Page:
		return fmt.Sprintf("page %s in %v, by radios %v", w.whose(e.Msg.STMSI), e.Msg.TAIs, w.pages(e))
	case Paged:
		return fmt.Sprintf("paged in %v: answered %v", e.TAC, e.Answered)
	case SMRelease:
		return fmt.Sprintf("session %d of %s: release", e.PSI, w.who(e.SUPI))
	case Save:
		return "save " + w.who(e.SUPI)
	case Forget:
		return "forget " + w.who(e.SUPI)
	case Registered:
		return fmt.Sprintf("registered %s, initial %v, in %v", w.who(e.SUPI), e.Initial, e.Latency)
	case Deregistered:
		return fmt.Sprintf("deregistered %s: %v", w.who(e.SUPI), e.Why)
	case Finding:
		about := fmt.Sprintf("FINDING %v, radio%d, device %s", e.Kind, e.Radio, w.who(e.SUPI))
		if e.Why != "" {
			about += ", " + e.Why
		}
		return about
	case Judged:
		return w.showJudged(e)
	case Pending:
		return fmt.Sprintf("PENDING radio%d: %v %q from %v, %v, more %v", e.Radio, e.Claim.Node, e.Claim.Name, e.Claim.Peer, e.Claim.Areas, e.Claim.More)
	case Draining:
		return fmt.Sprintf("DRAINING radio%d %v: %v", e.Radio, e.Node, e.Verdict.Act)
	case Lawful:
		return fmt.Sprintf("LAWFUL radio%d %v", e.Radio, e.Node)
	case Drop:
		return "drop: " + e.Reason.String()
	case Reply:
		return "reply: " + w.showNGAP(e.Msg)
	case Deliver:
		return "deliver: " + w.showNGAP(e.Msg)
	case Joined:
		s := fmt.Sprintf("joined: %v %q %s %v", e.Info.Node, e.Info.Name, e.Info.Profile.Name, e.Info.Areas)
		if e.Info.Standing.Act != rules.Allow || e.Info.Draining {
			s += fmt.Sprintf(", %s %v %v%s", e.Info.Element, e.Info.Standing.Act, e.Info.Standing.Owes, when(e.Info.Draining, ", draining"))
		}
		return s
	case Reset:
		return fmt.Sprintf("reset: all %v, %d pairs", e.All, len(e.Pairs))
	case Hangup:
		return "hang up: " + e.Reason.String()
	}
	return fmt.Sprintf("%T", e)
}

// who is the name of the phone with that SUPI.
func (w *world) who(s ident.SUPI) string {
	if s == 0 {
		return "nobody"
	}
	for _, p := range w.phones {
		if p.supi == s {
			return p.name
		}
	}
	return "a stranger"
}

// whose is the phone that has a temporary identity.
func (w *world) whose(s ident.STMSI) string {
	for _, p := range w.phones {
		if p.guti != nil && p.guti.STMSI() == s {
			return p.name
		}
	}
	return "a stranger"
}

// pages are the radios that are to page.
func (w *world) pages(e Page) (by []RadioID) {
	for id := RadioID(1); int(id) <= len(w.radios); id++ {
		if e.By(w.machines[id].Info()) {
			by = append(by, id)
		}
	}
	return by
}

func (w *world) showNGAP(m ngap.Message) string {
	name := strings.TrimPrefix(fmt.Sprintf("%T", m), "*ngap.")
	switch m := m.(type) {
	case *ngap.InitialContextSetupRequest:
		return fmt.Sprintf("%s%s, capability %d octets, masked %v%s", name, showItems(m.Setup), len(m.UERadioCapability), m.MaskedIMEISV != nil, showRestrictions(m.MobilityRestrictions))
	case *ngap.DownlinkNASTransport:
		return name + showRestrictions(m.MobilityRestrictions)
	case *ngap.OverloadStart:
		return fmt.Sprintf("%s, action %d", name, *m.Response)
	case *ngap.PDUSessionResourceSetupRequest:
		return name + showItems(m.Setup)
	case *ngap.PDUSessionResourceReleaseCommand:
		return fmt.Sprintf("%s, session %d", name, m.Release[0].ID)
	case *ngap.UEContextReleaseCommand:
		return fmt.Sprintf("%s, %v", name, m.Cause)
	case *ngap.NGSetupFailure:
		return fmt.Sprintf("%s, %v, wait %d", name, m.Cause, *m.TimeToWait)
	case *ngap.RANConfigurationUpdateFailure:
		return fmt.Sprintf("%s, %v", name, m.Cause)
	case *ngap.ErrorIndication:
		return fmt.Sprintf("%s, %v", name, *m.Cause)
	case *ngap.HandoverPreparationFailure:
		return fmt.Sprintf("%s, %v", name, m.Cause)
	}
	return name
}

func when(ok bool, s string) string {
	if ok {
		return s
	}
	return ""
}

func (w *world) showJudged(e Judged) string {
	s := fmt.Sprintf("JUDGED %v: %v %s by %s, radio%d %v", e.Gate, e.Verdict.Act, e.Verdict.Name, e.Verdict.Rule.ID, e.Radio, e.Node)
	if e.Gate != rules.GateN2 {
		s += fmt.Sprintf(", %s, protected %v, area %v", w.who(e.SUPI), e.Protected, e.TAC)
	}
	if e.DNN != "" {
		s += fmt.Sprintf(", %s in %v", e.DNN, e.Slice)
	}
	return s
}

func showRestrictions(m *ngap.MobilityRestrictions) string {
	if m == nil {
		return ""
	}
	s := fmt.Sprintf(", not in %v", m.Forbidden[0].TACs)
	for _, a := range m.ServiceAreas {
		s += fmt.Sprintf(", service in %v, not in %v", a.Allowed, a.NotAllowed)
	}
	return s
}

func showAreas(m *nas.ServiceAreas) string {
	if m == nil {
		return ""
	}
	return fmt.Sprintf(", service%s in %v", when(m.NotAllowed, " not"), m.TAIs)
}

func showItems(items []ngap.PDUSessionSetup) (s string) {
	for _, it := range items {
		s += fmt.Sprintf(", session %d %q NAS %v", it.ID, it.Transfer, it.NAS != nil)
	}
	return s
}

// showNAS renders what matters of a downlink message.
func showNAS(m nas.Message) string {
	name := m.Type().String()
	switch m := m.(type) {
	case *nas.RegistrationAccept:
		return fmt.Sprintf("%s, GUTI %v, areas %d, allowed %v, configured %v, rejected %d, T3512 %v%s", name, m.GUTI, len(m.TAIs), m.AllowedNSSAI, m.ConfiguredNSSAI, len(m.RejectedNSSAI), m.T3512, showStatus(m.SessionStatus, m.Reactivation)) + showAreas(m.ServiceAreas)
	case *nas.RegistrationReject:
		s := fmt.Sprintf("%s, %v", name, m.Cause)
		if m.T3346 != nil {
			s += fmt.Sprintf(", T3346 %v", m.T3346)
		}
		return s
	case *nas.AuthenticationReject:
		return fmt.Sprintf("%s, EAP %x", name, m.EAP)
	case *nas.ServiceReject:
		s := fmt.Sprintf("%s, %v", name, m.Cause)
		if m.T3346 != nil {
			s += fmt.Sprintf(", T3346 %v", m.T3346)
		}
		return s
	case *nas.ServiceAccept:
		return name + showStatus(m.SessionStatus, m.Reactivation)
	case *nas.AuthenticationRequest:
		return fmt.Sprintf("%s, ngKSI %d, EAP %v", name, m.KSI, m.EAP != nil)
	case *nas.SecurityModeCommand:
		return fmt.Sprintf("%s, NIA%d, NEA%d, ngKSI %d, IMEISV %v, whole message %v, EAP %x", name, m.Integrity, m.Ciphering, m.KSI, m.IMEISVRequest != nil, m.Additional != nil, m.EAP)
	case *nas.MMStatus:
		return fmt.Sprintf("%s, %v", name, m.Cause)
	case *nas.DLNASTransport:
		return fmt.Sprintf("%s, session %d, cause %d, %x", name, m.Session, m.Cause, m.Payload)
	case *nas.ConfigurationUpdateCommand:
		s := fmt.Sprintf("%s, acknowledge %v, GUTI %v, name %q", name, m.Indication != nil, m.GUTI, m.FullName)
		if m.Time != nil {
			s += fmt.Sprintf(", %v", m.Time.Time.Format("2006-01-02 15:04:05"))
		}
		if len(m.TAIs) > 0 {
			s += fmt.Sprintf(", areas %v", m.TAIs)
		}
		s += showAreas(m.ServiceAreas)
		return s
	case *nas.DeregistrationRequestNetwork:
		return fmt.Sprintf("%s, type %d", name, m.Kind)
	}
	return name
}

func showStatus(status, result *nas.PDUSessions) (s string) {
	if status != nil {
		s += fmt.Sprintf(", sessions %v", collect(*status))
	}
	if result != nil {
		s += fmt.Sprintf(", failed %v", collect(*result))
	}
	return s
}
