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

// HomeOfTMSI is the shard that gave out a temporary identity, if as many shards as now did.
func HomeOfTMSI(t ident.TMSI, shards int) int { return int(t) % shards }

// TMSIOfMessage is the temporary identity that a first message names, if it names one. It trusts
// nothing: a device that is looked for on the wrong shard is unknown there, and identified anew.
func TMSIOfMessage(m *ngap.InitialUEMessage) (t ident.TMSI, ok bool) {
	if p, _, err := nas.ParseUnverified(m.NASPDU); err == nil {
		switch p := p.(type) {
		case *nas.RegistrationRequest:
			if p.Identity.Type == nas.IdentityGUTI {
				return p.Identity.GUTI.TMSI, true
			}
		case *nas.ServiceRequest:
			return p.STMSI.TMSI, true
		case *nas.DeregistrationRequestUE:
			if p.Identity.Type == nas.IdentityGUTI {
				return p.Identity.GUTI.TMSI, true
			}
		}
	}
	if m.STMSI != nil {
		return m.STMSI.TMSI, true
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
