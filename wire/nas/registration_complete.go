package nas

// RegistrationComplete acknowledges a registration accept (TS 24.501 §8.2.8).
type RegistrationComplete struct {
	SOR []byte
}

var registrationCompleteIEs = []ie[RegistrationComplete]{
	{"SOR transparent container", formatTLVE, 0x73, 17, unbounded, func(c *coder, m *RegistrationComplete) { raw(c, &m.SOR) }},
}

func (*RegistrationComplete) Type() MessageType { return TypeRegistrationComplete }

func (m *RegistrationComplete) code(c *coder) { code(c, m, registrationCompleteIEs) }
