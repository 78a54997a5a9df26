package node

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"strings"
	"time"

	"cordon/document"
	"cordon/transport/wireguard"
)

// WireGuardConfig is this host's end of the tunnels between the operator's own sites.
type WireGuardConfig struct {
	KeyFile string         // private key; empty: there is no tunnel
	Listen  netip.AddrPort // outer address and port
	Inner   netip.Addr     // own address inside
	PathMTU int            // the largest packet that paths between sites carry
	Peers   []WireGuardPeer
}

// WireGuardPeer is another site's end.
type WireGuardPeer struct {
	PublicKey     wireguard.PublicKey
	PresharedFile string         // a secret that both ends share besides; empty: none
	Endpoint      netip.AddrPort // where it is; not valid: it begins
	Roams         bool           // it may come from elsewhere
	Inner         netip.Addr     // its address inside
	// KeepAlive is after how much silence a packet is sent; 0 for never.
	KeepAlive time.Duration
}

// usualKeepAlive keeps a path open through most of what tracks connections, and has an end that knows where the
// other is begin by itself.
const usualKeepAlive = 25 * time.Second

// on reports whether there is a tunnel.
func (c *WireGuardConfig) on() bool { return c.KeyFile != "" }

func (c *WireGuardConfig) read() document.Reading {
	c.Listen = netip.AddrPortFrom(netip.IPv4Unspecified(), wireguard.DefaultPort)
	c.PathMTU = 1500
	return document.Section(
		document.Need("key_file", document.Text(&c.KeyFile)),
		document.Field("listen", document.Endpoint(&c.Listen)),
		document.Need("inner", document.Address(&c.Inner)),
		document.Field("path_mtu", document.Int(&c.PathMTU, 1280, 9000)),
		document.Field("peers", document.List(&c.Peers, (*WireGuardPeer).read)),
	)
}

func (c *WireGuardPeer) read() document.Reading {
	c.KeepAlive = usualKeepAlive
	return document.Section(
		document.Need("public_key", document.Parsed(&c.PublicKey, "a public key", wireguard.ParsePublicKey)),
		document.Field("preshared_key_file", document.Text(&c.PresharedFile)),
		document.Field("endpoint", document.Endpoint(&c.Endpoint)),
		document.Field("roams", document.Bool(&c.Roams)),
		document.Need("inner", document.Address(&c.Inner)),
		document.Field("keep_alive", document.Duration(&c.KeepAlive)),
	)
}

// wireGuard sees that the tunnel could be opened with any key.
func (k *configChecker) wireGuard(path string, c *WireGuardConfig) {
	if !c.on() {
		return
	}
	cfg := c.tunnel()
	cfg.PrivateKey = wireguard.NewPrivateKey()
	var bad *wireguard.ConfigError
	switch err := cfg.Check(); {
	case err == nil:
	case errors.As(err, &bad) && bad.Peer >= 0:
		k.bad(itemPath(path+".peers", bad.Peer), "%v", bad.Err)
	default:
		k.bad(path, "%v", err)
	}
}

// tunnel is the configuration without the keys that are in files.
func (c *WireGuardConfig) tunnel() wireguard.Config {
	cfg := wireguard.Config{Listen: c.Listen, Inner: c.Inner, PathMTU: c.PathMTU}
	for _, p := range c.Peers {
		cfg.Peers = append(cfg.Peers, wireguard.Peer{PublicKey: p.PublicKey, Endpoint: p.Endpoint, Roams: p.Roams, Inner: p.Inner, KeepAlive: p.KeepAlive})
	}
	return cfg
}

// open opens the tunnel.
func (c *WireGuardConfig) open(log *slog.Logger) (*wireguard.Tunnel, error) {
	cfg := c.tunnel()
	cfg.Log = log
	var err error
	if cfg.PrivateKey, err = readSecret(c.KeyFile, wireguard.ParsePrivateKey); err != nil {
		return nil, fmt.Errorf("WireGuard's private key: %w: \"cordon upf key FILE\" makes one", err)
	}
	for i, p := range c.Peers {
		if p.PresharedFile == "" {
			continue
		}
		if cfg.Peers[i].Preshared, err = readSecret(p.PresharedFile, wireguard.ParsePresharedKey); err != nil {
			return nil, fmt.Errorf("WireGuard's preshared key of %s: %w", p.PublicKey, err)
		}
	}
	t, err := wireguard.Open(cfg)
	if err != nil {
		return nil, fmt.Errorf("opening the tunnel: %w", err)
	}
	return t, nil
}

// readSecret reads a key from a file that nobody but its owner may read.
func readSecret[K any](path string, parse func(string) (K, error)) (K, error) {
	var none K
	f, err := os.Open(path)
	if err != nil {
		return none, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return none, err
	}
	if p := st.Mode().Perm(); p&0o077 != 0 {
		return none, fmt.Errorf("%s may be read by others (mode %04o): run chmod 600 on it, and think about who has seen it", path, p)
	}
	text, err := io.ReadAll(io.LimitReader(f, 4096))
	if err != nil {
		return none, err
	}
	key, err := parse(strings.TrimSpace(string(text)))
	if err != nil {
		return none, fmt.Errorf("%s: %w", path, err)
	}
	return key, nil
}

// MakeWireGuardKey writes a new private key to a file that must not be there yet, for its owner's eyes alone, and
// gives its public key.
func MakeWireGuardKey(path string) (wireguard.PublicKey, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return wireguard.PublicKey{}, fmt.Errorf("making WireGuard's private key: %w", err)
	}
	k := wireguard.NewPrivateKey()
	_, err = io.WriteString(f, k.Text()+"\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		os.Remove(path) // half a key is none
		return wireguard.PublicKey{}, fmt.Errorf("making WireGuard's private key: %w", err)
	}
	return k.Public(), nil
}

// WireGuardPublicKey is the public key of a private key's file.
func WireGuardPublicKey(path string) (wireguard.PublicKey, error) {
	k, err := readSecret(path, wireguard.ParsePrivateKey)
	if err != nil {
		return wireguard.PublicKey{}, fmt.Errorf("WireGuard's private key: %w", err)
	}
	return k.Public(), nil
}
