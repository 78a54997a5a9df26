package trust

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"

	"cordon/document"
	"cordon/geo"
	"cordon/rules"
)

// passedOver is columns of inventories that say nothing of what rules ask.
var passedOver = []string{
	"airflow", "asset_tag", "cluster", "comments", "config_template", "contacts", "created", "custom_fields", "description", "face", "id", "last_updated", "location",
	"local_context_data", "oob_ip", "parent_device", "platform", "position", "primary_ip4", "primary_ip6", "priority", "rack", "region", "serial", "status",
	"tenant", "tenant_group", "time_zone", "url", "vc_position", "vc_priority", "virtual_chassis", "weight",
}

// columnAliases is other names of columns.
var columnAliases = map[string]string{
	"device_role": "role", "device_name": "name", "type": "model", "device_type": "model", "function": "functions",
	"lat": "latitude", "lon": "longitude", "lng": "longitude", "long": "longitude", "primary_ip": "address", "ip_address": "address",
	"street_address": "physical_address", "n2": "addresses_n2", "n3": "addresses_n3", "n4": "addresses_n4", "install_date": "installed", "purchase_date": "purchased",
	"software_version": "version", "tac": "tacs", "plmn": "plmns", "slice": "slices", "tag": "tags",
}

// row is one line of an inventory: an element, and what it says of others.
type row struct {
	record record[rules.Element]
	maker  string
	site   siteClaim
	lat    string
	lon    string
	// own is where each cell of the row stands that is resolved later.
	makerAt, addressAt, siteAt document.Place
	address                    netip.Prefix
}

// makerCell is a manufacturer as an inventory names it, for an element.
type makerCell struct {
	element int // in book.elements
	name    string
	file    int32
	at      document.Place
}

// siteClaim is what a row says of its site.
type siteClaim struct {
	site rules.Site
	from origin
}

// inventory reads elements from CSV (RFC 4180), with commas or semicolons between cells and the columns' names in the first line.
func (b *book) inventory(r *document.Reader, file int32, text []byte) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if len(text) > limits.Size {
		r.BadAt(document.Place{}, "", "the file is larger than %d octets", limits.Size)
		return
	}
	if i := invalidUTF8(text); i >= 0 {
		r.BadAt(document.Place{Line: 1 + bytes.Count(text[:i], []byte("\n")), Column: 1}, "", "this is not UTF-8: save the inventory as such")
		return
	}
	c := csv.NewReader(bytes.NewReader(text))
	first, _, _ := bytes.Cut(text, []byte("\n"))
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		c.Comma = ';'
	}
	c.FieldsPerRecord, c.ReuseRecord = -1, true
	var columns []cellReading
	for n := 0; ; n++ {
		cells, err := c.Read()
		switch {
		case errors.Is(err, io.EOF):
			if n == 0 {
				r.BadAt(document.Place{Line: 1, Column: 1}, "", "the file is empty: want the columns' names in the first line")
			}
			return
		case err != nil:
			syntaxOf(r, err)
			return
		case n == 0:
			if columns = header(r, c, cells); columns == nil {
				return
			}
		case n > MaxElements:
			r.BadAt(placeOf(c, 0), "", "more than %d lines", MaxElements)
			return
		default:
			b.row(r, c, file, columns, cells)
		}
	}
}

func invalidUTF8(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; ; {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
}

func syntaxOf(r *document.Reader, err error) {
	at := document.Place{Line: 1, Column: 1}
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		at, err = document.Place{Line: e.Line, Column: max(1, e.Column)}, e.Err
	}
	r.BadAt(at, "", "this is not CSV: %v", err)
}

func placeOf(c *csv.Reader, cell int) document.Place {
	line, column := c.FieldPos(cell)
	return document.Place{Line: line, Column: column}
}

// cellReading is what a column's cells do to a row. A nil one is passed over.
type cellReading struct {
	name  string
	field int // of the element's table; -1 for none
	read  func(x *row, cell string) error
}

// header finds what each column means; nil where that is not known of one.
func header(r *document.Reader, c *csv.Reader, cells []string) []cellReading {
	known := readings()
	names := slices.Clone(passedOver)
	for _, k := range known {
		names = append(names, k.name)
	}
	columns, before := make([]cellReading, len(cells)), r.Told()
	for i, cell := range cells {
		name := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(cell)))
		if alias, ok := columnAliases[name]; ok {
			name = alias
		}
		at := slices.IndexFunc(known, func(k cellReading) bool { return k.name == name })
		switch {
		case at >= 0 && slices.ContainsFunc(columns[:i], func(o cellReading) bool { return o.name == name }):
			r.BadAt(placeOf(c, i), name, "stands there twice")
		case at >= 0:
			columns[i] = known[at]
		case slices.Contains(passedOver, name):
		default:
			hint := "take it out, or call it by a name of docs/records.md"
			if near := document.Nearest(name, names); near != "" {
				hint = "want " + near
			}
			r.BadAt(placeOf(c, i), "", "%.80q is no column known here: %s", cell, hint)
		}
	}
	if !slices.ContainsFunc(columns, func(k cellReading) bool { return k.name == "name" }) {
		r.BadAt(document.Place{Line: 1, Column: 1}, "", "want a column called name")
	}
	if r.Told() > before {
		return nil
	}
	return columns
}

