package nas

import "unicode/utf8"

const (
	nameExtension = 0x80
	nameGSM7      = 0 << 4
	nameUCS2      = 1 << 4

	maxNameLetters = 127 // of 16 bits, in the 254 octets that are left of the element
)

// gsm7 is the default alphabet of TS 23.038 §6.2.1; an escape reads as a space.
var gsm7 = []rune("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà")

// networkName is the name of a network (TS 24.008 §10.5.3.5a): read in either alphabet,
// written in UCS2.
func networkName(c *coder, p *string) {
	if c.writing {
		c.put(nameExtension | nameUCS2)
		for _, r := range *p {
			c.check(r < 1<<16 && r != utf8.RuneError)
			c.put(byte(r>>8), byte(r))
		}
		return
	}
	head := c.get()
	v := c.take(c.left())
	if c.err != nil {
		return
	}
	var out []rune
	switch head & 0x70 {
	case nameGSM7:
		out = unpackGSM7(v, int(head&7))
	case nameUCS2:
		c.check(len(v)%2 == 0)
		for i := 0; i+1 < len(v); i += 2 {
			r := rune(v[i])<<8 | rune(v[i+1])
			c.check(utf8.ValidRune(r) && r != utf8.RuneError)
			out = append(out, r)
		}
	default:
		c.fail(ErrValue)
	}
	c.check(len(out) > 0 && len(out) <= maxNameLetters)
	*p = string(out)
}

// unpackGSM7 takes letters of seven bits from the lowest bit of the first octet on, less
// the spare bits of the last.
func unpackGSM7(v []byte, spare int) []rune {
	out := make([]rune, 0, len(v)*8/7)
	for bit := 0; bit+7 <= 8*len(v)-spare; bit += 7 {
		w := uint16(v[bit/8])
		if bit/8+1 < len(v) {
			w |= uint16(v[bit/8+1]) << 8
		}
		out = append(out, gsm7[w>>(bit%8)&0x7f])
	}
	return out
}
