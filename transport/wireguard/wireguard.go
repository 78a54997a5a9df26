// Package wireguard joins the sites of one operator: a tunnel is this process's own end of WireGuard, and gives
// out UDP sockets whose datagrams only the other ends can have sent and only they can read. N4 and N9 between
// Cordon's own sites run in it, so that an edge needs nothing of its transport but that packets arrive.
//
// There is no device of the kernel and no privilege in it: the tunnel is one ordinary UDP socket, and what
// travels inside is IP and UDP that this package writes and reads itself. Each peer has one inner address. A
// packet from a peer that bears another inner source is dropped before anything looks at it, so an inner address
// is proof of the key, and what n4 and datapath say of a peer's address holds against an attacker.
//
// # Sizes
//
// [Tunnel.MaxPayload] is the largest inner datagram that fits one outer packet of the path's MTU: 1412 octets
// over IPv4 with inner IPv4 addresses and a path of 1500, 1372 where both are IPv6. The header of GTP-U with its PDU session
// container takes 16 of them, so a PDU session whose traffic travels N9 in the tunnel wants an MTU of at most 1396 or 1356. Larger datagrams, up to [MaxDatagram], go out
// in fragments of the outer packet, made by the kernel; nothing is fragmented inside.
//
// # Bounds
//
// What waits is bounded: 4 MiB to be sent, 4 MiB to be read from each socket, 1024 batches of [batchSize]
// packets that wait for a cipher. What comes too fast is dropped and counted. Where every peer has a fixed
// endpoint, datagrams from anywhere else are dropped unread; where one may roam, WireGuard's cookies bound what
// handshakes of strangers cost.
//
// # Time
//
// A peer accepts a handshake only if it was made later than the last one, by its maker's clock: an end whose clock has
// gone back behind its last handshake is not heard until its clock has caught up or the other end has been restarted.
package wireguard

import (
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"golang.zx2c4.com/wireguard/device"
)

// Limits.
const (
	// MaxPeers is how many peers one tunnel has at most.
	MaxPeers = 1024
	// MaxDatagram is the largest payload of an inner datagram, in octets.
	MaxDatagram = maxInner - headerIPv6 - headerUDP
	// DefaultPort is where WireGuard listens by custom.
	DefaultPort = 51820
)

// Config is what a tunnel is told once.
type Config struct {
	PrivateKey PrivateKey
	// Listen is the own outer address and port. The address may be unspecified; port 0 takes a free one.
	Listen netip.AddrPort
	// Inner is the own address inside the tunnel.
	Inner netip.Addr
	// PathMTU is the largest outer packet that paths to peers carry whole, in octets; 1500 if 0.
	PathMTU int
	Peers   []Peer
	// Log gets what goes wrong, at most once a second. No key is written to it.
	Log *slog.Logger
}

// Peer is another end.
type Peer struct {
	PublicKey PublicKey
	// Preshared is mixed into every handshake; zero for none.
	Preshared PresharedKey
	// Endpoint is the peer's outer address and port. Where it is not valid, the peer has to begin.
	Endpoint netip.AddrPort
	// Roams lets the peer move to whatever outer address its packets come from. A peer without Endpoint
	// always may.
	Roams bool
	// Inner is the peer's address inside the tunnel, and the only one that it may send from.
	Inner netip.Addr
	// KeepAlive is after how much silence a packet is sent to keep the path open through what tracks
	// connections, in whole seconds; 0 for never. A peer without Endpoint has to do that itself.
	KeepAlive time.Duration
}

// ErrClosed is what a closed tunnel or socket says; [net.ErrClosed] is too.
var ErrClosed = fmt.Errorf("tunnel closed: %w", net.ErrClosed)

// Tunnel is this process's end. Any number of goroutines may use it.
type Tunnel struct {
	cfg    Config // but for Peers
	bind   *bind
	inside *inside
	device *device.Device
	counts *counts
	close  sync.Once

	mu    sync.Mutex // guards peers, and is held while they change
	peers []Peer
}

// Open starts a tunnel. An error says what is in the way; nothing is left behind then.
func Open(cfg Config) (*Tunnel, error) {
	cfg.complete()
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	t := &Tunnel{cfg: cfg, counts: &counts{}}
	t.bind = newBind(&cfg, t.counts)
	t.inside = newInside(&cfg, t.counts)
	t.device = device.NewDevice(t.inside, t.bind, logger(cfg.Log, t.counts))
	err := t.start()
	if err == nil {
		return t, nil
	}
	t.Close()
	return nil, err
}

// start tells the library who the peers are and opens the socket.
func (t *Tunnel) start() error {
	// Peers whose endpoint comes with their key stay there from now on; the others get theirs afterwards.
	t.device.DisableSomeRoamingForBrokenMobileSemantics()
	if err := t.device.IpcSet("private_key=" + hex.EncodeToString(t.cfg.PrivateKey.b[:]) + "\n"); err != nil {
		return errSettings
	}
	if err := t.device.Up(); err != nil {
		return err
	}
	return t.SetPeers(t.cfg.Peers)
}

// errSettings stands for the library's words, which may hold keys.
var errSettings = errors.New("WireGuard does not take the keys and addresses")

// SetPeers replaces the list of peers, whole or not at all. What is the same in both goes on undisturbed; a peer
// that is gone is not heard from now on.
func (t *Tunnel) SetPeers(list []Peer) error {
	if i, err := t.cfg.peers(list); err != nil {
		return &ConfigError{i, err}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	gone := slices.DeleteFunc(slices.Clone(t.peers), func(p Peer) bool { return slices.Contains(list, p) })
	fresh := slices.DeleteFunc(slices.Clone(list), func(p Peer) bool { return slices.Contains(t.peers, p) })
	t.bind.hearOnly(list)
	t.peers = slices.Clone(list)
	if t.device.IpcSet(settings(gone, fresh)) != nil || t.device.IpcSet(roamers(fresh)) != nil {
		return errSettings
	}
	return nil
}

// Listen opens a socket at a port of the own inner address; 0 takes a free one.
func (t *Tunnel) Listen(port uint16) (*Socket, error) { return t.inside.listen(port) }

// Local is the own outer address and port.
func (t *Tunnel) Local() netip.AddrPort { return t.bind.local() }

// PublicKey is what others know this end by.
func (t *Tunnel) PublicKey() PublicKey { return t.cfg.PrivateKey.Public() }

// Inner is the own address inside.
func (t *Tunnel) Inner() netip.Addr { return t.cfg.Inner }

// MaxPayload is the largest inner datagram that fits one outer packet of the path's MTU.
func (t *Tunnel) MaxPayload() int { return t.cfg.innerMTU() - headerIP(t.cfg.Inner) - headerUDP }

// Close ends the tunnel and its sockets. Peers are not told: they hear silence.
func (t *Tunnel) Close() error {
	t.close.Do(t.device.Close)
	return nil
}
