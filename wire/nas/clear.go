package nas

// NonCleartext names the elements that m has and that may only stand ciphered in its
// container, or in a protected message (TS 24.501 §4.4.6). A device without a security
// context sends none of them.
func (m *RegistrationRequest) NonCleartext() []string {
	return nonCleartext(m, registrationRequestIEs)
}

// Cleartext is m with only the elements that may stand unciphered, sharing their memory:
// what a device sends first.
func (m *RegistrationRequest) Cleartext() *RegistrationRequest {
	return &RegistrationRequest{
		Kind: m.Kind, FollowOn: m.FollowOn, KSI: m.KSI, Identity: m.Identity, Security: m.Security,
		Status: m.Status, AdditionalGUTI: m.AdditionalGUTI, EPSContainer: m.EPSContainer,
	}
}

// NonCleartext names the elements that m has beyond those of §4.4.6.
func (m *ServiceRequest) NonCleartext() []string { return nonCleartext(m, serviceRequestIEs) }

// Cleartext is m with only the elements that may stand unciphered.
func (m *ServiceRequest) Cleartext() *ServiceRequest {
	return &ServiceRequest{KSI: m.KSI, Service: m.Service, STMSI: m.STMSI}
}

// NonCleartext names the elements that m has beyond those of §4.4.6.
func (m *ControlPlaneServiceRequest) NonCleartext() []string {
	return nonCleartext(m, controlPlaneServiceRequestIEs)
}

// nonCleartext writes each element that may not stand in the clear, to see if it is there.
// The container is left out, for it is where they belong.
func nonCleartext[M any](m *M, ies []ie[M]) []string {
	var names []string
	for i := range ies {
		e := &ies[i]
		if e.format&inClear != 0 || e.iei == ieiContainer {
			continue
		}
		c := &coder{b: []byte{e.iei}, writing: true}
		if e.code(c, m); !c.absent {
			names = append(names, e.name)
		}
	}
	return names
}

const ieiContainer = 0x71
