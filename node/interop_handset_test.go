package node

import (
	"errors"
	"slices"
	"testing"

	"cordon/aka"
	"cordon/ident"
	"cordon/ran"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// A handset is a phone on the site's radio: its keys, and the identities of its connection.
type handset struct {
	*site
	supi ident.SUPI
	ran  ident.RANUENGAPID
	amf  ident.AMFUENGAPID
	sec  nas.Security
	kamf aka.Key
	guti ident.GUTI
}

func (s *site) handset(ran ident.RANUENGAPID) *handset {
	supi, _ := ident.ParseSUPI(foreignIMSI)
	return &handset{site: s, ran: ran, supi: supi}
}

// said is the NAS in a captured PDU.
func said(t testing.TB, digits string) []byte {
	t.Helper()
	m, fault := ngap.Parse(octets(t, digits))
	switch m := m.(type) {
	case *ngap.InitialUEMessage:
		return m.NASPDU
	case *ngap.UplinkNASTransport:
		return m.NASPDU
	case *ngap.DownlinkNASTransport:
		return m.NASPDU
	case *ngap.InitialContextSetupRequest:
		return m.NASPDU
	case *ngap.PDUSessionResourceSetupRequest:
		return m.Setup[0].NAS
	}
	t.Fatalf("%T: %v", m, fault)
	return nil
}

// sends says NAS in the radio's UPLINK NAS TRANSPORT.
func (h *handset) sends(pdu []byte) {
	h.Helper()
	m, _ := ngap.Parse(octets(h.T, heardUplink))
	up := m.(*ngap.UplinkNASTransport)
	up.AMFUENGAPID, up.RANUENGAPID, up.NASPDU = h.amf, h.ran, pdu
	h.ngap(up)
}

func (h *handset) ngap(m ngap.Message) {
	h.Helper()
	b, err := ngap.Append(nil, m)
	if err != nil {
		h.Fatal(err)
	}
	h.says(1, b)
}

// seals sends a plain message under the phone's keys.
func (h *handset) seals(kind nas.HeaderType, plain []byte) {
	h.Helper()
	b, err := h.sec.Protect(nil, plain, kind)
	if err != nil {
		h.Fatal(err)
	}
	h.sends(b)
}

// begins sends a first message in the captured INITIAL UE MESSAGE.
func (h *handset) begins(pdu []byte, change ...func(*ngap.InitialUEMessage)) {
	h.Helper()
	m, _ := ngap.Parse(octets(h.T, heardRegister))
	first := m.(*ngap.InitialUEMessage)
	first.RANUENGAPID, first.NASPDU = h.ran, pdu
	for _, f := range change {
		f(first)
	}
	h.ngap(first)
}

// hears is the NAS of the next message, a DOWNLINK NAS TRANSPORT, as it stands.
func (h *handset) hears() ([]byte, ran.Message) {
	h.Helper()
	m, raw := next[*ngap.DownlinkNASTransport](h.site)
	if h.amf = m.AMFUENGAPID; m.RANUENGAPID != h.ran || raw.Stream == 0 || raw.PPID != ran.PPID {
		h.Errorf("%d on stream %d, PPID %d", m.RANUENGAPID, raw.Stream, raw.PPID)
	}
	return m.NASPDU, raw
}

// opens is NAS under the phone's keys.
func opens[M nas.Message](h *handset, pdu []byte) M {
	h.Helper()
	plain, err := h.sec.Unprotect(pdu)
	if err != nil {
		h.Fatal(err)
	}
	m, ignored, err := nas.Parse(plain)
	got, ok := m.(M)
	if err != nil || len(ignored) > 0 || !ok {
		h.Fatalf("%x: %T, %v %v", plain, m, ignored, err)
	}
	return got
}

// authenticates answers the challenge in pdu, checks the SECURITY MODE COMMAND and completes it
// with the captured words or others.
func (h *handset) authenticates(pdu []byte, complete []byte) {
	h.Helper()
	m, _, err := nas.Parse(pdu)
	ask, ok := m.(*nas.AuthenticationRequest)
	if err != nil || !ok {
		h.Fatalf("%x: %T %v", pdu, m, err)
	}
	res, kseaf := h.answer(*ask.RAND, *ask.AUTN)
	h.sends(append([]byte{0x7e, 0, 0x57, 0x2d, 16}, res[:]...))
	pdu, raw := h.hears()
	sameShape(h.T, "SECURITY MODE COMMAND", raw, toldSecurity)
	m, _, err = nas.Parse(pdu[7:])
	cmd, ok := m.(*nas.SecurityModeCommand)
	if err != nil || !ok {
		h.Fatalf("%x: %T %v", pdu, m, err)
	}
	h.keys(kseaf, cmd.Integrity, cmd.Ciphering)
	opens[*nas.SecurityModeCommand](h, pdu)
	h.seals(nas.HeaderNewCiphered, complete)
}

// answer is the SIM's.
func (h *handset) answer(rand, autn [16]byte) (res [16]byte, kseaf aka.Key) {
	sim := aka.NewMilenage(testK, foreignOPc)
	plmn, _ := ident.ParsePLMN("90170")
	snn := plmn.ServingNetworkName()
	a, _, err := aka.CheckAUTN(sim, rand, autn, new(aka.SEQArray))
	if err != nil && !errors.Is(err, aka.ErrNotFresh) {
		h.Fatal(err)
	}
	return aka.RESStar(a.CK, a.IK, snn, rand, a.RES), aka.KSEAF(aka.KAUSF(a.CK, a.IK, snn, [6]byte(autn[:6])), snn)
}

func (h *handset) keys(kseaf aka.Key, nia, nea uint8) {
	h.kamf = aka.KAMF(kseaf, h.supi, []byte{0, 0})
	h.sec = nas.Security{
		KNASint: aka.AlgorithmKey(h.kamf, aka.NASInt, nia), KNASenc: aka.AlgorithmKey(h.kamf, aka.NASEnc, nea),
		Integrity: nia, Ciphering: nea, Side: nas.Device,
	}
}

// standsContext takes the INITIAL CONTEXT SETUP REQUEST with the REGISTRATION ACCEPT.
func (h *handset) standsContext() *ngap.InitialContextSetupRequest {
	h.Helper()
	m, raw := next[*ngap.InitialContextSetupRequest](h.site)
	sameShape(h.T, "INITIAL CONTEXT SETUP REQUEST", raw, toldContext, "110/0") // the rates of the device
	if m.SecurityKey != aka.KgNB(h.kamf, h.sec.Uplink-1, aka.Access3GPP) {
		h.Error("the radio has another key than the phone")
	}
	h.ngap(&ngap.InitialContextSetupResponse{AMFUENGAPID: h.amf, RANUENGAPID: h.ran})
	return m
}

// attaches is the captured exchange up to REGISTRATION COMPLETE.
func (h *handset) attaches() {
	h.Helper()
	h.begins(said(h.T, heardRegister))
	pdu, raw := h.hears()
	sameShape(h.T, "AUTHENTICATION REQUEST", raw, toldChallenge)
	h.authenticates(pdu, octets(h.T, saidSecured))
	m := h.standsContext()
	accept := opens[*nas.RegistrationAccept](h, m.NASPDU)
	h.guti = *accept.GUTI
	h.seals(nas.HeaderCiphered, octets(h.T, saidComplete))
}

// gets takes the PDU SESSION RESOURCE SETUP REQUEST, answers it, and gives the device's
// message.
func (h *handset) gets() *nas.PDUSessionEstablishmentAccept {
	h.Helper()
	m, raw := next[*ngap.PDUSessionResourceSetupRequest](h.site)
	sameShape(h.T, "PDU SESSION RESOURCE SETUP REQUEST", raw, toldSession)
	h.serves(m.Setup)
	down := opens[*nas.DLNASTransport](h, m.Setup[0].NAS)
	_, sm, ignored, err := nas.ParseSM(down.Payload)
	accept, ok := sm.(*nas.PDUSessionEstablishmentAccept)
	if err != nil || len(ignored) > 0 || !ok {
		h.Fatalf("%x: %T, %v %v", down.Payload, sm, ignored, err)
	}
	return accept
}

// serves answers that every session has resources.
func (h *handset) serves(items []ngap.PDUSessionSetup) {
	h.Helper()
	answer := &ngap.PDUSessionResourceSetupResponse{AMFUENGAPID: h.amf, RANUENGAPID: h.ran}
	for _, it := range items {
		tr, err := ngap.AppendTransfer(nil, h.tunnel(uint32(it.ID)))
		if err != nil {
			h.Fatal(err)
		}
		answer.Setup = append(answer.Setup, ngap.PDUSessionTransfer{ID: it.ID, Transfer: tr})
	}
	h.ngap(answer)
}

func (h *handset) tunnel(teid uint32) *ngap.PDUSessionResourceSetupResponseTransfer {
	t := &ngap.PDUSessionResourceSetupResponseTransfer{}
	t.DL.Tunnel = ngap.GTPTunnel{Addr: loopback(h.T, 10), TEID: ident.TEID(teid)}
	t.DL.Flows = []ngap.AssociatedFlow{{QFI: 1}}
	return t
}

// rests has the radio release the phone.
func (s *site) rests(h *handset) {
	s.Helper()
	h.ngap(&ngap.UEContextReleaseRequest{AMFUENGAPID: h.amf, RANUENGAPID: h.ran, Cause: ngap.CauseRadioUserInactivity,
		PDUSessions: []ident.PDUSessionID{1}})
	next[*ngap.UEContextReleaseCommand](s)
	h.ngap(&ngap.UEContextReleaseComplete{AMFUENGAPID: h.amf, RANUENGAPID: h.ran})
}

// service is the captured SERVICE REQUEST for data of session 1, whole within itself.
func (h *handset) service() []byte {
	h.Helper()
	t := h.guti.STMSI()
	clear := octets(h.T, "7e004c100007f4")
	clear = append(clear, byte(t.Set>>2), byte(t.Set<<6)|t.Pointer)
	clear = append(clear, byte(t.TMSI>>24), byte(t.TMSI>>16), byte(t.TMSI>>8), byte(t.TMSI))
	whole := append(slices.Clone(clear), octets(h.T, "4002020050020200")...)
	if err := h.sec.CipherContainer(whole, h.sec.Uplink); err != nil {
		h.Fatal(err)
	}
	b, err := h.sec.Protect(nil, append(append(clear, 0x71, 0, byte(len(whole))), whole...), nas.HeaderIntegrity)
	if err != nil {
		h.Fatal(err)
	}
	return b
}
