package amf

import (
	"slices"

	"cordon/ident"
	"cordon/wire/nas"
)

// lists holds what many devices have in common, once.
type lists struct {
	allowed [][]ident.SNSSAI
	areas   map[areaKey]areaLists // by the law in force
	routes  []route               // from 1
	known   map[route]uint16
}

// areaKey is a device's tracking area and class.
type areaKey struct {
	tai   ident.TAI
	class int
}

// areaLists is what a device is told of areas: those that it is registered in, and where it may ask for
// services, nil where there is no limit.
type areaLists struct {
	tais     []ident.TAI
	services *nas.ServiceAreas
}

// maxRoutes bounds the routes that are told apart. A session beyond them leads to nothing known.
const maxRoutes = 1<<16 - 1

// number gives a route a number, 0 if there are too many.
func (l *lists) number(to route) uint16 {
	if n, ok := l.known[to]; ok {
		return n
	}
	if len(l.routes) >= maxRoutes {
		return 0
	}
	if l.known == nil {
		l.known = make(map[route]uint16)
	}
	l.routes = append(l.routes, to)
	l.known[to] = uint16(len(l.routes))
	return l.known[to]
}

// route is the one of that number.
func (l *lists) route(n uint16) route {
	if n == 0 {
		return route{}
	}
	return l.routes[n-1]
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

// area is what a device of a class is told in t: as its registration area t first, and served areas as
// far as one list goes, without those that are closed to it.
func (a *AMF) area(t ident.TAI, class int) areaLists {
	key := areaKey{t, class}
	if known, ok := a.lists.areas[key]; ok {
		return known
	}
	l := &a.limits[class]
	var out areaLists
	at := max(slices.Index(a.cfg.TACs, t.TAC), 0)
	for i := range a.cfg.TACs {
		next := ident.TAI{PLMN: t.PLMN, TAC: a.cfg.TACs[(at+i)%len(a.cfg.TACs)]}
		if !l.tacs[next.TAC] && len(out.tais) < nas.MaxTAIs {
			out.tais = append(out.tais, next)
		}
	}
	out.services = l.services(a.cfg, t)
	if a.lists.areas == nil {
		a.lists.areas = make(map[areaKey]areaLists)
	}
	a.lists.areas[key] = out // bounded: t is one of the served areas
	return out
}
