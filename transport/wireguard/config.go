package wireguard

import (
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
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

// ConfigError is what is wrong with a configuration: with the peer of that index, or -1 for the rest.
type ConfigError struct {
	Peer int
	Err  error
}

func (e *ConfigError) Error() string {
	if e.Peer < 0 {
		return e.Err.Error()
	}
	return fmt.Sprintf("peer %d: %v", e.Peer, e.Err)
}

func (e *ConfigError) Unwrap() error { return e.Err }

// Check says what is wrong with the configuration: the error is a [*ConfigError].
func (c Config) Check() error {
	c.complete()
	if err := c.own(); err != nil {
		return &ConfigError{-1, err}
	}
	if i, err := c.peers(c.Peers); err != nil {
		return &ConfigError{i, err}
	}
	return nil
}

func (c *Config) complete() {
	if c.PathMTU == 0 {
		c.PathMTU = 1500
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
}

// own says what is wrong with the own end.
func (c *Config) own() error {
	switch {
	case c.PrivateKey.IsZero():
		return errors.New("no private key")
	case !c.Listen.Addr().IsValid():
		return errors.New("no address to listen at")
	case !innerAddress(c.Inner):
		return fmt.Errorf("own inner address %s: want one address of a host", c.Inner)
	case c.PathMTU < minPathMTU || c.PathMTU > maxPathMTU:
		return fmt.Errorf("path MTU %d: want %d to %d", c.PathMTU, minPathMTU, maxPathMTU)
	}
	return nil
}

// peers says what is wrong with a list of peers, and with which of them; -1 with all.
func (c *Config) peers(list []Peer) (int, error) {
	if len(list) > MaxPeers {
		return -1, fmt.Errorf("%d peers: want at most %d", len(list), MaxPeers)
	}
	keys, inner := map[PublicKey]bool{c.PrivateKey.Public(): true}, map[netip.Addr]bool{c.Inner: true}
	for i := range list {
		p := &list[i]
		if err := p.check(c); err != nil {
			return i, err
		}
		if keys[p.PublicKey] {
			return i, errors.New("the key is another peer's or our own")
		}
		if inner[p.Inner] {
			return i, fmt.Errorf("inner address %s is another peer's or our own", p.Inner)
		}
		keys[p.PublicKey], inner[p.Inner] = true, true
	}
	return 0, nil
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

// settings is peers in WireGuard's words: which are gone, and which are new, with the endpoints that stay.
func settings(gone, fresh []Peer) string {
	var b strings.Builder
	for i := range gone {
		fmt.Fprintf(&b, "public_key=%s\nremove=true\n", hex.EncodeToString(gone[i].PublicKey[:]))
	}
	for i := range fresh {
		p := &fresh[i]
		fmt.Fprintf(&b, "public_key=%s\n", hex.EncodeToString(p.PublicKey[:]))
		if !p.Preshared.IsZero() {
			fmt.Fprintf(&b, "preshared_key=%s\n", hex.EncodeToString(p.Preshared.b[:]))
		}
		if !p.roams() {
			fmt.Fprintf(&b, "endpoint=%s\n", p.Endpoint)
		}
		if p.KeepAlive > 0 && p.Endpoint.IsValid() {
			fmt.Fprintf(&b, "persistent_keepalive_interval=%d\n", p.KeepAlive/time.Second)
		}
		fmt.Fprintf(&b, "allowed_ip=%s\n", netip.PrefixFrom(p.Inner, p.Inner.BitLen()))
	}
	return b.String()
}

// roamers is where peers that may roam are at first.
func roamers(fresh []Peer) string {
	var b strings.Builder
	for i := range fresh {
		if p := &fresh[i]; p.roams() && p.Endpoint.IsValid() {
			fmt.Fprintf(&b, "public_key=%s\nendpoint=%s\n", hex.EncodeToString(p.PublicKey[:]), p.Endpoint)
		}
	}
	return b.String()
}
