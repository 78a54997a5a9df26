package ngap

import (
	"bytes"
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"
)

func sortedTransfers() []string { return slices.Sorted(maps.Keys(sampleTransfers)) }

// parseAs decodes a transfer of the type of t.
func parseAs(t Transfer, b []byte) (Transfer, error) {
	switch t.(type) {
	case *PDUSessionResourceSetupRequestTransfer:
		return asTransfer(ParseTransfer[PDUSessionResourceSetupRequestTransfer](b))
	case *PDUSessionResourceSetupResponseTransfer:
		return asTransfer(ParseTransfer[PDUSessionResourceSetupResponseTransfer](b))
	case *PDUSessionResourceSetupUnsuccessfulTransfer:
		return asTransfer(ParseTransfer[PDUSessionResourceSetupUnsuccessfulTransfer](b))
	case *PDUSessionResourceReleaseCommandTransfer:
		return asTransfer(ParseTransfer[PDUSessionResourceReleaseCommandTransfer](b))
	case *PDUSessionResourceReleaseResponseTransfer:
		return asTransfer(ParseTransfer[PDUSessionResourceReleaseResponseTransfer](b))
	case *PDUSessionResourceModifyRequestTransfer:
		return asTransfer(ParseTransfer[PDUSessionResourceModifyRequestTransfer](b))
	case *PDUSessionResourceModifyResponseTransfer:
		return asTransfer(ParseTransfer[PDUSessionResourceModifyResponseTransfer](b))
	case *PDUSessionResourceModifyUnsuccessfulTransfer:
		return asTransfer(ParseTransfer[PDUSessionResourceModifyUnsuccessfulTransfer](b))
	case *PDUSessionResourceNotifyTransfer:
		return asTransfer(ParseTransfer[PDUSessionResourceNotifyTransfer](b))
	case *PDUSessionResourceNotifyReleasedTransfer:
		return asTransfer(ParseTransfer[PDUSessionResourceNotifyReleasedTransfer](b))
	case *PDUSessionResourceModifyIndicationTransfer:
		return asTransfer(ParseTransfer[PDUSessionResourceModifyIndicationTransfer](b))
	case *PDUSessionResourceModifyConfirmTransfer:
		return asTransfer(ParseTransfer[PDUSessionResourceModifyConfirmTransfer](b))
	case *PDUSessionResourceModifyIndicationUnsuccessfulTransfer:
		return asTransfer(ParseTransfer[PDUSessionResourceModifyIndicationUnsuccessfulTransfer](b))
	case *HandoverRequiredTransfer:
		return asTransfer(ParseTransfer[HandoverRequiredTransfer](b))
	case *HandoverCommandTransfer:
		return asTransfer(ParseTransfer[HandoverCommandTransfer](b))
	case *HandoverPreparationUnsuccessfulTransfer:
		return asTransfer(ParseTransfer[HandoverPreparationUnsuccessfulTransfer](b))
	case *HandoverRequestAcknowledgeTransfer:
		return asTransfer(ParseTransfer[HandoverRequestAcknowledgeTransfer](b))
	case *HandoverResourceAllocationUnsuccessfulTransfer:
		return asTransfer(ParseTransfer[HandoverResourceAllocationUnsuccessfulTransfer](b))
	case *PathSwitchRequestTransfer:
		return asTransfer(ParseTransfer[PathSwitchRequestTransfer](b))
	case *PathSwitchRequestSetupFailedTransfer:
		return asTransfer(ParseTransfer[PathSwitchRequestSetupFailedTransfer](b))
	case *PathSwitchRequestAcknowledgeTransfer:
		return asTransfer(ParseTransfer[PathSwitchRequestAcknowledgeTransfer](b))
	case *PathSwitchRequestUnsuccessfulTransfer:
		return asTransfer(ParseTransfer[PathSwitchRequestUnsuccessfulTransfer](b))
	case *SecondaryRATDataUsageReportTransfer:
		return asTransfer(ParseTransfer[SecondaryRATDataUsageReportTransfer](b))
	}
	return nil, errors.New("a transfer this test does not know")
}

func asTransfer[P Transfer](t P, err error) (Transfer, error) {
	if err != nil {
		return nil, err
	}
	return t, nil
}

func TestTransferGolden(t *testing.T) {
	want := golden(t)
	for _, name := range sortedTransfers() {
		tr := sampleTransfers[name]
		got, err := AppendTransfer(nil, tr)
		if err != nil || !bytes.Equal(got, want[name]) {
			t.Errorf("%s: encode: %x, %v; want %x", name, got, err, want[name])
		}
		back, err := parseAs(tr, want[name])
		if err != nil || !reflect.DeepEqual(back, tr) {
			t.Errorf("%s: decode: %+v, %v; want %+v", name, back, err, tr)
		}
		for n := range got {
			if _, err := parseAs(tr, got[:n]); err == nil {
				t.Errorf("%s: accepted the first %d octets of %d", name, n, len(got))
			}
		}
	}
}
