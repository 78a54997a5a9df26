package nas

// Payload is one entry of a payload container of type PayloadMultiple
// (TS 24.501 §9.11.3.39).
type Payload struct {
	Type    PayloadType
	Options []PayloadOption
	Content []byte
}

// PayloadOption is an optional element of an entry: its identifier is that of the same
// element in a transport message, as 0x12 for the PDU session.
type PayloadOption struct {
	IEI   uint8
	Value []byte
}

// ParsePayloads reads the container's value. An error is a *DecodeError.
func ParsePayloads(b []byte) ([]Payload, error) {
	c := &coder{b: b, end: len(b), name: "payload container"}
	n := int(c.get())
	out := []Payload{}
	for range n {
		var p Payload
		lengthed2(c, func() { payload(c, &p) })
		if c.err != nil {
			return nil, c.err
		}
		out = append(out, p)
	}
	if c.done(); c.err != nil {
		return nil, c.err
	}
	return out, nil
}

// AppendPayloads adds the value of a container of the entries, at most 255.
func AppendPayloads(b []byte, ps []Payload) ([]byte, error) {
	c := &coder{b: append(b, byte(len(ps))), writing: true, name: "payload container"}
	c.check(len(ps) < 256)
	for i := range ps {
		lengthed2(c, func() { payload(c, &ps[i]) })
	}
	if c.err != nil {
		return b, encodeError("payloads", c.err)
	}
	return c.b, nil
}

func payload(c *coder, p *Payload) {
	n := uint8(len(p.Options))
	c.check(len(p.Options) < 16)
	halves(c, &p.Type, &n)
	if !c.writing && n > 0 {
		p.Options = make([]PayloadOption, n) // at most 15
	}
	for i := range p.Options {
		u8(c, &p.Options[i].IEI)
		lengthed(c, func() { octets(c, &p.Options[i].Value) })
	}
	octets(c, &p.Content)
}
