package node

import (
	"context"
	"maps"
	"slices"
	"time"

	"cordon/amf"
	"cordon/ident"
	"cordon/wire/ngap"
)

// ueRef is where a UE-associated connection lives.
type ueRef struct {
	conn  ident.AMFUENGAPID
	shard uint8
}

// deliver takes a UE-associated message to the shard that owns its connection.
func (a *association) deliver(ctx context.Context, m ngap.Message) {
	a.posted.Add(1)
	if first, ok := m.(*ngap.InitialUEMessage); ok {
		a.arrive(ctx, first)
		return
	}
	conn, ran, _ := ueIDs(m)
	ref, ok := a.find(conn, ran)
	if !ok {
		a.foreign(ctx, m, conn, ran)
		return
	}
	a.n.shards[ref.shard].post(ctx, input{amf: amf.Received{Conn: ref.conn, Msg: m}})
}

// find is the connection of that pair of identities on this association.
func (a *association) find(conn ident.AMFUENGAPID, ran ident.RANUENGAPID) (ueRef, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	ref, ok := a.ues[ran]
	return ref, ok && ref.conn == conn
}

// foreign answers a message for a connection that this radio does not have (TS 38.413
// §10.6). Whether another has it is asked only to say whose was meant.
func (a *association) foreign(ctx context.Context, m ngap.Message, conn ident.AMFUENGAPID, ran ident.RANUENGAPID) {
	a.fault(dropUnknownUE)
	a.mu.Lock()
	_, known := a.ues[ran]
	a.mu.Unlock()
	cause := ngap.CauseRadioUnknownLocalUENGAPID
	if known {
		cause = ngap.CauseRadioInconsistentRemoteUENGAPID
	}
	switch m := m.(type) {
	case *ngap.ErrorIndication: // never answered
	case *ngap.PathSwitchRequest:
		a.reply(refusedSwitch(m))
	default:
		a.reply(&ngap.ErrorIndication{AMFUENGAPID: &conn, RANUENGAPID: &ran, Cause: &cause})
	}
	for _, s := range a.n.shards { // a connection moves to where its device lives
		s.post(ctx, input{ask: func(s *shard) {
			if owner, ok := s.amf.Owner(conn); ok && owner != a.id {
				a.n.theft(a, owner, m, a.theft(conn, m))
			}
		}})
	}
}

const (
	// handoverTime is how long a radio that was handed a device over to, and refused its connection,
	// may go on speaking of it.
	handoverTime = 5 * time.Second
	maxSwitches  = 1024 // that are remembered of a radio
)

// theft is what a radio shows that names another's connection. Handles cannot be guessed. But where a device was
// handed over between radios the new one has the handle from the old, and asks for the connection in
// good faith: that is refused here, and may be the other's malice.
func (a *association) theft(conn ident.AMFUENGAPID, m ngap.Message) amf.FindingKind {
	now := time.Now()
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, ok := m.(*ngap.PathSwitchRequest); ok {
		if len(a.switches) >= maxSwitches {
			maps.DeleteFunc(a.switches, func(_ ident.AMFUENGAPID, at time.Time) bool { return now.Sub(at) >= handoverTime })
		}
		if len(a.switches) < maxSwitches {
			a.switches[conn] = now
		}
		return amf.FindingSwitch
	}
	if at, asked := a.switches[conn]; asked && now.Sub(at) < handoverTime {
		return amf.FindingSwitch
	}
	return amf.FindingTheft
}

// refusedSwitch answers a path switch for a connection that is not to be moved: every
// session stays where it is (TS 38.413 §8.4.4.3).
func refusedSwitch(m *ngap.PathSwitchRequest) *ngap.PathSwitchRequestFailure {
	f := &ngap.PathSwitchRequestFailure{AMFUENGAPID: m.SourceAMFUENGAPID, RANUENGAPID: m.RANUENGAPID}
	why, err := ngap.AppendTransfer(nil, &ngap.PathSwitchRequestUnsuccessfulTransfer{Cause: ngap.CauseRadioUnknownLocalUENGAPID})
	if err != nil {
		panic(err) // only a constant could be at fault
	}
	for _, s := range m.Switch {
		f.Released = append(f.Released, ngap.PDUSessionTransfer{ID: s.ID, Transfer: why})
	}
	return f
}

