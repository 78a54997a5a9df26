package node

import (
	"net/netip"
	"strings"
	"testing"
)

const hiddenNetwork = `{name: internet, pool: 10.45.0.0/16, nat: true}`

// natText is the minimal configuration with a hidden network, and n6's section.
func natText(n6 string) string {
	return strings.Replace(minimal, "{name: internet, pool: 10.45.0.0/16}", hiddenNetwork, 1) + "n6: " + n6 + "\n"
}

func TestNATConfig(t *testing.T) {
	c, err := ParseConfig("f", []byte(natText("{mode: tun, nat: {addresses: [198.51.100.8/30, 203.0.113.5/32], ports: 1024}}")))
	if err != nil {
		t.Fatal(err)
	}
	up := c.userPlane().UPF
	if !up.Pools[0].NAT || len(up.NAT) != 2 || up.NAT[0] != netip.MustParsePrefix("198.51.100.8/30") || up.NATBlock != 1024 {
		t.Errorf("%+v", up)
	}
	if n := c.N6.NAT.sessions(); n != 5*63 {
		t.Errorf("%d sessions", n)
	}
	if why := c.N6.NAT.scarce(c.Networks); why != "65533 devices can have addresses, and 315 at once can have 1024 public ports each: a session beyond is refused for lack of resources" {
		t.Error(why)
	}
	c.Networks[0].Pool = netip.MustParsePrefix("10.45.0.0/24")
	if why := c.N6.NAT.scarce(c.Networks); why != "" {
		t.Error(why)
	}
	for size, want := range map[int]int{16: 4032, 256: 252, 2048: 31, 4096: 15} {
		if n := (&NATConfig{Addresses: []netip.Prefix{netip.MustParsePrefix("198.51.100.8/32")}, Ports: size}).sessions(); n != want {
			t.Errorf("%d blocks of %d ports", n, size)
		}
	}
}

func TestNATConfigRefused(t *testing.T) {
	const path = "n6.nat.addresses[0]: "
	for name, tt := range map[string]struct{ text, want string }{
		"no addresses":      {natText("{mode: tun}"), "networks[0].nat: want public addresses to hide devices behind: name them under n6.nat.addresses"},
		"nobody to hide":    {minimal + "n6: {mode: tun, nat: {addresses: [198.51.100.8/30]}}\n", "n6.nat: no network is hidden behind these addresses"},
		"a user-space N6":   {natText("{nat: {addresses: [198.51.100.8/30]}}"), "n6.nat: want n6.mode tun"},
		"IPv6 alone":        {strings.Replace(natText("{mode: tun, nat: {addresses: [198.51.100.8/30]}}"), "pool: 10.45.0.0/16", "pool6: fd00:45::/44", 1), "networks[0].nat: want a pool, an IPv4 range"},
		"an IPv6 address":   {natText("{mode: tun, nat: {addresses: [2001:db8::/120]}}"), path + "2001:db8::/120: want IPv4 addresses"},
		"loopback":          {natText("{mode: tun, nat: {addresses: [127.0.0.8/30]}}"), path + "127.0.0.8/30: want IPv4 addresses"},
		"of the pool":       {natText("{mode: tun, nat: {addresses: [10.45.7.0/30]}}"), path + "10.45.7.0/30 overlaps the devices' own addresses of internet, 10.45.0.0/16"},
		"the core's own":    {natText("{mode: tun, nat: {addresses: [192.0.2.0/30]}}"), path + "192.0.2.0/30 covers n2.address, 192.0.2.1/32"},
		"the same twice":    {natText("{mode: tun, nat: {addresses: [198.51.100.8/30, 198.51.100.9/32]}}"), "n6.nat.addresses[1]: 198.51.100.9/32 overlaps addresses[0], 198.51.100.8/30"},
		"too many":          {natText("{mode: tun, nat: {addresses: [198.51.100.0/23]}}"), "n6.nat.addresses: want at most 256 addresses, not 512"},
		"far too many":      {natText("{mode: tun, nat: {addresses: [128.0.0.0/1]}}"), "n6.nat.addresses: want at most 256 addresses, not 65536"},
		"ports of no power": {natText("{mode: tun, nat: {addresses: [198.51.100.8/30], ports: 100}}"), "n6.nat.ports: 100: want a power of two from 16 to 4096"},
		"few ports":         {natText("{mode: tun, nat: {addresses: [198.51.100.8/30], ports: 8}}"), "n6.nat.ports: "},
		"another site's": {natText("{mode: tun, nat: {addresses: [198.51.100.8/30]}}") + "n4: {address: \"192.0.2.9:8805\"}\nuser_planes: [{element: a, address: \"192.0.2.10:8805\", nat: [198.51.100.8/32]}]\n",
			path + "198.51.100.8/30 covers user_planes[0].nat, 198.51.100.8/32"},
		"two sites'": {minimal + "n4: {address: \"192.0.2.9:8805\"}\nuser_planes: [{element: a, address: \"192.0.2.10:8805\", nat: [198.51.100.8/32]}, {element: b, address: \"192.0.2.11:8805\", nat: [198.51.100.0/24]}]\n",
			"user_planes[1].nat[0]: 198.51.100.0/24 overlaps those of user_planes[0]"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ParseConfig("f", []byte(tt.text)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v: want %q", err, tt.want)
			}
		})
	}
}
