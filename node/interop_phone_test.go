package node

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cordon/aka"
	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// opening is what a request to register begins with, and the captured SUCI.
const opening = "7e004179000d0109f107000000000000000010"

// First messages as different makers write them: each ends with a REGISTRATION ACCEPT.
func TestInteropRegistration(t *testing.T) {
	s := openSite(t)
	caps := "2e04f0f0f0f0"
	for i, c := range []struct{ name, first, whole string }{
		{"all_in_the_clear", opening + "1001002e04f0f0f0f02f020101530100", ""},
		{"capability_of_two_octets", opening + "2e02e060", ""},
		{"capability_of_eight_octets", opening + "2e08e0e0f0f000000000", ""},
		{"no_follow_on", strings.Replace(opening, "4179", "4171", 1) + caps, ""},
		{"routing_indicator_of_two_digits", "7e004179000d0109f10721ff00000000000010" + caps, ""},
		{"slice_without_differentiator_written_out", opening + caps, "100100" + caps + "2f0504" + "01ffffff" + "530100"},
		{"no_slice_asked_for", opening + caps, "100103" + caps},
		{"other_slices_too", opening + caps, caps + "2f0c" + "0101" + "0402010203" + "0403112233"},
		{"elements_out_of_sequence", opening + caps, "530100" + "2f020101" + caps + "100107"},
		{"phone_of_two_generations", opening + caps, "10010f" + caps + "2f020101" + "5209f107000001" + "1707f070c0c0191d80" + "b1" + "2b0100" +
			"180101" + "510104" + "700012" + "07480bf609f1070002010000000a58020000" + "740000" + "90" + "530100" + "4103535900" + "4206040300ff0101" +
			"60020000" + "6e0104" + "3502" + "0101"},
		{"elements_of_a_later_release", opening + caps, caps + "2f020101" + "1d03010203" + "7d0002beef" + "e1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := s.on(t).handset(ident.RANUENGAPID(100 + i))
			h.begins(octets(t, c.first))
			pdu, _ := h.hears()
			whole := octets(t, c.first)
			if c.whole != "" {
				whole = octets(t, opening+c.whole)
			}
			h.authenticates(pdu, secured(whole))
			m := h.standsContext()
			accept := opens[*nas.RegistrationAccept](h, m.NASPDU)
			if len(accept.AllowedNSSAI) != 1 || accept.AllowedNSSAI[0] != (ident.SNSSAI{SST: 1, SD: ident.NoSD}) || accept.GUTI == nil {
				t.Errorf("%+v", accept)
			}
			h.seals(nas.HeaderCiphered, octets(t, saidComplete))
			h.leaves()
		})
	}
}

// on is the site for a subtest.
func (s *site) on(t *testing.T) *site { return &site{world: s.world, T: t, r: s.r} }

// secured is a SECURITY MODE COMPLETE with the whole first message.
func secured(first []byte) []byte {
	b := []byte{0x7e, 0, 0x5e, 0x77, 0, 9, 0x45, 0x73, 0x80, 0x61, 0x21, 0x85, 0x61, 0x51, 0xf1, 0x71, 0, byte(len(first))}
	return append(b, first...)
}

// leaves switches the phone off.
func (h *handset) leaves() {
	h.Helper()
	plain, err := nas.Append(nil, &nas.DeregistrationRequestUE{
		Kind: nas.Deregister3GPP | nas.SwitchOff, Identity: nas.MobileIdentity{Type: nas.IdentityGUTI, GUTI: h.guti},
	})
	if err != nil {
		h.Fatal(err)
	}
	h.seals(nas.HeaderCiphered, plain)
	next[*ngap.UEContextReleaseCommand](h.site)
	h.ngap(&ngap.UEContextReleaseComplete{AMFUENGAPID: h.amf, RANUENGAPID: h.ran})
}

