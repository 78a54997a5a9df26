//go:build linux

package netnstest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"
)

// End is a host, and its address in a conversation.
type End struct {
	Host *Space
	Addr string
}

// Talk has iperf3 carry TCP and UDP from one host to another and back, by ports of the other from the given one on. The test
// fails where one of these ways carries next to nothing.
func Talk(t testing.TB, near, far End, port int) {
	t.Helper()
	for i, way := range [][]string{
		{"-n", "2M"}, {"-R", "-n", "2M"}, {"-u", "-b", "40M", "-l", "1200", "-n", "500K"}, {"-R", "-u", "-b", "40M", "-l", "1200", "-n", "500K"},
	} {
		at := fmt.Sprint(port + i)
		listen(t, far.Host, port+i)
		cmd := exec.Command("iperf3", append([]string{"-J", "-c", far.Addr, "-B", near.Addr, "-p", at, "--connect-timeout", "20000"}, way...)...)
		var out bytes.Buffer
		cmd.Stdout = &out
		if err := near.Host.Do(cmd.Start); err != nil {
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
		if jerr := json.Unmarshal(out.Bytes(), &r); jerr != nil || r.Error != "" || err != nil || max(r.End.Sum.Bytes, r.End.SumReceived.Bytes) < 1e5 {
			t.Fatalf("iperf3 %v to %s: %v, %v, %s", way, far.Addr, err, jerr, out.String())
		}
	}
}

// listen starts iperf3's server for one client.
func listen(t testing.TB, host *Space, port int) {
	t.Helper()
	cmd := exec.Command("iperf3", "-s", "-1", "-p", fmt.Sprint(port))
	if err := host.Do(cmd.Start); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	listening := fmt.Appendf(nil, ":%04X 00000000000000000000000000000000:0000 0A", port)
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		var sockets []byte
		err := host.Do(func() (err error) { sockets, err = os.ReadFile("/proc/thread-self/net/tcp6"); return err })
		if err == nil && bytes.Contains(sockets, listening) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("iperf3 does not listen: %v", err)
		}
	}
}
