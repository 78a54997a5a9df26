package smf

import (
	"net/netip"
	"slices"
	"testing"

	"cordon/wire/pfcp"
	"time"

	"cordon/wire/nas"
)

// Without a seal gateway a sealed session passes nothing: no filter at all would pass everything.
func TestSealedWithoutGateway(t *testing.T) {
	f := newFixture()
	f.m.cfg.Seal = nil
	f.m.Step(f.now, Create{Key: Key{testSUPI, 1}, DNN: "internet", Settings: &testSettings, Sealed: true, N1: []byte{0x2e, 1, 1, 0xc1, 0xff, 0xff}})
	effects := f.m.Step(f.now, Address{Key: Key{testSUPI, 1}, Gen: 1, Addr: Addresses{IPv4: netip.MustParseAddr("10.45.0.2")}})
	e, ok := effects[0].(Establish)
	if !ok {
		t.Fatalf("%T", effects[0])
	}
	for _, p := range e.Request.PDRs {
		if !slices.Equal(p.PDI.Filters, pfcp.Remotes([]netip.Prefix{netip.MustParsePrefix("0.0.0.0/32")})) {
			t.Errorf("PDR %d passes %v", p.ID, p.PDI.Filters)
		}
	}
}

// Devices that are refused at once come back over some minutes, at times that the timer can say.
func TestBarredDevicesSpread(t *testing.T) {
	f := newFixture()
	seen := map[time.Duration]int{}
	for range 700 {
		d := f.m.barred()
		if d < 2*time.Minute || d > 5*time.Minute || nas.Timer3(d) != d {
			t.Fatalf("%v", d)
		}
		seen[d]++
	}
	for d, n := range seen {
		if len(seen) != barredSteps || n > 200 {
			t.Errorf("%d different waits; %v for %d of 700", len(seen), d, n)
		}
	}
}
