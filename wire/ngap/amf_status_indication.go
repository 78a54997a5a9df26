package ngap

var amfStatusIndication = ieTable[AMFStatusIndication]{
	required(idUnavailableGUAMIList, Reject, unavailableGUAMIs, func(m *AMFStatusIndication) *[]UnavailableGUAMI { return &m.UnavailableGUAMIs }),
}

// AMFStatusIndication names the identities of an AMF that is about to leave (TS 38.413
// §9.2.6.10).
type AMFStatusIndication struct {
	UnavailableGUAMIs []UnavailableGUAMI
}

func (*AMFStatusIndication) Procedure() Procedure { return ProcAMFStatusIndication }
func (*AMFStatusIndication) Kind() Kind           { return Initiating }
func (m *AMFStatusIndication) walk(c *coder)      { amfStatusIndication.walk(m, c) }
