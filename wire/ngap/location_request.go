package ngap

import (
	"cordon/ident"
	"cordon/wire/per"
)

// LocationEvent is when a location is to be reported (TS 38.413 §9.3.1.65).
type LocationEvent uint8

const (
	LocationDirect LocationEvent = iota
	LocationChangeOfCell
	LocationPresenceInArea
	LocationStopChangeOfCell
	LocationStopPresenceInArea
	LocationCancel
)

// LocationRequest is what location is to be reported, and when (TS 38.413 §9.3.1.65).
type LocationRequest struct {
	Event  LocationEvent
	Areas  []AreaOfInterest
	Cancel *uint8 // reference of the area to stop reporting, 1 to 64
}

// AreaOfInterest is tracking areas (up to 16), cells (256) and radios (64).
type AreaOfInterest struct {
	Reference uint8 // 1 to 64
	TAIs      []ident.TAI
	Cells     []CGI
	Nodes     []ident.RANNode
}

// AreaPresence is whether a device is in an area of interest.
type AreaPresence struct {
	Reference uint8 // 1 to 64
	Presence  Presence
}

// Presence is whether a device is in an area (TS 38.413 §9.3.1.67).
type Presence uint8

const (
	PresenceIn Presence = iota
	PresenceOut
	PresenceUnknown
)

// maxAreas is maxnoofAoI.
const maxAreas = 64

func locationRequest(c *coder, v *LocationRequest) {
	areas, cancel := len(v.Areas) > 0, v.Cancel != nil
	t := c.begin(&areas, &cancel)
	per.Enum(&c.Coder, &v.Event, 6, 0, true)
	c.flag() // report area: the cell
	if areas {
		list(c, &v.Areas, 1, maxAreas, areaOfInterest)
	}
	present(c, cancel, &v.Cancel, areaReference)
	c.end(t)
}

func areaReference(c *coder, v *uint8) { per.ExtInt(&c.Coder, v, 1, 64, 255) }

func areaOfInterest(c *coder, v *AreaOfInterest) {
	t := c.begin()
	tais, cells, nodes := len(v.TAIs) > 0, len(v.Cells) > 0, len(v.Nodes) > 0
	inner := c.begin(&tais, &cells, &nodes)
	if tais {
		tais16(c, &v.TAIs)
	}
	if cells {
		list(c, &v.Cells, 1, 256, cgiItem)
	}
	if nodes {
		list(c, &v.Nodes, 1, 64, nodeItem)
	}
	c.end(inner)
	areaReference(c, &v.Reference)
	c.end(t)
}

func cgiItem(c *coder, v *CGI) {
	t := c.begin()
	cgi(c, v)
	c.end(t)
}

func nodeItem(c *coder, v *ident.RANNode) {
	t := c.begin()
	globalRANNodeID(c, v)
	c.end(t)
}

func areaPresence(c *coder, v *AreaPresence) {
	t := c.begin()
	areaReference(c, &v.Reference)
	per.Enum(&c.Coder, &v.Presence, 3, 0, true)
	c.end(t)
}

func areaPresences(c *coder, v *[]AreaPresence) { list(c, v, 1, maxAreas, areaPresence) }
