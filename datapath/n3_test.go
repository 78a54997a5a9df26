package datapath

import (
	"bytes"
	"net/netip"
	"testing"
	"time"
)

// TestJoined: datagrams that went out in one message, and may come in by one, are the same
// datagrams in the same order, whatever their sizes.
func TestJoined(t *testing.T) {
	in, err := openN3(netip.AddrPortFrom(loopback(4), 0))
	if err != nil {
		t.Fatal(err)
	}
	defer in.close()
	out, err := openN3(netip.AddrPortFrom(loopback(5), 0))
	if err != nil {
		t.Fatal(err)
	}
	defer out.close()
	s := newSender(out)
	t.Logf("the kernel joins: %v", s.joins)
	var want [][]byte
	for i := range batchPackets {
		size := 1436
		if i%7 == 6 {
			size = 100 + i
		}
		b := bytes.Repeat([]byte{byte(i)}, size)
		want = append(want, b)
		s.add(b, in.local(), 0)
	}
	if lost := s.flush(); lost != 0 {
		t.Fatalf("%d lost", lost)
	}
	in.conn.SetReadDeadline(time.Now().Add(around))
	for got := 0; got < len(want); {
		if err := in.read(); err != nil {
			t.Fatalf("after %d: %v", got, err)
		}
		for from, b := range in.datagrams() {
			if from != out.local() || got >= len(want) || !bytes.Equal(b, want[got]) {
				t.Fatalf("datagram %d: %d octets from %v", got, len(b), from)
			}
			got++
		}
	}
}

// TestSendApart: each datagram that the kernel refuses counts as lost, and the others arrive.
func TestSendApart(t *testing.T) {
	in, err := openN3(netip.AddrPortFrom(loopback(4), 0))
	if err != nil {
		t.Fatal(err)
	}
	defer in.close()
	s := newSender(in)
	for _, size := range []int{70000, 70000, 1, 70000, 1} { // the kernel takes none above 65507
		s.add(make([]byte, size), in.local(), 0)
	}
	if lost := s.flush(); lost != 3 {
		t.Errorf("%d lost, want 3", lost)
	}
	b := make([]byte, 10)
	in.conn.SetReadDeadline(time.Now().Add(around))
	for range 2 {
		if n, err := in.conn.Read(b); err != nil || n != 1 {
			t.Errorf("%d, %v", n, err)
		}
	}
}
