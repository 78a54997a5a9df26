package nas

import "cordon/ident"

// IdentityType says what a mobile identity holds (TS 24.501 §9.11.3.3, §9.11.3.4).
type IdentityType uint8

const (
	IdentityNone   IdentityType = 0
	IdentitySUCI   IdentityType = 1
	IdentityGUTI   IdentityType = 2
	IdentityIMEI   IdentityType = 3
	IdentitySTMSI  IdentityType = 4
	IdentityIMEISV IdentityType = 5
	IdentityMAC    IdentityType = 6
	IdentityEUI64  IdentityType = 7
)

// MobileIdentity is one of a device's identities. Type says which of the fields holds;
// the others are zero.
type MobileIdentity struct {
	Type  IdentityType
	SUCI  ident.SUCI
	NAI   NAI // of type IdentitySUCI whose SUPI is no IMSI; SUCI is then zero
	GUTI  ident.GUTI
	STMSI ident.STMSI
	// Equipment is an IMEISV, or an IMEI's fifteen digits in the lower fifteen nibbles.
	Equipment ident.IMEISV
	// Hardware is a MAC address of 48 bits or an EUI-64; NotUnique its MAURI bit.
	Hardware  uint64
	NotUnique bool
}

// NAI is a SUCI in the form of a network access identifier: its SUPI is of a format other
// than IMSI (1 network specific, 2 GCI, 3 GLI).
type NAI struct {
	Format uint8
	Name   string
}

func mobileIdentity(c *coder, id *MobileIdentity) {
	if c.writing {
		writeIdentity(c, id)
		return
	}
	first := c.get()
	id.Type = IdentityType(first & 7)
	switch id.Type {
	case IdentityNone:
		c.take(c.left())
	case IdentitySUCI:
		readSUCI(c, id, first)
	case IdentityGUTI:
		guti(c, &id.GUTI)
	case IdentitySTMSI:
		stmsi(c, &id.STMSI)
	case IdentityIMEI, IdentityIMEISV:
		readEquipment(c, id, first)
	case IdentityMAC, IdentityEUI64:
		readHardware(c, id, first)
	}
	c.done()
}

func writeIdentity(c *coder, id *MobileIdentity) {
	switch id.Type {
	case IdentityNone:
		c.put(0)
	case IdentitySUCI:
		writeSUCI(c, id)
	case IdentityGUTI:
		c.put(0xf2)
		guti(c, &id.GUTI)
	case IdentitySTMSI:
		c.put(0xf4)
		stmsi(c, &id.STMSI)
	case IdentityIMEI, IdentityIMEISV:
		writeEquipment(c, id)
	case IdentityMAC, IdentityEUI64:
		writeHardware(c, id)
	default:
		c.fail(ErrValue)
	}
}

// guti is all of a 5G-GUTI but its first octet.
func guti(c *coder, g *ident.GUTI) {
	plmn(c, &g.GUAMI.PLMN)
	u8(c, &g.GUAMI.Region)
	amf(c, &g.GUAMI.Set, &g.GUAMI.Pointer)
	u32(c, &g.TMSI)
}

func stmsi(c *coder, s *ident.STMSI) {
	amf(c, &s.Set, &s.Pointer)
	u32(c, &s.TMSI)
}

// amf is a set of ten bits and a pointer of six.
func amf(c *coder, set *uint16, pointer *uint8) {
	if c.writing {
		c.check(*set < 1<<10 && *pointer < 1<<6)
	}
	v := *set<<6 | uint16(*pointer)
	u16(c, &v)
	*set, *pointer = v>>6, uint8(v&0x3f)
}

// plmn refuses what is not made of digits.
func plmn(c *coder, p *ident.PLMN) {
	c.array(p[:])
	c.check(p.Valid())
}

func readEquipment(c *coder, id *MobileIdentity, first byte) {
	digits := 15
	if id.Type == IdentityIMEISV {
		digits = 16
	}
	odd := first&8 != 0
	c.check(odd == (digits == 15))
	n := uint64(first >> 4)
	c.check(n < 10)
	for range digits / 2 {
		b := c.get()
		c.check(b&15 < 10)
		n = n<<4 | uint64(b&15)
		if digits--; digits > 1 || odd {
			c.check(b>>4 < 10)
			n = n<<4 | uint64(b>>4)
			digits--
		} else {
			c.check(b>>4 == 15)
		}
	}
	id.Equipment = ident.IMEISV(n)
}

func writeEquipment(c *coder, id *MobileIdentity) {
	v, digits, first := uint64(id.Equipment), 16, byte(id.Type)
	if id.Type == IdentityIMEI {
		digits, first = 15, first|8
		c.check(v>>60 == 0)
	}
	digit := func(i int) byte { // from the first
		if i >= digits {
			return 15
		}
		d := byte(v >> (4 * (digits - 1 - i)) & 15)
		c.check(d < 10)
		return d
	}
	c.put(digit(0)<<4 | first)
	for i := 1; i < digits; i += 2 {
		c.put(digit(i+1)<<4 | digit(i))
	}
}

func readHardware(c *coder, id *MobileIdentity, first byte) {
	n := 6
	if id.Type == IdentityEUI64 {
		n = 8
	} else {
		id.NotUnique = first&8 != 0
	}
	for range n {
		id.Hardware = id.Hardware<<8 | uint64(c.get())
	}
}

func writeHardware(c *coder, id *MobileIdentity) {
	n, first := 6, byte(id.Type)
	switch {
	case id.Type == IdentityEUI64:
		n = 8
	case id.NotUnique:
		first |= 8
	}
	c.check(n == 8 || id.Hardware>>48 == 0)
	c.put(first)
	for i := n - 1; i >= 0; i-- {
		c.put(byte(id.Hardware >> (8 * i)))
	}
}
