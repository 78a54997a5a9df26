package node

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"cordon/aka"
	"cordon/ident"
	"cordon/ran"
	"cordon/subscriber"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// What radios and phones of other makers send, octet for octet where there is a capture,
// against a whole core. The captures are of a UERANSIM radio and phone on an Open5GS core with
// the null cipher, so that the phone's words can be said again under new keys.
var (
	foreignOPc  = [16]byte{0xe8, 0xed, 0x28, 0x9d, 0xeb, 0xa9, 0x52, 0xe4, 0x28, 0x3b, 0x54, 0xe8, 0x8e, 0x61, 0x83, 0xca}
	foreignIMSI = "901700000000001"
)

// The radio's and the phone's messages.
const (
	heardSetup    = "00150041000004001b00090009f1075000000001005240170a00554552414e53494d2d676e622d3930312d37302d310066000d00000000010009f107000000080015400140"
	heardRegister = "000f40480000050055000200020026001a197e004179000d0109f1070000000000000000102e04f0f0f0f0007900135009f107000000010009f107000001e56c13a0005a4001180070400100"
	heardUplink   = "002e4035000004000a000200020055000200020026000b0a7e0252565a75017e0043007940135009f107000000010009f107000001e56c13a0"
	heardService  = "000f40660000060055000200010026002d2c7e01d57f5248037e004c100007f40040db00af267100157e004c100007f40040db00af264002002050020200007900135009f107000000010009f107000001e57ebc60005a400120001a00070010000000af260070400100"

	saidSecured  = "7e005e7700094573806121856151f17100237e004179000d0109f1070000000000000000101001002e04f0f0f0f02f020101530100"
	saidComplete = "7e0043"
	saidSession  = "7e00670100152e0101c1ffff91a12801007b000780000a00000d00120181220101250908696e7465726e6574"
)

// The core's, in the same exchange.
const (
	toldSetup     = "201500320000040001000e05806f70656e3567732d616d663000600008000009f10702004000564001ff005000080009f10700000008"
	toldChallenge = "0004403e000003000a000200020055000200020026002b2a7e0056010200002147b9600ef9e3d55807dd2639d93df8a92010a5fb1b4f67fb8000c39ed6660edb4c90"
	toldSecurity  = "00044029000003000a0002000200550002000200260016157e0370570c8f007e005d020104f0f0f0f0e1360102"
	toldContext   = "000e008090000008000a00020002005500020002001c00070009f107020040000000020001007700091c000e000700038000005e00207db122aea58b6fd5466e0e4a77cb3b2111c03cfd537ed8f8129ea50af2492f77002240084370816125ffff510026402f2e7e024c8b0800017e0042010177000bf209f107020040e2001a0054072009f10700000115020101210201005e0129"
	toldSession   = "001d0080ae000004000a00020002005500020002004a00808c004001567e02e96fec80037e00680100472e0101c211000901000631310101ff01060b00010b00012905010a2d00032201017900060120410101097b000f80000d0408080808000d0408080404250908696e7465726e6574120100202f0000040082000a0c400000003040000000008b000a01f07f0000070000000600860001000088000700010000091d00006e400a0c400000003040000000"
)

func octets(t testing.TB, digits string) []byte {
	t.Helper()
	b, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// soon is within when any answer must come.
const soon = 10 * time.Second

// A site is a core and a radio of another make whose octets a test writes itself.
type site struct {
	*world
	*testing.T
	r *ran.RawRadio
}

// open starts a core for the captured network and sets the captured radio up.
func openSite(t *testing.T, change ...func(*Config)) *site {
	t.Helper()
	cfg := testConfig(t)
	cfg.PLMN, _ = ident.ParsePLMN("90170")
	cfg.AMF.Region = 2
	for _, f := range change {
		f(&cfg)
	}
	s := &site{world: start(t, cfg), T: t}
	supi, err := ident.ParseSUPI(foreignIMSI)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Store.Add(subscriber.Profile{SUPI: supi, Plan: "gold", Credentials: subscriber.Credentials{
		AMF: [2]byte{0x80, 0}, K: subscriber.NewSecret(testK[:]), OPc: subscriber.NewSecret(foreignOPc[:])}}, false); err != nil {
		t.Fatal(err)
	}
	n2, err := s.world.load(t, 0).Radios[0].Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.r = ran.Raw(n2)
	t.Cleanup(s.r.Close)
	s.says(0, octets(t, heardSetup))
	sameShape(t, "NG SETUP RESPONSE", s.told(), toldSetup)
	return s
}

func (s *site) says(stream uint16, pdu []byte) {
	s.Helper()
	if err := s.r.SendRaw(ran.Message{Stream: stream, PPID: ran.PPID, Data: pdu}); err != nil {
		s.Fatal(err)
	}
}

// told is the next message.
func (s *site) told() ran.Message {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), soon)
	defer cancel()
	m, err := s.r.Next(ctx)
	if err != nil {
		s.Fatal(err)
	}
	return m
}

// next is the next message, which must be of type M and for a device.
func next[M ngap.Message](s *site) (M, ran.Message) {
	s.Helper()
	raw := s.told()
	m, fault := ngap.Parse(raw.Data)
	got, ok := m.(M)
	if !ok || fault != nil {
		s.Fatalf("got %T (%v), want %T", m, fault, got)
	}
	return got, raw
}

