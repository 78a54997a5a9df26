package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Limits bounds what a text may hold.
type Limits struct {
	Size     int // octets
	Depth    int // of nesting
	Items    int // of one list, or of one section with the writer's own names
	Text     int // octets of one value
	Problems int // told; the others are counted
}

// Reader reads one text and collects its problems.
type Reader struct {
	file     string
	limits   Limits
	problems []*Problem
	more     int              // problems beyond those told
	path     []step           // to the value being read
	places   map[string]Place // of every value read, by its path; nil where nobody asks
}

// step is one name or place in a list on the way to a value.
type step struct {
	name string // "" for an item
	item int
}

// NewReader begins a text. File is the name that problems give.
func NewReader(file string, limits Limits) *Reader {
	return &Reader{file: file, limits: limits}
}

// KeepPlaces has [Reader.Locate] know the place of every value that is read from here on.
func (r *Reader) KeepPlaces() { r.places = map[string]Place{} }

// YAML reads a text of one YAML document. It reports whether there is one: an empty text is a
// problem that the caller tells, who knows how to come by a better one.
func (r *Reader) YAML(text []byte, read Reading) bool {
	if len(text) > r.limits.Size {
		r.BadAt(Place{}, "", "the file is larger than %d octets", r.limits.Size)
		return true
	}
	var doc, more yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(text))
	switch err := d.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return false
	case err != nil:
		r.syntax(err)
		return true
	}
	read(r, Node{doc.Content[0]})
	if err := d.Decode(&more); err == nil {
		r.BadAt(Place{more.Line, more.Column}, "", "a second document begins here: want one")
	} else if !errors.Is(err, io.EOF) {
		r.syntax(err)
	}
	return true
}

// syntax takes the parser's own error apart, which says "yaml: line 3: what", and nothing of the first line.
func (r *Reader) syntax(err error) {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	p := Place{1, 1}
	if rest, ok := strings.CutPrefix(msg, "line "); ok {
		if n, what, ok := strings.Cut(rest, ": "); ok {
			if line, err := strconv.Atoi(n); err == nil {
				p, msg = Place{line, 1}, what
			}
		}
	}
	r.BadAt(p, "", "this is not YAML: %s", msg)
}

// Bad notes a problem with a value.
func (r *Reader) Bad(n Node, format string, args ...any) {
	r.BadAt(n.Place(), r.Path(), format, args...)
}

// BadAt notes a problem of another place than that of a value being read.
func (r *Reader) BadAt(at Place, path, format string, args ...any) {
	if len(r.problems) >= r.limits.Problems {
		r.more++
		return
	}
	r.problems = append(r.problems, &Problem{r.file, at.Line, at.Column, path, fmt.Sprintf(format, args...)})
}

// Path leads to the value being read, as "networks[1].pool".
func (r *Reader) Path() string {
	var b strings.Builder
	for _, s := range r.path {
		switch {
		case s.name == "":
			fmt.Fprintf(&b, "[%d]", s.item)
		case b.Len() == 0:
			b.WriteString(s.name)
		default:
			b.WriteString("." + s.name)
		}
	}
	return b.String()
}

// OK reports that there is no problem so far.
func (r *Reader) OK() bool { return r.problems == nil && r.more == 0 }

// Err joins the problems in the order of the file; nil where there is none.
func (r *Reader) Err() error { return Join(r.Problems()) }

// Problems is what Err joins.
func (r *Reader) Problems() []*Problem {
	if r.more == 0 {
		return r.problems
	}
	last := &Problem{File: r.file, Message: fmt.Sprintf("%d more problems are not told", r.more)}
	if n := len(r.problems); n > 0 {
		last.Line, last.Column = r.problems[n-1].Line, r.problems[n-1].Column
	}
	return append(r.problems[:len(r.problems):len(r.problems)], last)
}

// Locate takes over the problems that a later check found, which know their path alone: each is told at
// the place of its value, or of the nearest one around it. It needs KeepPlaces.
func (r *Reader) Locate(err error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return
	}
	for _, e := range joined.Unwrap() {
		p, ok := errors.AsType[*Problem](e)
		if !ok {
			continue
		}
		at, around := Place{}, p.Path
		for at == (Place{}) && around != "" {
			at = r.places[around]
			around = around[:max(0, strings.LastIndexAny(around, ".["))]
		}
		r.BadAt(at, p.Path, "%s", p.Message)
	}
}

// Told is how many problems there are so far.
func (r *Reader) Told() int { return len(r.problems) + r.more }