// Requests for a session as different makers write them, and what must be in the answer.
func TestInteropSession(t *testing.T) {
	s := openSite(t)
	h := s.handset(2)
	h.attaches()
	const inner, route = "2e0101c1ffff", "120181220101250908696e7465726e6574"
	for _, c := range []struct {
		name, sm, route string
		options         []nas.OptionID
		cause           nas.SMCause
		alwaysOn        bool
	}{
		{"nothing_but_the_request", inner, "1201", nil, 0, false},
		{"no_request_type", inner + "91", "1201" + route[6:], nil, 0, false},
		{"slice_with_differentiator_written_out", inner + "91a1", "120181220401ffffff", nil, 0, false},
		{"both_versions", inner + "93a1", route, nil, nas.SMCauseIPv4Only, false},
		{"always_on_before_options", inner + "91a1" + "280100" + "550100" + "b1" + protocol("000a00", "000d00", "001000", "001a0101"), route,
			[]nas.OptionID{nas.OptionDNSv4, nas.OptionMTUv4}, 0, true},
		{"SSC_mode_left_to_be_read_as_1", inner + "91a4", route, nil, 0, false},
		{"a_phone_full_of_options", inner + "93a1" + "280100" + protocol("80211001010010810600000000830600000000", // IPCP
			"000d00", "000300", "000a00", "000500", "001000", "001100", "002300", "002400", "000c00", "000100", "000200", "001200",
			"001a0101", "002500", "003000", "003100", "003200", "ff0003130062"),
			route, []nas.OptionID{nas.OptionIPCP, nas.OptionDNSv4, nas.OptionMTUv4}, nas.SMCauseIPv4Only, false},
		{"PAP", inner + "91a1" + protocol("c0230b0107000b03757365027077", "000d00"), route, []nas.OptionID{nas.OptionPAP, nas.OptionDNSv4}, 0, false},
		{"CHAP", inner + "91a1" + protocol("c2230901020009"+"0411223344", "c2230a0202000a"+"041122334461", "000d00"), route, []nas.OptionID{nas.OptionCHAP, nas.OptionDNSv4}, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.site = s.on(t)
			h.asks(c.sm, c.route)
			accept := h.gets()
			var have []nas.OptionID
			for _, o := range accept.Options {
				have = append(have, o.ID)
			}
			slices.Sort(have)
			slices.Sort(c.options)
			if !slices.Equal(have, c.options) || accept.Cause != c.cause || (accept.AlwaysOn != nil) != c.alwaysOn {
				t.Errorf("%+v", accept)
			}
			if accept.SessionType != nas.PDUSessionIPv4 || !accept.Address.IPv4.Is4() || accept.Slice == nil || accept.DNN != "internet" {
				t.Errorf("%+v", accept)
			}
			h.drops()
		})
	}
}

// protocol is extended protocol configuration options.
func protocol(options ...string) string {
	all := "80" + strings.Join(options, "")
	return fmt.Sprintf("7b%04x%s", len(all)/2, all)
}

// asks sends a request for session 1.
func (h *handset) asks(sm, route string) {
	h.Helper()
	b := octets(h.T, sm)
	h.seals(nas.HeaderCiphered, slices.Concat([]byte{0x7e, 0, 0x67, 1, 0, byte(len(b))}, b, octets(h.T, route)))
}

// drops releases session 1.
func (h *handset) drops() {
	h.Helper()
	h.asks("2e0102d1", "1201")
	m, raw := next[*ngap.PDUSessionResourceReleaseCommand](h.site)
	if raw.Stream == 0 || len(m.Release) != 1 {
		h.Errorf("%+v on stream %d", m, raw.Stream)
	}
	tr, err := ngap.AppendTransfer(nil, &ngap.PDUSessionResourceReleaseResponseTransfer{})
	if err != nil {
		h.Fatal(err)
	}
	down := opens[*nas.DLNASTransport](h, m.NASPDU)
	head, sm, _, err := nas.ParseSM(down.Payload)
	if _, ok := sm.(*nas.PDUSessionReleaseCommand); err != nil || !ok || head.PTI != 2 {
		h.Fatalf("%x: %T, PTI %d, %v", down.Payload, sm, head.PTI, err)
	}
	h.asks("2e0102d4", "1201") // the device is ahead of its radio
	h.ngap(&ngap.PDUSessionResourceReleaseResponse{AMFUENGAPID: h.amf, RANUENGAPID: h.ran,
		Released: []ngap.PDUSessionTransfer{{ID: 1, Transfer: tr}}})
}

// The octets of an accept: phones look for some of them by a fixed pattern.
func TestInteropAccept(t *testing.T) {
	s := openSite(t)
	h := s.handset(2)
	h.attaches()
	h.seals(nas.HeaderCiphered, octets(t, saidSession))
	m, _ := next[*ngap.PDUSessionResourceSetupRequest](s)
	down := opens[*nas.DLNASTransport](h, m.Setup[0].NAS)
	got := hex.EncodeToString(down.Payload)
	want := "2e0101c2" + "11" + "0009" + "010006313101" + "01ff01" + "06" + // rule 1, match-all, precedence 255, flow 1
		"060064" + "060064" + // 100 Mbit/s in units of 1 Mbit/s
		"29050" + "1"
	if !strings.HasPrefix(got, want) {
		t.Errorf("got  %s\nwant %s...", got, want)
	}
	// The radio's part, with an address of 32 bits and no extension.
	tr := hex.EncodeToString(m.Setup[0].Transfer)
	for _, want := range []string{"0000040082000a0c", "008b000a01f07f", "00860001000088000700010000091c00"} {
		if at := strings.Index(tr, want); at < 0 {
			t.Errorf("the radio gets %s, without %s", tr, want)
		} else {
			tr = tr[at:]
		}
	}
}

