package n4

import (
	"bytes"
	"fmt"
	"net/netip"
	"time"
)

// finding limits findings of one kind about one peer.
type finding struct {
	last  time.Time
	count int
}

const (
	findingInterval = 10 * time.Second
	findingBytes    = 256
)

// observe finds something about a peer.
func (e *endpoint) observe(p *peer, from netip.AddrPort, k Kind, data []byte, format string, args ...any) {
	e.found(p, &p.findings[k], Finding{Peer: p.Node, From: from, Kind: k, Why: fmt.Sprintf(format, args...), Bytes: data})
}

func (e *endpoint) found(p *peer, f *finding, out Finding) {
	f.count++
	if !f.last.IsZero() && e.now.Sub(f.last) < findingInterval {
		return
	}
	out.Count = f.count
	out.Bytes = bytes.Clone(out.Bytes[:min(len(out.Bytes), findingBytes)])
	f.last, f.count = e.now, 0
	e.emit(out)
}
