package ngap

import "cordon/ident"

var downlinkUEAssociatedNRPPaTransport = ieTable[DownlinkUEAssociatedNRPPaTransport]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *DownlinkUEAssociatedNRPPaTransport) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *DownlinkUEAssociatedNRPPaTransport) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idRoutingID, Reject, octets, func(m *DownlinkUEAssociatedNRPPaTransport) *[]byte { return &m.RoutingID }),
	required(idNRPPaPDU, Reject, octets, func(m *DownlinkUEAssociatedNRPPaTransport) *[]byte { return &m.NRPPaPDU }),
}

// DownlinkUEAssociatedNRPPaTransport carries NRPPa about a device to a radio (TS 38.413
// §9.2.9.1).
type DownlinkUEAssociatedNRPPaTransport struct {
	AMFUENGAPID ident.AMFUENGAPID
	RANUENGAPID ident.RANUENGAPID
	RoutingID   []byte
	NRPPaPDU    []byte
}

func (*DownlinkUEAssociatedNRPPaTransport) Procedure() Procedure {
	return ProcDownlinkUEAssociatedNRPPaTransport
}
func (*DownlinkUEAssociatedNRPPaTransport) Kind() Kind { return Initiating }
func (m *DownlinkUEAssociatedNRPPaTransport) walk(c *coder) {
	downlinkUEAssociatedNRPPaTransport.walk(m, c)
}

var uplinkUEAssociatedNRPPaTransport = ieTable[UplinkUEAssociatedNRPPaTransport]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *UplinkUEAssociatedNRPPaTransport) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *UplinkUEAssociatedNRPPaTransport) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idRoutingID, Reject, octets, func(m *UplinkUEAssociatedNRPPaTransport) *[]byte { return &m.RoutingID }),
	required(idNRPPaPDU, Reject, octets, func(m *UplinkUEAssociatedNRPPaTransport) *[]byte { return &m.NRPPaPDU }),
}

// UplinkUEAssociatedNRPPaTransport carries NRPPa about a device from a radio (TS 38.413
// §9.2.9.2).
type UplinkUEAssociatedNRPPaTransport struct {
	AMFUENGAPID ident.AMFUENGAPID
	RANUENGAPID ident.RANUENGAPID
	RoutingID   []byte
	NRPPaPDU    []byte
}

func (*UplinkUEAssociatedNRPPaTransport) Procedure() Procedure {
	return ProcUplinkUEAssociatedNRPPaTransport
}
func (*UplinkUEAssociatedNRPPaTransport) Kind() Kind { return Initiating }
func (m *UplinkUEAssociatedNRPPaTransport) walk(c *coder) {
	uplinkUEAssociatedNRPPaTransport.walk(m, c)
}

var downlinkNonUEAssociatedNRPPaTransport = ieTable[DownlinkNonUEAssociatedNRPPaTransport]{
	required(idRoutingID, Reject, octets, func(m *DownlinkNonUEAssociatedNRPPaTransport) *[]byte { return &m.RoutingID }),
	required(idNRPPaPDU, Reject, octets, func(m *DownlinkNonUEAssociatedNRPPaTransport) *[]byte { return &m.NRPPaPDU }),
}

// DownlinkNonUEAssociatedNRPPaTransport carries NRPPa to a radio (TS 38.413 §9.2.9.3).
type DownlinkNonUEAssociatedNRPPaTransport struct {
	RoutingID []byte
	NRPPaPDU  []byte
}

func (*DownlinkNonUEAssociatedNRPPaTransport) Procedure() Procedure {
	return ProcDownlinkNonUEAssociatedNRPPaTransport
}
func (*DownlinkNonUEAssociatedNRPPaTransport) Kind() Kind { return Initiating }
func (m *DownlinkNonUEAssociatedNRPPaTransport) walk(c *coder) {
	downlinkNonUEAssociatedNRPPaTransport.walk(m, c)
}

var uplinkNonUEAssociatedNRPPaTransport = ieTable[UplinkNonUEAssociatedNRPPaTransport]{
	required(idRoutingID, Reject, octets, func(m *UplinkNonUEAssociatedNRPPaTransport) *[]byte { return &m.RoutingID }),
	required(idNRPPaPDU, Reject, octets, func(m *UplinkNonUEAssociatedNRPPaTransport) *[]byte { return &m.NRPPaPDU }),
}

// UplinkNonUEAssociatedNRPPaTransport carries NRPPa from a radio (TS 38.413 §9.2.9.4).
type UplinkNonUEAssociatedNRPPaTransport struct {
	RoutingID []byte
	NRPPaPDU  []byte
}

func (*UplinkNonUEAssociatedNRPPaTransport) Procedure() Procedure {
	return ProcUplinkNonUEAssociatedNRPPaTransport
}
func (*UplinkNonUEAssociatedNRPPaTransport) Kind() Kind { return Initiating }
func (m *UplinkNonUEAssociatedNRPPaTransport) walk(c *coder) {
	uplinkNonUEAssociatedNRPPaTransport.walk(m, c)
}
