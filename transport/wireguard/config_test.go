package wireguard_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"cordon/transport/wireguard"
)

func TestKeys(t *testing.T) {
	// RFC 7748 §6.1: Alice's keys.
	k, err := wireguard.ParsePrivateKey("dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=")
	if err != nil {
		t.Fatal(err)
	}
	if got := k.Public().String(); got != "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=" {
		t.Errorf("public key %s", got)
	}
	if p, err := wireguard.ParsePublicKey(k.Public().String()); err != nil || p != k.Public() {
		t.Errorf("read back as %s: %v", p, err)
	}
	for _, s := range []string{"", "dwdt", "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCp=", "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo", " dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=",
		"dwdtCnMYpX08FsFyUbJmRd9ML4fr\nwJkqsXf7pR25LCo=", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="} {
		if k, err := wireguard.ParsePrivateKey(s); err == nil || !k.IsZero() {
			t.Errorf("%q passes for a key", s)
		} else if len(s) > 8 && strings.Contains(err.Error(), s[1:8]) {
			t.Errorf("the error shows the key: %v", err)
		}
	}
	if a, b := wireguard.NewPrivateKey(), wireguard.NewPrivateKey(); a == b || a.IsZero() {
		t.Error("two keys drawn are the same")
	}
}

// However a secret is printed, nothing of it is seen.
func TestKeysStayUnseen(t *testing.T) {
	k, shared := wireguard.NewPrivateKey(), wireguard.NewPresharedKey()
	c := wireguard.Config{PrivateKey: k, Peers: []wireguard.Peer{{Preshared: shared}}}
	var b bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&b, verb+verb+verb, k, shared, c)
	}
	log := slog.New(slog.NewJSONHandler(&b, nil))
	log.Info("x", "key", k, "config", c)
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "key", k, "config", c)
	json.NewEncoder(&b).Encode(c)
	public := k.Public()
	text := strings.ReplaceAll(b.String(), public.String(), "")
	for _, s := range []string{k.Text(), shared.Text()} {
		raw, _ := wireguard.ParsePublicKey(s)
		for _, seen := range []string{s, fmt.Sprintf("%x", raw[:]), fmt.Sprintf("%d", raw[:])[1:20], string(raw[:])} {
			if strings.Contains(text, seen) {
				t.Errorf("%q is seen", seen)
			}
		}
	}
}

func TestConfig(t *testing.T) {
	own, other := wireguard.NewPrivateKey(), wireguard.NewPrivateKey().Public()
	at := netip.MustParseAddrPort
	in := netip.MustParseAddr
	for _, c := range []struct {
		name, err string
		change    func(*wireguard.Config)
	}{
		{"as it should be", "", func(*wireguard.Config) {}},
		{"without key", "no private key", func(c *wireguard.Config) { c.PrivateKey = wireguard.PrivateKey{} }},
		{"nowhere", "no address to listen at", func(c *wireguard.Config) { c.Listen = netip.AddrPort{} }},
		{"without inner address", "own inner address", func(c *wireguard.Config) { c.Inner = netip.Addr{} }},
		{"a small path", "path MTU 576", func(c *wireguard.Config) { c.PathMTU = 576 }},
		{"a peer without key", "no public key", func(c *wireguard.Config) { c.Peers[0].PublicKey = wireguard.PublicKey{} }},
		{"itself as peer", "our own", func(c *wireguard.Config) { c.Peers[0].PublicKey = own.Public() }},
		{"our inner address", "another peer's or our own", func(c *wireguard.Config) { c.Peers[0].Inner = c.Inner }},
		{"another family inside", "of the family of ours", func(c *wireguard.Config) { c.Peers[0].Inner = in("fd00::2") }},
		{"another family outside", "another family", func(c *wireguard.Config) { c.Peers[0].Endpoint = at("[::1]:5") }},
		{"no port", "want an address and a port", func(c *wireguard.Config) { c.Peers[0].Endpoint = at("127.0.0.1:0") }},
		{"half a second", "whole seconds", func(c *wireguard.Config) { c.Peers[0].KeepAlive = time.Second / 2 }},
		{"one key twice", "the key is another peer's", func(c *wireguard.Config) {
			c.Peers = append(c.Peers, c.Peers[0])
			c.Peers[1].Inner = in("10.9.0.3")
		}},
		{"one inner address twice", "inner address 10.9.0.2", func(c *wireguard.Config) {
			c.Peers = append(c.Peers, c.Peers[0])
			c.Peers[1].PublicKey = wireguard.NewPrivateKey().Public()
		}},
		{"too many", "1025 peers", func(c *wireguard.Config) { c.Peers = make([]wireguard.Peer, 1025) }},
		{"not our address", "not one of this host's", func(c *wireguard.Config) { c.Listen = at("192.0.2.1:5") }},
	} {
		cfg := wireguard.Config{PrivateKey: own, Listen: at("127.0.0.1:0"), Inner: in("10.9.0.1"),
			Peers: []wireguard.Peer{{PublicKey: other, Inner: in("10.9.0.2"), Endpoint: at("127.0.0.1:9")}}}
		c.change(&cfg)
		tunnel, err := wireguard.Open(cfg)
		switch {
		case err == nil:
			tunnel.Close()
			if c.err != "" {
				t.Errorf("%s: opened", c.name)
			}
		case c.err == "" || !strings.Contains(err.Error(), c.err):
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
