package wireguard

import (
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Status is how a peer is reached.
type Status struct {
	PublicKey PublicKey
	Inner     netip.Addr
	// Endpoint is where the peer is now; not valid before a peer without one has come.
	Endpoint netip.AddrPort
	// Handshake is when the last one was completed; zero before the first. A peer that hears and is heard makes
	// one every two minutes while anything is sent.
	Handshake time.Time
	// Received and Sent are outer octets.
	Received, Sent uint64
}

// Peers is how every peer is reached, in the order of their list.
func (t *Tunnel) Peers() []Status {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]Status, len(t.peers))
	at := map[PublicKey]*Status{}
	for i := range out {
		p := &t.peers[i]
		out[i] = Status{PublicKey: p.PublicKey, Inner: p.Inner}
		at[p.PublicKey] = &out[i]
	}
	text, err := t.device.IpcGet()
	if err != nil {
		return out
	}
	var peer *Status
	var seconds int64
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if name == "public_key" {
			b, _ := hex.DecodeString(value)
			peer = at[PublicKey(b)]
		}
		if peer == nil {
			continue
		}
		switch name {
		case "endpoint":
			peer.Endpoint, _ = netip.ParseAddrPort(value)
		case "last_handshake_time_sec":
			seconds, _ = strconv.ParseInt(value, 10, 64)
		case "last_handshake_time_nsec":
			if n, _ := strconv.ParseInt(value, 10, 64); seconds != 0 || n != 0 {
				peer.Handshake = time.Unix(seconds, n)
			}
		case "tx_bytes":
			peer.Sent, _ = strconv.ParseUint(value, 10, 64)
		case "rx_bytes":
			peer.Received, _ = strconv.ParseUint(value, 10, 64)
		}
	}
	return out
}
