package ngap

import (
	"cordon/ident"
	"cordon/wire/per"
)

// UENGAPIDs names a connection: by both identifiers, or by the AMF's alone when RAN is
// nil (TS 38.413 §9.3.3.16).
type UENGAPIDs struct {
	AMF ident.AMFUENGAPID
	RAN *ident.RANUENGAPID
}

// NGConnection is one UE-associated connection of a reset; either identifier may be
// absent (TS 38.413 §9.3.3.15).
type NGConnection struct {
	AMF *ident.AMFUENGAPID
	RAN *ident.RANUENGAPID
}

// ResetType is what to reset: everything when Part is empty (TS 38.413 §9.2.6.11).
type ResetType struct {
	Part []NGConnection
}

func amfUENGAPID(c *coder, v *ident.AMFUENGAPID) {
	per.Int(&c.Coder, v, 0, uint64(ident.MaxAMFUENGAPID))
}

func ranUENGAPID(c *coder, v *ident.RANUENGAPID) { per.Int(&c.Coder, v, 0, 1<<32-1) }

func ueNGAPIDs(c *coder, v *UENGAPIDs) {
	var alt uint8
	if v.RAN == nil {
		alt = 1
	}
	if c.choice(&alt, 2); alt == 1 {
		amfUENGAPID(c, &v.AMF)
		return
	}
	t := c.begin()
	amfUENGAPID(c, &v.AMF)
	present(c, true, &v.RAN, ranUENGAPID)
	c.end(t)
}

func ngConnection(c *coder, v *NGConnection) {
	amf, ran := v.AMF != nil, v.RAN != nil
	t := c.begin(&amf, &ran)
	present(c, amf, &v.AMF, amfUENGAPID)
	present(c, ran, &v.RAN, ranUENGAPID)
	c.end(t)
}

func ngConnections(c *coder, v *[]NGConnection) { list(c, v, 1, 65536, ngConnection) }

func resetType(c *coder, v *ResetType) {
	var alt uint8
	if len(v.Part) > 0 {
		alt = 1
	}
	if c.choice(&alt, 2); alt == 1 {
		ngConnections(c, &v.Part)
	} else {
		c.flag()
	}
}

func sTMSI(c *coder, v *ident.STMSI) {
	t := c.begin()
	per.Bits(&c.Coder, &v.Set, 10)
	per.Bits(&c.Coder, &v.Pointer, 6)
	per.Uint(&c.Coder, &v.TMSI, 4)
	c.end(t)
}

func uePagingIdentity(c *coder, v *ident.STMSI) {
	var alt uint8
	c.choice(&alt, 1)
	sTMSI(c, v)
}
