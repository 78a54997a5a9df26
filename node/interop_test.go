package node

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"
	"time"

	"cordon/aka"
	"cordon/ident"
	"cordon/ran"
	"cordon/rules"
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
const soon = time.Minute

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
	cfg.Trust.Records = []string{testRecords(t, foreignFacts(t))}
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

// foreignFacts are records of the captured radio, and of another that may do more than the core serves,
// so that what it is refused for being beyond that is refused for nothing else.
func foreignFacts(t testing.TB) *rules.Facts {
	f := &rules.Facts{Vendors: []rules.Vendor{{Name: "maker"}}, Sites: []rules.Site{{Name: "site"}}}
	plmn, _ := ident.ParsePLMN("90170")
	other, _ := ident.ParsePLMN("90180")
	for id := range uint32(2) {
		e := testRadio(1+id, loopback(t, byte(10+id)))
		e.Node = ident.RANNode{PLMN: plmn, Bits: 32, ID: 1 + id}
		e.Name = e.Node.String()
		f.Elements = append(f.Elements, e)
	}
	more := &f.Elements[1]
	more.PLMNs, more.TACs = []ident.PLMN{plmn, other}, []ident.TAC{1, 7}
	more.Slices = append(more.Slices, ident.SNSSAI{SST: 2, SD: ident.NoSD})
	return f
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
