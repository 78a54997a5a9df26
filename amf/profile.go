package amf

// Profile is how a make of radio departs from the others, so that the machines need not
// know makers.
type Profile struct {
	Name string
	// IPv4Only radios refuse sessions of type IPv4v6.
	IPv4Only bool
	// Fragile radios die of procedures that they do not expect: overload, AMF
	// configuration and status, location reporting, UE context modification, modification of sessions.
	Fragile bool
	// NoModify radios skip or lack PDU session resource modification.
	NoModify bool
	// MaskedIMEISV is sent in INITIAL CONTEXT SETUP REQUEST.
	MaskedIMEISV bool
	// Context is an initial context set up for every registration, whether the radio asked
	// for it or not.
	Context bool
}

// profiles is the table of makes; the first is for everything unknown.
var profiles = [...]Profile{
	{Name: "generic", MaskedIMEISV: true},
	{Name: "ueransim", IPv4Only: true, NoModify: true},
	{Name: "packetrusher", IPv4Only: true, NoModify: true, Fragile: true},
	{Name: "oai", IPv4Only: true, NoModify: true, Fragile: true},
	{Name: "srsran", IPv4Only: true, MaskedIMEISV: true},
	{Name: "ocudu", IPv4Only: true, MaskedIMEISV: true},
	{Name: "nokia", MaskedIMEISV: true, Context: true},
	{Name: "baicells", MaskedIMEISV: true},
	{Name: "ericsson", MaskedIMEISV: true},
}

// LookupProfile finds a profile by its name.
func LookupProfile(name string) (*Profile, bool) {
	for i := range profiles {
		if profiles[i].Name == name {
			return &profiles[i], true
		}
	}
	return &profiles[0], false
}
