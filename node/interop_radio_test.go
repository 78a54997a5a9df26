package node

import (
	"bytes"
	"encoding/binary"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"cordon/ident"
	"cordon/ran"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// A set-up that is refused says why and then when to try again: radios were seen to read no
// other order, and to give up without a time.
func TestInteropSetupRefused(t *testing.T) {
	s := openSite(t)
	changed := func(from, to string) string {
		return strings.Replace(strings.Replace(heardSetup, "5000000001", "5000000002", 1), from, to, 1)
	}
	for _, c := range []struct {
		name  string
		setup string
		cause ngap.Cause
	}{
		{"other_network", changed("000100"+"09f107", "000100"+"09f108"), ngap.CauseMiscUnknownPLMNOrSNPN},
		{"other_area", changed("0001"+"0009f107", "0007"+"0009f107"), ngap.CauseMiscUnspecified},
		{"other_slice", changed("0000000800154", "0000001000154"), ngap.CauseRadioSliceNotSupported},
		{"identity_taken", heardSetup, ngap.CauseMiscUnspecified},
	} {
		t.Run(c.name, func(t *testing.T) {
			n2, err := s.world.load(t, 0).Radios[0].Dial(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			other := &site{world: s.world, T: t, r: ran.Raw(n2)}
			defer other.r.Close()
			other.says(0, octets(t, c.setup))
			m, raw := next[*ngap.NGSetupFailure](other)
			if m.Cause != c.cause || m.TimeToWait == nil || raw.Stream != 0 {
				t.Errorf("%+v on stream %d", m, raw.Stream)
			}
			if got := shape(raw.Data[1:])[2:]; !slices.Equal(got, []string{"15/1", "107/1"}) {
				t.Errorf("elements %v", got)
			}
		})
	}
}

// Radios that keep loosely to TS 38.412 are understood: the identifier of the protocol left out or
// in the order of the machine, and everything on the common stream.
func TestInteropLooseTransport(t *testing.T) {
	s := openSite(t)
	for i, c := range []struct {
		name   string
		ppid   uint32
		stream uint16
	}{{"no_PPID", 0, 1}, {"swapped_PPID", 60 << 24, 1}, {"common_stream", 60, 0}, {"last_stream", 60, 9}} {
		t.Run(c.name, func(t *testing.T) {
			m, _ := ngap.Parse(octets(t, heardRegister))
			m.(*ngap.InitialUEMessage).RANUENGAPID = ident.RANUENGAPID(10 + i)
			b, err := ngap.Append(nil, m)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.r.SendRaw(ran.Message{Stream: c.stream, PPID: c.ppid, Data: b}); err != nil {
				t.Fatal(err)
			}
			h := s.on(t).handset(ident.RANUENGAPID(10 + i))
			h.hears()
		})
	}
}

// A radio that asks for no context gets one with the first session, which rides in it.
func TestInteropNoContextRequest(t *testing.T) {
	s := openSite(t)
	h := s.handset(5)
	h.begins(said(t, heardRegister), func(m *ngap.InitialUEMessage) { m.UEContextRequest = false })
	pdu, _ := h.hears()
	h.authenticates(pdu, octets(t, saidSecured))
	pdu, _ = h.hears()
	h.guti = *opens[*nas.RegistrationAccept](h, pdu).GUTI
	h.seals(nas.HeaderCiphered, octets(t, saidComplete))
	h.seals(nas.HeaderCiphered, octets(t, saidSession))
	m, _ := next[*ngap.InitialContextSetupRequest](s)
	if m.SecurityKey == [32]byte{} || m.UEAMBR == nil || len(m.AllowedNSSAI) == 0 || m.NASPDU != nil || len(m.Setup) != 1 {
		t.Fatalf("%+v", m)
	}
	if down := opens[*nas.DLNASTransport](h, m.Setup[0].NAS); len(down.Payload) < 4 || nas.SMMessageType(down.Payload[3]) != nas.TypePDUSessionEstablishmentAccept {
		t.Errorf("%x", down.Payload)
	}
}

// A radio capability as long as phones with many bands have it is kept as it came and given
// back; a device that begins anew has none.
func TestInteropRadioCapability(t *testing.T) {
	s := openSite(t)
	h := s.handset(2)
	h.attaches()
	h.seals(nas.HeaderCiphered, octets(t, saidSession))
	h.gets()
	long := bytes.Repeat([]byte{0x5a, 1, 2}, 20_000)
	h.ngap(&ngap.UERadioCapabilityInfoIndication{AMFUENGAPID: h.amf, RANUENGAPID: h.ran, UERadioCapability: long})
	s.rests(h)
	h.ran = 3
	h.begins(h.service())
	m, _ := next[*ngap.InitialContextSetupRequest](s)
	if h.amf = m.AMFUENGAPID; !bytes.Equal(m.UERadioCapability, long) {
		t.Errorf("%d octets come back", len(m.UERadioCapability))
	}
	h.ngap(&ngap.InitialContextSetupFailure{AMFUENGAPID: h.amf, RANUENGAPID: h.ran, Cause: ngap.CauseRadioUnspecified})
	next[*ngap.UEContextReleaseCommand](s)
	h.ngap(&ngap.UEContextReleaseComplete{AMFUENGAPID: h.amf, RANUENGAPID: h.ran})

	h = s.handset(4)
	h.begins(said(t, heardRegister))
	pdu, _ := h.hears()
	h.authenticates(pdu, octets(t, saidSecured))
	if m := h.standsContext(); m.UERadioCapability != nil {
		t.Errorf("a device that begins anew has a capability of %d octets", len(m.UERadioCapability))
	}
}

// Requests of a device that the core does not know are answered so that it registers anew.
func TestInteropUnknownDevice(t *testing.T) {
	s := openSite(t)
	h := s.handset(7)
	for name, c := range map[string]struct{ pdu, want string }{
		"service":         {"7e01d57f5248037e004c100007f40040db00af26", "7e004d09"},
		"service_plain":   {"7e004c100007f40040db00af26", "7e004d09"},
		"control_plane":   {"7e004f00", "7e004d09"},
		"registration":    {"7e0156781122057e004101000bf209f107020040db00af262e04f0f0f0f0", "7e005b01"},
		"mobility":        {"7e0156781122057e004102000bf209f107020040db00af262e04f0f0f0f0", "7e005b01"},
		"periodic":        {"7e0156781122057e004103000bf209f107020040db00af26", "7e004409"},
		"foreign_network": {"7e004179000bf213f1840800010abcdef12e04f0f0f0f0", "7e005b01"},
		"farewell":        {"7e0156781122057e004501000bf209f107020040db00af26", "7e0046"},
		"from_4G":         {"7e004101000bf209f107a00040db00af2677000bf209f107020040c0ffee012e04f0f0f0f0", "7e005b01"},
	} {
		t.Run(name, func(t *testing.T) {
			h.ran++
			h.site = s.on(t)
			h.begins(octets(t, c.pdu))
			pdu, _ := h.hears()
			if !bytes.Equal(pdu, octets(t, c.want)) {
				t.Errorf("told %x, want %s", pdu, c.want)
			}
			if c.want == "7e005b01" { // it answers, and is asked to prove it
				h.sends(octets(t, "7e005c000d0109f107000000000000000010"))
				h.hears()
				return
			}
			next[*ngap.UEContextReleaseCommand](h.site)
		})
	}
}

// User packets as radios were seen to frame them, with and without what is optional. Each
// comes back with the flow that the radio must know.
func TestInteropUserPackets(t *testing.T) {
	s := openSite(t)
	h := s.handset(2)
	h.attaches()
	h.seals(nas.HeaderCiphered, octets(t, saidSession))
	radio, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(loopback(t, 10), 2152)))
	if err != nil {
		t.Fatal(err)
	}
	defer radio.Close()
	m, _ := next[*ngap.PDUSessionResourceSetupRequest](s)
	down := opens[*nas.DLNASTransport](h, m.Setup[0].NAS)
	_, sm, _, err := nas.ParseSM(down.Payload)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := ngap.ParseTransfer[ngap.PDUSessionResourceSetupRequestTransfer](m.Setup[0].Transfer)
	if err != nil {
		t.Fatal(err)
	}
	h.serves(m.Setup)
	if !eventually(func() bool {
		d, err := s.Device(t.Context(), h.supi)
		return err == nil && len(d.Sessions) == 1 && d.Sessions[0].State == "active"
	}) {
		t.Fatal("the session does not become active")
	}
	inner := datagram(sm.(*nas.PDUSessionEstablishmentAccept).Address.IPv4, testEcho)
	for _, c := range []struct{ name, flags, options string }{
		{"with_container", "34", "00000085" + "01100100"},
		{"without_container", "30", ""},
		{"with_sequence_number", "32", "00070000"},
		{"with_sequence_number_and_container", "36", "00080085" + "01100100"},
		{"another_extension_before", "34", "00000040" + "01100085" + "01100100"},
		{"long_container", "34", "00000085" + "0210010000000000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			head := octets(t, c.flags+"ff")
			rest := append(octets(t, c.options), inner...)
			head = binary.BigEndian.AppendUint16(head, uint16(len(rest)))
			head = binary.BigEndian.AppendUint32(head, uint32(tr.UL.TEID))
			if _, err := radio.WriteToUDPAddrPort(append(head, rest...), s.N3); err != nil {
				t.Fatal(err)
			}
			radio.SetReadDeadline(time.Now().Add(soon))
			b := make([]byte, 2048)
			n, from, err := radio.ReadFromUDPAddrPort(b)
			if err != nil {
				t.Fatal(err)
			}
			want := octets(t, "34ff"+"0000"+"00000001"+"00000085"+"01000100")
			binary.BigEndian.PutUint16(want[2:], uint16(n-8))
			if from.Port() != 2152 || n != len(want)+len(inner) || !bytes.Equal(b[:len(want)], want) {
				t.Errorf("from %v: %x", from, b[:n])
			}
		})
	}
}

