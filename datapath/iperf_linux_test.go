package datapath

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"cordon/transport/netnstest"
)

// iperf starts the program's server for one client in the data network.
func (w *world) iperf(t testing.TB, port int) {
	t.Helper()
	cmd := exec.Command("iperf3", "-s", "-1", "-p", fmt.Sprint(port))
	if err := w.data.Do(cmd.Start); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	listening := fmt.Appendf(nil, ":%04X 00000000000000000000000000000000:0000 0A", port)
	eventually(t, "iperf3 listens", func() bool {
		listens := false
		err := w.data.Do(func() error {
			sockets, err := os.ReadFile("/proc/thread-self/net/tcp6")
			listens = bytes.Contains(sockets, listening)
			return err
		})
		return err == nil && listens
	})
}

// transfer runs the program's client at the handset and reports the octets that arrived.
func (w *world) transfer(t testing.TB, port int, from, to string, args ...string) float64 {
	t.Helper()
	w.iperf(t, port)
	var out bytes.Buffer
	cmd := exec.Command("iperf3", append([]string{"-J", "-c", to, "-B", from, "-p", fmt.Sprint(port), "--connect-timeout", "20000"}, args...)...)
	cmd.Stdout = &out
	if err := w.radio.Do(cmd.Start); err != nil {
		t.Fatal(err)
	}
	hang := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	err := cmd.Wait()
	hang.Stop()
	var r struct {
		Error string
		End   struct {
			Sum         struct{ Bytes float64 }
			SumReceived struct{ Bytes float64 } `json:"sum_received"`
		}
	}
	if jerr := json.Unmarshal(out.Bytes(), &r); jerr != nil || r.Error != "" || err != nil {
		t.Fatalf("iperf3 %v: %v, %v, %s", args, err, jerr, out.String())
	}
	return max(r.End.Sum.Bytes, r.End.SumReceived.Bytes)
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
			for v, ends := range [][2]string{{ue, server}, {ue6, server6}} {
				for i, way := range iperfWays {
					if n := w.transfer(t, 5200+10*v+i, ends[0], ends[1], way...); n < 1e5 {
						t.Errorf("%v to %v: %v octets arrived", way, ends[1], n)
					}
				}
			}
			p.carried(h, tt.fast)
		})
	}
}

// iperfWays are TCP and UDP, up and down.
var iperfWays = [][]string{
	{"-n", "2M"}, {"-R", "-n", "2M"}, {"-u", "-b", "40M", "-l", "1200", "-n", "500K"}, {"-R", "-u", "-b", "40M", "-l", "1200", "-n", "500K"},
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
	for v, ends := range [][2]string{{ue, server}, {ue6, server6}} {
		for i, way := range iperfWays {
			if n := w.transfer(t, 5200+10*v+i, ends[0], ends[1], way...); n < 1e5 {
				t.Errorf("%v to %v: %v octets arrived", way, ends[1], n)
			}
		}
	}
	var s Stats
	p.ask("Stats", struct{}{}, &s)
	if s.Fast < s.Uplink.Packets*9/10 {
		t.Errorf("of %d packets up the kernel forwarded no more than %d by itself", s.Uplink.Packets, s.Fast)
	}
	t.Logf("%d packets up, %d down, %d of them by the kernel itself", s.Uplink.Packets, s.Downlink.Packets, s.Fast)
}
