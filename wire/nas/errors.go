package nas

import (
	"errors"
	"fmt"
)

var (
	// ErrShort reports a value that runs past the end of its element or message.
	ErrShort = errors.New("truncated")
	// ErrTrailing reports octets left over after the value of an element.
	ErrTrailing = errors.New("trailing octets")
	// ErrLength reports an element shorter or longer than its clause allows.
	ErrLength = errors.New("length out of bounds")
	// ErrValue reports a value that its clause does not allow.
	ErrValue = errors.New("invalid value")
	// ErrRepeated reports an element that came before in the same message.
	ErrRepeated = errors.New("repeated")
	// ErrUnknownIE reports an element that the message does not have.
	ErrUnknownIE = errors.New("unknown element")
	// ErrUnknownType reports a message type that does not exist or is not implemented.
	ErrUnknownType = errors.New("unknown message type")
	// ErrProtocol reports a message of another protocol than was asked for.
	ErrProtocol = errors.New("other protocol")
	// ErrProtected reports a protected message where a plain one was expected.
	ErrProtected = errors.New("security protected")
)

// A DecodeError says where a message broke and what the peer is to be told.
type DecodeError struct {
	IE  string // name of the element
	Off int    // octet of the message, from 0
	// Cause is what a STATUS or reject message carries: one of the protocol errors, whose
	// numbers are the same for 5GMM and 5GSM, or 0 where the message is to be dropped
	// without an answer.
	Cause Cause
	Err   error
}

func (e *DecodeError) Error() string {
	return fmt.Sprintf("nas: %s at octet %d: %v", e.IE, e.Off, e.Err)
}

func (e *DecodeError) Unwrap() error { return e.Err }

func encodeError(msg string, e *DecodeError) error {
	return fmt.Errorf("nas: encoding %s: %s: %w", msg, e.IE, e.Err)
}
