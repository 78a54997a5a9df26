package ngap

import (
	"cordon/ident"
	"cordon/wire/per"
)

// MobilityRestrictions say where a device may roam or be handed over (TS 38.413 §9.3.1.85).
type MobilityRestrictions struct {
	ServingPLMN     ident.PLMN
	EquivalentPLMNs []ident.PLMN
	RAT             []RATRestriction
	Forbidden       []ForbiddenArea
	ServiceAreas    []ServiceArea
}

// RATRestriction forbids radio technologies in a network: bit 7 is E-UTRA, bit 6 NR,
// then NR unlicensed and the satellite ones.
type RATRestriction struct {
	PLMN ident.PLMN
	Bits uint8
}

// ForbiddenArea lists tracking areas a device may not use.
type ForbiddenArea struct {
	PLMN ident.PLMN
	TACs []ident.TAC
}

// ServiceArea lists the tracking areas where a device may use data services, or may not.
type ServiceArea struct {
	PLMN                ident.PLMN
	Allowed, NotAllowed []ident.TAC
}

// Limits of the lists below (TS 38.413 §9.3.1.85).
const (
	maxEquivalentPLMNs = 15
	maxForbiddenTACs   = 4096
	maxServiceAreaTACs = 16
)

func mobilityRestrictions(c *coder, v *MobilityRestrictions) {
	eq, rat := len(v.EquivalentPLMNs) > 0, len(v.RAT) > 0
	forbidden, service := len(v.Forbidden) > 0, len(v.ServiceAreas) > 0
	t := c.begin(&eq, &rat, &forbidden, &service)
	plmn(c, &v.ServingPLMN)
	if eq {
		list(c, &v.EquivalentPLMNs, 1, maxEquivalentPLMNs, plmn)
	}
	if rat {
		list(c, &v.RAT, 1, maxEquivalentPLMNs+1, ratRestriction)
	}
	if forbidden {
		list(c, &v.Forbidden, 1, maxEquivalentPLMNs+1, forbiddenArea)
	}
	if service {
		list(c, &v.ServiceAreas, 1, maxEquivalentPLMNs+1, serviceArea)
	}
	c.end(t)
}

func ratRestriction(c *coder, v *RATRestriction) {
	t := c.begin()
	plmn(c, &v.PLMN)
	per.ExtBits(&c.Coder, &v.Bits, 8)
	c.end(t)
}

func forbiddenArea(c *coder, v *ForbiddenArea) {
	t := c.begin()
	plmn(c, &v.PLMN)
	list(c, &v.TACs, 1, maxForbiddenTACs, tac)
	c.end(t)
}

func serviceArea(c *coder, v *ServiceArea) {
	allowed, not := len(v.Allowed) > 0, len(v.NotAllowed) > 0
	t := c.begin(&allowed, &not)
	plmn(c, &v.PLMN)
	if allowed {
		list(c, &v.Allowed, 1, maxServiceAreaTACs, tac)
	}
	if not {
		list(c, &v.NotAllowed, 1, maxServiceAreaTACs, tac)
	}
	c.end(t)
}
