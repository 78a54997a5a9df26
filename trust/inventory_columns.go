package trust

import (
	"encoding/csv"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"cordon/document"
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
