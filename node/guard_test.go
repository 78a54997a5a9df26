package node

import (
	"strings"
	"testing"

	"cordon/aka"
	"cordon/amf"
	"cordon/ident"
	"cordon/smf"
	"cordon/subscriber"
)

// TestContained: a fault in what is done for a device ends there, whoever does it.
func TestContained(t *testing.T) {
	n := still(t, 1, &testStore{get: func(ident.SUPI) (subscriber.Profile, error) { panic("store") }})
	by := n.living(1, "192.0.2.1:1")
	s := n.shards[0]
	n.auth.work(t.Context(), job{s, amf.NeedVector{Conn: 7, Radio: 1}, by})
	if in := <-s.inbox; in.amf.(amf.Vector).Err != amf.VectorUnavailable {
		t.Errorf("the device is told %+v", in)
	}
	s.queue = []any{smf.Delete{SEID: 1}, smf.Delete{SEID: 2}} // there is no user plane
	s.take(input{ask: func(*shard) { panic("console") }})
	if len(s.queue) != 0 || n.metrics.bugs.Load() != 4 {
		t.Errorf("%d effects left, %d faults", len(s.queue), n.metrics.bugs.Load())
	}
}

// TestFaultTellsNoSecret: what is reported of a fault says where it was, and nothing of whom.
func TestFaultTellsNoSecret(t *testing.T) {
	supi, _ := ident.ParseSUPI(firstIMSI)
	err := contain(func() { betray(supi, aka.Key{0xde, 0xad}, &supi) })
	if err == nil || !strings.Contains(err.Error(), "node.betray") || !strings.Contains(err.Error(), "guard_test.go:") {
		t.Fatalf("it does not say where: %v", err)
	}
	if text := err.Error(); strings.Contains(text, "0x") || strings.Contains(text, supi.IMSI()) {
		t.Errorf("it tells:\n%s", text)
	}
}

//go:noinline
func betray(supi ident.SUPI, k aka.Key, again *ident.SUPI) {
	panic(struct {
		supi *ident.SUPI
		text string
		k    aka.Key
	}{again, supi.IMSI(), k})
}
