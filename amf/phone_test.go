package amf

import (
	"errors"
	"fmt"

	"cordon/aka"
	"cordon/ident"
	"cordon/subscriber"
	"cordon/wire/nas"
)

// phone is a device as it should be: it checks what the network says.
type phone struct {
	name     string
	supi     ident.SUPI
	radio    RadioID
	vip      bool // is protected
	conn     ident.AMFUENGAPID
	ran      ident.RANUENGAPID
	caps     nas.UESecurityCapability
	guti     *ident.GUTI
	sec      nas.Security // in use; Integrity 0 is none
	next     nas.Security // announced by a security mode command
	kamf     aka.Key
	ksi      nas.KSI
	kseaf    aka.Key // of the last challenge
	resStar  [16]byte
	eap      []byte // answer to the last EAP challenge
	eapKey   aka.Key
	request  *nas.RegistrationRequest // the whole last one
	got      []nas.Message
	sim      aka.SEQArray
	method   subscriber.Method
	connKey  *[32]byte // KgNB that the radio was given
	connUp   uint32    // uplink COUNT it should derive from
	lastSent []byte
	spoken   bool // the network has answered under the keys on this connection
}

// receive is the phone's side of protection and of what changes its state.
func (p *phone) receive(w *world, pdu []byte) (nas.Message, error) {
	h, err := nas.ParseHeader(pdu)
	if err != nil {
		return nil, err
	}
	plain := pdu
	switch h.Type {
	case nas.HeaderPlain:
	case nas.HeaderNewIntegrity:
		m, _, err := nas.Parse(h.Inner)
		if err != nil {
			return nil, err
		}
		if err := p.secure(w, m.(*nas.SecurityModeCommand)); err != nil {
			return m, err
		}
		if plain, err = p.next.Unprotect(pdu); err != nil {
			return m, err
		}
	default:
		if plain, err = p.sec.Unprotect(pdu); err != nil {
			return nil, err
		}
		p.spoken = true
	}
	m, ignored, err := nas.Parse(plain)
	if err != nil || len(ignored) > 0 {
		return nil, fmt.Errorf("malformed: %v %v", err, ignored)
	}
	p.got = append(p.got, m)
	p.note(w, m)
	return m, nil
}

func (p *phone) note(w *world, m nas.Message) {
	switch m := m.(type) {
	case *nas.AuthenticationRequest:
		p.ksi = m.KSI
		if m.EAP != nil {
			var err error
			p.eap, p.eapKey, err = aka.AnswerEAP(w.milenage(p), &p.sim, m.EAP, testPLMN.ServingNetworkName(), p.supi)
			if err != nil && !errors.Is(err, aka.ErrNotFresh) {
				w.t.Errorf("%s: EAP: %v", p.name, err)
			}
			p.kseaf = aka.KSEAF(p.eapKey, testPLMN.ServingNetworkName())
			return
		}
		p.kseaf, p.resStar = secrets(*m.RAND)
	case *nas.RegistrationAccept:
		p.guti = m.GUTI
	case *nas.ConfigurationUpdateCommand:
		if m.GUTI != nil {
			p.guti = m.GUTI
		}
	case *nas.RegistrationReject:
		if m.Cause == nas.CauseNoSuitableCells && !initial(p.request.Kind) || m.Cause == nas.CauseCongestion {
			return // TS 24.501 §5.5.1.3.5
		}
		p.guti, p.sec, p.ksi = nil, nas.Security{}, nas.NoKSI
	case *nas.AuthenticationReject:
		p.guti, p.sec, p.ksi = nil, nas.Security{}, nas.NoKSI
	}
}

