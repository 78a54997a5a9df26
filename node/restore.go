package node

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"time"

	"cordon/amf"
	"cordon/ident"
	"cordon/smf"
	"cordon/subscriber"
)

// A stored context is what amf wrote, after its length, and then what smf wrote.

// context is the device's, to be written; ok is false where it is no longer registered.
func (s *shard) context(b []byte, supi ident.SUPI) (_ []byte, ok bool) {
	b = append(b, 0, 0, 0, 0)
	at := len(b)
	if b = s.amf.AppendContext(b, supi); len(b) == at {
		return b, false
	}
	binary.BigEndian.PutUint32(b[at-4:], uint32(len(b)-at))
	return s.smf.Append(b, supi), true
}

var errContext = errors.New("stored context is cut short")

// split takes a stored context apart.
func split(b []byte) (ofAMF, ofSMF []byte, err error) {
	if len(b) < 4 {
		return nil, nil, errContext
	}
	n := binary.BigEndian.Uint32(b)
	if uint64(n) > uint64(len(b)-4) {
		return nil, nil, errContext
	}
	return b[4 : 4+n], b[4+n:], nil
}

// restore brings back the devices that were registered before a restart, idle and with
// their sessions' addresses. One whose context cannot be read, or whose subscriber is gone,
// registers again. It runs before any goroutine of the node.
func (n *Node) restore() error {
	began, restored, lost := time.Now(), 0, 0
	n.endpoints = make(map[netip.Addr]string)
	defer func() { n.endpoints = nil }()
	unreadable, err := n.d.Store.LoadContexts(func(supi ident.SUPI, blob []byte) error {
		if n.restoreOne(supi, blob) {
			restored++
		} else {
			lost++
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading the registered devices: %w", err)
	}
	if restored+lost+unreadable > 0 {
		n.d.Log.Info("registered devices are back", "devices", restored, "lost", lost+unreadable, "took", time.Since(began).Round(time.Millisecond))
	}
	n.settle()
	return nil
}

func (n *Node) restoreOne(supi ident.SUPI, blob []byte) bool {
	ofAMF, ofSMF, err := split(blob)
	if err != nil {
		n.d.Store.DeleteContext(supi)
		return false
	}
	p, err := n.d.Store.Get(supi)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		n.d.Store.DeleteContext(supi)
		return false
	case err != nil: // a subscriber that cannot be read now may be at the next start
		return false
	}
	plan := n.plan(&p)
	if plan == nil {
		return false
	}
	s := n.shards[n.shardOfSUPI(supi)]
	s.take(input{amf: amf.Restored{Plan: plan, Protected: p.Protected, Blob: ofAMF}})
	if _, ok := s.amf.Device(supi); !ok {
		n.d.Store.DeleteContext(supi)
		return false
	}
	n.stray(s, supi)
	s.take(input{smf: smf.Restored{SUPI: supi, Blob: ofSMF, Settings: func(slice ident.SNSSAI, dnn ident.DNN) *subscriber.Network {
		return settings(plan, slice, dnn)
	}, Keep: n.mayKeep(&p)}})
	return true
}

// stray notes where a restored device is whose temporary identity was drawn when the node had
// another number of shards, as on a machine that has got more processors.
func (n *Node) stray(s *shard, supi ident.SUPI) {
	v, ok := s.amf.Device(supi)
	if !ok || amf.HomeOfTMSI(v.GUTI.TMSI, len(n.shards)) == s.index {
		return
	}
	if n.strays == nil {
		n.strays = make(map[ident.TMSI]uint8)
	}
	n.strays[v.GUTI.TMSI] = uint8(s.index)
}
