package datapath

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"cordon/upf"
	"cordon/wire/gtpu"
)

// book is a findings with what it told.
type book struct {
	findings
	told []Event
	full bool
}

func (b *book) tell(e *Event) bool {
	if !b.full {
		b.told = append(b.told, *e)
	}
	return !b.full
}

func (b *book) seen(at time.Duration, from string, radio bool, r upf.Reason, packet ...byte) {
	b.add(at, Event{Reason: r, Radio: radio, Source: netip.AddrPortFrom(netip.MustParseAddr(from), gtpu.Port)}, packet, b.tell)
}

// counts is what was told of each source in all.
func (b *book) counts() map[netip.Addr]uint64 {
	m := map[netip.Addr]uint64{}
	for i := range b.told {
		m[b.told[i].Source.Addr()] += b.told[i].Count
	}
	return m
}

// Findings are told at once when they are new and once a second after that, whole, each
// source and reason by itself, with the packet's first octets.
func TestFindings(t *testing.T) {
	b := &book{}
	long := bytes.Repeat([]byte{7}, 1000)
	b.seen(0, "10.0.1.1", true, upf.ReasonSpoofedSource, long...)
	if len(b.told) != 1 || b.told[0].Count != 1 || !bytes.Equal(b.told[0].Octets(), long[:EventOctets]) || !b.told[0].Radio {
		t.Fatalf("%+v", b.told)
	}
	for range 999 {
		b.seen(time.Second-1, "10.0.1.1", true, upf.ReasonSpoofedSource, 8)
	}
	b.seen(time.Second-1, "10.0.1.2", true, upf.ReasonSpoofedSource, 9)
	b.seen(time.Second-1, "10.0.1.1", true, upf.ReasonForbidden, 9)
	b.sweep(time.Second-1, b.tell)
	if len(b.told) != 3 {
		t.Fatalf("%d told in the first second", len(b.told))
	}
	b.seen(time.Second, "10.0.1.1", true, upf.ReasonSpoofedSource, 5)
	if e := b.told[len(b.told)-1]; len(b.told) != 4 || e.Count != 1000 || !bytes.Equal(e.Octets(), []byte{5}) {
		t.Errorf("%d told; %+v", len(b.told), e)
	}
	b.seen(time.Second, "10.0.1.1", true, upf.ReasonSpoofedSource, 6)
	b.sweep(2*time.Second, b.tell)
	if e := b.told[len(b.told)-1]; len(b.told) != 5 || e.Count != 1 || e.Reason != upf.ReasonSpoofedSource || !bytes.Equal(e.Octets(), []byte{5}) {
		t.Errorf("the rest is not told: %+v", e)
	}
	b.sweep(10*time.Second, b.tell)
	if len(b.told) != 5 || len(b.index) != 0 || len(b.free) != len(b.list) {
		t.Errorf("%d told, %d kept", len(b.told), len(b.index))
	}
}

// Nothing is lost while nobody takes it, and a source comes back after it was forgotten.
func TestFindingsWait(t *testing.T) {
	b := &book{full: true}
	for i := range 10 {
		b.seen(time.Duration(i)*time.Second, "10.0.1.1", true, upf.ReasonSweep)
		b.sweep(time.Duration(i)*time.Second, b.tell)
	}
	b.full = false
	b.sweep(20*time.Second, b.tell)
	b.sweep(30*time.Second, b.tell)
	b.seen(40*time.Second, "10.0.1.1", true, upf.ReasonSweep)
	if len(b.told) != 2 || b.told[0].Count != 10 || b.told[1].Count != 1 {
		t.Errorf("%+v", b.told)
	}
}

// Strangers who make up addresses take no room from radios, and no memory without bound; what
// they send is counted all the same.
func TestFindingsOfStrangers(t *testing.T) {
	b := &book{}
	b.seen(0, "10.0.1.1", true, upf.ReasonMalformedGTPU)
	stranger := func(i int) string {
		return netip.AddrFrom4([4]byte{203, byte(i >> 16), byte(i >> 8), byte(i)}).String()
	}
	const n = 100 * strangersKept
	for i := range n {
		b.seen(0, stranger(i), false, upf.ReasonMalformedGTPU)
	}
	b.seen(0, "10.0.1.2", true, upf.ReasonMalformedGTPU)
	if len(b.told) != strangersKept+3 || len(b.list) != strangersKept+3 {
		t.Errorf("%d told, %d kept", len(b.told), len(b.list))
	}
	b.sweep(time.Second, b.tell)
	var all uint64
	for _, c := range b.counts() {
		all += c
	}
	if all != n+2 {
		t.Errorf("%d counted of %d", all, n+2)
	}
	b.sweep(10*time.Second, b.tell)
	if len(b.index) != 0 || b.strangers != 0 {
		t.Errorf("%d kept, %d of strangers", len(b.index), b.strangers)
	}
}

// A flood allocates nothing for a packet, whoever it claims to be from.
func TestFindingsFlood(t *testing.T) {
	b := &book{full: true}
	packet := make([]byte, 1400)
	now, i := time.Duration(0), 0
	flood := func() {
		i++
		now += time.Millisecond
		from := netip.AddrFrom4([4]byte{203, byte(i >> 16), byte(i >> 8), byte(i)})
		b.add(now, Event{Reason: upf.ReasonSweep, Source: netip.AddrPortFrom(from, 1)}, packet, b.tell)
		if i%1000 == 0 {
			b.sweep(now, func(*Event) bool { return true })
		}
	}
	for range 20000 {
		flood()
	}
	if n := testing.AllocsPerRun(50000, flood); n != 0 {
		t.Errorf("%v allocations for a packet", n)
	}
}

func BenchmarkFindings(b *testing.B) {
	f := &book{full: true}
	packet := make([]byte, 1400)
	ev := Event{Reason: upf.ReasonMalformedGTPU, Radio: true, Source: netip.MustParseAddrPort("10.0.1.1:2152")}
	tell := f.tell
	b.ReportAllocs()
	for b.Loop() {
		f.add(0, ev, packet, tell)
	}
}
