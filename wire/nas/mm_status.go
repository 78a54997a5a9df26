package nas

// MMStatus is 5GMM STATUS: it reports an error in what was received
// (TS 24.501 §8.2.29).
type MMStatus struct {
	Cause Cause
}

var mmStatusIEs = []ie[MMStatus]{
	{"5GMM cause", formatV, 0, 1, 1, func(c *coder, m *MMStatus) { u8(c, &m.Cause) }},
}

func (*MMStatus) Type() MessageType { return TypeMMStatus }

func (m *MMStatus) code(c *coder) { code(c, m, mmStatusIEs) }
