package node

import (
	"context"
	"net/netip"

	"cordon/amf"
	"cordon/rules"
	"cordon/smf"
	"cordon/subscriber"
)

// survivor is a user plane whose sessions outlive the control plane. RemoveUnclaimed ends those that it had before and that
// nobody has taken over, and counts both.
type survivor interface {
	RemoveUnclaimed() (taken, removed int)
}

// settle has the user plane forget what nobody owns any more, now that all devices are back.
func (n *Node) settle() {
	s, ok := n.d.UserPlane.(survivor)
	if !ok {
		return
	}
	if taken, removed := s.RemoveUnclaimed(); taken+removed > 0 {
		n.d.Log.Info("the user plane went on without this program; its sessions are taken over", "sessions", taken, "removed", removed)
	}
}

// mayKeep answers whether a session that has outlived a restart may go on by the radio's endpoint where it was: if rules would
// have it just so today. It looks for records once for each endpoint.
func (n *Node) mayKeep(p *subscriber.Profile) func(smf.Kept, netip.Addr) bool {
	return func(k smf.Kept, addr netip.Addr) bool {
		snapshot := n.law.now.Load()
		name, known := n.endpoints[addr]
		if !known {
			for e := range snapshot.Elements() {
				if e.HasNode && e.OwnsN3(addr) {
					name = e.Name
				}
			}
			n.endpoints[addr] = name
		}
		q := rules.Question{Gate: rules.GateDevice, Element: name, Protected: p.Protected}
		if name == "" || rules.Decide(snapshot, q).Act == rules.Refuse {
			return false
		}
		q.Gate, q.DNN, q.Slice = rules.GateSession, k.DNN, k.SNSSAI
		v := rules.Decide(snapshot, q)
		return v.Act != rules.Refuse && k.Sealed == (v.Owes&rules.SealedOnly != 0)
	}
}

// unkeep has the sessions wait for their devices that a restart has left at a radio which now begins anew.
func (a *association) unkeep(ctx context.Context) {
	record := a.n.law.now.Load().Radio(a.radio.Info().Node)
	if record == nil {
		return
	}
	a.n.unkeep(ctx, record.OwnsN3)
}

func (n *Node) unkeep(ctx context.Context, at func(netip.Addr) bool) {
	for _, s := range n.shards {
		s.post(ctx, input{smf: smf.Unkeep{At: at}})
	}
}

func joins(e amf.Effect) bool { _, ok := e.(amf.Joined); return ok }
