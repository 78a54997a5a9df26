// Package nas encodes, decodes and protects 5GS NAS messages (TS 24.501): mobility
// management (5GMM) between a device and the AMF, and session management (5GSM)
// between a device and the SMF.
//
// A message is plain data: a struct beside one table of its information elements, which
// serves append and parse both and carries the rules of clause 7. Parse and ParseSM read
// plain messages; Security opens and seals the protected ones around them.
//
// In a struct, an optional element is absent when its field is nil, or where it is no
// pointer or slice, zero. An empty slice that is not nil is present and empty. Elements of
// features that this network does not have are kept as octets.
//
// Contract. A decoder returns a message or an error, never both, and never panics,
// whatever the bytes. A decoded message owns its memory, in total no larger than a small
// multiple of the input. An accepted message encodes again, and what that gives parses to
// an equal message. Clause 7 is answered so:
//
//   - too short for a message type, or of another protocol: an error whose Cause is 0,
//     to be dropped without an answer (§7.2.1);
//   - unknown message type: CauseUnknownType, to be answered by a STATUS (§7.4);
//   - mandatory element missing or malformed, an element running past the end, or an
//     unknown element that must be comprehended: CauseInvalidMandatory (§7.5.1);
//   - unknown optional element: skipped and listed (§7.6.1);
//   - repeated optional element: the first counts, the others are listed (§7.6.3);
//   - malformed optional element: absent and listed (§7.7.1);
//   - optional elements out of sequence: accepted. §7.6.2 would have them ignored, but
//     devices exist that send the elements of a registration in an order of their own.
package nas

// Message is one plain 5GMM message: a pointer to one of the structs of this package.
type Message interface {
	Type() MessageType
	code(*coder)
}

// ExtendedProtocol is the first octet of a message (TS 24.007 §11.2.3.1A).
type ExtendedProtocol uint8

const (
	ProtocolMM ExtendedProtocol = 0x7e // 5GS mobility management
	ProtocolSM ExtendedProtocol = 0x2e // 5GS session management
)

// Parse decodes one plain 5GMM message. Optional elements that it had to treat as absent
// are listed in ignored, the first few of them. An error is always a *DecodeError.
func Parse(b []byte) (m Message, ignored []*DecodeError, err error) {
	c := &coder{b: b, end: len(b), name: "header"}
	switch {
	case len(b) < 3:
		return nil, nil, &DecodeError{IE: "header", Off: len(b), Err: ErrShort}
	case b[0] != byte(ProtocolMM):
		return nil, nil, &DecodeError{IE: "extended protocol discriminator", Err: ErrProtocol}
	case b[1]&0x0f != 0:
		return nil, nil, &DecodeError{IE: "security header type", Off: 1, Err: ErrProtected}
	}
	c.off = 3
	m = newMessage(MessageType(b[2]))
	if m == nil {
		return nil, nil, &DecodeError{IE: "message type", Off: 2, Cause: CauseUnknownType, Err: ErrUnknownType}
	}
	m.code(c)
	if c.err != nil {
		return nil, nil, c.err
	}
	return m, c.ignored, nil
}

// Append encodes m as a plain 5GMM message after b. It fails, leaving b as it was, if a
// mandatory element is missing or a value has no encoding.
func Append(b []byte, m Message) ([]byte, error) {
	c := &coder{b: append(b, byte(ProtocolMM), 0, byte(m.Type())), writing: true}
	m.code(c)
	if c.err != nil {
		return b, encodeError(m.Type().String(), c.err)
	}
	return c.b, nil
}
