package trust

import (
	"cmp"
	"slices"

	"cordon/rules"
)

// Export writes facts as records, which [Parse] reads back equal, in the order of their names. Cuts and
// findings are no records and stay out.
func Export(f *rules.Facts) []byte {
	w := &writer{}
	export(w, "vendors", vendorFields, f.Vendors, func(v *rules.Vendor) string { return v.Name })
	export(w, "sites", siteFields, f.Sites, func(s *rules.Site) string { return s.Name })
	export(w, "zones", zoneFields, f.Zones, func(z *rules.Zone) string { return z.Name })
	export(w, "elements", elementFields, f.Elements, func(e *rules.Element) string { return e.Name })
	export(w, "links", linkFields, f.Links, func(l *rules.Link) string { return l.Name })
	if w.b.Len() == 0 {
		return []byte("{}\n")
	}
	return []byte(w.b.String())
}

func export[T any](w *writer, list string, fields []field[T], values []T, name func(*T) string) {
	if len(values) == 0 {
		return
	}
	sorted := slices.Clone(values)
	slices.SortStableFunc(sorted, func(x, y T) int { return cmp.Compare(name(&x), name(&y)) })
	w.key(list)
	w.list(len(sorted), func(i int) { writeFields(w, fields, &sorted[i]) })
}

// Schema is the JSON Schema of a file of records, for editors.
func Schema() []byte {
	array := func(item map[string]any, about string) map[string]any {
		return map[string]any{"type": "array", "items": item, "description": about}
	}
	return []byte(jsonText(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   "Cordon records",
		"type":    "object", "additionalProperties": false,
		"properties": map[string]any{
			"vendors":  array(objectSchema(vendorFields), "Corporate groups, and companies in them."),
			"sites":    array(objectSchema(siteFields), "Places where elements stand."),
			"zones":    array(objectSchema(zoneFields), "Areas with a purpose."),
			"elements": array(objectSchema(elementFields), "Equipment and software, each with a function."),
			"links":    array(objectSchema(linkFields), "What joins two elements."),
		},
	}))
}
