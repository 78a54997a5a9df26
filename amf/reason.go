package amf

// Reason is why something was dropped.
type Reason uint8

const (
	ReasonNoConnection Reason = iota // the connection is unknown or gone
	ReasonNoDevice                   // the device is not registered here
	ReasonState                      // not awaited now
	ReasonMalformed                  // NAS that cannot be decoded
	ReasonNotInitial                 // a NAS message that may not open a connection
	ReasonUnprotected                // without the protection that it must have
	ReasonMAC                        // the integrity check failed
	ReasonStale                      // an answer to an earlier question
	ReasonFull                       // a table's limit was reached
	ReasonEvicted                    // half-open, the oldest, and others came
	ReasonExpired                    // half-open for too long
	ReasonNoAnswer                   // a procedure's retransmissions went unanswered
	ReasonRefused                    // the device was refused
	ReasonUnsupported                // a procedure that this core does not have
	ReasonNotDelivered               // the radio could not deliver NAS
	ReasonReported                   // an error that the radio reports
	ReasonBadContext                 // a stored context that cannot be read
	ReasonIdle                       // the device has no connection
	ReasonNoSession                  // no such session
	ReasonTooLarge                   // beyond a named limit
	ReasonNotSetUp                   // before NG Setup
	ReasonWrongWay                   // a message that only a core sends
	ReasonParse                      // NGAP that cannot be decoded
	ReasonAccepted                   // taken note of, and nothing to do
	ReasonDuplicate                  // said before
	ReasonExhausted                  // a NAS COUNT has reached its end
	ReasonHeld                       // put off until the radio has the context, or the device its identity
	ReasonTooMany                    // nonsense of one device that is no longer answered
	ReasonLaw                        // the rules refuse it
	ReasonNoLaw                      // there are no rules yet to judge it by
	ReasonPaging                     // as many devices as may be are being paged
	reasons
)

var reasonNames = [reasons]string{
	"no connection", "no device", "state", "malformed", "not initial", "unprotected", "mac", "stale",
	"full", "evicted", "expired", "no answer", "refused", "unsupported", "not delivered", "reported",
	"bad context", "idle", "no session", "too large", "not set up", "wrong way", "parse", "accepted", "duplicate",
	"count exhausted", "held", "too many", "unlawful", "no law", "paging budget",
}

func (r Reason) String() string { return reasonNames[r] }

// FindingKind is what was observed.
type FindingKind uint8

const (
	FindingMAC         FindingKind = iota // NAS of a registered device that its keys did not make, or made before
	FindingTampered                       // an initial message whose clear part was altered on its way
	FindingBiddingDown                    // a device refused the capabilities replayed to it
	FindingAuth                           // a challenge answered wrongly
	FindingLocation                       // a place that is not the radio's
	FindingDuplicate                      // a radio with the identity of one that is connected
	FindingScope                          // areas or slices beyond what is served here
	FindingIdentity                       // a radio that changed its identity
	FindingUnanswered                     // a release or context setup that the radio did not answer
	FindingCapability                     // capabilities without the mandatory algorithms
	FindingTheft                          // a connection named that is another radio's
	FindingFlood                          // half-open connections beyond the limit
	FindingChurn                          // a device released for inactivity again and again
	FindingAddress                        // a radio that comes from an address which is not its own
	FindingSwitch                         // a path switch for a connection that is another radio's
	findings
)

var findingNames = [findings]string{
	"mac", "initial NAS tampered", "bidding down", "authentication", "location", "duplicate radio",
	"scope", "radio identity", "unanswered", "capability", "stolen connection", "flood", "churn", "radio address", "path switch",
}

func (k FindingKind) String() string { return findingNames[k] }
