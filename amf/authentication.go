package amf

import (
	"crypto/subtle"

	"cordon/aka"
	"cordon/ident"
	"cordon/subscriber"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// challenge is an authentication in hand, and the security context that comes of it. It
// belongs to the connection until the SECURITY MODE COMPLETE.
type challenge struct {
	supi      ident.SUPI
	plan      *subscriber.Plan
	protected bool
	rand      [16]byte
	autn      [16]byte
	xres      [16]byte
	kseaf     aka.Key
	eap       *aka.EAPServer
	success   []byte // EAP-Success, for SECURITY MODE COMMAND
	ksi       uint8
	kamf      aka.Key
	sec       nas.Security
	caps      nas.UESecurityCapability
	answered  bool
}

// abba is the ABBA parameter of this release (TS 33.501 annex A.7.1).
var abba = []byte{0, 0}

// maxResyncs is after how many synchronisation failures in a row the device is refused
// (TS 24.501 §5.4.1.3.7 f).
const maxResyncs = 2

// vector is the subscriber store's answer.
func (a *AMF) vector(ev Vector) {
	c := a.conns[ev.Conn]
	if c == nil || c.state != stateVector || c.request != ev.Request {
		a.drop(ReasonStale)
		return
	}
	switch ev.Err {
	case VectorOK:
		if c.ue != nil && c.ue.supi != ev.SUPI {
			a.drop(ReasonRefused)
			a.release(c, ngap.CauseNASAuthenticationFailure)
			return
		}
		a.challenge(c, ev)
	case VectorBusy, VectorUnavailable:
		a.drop(ReasonRefused)
		a.reject(c, nas.CauseCongestion)
	case VectorUnknown:
		a.drop(ReasonRefused)
		a.reject(c, nas.CauseIllegalUE)
	case VectorBadAUTS:
		a.finding(c, FindingAuth)
		a.rejectAuthentication(c, nil)
	default:
		a.drop(ReasonRefused)
		a.reject(c, nas.CauseProtocol)
	}
}

// challenge sends AUTHENTICATION REQUEST (TS 24.501 §5.4.1.2, §5.4.1.3). The key set identifier
// is neither the one that the device says it has nor the one in the stored context.
func (a *AMF) challenge(c *conn, ev Vector) {
	ch := &challenge{
		supi: ev.SUPI, plan: ev.Plan, protected: ev.Protected, rand: ev.RAND, autn: ev.AUTN, xres: ev.XRESStar,
		kseaf: ev.KSEAF, eap: ev.EAP,
	}
	var claimed, stored uint8 = 7, 7
	if c.req != nil {
		claimed = uint8(c.req.msg.KSI) & 7
	}
	if u := a.ues[ev.SUPI]; u != nil {
		stored = u.ksi
	}
	last := uint8(7)
	if c.auth != nil {
		last = c.auth.ksi
	}
	for ch.ksi == claimed || ch.ksi == stored || ch.ksi == last {
		ch.ksi++
	}
	c.auth = ch
	a.procedure(c, stateAuth)
	m := &nas.AuthenticationRequest{KSI: nas.KSI(ch.ksi), ABBA: abba}
	if ch.eap != nil {
		m.EAP = ch.eap.Challenge()
	} else {
		m.RAND, m.AUTN = &ch.rand, &ch.autn
	}
	a.ask(c, m, t3560)
}

// authenticationResponse is the device's answer to the challenge.
func (a *AMF) authenticationResponse(c *conn, m *nas.AuthenticationResponse) {
	ch := c.auth
	if c.state != stateAuth || ch == nil || ch.answered {
		a.unexpected(c)
		return
	}
	if ch.eap != nil {
		a.eapResponse(c, m.EAP)
		return
	}
	if m.RES == nil || subtle.ConstantTimeCompare(m.RES[:], ch.xres[:]) == 0 {
		a.wrongAnswer(c, nil)
		return
	}
	a.authenticated(c, ch.kseaf)
}

// eapResponse is the same in EAP-AKA'.
func (a *AMF) eapResponse(c *conn, packet []byte) {
	r := c.auth.eap.Handle(packet)
	switch r.Verdict {
	case aka.EAPIgnored:
		a.drop(ReasonStale)
	case aka.EAPVerified:
		c.auth.success = r.Reply
		a.authenticated(c, aka.KSEAF(r.KAUSF, a.cfg.GUAMI.PLMN.ServingNetworkName()))
	case aka.EAPResync:
		a.resync(c, r.AUTS)
	default:
		a.wrongAnswer(c, r.Reply)
	}
}

// authenticated derives the keys of a device that has proven its SIM. They are taken into use
// by the security mode procedure.
func (a *AMF) authenticated(c *conn, kseaf aka.Key) {
	ch := c.auth
	ch.answered = true
	ch.kamf = aka.KAMF(kseaf, ch.supi, abba)
	ch.kseaf = aka.Key{}
	c.resyncs = 0
	a.secure(c)
}

// wrongAnswer refuses a device, unless its identity was only a temporary one that anybody can
// claim: then it is asked who it is, and the owner of the identity never notices
// (TS 33.501 §6.1.3.2.2, TS 24.501 §5.4.1.3.5).
func (a *AMF) wrongAnswer(c *conn, eapFailure []byte) {
	a.finding(c, FindingAuth)
	if c.guessed && c.ue == nil {
		c.auth = nil
		a.askIdentity(c)
		return
	}
	a.rejectAuthentication(c, eapFailure)
}

func (a *AMF) rejectAuthentication(c *conn, eapFailure []byte) {
	a.drop(ReasonRefused)
	a.sendNAS(c, &nas.AuthenticationReject{EAP: eapFailure})
	a.release(c, ngap.CauseNASAuthenticationFailure)
}

// authenticationFailure is the device's refusal of the challenge (TS 24.501 §5.4.1.3.7).
func (a *AMF) authenticationFailure(c *conn, m *nas.AuthenticationFailure) {
	if c.state != stateAuth || c.auth == nil {
		a.unexpected(c) // above all an unsolicited resynchronisation
		return
	}
	switch m.Cause {
	case nas.CauseSynchFailure:
		if m.AUTS == nil || c.auth.eap != nil {
			a.drop(ReasonMalformed)
			return
		}
		a.resync(c, *m.AUTS)
	case nas.CauseKSIInUse:
		if c.resyncs++; c.resyncs > maxResyncs {
			a.rejectAuthentication(c, nil)
			return
		}
		a.needVector(c, nil, c.auth.supi, nil)
	default: // MAC failure, or a SIM that cannot do 5G authentication
		a.wrongAnswer(c, nil)
	}
}

// resync has the store follow the SIM's sequence number and make another challenge.
func (a *AMF) resync(c *conn, auts [14]byte) {
	if c.resyncs++; c.resyncs > maxResyncs {
		a.finding(c, FindingAuth)
		a.rejectAuthentication(c, nil)
		return
	}
	a.needVector(c, nil, c.auth.supi, &Resync{RAND: c.auth.rand, AUTS: auts})
}
