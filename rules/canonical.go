package rules

import (
	"encoding/binary"
	"math"
	"net/netip"

	"cordon/geo"
	"cordon/ident"
)

// canonical writes a record so that no two differ and are written alike: each text and list after its length.
type canonical struct{ b []byte }

// element writes an element with what was found of it.
func (c *canonical) element(r *record) {
	e := r.e
	c.texts(e.Name, e.Technology, e.Vendor, e.Manager, e.Model, e.Version, e.Digest, e.Site, e.Fingerprint, e.WireGuard, e.Protection)
	list(c, e.Functions, func(f Function) { c.texts(string(f)) })
	list(c, e.Support, func(s string) { c.texts(s) })
	list(c, e.Software, func(s string) { c.texts(s) })
	list(c, e.Tags, func(s string) { c.texts(s) })
	c.area(e.Served)
	for _, ps := range [][]netip.Prefix{e.Addresses.N2, e.Addresses.N3, e.Addresses.N4, e.Addresses.Management} {
		list(c, ps, func(p netip.Prefix) {
			a := p.Addr().As16()
			c.b = append(append(c.b, a[:]...), byte(p.Bits()))
		})
	}
	if c.numbers(bit(e.HasNode)); e.HasNode {
		c.b = append(c.b, e.Node.PLMN[:]...)
		c.numbers(uint64(e.Node.Kind), uint64(e.Node.Bits), uint64(e.Node.ID))
	}
	list(c, e.TACs, func(t ident.TAC) { c.numbers(uint64(t)) })
	list(c, e.PLMNs, func(p ident.PLMN) { c.b = append(c.b, p[:]...) })
	list(c, e.Slices, func(s ident.SNSSAI) { c.numbers(uint64(s.SST), uint64(s.SD)) })
	c.numbers(uint64(e.Purchased), uint64(e.Installed), bit(e.LikeForLike), math.Float64bits(e.Traffic), math.Float64bits(e.Premises), uint64(e.SupportEnd))
	list(c, e.Permits, func(p Permit) {
		c.texts(p.Kind, p.By, p.Ref, p.Version, p.Site)
		c.numbers(uint64(p.From), uint64(p.Until))
	})
	c.numbers(bit(e.Plan != nil))
	if p := e.Plan; p != nil {
		c.texts(p.Vendor, p.Currency)
		c.numbers(uint64(p.By), uint64(p.Cost))
	}
	m := &e.Management
	c.texts("management", m.Path, m.Country, m.Staff)
	c.numbers(uint64(m.Recorded), uint64(m.Months), uint64(m.Separated), uint64(m.TwoPeople))
	list(c, r.findings, func(o Observation) { c.texts(o.Kind); c.numbers(uint64(o.Count)) })
}

func (c *canonical) texts(of ...string) {
	for _, s := range of {
		c.b = append(binary.AppendUvarint(c.b, uint64(len(s))), s...)
	}
}

func (c *canonical) numbers(of ...uint64) {
	for _, n := range of {
		c.b = binary.AppendUvarint(c.b, n)
	}
}

func list[T any](c *canonical, of []T, write func(T)) {
	c.numbers(uint64(len(of)))
	for _, v := range of {
		write(v)
	}
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func (c *canonical) area(a geo.Area) {
	c.point(a.Centre)
	c.numbers(math.Float64bits(a.Radius))
	list(c, a.Ring, c.point)
	list(c, a.Holes, func(hole []geo.Point) { list(c, hole, c.point) })
}

func (c *canonical) point(p geo.Point) {
	c.numbers(math.Float64bits(p.Lat), math.Float64bits(p.Lon))
}
