package ngap

// PDUSessionResourceReleaseCommandTransfer is why a session ends (TS 38.413 §9.3.4.12).
type PDUSessionResourceReleaseCommandTransfer struct {
	Cause Cause
}

// PDUSessionResourceReleaseResponseTransfer says that it has ended (TS 38.413 §9.3.4.21).
type PDUSessionResourceReleaseResponseTransfer struct{}

func (v *PDUSessionResourceReleaseCommandTransfer) code(c *coder) { causeOnly(c, &v.Cause) }

func (v *PDUSessionResourceReleaseResponseTransfer) code(c *coder) { c.end(c.begin()) }
