package nas

import "cordon/ident"

// PDUSessions is a set of PDU sessions, bit n for the session n, as in PDU session
// status, uplink data status and their like (TS 24.501 §9.11.3.44, §9.11.3.57).
type PDUSessions uint16

// Has reports whether the session is in the set.
func (s PDUSessions) Has(id ident.PDUSessionID) bool { return id < 16 && s>>id&1 != 0 }

// With is the set and the session, which is 1 to 15.
func (s PDUSessions) With(id ident.PDUSessionID) PDUSessions { return s | 1<<id }

// Without is the set less the session.
func (s PDUSessions) Without(id ident.PDUSessionID) PDUSessions { return s &^ (1 << id) }

// pduSessions leaves out what may follow the two octets, all of it spare.
func pduSessions(c *coder, p *PDUSessions) {
	if c.writing {
		c.put(byte(*p), byte(*p>>8))
		return
	}
	if v := c.take(2); v != nil {
		*p = PDUSessions(v[0]) | PDUSessions(v[1])<<8
	}
	c.take(c.left())
}

// ReactivationError is why the user plane of a session was not set up again.
type ReactivationError struct {
	Session ident.PDUSessionID
	Cause   Cause
}

// reactivationErrors is §9.11.3.43.
func reactivationErrors(c *coder, p *[]ReactivationError) {
	each(c, p, func(c *coder, e *ReactivationError) {
		u8(c, &e.Session)
		u8(c, &e.Cause)
	})
}
