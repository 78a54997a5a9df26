package n4

import "fmt"

// Reason is why something was dropped.
type Reason uint8

const (
	ReasonStranger  Reason = iota + 1 // nobody who may speak
	ReasonMalformed                   // it cannot be read
	ReasonRepeated                    // it came before, and its answer is not there yet
	ReasonLate                        // an answer to nothing that was asked, or not any more
	ReasonRole                        // a message that this end is not sent
	ReasonBusy                        // too much waits already
	ReasonSession                     // a report of, or an answer about, a session that is not there
	ReasonNoAnswer                    // a report that nobody took
	ReasonUnproven                    // a restart that was claimed and not confirmed
	ReasonRefused                     // an association that the user plane does not want
)

var reasonNames = [...]string{ReasonStranger: "stranger", ReasonMalformed: "malformed", ReasonRepeated: "repeated", ReasonLate: "late",
	ReasonRole: "role", ReasonBusy: "busy", ReasonSession: "no session", ReasonNoAnswer: "no answer", ReasonUnproven: "restart not confirmed",
	ReasonRefused: "association refused"}

func (r Reason) String() string {
	if int(r) < len(reasonNames) && reasonNames[r] != "" {
		return reasonNames[r]
	}
	return fmt.Sprintf("reason %d", uint8(r))
}

// Kind says what a finding is of.
type Kind uint8

const (
	KindStranger     Kind = iota // datagrams from who may not speak
	KindForeignNode              // a node identity that is not the sender's
	KindForeignSEID              // a session that is another's
	KindMalformed                // what cannot be read
	KindFalseRestart             // a restart that the peer itself does not confirm
	KindBadAnswer                // an answer without cause, identity or SEID, or about another session
	KindBadEndpoint              // a tunnel endpoint outside the UPF's networks, or one that another session has
	KindUnasked                  // a device's address that the UPF was not asked to choose
	KindFalseUsage               // more than could be carried, or less than before
	KindBadPorts                 // public ports of an address that is none of the UPF's
	kinds
)

var kindNames = [kinds]string{"stranger", "foreign node identity", "foreign session", "malformed message", "false restart", "impossible answer",
	"foreign tunnel endpoint", "address that was not asked for", "impossible usage",
	"foreign public ports"}

func (k Kind) String() string { return kindNames[k] }
