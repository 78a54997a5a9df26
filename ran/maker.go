package ran

// Maker is how the radios of one maker differ on N2: what they insist on and what they
// leave out. The zero value is the standard and nothing more.
type Maker struct {
	Name string
	// StrictStreams: a UE message on stream 0 or on another stream than the first, or another
	// message on a stream other than 0, is ignored.
	StrictStreams bool
	// NeedsUEAMBR: a PDU Session Resource Setup Request without UE-AMBR is ignored.
	NeedsUEAMBR bool
	// NeedsSessionNAS: so is one whose session carries no NAS.
	NeedsSessionNAS bool
	// NoContextRequest: UE Context Request is left out of the Initial UE Message.
	NoContextRequest bool
	// NoRadioCapability: the phone's radio capability is never sent.
	NoRadioCapability bool
	// IPv4Only: sessions of type IPv4v6 are refused.
	IPv4Only bool
}

// Makers are the kinds of radio that interoperability has been seen to depend on.
func Makers() []Maker {
	return []Maker{
		{Name: "generic"},
		{Name: "ueransim", StrictStreams: true, NoRadioCapability: true, IPv4Only: true},
		{Name: "oai", NeedsUEAMBR: true, NeedsSessionNAS: true},
		{Name: "srsran", IPv4Only: true},
		{Name: "packetrusher", NoRadioCapability: true, NoContextRequest: true, IPv4Only: true},
	}
}
