package nas

// HeaderType is the security header type (TS 24.501 §9.3.1).
type HeaderType uint8

const (
	HeaderPlain        HeaderType = 0
	HeaderIntegrity    HeaderType = 1
	HeaderCiphered     HeaderType = 2 // integrity protected as well
	HeaderNewIntegrity HeaderType = 3 // under a new context: a security mode command
	HeaderNewCiphered  HeaderType = 4 // under a new context: a security mode complete
)

// Protected reports whether the type is one of the four protected ones.
func (t HeaderType) Protected() bool { return t >= HeaderIntegrity && t <= HeaderNewCiphered }

// Ciphered reports whether the message within is ciphered.
func (t HeaderType) Ciphered() bool { return t == HeaderCiphered || t == HeaderNewCiphered }

// Header is what stands before a 5GMM message, plain or protected.
type Header struct {
	Type HeaderType
	MAC  [4]byte
	SN   uint8
	// Inner is the message within, ciphered or not, or the whole of a plain one. It is the
	// memory of what was parsed.
	Inner []byte
}

const (
	plainHeader     = 3 // extended protocol discriminator, security header type, message type
	protectedHeader = 7 // the first two of these, MAC, sequence number
)

// ParseHeader reads the security header of a 5GMM message and checks that what it
// announces is there. An error has Cause 0: the message is to be dropped.
func ParseHeader(b []byte) (Header, error) {
	if len(b) < plainHeader {
		return Header{}, &DecodeError{IE: "header", Off: len(b), Err: ErrShort}
	}
	if b[0] != byte(ProtocolMM) {
		return Header{}, &DecodeError{IE: "extended protocol discriminator", Err: ErrProtocol}
	}
	h := Header{Type: HeaderType(b[1] & 15)}
	switch {
	case h.Type == HeaderPlain:
		h.Inner = b
	case !h.Type.Protected():
		return Header{}, &DecodeError{IE: "security header type", Off: 1, Err: ErrValue}
	case len(b) < protectedHeader+plainHeader:
		return Header{}, &DecodeError{IE: "header", Off: len(b), Err: ErrShort}
	default:
		h.MAC, h.SN, h.Inner = [4]byte(b[2:6]), b[6], b[protectedHeader:]
	}
	return h, nil
}

// ParseUnverified decodes the message within a protected one whose integrity cannot be
// checked, for want of the context, so that an initial message can be answered
// (TS 24.501 §4.4.4.3). Nothing it says may be relied on. A message that is ciphered is
// refused.
func ParseUnverified(b []byte) (m Message, ignored []*DecodeError, err error) {
	h, err := ParseHeader(b)
	if err != nil {
		return nil, nil, err
	}
	if h.Type.Ciphered() {
		return nil, nil, &DecodeError{IE: "security header type", Off: 1, Err: ErrProtected}
	}
	return Parse(h.Inner)
}
