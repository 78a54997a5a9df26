package nas

import (
	"strings"

	"cordon/ident"
)

// maxDNN is the octets of an encoded name (TS 24.501 §9.11.2.1B, TS 23.003 §9.1).
const maxDNN = 100

// dnn is a data network name as labels, each after its length.
func dnn(c *coder, d *ident.DNN) {
	if c.writing {
		c.check(len(*d) < maxDNN)
		for label := range strings.SplitSeq(string(*d), ".") {
			c.check(label != "" && len(label) < 64)
			c.put(byte(len(label)))
			c.put([]byte(label)...)
		}
		return
	}
	v := c.take(c.left())
	if c.err != nil {
		return
	}
	c.check(len(v) > 1 && len(v) <= maxDNN)
	if c.err != nil {
		return
	}
	name := make([]byte, 0, maxDNN)
	for len(v) > 0 {
		n := int(v[0])
		if n > len(v)-1 {
			c.fail(ErrShort)
			return
		}
		if len(name) > 0 {
			name = append(name, '.')
		}
		for _, b := range v[1 : 1+n] {
			c.check(b != '.') // would be two labels when read back
		}
		name = append(name, v[1:1+n]...)
		v = v[1+n:]
	}
	parsed, err := ident.ParseDNN(string(name))
	c.check(err == nil)
	*d = parsed
}