// Requests that are not granted, and how the phone is told: what cannot be forwarded comes back,
// what can is refused by the session's own protocol.
func TestInteropSessionRefused(t *testing.T) {
	s := openSite(t)
	h := s.handset(2)
	h.attaches()
	const inner = "2e0101c1ffff"
	for _, c := range []struct {
		name, sm, route string
		mm              nas.Cause
		want            string // of the payload
	}{
		{"voice", inner + "91a1", "120181250403696d73", 0, "2e0101c31b370101"}, // missing or unknown DNN, 10 minutes
		{"VOICE", inner + "91a1", "120181250403494d53", 0, "2e0101c31b370101"},
		{"IPv6", inner + "92a1", "120181", 0, "2e0101c332"},
		{"Ethernet", inner + "95", "120181", 0, "2e0101c31c"},
		{"SSC_mode_2", inner + "91a2", "120181", 0, "2e0101c344f1"},
		{"PTI_0", "2e0100c1ffff91", "120181", 0, "2e0100d651"},
		{"message_of_a_session_that_is_none", "2e0109d1", "1201", nas.CauseNotForwarded, "2e0109d1"},
		{"unknown_DNN", inner + "91", "120181250605776f726c64", nas.CauseDNNNotSupported, inner + "91"},
		{"unknown_slice", inner + "91", "120181220402000001", nas.CauseNotForwarded, inner + "91"},
		{"identity_16", "2e1001c1ffff91", "121081", nas.CauseNotForwarded, "2e1001c1ffff91"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.site = s.on(t)
			h.asks(c.sm, c.route)
			pdu, _ := h.hears()
			down := opens[*nas.DLNASTransport](h, pdu)
			if got := hex.EncodeToString(down.Payload); got != c.want || down.Cause != c.mm {
				t.Errorf("told %s, cause %d; want %s, cause %d", got, down.Cause, c.want, c.mm)
			}
		})
	}
}

// A captured phone's resynchronisation opens under its keys.
func TestInteropResynchronisation(t *testing.T) {
	for _, c := range []struct{ rand, auts string }{
		{"0bcdb290dddeb0efd47f4fcdd45647a5", "dbf532a2bf2734120e98f5fc08f3"},
		{"e7cf5a0e36e31ce10b11d6021428e955", "4091377d9cabb9df6cdb580d057b"},
	} {
		sim := aka.NewMilenage(testK, foreignOPc)
		if _, err := aka.OpenAUTS(sim, [16]byte(octets(t, c.rand)), [14]byte(octets(t, c.auts))); err != nil {
			t.Errorf("%s: %v", c.auts, err)
		}
	}
}

// A phone that is switched off and on faster than its radio notices asks twice, on two
// connections: each is answered on its own, and the one that proves itself last stays.
func TestInteropTwiceAtOnce(t *testing.T) {
	s := openSite(t)
	first, second := s.handset(20), s.handset(21)
	first.begins(said(t, heardRegister))
	one, _ := first.hears()
	second.begins(said(t, heardRegister))
	two, _ := second.hears()
	first.authenticates(one, octets(t, saidSecured))
	m := first.standsContext()
	first.guti = *opens[*nas.RegistrationAccept](first, m.NASPDU).GUTI
	first.seals(nas.HeaderCiphered, octets(t, saidComplete))
	second.authenticates(two, octets(t, saidSecured))
	gone, _ := next[*ngap.UEContextReleaseCommand](s)
	if gone.UENGAPIDs.RAN == nil || *gone.UENGAPIDs.RAN != first.ran {
		t.Errorf("released: %+v", gone.UENGAPIDs)
	}
	first.ngap(&ngap.UEContextReleaseComplete{AMFUENGAPID: first.amf, RANUENGAPID: first.ran})
	m = second.standsContext()
	second.guti = *opens[*nas.RegistrationAccept](second, m.NASPDU).GUTI
	second.seals(nas.HeaderCiphered, octets(t, saidComplete))
	second.seals(nas.HeaderCiphered, octets(t, saidSession))
	second.gets()

	// What comes late for the released connection is nobody's.
	first.serves([]ngap.PDUSessionSetup{{ID: 1}})
	if late, _ := next[*ngap.ErrorIndication](s); late.Cause == nil || *late.Cause != ngap.CauseRadioUnknownLocalUENGAPID {
		t.Errorf("%+v", late)
	}

	// The same session asked for again: the former ends at the radio, the new one stands.
	second.asks("2e0103c1ffff91", "120181")
	gone2, _ := next[*ngap.PDUSessionResourceReleaseCommand](s)
	if gone2.NASPDU != nil || len(gone2.Release) != 1 {
		t.Errorf("%+v", gone2)
	}
	tr, err := ngap.AppendTransfer(nil, &ngap.PDUSessionResourceReleaseResponseTransfer{})
	if err != nil {
		t.Fatal(err)
	}
	second.gets()
	second.ngap(&ngap.PDUSessionResourceReleaseResponse{AMFUENGAPID: second.amf, RANUENGAPID: second.ran,
		Released: []ngap.PDUSessionTransfer{{ID: 1, Transfer: tr}}}) // crosses the set-up
	second.drops() // only a session that the radio serves is taken from it
}
