package trust

import (
	"cmp"
	"errors"
	"path"
	"slices"
	"strings"

	"cordon/document"
	"cordon/rules"
)

// File is one text of records. The end of its name says what it is: .yaml, .yml or .json records,
// .geojson zones (RFC 7946), .csv an inventory of elements.
type File struct {
	Name string
	Text []byte
}

// Warnings is what is odd in records and does not keep them from being used.
type Warnings []*document.Problem

// Limits of records. Facts that were not read from files have them too.
const (
	MaxFiles    = 1000
	MaxOctets   = 64 << 20 // of a file
	MaxElements = 200_000  // and as many links
	MaxSites    = 200_000
	MaxVendors  = 10_000
	MaxZones    = 10_000
	maxPermits  = 100 // of an element

	maxTold = 200 // problems of one file, and of one check
)

// What one file may hold. While YAML or JSON is read it costs up to forty times its size.
var limits = document.Limits{Size: MaxOctets, Depth: 12, Items: MaxElements, Text: 4096, Problems: maxTold}

// Parse reads records and checks them. Each list of the facts comes out in the order of its names. The error
// joins a [document.Problem] for all that is wrong, file by file.
func Parse(files []File) (*rules.Facts, Warnings, error) {
	b := &intake{}
	if len(files) > MaxFiles {
		return nil, nil, document.Join([]*document.Problem{{Message: "more than 1000 files of records: join some"}})
	}
	for _, f := range files {
		if b.file(f); len(b.problems) >= 5*maxTold {
			break // enough to begin with
		}
	}
	if b.problems == nil {
		b.resolve()
	}
	if b.problems != nil {
		return nil, nil, joined(b.problems)
	}
	facts := b.facts()
	warnings, err := check(facts, b)
	if err != nil {
		return nil, warnings, err
	}
	return facts, warnings, nil
}

// Elements reads the elements of one file by itself, as far as that goes: what they refer to may stand in
// other files, and nothing is checked that concerns more than the file.
func Elements(f File) ([]rules.Element, error) {
	b := &intake{}
	if b.file(f); b.problems != nil {
		return nil, joined(b.problems)
	}
	all := make([]rules.Element, len(b.elements))
	for i := range b.elements {
		all[i] = b.elements[i].value
	}
	return all, nil
}

// joined keeps the order of the files.
func joined(problems []*document.Problem) error {
	order := map[string]int{}
	for _, p := range problems {
		if _, ok := order[p.File]; !ok {
			order[p.File] = len(order)
		}
	}
	slices.SortStableFunc(problems, func(a, b *document.Problem) int {
		return cmp.Or(cmp.Compare(order[a.File], order[b.File]), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	errs := make([]error, len(problems))
	for i, p := range problems {
		errs[i] = p
	}
	return errors.Join(errs...)
}

// intake is the records of all files, each with where it stood.
type intake struct {
	files    []string
	problems []*document.Problem

	vendors  []record[rules.Vendor]
	sites    []record[rules.Site]
	zones    []record[rules.Zone]
	elements []record[rules.Element]
	links    []record[rules.Link]
	// Of inventories, to be resolved when all files are read.
	makers []makerCell
	claims []siteClaim
}

// record is a value and where it stood.
type record[T any] struct {
	value T
	from  origin
}

// origin is the place of a record and of those of its fields that it has.
type origin struct {
	file   int32
	at     spot
	fields []fieldSpot
}

type spot struct{ line, column int32 }

type fieldSpot struct {
	field uint8 // in the table of its kind of record
	at    spot
}

func spotOf(p document.Place) spot { return spot{int32(p.Line), int32(p.Column)} }

func (b *intake) file(f File) {
	b.files = append(b.files, f.Name)
	r := document.NewReader(f.Name, limits)
	file, found := int32(len(b.files)-1), true
	switch path.Ext(strings.ToLower(f.Name)) {
	case ".yaml", ".yml":
		found = r.YAML(f.Text, b.reading(file))
	case ".json":
		found = r.JSON(f.Text, b.reading(file))
	case ".geojson":
		found = r.JSON(f.Text, b.geoJSON(file))
	case ".csv":
		b.inventory(r, file, f.Text)
	default:
		r.BadAt(document.Place{}, "", "want a name that ends in .yaml, .yml, .json, .geojson or .csv")
	}
	if !found {
		r.BadAt(document.Place{Line: 1, Column: 1}, "", "the file is empty")
	}
	b.problems = append(b.problems, r.Problems()...)
}

// reading is a file of records: lists of each kind, any of them absent.
func (b *intake) reading(file int32) document.Reading {
	return document.Section(
		document.Field("vendors", records(vendorFields, file, &b.vendors, func() rules.Vendor { return rules.Vendor{} })),
		document.Field("sites", records(siteFields, file, &b.sites, func() rules.Site { return rules.Site{} })),
		document.Field("zones", records(zoneFields, file, &b.zones, func() rules.Zone { return rules.Zone{} })),
		document.Field("elements", records(elementFields, file, &b.elements, freshElement)),
		document.Field("links", records(linkFields, file, &b.links, func() rules.Link { return rules.Link{} })),
	)
}

// freshElement is one of which nothing is known.
func freshElement() rules.Element { return rules.Element{Traffic: -1, Premises: -1} }

// records reads a list of records, and where each of their fields stands.
func records[T any](fields []field[T], file int32, to *[]record[T], fresh func() T) document.Reading {
	var now record[T]
	section := document.Section(entries(fields, &now.value, func(field int, at document.Place) {
		now.from.fields = append(now.from.fields, fieldSpot{uint8(field), spotOf(at)})
	})...)
	return document.Each(func(r *document.Reader, n document.Node) {
		now = record[T]{value: fresh(), from: origin{file: file, at: spotOf(n.Place())}}
		section(r, n)
		now.from.fields = slices.Clip(now.from.fields)
		*to = append(*to, now)
	})
}

// facts is the records in the order of their names.
func (b *intake) facts() *rules.Facts {
	return &rules.Facts{
		Vendors:  values(b.vendors, func(v *rules.Vendor) string { return v.Name }),
		Sites:    values(b.sites, func(s *rules.Site) string { return s.Name }),
		Zones:    values(b.zones, func(z *rules.Zone) string { return z.Name }),
		Elements: values(b.elements, func(e *rules.Element) string { return e.Name }),
		Links:    values(b.links, func(l *rules.Link) string { return l.Name }),
	}
}

// values sorts records by name, and gives what they hold.
func values[T any](list []record[T], name func(*T) string) []T {
	slices.SortStableFunc(list, func(x, y record[T]) int { return cmp.Compare(name(&x.value), name(&y.value)) })
	if len(list) == 0 {
		return nil
	}
	out := make([]T, len(list))
	for i := range list {
		out[i] = list[i].value
	}
	return out
}
