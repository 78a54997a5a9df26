package ngap

import (
	"cordon/wire/per"
)

// UESecurityCapabilities are bit maps of the algorithms 1 to 16, the first in the
// highest bit (TS 38.413 §9.3.1.86).
type UESecurityCapabilities struct {
	NREncryption, NRIntegrity, EUTRAEncryption, EUTRAIntegrity uint16
}

// SecurityContext is a next hop for a handover (TS 38.413 §9.3.1.88). NCC is 0 to 7.
type SecurityContext struct {
	NCC uint8
	NH  [32]byte
}

func ueSecurityCapabilities(c *coder, v *UESecurityCapabilities) {
	t := c.begin()
	per.ExtBits(&c.Coder, &v.NREncryption, 16)
	per.ExtBits(&c.Coder, &v.NRIntegrity, 16)
	per.ExtBits(&c.Coder, &v.EUTRAEncryption, 16)
	per.ExtBits(&c.Coder, &v.EUTRAIntegrity, 16)
	c.end(t)
}

// securityKey is a BIT STRING (SIZE(256)), which is coded as its octets are.
func securityKey(c *coder, v *[32]byte) { per.Fixed(&c.Coder, v[:]) }

func securityContext(c *coder, v *SecurityContext) {
	t := c.begin()
	per.Int(&c.Coder, &v.NCC, 0, 7)
	securityKey(c, &v.NH)
	c.end(t)
}

func maskedIMEISV(c *coder, v *uint64) { per.Bits(&c.Coder, v, 64) }
