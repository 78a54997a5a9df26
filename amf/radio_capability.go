package amf

import "cordon/wire/ngap"

// maxRadioCap is the longest UE radio capability that is kept (TS 38.413 §9.3.1.74 sets no
// limit; TS 38.331 messages of 9000 octets, segmented up to sixteen times, do).
const maxRadioCap = 64 << 10

// radioCapability keeps what a radio says a device can do, unread, and gives it back in the next
// context setup (TS 38.413 §8.14.1). It is tied to the context and dies with it.
func (a *AMF) radioCapability(c *conn, m *ngap.UERadioCapabilityInfoIndication) {
	switch {
	case c.ue == nil:
		a.drop(ReasonState)
	case len(m.UERadioCapability) > maxRadioCap:
		a.drop(ReasonTooLarge)
	default:
		a.setRadioCap(c.ue, string(m.UERadioCapability))
		a.save(c.ue)
	}
}

// radioCap is a capability that some devices have in common.
type radioCap struct {
	text  string
	users int
}

// setRadioCap replaces u's capability. Devices of one model in one network say the same, so
// each text is held once.
func (a *AMF) setRadioCap(u *ue, text string) {
	if u.radioCap == text {
		return
	}
	if held := a.caps[u.radioCap]; held != nil {
		if held.users--; held.users == 0 {
			delete(a.caps, u.radioCap)
		}
	}
	u.radioCap = ""
	if text == "" {
		return
	}
	held := a.caps[text]
	if held == nil {
		held = &radioCap{text: text}
		a.caps[text] = held
	}
	held.users++
	u.radioCap = held.text
}
