package ngap

import (
	"cordon/ident"
	"cordon/wire/per"
)

// SupportedTA is a tracking area that a radio broadcasts, with its networks and their
// slices (TS 38.413 §9.2.6.1).
type SupportedTA struct {
	TAC   ident.TAC
	PLMNs []PLMNSupport
	RAT   *RATInformation
}

// RATInformation is what sets a tracking area's cells apart (TS 38.413 §9.3.1.125).
type RATInformation uint8

const (
	RATUnlicensed RATInformation = iota
	RATNBIoT
	RATNRLEO
	RATNRMEO
	RATNRGEO
	RATNROtherSatellite
)

// PLMNSupport is a network with the slices offered in it (TS 38.413 §9.2.6.2).
type PLMNSupport struct {
	PLMN   ident.PLMN
	Slices []ident.SNSSAI
}

// ServedGUAMI is one identity of an AMF; Backup may be empty.
type ServedGUAMI struct {
	GUAMI  ident.GUAMI
	Backup string
}

// UnavailableGUAMI is an identity about to leave (TS 38.413 §9.2.6.10).
type UnavailableGUAMI struct {
	GUAMI      ident.GUAMI
	ApplyTimer bool
	Backup     string
}

// name codes an AMF's or a radio's name. Which octets are characters is not checked: what
// a radio calls itself is quoted wherever it is shown.
func name(c *coder, v *string) { per.String(&c.Coder, v, 1, 150) }

func amfSetID(c *coder, v *uint16) { per.Bits(&c.Coder, v, 10) }

func guami(c *coder, v *ident.GUAMI) {
	t := c.begin()
	plmn(c, &v.PLMN)
	per.Bits(&c.Coder, &v.Region, 8)
	amfSetID(c, &v.Set)
	per.Bits(&c.Coder, &v.Pointer, 6)
	c.end(t)
}

func globalRANNodeID(c *coder, v *ident.RANNode) {
	var alt uint8
	switch v.Kind {
	case ident.GNB:
	case ident.N3IWF:
		alt = 2
	default:
		alt = 1
	}
	c.choice(&alt, 3)
	if c.Decoding() {
		v.Kind = [...]ident.NodeKind{ident.GNB, ident.NgENBMacro, ident.N3IWF, ident.GNB}[alt]
	}
	t := c.begin()
	plmn(c, &v.PLMN)
	switch alt {
	case 0:
		var only uint8
		c.choice(&only, 1)
		per.VarBits(&c.Coder, &v.ID, &v.Bits, 22, 32)
	case 1:
		ngENB(c, v)
	case 2:
		var only uint8
		c.choice(&only, 1)
		fixedNodeID(c, v, 16)
	}
	c.end(t)
}

// ngENB codes an NgENB-ID, in one of three lengths.
func ngENB(c *coder, v *ident.RANNode) {
	alt := uint8(v.Kind - ident.NgENBMacro)
	c.choice(&alt, 3)
	if c.Failed() {
		return
	}
	if c.Decoding() {
		v.Kind = ident.NgENBMacro + ident.NodeKind(alt)
	}
	fixedNodeID(c, v, [...]uint8{20, 18, 21}[alt])
}

func fixedNodeID(c *coder, v *ident.RANNode, bits uint8) {
	if c.Decoding() {
		v.Bits = bits
	}
	if v.Bits != bits {
		c.Fail(per.ErrRange)
	}
	per.Bits(&c.Coder, &v.ID, int(bits))
}

func snssai(c *coder, v *ident.SNSSAI) {
	hasSD := v.SD != ident.NoSD
	t := c.begin(&hasSD)
	per.Uint(&c.Coder, &v.SST, 1)
	if hasSD {
		per.Uint(&c.Coder, &v.SD, 3)
	} else if c.Decoding() {
		v.SD = ident.NoSD
	}
	c.end(t)
}

// slice codes the many items that are one S-NSSAI and nothing else.
func slice(c *coder, v *ident.SNSSAI) {
	t := c.begin()
	snssai(c, v)
	c.end(t)
}

func allowedNSSAI(c *coder, v *[]ident.SNSSAI) { list(c, v, 1, 8, slice) }

// maxSlices is maxnoofSliceItems.
const maxSlices = 1024

func plmnSupport(c *coder, v *PLMNSupport) {
	t := c.begin()
	plmn(c, &v.PLMN)
	list(c, &v.Slices, 1, maxSlices, slice)
	c.end(t)
}

func plmnSupports(c *coder, v *[]PLMNSupport) { list(c, v, 1, 12, plmnSupport) }

func supportedTA(c *coder, v *SupportedTA) {
	t := c.beginWith(v.RAT != nil)
	tac(c, &v.TAC)
	plmnSupports(c, &v.PLMNs)
	endWith(c, t, idRATInformation, Reject, &v.RAT, enum[RATInformation](2, 4))
}

func supportedTAs(c *coder, v *[]SupportedTA) { list(c, v, 1, 256, supportedTA) }

// maxGUAMIs is maxnoofServedGUAMIs.
const maxGUAMIs = 256

func servedGUAMI(c *coder, v *ServedGUAMI) {
	backup := v.Backup != ""
	t := c.begin(&backup)
	guami(c, &v.GUAMI)
	if backup {
		name(c, &v.Backup)
	}
	c.end(t)
}

func servedGUAMIs(c *coder, v *[]ServedGUAMI) { list(c, v, 1, maxGUAMIs, servedGUAMI) }

func unavailableGUAMI(c *coder, v *UnavailableGUAMI) {
	timer, backup := v.ApplyTimer, v.Backup != ""
	t := c.begin(&timer, &backup)
	guami(c, &v.GUAMI)
	if timer {
		c.flag()
	}
	if backup {
		name(c, &v.Backup)
	}
	if c.Decoding() {
		v.ApplyTimer = timer
	}
	c.end(t)
}

func unavailableGUAMIs(c *coder, v *[]UnavailableGUAMI) { list(c, v, 1, maxGUAMIs, unavailableGUAMI) }

func relativeAMFCapacity(c *coder, v *uint8) { per.Int(&c.Coder, v, 0, 255) }
