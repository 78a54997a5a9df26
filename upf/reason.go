package upf

// Reason is why a packet was not forwarded. Each is counted.
type Reason uint8

const (
	ReasonNone Reason = iota

	// Uplink, before a session is known.
	ReasonMalformedGTPU    // no GTP-U, or its length or extension headers are wrong
	ReasonUnexpectedType   // a message that a radio does not send, or of no use here
	ReasonUnknownExtension // an extension header that must be understood and is not
	ReasonUnknownTEID      // no session has it
	ReasonLate             // a session that has ended had it, the last of its slot
	ReasonSweep            // no session has it, again and again from one source: TEIDs are being guessed
	ReasonRateLimited      // an answer that was not given, for there were too many

	// Uplink of a session.
	ReasonUnbound         // the radio's endpoint is not known yet, or no longer
	ReasonWrongSource     // not from the endpoint that downlink goes to
	ReasonSecondSource    // the same, while the right one is sending too: path copied or stolen
	ReasonWrongContainer  // no PDU session container where one is required, or one for downlink
	ReasonUnknownQFI      // a QoS flow that the session does not have
	ReasonSpoofedSource   // the inner source is not the device's address
	ReasonForbidden       // the inner destination is this host, the core, or no unicast address
	ReasonOtherUE         // the inner destination is a device
	ReasonReplayed        // the sequence number has been seen
	ReasonForeignErrorInd // an error indication from another than the tunnel's endpoint
	ReasonForbiddenICMP   // redirect, router advertisement, timestamp, address mask
	ReasonDHCPServer      // a device plays DHCP server
	ReasonLinkOnly        // IPv6 that is meant for one link: multicast, link-local, a stray neighbour or router message
	ReasonPorts           // NAT: the device has no port left

	// Either direction.
	ReasonMalformedIP // not one whole IP packet
	ReasonIPOptions   // source routing and the like
	ReasonFragment    // a fragment that hides its transport header
	ReasonGate        // the rules say drop
	ReasonRate        // above the session's AMBR
	ReasonNoRule      // it meets no rule of its session
	ReasonNotSealed   // the session is sealed, and the far end is not the seal gateway
	ReasonHops        // its last hop was before this one
	ReasonTooBig      // larger than the MTU

	// Downlink.
	ReasonUnknownUE  // no session has the destination
	ReasonUESource   // comes from N6 with a device's address
	ReasonBadSource  // comes from N6 with a source that is no host's
	ReasonUnmapped   // NAT: no device has asked for the port
	ReasonBufferFull // the device is not reachable and enough waits for it
	ReasonPaging     // the device is not reachable, and as many others as may be are being paged
	ReasonStale      // the device has not been reachable for too long

	// Sessions of type Ethernet.
	ReasonMalformedFrame // not one whole Ethernet frame
	ReasonManyMACs       // the device's side has as many MAC addresses as it may
	ReasonFlood          // too many frames to all
	reasons
)

// Reasons is how many there are; counters are arrays of that size.
const Reasons = int(reasons)

var reasonNames = [Reasons]string{
	ReasonNone:             "none",
	ReasonMalformedGTPU:    "malformed GTP-U",
	ReasonUnexpectedType:   "unexpected GTP-U message",
	ReasonUnknownExtension: "unknown extension header",
	ReasonUnknownTEID:      "unknown TEID",
	ReasonLate:             "released TEID",
	ReasonSweep:            "TEID sweep",
	ReasonRateLimited:      "answer withheld",
	ReasonUnbound:          "no radio endpoint",
	ReasonWrongSource:      "wrong outer source",
	ReasonSecondSource:     "second outer source",
	ReasonWrongContainer:   "wrong PDU session container",
	ReasonUnknownQFI:       "unknown QFI",
	ReasonSpoofedSource:    "spoofed source",
	ReasonForbidden:        "forbidden destination",
	ReasonOtherUE:          "destination is a device",
	ReasonReplayed:         "replayed",
	ReasonForeignErrorInd:  "foreign error indication",
	ReasonForbiddenICMP:    "forbidden ICMP",
	ReasonDHCPServer:       "DHCP server",
	ReasonLinkOnly:         "link only",
	ReasonPorts:            "no port left",
	ReasonMalformedIP:      "malformed IP",
	ReasonIPOptions:        "IP options",
	ReasonFragment:         "fragment",
	ReasonGate:             "gate closed",
	ReasonRate:             "above AMBR",
	ReasonNoRule:           "no rule",
	ReasonNotSealed:        "not sealed",
	ReasonHops:             "hop limit",
	ReasonTooBig:           "too big",
	ReasonUnknownUE:        "unknown device address",
	ReasonUESource:         "device source from outside",
	ReasonBadSource:        "impossible source",
	ReasonUnmapped:         "unmapped port",
	ReasonBufferFull:       "buffer full",
	ReasonPaging:           "paging budget",
	ReasonStale:            "waited too long",
	ReasonMalformedFrame:   "malformed frame",
	ReasonManyMACs:         "too many MAC addresses",
	ReasonFlood:            "above the rate of flooding",
}

func (r Reason) String() string {
	if int(r) < len(reasonNames) {
		return reasonNames[r]
	}
	return "unknown reason"
}

// Finding reports whether an honest radio and an honest device do not cause the drop, so
// that it says something about one of them.
func (r Reason) Finding() bool {
	switch r {
	case ReasonMalformedGTPU, ReasonUnknownExtension, ReasonSweep, ReasonWrongSource, ReasonSecondSource, ReasonWrongContainer,
		ReasonUnknownQFI, ReasonSpoofedSource, ReasonForbidden, ReasonReplayed, ReasonForeignErrorInd,
		ReasonForbiddenICMP, ReasonDHCPServer, ReasonUESource:
		return true
	}
	return false
}
