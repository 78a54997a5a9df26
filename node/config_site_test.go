package node

import (
	"net/netip"
	"strings"
	"testing"

	"cordon/wire/pfcp"
)

func TestSiteExample(t *testing.T) {
	c, err := ParseSiteConfig("upf.yaml", []byte(ExampleSiteConfig()))
	if err != nil {
		t.Fatal(err)
	}
	inner := netip.MustParseAddr("10.201.0.2")
	if c.N4.Address != netip.AddrPortFrom(inner, pfcp.Port) || c.NodeID.FQDN != "upf-harbour.example.org" || !c.inside() {
		t.Errorf("%+v", c)
	}
	up := c.userPlane()
	for _, a := range []string{"10.201.0.1", "10.201.0.2", "192.0.2.20", "127.0.0.1"} {
		covered := false
		for _, p := range up.UPF.Forbidden {
			covered = covered || p.Contains(netip.MustParseAddr(a))
		}
		if !covered {
			t.Errorf("devices reach %s", a)
		}
	}
	if len(up.UPF.Pools) != 2 || up.UPF.MTU != 1356 {
		t.Errorf("%+v", up.UPF)
	}
}

// A file that says nothing of its name has its address for a name, and one without a tunnel names its address.
func TestSiteWithoutTunnel(t *testing.T) {
	text := `
site: harbour
n4: {address: "192.0.2.20:8805", smfs: [{address: 192.0.2.1}]}
n3: {address: "192.0.2.20:2152", radios: [192.0.2.64/26]}
n9: {peers: [192.0.2.1/32]}
networks: [{name: internet, pool: 10.45.0.0/16}]
`
	c, err := ParseSiteConfig("upf.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if c.NodeID.Addr != netip.MustParseAddr("192.0.2.20") || c.inside() || c.peers()[0].Node.Addr != netip.MustParseAddr("192.0.2.1") {
		t.Errorf("%+v", c)
	}
	if ran := c.userPlane().UPF.RAN; len(ran) != 2 {
		t.Errorf("endpoints may lie in %v", ran)
	}
}

func TestSiteConfigRefused(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"empty", ExampleSiteConfig(), "", `upf.yaml: the file is empty: "cordon upf example" prints one`},
		{"an unknown name", "site: harbour", "sight: harbour", `upf.yaml:4:1: "sight" is not known here`},
		{"no site", "site: harbour  ", "", "upf.yaml: site: want the name of the place"},
		{"node id", "node_id: upf-harbour", "node_id: UPF_harbour", `upf.yaml:5:10: node_id: "UPF_harbour.example.org": want an address, or a domain name`},
		{"nobody may speak", "    - {node_id: core.example.org, address: 10.201.0.1, sessions: 1048576}", "    []", "upf.yaml:11:5: n4.smfs: want 1 to 64 SMFs that may speak, not 0"},
		{"an SMF outside the tunnel", "address: 10.201.0.1, sessions", "address: 192.0.2.1, sessions", "n4.smfs[0].address: 192.0.2.1 is no peer's inner address"},
		{"N4 outside the tunnel", "# address: 10.201.0.2:8805 ", "  address: 192.0.2.20:8805 ", "n4.address: 192.0.2.20 is not the tunnel's inner address"},
		{"one port for two", "listen: 0.0.0.0:51820", "listen: 0.0.0.0:2152", "wireguard.listen: port 2152 is n3's already"},
		{"a device's address inside", "inner: 10.201.0.2 ", "inner: 10.45.0.2 ", "wireguard.inner: 10.45.0.2/32 meets the devices of internet"},
		{"radios among devices", "radios: []", "radios: [10.45.3.0/24]", "n3.radios[0]: 10.45.3.0/24 meets the devices of internet"},
		{"key", "public_key: hSD", "public_key: HSD!", "wireguard.peers[0].public_key: want a key as WireGuard writes it"},
		{"one inner address for two", "      inner: 10.201.0.1 ", "      inner: 10.201.0.2 ", "wireguard.peers[0]: inner address 10.201.0.2 is another peer's or our own"},
		{"an endpoint without port", "endpoint: 198.51.100.1:51820", "endpoint: 198.51.100.1:0", "wireguard.peers[0]: endpoint 198.51.100.1:0: want an address and a port"},
		{"keep-alive", "keep_alive: 25s", "keep_alive: 25ms", "wireguard.peers[0]: keep-alive 25ms: want whole seconds"},
		{"a tunnel without key", "  key_file: upf-wireguard.key ", "", "wireguard: key_file is missing"},
		{"the console open to all", "listen: 127.0.0.1:8643", "listen: 0.0.0.0:8643", "api.listen: want a port on loopback"},
		{"two devices", "# n3_device: eth1", "  n3_device: eth1", "fast: want n3_device and n6_device"},
		{"no networks", "  - name: internet\n    pool: 10.45.0.0/16\n    nat: false                   # hide their IPv4 addresses behind those of n6.nat (default false); the core then names these under user_planes\n    pool6: fd00:45::/44          # (default: no IPv6)\n    mtu: 1356  ", "  []  ", "networks: want 1 to 64 data networks"},
		{"resolvers", "    pool: 10.45.0.0/16", "    dns: []\n    pool: 10.45.0.0/16", `"dns" is not known here`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(ExampleSiteConfig(), c.old, c.new, 1)
			if text == ExampleSiteConfig() {
				t.Fatal("the case changes nothing")
			}
			if _, err := ParseSiteConfig("upf.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("\n%v\nwant\n%s", err, c.want)
			}
		})
	}
}
