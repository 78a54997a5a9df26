package nas

// SMStatus is 5GSM STATUS: it reports an error in what was received (TS 24.501 §8.3.16).
type SMStatus struct {
	Cause SMCause
}

var smStatusIEs = []ie[SMStatus]{
	{"5GSM cause", formatV, 0, 1, 1, func(c *coder, m *SMStatus) { u8(c, &m.Cause) }},
}

func (*SMStatus) Type() SMMessageType { return TypeSMStatus }

func (m *SMStatus) code(c *coder) { code(c, m, smStatusIEs) }
