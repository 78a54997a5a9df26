package amf

import (
	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// HomeOf is the shard where the device of a SUPI lives.
func HomeOf(supi ident.SUPI, shards int) int {
	h := uint64(supi) * 0x9e3779b97f4a7c15 // Fibonacci hashing: neighbours spread evenly
	return int((h >> 32) % uint64(shards))
}

// HomeOfMessage is the shard where the device that a first message names lives, if it names
// one that a core of this many shards named; ok is false otherwise, and any shard will do. It
// trusts nothing: a device on the wrong shard is unknown there, and identified anew.
func HomeOfMessage(m *ngap.InitialUEMessage, shards int) (shard int, ok bool) {
	if p, _, err := nas.ParseUnverified(m.NASPDU); err == nil {
		switch p := p.(type) {
		case *nas.RegistrationRequest:
			if p.Identity.Type == nas.IdentityGUTI {
				return int(p.Identity.GUTI.TMSI) % shards, true
			}
		case *nas.ServiceRequest:
			return int(p.STMSI.TMSI) % shards, true
		case *nas.DeregistrationRequestUE:
			if p.Identity.Type == nas.IdentityGUTI {
				return int(p.Identity.GUTI.TMSI) % shards, true
			}
		}
	}
	if m.STMSI != nil {
		return int(m.STMSI.TMSI) % shards, true
	}
	return 0, false
}

// Moved is a connection on its way from one shard to another.
type Moved struct{ c *conn }

// RAN is the radio's handle of the connection.
func (m Moved) RAN() ident.RANUENGAPID { return m.c.ran }

// Detach takes a connection out that waits for a Vector of a device on another shard, for
// Adopted there. It is false for any other: such a connection stays, and the answer is dropped.
func (a *AMF) Detach(id ident.AMFUENGAPID) (Moved, bool) {
	c := a.conns[id]
	if c == nil || c.state != stateVector || c.ue != nil {
		return Moved{}, false
	}
	a.open.remove(c)
	for kind := timerOpen; kind <= timerIdle; kind++ {
		a.stop(c, kind)
	}
	delete(a.conns, id)
	return Moved{c}, true
}

// adopted takes such a connection in and goes on with the vector.
func (a *AMF) adopted(ev Adopted) {
	c := ev.Moved.c
	if c == nil || a.conns[c.id] != nil {
		a.drop(ReasonDuplicate)
		return
	}
	a.conns[c.id] = c
	a.admitOpen(c)
	a.vector(ev.Vector)
}
