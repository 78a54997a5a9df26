package nas

import "cordon/ident"

// SMMessage is one 5GSM message: a pointer to one of the structs of this package.
type SMMessage interface {
	Type() SMMessageType
	code(*coder)
}

// SMHeader is what precedes the type of every 5GSM message (TS 24.501 §9.1.1).
type SMHeader struct {
	Session ident.PDUSessionID // 0 is none; 1 to 15 are a device's own
	PTI     ident.PTI          // 0 in procedures that the network starts
}

// ParseSM decodes one 5GSM message. The header stands whenever four octets of 5GSM are
// there, even with an error, so that the peer can be answered. Everything else is as in
// Parse, the causes being 5GSM causes of the same numbers.
func ParseSM(b []byte) (h SMHeader, m SMMessage, ignored []*DecodeError, err error) {
	if len(b) > 0 && b[0] != byte(ProtocolSM) {
		return h, nil, nil, &DecodeError{IE: "extended protocol discriminator", Err: ErrProtocol}
	}
	if len(b) < 4 {
		return h, nil, nil, &DecodeError{IE: "header", Off: len(b), Err: ErrShort}
	}
	h = SMHeader{ident.PDUSessionID(b[1]), ident.PTI(b[2])}
	m = newSMMessage(SMMessageType(b[3]))
	if m == nil {
		return h, nil, nil, &DecodeError{IE: "message type", Off: 3, Cause: CauseUnknownType, Err: ErrUnknownType}
	}
	c := &coder{b: b, off: 4, end: len(b)}
	m.code(c)
	if c.err != nil {
		return h, nil, nil, c.err
	}
	return h, m, c.ignored, nil
}

// AppendSM encodes m as a 5GSM message after b. It fails, leaving b as it was, if a
// mandatory element is missing or a value has no encoding.
func AppendSM(b []byte, h SMHeader, m SMMessage) ([]byte, error) {
	c := &coder{b: append(b, byte(ProtocolSM), byte(h.Session), byte(h.PTI), byte(m.Type())), writing: true}
	m.code(c)
	if c.err != nil {
		return b, encodeError(m.Type().String(), c.err)
	}
	return c.b, nil
}
