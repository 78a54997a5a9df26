package amf

import (
	"fmt"
	"strings"
	"testing"

	"cordon/ident"
	"cordon/wire/ngap"
)

func setupRequest(id RadioID, edit func(*ngap.NGSetupRequest)) *ngap.NGSetupRequest {
	m := &ngap.NGSetupRequest{
		GlobalRANNodeID: testNode(id), RANNodeName: "site 1",
		SupportedTAs: []ngap.SupportedTA{{TAC: 1, PLMNs: []ngap.PLMNSupport{{PLMN: testPLMN, Slices: []ident.SNSSAI{{SST: 1, SD: ident.NoSD}}}}}},
	}
	if edit != nil {
		edit(m)
	}
	return m
}

// TestRadio takes a radio's machine through its inputs. Each case begins with a fresh machine;
// the effects of all inputs are joined.
func TestRadio(t *testing.T) {
	joined := "reply: NGSetupResponse; joined: gnb-00101-1/24 \"site 1\" generic [{00101-000001 [1] [1]}]"
	id, ran := ident.AMFUENGAPID(7), ident.RANUENGAPID(8)
	place := func(tac ident.TAC, cell uint64) ngap.UserLocation {
		return ngap.UserLocation{Kind: ngap.AccessNR, PLMN: testPLMN, Cell: cell, TAI: ident.TAI{PLMN: testPLMN, TAC: tac}}
	}
	cases := []struct {
		name string
		in   []ngap.Message
		want string
	}{
		{"setup", []ngap.Message{setupRequest(1, nil)}, joined},
		{"N2-03 nothing comes before setup", []ngap.Message{&ngap.UplinkNASTransport{}}, "reply: ErrorIndication, protocol: message-not-compatible-with-receiver-state; hang up: not set up"},
		{"N2-03 not even a reset", []ngap.Message{&ngap.NGReset{}}, "reply: ErrorIndication, protocol: message-not-compatible-with-receiver-state; hang up: not set up"},
		{"an error before setup is not answered", []ngap.Message{&ngap.ErrorIndication{}}, "drop: reported"},
		{"N2-05 unknown network", []ngap.Message{setupRequest(1, func(m *ngap.NGSetupRequest) { m.SupportedTAs[0].PLMNs[0].PLMN = otherPLMN })},
			"FINDING scope, radio7, device nobody, it announces PLMN 99999; served here: PLMN 00101; reply: NGSetupFailure, misc: unknown-PLMN-or-SNPN, wait 3; drop: refused"},
		{"N2-05 unknown area", []ngap.Message{setupRequest(1, func(m *ngap.NGSetupRequest) { m.SupportedTAs[0].TAC = 99 })},
			"FINDING scope, radio7, device nobody, it announces tracking area 99 (0x000063); served here: tracking areas 1 (0x000001), 2 (0x000002); reply: NGSetupFailure, misc: unspecified, wait 3; drop: refused"},
		{"N2-05 unknown slice", []ngap.Message{setupRequest(1, func(m *ngap.NGSetupRequest) { m.SupportedTAs[0].PLMNs[0].Slices[0].SST = 9 })},
			"FINDING scope, radio7, device nobody, it announces slices 9; served here: slices 1, 2-010203; reply: NGSetupFailure, radio network: slice-not-supported, wait 3; drop: refused"},
		{"N2-05 more areas than are served", []ngap.Message{setupRequest(1, func(m *ngap.NGSetupRequest) {
			m.SupportedTAs = append(m.SupportedTAs, ngap.SupportedTA{TAC: 99, PLMNs: m.SupportedTAs[0].PLMNs})
		})}, strings.Replace(joined, "]}]", "]} {00101-000063 [1] []}]", 1)},
		{"N2-04 another's identity", []ngap.Message{setupRequest(2, nil)},
			"FINDING duplicate radio, radio7, device nobody; reply: NGSetupFailure, misc: unspecified, wait 5; drop: refused"},
		{"a refused radio may try again", []ngap.Message{setupRequest(2, nil), setupRequest(1, nil)},
			"FINDING duplicate radio, radio7, device nobody; reply: NGSetupFailure, misc: unspecified, wait 5; drop: refused; " + joined},
		{"setup again resets", []ngap.Message{setupRequest(1, nil), setupRequest(1, nil)}, joined + "; reset: all true, 0 pairs; " + joined},
		{"update", []ngap.Message{setupRequest(1, nil), &ngap.RANConfigurationUpdate{RANNodeName: "mast 4"}},
			joined + "; reply: RANConfigurationUpdateAcknowledge; joined: gnb-00101-1/24 \"mast 4\" srsran [{00101-000001 [1] [1]}]"},
		{"N2-06 update beyond what is served", []ngap.Message{setupRequest(1, nil), &ngap.RANConfigurationUpdate{RANNodeName: "mast 4", SupportedTAs: setupRequest(1, func(m *ngap.NGSetupRequest) { m.SupportedTAs[0].TAC = 99 }).SupportedTAs}},
			joined + "; FINDING scope, radio7, device nobody, it announces tracking area 99 (0x000063); served here: tracking areas 1 (0x000001), 2 (0x000002); reply: RANConfigurationUpdateFailure, misc: unspecified; drop: refused"},
		{"N2-06 another identity", []ngap.Message{setupRequest(1, nil), &ngap.RANConfigurationUpdate{GlobalRANNodeID: new(testNode(5))}},
			joined + "; FINDING radio identity, radio7, device nobody; reply: RANConfigurationUpdateFailure, misc: unspecified; drop: refused"},
		{"N2-34 reset of all", []ngap.Message{setupRequest(1, nil), &ngap.NGReset{}}, joined + "; reset: all true, 0 pairs; reply: NGResetAcknowledge"},
		{"N2-34 reset of some", []ngap.Message{setupRequest(1, nil), &ngap.NGReset{ResetType: ngap.ResetType{Part: []ngap.NGConnection{{AMF: &id}, {RAN: &ran}}}}},
			joined + "; reset: all false, 2 pairs; reply: NGResetAcknowledge"},
		{"reset acknowledged", []ngap.Message{setupRequest(1, nil), &ngap.NGResetAcknowledge{}}, joined + "; drop: accepted"},
		{"N2-37 no error is answered with an error", []ngap.Message{setupRequest(1, nil), &ngap.ErrorIndication{}, &ngap.ErrorIndication{AMFUENGAPID: &id, RANUENGAPID: &ran, Cause: new(ngap.CauseRadioUnspecified)}},
			joined + "; drop: reported; deliver: ErrorIndication, radio network: unspecified"},
		{"what only a core says", []ngap.Message{setupRequest(1, nil), &ngap.DownlinkNASTransport{}, &ngap.NGSetupResponse{}},
			joined + "; reply: ErrorIndication, protocol: message-not-compatible-with-receiver-state; drop: wrong way; reply: ErrorIndication, protocol: message-not-compatible-with-receiver-state; drop: wrong way"},
		{"a true place", []ngap.Message{setupRequest(1, nil), &ngap.InitialUEMessage{UserLocation: place(1, 1<<12|5)}}, joined + "; deliver: InitialUEMessage"},
		{"N2-08 another's cell", []ngap.Message{setupRequest(1, nil), &ngap.InitialUEMessage{UserLocation: place(1, 2<<12|5)}}, joined + "; FINDING location, radio7, device nobody; deliver: InitialUEMessage"},
		{"N2-08 another's area", []ngap.Message{setupRequest(1, nil), &ngap.UplinkNASTransport{UserLocation: place(2, 1<<12|5)}}, joined + "; FINDING location, radio7, device nobody; deliver: UplinkNASTransport"},
		{"N2-08 another's area in E-UTRA", []ngap.Message{setupRequest(1, nil), &ngap.UplinkNASTransport{UserLocation: ngap.UserLocation{Kind: ngap.AccessEUTRA}}}, joined + "; FINDING location, radio7, device nobody; deliver: UplinkNASTransport"},
		{"no cell at all", []ngap.Message{setupRequest(1, nil), &ngap.UplinkNASTransport{UserLocation: ngap.UserLocation{Kind: ngap.AccessN3IWF}}}, joined + "; FINDING location, radio7, device nobody; deliver: UplinkNASTransport"},
		{"a message without a place", []ngap.Message{setupRequest(1, nil), &ngap.UEContextReleaseRequest{}}, joined + "; deliver: UEContextReleaseRequest"},
		{"path switch is not for this association", []ngap.Message{setupRequest(1, nil), &ngap.PathSwitchRequest{UserLocation: place(1, 1<<12)}}, joined + "; deliver: PathSwitchRequest"},
	}
	cfg := testConfig()
	cfg.Radios = []RadioRule{{Prefix: "mast", Profile: "srsran"}}
	w := &world{}
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			r := NewRadio(cfg, 7)
			var got []string
			for _, m := range tt.in {
				effects := r.Step(Input{Law: testLaw(t), Peer: testPeer, Msg: m, Taken: func(n ident.RANNode) bool { return n == testNode(2) }})
				if len(effects) == 0 {
					t.Errorf("%T met silence", m)
				}
				for _, e := range effects {
					got = append(got, w.show(e))
				}
			}
			if s := strings.Join(got, "; "); s != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s", s, tt.want)
			}
		})
	}
}

