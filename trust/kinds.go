package trust

// Kind is a kind of finding: something observed of an element that neither its record nor its role
// explains. Its name is what rules' selectors and the machines that observe it call it.
type Kind struct {
	Name      string
	Invariant int    // of Cordon's ten that the finding says was tried
	Means     string // what was seen
	Do        string // what an operator does about it
	By        Doer   // whose doing it can be at most
	// Lasting findings count until an operator clears them; the others for 24 hours.
	Lasting bool
	// Free is how many in an hour say nothing, for equipment makes them that is only bad.
	Free int
}

// Doer is whose doing a finding can be. A rule that restricts an element for what others can cause lets
// them take it out of service.
type Doer uint8

const (
	// Anyone: whoever reaches the air or the line, for nothing in it is proven to come from the element.
	Anyone Doer = iota
	// Device: a device that the element serves can cause it alone. Rules are told how many different ones
	// did, each proven by its keys and counted once in 24 hours, for what it did first and where it did that.
	Device
	// Itself: it lies in the element's own words, over its own association.
	Itself
)

func (d Doer) String() string { return [...]string{"anyone", "device", "itself"}[d] }

// Reported is the kind of finding that rests on the word of a user plane at another site. It is one kind, apart from those that the core has
// seen itself, so that rules which act on those do not act on that word, and so that one user plane fills no more of
// the book than an entry of each radio at its site.
const Reported = "reported by a user plane"

const (
	askVendor   = "Ask its vendor; until it is explained, keep protected subscribers away."
	lookAtCable = "See who else is on its network, and take the element out of service until that is known."
)

