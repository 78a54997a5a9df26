package amf

import (
	"bytes"
	"encoding/hex"
	"strconv"

	"cordon/ident"
	"cordon/wire/nas"
)

// says is a NAS message on the phone's connection.
func (w *world) says(p *phone, what string, args []string, has func(string) bool) {
	send := func(m nas.Message) {
		switch {
		case has("ciphered"):
			w.uplink(p, p.seal(plain(m), nas.HeaderCiphered))
		case has("plain"):
			w.uplink(p, plain(m))
		case has("forged"):
			pdu := p.protected(m)
			p.sec.Uplink-- // the network never takes it
			pdu[3] ^= 1
			w.uplink(p, pdu)
		default:
			w.uplink(p, p.protected(m))
		}
	}
	switch what {
	case "identity":
		send(&nas.IdentityResponse{Identity: p.suci()})
	case "no-identity":
		send(&nas.IdentityResponse{})
	case "answer":
		w.answerChallenge(p)
	case "garbled":
		p.eap[len(p.eap)-1] ^= 1
		w.answerChallenge(p)
	case "wrong":
		send(&nas.AuthenticationResponse{RES: &[16]byte{1}})
	case "no-answer":
		send(&nas.AuthenticationResponse{})
	case "failure":
		n, _ := strconv.Atoi(args[0])
		m := &nas.AuthenticationFailure{Cause: nas.Cause(n)}
		if m.Cause == nas.CauseSynchFailure && !has("bare") {
			m.AUTS = &[14]byte{0xaa, 0xbb}
		}
		send(m)
	case "secured":
		w.uplink(p, p.complete(true))
	case "secured-bare":
		w.uplink(p, p.complete(false))
	case "secured-plain":
		w.uplink(p, plain(&nas.SecurityModeComplete{}))
	case "secured-otherwise": // the container is another request than the one that came first
		kind := p.request.Kind
		if has("mobility") {
			kind = nas.RegistrationMobility
		}
		other := *p.request
		other.Kind, other.FollowOn = kind, !other.FollowOn
		p.request = &other
		w.uplink(p, p.complete(true))
	case "insecure":
		send(&nas.SecurityModeReject{Cause: nas.CauseCapabilitiesMismatch})
	case "registered":
		send(&nas.RegistrationComplete{})
	case "updated":
		send(&nas.ConfigurationUpdateComplete{})
	case "deregistered":
		send(&nas.DeregistrationAcceptNetwork{})
	case "status":
		send(&nas.MMStatus{Cause: nas.CauseProtocol})
	case "farewell":
		m := &nas.DeregistrationRequestUE{Kind: nas.Deregister3GPP, KSI: p.ksi, Identity: nas.MobileIdentity{Type: nas.IdentityGUTI, GUTI: *p.guti}}
		if has("off") {
			m.Kind |= nas.SwitchOff
		}
		send(m)
	case "registration":
		m := p.registration(nas.RegistrationMobility)
		switch {
		case has("anew"):
			m.Kind = nas.RegistrationInitial
		case has("sessionless"):
			m.SessionStatus = new(nas.PDUSessions)
		case has("other-radio"):
			update := nas.UpdateRadioCapabilityNeeded
			m.Update = &update
		}
		p.request = m
		send(m)
	case "service":
		send(&nas.ServiceRequest{KSI: p.ksi, Service: nas.ServiceData, STMSI: p.guti.STMSI(), UplinkData: listed(args, "data=")})
	case "transport":
		w.saysTransport(p, args, has, send)
	case "again":
		w.uplink(p, p.lastSent)
	case "hex":
		b, err := hex.DecodeString(args[0])
		if err != nil {
			w.t.Fatal(err)
		}
		if has("sealed") {
			b = p.seal(b, nas.HeaderCiphered)
		}
		w.uplink(p, b)
	default:
		w.t.Fatalf("unknown message %q", what)
	}
}

func (w *world) saysTransport(p *phone, args []string, has func(string) bool, send func(nas.Message)) {
	n, _ := strconv.Atoi(args[0])
	psi := ident.PDUSessionID(n)
	m := sessionRequest(psi)
	switch {
	case has("existing"):
		m.Request = nas.RequestExisting
	case has("emergency"):
		m.Request = nas.RequestInitialEmergency
	case has("untyped"):
		m.Request = 0
	case has("release"):
		m.Request, m.DNN = 0, ""
		m.Payload = []byte{0x2e, byte(psi), 2, 0xd1}
	case has("sms"):
		m.PayloadType = nas.PayloadSMS
	case has("huge"):
		m.PayloadType, m.Payload = nas.PayloadUEPolicy, bytes.Repeat([]byte{9}, 60000)
	}
	if has("elsewhere") {
		m.DNN = "secret"
	}
	if has("ims") {
		m.DNN = dnnIMS
	}
	if has("anywhere") {
		m.DNN = ""
	}
	if has("slice") {
		m.Slice = &ident.SNSSAI{SST: 2, SD: 0x010203}
	}
	send(m)
}
