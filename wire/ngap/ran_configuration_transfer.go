package ngap

// UplinkRANConfigurationTransfer carries self-organisation data from a radio (TS 38.413 §9.2.7.1).
type UplinkRANConfigurationTransfer struct {
	SON     *SONConfigurationTransfer // optional
	ENDCSON []byte                    // optional
}

func (*UplinkRANConfigurationTransfer) Procedure() Procedure {
	return ProcUplinkRANConfigurationTransfer
}
func (*UplinkRANConfigurationTransfer) Kind() Kind { return Initiating }

// DownlinkRANConfigurationTransfer carries it to a radio (TS 38.413 §9.2.7.2).
type DownlinkRANConfigurationTransfer struct {
	SON     *SONConfigurationTransfer // optional
	ENDCSON []byte                    // optional
}

func (*DownlinkRANConfigurationTransfer) Procedure() Procedure {
	return ProcDownlinkRANConfigurationTransfer
}
func (*DownlinkRANConfigurationTransfer) Kind() Kind { return Initiating }
