package nas

import "cordon/ident"

// snssai is the value of an S-NSSAI (TS 24.501 §9.11.2.8). What a slice of the home
// network it is mapped to, of use in roaming only, is stepped over.
func snssai(c *coder, s *ident.SNSSAI) {
	if c.writing {
		c.check(s.SD < 1<<24)
		c.put(s.SST)
		if s.SD != ident.NoSD {
			c.put(byte(s.SD>>16), byte(s.SD>>8), byte(s.SD))
		}
		return
	}
	n := c.left()
	s.SST, s.SD = c.get(), ident.NoSD
	switch n {
	case 1:
	case 2: // SST, mapped SST
		c.take(1)
	case 4, 5, 8: // SST, SD; mapped SST; mapped SD
		u24(c, &s.SD)
		c.take(n - 4)
	default:
		c.fail(ErrLength)
	}
}

// nssai is the value of an NSSAI, S-NSSAIs each after its length (§9.11.3.37).
func nssai(c *coder, p *[]ident.SNSSAI) {
	each(c, p, func(c *coder, s *ident.SNSSAI) { lengthed(c, func() { snssai(c, s) }) })
}

// RejectedSNSSAI is a slice that the device may not use, and why (§9.11.3.46): 0 not
// available in the PLMN, 1 in the registration area, 2 for want of slice authentication,
// 3 because its device quota is used up.
type RejectedSNSSAI struct {
	Slice ident.SNSSAI
	Cause uint8
}

func rejectedNSSAI(c *coder, p *[]RejectedSNSSAI) {
	each(c, p, func(c *coder, r *RejectedSNSSAI) {
		if c.writing {
			n := byte(4)
			if r.Slice.SD == ident.NoSD {
				n = 1
			}
			c.check(r.Cause < 16)
			c.put(n<<4 | r.Cause)
			snssai(c, &r.Slice)
			return
		}
		head := c.get()
		r.Cause = head & 15
		c.within(int(head>>4), func() { snssai(c, &r.Slice) })
	})
}
