package ngap

import (
	"reflect"
	"slices"
	"testing"

	"cordon/ident"
)

// without is the encoding of m with one IE left out.
func without(t *testing.T, m Message, id ID) []byte {
	t.Helper()
	b, err := Append(nil, m)
	if err != nil {
		t.Fatal(err)
	}
	p := apart(t, b)
	return p.together(slices.DeleteFunc(p.ies, func(f field) bool { return f.id == id }))
}

// Each fault is answered by the message that clause 10 names, with what the peer needs to
// find the connection and the fault.
func TestReply(t *testing.T) {
	const amf, ran = ident.AMFUENGAPID(1 << 39), ident.RANUENGAPID(7)
	rejected := CauseProtocolAbstractSyntaxErrorReject
	missing := func(crit Criticality, id ID) []IEDiagnostic { return []IEDiagnostic{{crit, id, true}} }
	nas := []byte{0x7e}
	for _, tt := range []struct {
		name string
		pdu  []byte
		want Message
	}{
		{"NG Setup without areas", without(t, &NGSetupRequest{
			GlobalRANNodeID: sampleNode, SupportedTAs: []SupportedTA{{1, []PLMNSupport{{samplePLMN, []ident.SNSSAI{{SST: 1}}}}, nil}},
		}, idSupportedTAList), &NGSetupFailure{
			Cause: rejected, CriticalityDiagnostics: &CriticalityDiagnostics{IEs: missing(Reject, idSupportedTAList)},
		}},
		{"context setup without slices", without(t, &InitialContextSetupRequest{
			AMFUENGAPID: amf, RANUENGAPID: ran, AllowedNSSAI: []ident.SNSSAI{{SST: 1}},
		}, idAllowedNSSAI), &InitialContextSetupFailure{
			AMFUENGAPID: amf, RANUENGAPID: ran, Cause: rejected,
			CriticalityDiagnostics: &CriticalityDiagnostics{IEs: missing(Reject, idAllowedNSSAI)},
		}},
		{"context setup that names no connection", without(t, &InitialContextSetupRequest{
			AMFUENGAPID: amf, RANUENGAPID: ran, AllowedNSSAI: []ident.SNSSAI{{SST: 1}},
		}, idRANUENGAPID), &ErrorIndication{
			AMFUENGAPID: new(amf), Cause: &rejected,
			CriticalityDiagnostics: &CriticalityDiagnostics{new(ProcInitialContextSetup), new(Initiating), new(Reject), missing(Reject, idRANUENGAPID)},
		}},
		{"uplink without NAS", without(t, &UplinkNASTransport{
			AMFUENGAPID: amf, RANUENGAPID: ran, NASPDU: nas,
		}, idNASPDU), &ErrorIndication{
			AMFUENGAPID: new(amf), RANUENGAPID: new(ran), Cause: &rejected,
			CriticalityDiagnostics: &CriticalityDiagnostics{new(ProcUplinkNASTransport), new(Initiating), new(Ignore), missing(Reject, idNASPDU)},
		}},
		{"uplink without location", without(t, &UplinkNASTransport{
			AMFUENGAPID: amf, RANUENGAPID: ran, NASPDU: nas,
		}, idUserLocationInformation), nil},
		{"handover acknowledge without container", without(t, &HandoverRequestAcknowledge{
			AMFUENGAPID: amf, RANUENGAPID: ran, Admitted: []PDUSessionTransfer{{ID: 1}},
		}, idTargetToSourceTransparentContainer), nil},
		{"cut off path switch", unhex("00 19 00 0f 00 00 05 00 55 00 02 00 07 00 64 00 02 00 09 00 79"), &ErrorIndication{
			AMFUENGAPID: new(ident.AMFUENGAPID(9)), RANUENGAPID: new(ran), Cause: new(CauseProtocolTransferSyntaxError),
			CriticalityDiagnostics: &CriticalityDiagnostics{Procedure: new(ProcPathSwitchRequest), Trigger: new(Initiating), Criticality: new(Reject)},
		}},
	} {
		_, d := Parse(tt.pdu)
		if got := d.Reply(); !reflect.DeepEqual(got, tt.want) && !(got == nil && tt.want == nil) {
			t.Errorf("%s: %v is answered with\n%+v, not\n%+v", tt.name, d, got, tt.want)
		}
	}
}
