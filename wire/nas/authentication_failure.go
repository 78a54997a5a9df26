package nas

// AuthenticationFailure is a device's refusal of a challenge (TS 24.501 §8.2.4). AUTS
// comes with CauseSynchFailure only.
type AuthenticationFailure struct {
	Cause Cause
	AUTS  *[14]byte
}

var authenticationFailureIEs = []ie[AuthenticationFailure]{
	{"5GMM cause", formatV, 0, 1, 1, func(c *coder, m *AuthenticationFailure) { u8(c, &m.Cause) }},
	{"authentication failure parameter", formatTLV, 0x30, 14, 14, func(c *coder, m *AuthenticationFailure) {
		ptr(c, &m.AUTS, func(c *coder, v *[14]byte) { c.array(v[:]) })
	}},
}

func (*AuthenticationFailure) Type() MessageType { return TypeAuthenticationFailure }

func (m *AuthenticationFailure) code(c *coder) { code(c, m, authenticationFailureIEs) }
