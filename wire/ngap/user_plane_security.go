package ngap

// Protection is how much user plane protection is wanted (TS 38.413 §9.3.1.27).
type Protection uint8

const (
	ProtectionRequired Protection = iota
	ProtectionPreferred
	ProtectionNotNeeded
)

// IntegrityRate is how fast a device can protect integrity.
type IntegrityRate uint8

const (
	IntegrityRate64k IntegrityRate = iota
	IntegrityRateFull
)

// SecurityIndication is the user plane policy of a session (TS 38.413 §9.3.1.27).
type SecurityIndication struct {
	Integrity, Confidentiality Protection
	MaxIntegrityRate           *IntegrityRate // uplink; with integrity required or preferred
}

// SecurityResult is what a radio made of a preferred policy (TS 38.413 §9.3.1.59).
type SecurityResult struct {
	IntegrityPerformed, ConfidentialityPerformed bool
}
