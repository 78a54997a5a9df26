package trust

import (
	"net/netip"

	"cordon/document"
	"cordon/rules"
)

// Fields that are more than one value of a record.

type prefixes = []netip.Prefix

var purpose = scalar("sensitive, critical, territory, permitted or a word of your own: lower case, digits, hyphens", false, slug.schema,
	func(s string) (rules.Purpose, error) {
		var p string
		err := slug.columns[0].parse(&p, s)
		return rules.Purpose(p), err
	}, func(p rules.Purpose) string { return string(p) })

var class = scalar("a class", true, map[string]any{"type": "string", "enum": []string{"standard", "trusted", "high-risk"}}, rules.ParseClass, rules.Class.String)

// siteAt is a site's place, and that it is known.
var siteAt = field[rules.Site]{
	name: "at", about: "Its place: [latitude, longitude] in degrees.", schema: pointSchema,
	read: func(s *rules.Site) document.Reading {
		return func(r *document.Reader, n document.Node) {
			before := r.Told()
			readPoint(&s.At)(r, n)
			s.Placed = r.Told() == before
		}
	},
	write: func(w *writer, s *rules.Site) {
		if s.Placed {
			w.key("at")
			writePoint(w, s.At)
		}
	},
}

// elementNode is a radio's identity, and that it has one.
var elementNode = func() field[rules.Element] {
	const name, about = "node", "A radio's identity on N2: its kind, PLMN, identifier and length in bits, as gnb-00101-19b/22."
	f := field[rules.Element]{
		name: name, about: about, schema: node.schema,
		read: func(e *rules.Element) document.Reading {
			return func(r *document.Reader, n document.Node) {
				node.read(&e.Node)(r, n)
				e.HasNode = e.Node.Bits > 0
			}
		},
		write: func(w *writer, e *rules.Element) {
			if e.HasNode {
				w.key(name)
				node.write(w, e.Node)
			}
		},
	}
	f.columns = []column[rules.Element]{{name, func(e *rules.Element, cell string) error {
		err := node.columns[0].parse(&e.Node, cell)
		e.HasNode = e.Node.Bits > 0
		return err
	}}}
	return f
}()

func noAddresses(a rules.Addresses) bool {
	return len(a.N2)+len(a.N3)+len(a.N4)+len(a.Management) == 0
}

// plan is a replacement plan that may be absent.
var plan = func() form[*rules.Replacement] {
	inner := section(planFields, nil, nil)
	f := form[*rules.Replacement]{
		read: func(to **rules.Replacement) document.Reading {
			*to = new(rules.Replacement)
			return inner.read(*to)
		},
		write:  func(w *writer, p *rules.Replacement) { inner.write(w, *p) },
		absent: func(p *rules.Replacement) bool { return p == nil },
		schema: inner.schema,
	}
	for _, c := range inner.columns {
		f.columns = append(f.columns, column[*rules.Replacement]{c.name, func(to **rules.Replacement, cell string) error {
			if *to == nil {
				*to = new(rules.Replacement)
			}
			return c.parse(*to, cell)
		}})
	}
	return f
}()
