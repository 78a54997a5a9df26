package nas

// PDUSessionAuthenticationCommand carries the data network's EAP request (TS 24.501 §8.3.4).
type PDUSessionAuthenticationCommand struct {
	EAP     []byte
	Options []ProtocolOption
}

var pduSessionAuthenticationCommandIEs = []ie[PDUSessionAuthenticationCommand]{
	{"EAP message", formatLVE, 0, 4, 1500, func(c *coder, m *PDUSessionAuthenticationCommand) { octets(c, &m.EAP) }},
	{"extended protocol configuration options", formatTLVE, 0x7b, 1, unbounded, func(c *coder, m *PDUSessionAuthenticationCommand) { list(c, &m.Options, optionsFromNetwork) }},
}

func (*PDUSessionAuthenticationCommand) Type() SMMessageType {
	return TypePDUSessionAuthenticationCommand
}

func (m *PDUSessionAuthenticationCommand) code(c *coder) {
	code(c, m, pduSessionAuthenticationCommandIEs)
}

// PDUSessionAuthenticationComplete carries the device's EAP response (TS 24.501 §8.3.5).
type PDUSessionAuthenticationComplete struct {
	EAP     []byte
	Options []ProtocolOption
}

var pduSessionAuthenticationCompleteIEs = []ie[PDUSessionAuthenticationComplete]{
	{"EAP message", formatLVE, 0, 4, 1500, func(c *coder, m *PDUSessionAuthenticationComplete) { octets(c, &m.EAP) }},
	{"extended protocol configuration options", formatTLVE, 0x7b, 1, unbounded, func(c *coder, m *PDUSessionAuthenticationComplete) { list(c, &m.Options, optionsFromDevice) }},
}

func (*PDUSessionAuthenticationComplete) Type() SMMessageType {
	return TypePDUSessionAuthenticationComplete
}

func (m *PDUSessionAuthenticationComplete) code(c *coder) {
	code(c, m, pduSessionAuthenticationCompleteIEs)
}

// PDUSessionAuthenticationResult carries the outcome (TS 24.501 §8.3.6).
type PDUSessionAuthenticationResult struct {
	EAP     []byte
	Options []ProtocolOption
}

var pduSessionAuthenticationResultIEs = []ie[PDUSessionAuthenticationResult]{
	{"EAP message", formatTLVE, 0x78, 4, 1500, func(c *coder, m *PDUSessionAuthenticationResult) { raw(c, &m.EAP) }},
	{"extended protocol configuration options", formatTLVE, 0x7b, 1, unbounded, func(c *coder, m *PDUSessionAuthenticationResult) { list(c, &m.Options, optionsFromNetwork) }},
}

func (*PDUSessionAuthenticationResult) Type() SMMessageType {
	return TypePDUSessionAuthenticationResult
}

func (m *PDUSessionAuthenticationResult) code(c *coder) {
	code(c, m, pduSessionAuthenticationResultIEs)
}
