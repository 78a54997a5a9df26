// Package ngap encodes and decodes NGAP, the protocol between radios and the AMF
// (TS 38.413, Release 17).
//
// A message is a plain struct whose fields are its IEs, and one table that says of
// each IE its identifier, criticality and presence. The table encodes, decodes and
// judges what came by the abstract syntax rules of clause 10. A decoded message owns
// its memory: nothing in it aliases the octets it was read from.
package ngap

import "strconv"

// Message is one NGAP message: a pointer to one of this package's message types.
type Message interface {
	Procedure() Procedure
	Kind() Kind
}

// Kind says what a message is to its procedure (TS 38.413 §9.4.3, TriggeringMessage).
type Kind uint8

const (
	Initiating Kind = iota
	Successful
	Unsuccessful
)

var kindNames = [...]string{"initiating message", "successful outcome", "unsuccessful outcome"}

func (k Kind) String() string { return nameOf(kindNames[:], int(k)) }

// Criticality says what a receiver is to do that does not comprehend (TS 38.413 §10.3.2).
type Criticality uint8

const (
	Reject Criticality = iota
	Ignore
	Notify
)

var criticalityNames = [...]string{"reject", "ignore", "notify"}

func (c Criticality) String() string { return nameOf(criticalityNames[:], int(c)) }

// nameOf is the name of value v, or the number where it has none.
func nameOf(names []string, v int) string {
	if v < len(names) && names[v] != "" {
		return names[v]
	}
	return strconv.Itoa(v)
}
