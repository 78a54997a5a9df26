package ngap

import (
	"net/netip"

	"cordon/ident"
	"cordon/wire/per"
)

// UserLocation is where a device is (TS 38.413 §9.3.1.16).
type UserLocation struct {
	Kind Access
	PLMN ident.PLMN // of the cell; EUTRA and NR only
	Cell uint64     // 36 bits in NR, 28 in EUTRA
	TAI  ident.TAI  // EUTRA and NR only
	Time uint32     // NTP seconds (TS 38.413 §9.3.1.75); 0 is absent
	Addr netip.Addr // N3IWF only: the device's address
	Port uint16     // N3IWF only
}

// NRCGI is the cell in NR.
func (u UserLocation) NRCGI() ident.NRCGI { return ident.NRCGI{PLMN: u.PLMN, Cell: u.Cell} }

// Access is the kind of a location.
type Access uint8

const (
	AccessEUTRA Access = iota
	AccessNR
	AccessN3IWF
)

// CGI is a cell of either radio technology (TS 38.413 §9.3.1.73).
type CGI struct {
	EUTRA bool
	PLMN  ident.PLMN
	Cell  uint64 // 36 bits in NR, 28 in EUTRA
}

func plmn(c *coder, v *ident.PLMN) { per.Fixed(&c.Coder, v[:]) }

func tac(c *coder, v *ident.TAC) { per.Uint(&c.Coder, v, 3) }

func tai(c *coder, v *ident.TAI) {
	t := c.begin()
	plmn(c, &v.PLMN)
	tac(c, &v.TAC)
	c.end(t)
}

// cellID codes an NR-CGI or an EUTRA-CGI, whose cell identities have that many bits.
func cellID(c *coder, p *ident.PLMN, cell *uint64, bits int) {
	t := c.begin()
	plmn(c, p)
	per.Bits(&c.Coder, cell, bits)
	c.end(t)
}

const (
	nrCellBits    = 36
	eutraCellBits = 28
)

func cgi(c *coder, v *CGI) {
	var alt uint8
	if v.EUTRA {
		alt = 1
	}
	c.choice(&alt, 2)
	bits := nrCellBits
	if alt == 1 {
		bits = eutraCellBits
	}
	if c.Decoding() {
		v.EUTRA = alt == 1
	}
	cellID(c, &v.PLMN, &v.Cell, bits)
}

func userLocation(c *coder, v *UserLocation) {
	kind := uint8(v.Kind)
	c.choice(&kind, 3)
	if c.Decoding() {
		v.Kind = Access(kind)
	}
	if Access(kind) == AccessN3IWF {
		t := c.begin()
		address(c, &v.Addr)
		per.Uint(&c.Coder, &v.Port, 2)
		c.end(t)
		return
	}
	bits := nrCellBits
	if Access(kind) == AccessEUTRA {
		bits = eutraCellBits
	}
	timed := v.Time != 0
	t := c.begin(&timed)
	cellID(c, &v.PLMN, &v.Cell, bits)
	tai(c, &v.TAI)
	if timed {
		per.Uint(&c.Coder, &v.Time, 4)
	}
	c.end(t)
}
