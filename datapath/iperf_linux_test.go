package datapath

import (
	"fmt"
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"

	"cordon/transport/netnstest"
)

// talk carries flows between the handset and the server, in IPv4 and in IPv6.
func (w *world) talk(t testing.TB) {
	t.Helper()
	netnstest.Talk(t, netnstest.End{Host: w.radio, Addr: ue}, netnstest.End{Host: w.data, Addr: server}, 5200)
	netnstest.Talk(t, netnstest.End{Host: w.radio, Addr: ue6}, netnstest.End{Host: w.data, Addr: server6}, 5210)
}

// TestIperf carries real flows both ways between a device's kernel and a server's: by every forwarder, in IPv4 and IPv6,
// inside and outside, with NAT and without.
func TestIperf(t *testing.T) {
	for _, tt := range []struct {
		fast   Fast
		n3, at string
		nat    bool
	}{
		{FastOff, planeN3, radioAddr, false},
		{FastOff, plane63, radio6, false},
		{FastOff, planeN3, radioAddr, true},
		{FastNative, planeN3, radioAddr, false},
		{FastNative, plane63, radio6, false},
		{FastNative, planeN3, radioAddr, true},
		{FastTCX, planeN3, radioAddr, false},
		{FastTCX, plane63, radio6, false},
		{FastTCX, planeN3, radioAddr, true},
		{FastGeneric, planeN3, radioAddr, false},
		{FastGeneric, plane63, radio6, false},
		{FastGeneric, planeN3, radioAddr, true},
	} {
		t.Run(fmt.Sprintf("%s over %s nat=%v", tt.fast, tt.n3, tt.nat), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			at := netip.MustParseAddr(tt.at)
			h := w.newHandset(t, at)
			p := w.newPlane(t, settings{Fast: tt.fast, N3: tt.n3, NAT: tt.nat})
			p.attach(h, at)
			w.talk(t)
			p.carried(h, tt.fast)
		})
	}
}

// carried checks that the forwarder has counted what the radio has, and that the kernel carried nearly all of it where it was to.
func (p *plane) carried(h *handset, fast Fast) {
	p.t.Helper()
	var s Stats
	p.ask("Stats", struct{}{}, &s)
	all := s.Uplink.Packets + s.Downlink.Packets
	if s.Uplink.Packets < 1000 || s.Downlink.Packets < 1000 || s.Uplink.Packets > h.up.Load() {
		p.t.Errorf("radio: %d up, %d down; %+v", h.up.Load(), h.down.Load(), s)
	}
	if fast == FastOff && s.Fast > 0 || fast != FastOff && s.Fast < all*9/10 {
		p.t.Errorf("of %d packets the kernel forwarded %d by itself; %+v", all, s.Fast, s)
	}
	p.t.Logf("%d packets up, %d down, %d of them by the kernel itself", s.Uplink.Packets, s.Downlink.Packets, s.Fast)
}

// TestUnfinished: what hosts leave to hardware that is not there, checksums and segments, the kernel does at the
// hook of traffic control: nothing comes unfinished, and what can be carried is.
func TestUnfinished(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for host, dev := range map[*netnstest.Space]string{w.radio: "n3r", w.data: "n6d"} {
		for _, command := range []uint32{unix.ETHTOOL_STXCSUM, unix.ETHTOOL_STSO, unix.ETHTOOL_SGSO} {
			if err := host.Do(func() error { _, err := offload(dev, command, 1); return err }); err != nil {
				t.Fatal(err)
			}
		}
	}
	at := netip.MustParseAddr(radioAddr)
	h := w.newHandset(t, at)
	p := w.newPlane(t, settings{Fast: FastTCX, N3: planeN3})
	p.attach(h, at)
	w.talk(t)
	var s Stats
	p.ask("Stats", struct{}{}, &s)
	if s.Fast < s.Uplink.Packets*9/10 {
		t.Errorf("of %d packets up the kernel forwarded no more than %d by itself", s.Uplink.Packets, s.Fast)
	}
	t.Logf("%d packets up, %d down, %d of them by the kernel itself", s.Uplink.Packets, s.Downlink.Packets, s.Fast)
}
