package pfcp

import (
	"reflect"
	"testing"
)

// An update changes what it says of a rule and nothing else; one that keeps nothing is the rule.
func TestOver(t *testing.T) {
	pdr := fullPDR
	pdr.PDI.Local = FTEID{TEID: 7, Addr: a4}
	moved := pdr
	moved.FAR = 9
	if got := (PDR{ID: 1, FAR: 9, Keep: keepPDR &^ KeepFAR}).Over(pdr); !reflect.DeepEqual(got, moved) {
		t.Errorf("FAR: %+v", got)
	}
	filtered := pdr
	filtered.PDI.Filters, filtered.PDI.QFIs = []SDF{{Protocol: 6}}, nil
	if got := (PDR{ID: 1, PDI: PDI{Filters: []SDF{{Protocol: 6}}}, Keep: keepPDR &^ KeepPDI}).Over(pdr); !reflect.DeepEqual(got, filtered) {
		t.Errorf("PDI: %+v", got)
	}
	far := FAR{ID: 2, Action: Forward, Destination: Access, Instance: "access", Outer: OuterHeader{TEID: 9, Addr: a4}, BAR: 1}
	held := far
	held.Action = Buffer
	if got := (FAR{ID: 2, Action: Buffer, Keep: keepFAR &^ KeepAction}).Over(far); got != held {
		t.Errorf("action: %+v", got)
	}
	if got := (FAR{ID: 2, Action: Buffer}).Over(far); got != (FAR{ID: 2, Action: Buffer}) {
		t.Errorf("a whole FAR: %+v", got)
	}
	qer := QER{ID: 1, UplinkMBR: 1000, DownlinkMBR: 2000, UplinkGBR: 1, QFI: 9}
	closed := qer
	closed.CloseDL = true
	if got := (QER{ID: 1, CloseDL: true, Keep: keepQER &^ KeepGate}).Over(qer); got != closed {
		t.Errorf("gate: %+v", got)
	}
	urr := fullURR
	urr.VolumeQuota, urr.TimeThreshold = Volume{Total: 5}, 0
	if got := (URR{ID: 1, VolumeQuota: Volume{Total: 5}, Keep: keepURR &^ (KeepVolumeQuota | KeepTimeThreshold)}).Over(fullURR); got != urr {
		t.Errorf("limits: %+v", got)
	}
}

// Two updates made one do what both do, one after the other.
func TestOverInTurn(t *testing.T) {
	was := FAR{ID: 2, Action: Buffer, Instance: "access"}
	first := FAR{ID: 2, Action: Forward, Outer: OuterHeader{TEID: 9, Addr: a4}, Keep: keepFAR &^ (KeepAction | KeepOuter)}
	then := FAR{ID: 2, Action: Buffer | NotifyCP, Keep: keepFAR &^ KeepAction}
	if got, want := then.Over(first).Over(was), then.Over(first.Over(was)); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	limits := fullURR
	one := URR{ID: 1, Period: 5, Keep: keepURR &^ (KeepPeriod | KeepTimeQuota)}
	two := URR{ID: 1, VolumeQuota: Volume{Uplink: 3}, Keep: keepURR &^ KeepVolumeQuota}
	if got, want := two.Over(one).Over(limits), two.Over(one.Over(limits)); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
