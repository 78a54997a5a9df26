//go:build !race

package datapath

import (
	"net/netip"
	"runtime"
	"testing"

	"cordon/upf"
)

// TestOrdinaryMemoryIsNoHeap: room for a million sessions does not keep the collector from running.
func TestOrdinaryMemoryIsNoHeap(t *testing.T) {
	cfg := upf.Config{N3: netip.MustParseAddr("10.0.0.1"), Pools: []upf.Pool{{Instance: "internet", Prefix: netip.MustParsePrefix("10.64.0.0/12")}}, Random: random}
	l, err := cfg.Layout()
	if err != nil {
		t.Fatal(err)
	}
	f := &Forwarder{}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	m, err := f.ordinary(l)
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 4<<20 {
		t.Errorf("%d MiB of heap", grown>>20)
	}
	if s, err := upf.New(cfg, m); err != nil || s.Count() != 0 {
		t.Errorf("%v", err)
	}
	runtime.KeepAlive(f)
}
