package gtpu

import (
	"testing"

	"cordon/wire/wiretest"
)

// TestDissected: an independent dissector finds nothing wrong with what is sent.
func TestDissected(t *testing.T) {
	inner := unhex("4500001c00000000401100000a2d0002c63364010001000200080000")
	var packets []wiretest.Packet
	for _, h := range []Header{
		{Type: TypeGPDU, TEID: 1, HasContainer: true, Container: Container{QFI: 1}},
		{Type: TypeGPDU, TEID: 1, HasContainer: true, Container: Container{QFI: 1, RQI: true, HasPPI: true, PPI: 3}},
		{Type: TypeGPDU, TEID: 1, HasContainer: true, Container: Container{Type: Uplink, QFI: 1}},
		{Type: TypeGPDU, TEID: 1, HasSeq: true, Seq: 9},
	} {
		packets = append(packets, wiretest.GTPU(append(h.Append(nil, len(inner)), inner...)))
	}
	marker := Header{Type: TypeEndMarker, TEID: 1}
	packets = append(packets, wiretest.GTPU(marker.Append(nil, 0)))
	for _, m := range messages {
		b, err := m.msg.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		packets = append(packets, wiretest.GTPU(b))
	}
	for _, note := range wiretest.Dissect(t, packets...) {
		t.Error(note)
	}
}
