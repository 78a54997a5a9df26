package amf

import (
	"cordon/ident"
	"cordon/subscriber"
)

// View is a device as an operator sees it.
type View struct {
	SUPI       ident.SUPI
	GUTI       ident.GUTI
	Plan       *subscriber.Plan
	Allowed    []ident.SNSSAI
	TAI        ident.TAI // where it was heard last
	Registered bool      // REGISTRATION ACCEPT was sent
	Integrity  uint8
	Ciphering  uint8
	Radio      *RadioInfo  // nil while idle
	Cell       ident.NRCGI // while connected
	Procedure  string      // in hand, while connected
}

// Device is one device by its SUPI.
func (a *AMF) Device(supi ident.SUPI) (View, bool) {
	u := a.ues[supi]
	if u == nil {
		return View{}, false
	}
	v := View{
		SUPI: u.supi, GUTI: a.guti(u), Plan: u.plan, Allowed: u.allowed, TAI: u.tai, Registered: u.accepted,
		Integrity: u.sec.Integrity, Ciphering: u.sec.Ciphering,
	}
	if u.conn != nil {
		v.Radio, v.Cell, v.Procedure = u.conn.radio, u.conn.cell, u.conn.state.String()
	}
	return v, true
}

// SUPIs yields the devices that have a context, in no order.
func (a *AMF) SUPIs(yield func(ident.SUPI) bool) {
	for supi := range a.ues {
		if !yield(supi) {
			return
		}
	}
}

// Connected is the number of devices that have a context and a connection.
func (a *AMF) Connected() int { return len(a.conns) - a.open.n }

// Owner is the radio whose connection that is.
func (a *AMF) Owner(conn ident.AMFUENGAPID) (RadioID, bool) {
	if c := a.conns[conn]; c != nil {
		return c.radio.ID, true
	}
	return 0, false
}