// secure prepares the context that a security mode command announces.
func (p *phone) secure(w *world, m *nas.SecurityModeCommand) error {
	if m.Replayed != p.caps {
		return fmt.Errorf("capabilities were altered")
	}
	if m.Integrity == 0 {
		w.t.Errorf("%s: null integrity was chosen", p.name)
	}
	p.kamf = aka.KAMF(p.kseaf, p.supi, []byte{0, 0})
	p.next = nas.Security{
		KNASint:   aka.AlgorithmKey(p.kamf, aka.NASInt, m.Integrity),
		KNASenc:   aka.AlgorithmKey(p.kamf, aka.NASEnc, m.Ciphering),
		Integrity: m.Integrity, Ciphering: m.Ciphering, Side: nas.Device,
	}
	return nil
}

// The null scheme's output is the last ten digits.
func (p *phone) suci() nas.MobileIdentity {
	d := p.supi.IMSI()[5:]
	out := make([]byte, 5)
	for i := range out {
		out[i] = d[2*i]&15 | d[2*i+1]<<4
	}
	return nas.MobileIdentity{Type: nas.IdentitySUCI, SUCI: ident.SUCI{PLMN: testPLMN, Routing: ident.RoutingIndicator{0xf0, 0xff}, Output: out}}
}

func fromSUCI(s *ident.SUCI) ident.SUPI {
	d := "00101"
	for _, b := range s.Output {
		d += string('0'+rune(b&15)) + string('0'+rune(b>>4))
	}
	supi, _ := ident.ParseSUPI(d)
	return supi
}

// registration is the whole request that the phone has to make.
func (p *phone) registration(kind nas.RegistrationType) *nas.RegistrationRequest {
	m := &nas.RegistrationRequest{Kind: kind, FollowOn: true, KSI: p.ksi, Identity: p.suci(), Security: p.caps}
	if p.guti != nil {
		m.Identity = nas.MobileIdentity{Type: nas.IdentityGUTI, GUTI: *p.guti}
	}
	return m
}

// plain encodes without protection.
func plain(m nas.Message) []byte {
	b, err := nas.Append(nil, m)
	if err != nil {
		panic(err)
	}
	return b
}

// protected encodes under the phone's keys, or plain if it has none.
func (p *phone) protected(m nas.Message) []byte {
	if p.sec.Integrity == 0 {
		return plain(m)
	}
	if !p.spoken {
		return p.seal(plain(m), nas.HeaderIntegrity)
	}
	return p.seal(plain(m), nas.HeaderCiphered)
}

func (p *phone) seal(b []byte, t nas.HeaderType) []byte {
	out, err := p.sec.Protect(nil, b, t)
	if err != nil {
		panic(err)
	}
	return out
}

// initialPDU is the request as a first message: in the clear what may be, the rest in the
// container, all under the phone's integrity key if it has one.
func (p *phone) initialPDU(full *nas.RegistrationRequest) []byte {
	p.request = full
	clear := full.Cleartext()
	p.connUp = p.sec.Uplink
	if p.sec.Integrity == 0 {
		return plain(clear)
	}
	if len(full.NonCleartext()) > 0 {
		clear.Container = plain(full)
		if err := p.sec.CipherContainer(clear.Container, p.sec.Uplink); err != nil {
			panic(err)
		}
	}
	return p.seal(plain(clear), nas.HeaderIntegrity)
}

// servicePDU is the same for a service request.
func (p *phone) servicePDU(full *nas.ServiceRequest) []byte {
	clear := full.Cleartext()
	p.connUp = p.sec.Uplink
	if len(full.NonCleartext()) > 0 {
		clear.Container = plain(full)
		if err := p.sec.CipherContainer(clear.Container, p.sec.Uplink); err != nil {
			panic(err)
		}
	}
	return p.seal(plain(clear), nas.HeaderIntegrity)
}

// complete answers a security mode command and takes the keys into use.
func (p *phone) complete(container bool) []byte {
	p.sec = p.next
	imeisv := ident.IMEISV(0x3534900698733190)
	m := &nas.SecurityModeComplete{IMEISV: &imeisv}
	if container && p.request != nil {
		m.Container = plain(p.request)
	}
	p.connUp = p.sec.Uplink
	return p.seal(plain(m), nas.HeaderNewCiphered)
}
