package nas

import "cordon/ident"

// KSI names a key set: bits 1 to 3 its number, 7 for none; bit 4 set for a mapped context
// (TS 24.501 §9.11.3.32).
type KSI uint8

// NoKSI is said by a device that has no keys.
const NoKSI KSI = 7

// RegistrationType is §9.11.3.7. Values not named here count as initial.
type RegistrationType uint8

const (
	RegistrationInitial   RegistrationType = 1
	RegistrationMobility  RegistrationType = 2
	RegistrationPeriodic  RegistrationType = 3
	RegistrationEmergency RegistrationType = 4
	RegistrationSNPN      RegistrationType = 5 // onboarding
	RegistrationDisaster  RegistrationType = 6
)

func registrationType(c *coder, m *RegistrationRequest) {
	low := m.Kind
	if m.FollowOn {
		low |= 8
	}
	c.check(m.Kind < 8)
	halves(c, &low, &m.KSI)
	m.Kind, m.FollowOn = low&7, low&8 != 0
}

// RegistrationResult is §9.11.3.6.
type RegistrationResult uint8

const (
	Registered3GPP      RegistrationResult = 1
	RegisteredNon3GPP   RegistrationResult = 2
	RegisteredBoth      RegistrationResult = 3
	SMSOverNASAllowed   RegistrationResult = 1 << 3
	SliceAuthentication RegistrationResult = 1 << 4 // is to be performed
	EmergencyRegistered RegistrationResult = 1 << 5
	DisasterRegistered  RegistrationResult = 1 << 6
)

// DeregistrationType is §9.11.3.20, four bits.
type DeregistrationType uint8

const (
	Deregister3GPP       DeregistrationType = 1
	DeregisterNon3GPP    DeregistrationType = 2
	DeregisterBoth       DeregistrationType = 3
	ReregistrationNeeded DeregistrationType = 1 << 2 // from the network only
	SwitchOff            DeregistrationType = 1 << 3
)

// ServiceType is §9.11.3.50.
type ServiceType uint8

const (
	ServiceSignalling        ServiceType = 0
	ServiceData              ServiceType = 1
	ServiceMobileTerminated  ServiceType = 2
	ServiceEmergency         ServiceType = 3
	ServiceEmergencyFallback ServiceType = 4
	ServiceHighPriority      ServiceType = 5
	ServiceElevated          ServiceType = 6
)

// AccessType is §9.11.3.11.
type AccessType uint8

const (
	Access3GPP    AccessType = 1
	AccessNon3GPP AccessType = 2
)

// PayloadType says what a payload container holds (§9.11.3.40).
type PayloadType uint8

const (
	PayloadSM             PayloadType = 1
	PayloadSMS            PayloadType = 2
	PayloadLPP            PayloadType = 3
	PayloadSOR            PayloadType = 4
	PayloadUEPolicy       PayloadType = 5
	PayloadUEParameters   PayloadType = 6
	PayloadLocation       PayloadType = 7
	PayloadCIoT           PayloadType = 8
	PayloadServiceLevelAA PayloadType = 9
	PayloadEvent          PayloadType = 10
	PayloadMultiple       PayloadType = 15
)

// RequestType is §9.11.3.47; 0 is absent.
type RequestType uint8

const (
	RequestInitial           RequestType = 1
	RequestExisting          RequestType = 2
	RequestInitialEmergency  RequestType = 3
	RequestExistingEmergency RequestType = 4
	RequestModification      RequestType = 5
	RequestMAPDU             RequestType = 6
)

// UEStatus is §9.11.3.56.
type UEStatus uint8

const (
	StatusEMMRegistered  UEStatus = 1 << 0
	Status5GMMRegistered UEStatus = 1 << 1
)

// UpdateType is §9.11.3.9A.
type UpdateType uint8

const (
	UpdateSMSRequested          UpdateType = 1 << 0
	UpdateRadioCapabilityNeeded UpdateType = 1 << 1
)

// ConfigurationIndication is §9.11.3.18.
type ConfigurationIndication uint8

const (
	AcknowledgementRequested ConfigurationIndication = 1 << 0
	RegistrationRequested    ConfigurationIndication = 1 << 1
)

// IMEISVRequested is the value of an IMEISV request (§9.11.3.28).
const IMEISVRequested uint8 = 1

// AdditionalSecurity is §9.11.3.12.
type AdditionalSecurity uint8

const (
	HorizontalDerivation AdditionalSecurity = 1 << 0 // KAMF was derived anew
	RetransmitInitial    AdditionalSecurity = 1 << 1 // RINMR: the whole initial message is wanted
)

// IntegrityRate is what a device can protect the integrity of on the user plane, each
// direction 0 for 64 kbit/s, 0xff for all its rate (§9.11.4.7).
type IntegrityRate struct {
	Uplink, Downlink uint8
}

// FullRate is no limit.
const FullRate uint8 = 0xff

func integrityRate(c *coder, r *IntegrityRate) {
	u8(c, &r.Uplink)
	u8(c, &r.Downlink)
}

// maxFilters is eleven bits, then five spare ones.
func maxFilters(c *coder, n *uint16) {
	if c.writing {
		c.check(*n < 1<<11)
	}
	v := *n << 5
	u16(c, &v)
	*n = v >> 5
}

func optionalGUTI(c *coder, g *ident.GUTI) {
	id := MobileIdentity{Type: IdentityGUTI, GUTI: *g}
	mobileIdentity(c, &id)
	c.check(id.Type == IdentityGUTI)
	*g = id.GUTI
}

func optionalSTMSI(c *coder, s *ident.STMSI) {
	id := MobileIdentity{Type: IdentitySTMSI, STMSI: *s}
	mobileIdentity(c, &id)
	c.check(id.Type == IdentitySTMSI)
	*s = id.STMSI
}

func optionalIMEISV(c *coder, v *ident.IMEISV) {
	id := MobileIdentity{Type: IdentityIMEISV, Equipment: *v}
	mobileIdentity(c, &id)
	c.check(id.Type == IdentityIMEISV)
	*v = id.Equipment
}

func plmns(c *coder, p *[]ident.PLMN) { each(c, p, plmn) }

// LADN is a local area data network and where it is (§9.11.3.30).
type LADN struct {
	DNN  ident.DNN
	TAIs []ident.TAI
}

func ladns(c *coder, p *[]LADN) {
	each(c, p, func(c *coder, l *LADN) {
		lengthed(c, func() { dnn(c, &l.DNN) })
		lengthed(c, func() { taiList(c, &l.TAIs) })
	})
}
