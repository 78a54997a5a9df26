package ngap

import "cordon/ident"

// DownlinkUEAssociatedNRPPaTransport carries NRPPa about a device to a radio (TS 38.413 §9.2.9.1).
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

// UplinkUEAssociatedNRPPaTransport carries NRPPa about a device from a radio (TS 38.413 §9.2.9.2).
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

// DownlinkNonUEAssociatedNRPPaTransport carries NRPPa to a radio (TS 38.413 §9.2.9.3).
type DownlinkNonUEAssociatedNRPPaTransport struct {
	RoutingID []byte
	NRPPaPDU  []byte
}

func (*DownlinkNonUEAssociatedNRPPaTransport) Procedure() Procedure {
	return ProcDownlinkNonUEAssociatedNRPPaTransport
}
func (*DownlinkNonUEAssociatedNRPPaTransport) Kind() Kind { return Initiating }

// UplinkNonUEAssociatedNRPPaTransport carries NRPPa from a radio (TS 38.413 §9.2.9.4).
type UplinkNonUEAssociatedNRPPaTransport struct {
	RoutingID []byte
	NRPPaPDU  []byte
}

func (*UplinkNonUEAssociatedNRPPaTransport) Procedure() Procedure {
	return ProcUplinkNonUEAssociatedNRPPaTransport
}
func (*UplinkNonUEAssociatedNRPPaTransport) Kind() Kind { return Initiating }
