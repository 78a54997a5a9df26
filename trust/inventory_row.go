package trust

import (
	"encoding/csv"
	"net/netip"
	"strings"

	"cordon/document"
	"cordon/rules"
)

// row is one line of an inventory: an element, and what it says of others.
type row struct {
	record record[rules.Element]
	maker  string
	site   siteClaim
	lat    string
	lon    string
	// Where the cells stand that are settled later.
	makerAt, addressAt, siteAt document.Place
	address                    netip.Prefix
}

func (b *intake) row(r *document.Reader, c *csv.Reader, file int32, columns []cellReading, cells []string) {
	if len(cells) != len(columns) {
		r.BadAt(placeOf(c, 0), "", "%d cells: want %d, as in the first line", len(cells), len(columns))
		return
	}
	before := r.Told()
	x := &row{record: record[rules.Element]{value: freshElement(), from: origin{file: file, at: spotOf(placeOf(c, 0))}}}
	for i, k := range columns {
		cell := strings.TrimSpace(cells[i])
		if k.read == nil || cell == "" {
			continue
		}
		at := placeOf(c, i)
		if len(cell) > limits.Text {
			r.BadAt(at, k.name, "%d octets: want at most %d", len(cell), limits.Text)
		} else if err := k.read(x, cell); err != nil {
			r.BadAt(at, k.name, "%v", err)
		}
		x.place(k, at)
	}
	x.finish(r)
	if r.Told() > before {
		return
	}
	if x.maker != "" {
		b.makers = append(b.makers, makerCell{len(b.elements), x.maker, file, x.makerAt})
	}
	if e := &x.record.value; e.Site != "" {
		x.site.from = origin{file: file, at: spotOf(x.siteAt)}
		b.claims = append(b.claims, x.site)
	}
	b.elements = append(b.elements, x.record)
}

func (x *row) place(k cellReading, at document.Place) {
	if k.field >= 0 {
		x.record.from.fields = append(x.record.from.fields, fieldSpot{uint8(k.field), spotOf(at)})
	}
	switch k.name {
	case "manufacturer":
		x.makerAt = at
	case "address":
		x.addressAt = at
	case "site", "latitude", "longitude":
		if x.siteAt == (document.Place{}) {
			x.siteAt = at
		}
	}
}

// finish settles what takes several cells.
func (x *row) finish(r *document.Reader) {
	e := &x.record.value
	at := document.Place{Line: int(x.record.from.at.line), Column: int(x.record.from.at.column)}
	if e.Name == "" {
		r.BadAt(at, "name", "is missing")
	}
	if (x.lat == "") != (x.lon == "") {
		r.BadAt(at, "latitude", "want both latitude and longitude, or neither")
	}
	if x.maker != "" && e.Vendor != "" {
		r.BadAt(x.makerAt, "manufacturer", "the row has a vendor too: want one of them")
	}
	if x.lat != "" && e.Site == "" {
		e.Site = e.Name // it stands alone
	}
	x.site.site.Name, x.site.site.Placed = e.Site, x.lat != "" && x.lon != ""
	if x.address.IsValid() {
		x.addressTo(r, e)
	}
}

// addressTo puts an inventory's one address where the element's function has its own.
func (x *row) addressTo(r *document.Reader, e *rules.Element) {
	to, name := &e.Addresses.Management, "addresses_management"
	for _, f := range e.Functions {
		switch f {
		case "gnb", "cu", "ng-enb", "n3iwf", "enb":
			to, name = &e.Addresses.N2, "addresses_n2"
		case "upf":
			to, name = &e.Addresses.N4, "addresses_n4"
		}
	}
	if len(*to) > 0 {
		r.BadAt(x.addressAt, "address", "the row has %s too: want one of them", name)
		return
	}
	*to = prefixes{x.address}
}