// sameShape checks that a message has the elements of another core's, in its order and with its
// criticalities, but for those added.
func sameShape(t *testing.T, name string, got ran.Message, theirs string, added ...string) {
	t.Helper()
	have := shape(got.Data[1:])
	want := shape(octets(t, theirs)[1:])
	want = append(want, added...)
	slices.Sort(want[2:])
	order := slices.Clone(have)
	slices.Sort(order[2:])
	if !slices.Equal(order, want) {
		t.Errorf("%s has the elements\n%v, theirs\n%v", name, have, want)
	}
}

// shape is the procedure of a PDU less its first octet, and its elements with their criticalities.
func shape(b []byte) []string {
	out := []string{fmt.Sprintf("procedure %d", b[0]), fmt.Sprintf("criticality %d", b[1]>>6)}
	b = value(b[2:])
	n := int(b[1])<<8 | int(b[2])
	for b = b[3:]; n > 0; n-- {
		out = append(out, fmt.Sprintf("%d/%d", int(b[0])<<8|int(b[1]), b[2]>>6))
		v := value(b[3:])
		b = b[3+lengthOf(b[3:])+len(v):]
	}
	return out
}

// value is an open type's content, lengthOf the octets of its length.
func value(b []byte) []byte {
	if b[0] < 0x80 {
		return b[1 : 1+int(b[0])]
	}
	return b[2 : 2+int(b[0]&0x3f)<<8+int(b[1])]
}

func lengthOf(b []byte) int {
	if b[0] < 0x80 {
		return 1
	}
	return 2
}

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

// The keys of the captured phone make what it and the other core said verify, so that the whole
// hierarchy agrees with makers that had no part in it.
func TestInteropKeys(t *testing.T) {
	h := &handset{site: &site{T: t}}
	h.supi, _ = ident.ParseSUPI(foreignIMSI)
	m, _, err := nas.Parse(said(t, toldChallenge))
	ask, ok := m.(*nas.AuthenticationRequest)
	if err != nil || !ok {
		t.Fatalf("%T %v", m, err)
	}
	res, kseaf := h.answer(*ask.RAND, *ask.AUTN)
	if got := hex.EncodeToString(res[:]); got != "37f9455949e3186913136abe94b05ef7" {
		t.Errorf("the captured phone answered otherwise than %s", got)
	}
	h.keys(kseaf, 2, 0)
	for _, pdu := range []string{toldSecurity, toldContext} {
		if _, err := h.sec.Unprotect(said(t, pdu)); err != nil {
			t.Errorf("%s: %v", pdu, err)
		}
	}
	own, err := h.sec.Protect(nil, octets(t, saidSecured), nas.HeaderNewCiphered)
	if theirs := "7e048ed82d0800"; err != nil || hex.EncodeToString(own[:7]) != theirs {
		t.Errorf("the captured phone protects with %s, we with %x, %v", theirs, own[:7], err)
	}
	if key := aka.KgNB(h.kamf, 0, aka.Access3GPP); hex.EncodeToString(key[:]) != "7db122aea58b6fd5466e0e4a77cb3b2111c03cfd537ed8f8129ea50af2492f77" {
		t.Errorf("the captured core gives its radio another key than %x", key[:])
	}
}

// The captured exchange: registration, a session, idle, service, and the device anew.
func TestInteropCapture(t *testing.T) {
	s := openSite(t)
	h := s.handset(2)
	h.attaches()
	h.seals(nas.HeaderCiphered, octets(t, saidSession))
	accept := h.gets()
	if len(accept.Options) != 1 || accept.Options[0].ID != nas.OptionDNSv4 {
		t.Errorf("asked for a resolver alone, it gets %v", accept.Options)
	}

	s.rests(h)
	h.ran = 1
	h.begins(h.service(), func(m *ngap.InitialUEMessage) {
		stmsi := h.guti.STMSI()
		m.STMSI, m.RRCEstablishmentCause = &stmsi, ngap.RRCMOData
	})
	m, _ := next[*ngap.InitialContextSetupRequest](s)
	if m.SecurityKey != aka.KgNB(h.kamf, h.sec.Uplink-1, aka.Access3GPP) {
		t.Error("the radio has another key than the phone")
	}
	h.amf = m.AMFUENGAPID
	if len(m.Setup) != 1 || m.Setup[0].NAS != nil {
		t.Fatalf("sessions %+v", m.Setup)
	}
	if done := opens[*nas.ServiceAccept](h, m.NASPDU); done.SessionStatus == nil || !done.SessionStatus.Has(1) || done.Reactivation == nil || *done.Reactivation != 0 {
		t.Errorf("%+v", done)
	}
	tr, err := ngap.AppendTransfer(nil, h.tunnel(2))
	if err != nil {
		t.Fatal(err)
	}
	h.ngap(&ngap.InitialContextSetupResponse{AMFUENGAPID: h.amf, RANUENGAPID: h.ran, Setup: []ngap.PDUSessionTransfer{{ID: 1, Transfer: tr}}})

	// The phone is switched on anew on another connection: the former one is released by both
	// identities, and only after the new one has proven whose it is.
	old := *h
	h = s.handset(3)
	h.begins(said(t, heardRegister))
	pdu, _ := h.hears()
	h.authenticates(pdu, octets(t, saidSecured))
	gone, _ := next[*ngap.UEContextReleaseCommand](s)
	if gone.UENGAPIDs.AMF != old.amf || gone.UENGAPIDs.RAN == nil || *gone.UENGAPIDs.RAN != old.ran {
		t.Errorf("released: %+v", gone.UENGAPIDs)
	}
	old.ngap(&ngap.UEContextReleaseComplete{AMFUENGAPID: old.amf, RANUENGAPID: old.ran})
	h.standsContext()
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
