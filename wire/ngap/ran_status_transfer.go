package ngap

import "cordon/ident"

var uplinkRANStatusTransfer = ieTable[UplinkRANStatusTransfer]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *UplinkRANStatusTransfer) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *UplinkRANStatusTransfer) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idRANStatusTransferTransparentContainer, Reject, content, func(m *UplinkRANStatusTransfer) *[]byte { return &m.Container }),
}

// UplinkRANStatusTransfer carries PDCP state from the source radio (TS 38.413 §9.2.3.13).
type UplinkRANStatusTransfer struct {
	AMFUENGAPID ident.AMFUENGAPID
	RANUENGAPID ident.RANUENGAPID
	Container   []byte
}

func (*UplinkRANStatusTransfer) Procedure() Procedure { return ProcUplinkRANStatusTransfer }
func (*UplinkRANStatusTransfer) Kind() Kind           { return Initiating }
func (m *UplinkRANStatusTransfer) walk(c *coder)      { uplinkRANStatusTransfer.walk(m, c) }

var downlinkRANStatusTransfer = ieTable[DownlinkRANStatusTransfer]{
	required(idAMFUENGAPID, Reject, amfUENGAPID, func(m *DownlinkRANStatusTransfer) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Reject, ranUENGAPID, func(m *DownlinkRANStatusTransfer) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idRANStatusTransferTransparentContainer, Reject, content, func(m *DownlinkRANStatusTransfer) *[]byte { return &m.Container }),
}

// DownlinkRANStatusTransfer carries it to the target radio (TS 38.413 §9.2.3.14).
type DownlinkRANStatusTransfer struct {
	AMFUENGAPID ident.AMFUENGAPID
	RANUENGAPID ident.RANUENGAPID
	Container   []byte
}

func (*DownlinkRANStatusTransfer) Procedure() Procedure { return ProcDownlinkRANStatusTransfer }
func (*DownlinkRANStatusTransfer) Kind() Kind           { return Initiating }
func (m *DownlinkRANStatusTransfer) walk(c *coder)      { downlinkRANStatusTransfer.walk(m, c) }
