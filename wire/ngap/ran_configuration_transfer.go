package ngap

var uplinkRANConfigurationTransfer = ieTable[UplinkRANConfigurationTransfer]{
	optional(idSONConfigurationTransferUL, Ignore, sonConfigurationTransfer, func(m *UplinkRANConfigurationTransfer) **SONConfigurationTransfer { return &m.SON }),
	octetsIf(idENDCSONConfigurationTransferUL, Ignore, func(m *UplinkRANConfigurationTransfer) *[]byte { return &m.ENDCSON }),
}

// UplinkRANConfigurationTransfer carries self-organisation data from a radio (TS 38.413
// §9.2.7.1).
type UplinkRANConfigurationTransfer struct {
	SON     *SONConfigurationTransfer // optional
	ENDCSON []byte                    // optional
}

func (*UplinkRANConfigurationTransfer) Procedure() Procedure {
	return ProcUplinkRANConfigurationTransfer
}
func (*UplinkRANConfigurationTransfer) Kind() Kind      { return Initiating }
func (m *UplinkRANConfigurationTransfer) walk(c *coder) { uplinkRANConfigurationTransfer.walk(m, c) }

var downlinkRANConfigurationTransfer = ieTable[DownlinkRANConfigurationTransfer]{
	optional(idSONConfigurationTransferDL, Ignore, sonConfigurationTransfer, func(m *DownlinkRANConfigurationTransfer) **SONConfigurationTransfer { return &m.SON }),
	octetsIf(idENDCSONConfigurationTransferDL, Ignore, func(m *DownlinkRANConfigurationTransfer) *[]byte { return &m.ENDCSON }),
}

// DownlinkRANConfigurationTransfer carries it to a radio (TS 38.413 §9.2.7.2).
type DownlinkRANConfigurationTransfer struct {
	SON     *SONConfigurationTransfer // optional
	ENDCSON []byte                    // optional
}

func (*DownlinkRANConfigurationTransfer) Procedure() Procedure {
	return ProcDownlinkRANConfigurationTransfer
}
func (*DownlinkRANConfigurationTransfer) Kind() Kind { return Initiating }
func (m *DownlinkRANConfigurationTransfer) walk(c *coder) {
	downlinkRANConfigurationTransfer.walk(m, c)
}
