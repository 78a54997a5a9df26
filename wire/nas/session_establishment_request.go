package nas

// PDUSessionEstablishmentRequest asks for a session (TS 24.501 §8.3.1).
type PDUSessionEstablishmentRequest struct {
	IntegrityRate             IntegrityRate
	SessionType               PDUSessionType
	SSC                       SSCMode
	Capability                []byte
	MaxFilters                *uint16
	AlwaysOn                  *uint8
	DNRequest                 []byte
	Options                   []ProtocolOption
	IPHeaderCompression       []byte
	PortMAC                   []byte
	ResidenceTime             []byte
	PortManagement            []byte
	EthernetHeaderCompression *uint8
	SuggestedInterface        *PDUAddress
	ServiceLevelAA            []byte
	MBS                       []byte
	PairID                    *uint8
	RSN                       *uint8
}

var pduSessionEstablishmentRequestIEs = []ie[PDUSessionEstablishmentRequest]{
	{"integrity protection maximum data rate", formatV, 0, 2, 2, func(c *coder, m *PDUSessionEstablishmentRequest) { integrityRate(c, &m.IntegrityRate) }},
	{"PDU session type", formatT1, 0x90, 1, 1, func(c *coder, m *PDUSessionEstablishmentRequest) { opt(c, &m.SessionType, nibble[PDUSessionType]) }},
	{"SSC mode", formatT1, 0xa0, 1, 1, func(c *coder, m *PDUSessionEstablishmentRequest) { opt(c, &m.SSC, nibble[SSCMode]) }},
	{"5GSM capability", formatTLV, 0x28, 1, 13, func(c *coder, m *PDUSessionEstablishmentRequest) { raw(c, &m.Capability) }},
	{"maximum number of supported packet filters", formatTV, 0x55, 2, 2, func(c *coder, m *PDUSessionEstablishmentRequest) { ptr(c, &m.MaxFilters, maxFilters) }},
	{"always-on PDU session requested", formatT1, 0xb0, 1, 1, func(c *coder, m *PDUSessionEstablishmentRequest) { ptr(c, &m.AlwaysOn, nibble[uint8]) }},
	{"SM PDU DN request container", formatTLV, 0x39, 1, 253, func(c *coder, m *PDUSessionEstablishmentRequest) { raw(c, &m.DNRequest) }},
	{"extended protocol configuration options", formatTLVE, 0x7b, 1, unbounded, func(c *coder, m *PDUSessionEstablishmentRequest) { list(c, &m.Options, optionsFromDevice) }},
	{"IP header compression configuration", formatTLV, 0x66, 3, 255, func(c *coder, m *PDUSessionEstablishmentRequest) { raw(c, &m.IPHeaderCompression) }},
	{"DS-TT Ethernet port MAC address", formatTLV, 0x6e, 6, 6, func(c *coder, m *PDUSessionEstablishmentRequest) { raw(c, &m.PortMAC) }},
	{"UE-DS-TT residence time", formatTLV, 0x6f, 8, 8, func(c *coder, m *PDUSessionEstablishmentRequest) { raw(c, &m.ResidenceTime) }},
	{"port management information container", formatTLVE, 0x74, 5, unbounded, func(c *coder, m *PDUSessionEstablishmentRequest) { raw(c, &m.PortManagement) }},
	{"Ethernet header compression configuration", formatTLV, 0x1f, 1, 1, func(c *coder, m *PDUSessionEstablishmentRequest) { ptr(c, &m.EthernetHeaderCompression, u8[uint8]) }},
	{"suggested interface identifier", formatTLV, 0x29, 9, 9, func(c *coder, m *PDUSessionEstablishmentRequest) { ptr(c, &m.SuggestedInterface, pduAddress) }},
	{"service-level-AA container", formatTLVE, 0x72, 3, unbounded, func(c *coder, m *PDUSessionEstablishmentRequest) { raw(c, &m.ServiceLevelAA) }},
	{"requested MBS container", formatTLVE, 0x70, 5, unbounded, func(c *coder, m *PDUSessionEstablishmentRequest) { raw(c, &m.MBS) }},
	{"PDU session pair ID", formatTLV, 0x34, 1, 1, func(c *coder, m *PDUSessionEstablishmentRequest) { ptr(c, &m.PairID, u8[uint8]) }},
	{"RSN", formatTLV, 0x35, 1, 1, func(c *coder, m *PDUSessionEstablishmentRequest) { ptr(c, &m.RSN, u8[uint8]) }},
}

func (*PDUSessionEstablishmentRequest) Type() SMMessageType {
	return TypePDUSessionEstablishmentRequest
}

func (m *PDUSessionEstablishmentRequest) code(c *coder) {
	code(c, m, pduSessionEstablishmentRequestIEs)
}
