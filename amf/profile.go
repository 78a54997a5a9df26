package amf

import (
	"slices"
	"strings"
)

// Profile is how a make of radio departs from the others, so that the machines need not
// know makers.
type Profile struct {
	Name string
	// Known are the beginnings of the names that radios of the make give themselves unless
	// told otherwise.
	Known []string
	// Fragile radios die of procedures that they do not expect: overload, AMF
	// configuration and status, location reporting, UE context modification, modification of sessions.
	Fragile bool
	// MaskedIMEISV is sent in INITIAL CONTEXT SETUP REQUEST.
	MaskedIMEISV bool
	// Context is an initial context set up for every registration, whether the radio asked
	// for it or not.
	Context bool
}

// profiles is the table of makes; the first is for everything unknown.
var profiles = [...]Profile{
	{Name: "generic", MaskedIMEISV: true},
	{Name: "ueransim", Known: []string{"UERANSIM-gnb"}, MaskedIMEISV: true},
	{Name: "packetrusher", Fragile: true},
	{Name: "oai", Known: []string{"gNB-OAI", "gNB-Eurecom", "gnb-rfsim"}, Fragile: true},
	{Name: "srsran", Known: []string{"srsgnb", "cu_cp_"}, MaskedIMEISV: true},
	{Name: "ocudu", Known: []string{"ocucp"}, MaskedIMEISV: true},
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

// profileOf is the profile of the make that a radio's name gives away, generic if none. A radio that
// lies about it is spared what its profile spares it, and gains nothing.
func profileOf(name string) *Profile {
	for i := range profiles {
		if slices.ContainsFunc(profiles[i].Known, func(known string) bool { return strings.HasPrefix(name, known) }) {
			return &profiles[i]
		}
	}
	return &profiles[0]
}
