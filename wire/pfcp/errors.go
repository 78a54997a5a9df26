package pfcp

import (
	"errors"
	"fmt"
)

var (
	// ErrShort reports a message or an element that ends before what it must hold.
	ErrShort = errors.New("truncated")
	// ErrLength reports a message whose length is not that of its datagram. Several messages in one are
	// refused too, since that is for peers that have both offered it (§5.2B, BUNDL).
	ErrLength = errors.New("length differs from the datagram's")
	// ErrVersion reports a version other than 1, which is answered with VersionNotSupported.
	ErrVersion = errors.New("version not supported")
	// ErrHeader reports a header with a SEID where none belongs, or without.
	ErrHeader = errors.New("SEID where none belongs, or none")
	// ErrUnknownType reports a message type that does not exist or is not modelled.
	ErrUnknownType = errors.New("unknown message type")
	// ErrMissing reports an element that is not there.
	ErrMissing = errors.New("missing")
	// ErrValue reports a value that its clause does not allow.
	ErrValue = errors.New("invalid value")
	// ErrUnsupported reports what is lawful and not modelled, and would change the meaning of a rule if it were skipped.
	ErrUnsupported = errors.New("not supported")
	// ErrTooMany reports more elements than a message or a list may have here.
	ErrTooMany = errors.New("too many")
)

// A DecodeError says where a message broke and what the peer is to be told (§7.6).
type DecodeError struct {
	IE    IE  // the element at fault, 0 for the header
	Off   int // octet of the message, from 0
	Cause Cause
	Err   error
}

func (e *DecodeError) Error() string {
	where := "header"
	if e.IE != 0 {
		where = e.IE.String()
	}
	return fmt.Sprintf("pfcp: %s at octet %d: %v", where, e.Off, e.Err)
}

func (e *DecodeError) Unwrap() error { return e.Err }