// TestPlace says what replaces a false place: the radio's own, so that nothing follows a lie.
func TestPlace(t *testing.T) {
	r := NewRadio(testConfig(), 7)
	r.Step(Input{Law: testLaw(t), Peer: testPeer, Msg: setupRequest(1, nil)})
	m := &ngap.InitialUEMessage{UserLocation: ngap.UserLocation{
		Kind: ngap.AccessNR, PLMN: ident.PLMN{9, 9, 9}, Cell: 0xabcdef123, TAI: ident.TAI{PLMN: testPLMN, TAC: 2},
	}}
	r.Step(Input{Msg: m})
	if m.UserLocation.TAI.TAC != 1 || m.UserLocation.PLMN != testPLMN || m.UserLocation.Cell != 0x000001123 {
		t.Errorf("the place became %+v", m.UserLocation)
	}
}

// TestUnparsed is N2-01: octets that are no message.
func TestUnparsed(t *testing.T) {
	w := &world{}
	r := NewRadio(testConfig(), 7)
	cause := ngap.CauseProtocolTransferSyntaxError
	steps := []struct {
		in   Input
		want string
	}{
		{Input{Answer: &ngap.NGSetupFailure{Cause: cause, TimeToWait: new(ngap.Wait5s)}}, "[reply: NGSetupFailure, protocol: transfer-syntax-error, wait 2 drop: parse]"},
		{Input{Answer: &ngap.ErrorIndication{Cause: &cause}}, "[hang up: parse]"},
		{Input{}, "[hang up: parse]"},
		{Input{Law: testLaw(t), Peer: testPeer, Msg: setupRequest(1, nil)}, "[reply: NGSetupResponse joined: gnb-00101-1/24 \"site 1\" generic [{00101-000001 [1] [1]}]]"},
		{Input{Answer: &ngap.ErrorIndication{Cause: &cause}}, "[reply: ErrorIndication, protocol: transfer-syntax-error drop: parse]"},
		{Input{}, "[drop: parse]"},
		{Input{Msg: &ngap.UEContextReleaseRequest{}, Answer: &ngap.ErrorIndication{Cause: &cause}}, "[reply: ErrorIndication, protocol: transfer-syntax-error deliver: UEContextReleaseRequest]"},
	}
	for i, s := range steps {
		var got []string
		for _, e := range r.Step(s.in) {
			got = append(got, w.show(e))
		}
		if fmt.Sprint(got) != s.want {
			t.Errorf("step %d: %v, want %s", i, got, s.want)
		}
	}
}

