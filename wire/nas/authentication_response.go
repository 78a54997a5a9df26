package nas

// AuthenticationResponse answers a challenge (TS 24.501 §8.2.2). RES is RES* of 5G-AKA,
// sixteen octets.
type AuthenticationResponse struct {
	RES *[16]byte
	EAP []byte
}

var authenticationResponseIEs = []ie[AuthenticationResponse]{
	{"authentication response parameter", formatTLV, 0x2d, 16, 16, func(c *coder, m *AuthenticationResponse) {
		ptr(c, &m.RES, func(c *coder, v *[16]byte) { c.array(v[:]) })
	}},
	{"EAP message", formatTLVE, 0x78, 4, 1500, func(c *coder, m *AuthenticationResponse) { raw(c, &m.EAP) }},
}

func (*AuthenticationResponse) Type() MessageType { return TypeAuthenticationResponse }

func (m *AuthenticationResponse) code(c *coder) { code(c, m, authenticationResponseIEs) }
