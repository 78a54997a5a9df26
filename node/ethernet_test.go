package node

import (
	"bytes"
	"testing"

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

// wants has the next frame that comes down be a certain one.
func (h *modem) wants(t *testing.T, want []byte) {
	t.Helper()
	if got := h.gets(t); !bytes.Equal(got, want) {
		t.Fatalf("%q; want %q", got, want)
	}
}

// TestEthernet: devices of a network of Ethernet frames find each other by MAC address; who takes another's is caught; one that is idle
// is paged for a frame; and all of it goes on after the core has come back.
func TestEthernet(t *testing.T) {
	cfg := cellConfig(t)
	w := start(t, cfg)
	v, hosts := w.modemsOf(t, 2, "cell", nas.PDUSessionEthernet)
	one, two := hosts[0], hosts[1]
	talk := func() {
		t.Helper()
		one.up <- frame(macAll, macOne, "who is there")
		two.wants(t, frame(macAll, macOne, "who is there"))
		two.up <- frame(macOne, macTwo, "I am")
		one.wants(t, frame(macOne, macTwo, "I am"))
	}
	talk()
	one.up <- frame(macAll, macTwo, "I am the other")
	one.up <- frame(macTwo, macOne, "next")
	two.wants(t, frame(macTwo, macOne, "next"))
	if s := w.Forwarder.Stats(); s.Uplink.Drops[upf.ReasonSpoofedSource] != 1 {
		t.Errorf("%d frames dropped as another's", s.Uplink.Drops[upf.ReasonSpoofedSource])
	}
	if err := v.Phone("1", 0).Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	one.up <- frame(macTwo, macOne, "wake up")
	two.wants(t, frame(macTwo, macOne, "wake up"))
	w.end(t)()
	w = start(t, cfg)
	talk()
	list, err := w.Sessions(t.Context(), 0, 0, 10)
	if err != nil || len(list) != 2 || list[0].DNN != "cell" || list[0].Address.IsValid() {
		t.Errorf("%+v, %v", list, err)
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
