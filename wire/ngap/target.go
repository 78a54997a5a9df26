package ngap

import (
	"cordon/ident"
	"cordon/wire/per"
)

// TargetID is where a device is to go (TS 38.413 §9.3.1.25). With ENB set, Node is an
// eNB and TAI.TAC has 16 bits.
type TargetID struct {
	ENB  bool
	Node ident.RANNode
	TAI  ident.TAI
}

// NPNAccess is by which non-public network a device comes in: the cell's CAG identifiers,
// 32 bits each (TS 38.413 §9.3.3.46).
type NPNAccess struct {
	CAGs []uint32
}

func targetID(c *coder, v *TargetID) {
	var alt uint8
	if v.ENB {
		alt = 1
	}
	c.choice(&alt, 2)
	if c.Decoding() {
		v.ENB = alt == 1
	}
	t := c.begin()
	if alt == 0 {
		globalRANNodeID(c, &v.Node)
		tai(c, &v.TAI)
	} else {
		targetENB(c, v)
	}
	c.end(t)
}

// targetENB codes a TargeteNB-ID without its preamble.
func targetENB(c *coder, v *TargetID) {
	if c.Decoding() {
		v.Node.Kind = ident.NgENBMacro
	}
	t := c.begin()
	plmn(c, &v.Node.PLMN)
	ngENB(c, &v.Node)
	c.end(t)
	t = c.begin()
	plmn(c, &v.TAI.PLMN)
	per.Uint(&c.Coder, &v.TAI.TAC, 2)
	c.end(t)
}

func npnAccess(c *coder, v *NPNAccess) {
	var alt uint8
	c.choice(&alt, 1)
	list(c, &v.CAGs, 1, 64, cagID)
}

func cagID(c *coder, v *uint32) { per.Bits(&c.Coder, v, 32) }

// SONConfigurationTransfer is passed on between radios unread, but for whom it is for
// (TS 38.413 §9.3.3.6).
type SONConfigurationTransfer struct {
	Target  TargetRANNode // what Content says; not written
	Content []byte        // the IE's whole value
}

// TargetRANNode is a radio and a tracking area of it.
type TargetRANNode struct {
	Node ident.RANNode
	TAI  ident.TAI
}

// content codes an IE's value as octets, to be passed on unread.
func content(c *coder, v *[]byte) { per.Rest(&c.Coder, v) }

func sonConfigurationTransfer(c *coder, v *SONConfigurationTransfer) {
	content(c, &v.Content)
	if !c.Decoding() || c.Failed() {
		return
	}
	in := coder{Coder: per.Decoder(v.Content)}
	var xn bool
	in.begin(&xn)
	t := in.begin()
	globalRANNodeID(&in, &v.Target.Node)
	tai(&in, &v.Target.TAI)
	in.end(t)
	switch {
	case in.Unknown():
		c.Fail(per.ErrUnknown)
	case in.Failed():
		c.Fail(per.ErrShort)
	}
}
