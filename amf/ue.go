package amf

import (
	"encoding/binary"

	"cordon/aka"
	"cordon/ident"
	"cordon/subscriber"
	"cordon/wire/nas"
)

// ue is the registered context of a device (TS 23.501 §5.3.2). It exists from the first
// SECURITY MODE COMPLETE to the end of the registration. A hundred thousand of them are held, so
// what many have in common is shared, and what only a connection needs is in conn.
type ue struct {
	supi      ident.SUPI
	imeisv    ident.IMEISV
	kamf      aka.Key
	sec       nas.Security
	plan      *subscriber.Plan
	allowed   []ident.SNSSAI // shared
	radioCap  string         // shared through AMF.caps; as a radio sent it
	conn      *conn          // nil while idle
	tai       ident.TAI
	tmsi      ident.TMSI
	former    ident.TMSI      // good until the device confirms tmsi; 0 is none
	ceiling   uint32          // downlink COUNT that a restart continues from
	since     uint32          // Unix seconds of the registration, or of the restart after it
	seen      uint32          // Unix seconds of its last proven message
	deaf      uint32          // Unix seconds until which it is not paged again
	near      ident.TAC       // that its registration area was made around
	released  uint32          // Unix seconds until which its releases for inactivity are paid for
	sessions  nas.PDUSessions // that the device has
	sealed    nas.PDUSessions // of those, the ones that were said to be sealed
	routes    [16]uint16      // where each leads, in AMF.lists
	wanted    nas.PDUSessions // of those, the ones that are idle and for which data waits
	caps      nas.UESecurityCapability
	ksi       uint8 // of the security context, 0 to 6
	pages     uint8 // sent in vain so far; 0 if it is not looked for
	accepted  bool  // REGISTRATION ACCEPT was sent
	protected bool  // the subscriber is
}

// countAhead is how far beyond the downlink COUNT in use a saved context continues. A device
// estimates the COUNT from its low octet, so a step must stay well below 256.
const (
	maxCount   = 1 << 24
	countAhead = 64
	countSpare = 32 // Save is asked for when fewer are left, since it takes effect later
)

// guti is the device's temporary identity.
func (a *AMF) guti(u *ue) ident.GUTI { return ident.GUTI{GUAMI: a.cfg.GUAMI, TMSI: u.tmsi} }

// draw gives an unused 5G-TMSI of this shard (TS 33.501 §6.12.3: unpredictable).
func (a *AMF) draw() ident.TMSI {
	var b [4]byte
	for {
		a.random(b[:])
		t := ident.TMSI(binary.BigEndian.Uint32(b[:]))
		t -= t % ident.TMSI(a.shards)
		t += ident.TMSI(a.shard)
		if _, used := a.tmsis[t]; t > ident.TMSI(a.shards) && !used {
			return t
		}
	}
}

// random fills b. The source never fails; one that did would make identities guessable, so it
// ends the program.
func (a *AMF) random(b []byte) {
	if _, err := a.rand.Read(b); err != nil {
		panic("amf: no randomness: " + err.Error())
	}
}

// rename gives u a new temporary identity; the former stays good until confirm.
func (a *AMF) rename(u *ue) {
	if u.former != 0 {
		// The device confirmed neither of two, so it still has the older.
		delete(a.tmsis, u.tmsi)
	} else {
		u.former = u.tmsi
	}
	u.tmsi = a.draw()
	a.tmsis[u.tmsi] = u
}

// confirm says that the device has its new temporary identity.
func (a *AMF) confirm(u *ue) {
	if u.former != 0 {
		delete(a.tmsis, u.former)
		u.former = 0
	}
}

// settle takes note of which of two identities the device has, t, after it used it.
func (a *AMF) settle(u *ue, t ident.TMSI) {
	if u.former == 0 {
		return
	}
	if t == u.former {
		delete(a.tmsis, u.tmsi)
		u.tmsi, u.former = u.former, 0
		return
	}
	a.confirm(u)
}

// lookup finds the context of a temporary identity that this core gave out.
func (a *AMF) lookup(g ident.GUTI) *ue {
	if g.GUAMI != a.cfg.GUAMI {
		return nil
	}
	return a.tmsis[g.TMSI]
}

// save asks that u be written, with room ahead for the messages until the next time.
func (a *AMF) save(u *ue) {
	u.ceiling = min(u.sec.Downlink+countAhead, maxCount)
	a.emit(Save{u.supi})
}

// remove forgets u, its identities, its timers and its sessions.
func (a *AMF) remove(u *ue, why Leaving) {
	for psi := range sessions(u.sessions) {
		a.emit(SMRelease{u.supi, psi})
	}
	a.timers.Stop(timerKey{uint64(u.supi), timerReachable})
	a.timers.Stop(timerKey{uint64(u.supi), timerImplicit})
	a.endPaging(u)
	a.setRadioCap(u, "")
	delete(a.tmsis, u.tmsi)
	delete(a.tmsis, u.former)
	delete(a.ues, u.supi)
	if u.conn != nil {
		a.part(u.conn)
	}
	if u.accepted {
		a.emit(Deregistered{u.supi, why})
	}
	a.emit(Forget{u.supi})
}

// sessions is the identities in a set.
func sessions(set nas.PDUSessions) func(func(ident.PDUSessionID) bool) {
	return func(yield func(ident.PDUSessionID) bool) {
		for psi := ident.PDUSessionID(1); psi < 16; psi++ {
			if set.Has(psi) && !yield(psi) {
				return
			}
		}
	}
}
