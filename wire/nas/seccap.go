package nas

import "fmt"

// UESecurityCapability is the algorithms that a device offers, byte for byte as it sent
// them, since the network must replay them so (TS 24.501 §9.11.3.54). The zero value is an
// absent element.
type UESecurityCapability struct {
	n uint8
	b [8]byte
}

// NewUESecurityCapability takes the value of the element, two to eight octets.
func NewUESecurityCapability(b []byte) (UESecurityCapability, error) {
	if len(b) < 2 || len(b) > 8 {
		return UESecurityCapability{}, fmt.Errorf("UE security capability of %d octets: %w", len(b), ErrLength)
	}
	c := UESecurityCapability{n: uint8(len(b))}
	copy(c.b[:], b)
	return c, nil
}

// Append adds the value of the element, without identifier and length.
func (u UESecurityCapability) Append(b []byte) []byte { return append(b, u.b[:u.n]...) }

// Len is the octets of the value; 0 if the element is absent.
func (u UESecurityCapability) Len() int { return int(u.n) }

// Ciphering reports whether 5G-EA alg is offered, alg being 0 to 7.
func (u UESecurityCapability) Ciphering(alg uint8) bool { return alg < 8 && u.b[0]<<alg&0x80 != 0 }

// Integrity reports whether 5G-IA alg is offered, alg being 0 to 7.
func (u UESecurityCapability) Integrity(alg uint8) bool { return alg < 8 && u.b[1]<<alg&0x80 != 0 }

// NGAP is the four bit strings in which N2 carries the capability: algorithm 1 in the
// first bit, the null algorithms left out (TS 38.413 §9.3.1.86).
func (u UESecurityCapability) NGAP() (nea, nia, eea, eia uint16) {
	return uint16(u.b[0]) << 9, uint16(u.b[1]) << 9, uint16(u.b[2]) << 9, uint16(u.b[3]) << 9
}

func securityCapability(c *coder, u *UESecurityCapability) {
	if c.writing {
		c.put(u.b[:u.n]...)
		return
	}
	v := c.take(c.left())
	if c.err == nil {
		var err error
		if *u, err = NewUESecurityCapability(v); err != nil {
			c.fail(ErrLength)
		}
	}
}
