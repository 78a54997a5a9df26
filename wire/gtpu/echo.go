package gtpu

// EchoRequest asks whether the peer is there (TS 29.281 §7.2.1).
//
//	private extension   O
type EchoRequest struct {
	Seq uint16
}

// AppendBinary writes the message.
func (m EchoRequest) AppendBinary(b []byte) ([]byte, error) {
	h := Header{Type: TypeEchoRequest, HasSeq: true, Seq: m.Seq}
	return h.Append(b, 0), nil
}

// ParseEchoRequest reads what Parse returned for a message of TypeEchoRequest. One without
// a sequence number is answered with 0.
func ParseEchoRequest(h Header, rest []byte) (EchoRequest, error) {
	if _, err := parseElements(rest); err != nil {
		return EchoRequest{}, err
	}
	return EchoRequest{Seq: h.Seq}, nil
}

// EchoResponse answers an EchoRequest with its sequence number (§7.2.2). The restart counter
// that goes with it is 0 by the standard and not looked at.
//
//	recovery            M  TV 2
//	private extension   O
type EchoResponse struct {
	Seq uint16
}

// AppendBinary writes the message.
func (m EchoResponse) AppendBinary(b []byte) ([]byte, error) {
	h := Header{Type: TypeEchoResponse, HasSeq: true, Seq: m.Seq}
	return append(h.Append(b, 2), ieRecovery, 0), nil
}

// ParseEchoResponse reads what Parse returned for a message of TypeEchoResponse.
func ParseEchoResponse(h Header, rest []byte) (EchoResponse, error) {
	e, err := parseElements(rest)
	if err != nil {
		return EchoResponse{}, err
	}
	if !e.hasRecovery {
		return EchoResponse{}, FaultMissingIE
	}
	return EchoResponse{Seq: h.Seq}, nil
}
