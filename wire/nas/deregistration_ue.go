package nas

// DeregistrationRequestUE is a device's farewell (TS 24.501 §8.2.12).
type DeregistrationRequestUE struct {
	Kind     DeregistrationType
	KSI      KSI
	Identity MobileIdentity
}

var deregistrationRequestUEIEs = []ie[DeregistrationRequestUE]{
	{"de-registration type and ngKSI", formatV, 0, 1, 1, func(c *coder, m *DeregistrationRequestUE) { halves(c, &m.Kind, &m.KSI) }},
	{"5GS mobile identity", formatLVE, 0, 1, unbounded, func(c *coder, m *DeregistrationRequestUE) { mobileIdentity(c, &m.Identity) }},
}

func (*DeregistrationRequestUE) Type() MessageType { return TypeDeregistrationRequestUE }

func (m *DeregistrationRequestUE) code(c *coder) { code(c, m, deregistrationRequestUEIEs) }

// DeregistrationAcceptUE answers it, unless the device is switched off (TS 24.501 §8.2.13).
type DeregistrationAcceptUE struct {
}

func (*DeregistrationAcceptUE) Type() MessageType { return TypeDeregistrationAcceptUE }

func (m *DeregistrationAcceptUE) code(c *coder) { code(c, m, []ie[DeregistrationAcceptUE]{}) }