// readings is every column that says something: those of the element's own fields, and what inventories have besides.
func readings() []cellReading {
	list := []cellReading{
		{"role", fieldNamed(elementFields, "functions"), func(x *row, cell string) error {
			f, err := functionOf(cell)
			if x.record.value.Functions == nil { // a column of functions says it better
				x.record.value.Functions = []rules.Function{f}
			}
			return err
		}},
		{"manufacturer", fieldNamed(elementFields, "vendor"), func(x *row, cell string) error { x.maker = cell; return nil }},
		{"latitude", -1, func(x *row, cell string) error { x.lat = cell; return degrees(&x.site.site.At.Lat, cell, 90) }},
		{"longitude", -1, func(x *row, cell string) error { x.lon = cell; return degrees(&x.site.site.At.Lon, cell, 180) }},
		{"physical_address", -1, func(x *row, cell string) error {
			return line.columns[0].parse(&x.site.site.Title, strings.Join(strings.Fields(cell), " "))
		}},
		{"address", fieldNamed(elementFields, "addresses"), func(x *row, cell string) error {
			err := address(&x.address, cell)
			return err
		}},
	}
	for i := range elementFields {
		for _, c := range elementFields[i].columns {
			list = append(list, cellReading{c.name, i, func(x *row, cell string) error { return c.parse(&x.record.value, cell) }})
		}
	}
	return list
}

func fieldNamed[T any](fields []field[T], name string) int {
	return slices.IndexFunc(fields, func(f field[T]) bool { return f.name == name })
}

func degrees(to *float64, cell string, most float64) error {
	v, err := parseNumber(cell, -most, most)
	if err != nil {
		return wanted{cell, fmt.Sprintf("degrees from -%v to %v", most, most)}
	}
	*to = v
	return nil
}

// address takes the length of its network from an interface's address, as inventories write it.
func address(to *netip.Prefix, cell string) error {
	own, _, _ := strings.Cut(cell, "/")
	a, err := netip.ParseAddr(own)
	if err != nil || a.Zone() != "" || a.Is4In6() {
		return wanted{cell, "an IP address; that of a street goes to physical_address"}
	}
	*to = netip.PrefixFrom(a, a.BitLen())
	return nil
}

func (b *book) row(r *document.Reader, c *csv.Reader, file int32, columns []cellReading, cells []string) {
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

// resolve finds the vendors that inventories name their own way, and makes the sites that they speak of.
func (b *book) resolve() {
	b.resolveMakers()
	b.resolveSites()
}

func (b *book) resolveMakers() {
	if len(b.makers) == 0 {
		return
	}
	known := map[string]string{}
	var names []string
	for _, v := range b.vendors {
		for _, n := range append([]string{v.value.Name, v.value.Title}, v.value.Aliases...) {
			known[strings.ToLower(n)] = v.value.Name
			names = append(names, strings.ToLower(n))
		}
	}
	told := map[string]bool{}
	for _, m := range b.makers {
		key := strings.ToLower(m.name)
		vendor, ok := known[key]
		if !ok && !told[key] && len(b.problems) < maxTold {
			told[key] = true
			hint := "add it to the records, or to the aliases of a vendor"
			if near := document.Nearest(key, names); near != "" {
				hint = fmt.Sprintf("is it %q? else %s", near, hint)
			}
			b.problems = append(b.problems, &document.Problem{File: b.files[m.file], Line: m.at.Line, Column: m.at.Column, Path: "manufacturer",
				Message: fmt.Sprintf("no vendor is called %s: %s", quoted(m.name), hint)})
		}
		b.elements[m.element].value.Vendor = vendor
	}
}

// sameSite is how far apart, in metres, two rows may place one site: antennas of a site do not stand in one spot.
const sameSite = 100

func (b *book) resolveSites() {
	if len(b.claims) == 0 {
		return
	}
	index, placed := map[string]int{}, map[string]origin{}
	for i, s := range b.sites {
		index[s.value.Name], placed[s.value.Name] = i, s.from
	}
	for _, c := range b.claims {
		i, ok := index[c.site.Name]
		if !ok {
			index[c.site.Name], placed[c.site.Name] = len(b.sites), c.from
			b.sites = append(b.sites, record[rules.Site]{c.site, c.from})
			continue
		}
		s := &b.sites[i].value
		if c.site.Placed && s.Placed && geo.Distance(s.At, c.site.At) > sameSite && len(b.problems) < maxTold {
			b.problems = append(b.problems, &document.Problem{File: b.files[c.from.file], Line: int(c.from.at.line), Column: int(c.from.at.column), Path: "site",
				Message: fmt.Sprintf("%q is at %v here and at %v elsewhere (%s): a site has one place", c.site.Name, c.site.At, s.At, b.place(placed[c.site.Name]))})
		}
		if c.site.Placed && !s.Placed {
			s.At, s.Placed, placed[c.site.Name] = c.site.At, true, c.from
		}
		if s.Title == "" {
			s.Title = c.site.Title
		}
	}
}

// place is where a record stands, in words.
func (b *book) place(o origin) string {
	return fmt.Sprintf("%s:%d:%d", b.files[o.file], o.at.line, o.at.column)
}
