package amf

import "cordon/wire/ngap"

// reset is NG Reset by the radio (TS 38.413 §8.7.4.2.2). What it may reset is its own: the owner
// resolves the list in the table of this association.
func (r *Radio) reset(m *ngap.NGReset) {
	part := m.ResetType.Part
	r.emit(Reset{All: len(part) == 0, Pairs: part})
	r.emit(Reply{&ngap.NGResetAcknowledge{Connections: part}})
}

// ResetAll has the radio forget every device (TS 38.413 §8.7.4.2.1), for a core that lost or gave up
// its connections. The effects are valid until the next call.
func (r *Radio) ResetAll(cause ngap.Cause) []Effect {
	r.out = r.out[:0]
	if r.info == nil {
		r.emit(Drop{ReasonNotSetUp})
		return r.out
	}
	r.emit(Reset{All: true})
	r.emit(Reply{&ngap.NGReset{Cause: cause}})
	return r.out
}

// Overload tells the radio to hold back signalling, or to stop doing so (TS 38.413 §8.7.6, §8.7.7).
// Radios that cannot bear the message are not told. The effects are valid until the next call.
func (r *Radio) Overload(on bool) []Effect {
	r.out = r.out[:0]
	switch {
	case r.info == nil:
		r.emit(Drop{ReasonNotSetUp})
	case r.info.Profile.Fragile:
		r.emit(Drop{ReasonUnsupported})
	case on == r.overloaded:
		r.emit(Drop{ReasonDuplicate})
	case r.info.Draining: // it holds back more than that already
		r.overloaded = on
		r.emit(Drop{ReasonAccepted})
	default:
		r.overloaded = on
		r.hold()
	}
	return r.out
}

// hold tells the radio how much signalling to hold back, as things stand (TS 38.413 §9.3.1.105). One
// that is draining brings nobody but who calls for help or is called.
func (r *Radio) hold() {
	action := ngap.OverloadRejectSignalling
	switch {
	case r.info.Profile.Fragile:
	case r.info.Draining:
		action = ngap.OverloadPermitEmergencyAndMT
		fallthrough
	case r.overloaded:
		r.emit(Reply{&ngap.OverloadStart{Response: &action}})
	default:
		r.emit(Reply{&ngap.OverloadStop{}})
	}
}