// TestOverload: a radio that cannot bear the message is not told.
func TestOverload(t *testing.T) {
	w := &world{}
	cfg := testConfig()
	cfg.Radios = []RadioRule{{Node: new(testNode(3)), Profile: "oai"}}
	show := func(effects []Effect) (s string) {
		for _, e := range effects {
			s += w.show(e) + "; "
		}
		return s
	}
	r := NewRadio(cfg, 7)
	if s := show(r.Overload(true)) + show(r.ResetAll(ngap.CauseMiscOMIntervention)); s != "drop: not set up; drop: not set up; " {
		t.Error(s)
	}
	r.Step(Input{Law: testLaw(t), Peer: testPeer, Msg: setupRequest(1, nil)})
	if s := show(r.Overload(true)) + show(r.Overload(true)) + show(r.Overload(false)) + show(r.Overload(false)); s != "reply: OverloadStart, action 1; drop: duplicate; reply: OverloadStop; drop: duplicate; " {
		t.Error(s)
	}
	if s := show(r.ResetAll(ngap.CauseMiscOMIntervention)); s != "reset: all true, 0 pairs; reply: NGReset; " {
		t.Error(s)
	}
	fragile := NewRadio(cfg, 8)
	fragile.Step(Input{Law: testLaw(t), Peer: testPeer, Msg: setupRequest(3, nil)})
	if s := show(fragile.Overload(true)); s != "drop: unsupported; " {
		t.Error(s)
	}
}
