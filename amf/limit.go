package amf

import (
	"slices"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// limit is where subscribers of a class are not served by any radio, and what a radio is told
// of it. The zero value is nowhere.
type limit struct {
	tacs  map[ident.TAC]bool
	open  []ident.TAC // served areas that are not closed
	list  []ident.TAC // served areas that are, in the order of the configuration
	radio *ngap.MobilityRestrictions
}

// holds reports whether the class may not be served in t by any radio.
func (l *limit) holds(t ident.TAC) bool { return l.tacs[t] }

// maxForbiddenTACs is how many areas a radio can be told of (TS 38.413 §9.3.1.85).
const maxForbiddenTACs = 4096

// limit makes what applies to a class of the areas that are closed to it.
func (c *Config) limit(closed []ident.TAC) limit {
	l := limit{tacs: make(map[ident.TAC]bool)}
	for _, t := range closed {
		l.tacs[t] = true
	}
	for _, t := range c.TACs {
		if l.tacs[t] {
			l.list = append(l.list, t)
		} else {
			l.open = append(l.open, t)
		}
	}
	if len(closed) == 0 {
		return l
	}
	plmn := c.GUAMI.PLMN
	l.radio = &ngap.MobilityRestrictions{
		ServingPLMN: plmn,
		Forbidden:   []ngap.ForbiddenArea{{PLMN: plmn, TACs: closed[:min(len(closed), maxForbiddenTACs)]}},
	}
	switch { // the same as the device is told, where that is the whole
	case len(l.list) == 0:
	case len(l.list) <= nas.MaxTAIs:
		l.radio.ServiceAreas = []ngap.ServiceArea{{PLMN: plmn, NotAllowed: l.list}}
	case len(l.open) > 0 && len(l.open) <= nas.MaxTAIs:
		l.radio.ServiceAreas = []ngap.ServiceArea{{PLMN: plmn, Allowed: l.open}}
	}
	return l
}

// services is the service area list of a device near t: what is closed to it as long as that goes into one
// list, else what is open, else of what is closed the nearest in the order of the
// configuration, for a device that comes into the rest is turned away there.
func (l *limit) services(cfg *Config, t ident.TAI) *nas.ServiceAreas {
	switch {
	case len(l.list) == 0:
		return nil
	case len(l.list) > nas.MaxTAIs && len(l.open) > 0 && len(l.open) <= nas.MaxTAIs:
		return &nas.ServiceAreas{TAIs: tais(t.PLMN, l.open)}
	}
	at := max(slices.Index(cfg.TACs, t.TAC), 0)
	s := &nas.ServiceAreas{NotAllowed: true}
	for i := range cfg.TACs {
		next := cfg.TACs[(at+i)%len(cfg.TACs)]
		if l.tacs[next] && len(s.TAIs) < nas.MaxTAIs {
			s.TAIs = append(s.TAIs, ident.TAI{PLMN: t.PLMN, TAC: next})
		}
	}
	return s
}

func tais(p ident.PLMN, tacs []ident.TAC) []ident.TAI {
	out := make([]ident.TAI, 0, len(tacs))
	for _, t := range tacs {
		out = append(out, ident.TAI{PLMN: p, TAC: t})
	}
	return out
}
