package node

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"

	"cordon/amf"
	"cordon/console"
	"cordon/ident"
	"cordon/smf"
	"cordon/wire/pfcp"
)

// What the console asks is asked of the shards by posting to them, like everything else.

// askShard runs f on a shard's goroutine and gives its answer.
func askShard[T any](ctx context.Context, s *shard, f func(*shard) T) (T, error) {
	answer := make(chan T, 1)
	s.post(ctx, input{ask: func(s *shard) { answer <- f(s) }})
	select {
	case v := <-answer:
		return v, nil
	case <-ctx.Done():
		var none T
		return none, fmt.Errorf("the core did not answer: %w", ctx.Err())
	}
}

// askAll is askShard of every shard, one after the other.
func askAll[T any](ctx context.Context, n *Node, f func(*shard) T) ([]T, error) {
	var all []T
	for _, s := range n.shards {
		v, err := askShard(ctx, s, f)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

// Load is how much the core holds.
type Load struct{ Radios, Devices, Connected, Sessions, HalfOpen int }

// Load counts what the core holds.
func (n *Node) Load(ctx context.Context) (Load, error) {
	parts, err := askAll(ctx, n, func(s *shard) Load {
		return Load{Devices: s.amf.Len(), Connected: s.amf.Connections() - s.amf.HalfOpen(), Sessions: s.smf.Len(), HalfOpen: s.amf.HalfOpen()}
	})
	sum := Load{Radios: len(n.radiosUp())}
	for _, l := range parts {
		sum.Devices += l.Devices
		sum.Connected += l.Connected
		sum.Sessions += l.Sessions
		sum.HalfOpen += l.HalfOpen
	}
	return sum, err
}

// radiosUp are the associations that are set up.
func (n *Node) radiosUp() []*association {
	return slices.DeleteFunc(n.associations(), func(a *association) bool { return a.info.Load() == nil })
}

// Radios lists the radios that are set up, by identity.
func (n *Node) Radios(context.Context) ([]console.Radio, error) {
	list := []console.Radio{}
	for _, a := range n.radiosUp() {
		info := a.info.Load()
		r := console.Radio{ID: info.Node.String(), Name: info.Name, Address: a.peer, Profile: info.Profile.Name, Since: a.since,
			Devices: a.connections(), Findings: a.faults.Load()}
		for _, area := range info.Areas {
			r.TAIs = append(r.TAIs, area.TAI.String())
			for _, s := range area.Offered {
				if name := s.String(); !slices.Contains(r.Slices, name) {
					r.Slices = append(r.Slices, name)
				}
			}
		}
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b console.Radio) int { return cmp.Compare(a.ID, b.ID) })
	return list, nil
}

// Devices lists devices in the order of their SUPI, from the first one after.
func (n *Node) Devices(ctx context.Context, after ident.SUPI, limit int) ([]console.Device, error) {
	parts, err := askAll(ctx, n, func(s *shard) []console.Device {
		var supis []ident.SUPI
		for d := range s.amf.Devices {
			if d.SUPI > after {
				supis = append(supis, d.SUPI)
			}
		}
		slices.Sort(supis)
		var list []console.Device
		for _, supi := range supis[:min(limit, len(supis))] {
			if d, ok := s.device(supi); ok {
				list = append(list, d)
			}
		}
		return list
	})
	if err != nil {
		return nil, err
	}
	list := slices.Concat(parts...)
	slices.SortFunc(list, func(a, b console.Device) int { return cmp.Compare(a.SUPI, b.SUPI) })
	list = list[:min(limit, len(list))]
	for i := range list {
		n.addUsage(list[i].Sessions)
	}
	return list, nil
}

// Device is one device; one that is not there is an fs.ErrNotExist.
func (n *Node) Device(ctx context.Context, supi ident.SUPI) (console.Device, error) {
	d, err := askShard(ctx, n.shards[n.shardOfSUPI(supi)], func(s *shard) *console.Device {
		if d, ok := s.device(supi); ok {
			return &d
		}
		return nil
	})
	switch {
	case err != nil:
		return console.Device{}, err
	case d == nil:
		return console.Device{}, fmt.Errorf("device: %w", fs.ErrNotExist)
	}
	n.addUsage(d.Sessions)
	return *d, nil
}

// device is what the operator sees of a device of this shard.
func (s *shard) device(supi ident.SUPI) (console.Device, bool) {
	v, ok := s.amf.Device(supi)
	if !ok {
		return console.Device{}, false
	}
	d := console.Device{
		SUPI: console.SUPI(supi), State: "registered", Connected: v.Connected, Plan: v.Plan, GUTI: v.GUTI.String(), TAI: v.TAI.String(),
		Registered: v.Since, LastSeen: v.Seen,
		Algorithms: fmt.Sprintf("nia%d nea%d", v.Integrity, v.Ciphering), Slices: []string{}, Sessions: []console.Session{},
	}
	for _, slice := range v.Allowed {
		d.Slices = append(d.Slices, slice.String())
	}
	if v.Connected {
		d.Cell = v.Cell.String()
		if a := s.n.association(v.Radio); a != nil {
			d.Radio = a.name()
		}
	}
	for psi := ident.PDUSessionID(1); psi <= 15; psi++ {
		if view, ok := s.smf.Session(smf.Key{SUPI: supi, PSI: psi}); ok {
			d.Sessions = append(d.Sessions, session(view))
		}
	}
	return d, true
}

func session(v smf.View) console.Session {
	return console.Session{
		SUPI: console.SUPI(v.Key.SUPI), ID: v.Key.PSI, State: v.State, Since: v.Since, DNN: v.DNN, Slice: v.SNSSAI.String(), Address: v.Addr.IPv4, Prefix: v.Addr.IPv6, Sealed: v.Sealed,
		Uplink: console.Traffic{AMBR: v.Settings.AMBR.UL}, Downlink: console.Traffic{AMBR: v.Settings.AMBR.DL}, UserPlane: v.UserPlane,
	}
}

// Sessions lists sessions in the order of SUPI and identity, from the first one after.
func (n *Node) Sessions(ctx context.Context, after ident.SUPI, afterID ident.PDUSessionID, limit int) ([]console.Session, error) {
	order := func(a, b smf.Key) int { return cmp.Or(cmp.Compare(a.SUPI, b.SUPI), cmp.Compare(a.PSI, b.PSI)) }
	from := smf.Key{SUPI: after, PSI: afterID}
	parts, err := askAll(ctx, n, func(s *shard) []console.Session {
		var keys []smf.Key
		for k := range s.smf.Keys {
			if order(k, from) > 0 {
				keys = append(keys, k)
			}
		}
		slices.SortFunc(keys, order)
		var list []console.Session
		for _, k := range keys[:min(limit, len(keys))] {
			if v, ok := s.smf.Session(k); ok {
				list = append(list, session(v))
			}
		}
		return list
	})
	if err != nil {
		return nil, err
	}
	list := slices.Concat(parts...)
	slices.SortFunc(list, func(a, b console.Session) int {
		return cmp.Or(cmp.Compare(a.SUPI, b.SUPI), cmp.Compare(a.ID, b.ID))
	})
	list = list[:min(limit, len(list))]
	n.addUsage(list)
	return list, nil
}

// addUsage asks the user plane what the sessions have carried.
func (n *Node) addUsage(list []console.Session) {
	type measuring interface {
		Usage(ident.SEID) (pfcp.Usage, bool)
	}
	meter, ok := n.d.UserPlane.(measuring)
	if n.planes != nil {
		meter, ok = n.planes, true
	}
	if !ok {
		return
	}
	for i := range list {
		if u, ok := meter.Usage(list[i].UserPlane); ok {
			list[i].Uplink.Packets, list[i].Uplink.Bytes = u.UplinkPackets, u.UplinkBytes
			list[i].Downlink.Packets, list[i].Downlink.Bytes = u.DownlinkPackets, u.DownlinkBytes
		}
	}
}

// Deregister starts a deregistration by the network.
func (n *Node) Deregister(ctx context.Context, supi ident.SUPI) error {
	return n.order(ctx, supi, "device", func(s *shard) bool { _, ok := s.amf.Device(supi); return ok },
		input{amf: amf.Deregister{SUPI: supi}})
}

// ReleaseSession ends a session for the operator; the device is told if it is connected.
func (n *Node) ReleaseSession(ctx context.Context, supi ident.SUPI, psi ident.PDUSessionID) error {
	key := smf.Key{SUPI: supi, PSI: psi}
	return n.order(ctx, supi, "session", func(s *shard) bool { _, ok := s.smf.Session(key); return ok },
		input{smf: smf.Release{Key: key, Signal: true}})
}

// order posts an input to the shard of a device if that knows what the input is for, which else
// is an fs.ErrNotExist.
func (n *Node) order(ctx context.Context, supi ident.SUPI, what string, knows func(*shard) bool, in input) error {
	s := n.shards[n.shardOfSUPI(supi)]
	known, err := askShard(ctx, s, knows)
	if err != nil {
		return err
	}
	if !known {
		return fmt.Errorf("%s: %w", what, fs.ErrNotExist)
	}
	s.post(ctx, in)
	return nil
}

// ResetRadio has a radio drop all its devices, which go idle and come back by themselves. The
// radio is named as Radios names it.
func (n *Node) ResetRadio(ctx context.Context, id string) error {
	for _, a := range n.radiosUp() {
		if a.info.Load().Node.String() == id {
			a.resetAll(ctx)
			return nil
		}
	}
	return fmt.Errorf("radio %s: %w", id, fs.ErrNotExist)
}

// KnowsPlan reports whether a plan of that name is configured.
func (n *Node) KnowsPlan(name string) bool { return n.d.Plans[name] != nil }
