package document

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Node is a value of a text: a section, a list or a scalar.
type Node struct{ y *yaml.Node }

// Place is where n begins.
func (n Node) Place() Place { return Place{n.y.Line, n.y.Column} }

// Scalar is the text of a value as it stands in the file, and whether n is one. Null is none.
func (n Node) Scalar() (string, bool) {
	return n.y.Value, n.y.Kind == yaml.ScalarNode && n.y.Tag != "!!null"
}

// Member is the text of the first value of that name in a section, for what must be known of it before it is
// read; empty where there is none.
func (n Node) Member(name string) string {
	for i := 0; n.y.Kind == yaml.MappingNode && i+1 < len(n.y.Content); i += 2 {
		if n.y.Content[i].Value == name {
			text, _ := Node{n.y.Content[i+1]}.Scalar()
			return text
		}
	}
	return ""
}

func (n Node) describe() string {
	switch {
	case n.y.Kind == yaml.MappingNode:
		return "a section"
	case n.y.Kind == yaml.SequenceNode:
		return "a list"
	case n.y.Tag == "!!null":
		return "nothing"
	}
	return strconv.Quote(n.y.Value)
}

// Reading puts a value where it belongs, or notes a problem.
type Reading func(r *Reader, n Node)

// Entry is a name that a section may have.
type Entry struct {
	name   string
	read   Reading
	needed bool
}

// Field is an entry that may be absent.
func Field(name string, read Reading) Entry { return Entry{name: name, read: read} }

// Need is an entry that must stand there.
func Need(name string, read Reading) Entry { return Entry{name: name, read: read, needed: true} }

// Name is what the entry is called.
func (e Entry) Name() string { return e.name }

const wantSection = "a section of \"name: value\" lines"

// Section reads a mapping whose names are known; each stands there at most once.
func Section(entries ...Entry) Reading { return section(entries, false) }

// Part is a Section of a format that others add names to, which are passed over.
func Part(entries ...Entry) Reading { return section(entries, true) }

func section(entries []Entry, open bool) Reading {
	return func(r *Reader, n Node) {
		if !r.enter(n, yaml.MappingNode, wantSection) {
			return
		}
		lines := make([]int, len(entries))
		for i := 0; i+1 < len(n.y.Content); i += 2 {
			key, value := n.y.Content[i], Node{n.y.Content[i+1]}
			e := find(entries, key)
			if e < 0 && open {
				continue
			} else if e < 0 {
				r.Bad(Node{key}, "%.80q is not known here: want %s", key.Value, wanted(entries, key.Value))
				continue
			}
			r.path = append(r.path, step{name: entries[e].name})
			if lines[e] != 0 {
				r.Bad(Node{key}, "stands there twice: the first is on line %d", lines[e])
			} else {
				lines[e] = key.Line
				entries[e].read(r, value)
			}
			r.leave()
		}
		for i, e := range entries {
			if e.needed && lines[i] == 0 {
				r.Bad(n, "%s is missing", e.name)
			}
		}
	}
}

func find(entries []Entry, key *yaml.Node) int {
	for i := range entries {
		if key.Kind == yaml.ScalarNode && entries[i].name == key.Value {
			return i
		}
	}
	return -1
}

// wanted names the entry that was probably meant, or all of them.
func wanted(entries []Entry, got string) string {
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.name
	}
	if near := Nearest(got, names); near != "" {
		return near
	}
	return "one of " + strings.Join(names, ", ")
}

// Names reads a mapping whose names are the writer's own; each stands there at most once.
func Names(value func(name string) Reading) Reading {
	return func(r *Reader, n Node) {
		if !r.enter(n, yaml.MappingNode, wantSection) {
			return
		}
		if names := len(n.y.Content) / 2; names > r.limits.Items {
			r.Bad(n, "%d entries: want at most %d", names, r.limits.Items)
			return
		}
		lines := map[string]int{}
		for i := 0; i+1 < len(n.y.Content); i += 2 {
			key := n.y.Content[i]
			name, ok := Node{key}.Scalar()
			if !ok || name == "" || len(name) > r.limits.Text {
				r.Bad(Node{key}, "want a name of 1 to %d characters", r.limits.Text)
				continue
			}
			r.path = append(r.path, step{name: name})
			if line, twice := lines[name]; twice {
				r.Bad(Node{key}, "stands there twice: the first is on line %d", line)
			} else {
				lines[name] = key.Line
				value(name)(r, Node{n.y.Content[i+1]})
			}
			r.leave()
		}
	}
}

// List reads a sequence, each item with what item gives for its place in the list.
func List[T any](to *[]T, item func(*T) Reading) Reading {
	return func(r *Reader, n Node) {
		*to = make([]T, 0, min(len(n.y.Content), r.limits.Items))
		Each(func(r *Reader, n Node) {
			*to = append(*to, *new(T))
			item(&(*to)[len(*to)-1])(r, n)
		})(r, n)
	}
}

// Each reads a sequence, one item after the other with the same reading.
func Each(item Reading) Reading {
	return func(r *Reader, n Node) {
		if !r.enter(n, yaml.SequenceNode, "a list") {
			return
		}
		for i, c := range n.y.Content {
			r.path = append(r.path, step{item: i})
			item(r, Node{c})
			r.leave()
		}
	}
}

// Either reads a value that may be written in several forms; nil is a form that it has not. Want
// completes "want ...".
func Either(want string, section, list, scalar Reading) Reading {
	return func(r *Reader, n Node) {
		read := scalar
		switch n.y.Kind {
		case yaml.MappingNode:
			read = section
		case yaml.SequenceNode:
			read = list
		}
		if read == nil {
			r.Bad(n, "want %s, not %s", want, n.describe())
			return
		}
		read(r, n)
	}
}

// enter notes a value's place and sees that it is of a kind and within its limits.
func (r *Reader) enter(n Node, kind yaml.Kind, want string) bool {
	if r.places != nil {
		r.places[r.Path()] = n.Place()
	}
	switch items := len(n.y.Content); {
	case n.y.Kind == yaml.AliasNode || n.y.Anchor != "":
		r.Bad(n, "anchors and aliases are not read here: write the value out")
	case n.y.Style&yaml.TaggedStyle != 0:
		r.Bad(n, "tags are not read here: write the value alone")
	case n.y.Kind != kind:
		r.Bad(n, "want %s, not %s", want, n.describe())
	case len(r.path) >= r.limits.Depth:
		r.Bad(n, "nested too deeply: want at most %d levels", r.limits.Depth)
	case kind == yaml.SequenceNode && items > r.limits.Items:
		r.Bad(n, "%d entries: want at most %d", items, r.limits.Items)
	case len(n.y.Value) > r.limits.Text:
		r.Bad(n, "%d octets: want at most %d", len(n.y.Value), r.limits.Text)
	default:
		return true
	}
	return false
}

func (r *Reader) leave() { r.path = r.path[:len(r.path)-1] }
