package ngap

import (
	"errors"
	"fmt"

	"cordon/wire/per"
)

// Transfer is what radio and SMF tell each other of one session, in a container that the
// AMF passes on unread (TS 38.413 §9.3.4): a pointer to one of this package's types whose
// names end in Transfer.
type Transfer interface {
	code(c *coder)
}

// ErrAbstractSyntax reports a transfer that lacks an element it must have, repeats one, or
// has one that is not comprehended and may not be ignored.
var ErrAbstractSyntax = errors.New("abstract syntax error")

// AppendTransfer appends the encoding of t to b. It fails if a value of t is outside its
// bounds.
func AppendTransfer(b []byte, t Transfer) ([]byte, error) {
	c := coder{Coder: per.Encoder(b)}
	t.code(&c)
	if err := c.Err(); err != nil {
		return b, fmt.Errorf("encoding %T: %w", t, err)
	}
	return c.Bytes(), nil
}

// ParseTransfer decodes a transfer of type T, which owns its memory.
func ParseTransfer[T any, P interface {
	*T
	Transfer
}](b []byte) (*T, error) {
	t := new(T)
	c := coder{Coder: per.Decoder(b)}
	P(t).code(&c)
	if err := c.Err(); err != nil {
		return nil, fmt.Errorf("decoding %T: %w", t, err)
	}
	if c.rejects || c.falsely {
		return nil, fmt.Errorf("decoding %T: %w: %v", t, ErrAbstractSyntax, c.noted)
	}
	return t, nil
}

// causeOnly codes the many transfers that are a cause and nothing else.
func causeOnly(c *coder, v *Cause) {
	t := c.begin()
	cause(c, v)
	c.end(t)
}

// causeAndDiagnostics codes the refusals.
func causeAndDiagnostics(c *coder, v *Cause, d **CriticalityDiagnostics) {
	has := *d != nil
	t := c.begin(&has)
	cause(c, v)
	present(c, has, d, criticalityDiagnostics)
	c.end(t)
}
