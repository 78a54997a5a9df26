package main

import (
	"fmt"
	"net"
	"syscall"
	"testing"
	"time"
)

// TestSecondSignal: a core that is told to end gives a request under way a moment; told again, it
// ends at once.
func TestSecondSignal(t *testing.T) {
	s := newSite(t)
	p := s.serve(t)
	api, err := p.api(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", s.APIPort()))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "POST /v1/subscribers/import HTTP/1.1\r\nHost: core\r\nExpect: 100-continue\r\nAuthorization: %s\r\n"+
		"Content-Type: text/csv\r\nContent-Length: 1000\r\n\r\n", api.token.Header())
	if _, err := c.Read(make([]byte, 1)); err != nil { // it waits for the file
		t.Fatal(err)
	}
	p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
		t.Fatalf("it has ended already: %v", p.err)
	case <-time.After(time.Second):
	}
	p.cmd.Process.Signal(syscall.SIGTERM)
	if status := p.exit(t, 2*time.Second); status != -1 {
		t.Errorf("status %d", status)
	}
}
