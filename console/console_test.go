package console

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTokenFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	first, err := OpenToken(path)
	if err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", st.Mode(), err)
	}
	again, err := OpenToken(path)
	if err != nil || again != first || len(first.text) != 64 {
		t.Errorf("%d characters, %v", len(first.text), err)
	}
	if s := fmt.Sprintf("%v %+v %#v %s", first, first, first, first); strings.Contains(s, first.text) {
		t.Errorf("a token prints: %s", s)
	}
	for _, test := range []struct {
		text string
		mode os.FileMode
		want string
	}{
		{first.text, 0o640, "may be read by others"},
		{"short", 0o600, "want 32 or more printable characters"},
		{strings.Repeat("a b", 20), 0o600, "want 32 or more printable characters"},
	} {
		os.WriteFile(path, []byte(test.text), 0o600)
		os.Chmod(path, test.mode)
		if _, err := OpenToken(path); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, want %q", err, test.want)
		}
	}
}

func TestListen(t *testing.T) {
	if _, err := Listen(netip.MustParseAddrPort("0.0.0.0:0")); err == nil || !strings.Contains(err.Error(), "loopback only") {
		t.Errorf("%v", err)
	}
	ln, err := Listen(netip.MustParseAddrPort("127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	if _, err := Listen(netip.MustParseAddrPort(ln.Addr().String())); err == nil || !strings.Contains(err.Error(), "is in use by another process") {
		t.Errorf("%v", err)
	}
}

// Serve answers over a socket, refuses large headers (API-12), and ends when told to.
func TestServe(t *testing.T) {
	b := newBench()
	ln, err := Listen(netip.MustParseAddrPort("127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- b.srv.Serve(ctx, ln) }()
	ask := func(header string) int {
		r, _ := http.NewRequest("GET", "http://"+ln.Addr().String()+"/v1/status", nil)
		r.Header.Set("Authorization", "Bearer "+testToken)
		r.Header.Set("X-Padding", header)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	if code := ask(""); code != http.StatusOK {
		t.Errorf("%d", code)
	}
	if code := ask(strings.Repeat("x", 2*maxHeader)); code != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("%d", code)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", ln.Addr().String()); err == nil {
		t.Error("still listening")
	}
}

func TestMetricsText(t *testing.T) {
	var b strings.Builder
	err := WriteMetrics(&b, []Family{
		{Name: "a_total", Help: "Two\nlines \\.", Kind: Counter, Samples: []Sample{{Labels: []Label{{"x", "q\"\\\n"}, {"y", "2"}}, Value: 1.5}}},
		NewHistogram("h", "H.", []float64{0.1, 1}, []uint64{1, 2, 3}, 9),
	})
	want := "# HELP a_total Two\\nlines \\\\.\n# TYPE a_total counter\na_total{x=\"q\\\"\\\\\\n\",y=\"2\"} 1.5\n" +
		"# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"0.1\"} 1\nh_bucket{le=\"1\"} 3\nh_bucket{le=\"+Inf\"} 6\nh_sum 9\nh_count 6\n"
	if err != nil || b.String() != want {
		t.Errorf("%v\n%s\nwant\n%s", err, b.String(), want)
	}
}

func TestSUPIMasksInLogs(t *testing.T) {
	var b bytes.Buffer
	l := slog.New(slog.NewJSONHandler(&b, nil))
	l.Info("x", "supi", SUPI(id(1)))
	if strings.Contains(b.String(), "0000000001") || strings.Contains(fmt.Sprint(SUPI(id(1))), "0001") {
		t.Errorf("%s", b.String())
	}
}
