package node

import (
	"strings"
	"testing"

	"cordon/datapath"
	"cordon/upf"
)

// ethernetConfig is the example with a network of Ethernet frames.
func ethernetConfig(section string) (Config, error) {
	text := strings.Replace(ExampleConfig(), "networks:\n", "networks:\n  - name: cell\n    ethernet: "+section+"\n", 1)
	return ParseConfig("f", []byte(text))
}

func TestEthernetConfig(t *testing.T) {
	c, err := ethernetConfig("{device: tap-cell, bridge: br0, sessions: 8, isolate: true, flood_unknown: true, flood_rate: 7, keep: 1m}")
	if err != nil {
		t.Fatal(err)
	}
	d := c.userPlane()
	want := upf.Bridge{Instance: "cell", Sessions: 8, Isolated: true, FloodUnknown: true, FloodRate: 7, MTU: 1400, Age: 60e9}
	if len(d.UPF.Bridges) != 1 || d.UPF.Bridges[0] != want || len(d.Taps) != 1 || d.Taps[0] != (datapath.Tap{Device: "tap-cell", Bridge: "br0"}) {
		t.Errorf("%+v, %+v", d.UPF.Bridges, d.Taps)
	}
	if n := c.smf().Networks; !n["cell"].Ethernet || n["cell"].IP != 0 || n["internet"].Ethernet {
		t.Errorf("%+v", n)
	}
	if c, err = ethernetConfig("{}"); err != nil || c.Networks[0].Ethernet.Sessions != 256 {
		t.Errorf("an empty section: %v", err)
	}
	for _, tt := range []struct{ section, want string }{
		{"{}\n    pool: 10.99.0.0/16", "gives devices no addresses"},
		{"{bridge: br0}", "networks[0].ethernet.bridge: br0: want a device too"},
		{"{isolate: true}", "networks[0].ethernet.isolate: without a device"},
		{"{device: cordon0}", "networks[0].ethernet.device: cordon0 is n6.device already"},
		{"{device: a/b}", "networks[0].ethernet.device: want a device name"},
		{"{device: a, bridge: a}", "networks[0].ethernet.bridge: want the name of a bridge"},
		{"{sessions: 5000}", `networks[0].ethernet.sessions: "5000": want a number from 1 to 4096`},
		{"{flood_rate: 0}", "networks[0].ethernet.flood_rate"},
		{"{keep: 1ms}", "networks[0].ethernet.keep: 1ms: want 1s to 24h"},
		{"{macs: 3}", "macs"},
	} {
		if _, err := ethernetConfig(tt.section); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v; want %s", tt.section, err, tt.want)
		}
	}
}

// TestEthernetExample: what the example says of such networks in its comments is what there is.
func TestEthernetExample(t *testing.T) {
	text := ExampleConfig()
	at := strings.Index(text, "# - name: cell")
	end := at + strings.Index(text[at:], "\n\n")
	if at < 0 || end < at {
		t.Fatal("the example has no network of Ethernet frames")
	}
	section := strings.ReplaceAll("\n"+text[at:end], "\n# ", "\n  ")
	c, err := ParseConfig("f", []byte(text[:at]+section[1:]+text[end:]))
	if err != nil {
		t.Fatal(err)
	}
	if e := c.Networks[len(c.Networks)-1].Ethernet; e == nil || *e != (EthernetConfig{Device: "cordon-cell", Bridge: "br-cell", Sessions: 256, FloodRate: 1000, Keep: 300e9}) {
		t.Errorf("%+v", e)
	}
}
