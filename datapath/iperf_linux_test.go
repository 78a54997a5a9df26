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
)

// iperf is the program's server in the data network.
func (w *world) iperf(t testing.TB) {
	t.Helper()
	cmd := exec.Command("iperf3", "-s")
	if err := w.data.start(cmd); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	eventually(t, "iperf3 listens", func() bool {
		listens := false
		err := w.data.do(func() error {
			sockets, err := os.ReadFile("/proc/thread-self/net/tcp6")
			listens = bytes.Contains(sockets, []byte(":1451 00000000000000000000000000000000:0000 0A")) // port 5201
			return err
		})
		return err == nil && listens
	})
}

// transfer runs the program's client at the handset and reports the octets that arrived.
func (w *world) transfer(t testing.TB, from, to string, args ...string) float64 {
	t.Helper()
	var out bytes.Buffer
	cmd := exec.Command("iperf3", append([]string{"-J", "-c", to, "-B", from, "--connect-timeout", "20000"}, args...)...)
	cmd.Stdout = &out
	if err := w.radio.start(cmd); err != nil {
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

// TestIperf carries real flows both ways between a device's kernel and a server's.
func TestIperf(t *testing.T) {
	for _, tt := range []struct {
		fast Fast
		n3   string
		at   string
	}{
		{FastOff, planeN3, radioAddr},
		{FastOff, plane63, radio6},
		{FastNative, planeN3, radioAddr},
		{FastNative, plane63, radio6},
		{FastGeneric, planeN3, radioAddr},
	} {
		t.Run(fmt.Sprintf("%s over %s", tt.fast, tt.n3), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			at := netip.MustParseAddr(tt.at)
			h := w.newHandset(t, at)
			p := w.newPlane(t, settings{Fast: tt.fast, N3: tt.n3})
			p.attach(h, at)
			w.iperf(t)
			for _, way := range [][]string{{"-n", "4M"}, {"-R", "-n", "4M"}, {"-u", "-b", "40M", "-l", "1300", "-n", "1M"}, {"-R", "-u", "-b", "40M", "-l", "1300", "-n", "1M"}} {
				if n := w.transfer(t, ue, server, way...); n < 1e5 {
					t.Errorf("%v: %v octets arrived", way, n)
				}
			}
			var s Stats
			p.ask("Stats", struct{}{}, &s)
			if s.Uplink.Packets < 1000 || s.Downlink.Packets < 1000 {
				t.Errorf("%+v", s)
			}
			t.Logf("%+v; handset %d up %d down", s, h.up.Load(), h.down.Load())
		})
	}
}