// arrive gives a new connection its identity, unguessable and chosen so that it falls on the
// shard where the device, if it is known, lives. A RAN-UE-NGAP-ID that is in use means that
// the radio has given up the former connection; its device goes idle and keeps the rest.
func (a *association) arrive(ctx context.Context, m *ngap.InitialUEMessage) {
	shard := a.n.home(m)
	conn := a.n.drawConn(shard)
	a.mu.Lock()
	old, reused := a.ues[m.RANUENGAPID]
	full := len(a.ues) >= maxConnections && !reused
	if !full {
		a.ues[m.RANUENGAPID] = ueRef{conn, shard}
	}
	a.mu.Unlock()
	if full {
		a.fault(dropFull)
		cause := ngap.CauseMiscControlProcessingOverload
		a.reply(&ngap.ErrorIndication{RANUENGAPID: &m.RANUENGAPID, Cause: &cause})
		return
	}
	if reused {
		a.n.shards[old.shard].post(ctx, input{amf: amf.Lost{Conn: old.conn}})
	}
	a.n.shards[shard].post(ctx, input{amf: amf.Arrived{Conn: conn, Radio: a.info.Load(), Msg: m}})
}

// forget frees the radio's handle of a connection that has ended, unless it has been given
// to another since.
func (a *association) forget(ran ident.RANUENGAPID, conn ident.AMFUENGAPID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ues[ran].conn == conn {
		delete(a.ues, ran)
	}
}

// move notes that a connection lives on another shard now.
func (a *association) move(ran ident.RANUENGAPID, conn ident.AMFUENGAPID, shard uint8) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ues[ran].conn != conn {
		return false
	}
	a.ues[ran] = ueRef{conn, shard}
	return true
}

// reset ends connections of this association: all, or those of the pairs that it has. A
// pair may lack either identity (TS 38.413 §9.3.3.25); one that names none names nothing.
func (a *association) reset(ctx context.Context, e amf.Reset) {
	var ended []ueRef
	a.mu.Lock()
	if e.All {
		for _, ref := range a.ues {
			ended = append(ended, ref)
		}
		clear(a.ues)
	}
	var byConn map[ident.AMFUENGAPID]ident.RANUENGAPID // made when a pair asks for it
	for _, p := range e.Pairs {
		var ran ident.RANUENGAPID
		switch {
		case p.RAN != nil:
			ran = *p.RAN
		case p.AMF != nil:
			if byConn == nil {
				byConn = make(map[ident.AMFUENGAPID]ident.RANUENGAPID, len(a.ues))
				for r, ref := range a.ues {
					byConn[ref.conn] = r
				}
			}
			ran = byConn[*p.AMF]
		default:
			continue
		}
		if ref, ok := a.ues[ran]; ok && (p.AMF == nil || *p.AMF == ref.conn) {
			ended = append(ended, ref)
			delete(a.ues, ran)
		}
	}
	a.mu.Unlock()
	for _, ref := range ended {
		a.n.shards[ref.shard].post(ctx, input{amf: amf.Lost{Conn: ref.conn}})
	}
}

// connections is how many devices the radio serves.
func (a *association) connections() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.ues)
}

// held is a copy of the table.
func (a *association) held() []heldUE {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := make([]heldUE, 0, len(a.ues))
	for ran, ref := range a.ues {
		all = append(all, heldUE{ran, ref})
	}
	return all
}

// among keeps those of a list that are still in the table.
func (a *association) among(list []heldUE) []heldUE {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.DeleteFunc(list, func(u heldUE) bool { return a.ues[u.ran].conn != u.conn })
}
