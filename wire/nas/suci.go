package nas

import "cordon/ident"

const (
	supiIMSI = 0 // SUPI format in bits 7 to 5 of the first octet (TS 24.501 table 9.11.3.4.1)

	// maxSUCIOutput bounds a scheme output: the profiles of TS 33.501 annex C give at most
	// 46 octets for an IMSI, and of an operator's own profile nothing is known.
	maxSUCIOutput = 3000
	maxNAI        = 253
	maxMSINOctets = 5
)

func readSUCI(c *coder, id *MobileIdentity, first byte) {
	if format := first >> 4 & 7; format != supiIMSI {
		c.check(format <= 3)
		c.check(c.left() > 0 && c.left() <= maxNAI)
		id.NAI = NAI{Format: format, Name: string(c.take(c.left()))}
		return
	}
	s := &id.SUCI
	plmn(c, &s.PLMN)
	c.array(s.Routing[:])
	c.check(s.Routing.Valid())
	s.Scheme = ident.SchemeID(c.get() & 15)
	u8(c, &s.KeyID)
	c.check(c.left() > 0 && c.left() <= maxSUCIOutput)
	octets(c, &s.Output)
	if s.Scheme == ident.SchemeNull {
		c.check(validMSIN(s.Output))
	}
}

func writeSUCI(c *coder, id *MobileIdentity) {
	if id.NAI.Format != supiIMSI {
		c.check(id.NAI.Format <= 3 && len(id.NAI.Name) > 0 && len(id.NAI.Name) <= maxNAI)
		c.put(id.NAI.Format<<4 | byte(IdentitySUCI))
		c.put([]byte(id.NAI.Name)...)
		return
	}
	s := &id.SUCI
	c.check(s.PLMN.Valid() && s.Routing.Valid() && s.Scheme < 16)
	c.check(len(s.Output) > 0 && len(s.Output) <= maxSUCIOutput)
	c.check(s.Scheme != ident.SchemeNull || validMSIN(s.Output))
	c.put(byte(IdentitySUCI))
	c.put(s.PLMN[:]...)
	c.put(s.Routing[:]...)
	c.put(byte(s.Scheme), s.KeyID)
	c.put(s.Output...)
}

// validMSIN reports whether b is packed digits, the last of which may be missing.
func validMSIN(b []byte) bool {
	if len(b) == 0 || len(b) > maxMSINOctets {
		return false
	}
	for i, v := range b {
		last := i == len(b)-1
		if v&15 > 9 || v>>4 > 9 && !(last && v>>4 == 15) {
			return false
		}
	}
	return true
}
