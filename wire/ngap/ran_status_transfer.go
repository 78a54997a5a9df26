package ngap

import "cordon/ident"

// UplinkRANStatusTransfer carries PDCP state from the source radio (TS 38.413 §9.2.3.13).
type UplinkRANStatusTransfer struct {
	AMFUENGAPID ident.AMFUENGAPID
	RANUENGAPID ident.RANUENGAPID
	Container   RANStatusTransfer
}

func (*UplinkRANStatusTransfer) Procedure() Procedure { return ProcUplinkRANStatusTransfer }
func (*UplinkRANStatusTransfer) Kind() Kind           { return Initiating }

// DownlinkRANStatusTransfer carries it to the target radio (TS 38.413 §9.2.3.14).
type DownlinkRANStatusTransfer struct {
	AMFUENGAPID ident.AMFUENGAPID
	RANUENGAPID ident.RANUENGAPID
	Container   RANStatusTransfer
}

func (*DownlinkRANStatusTransfer) Procedure() Procedure { return ProcDownlinkRANStatusTransfer }
func (*DownlinkRANStatusTransfer) Kind() Kind           { return Initiating }
