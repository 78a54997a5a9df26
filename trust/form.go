package trust

import (
	"fmt"
	"slices"
	"strings"

	"cordon/document"
)

// A form is how values of one type are written: one description to read them by, to export them by and for
// the schema, so that the three cannot differ.
type form[V any] struct {
	read    func(*V) document.Reading
	write   func(*writer, V)
	absent  func(V) bool // need not be written
	schema  map[string]any
	columns []column[V] // of an inventory; one without name for a value that fills one cell
}

// column is a value as a cell of an inventory.
type column[V any] struct {
	name  string // "" where it is that of the field
	parse func(*V, string) error
}

// scalar is the form of a value of one text. Where tells is set, parse says itself what it wants.
func scalar[V comparable](want string, tells bool, schema map[string]any, parse func(string) (V, error), format func(V) string) form[V] {
	return form[V]{
		read: func(to *V) document.Reading {
			if tells {
				return document.Parsed(to, want, parse)
			}
			return document.Value(to, want, parse)
		},
		write:  func(w *writer, v V) { w.text(format(v)) },
		absent: func(v V) bool { return v == *new(V) },
		schema: schema,
		columns: []column[V]{{parse: func(to *V, cell string) error {
			v, err := parse(cell)
			if err != nil && !tells {
				return wanted{cell, want}
			} else if err != nil {
				return err
			}
			*to = v
			return nil
		}}},
	}
}

// bare is a form whose values are no texts to YAML: numbers, dates, true and false.
func (f form[V]) bare(format func(V) string) form[V] {
	f.write = func(w *writer, v V) { w.value(format(v)) }
	return f
}

// maxList is how many values one field has at most.
const maxList = 1024

// list is the form of several values, none of them twice. In a cell they have semicolons between.
func list[V comparable](item form[V]) form[[]V] {
	return form[[]V]{
		read: func(to *[]V) document.Reading {
			return func(r *document.Reader, n document.Node) {
				before := r.Told()
				document.List(to, item.read)(r, n)
				if len(*to) == 0 {
					*to = nil
				}
				if r.Told() == before {
					if err := distinct(*to); err != nil {
						r.Bad(n, "%v", err)
					}
				}
			}
		},
		write:  func(w *writer, vs []V) { w.flow(len(vs), func(i int) { item.write(w, vs[i]) }) },
		absent: func(vs []V) bool { return len(vs) == 0 },
		schema: map[string]any{"type": "array", "items": item.schema, "uniqueItems": true},
		columns: []column[[]V]{{parse: func(to *[]V, cell string) error {
			*to = nil
			for word := range strings.FieldsFuncSeq(cell, func(r rune) bool { return r == ';' || r == ',' }) {
				var v V
				if err := item.columns[0].parse(&v, strings.TrimSpace(word)); err != nil {
					return err
				}
				*to = append(*to, v)
			}
			return distinct(*to)
		}}},
	}
}

func distinct[V comparable](list []V) error {
	if len(list) > maxList {
		return fmt.Errorf("%d entries: want at most %d", len(list), maxList)
	}
	for i, v := range list {
		if slices.Contains(list[:i], v) {
			return fmt.Errorf("%v stands there twice", v)
		}
	}
	return nil
}

// section is the form of a value with fields of its own. Check, which may be nil, says what is wrong with one
// that was read.
func section[V any](fields []field[V], absent func(V) bool, check func(*V) error) form[V] {
	f := form[V]{
		read: func(to *V) document.Reading {
			return func(r *document.Reader, n document.Node) {
				before := r.Told()
				document.Section(entries(fields, to, nil)...)(r, n)
				if check != nil && r.Told() == before {
					if err := check(to); err != nil {
						r.Bad(n, "%v", err)
					}
				}
			}
		},
		write:  func(w *writer, v V) { w.section(func() { writeFields(w, fields, &v) }) },
		absent: absent,
		schema: objectSchema(fields),
	}
	for i := range fields {
		f.columns = append(f.columns, fields[i].columns...)
	}
	return f
}

// sections is the form of several values with fields of their own.
func sections[V any](fields []field[V]) form[[]V] {
	item := section(fields, nil, nil)
	return form[[]V]{
		read: func(to *[]V) document.Reading {
			return func(r *document.Reader, n document.Node) {
				document.List(to, item.read)(r, n)
				if len(*to) == 0 {
					*to = nil
				}
			}
		},
		write:  func(w *writer, vs []V) { w.list(len(vs), func(i int) { writeFields(w, fields, &vs[i]) }) },
		absent: func(vs []V) bool { return len(vs) == 0 },
		schema: map[string]any{"type": "array", "items": item.schema},
	}
}

// wanted is an error of a cell, told as those of a file.
type wanted struct{ got, want string }

func (w wanted) Error() string { return quoted(w.got) + ": want " + w.want }
