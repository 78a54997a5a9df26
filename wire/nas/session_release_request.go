package nas

// PDUSessionReleaseRequest asks to end a session (TS 24.501 §8.3.12).
type PDUSessionReleaseRequest struct {
	Cause   SMCause
	Options []ProtocolOption
}

var pduSessionReleaseRequestIEs = []ie[PDUSessionReleaseRequest]{
	{"5GSM cause", formatTV, 0x59, 1, 1, func(c *coder, m *PDUSessionReleaseRequest) { opt(c, &m.Cause, u8[SMCause]) }},
	{"extended protocol configuration options", formatTLVE, 0x7b, 1, unbounded, func(c *coder, m *PDUSessionReleaseRequest) { list(c, &m.Options, optionsFromDevice) }},
}

func (*PDUSessionReleaseRequest) Type() SMMessageType { return TypePDUSessionReleaseRequest }

func (m *PDUSessionReleaseRequest) code(c *coder) { code(c, m, pduSessionReleaseRequestIEs) }

// PDUSessionReleaseReject refuses it (TS 24.501 §8.3.13).
type PDUSessionReleaseReject struct {
	Cause   SMCause
	Options []ProtocolOption
}

var pduSessionReleaseRejectIEs = []ie[PDUSessionReleaseReject]{
	{"5GSM cause", formatV, 0, 1, 1, func(c *coder, m *PDUSessionReleaseReject) { u8(c, &m.Cause) }},
	{"extended protocol configuration options", formatTLVE, 0x7b, 1, unbounded, func(c *coder, m *PDUSessionReleaseReject) { list(c, &m.Options, optionsFromNetwork) }},
}

func (*PDUSessionReleaseReject) Type() SMMessageType { return TypePDUSessionReleaseReject }

func (m *PDUSessionReleaseReject) code(c *coder) { code(c, m, pduSessionReleaseRejectIEs) }
