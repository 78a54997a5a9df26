package nas

// AuthenticationResult carries the end of an EAP exchange (TS 24.501 §8.2.3).
type AuthenticationResult struct {
	KSI  KSI
	EAP  []byte
	ABBA []byte
}

var authenticationResultIEs = []ie[AuthenticationResult]{
	{"ngKSI", formatV, 0, 1, 1, func(c *coder, m *AuthenticationResult) { half(c, &m.KSI) }},
	{"EAP message", formatLVE, 0, 4, 1500, func(c *coder, m *AuthenticationResult) { octets(c, &m.EAP) }},
	{"ABBA", formatTLV, 0x38, 2, 255, func(c *coder, m *AuthenticationResult) { raw(c, &m.ABBA) }},
}

func (*AuthenticationResult) Type() MessageType { return TypeAuthenticationResult }

func (m *AuthenticationResult) code(c *coder) { code(c, m, authenticationResultIEs) }
