package amf

import (
	"slices"

	"cordon/ident"
	"cordon/wire/nas"
)

// lists holds what many devices have in common, once.
type lists struct {
	allowed [][]ident.SNSSAI
	areas   map[ident.TAI][]ident.TAI
}

// maxLists bounds the sets of slices that are shared; subscriptions come in few kinds.
const maxLists = 256

// slices gives a shared copy of an allowed NSSAI.
func (l *lists) slices(s []ident.SNSSAI) []ident.SNSSAI {
	for _, have := range l.allowed {
		if slices.Equal(have, s) {
			return have
		}
	}
	s = slices.Clone(s)
	if len(l.allowed) < maxLists {
		l.allowed = append(l.allowed, s)
	}
	return s
}

// area is the registration area of a device in t: t first, and served areas as far as one
// list goes.
func (l *lists) area(cfg *Config, t ident.TAI) []ident.TAI {
	if list, ok := l.areas[t]; ok {
		return list
	}
	list := []ident.TAI{t}
	at := max(slices.Index(cfg.TACs, t.TAC), 0)
	for i := range len(cfg.TACs) - 1 {
		next := ident.TAI{PLMN: t.PLMN, TAC: cfg.TACs[(at+1+i)%len(cfg.TACs)]}
		if len(list) < nas.MaxTAIs {
			list = append(list, next)
		}
	}
	if l.areas == nil {
		l.areas = make(map[ident.TAI][]ident.TAI)
	}
	l.areas[t] = list // bounded: t is one of the served areas
	return list
}