// datagram is one of a device to an echo.
func datagram(from netip.Addr, to netip.AddrPort) []byte {
	b := []byte{0x45, 0, 0, 32, 0, 1, 0, 0, 64, 17, 0, 0}
	b = append(append(b, from.AsSlice()...), to.Addr().AsSlice()...)
	var sum uint32
	for i := 0; i < 20; i += 2 {
		sum += uint32(b[i])<<8 | uint32(b[i+1])
	}
	sum = sum&0xffff + sum>>16
	binary.BigEndian.PutUint16(b[10:], ^uint16(sum+sum>>16))
	b = append(b, 0x30, 0x39, byte(to.Port()>>8), byte(to.Port()), 0, 12, 0, 0)
	return append(b, "echo"...)
}

// A radio that lets one session go has said so: it is not asked to release it, and the device is.
func TestInteropNotified(t *testing.T) {
	s := openSite(t)
	h := s.handset(2)
	h.attaches()
	h.seals(nas.HeaderCiphered, octets(t, saidSession))
	h.gets()
	tr, err := ngap.AppendTransfer(nil, &ngap.PDUSessionResourceNotifyReleasedTransfer{Cause: ngap.CauseRadioUnspecified})
	if err != nil {
		t.Fatal(err)
	}
	h.ngap(&ngap.PDUSessionResourceNotify{AMFUENGAPID: h.amf, RANUENGAPID: h.ran, Released: []ngap.PDUSessionTransfer{{ID: 1, Transfer: tr}}})
	pdu, _ := h.hears()
	down := opens[*nas.DLNASTransport](h, pdu)
	if head, sm, _, err := nas.ParseSM(down.Payload); err != nil || sm.Type() != nas.TypePDUSessionReleaseCommand || head.PTI != 0 {
		t.Errorf("%x: %v", down.Payload, err)
	}
	h.asks("2e0100d4", "1201")
	h.asks("2e0104c1ffff91", "120181") // nothing is said in between
	h.gets()
	h.drops()
}
