package nas

// AuthenticationReject ends an authentication that failed (TS 24.501 §8.2.5).
type AuthenticationReject struct {
	EAP []byte
}

var authenticationRejectIEs = []ie[AuthenticationReject]{
	{"EAP message", formatTLVE, 0x78, 4, 1500, func(c *coder, m *AuthenticationReject) { raw(c, &m.EAP) }},
}

func (*AuthenticationReject) Type() MessageType { return TypeAuthenticationReject }

func (m *AuthenticationReject) code(c *coder) { code(c, m, authenticationRejectIEs) }