// kinds is every kind of finding, by what may follow from it: first those of a radio's word about
// connections and itself, then of devices behind it, then of user packets.
var kinds = []Kind{
	{Name: "stolen connection", Invariant: 1, By: Itself, Lasting: true, Means: "It used a connection's handle that belongs to another radio.", Do: "Cut it off and keep the bytes: no slip of a radio's does this."},
	{Name: "path switch", Invariant: 1, Lasting: true, Means: "It asked for a connection that another radio has. That other radio can have handed the device over to it, which is not served here.", Do: "Turn handover between the two off; where it is off, ask the vendors of both."},
	{Name: "radio identity", Invariant: 8, By: Itself, Lasting: true, Means: "It changed its own identity while connected.", Do: "Find out which of the two it is; cut it off until then."},
	{Name: "duplicate radio", Invariant: 1, By: Itself, Lasting: true, Means: "A second radio came with the identity of one that is connected.", Do: "See which of the two addresses is in the record; the other is an impostor or wrongly configured."},
	{Name: "radio address", Invariant: 5, By: Itself, Lasting: true, Means: "It came from an address that is not in its record.", Do: "Correct the record if it was moved; else find who uses its identity."},
	{Name: "scope", Invariant: 4, By: Itself, Means: "It announced tracking areas, networks or slices that its record does not have.", Do: "Correct its configuration, or the record."},
	{Name: "location", Invariant: 4, By: Itself, Means: "It placed a device in a cell that is not its own.", Do: askVendor},
	{Name: "capability", Invariant: 4, By: Device, Means: "A device's security capabilities arrived altered, or without what every device has.", Do: "See how many different devices it were: of many, the radio alters them."},
	{Name: "bidding down", Invariant: 4, By: Device, Means: "A device refused the capabilities it was told to have sent.", Do: "See how many different devices it were: of many, the radio alters them."},
	{Name: "initial NAS tampered", Invariant: 3, By: Device, Means: "The clear part of a device's first message was altered on its way.", Do: "Look whether all its devices are concerned: then the radio, or its line, alters them."},
	{Name: "mac", Invariant: 2, By: Device, Means: "A message in a device's name was not made with that device's keys, or was sent again.", Do: "A few are lost connections; of many different devices at one radio, the radio replays."},
	{Name: "authentication", Invariant: 2, Means: "A challenge was answered wrongly.", Do: "Check the SIM's key; of many devices at one radio, suspect the radio."},
	{Name: "unanswered", Invariant: 10, By: Device, Means: "A page, a release or a set-up that the radio must answer was met with silence.", Do: "Check the radio's load and line; if both are well, it withholds."},
	{Name: "flood", Invariant: 9, Means: "More half-open connections than it may have.", Do: "See whether devices or the radio make them; block the device, or restrict the radio."},
	{Name: "churn", Invariant: 9, By: Device, Means: "Devices were released for inactivity again and again.", Do: "Check the radio's inactivity timer; if it is well, it wears devices' batteries and the core out."},
	{Name: "malformed", Invariant: 7, By: Itself, Free: 60, Means: "Messages that cannot be decoded, beyond what broken equipment sends.", Do: "Keep the bytes and send them to its vendor."},
	{Name: "foreign tunnel endpoint", Invariant: 5, By: Itself, Lasting: true, Means: "It named a tunnel endpoint outside its own addresses: traffic would have gone elsewhere.", Do: "Correct the record if the addresses are its own; else cut it off: it copies or reroutes."},
	{Name: "wrong outer source", Invariant: 5, Means: "User packets of a session came from another address than the one downlink goes to.", Do: lookAtCable},
	{Name: "second outer source", Invariant: 5, Means: "The same while the right one was sending too: the path is copied or stolen.", Do: lookAtCable},
	{Name: "TEID sweep", Invariant: 8, Means: "Tunnels that never were, again and again from one source: tunnel numbers are being guessed.", Do: lookAtCable},
	{Name: "unknown TEID", Invariant: 8, Free: 600, Means: "User packets for tunnels that never were.", Do: "After its restart this is noise; else someone guesses tunnel numbers from its address."},
	{Name: "malformed GTP-U", Invariant: 7, Free: 60, Means: "User packets whose tunnel header is wrong.", Do: "Keep the bytes and send them to its vendor."},
	{Name: "unknown extension header", Invariant: 7, Free: 60, Means: "User packets with an extension that must be understood and is not.", Do: "Ask its vendor what it is, and turn it off."},
	{Name: "wrong PDU session container", Invariant: 4, Means: "User packets without the container that their session has, or with that of the other direction.", Do: askVendor},
	{Name: "unknown QFI", Invariant: 4, Means: "User packets in a flow that their session does not have.", Do: askVendor},
	{Name: "spoofed source", Invariant: 6, Means: "User packets with another source than their device's address.", Do: "Mostly the device; of many devices at one radio, suspect the radio."},
	{Name: "forbidden destination", Invariant: 6, Means: "User packets to the core, this host or no unicast address.", Do: "Find the device; of many devices at one radio, suspect the radio."},
	{Name: "replayed", Invariant: 3, Means: "User packets that were sent before.", Do: lookAtCable},
	{Name: "foreign error indication", Invariant: 5, Means: "Somebody tried to end a tunnel that is not theirs.", Do: lookAtCable},
	{Name: "forbidden ICMP", Invariant: 6, Means: "A device sent redirects, router advertisements or the like.", Do: "Find the device."},
	{Name: "DHCP server", Invariant: 6, Means: "A device gave out addresses.", Do: "Find the device."},
	{Name: "echo too fast", Invariant: 4, Means: "Its user plane answers faster than light goes to where its record has it and back.", Do: "It is not there, or somebody nearer answers for it: correct the record, or find who."},
	{Name: "echo too slow", Invariant: 4, Means: "Its user plane answers later than a sensible way to where its record has it explains.", Do: "See which way its line takes; where that is known to be slow, as over a satellite, raise the allowance."},
	{Name: "path grown longer", Invariant: 4, Means: "The way to its user plane became longer, and stayed so.", Do: "Ask the line's carrier what was changed; if nothing was, the traffic takes a detour."},
	{Name: "echo silent", Invariant: 10, Means: "Its user plane answers no echo request, which the standard has it do.", Do: "See whether its devices' packets pass; then a filter is in the way, or somebody withholds answers."},
	{Name: "n4 stranger", Invariant: 2, Means: "Somebody who is no user plane of this network spoke on N4.", Do: lookAtCable},
	{Name: "n4 foreign node identity", Invariant: 2, Means: "A message on N4 bore the name of a user plane and came from another address.", Do: lookAtCable},
	{Name: "n4 foreign session", Invariant: 1, By: Itself, Means: "A user plane spoke of a session that it does not have.", Do: askVendor},
	{Name: "n4 malformed message", Invariant: 7, By: Itself, Free: 60, Means: "Messages on N4 that cannot be decoded.", Do: "Keep the bytes and send them to its vendor."},
	{Name: "n4 false restart", Invariant: 2, Means: "A message said that a user plane had begun anew, which it did not confirm.", Do: lookAtCable},
	{Name: "n4 impossible answer", Invariant: 4, By: Itself, Means: "A user plane's answer was without cause or name, or about another session.", Do: askVendor},
	{Name: "n4 foreign tunnel endpoint", Invariant: 5, By: Itself, Lasting: true, Means: "A user plane named a tunnel endpoint outside its own addresses, or one that another session has: traffic would have gone elsewhere.", Do: "Correct the record if the addresses are its own; else cut it off: it copies or reroutes."},
	{Name: "n4 address that was not asked for", Invariant: 4, By: Itself, Means: "A user plane gave a device an address, which is the core's to give.", Do: askVendor},
	{Name: "n4 impossible usage", Invariant: 4, By: Itself, Lasting: true, Means: "A user plane counted more than it can carry, less than before, or other than the far end of its tunnel did.", Do: "Compare with the anchor's counters; until it is explained, keep sessions away from it."},
	{Name: Reported, Invariant: 5, Means: "A user plane at its site says that user packets, or answers to echo requests, which its role does not explain came from its address; the reason names the user plane and what it saw. It is that user plane's word.", Do: "See what it was at the site itself. Where only this user plane says it, doubt the user plane too."},
	{Name: "device source from outside", Invariant: 6, Means: "A packet from a data network bore a device's address.", Do: "Filter it where the data network begins."},
}

// Kinds is every kind of finding.
func Kinds() []Kind { return append([]Kind(nil), kinds...) }

// KindNamed is the kind of that name.
func KindNamed(name string) (Kind, bool) {
	for i := range kinds {
		if kinds[i].Name == name {
			return kinds[i], true
		}
	}
	return Kind{}, false
}
