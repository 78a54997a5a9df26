package node

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"cordon/ran"
	"cordon/subscriber"
	"cordon/upf"
	"cordon/wire/nas"
)

// cellConfig is a core with a network of Ethernet frames, which its devices alone are on.
func cellConfig(t testing.TB) Config {
	cfg := testConfig(t)
	cfg.Networks = append(cfg.Networks, NetworkConfig{Name: "cell", MTU: 1400, Ethernet: &EthernetConfig{Sessions: 16, FloodRate: 1000, Keep: 300e9}})
	dnns := &cfg.Plans[0].Slices[0].DNNs
	*dnns = append(*dnns, subscriber.Network{DNN: "cell", AMBR: subscriber.AMBR{UL: 1e8, DL: 1e8}})
	return cfg
}

const (
	macAll = "\xff\xff\xff\xff\xff\xff"
	macOne = "\x02\x00\x00\x00\x00\x01"
	macTwo = "\x02\x00\x00\x00\x00\x02"
)

// frame is one of an EtherType for experiments.
func frame(to, from, text string) []byte { return []byte(to + from + "\x88\xb5" + text) }

// sayFrame has one device send a frame until another gets it: the user plane drops what comes before it knows the radio's tunnel. Nothing but what
// was said before may come meanwhile.
func sayFrame(t *testing.T, from, to *modem, b []byte, said *[][]byte) {
	t.Helper()
	*said = append(*said, b)
	for range 120 {
		from.up <- b
		for wait := time.After(500 * time.Millisecond); ; {
			select {
			case got := <-to.down:
				if bytes.Equal(got, b) {
					return
				}
				if !slices.ContainsFunc(*said, func(s []byte) bool { return bytes.Equal(s, got) }) {
					t.Fatalf("%q came", got)
				}
				continue
			case <-wait:
			}
			break
		}
	}
	t.Fatalf("%q does not come", b)
}

// TestEthernet: devices of a network of Ethernet frames find each other by MAC address; who takes another's is caught; what comes
// for one that is idle waits; and the sessions are there when the core has come back.
func TestEthernet(t *testing.T) {
	cfg := cellConfig(t)
	w := start(t, cfg)
	v, hosts := w.modemsOf(t, 2, "cell", nas.PDUSessionEthernet)
	one, two := hosts[0], hosts[1]
	var said [][]byte
	talk := func() {
		t.Helper()
		sayFrame(t, one, two, frame(macAll, macOne, "who is there"), &said)
		sayFrame(t, two, one, frame(macOne, macTwo, "I am"), &said)
	}
	talk()
	one.up <- frame(macAll, macTwo, "I am the other")
	sayFrame(t, one, two, frame(macTwo, macOne, "next"), &said)
	if s := w.Forwarder.Stats(); s.Uplink.Drops[upf.ReasonSpoofedSource] != 1 {
		t.Errorf("%d frames dropped as another's", s.Uplink.Drops[upf.ReasonSpoofedSource])
	}
	idle := v.Phone("1", 0)
	if err := idle.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !eventually(func() bool {
		d, err := w.Device(t.Context(), idle.SUPI())
		return err == nil && d.Sessions[0].State == "idle"
	}) {
		t.Fatal("the session is not idle")
	}
	one.up <- frame(macTwo, macOne, "wake up")
	if got := two.gets(t); !bytes.Equal(got, frame(macTwo, macOne, "wake up")) {
		t.Fatalf("%q came", got)
	}
	w.end(t)()
	w = start(t, cfg)
	if !eventually(func() bool {
		list, err := w.Sessions(t.Context(), 0, 0, 10)
		return err == nil && len(list) == 2 && list[0].DNN == "cell" && list[0].State == "idle" && w.Forwarder.Stats().Sessions == 2
	}) {
		t.Error("the sessions have not come back")
	}
}

// TestEthernetOnly: a network of frames gives nobody an address, and one of addresses carries no frames.
func TestEthernetOnly(t *testing.T) {
	w := start(t, cellConfig(t))
	w.subscribe(t, 1)
	for _, c := range []ran.SessionConfig{{DNN: "cell", Type: nas.PDUSessionIPv4}, {DNN: "internet", Type: nas.PDUSessionEthernet}} {
		cfg := w.load(t, 1)
		c.Slice = cfg.Groups[0].Phone.Slices[0]
		cfg.Groups[0].Phone.Sessions = []ran.SessionConfig{c}
		cfg.Deregister = true
		if s, err := ran.Run(t.Context(), cfg); err != nil || s.OK || s.Registered != 1 || s.Sessions != 0 {
			t.Errorf("%s: %+v, %v", c.DNN, s, err)
		}
	}
}
