package node

import (
	"crypto/rand"
	"net/netip"
	"sync"
	"testing"
	"time"

	"cordon/ident"
	"cordon/ran"
	"cordon/transport"
	"cordon/wire/nas"
)

// TestFloodOfIdentities: while a hostile host has its radios ask without end for identities to be
// revealed, phones of honest radios register, every one.
func TestFloodOfIdentities(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: keeps every processor busy for a second")
	}
	w := start(t, testConfig(t))
	w.subscribe(t, 20)
	honest := w.load(t, 20)
	honest.Rate, honest.Traffic = 20, 0
	var flood sync.WaitGroup
	var radios []*ran.RawRadio
	defer func() {
		for _, r := range radios {
			r.Close()
		}
		flood.Wait()
	}()
	for i := range uint32(3) {
		cfg := honest.Radios[0]
		cfg.Node.ID = 0x900 + i
		conn, _, err := transport.Dial(t.Context(), transport.DialConfig{
			Mode: transport.UDP, Local: netip.AddrPortFrom(loopback(t, 66), 0), Remote: w.N2, UDPPort: w.SCTP.UDPPort})
		if err != nil {
			t.Fatal(err)
		}
		r := ran.Raw(ran.Over(conn, transport.ErrBacklog))
		radios = append(radios, r)
		if _, err := r.Setup(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
		flood.Go(func() { invent(t, r, cfg) })
	}
	s, err := ran.Run(t.Context(), honest)
	if err != nil || s.Registered != 20 {
		t.Errorf("%d registered: %v", s.Registered, err)
	}
}

// invent registers phones that there are not, each with an identity that must be revealed
// to find out, until the radio is closed.
func invent(t *testing.T, r *ran.RawRadio, cfg ran.RadioConfig) {
	caps, _ := nas.NewUESecurityCapability([]byte{0xe0, 0xe0})
	for id := ident.RANUENGAPID(0); !r.Ended(); id++ {
		output := make([]byte, 32+5+8)
		rand.Read(output)
		b, err := nas.Append(nil, &nas.RegistrationRequest{Kind: nas.RegistrationInitial, KSI: nas.NoKSI, Security: caps,
			Identity: nas.MobileIdentity{Type: nas.IdentitySUCI, SUCI: ident.SUCI{
				PLMN: cfg.Node.PLMN, Routing: ident.RoutingIndicator{0xf0, 0xff}, Scheme: ident.SchemeProfileA, KeyID: 1, Output: output}}})
		if err != nil {
			t.Error(err)
			return
		}
		if r.Initial(cfg, id, b) != nil {
			r.Heard(time.Millisecond) // the transport takes no more for now
		}
	}
}
