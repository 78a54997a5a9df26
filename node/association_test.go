package node

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cordon/ident"
	"cordon/transport"
	"cordon/wire/ngap"
)

// quietCore is a running node on a network in memory, and a way to reach it. It is for tests in a
// bubble.
func quietCore(t *testing.T, log *slog.Logger) func() transport.Conn {
	t.Helper()
	n := still(t, 1, &testStore{})
	net := transport.NewMem(transport.MemConfig{})
	addr := netip.MustParseAddrPort("192.0.2.1:38412")
	l, err := net.Listen(addr)
	if err != nil {
		t.Fatal(err)
	}
	n.d.N2, n.d.Log = l, log
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return func() transport.Conn {
		c, err := net.Dial(t.Context(), netip.MustParseAddrPort("192.0.2.2:0"), addr)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
}

func setupRequest(id uint32, tac ident.TAC) *ngap.NGSetupRequest {
	plmn, _ := ident.ParsePLMN("00101")
	return &ngap.NGSetupRequest{
		GlobalRANNodeID: ident.RANNode{PLMN: plmn, Kind: ident.GNB, Bits: 24, ID: id}, RANNodeName: "radio",
		SupportedTAs: []ngap.SupportedTA{{TAC: tac, PLMNs: []ngap.PLMNSupport{{PLMN: plmn, Slices: []ident.SNSSAI{{SST: 1, SD: ident.NoSD}}}}}},
	}
}

func say(t *testing.T, c transport.Conn, m ngap.Message) {
	t.Helper()
	b, err := ngap.Append(nil, m)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Send(transport.Message{PPID: transport.PPIDNGAP, Data: b}); err != nil {
		t.Fatal(err)
	}
}

// TestSilentAssociation: one that never sets up is ended, one that has stays, and so does one
// that was refused and tries again.
func TestSilentAssociation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dial := quietCore(t, slog.New(slog.DiscardHandler))
		silent, refused, served := dial(), dial(), dial()
		say(t, served, setupRequest(1, 1))
		for range 10 {
			say(t, refused, setupRequest(2, 999))
			time.Sleep(60 * time.Second)
		}
		for _, c := range []transport.Conn{refused, served} {
			if _, err := c.Receive(); err != nil {
				t.Errorf("an association with a use was ended: %v", err)
			}
		}
		if _, err := silent.Receive(); !errors.Is(err, transport.ErrAborted) {
			t.Errorf("the silent one ended with %v", err)
		}
	})
}

// TestLogFlood: a host that only connects and hangs up does not fill the disk.
func TestLogFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		dial := quietCore(t, slog.New(slog.NewTextHandler(&log, nil)))
		for range 1000 {
			c := dial()
			synctest.Wait()
			c.Abort()
			synctest.Wait()
		}
		if n := strings.Count(log.String(), "\n"); n < 1 || n > radioLines {
			t.Errorf("%d lines in no time", n)
		}
	})
}
