package wireguard

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

const (
	// cipherOverhead is WireGuard's header and tag on an inner packet.
	cipherOverhead = 32
	// minPathMTU is the least that a path carries: IPv6's.
	minPathMTU = 1280
	maxPathMTU = 9000
)

// check says what is wrong with the configuration.
func (c *Config) check() error {
	switch {
	case c.PrivateKey.IsZero():
		return errors.New("no private key")
	case !c.Listen.Addr().IsValid():
		return errors.New("no address to listen at")
	case !innerAddress(c.Inner):
		return fmt.Errorf("own inner address %s: want one address of a host", c.Inner)
	case c.PathMTU < minPathMTU || c.PathMTU > maxPathMTU:
		return fmt.Errorf("path MTU %d: want %d to %d", c.PathMTU, minPathMTU, maxPathMTU)
	case len(c.Peers) > MaxPeers:
		return fmt.Errorf("%d peers: want at most %d", len(c.Peers), MaxPeers)
	}
	keys, inner := map[PublicKey]bool{c.PrivateKey.Public(): true}, map[netip.Addr]bool{c.Inner: true}
	for i := range c.Peers {
		p := &c.Peers[i]
		if err := p.check(c); err != nil {
			return fmt.Errorf("peer %s: %w", p.PublicKey, err)
		}
		if keys[p.PublicKey] {
			return fmt.Errorf("peer %s: the key is another peer's or our own", p.PublicKey)
		}
		if inner[p.Inner] {
			return fmt.Errorf("peer %s: inner address %s is another peer's or our own", p.PublicKey, p.Inner)
		}
		keys[p.PublicKey], inner[p.Inner] = true, true
	}
	return nil
}

func (p *Peer) check(c *Config) error {
	switch {
	case p.PublicKey == PublicKey{}:
		return errors.New("no public key")
	case !innerAddress(p.Inner) || p.Inner.Is4() != c.Inner.Is4():
		return fmt.Errorf("inner address %s: want one address of a host, of the family of ours", p.Inner)
	case p.Endpoint.IsValid() && (p.Endpoint.Port() == 0 || p.Endpoint.Addr().IsUnspecified() || p.Endpoint.Addr().Is4In6()):
		return fmt.Errorf("endpoint %s: want an address and a port", p.Endpoint)
	case p.Endpoint.IsValid() && p.Endpoint.Addr().Is4() != c.Listen.Addr().Is4() && c.Listen.Addr() != netip.IPv6Unspecified():
		return fmt.Errorf("endpoint %s is of another family than %s, where we listen", p.Endpoint, c.Listen)
	case p.KeepAlive < 0 || p.KeepAlive > time.Hour || p.KeepAlive%time.Second != 0:
		return fmt.Errorf("keep-alive %s: want whole seconds, at most an hour", p.KeepAlive)
	}
	return nil
}

func innerAddress(a netip.Addr) bool {
	return a.IsValid() && a.Zone() == "" && !a.Is4In6() && !a.IsUnspecified() && !a.IsMulticast() && !a.IsLoopback()
}

// roams reports whether the peer may come from anywhere.
func (p *Peer) roams() bool { return p.Roams || !p.Endpoint.IsValid() }

// innerMTU is the largest inner packet that fits one outer packet of the path's MTU. WireGuard fills packets up
// to a multiple of 16 octets, but not beyond this.
func (c *Config) innerMTU() int {
	outer := headerIPv4
	if c.Listen.Addr().Is6() {
		outer = headerIPv6
	}
	return c.PathMTU - outer - headerUDP - cipherOverhead
}

// settings is the own key and the peers in WireGuard's words, with the endpoints that stay.
func settings(c *Config) string {
	var b strings.Builder
	fmt.Fprintf(&b, "private_key=%s\n", hex.EncodeToString(c.PrivateKey.b[:]))
	for i := range c.Peers {
		p := &c.Peers[i]
		fmt.Fprintf(&b, "public_key=%s\n", hex.EncodeToString(p.PublicKey[:]))
		if !p.Preshared.IsZero() {
			fmt.Fprintf(&b, "preshared_key=%s\n", hex.EncodeToString(p.Preshared.b[:]))
		}
		if !p.roams() {
			fmt.Fprintf(&b, "endpoint=%s\n", p.Endpoint)
		}
		if p.KeepAlive > 0 {
			fmt.Fprintf(&b, "persistent_keepalive_interval=%d\n", p.KeepAlive/time.Second)
		}
		fmt.Fprintf(&b, "allowed_ip=%s\n", netip.PrefixFrom(p.Inner, p.Inner.BitLen()))
	}
	return b.String()
}

// roamers is where peers that may roam are at first.
func roamers(c *Config) string {
	var b strings.Builder
	for i := range c.Peers {
		if p := &c.Peers[i]; p.roams() && p.Endpoint.IsValid() {
			fmt.Fprintf(&b, "public_key=%s\nendpoint=%s\n", hex.EncodeToString(p.PublicKey[:]), p.Endpoint)
		}
	}
	return b.String()
}
