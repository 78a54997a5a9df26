package n4

import (
	"slices"

	"cordon/wire/pfcp"
)

// empty reports whether a modification asks for nothing, and so must not be sent.
func empty(m *pfcp.Modification) bool {
	return len(m.RemovePDRs)+len(m.RemoveFARs)+len(m.RemoveQERs)+len(m.RemoveURRs)+len(m.RemoveBARs) == 0 &&
		len(m.CreatePDRs)+len(m.CreateFARs)+len(m.CreateQERs)+len(m.CreateURRs)+len(m.CreateBARs) == 0 &&
		len(m.PDRs)+len(m.FARs)+len(m.QERs)+len(m.URRs)+len(m.BARs)+len(m.QueryURRs) == 0 && !m.Query && !m.DropBuffered && m.Inactivity == 0
}

// wantsEndpoint reports whether a modification asks for a tunnel endpoint.
func wantsEndpoint(m *pfcp.Modification) bool {
	choose := func(p pfcp.PDR) bool { return p.PDI.Local.Choose }
	return slices.ContainsFunc(m.CreatePDRs, choose) || slices.ContainsFunc(m.PDRs, choose)
}

// merge makes of a modification one that does what both do, the other after it.
func merge(m, after *pfcp.Modification) {
	rules(&m.RemovePDRs, &m.CreatePDRs, &m.PDRs, after.RemovePDRs, after.CreatePDRs, after.PDRs, func(r pfcp.PDR) pfcp.PDRID { return r.ID }, pfcp.PDR.Over)
	rules(&m.RemoveFARs, &m.CreateFARs, &m.FARs, after.RemoveFARs, after.CreateFARs, after.FARs, func(r pfcp.FAR) pfcp.FARID { return r.ID }, pfcp.FAR.Over)
	rules(&m.RemoveQERs, &m.CreateQERs, &m.QERs, after.RemoveQERs, after.CreateQERs, after.QERs, func(r pfcp.QER) pfcp.QERID { return r.ID }, pfcp.QER.Over)
	rules(&m.RemoveURRs, &m.CreateURRs, &m.URRs, after.RemoveURRs, after.CreateURRs, after.URRs, func(r pfcp.URR) pfcp.URRID { return r.ID }, pfcp.URR.Over)
	rules(&m.RemoveBARs, &m.CreateBARs, &m.BARs, after.RemoveBARs, after.CreateBARs, after.BARs, func(r pfcp.BAR) pfcp.BARID { return r.ID }, func(r, _ pfcp.BAR) pfcp.BAR { return r })
	m.Query = m.Query || after.Query
	for _, id := range after.QueryURRs {
		if !slices.Contains(m.QueryURRs, id) {
			m.QueryURRs = append(m.QueryURRs, id)
		}
	}
	m.DropBuffered = m.DropBuffered || after.DropBuffered
	if after.Inactivity != 0 {
		m.Inactivity = after.Inactivity
	}
}

// rules merges what two modifications do to rules of one kind. Within one, removals come first and updates last.
func rules[R any, I comparable](remove *[]I, create, update *[]R, removed []I, created, updated []R, id func(R) I, over func(now, was R) R) {
	at := func(list []R, i I) int { return slices.IndexFunc(list, func(r R) bool { return id(r) == i }) }
	put := func(list *[]R, r R, make func(now, was R) R) bool {
		k := at(*list, id(r))
		if k >= 0 {
			(*list)[k] = make(r, (*list)[k])
		}
		return k >= 0
	}
	whole := func(r, _ R) R { return r }
	cut := func(list *[]R, i I) bool {
		k := at(*list, i)
		if k >= 0 {
			*list = slices.Delete(*list, k, k+1)
		}
		return k >= 0
	}
	for _, i := range removed {
		cut(update, i)
		if !cut(create, i) && !slices.Contains(*remove, i) {
			*remove = append(*remove, i)
		}
	}
	for _, r := range created {
		if !put(create, r, whole) {
			*create = append(*create, r)
		}
	}
	for _, r := range updated {
		if !put(create, r, over) && !put(update, r, over) {
			*update = append(*update, r)
		}
	}
}
