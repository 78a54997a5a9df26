package trust

import (
	"fmt"

	"cordon/document"
)

// field is one name in a record of type T.
type field[T any] struct {
	name, about string
	need        bool
	read        func(*T) document.Reading
	write       func(*writer, *T) // its line or lines; nothing where it is absent
	schema      map[string]any
	columns     []column[T]
}

// at makes a field of the value that to finds in a record.
func at[T, V any](name, about string, f form[V], to func(*T) *V) field[T] {
	out := field[T]{
		name: name, about: about, schema: f.schema,
		read: func(t *T) document.Reading { return f.read(to(t)) },
	}
	out.write = func(w *writer, t *T) {
		if v := *to(t); out.need || f.absent == nil || !f.absent(v) {
			w.key(name)
			f.write(w, v)
		}
	}
	for _, c := range f.columns {
		full := name
		if c.name != "" {
			full = name + "_" + c.name
		}
		out.columns = append(out.columns, column[T]{full, func(t *T, cell string) error { return c.parse(to(t), cell) }})
	}
	return out
}

// needed makes a field one that must be there.
func needed[T, V any](name, about string, f form[V], to func(*T) *V) field[T] {
	out := at(name, about, f, to)
	out.need = true
	out.write = func(w *writer, t *T) {
		w.key(name)
		f.write(w, *to(t))
	}
	return out
}

// lift makes fields of a part of a record fields of the record.
func lift[T, U any](fields []field[U], to func(*T) *U) []field[T] {
	var out []field[T]
	for _, f := range fields {
		out = append(out, field[T]{
			name: f.name, about: f.about, need: f.need, schema: f.schema,
			read:  func(t *T) document.Reading { return f.read(to(t)) },
			write: func(w *writer, t *T) { f.write(w, to(t)) },
		})
	}
	return out
}

// entries is the fields as a section's. Note, which may be nil, is told the place of each that is read.
func entries[T any](fields []field[T], to *T, note func(field int, at document.Place)) []document.Entry {
	out := make([]document.Entry, len(fields))
	for i := range fields {
		f := &fields[i]
		read := func(r *document.Reader, n document.Node) {
			if note != nil {
				note(i, n.Place())
			}
			f.read(to)(r, n)
		}
		if f.need {
			out[i] = document.Need(f.name, read)
		} else {
			out[i] = document.Field(f.name, read)
		}
	}
	return out
}

func writeFields[T any](w *writer, fields []field[T], t *T) {
	for i := range fields {
		fields[i].write(w, t)
	}
}

func objectSchema[T any](fields []field[T]) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, f := range fields {
		p := map[string]any{"description": f.about}
		for k, v := range f.schema {
			p[k] = v
		}
		properties[f.name] = p
		if f.need {
			required = append(required, f.name)
		}
	}
	s := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

func quoted(s string) string { return fmt.Sprintf("%.80q", s) }
