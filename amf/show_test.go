package amf

import (
	"fmt"
	"strings"

	"cordon/ident"
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
		return fmt.Sprintf("session %d of %s: create, slice %v, %s, N1 %x", e.PSI, w.who(e.SUPI), e.SNSSAI, e.DNN, e.N1)
	case SMN1:
		return fmt.Sprintf("session %d of %s: N1 %x", e.PSI, w.who(e.SUPI), e.N1)
	case SMN2:
		return fmt.Sprintf("session %d of %s: %v by radio%d, %q", e.PSI, w.who(e.SUPI), e.Kind, e.Radio, e.Transfer)
	case SMActivate:
		return fmt.Sprintf("session %d of %s: activate", e.PSI, w.who(e.SUPI))
	case SMDeactivate:
		return fmt.Sprintf("session %d of %s: deactivate", e.PSI, w.who(e.SUPI))
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
	case Drop:
		return "drop: " + e.Reason.String()
	case Reply:
		return "reply: " + w.showNGAP(e.Msg)
	case Deliver:
		return "deliver: " + w.showNGAP(e.Msg)
	case Joined:
		return fmt.Sprintf("joined: %v %q %s %v", e.Info.Node, e.Info.Name, e.Info.Profile.Name, e.Info.Areas)
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

func (w *world) showNGAP(m ngap.Message) string {
	name := strings.TrimPrefix(fmt.Sprintf("%T", m), "*ngap.")
	switch m := m.(type) {
	case *ngap.InitialContextSetupRequest:
		return fmt.Sprintf("%s%s, capability %d octets, masked %v", name, showItems(m.Setup), len(m.UERadioCapability), m.MaskedIMEISV != nil)
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
		return fmt.Sprintf("%s, GUTI %v, areas %d, allowed %v, configured %v, rejected %d, T3512 %v%s", name, m.GUTI, len(m.TAIs), m.AllowedNSSAI, m.ConfiguredNSSAI, len(m.RejectedNSSAI), m.T3512, showStatus(m.SessionStatus, m.Reactivation))
	case *nas.RegistrationReject:
		s := fmt.Sprintf("%s, %v", name, m.Cause)
		if m.T3346 != nil {
			s += fmt.Sprintf(", T3346 %v", m.T3346)
		}
		return s
	case *nas.AuthenticationReject:
		return fmt.Sprintf("%s, EAP %x", name, m.EAP)
	case *nas.ServiceReject:
		return fmt.Sprintf("%s, %v", name, m.Cause)
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
