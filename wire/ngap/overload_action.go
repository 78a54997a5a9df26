package ngap

import (
	"cordon/ident"
	"cordon/wire/per"
)

// OverloadAction is which traffic a radio is to hold back (TS 38.413 §9.3.1.105).
type OverloadAction uint8

const (
	OverloadRejectNonEmergencyMO OverloadAction = iota
	OverloadRejectSignalling
	OverloadPermitEmergencyAndMT
	OverloadPermitHighPriorityAndMT
)

// SliceOverload is an overload of some slices; Reduction is in percent, 0 is absent.
type SliceOverload struct {
	Slices    []ident.SNSSAI
	Response  *OverloadAction
	Reduction uint8
}

func overloadResponse(c *coder, v *OverloadAction) {
	var alt uint8
	c.choice(&alt, 1)
	per.Enum(&c.Coder, v, 4, 0, true)
}

func trafficLoadReduction(c *coder, v *uint8) { per.Int(&c.Coder, v, 1, 99) }

func sliceOverload(c *coder, v *SliceOverload) {
	response, reduction := v.Response != nil, v.Reduction != 0
	t := c.begin(&response, &reduction)
	list(c, &v.Slices, 1, maxSlices, slice)
	present(c, response, &v.Response, overloadResponse)
	if reduction {
		trafficLoadReduction(c, &v.Reduction)
	}
	c.end(t)
}

func sliceOverloads(c *coder, v *[]SliceOverload) { list(c, v, 1, maxSlices, sliceOverload) }
