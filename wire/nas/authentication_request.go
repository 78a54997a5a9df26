package nas

// AuthenticationRequest challenges a device: RAND and AUTN in 5G-AKA, EAP in EAP-AKA'
// (TS 24.501 §8.2.1).
type AuthenticationRequest struct {
	KSI  KSI
	ABBA []byte
	RAND *[16]byte
	AUTN *[16]byte
	EAP  []byte
}

var authenticationRequestIEs = []ie[AuthenticationRequest]{
	{"ngKSI", formatV, 0, 1, 1, func(c *coder, m *AuthenticationRequest) { half(c, &m.KSI) }},
	{"ABBA", formatLV, 0, 2, 255, func(c *coder, m *AuthenticationRequest) { octets(c, &m.ABBA) }},
	{"RAND", formatTV, 0x21, 16, 16, func(c *coder, m *AuthenticationRequest) {
		ptr(c, &m.RAND, func(c *coder, v *[16]byte) { c.array(v[:]) })
	}},
	{"AUTN", formatTLV, 0x20, 16, 16, func(c *coder, m *AuthenticationRequest) {
		ptr(c, &m.AUTN, func(c *coder, v *[16]byte) { c.array(v[:]) })
	}},
	{"EAP message", formatTLVE, 0x78, 4, 1500, func(c *coder, m *AuthenticationRequest) { raw(c, &m.EAP) }},
}

func (*AuthenticationRequest) Type() MessageType { return TypeAuthenticationRequest }

func (m *AuthenticationRequest) code(c *coder) { code(c, m, authenticationRequestIEs) }
