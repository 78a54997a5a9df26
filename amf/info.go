package amf

import (
	"time"

	"cordon/ident"
	"cordon/wire/nas"
)

// Info is what an operator sees of a registered device.
type Info struct {
	SUPI      ident.SUPI
	IMEISV    ident.IMEISV
	GUTI      ident.GUTI
	TAI       ident.TAI
	Plan      string
	Protected bool
	Allowed   []ident.SNSSAI // not to be changed
	Since     time.Time      // registered, or brought back by a restart
	Seen      time.Time      // its last message that was proven to be its own
	Sessions  nas.PDUSessions
	Active    nas.PDUSessions // those that a radio serves
	Sealed    nas.PDUSessions // those that pass nothing but the seal gateway's address
	Connected bool
	Radio     RadioID // while connected
	Cell      ident.NRCGI
	Integrity uint8
	Ciphering uint8
}

// Device gives one registered device.
func (a *AMF) Device(supi ident.SUPI) (Info, bool) {
	u := a.ues[supi]
	if u == nil || !u.accepted {
		return Info{}, false
	}
	return a.info(u), true
}

// Devices gives all registered devices in no order.
func (a *AMF) Devices(yield func(Info) bool) {
	for _, u := range a.ues {
		if u.accepted && !yield(a.info(u)) {
			return
		}
	}
}

func (a *AMF) info(u *ue) Info {
	i := Info{
		SUPI: u.supi, IMEISV: u.imeisv, GUTI: a.guti(u), TAI: u.tai, Plan: u.plan.Name, Allowed: u.allowed, Sessions: u.sessions,
		Protected: u.protected, Sealed: u.sealed & u.sessions, Integrity: u.sec.Integrity, Ciphering: u.sec.Ciphering,
	}
	if u.since != 0 {
		i.Since = time.Unix(int64(u.since), 0)
	}
	if u.seen != 0 {
		i.Seen = time.Unix(int64(u.seen), 0)
	}
	if c := u.conn; c != nil {
		i.Connected, i.Radio, i.Cell, i.Active = true, c.radio.ID, c.cell, c.active
	}
	return i
}
