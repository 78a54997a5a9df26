package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// ErrForm says that something is not of its written form.
var ErrForm = errors.New("not of the written form")

// ParseEntry reads an entry. It accepts what [AppendEntry] makes and nothing else, so an entry has
// one written form only. The error is an [ErrForm] and says where.
func ParseEntry(line []byte) (Entry, error) {
	if len(line) > MaxEntry {
		return Entry{}, fmt.Errorf("an entry of %d octets, of at most %d: %w", len(line), MaxEntry, ErrForm)
	}
	r := reader{b: line}
	var e Entry
	r.want("{")
	first := true
	for _, f := range e.table() {
		if !r.begins(f.name, first) {
			continue
		}
		first = false
		f.read(&r)
	}
	r.want("}")
	if r.err == nil && r.off < len(line) {
		r.fail("more after its end")
	}
	if r.err != nil {
		return Entry{}, r.err
	}
	if !bytes.Equal(AppendEntry(make([]byte, 0, len(line)), e), line) {
		return Entry{}, fmt.Errorf("an entry that says what it says in another way than the one there is, or lacks what it needs: %w", ErrForm)
	}
	return e, nil
}

// read reads a field's value.
func (f *field) read(r *reader) {
	switch {
	case f.text != nil:
		*f.text = r.text()
	case f.list != nil:
		*f.list = r.list()
	case f.at != nil:
		*f.at = r.time()
	case f.count != nil:
		*f.count = r.number()
	case f.kind != nil:
		*f.kind = r.kind()
	case f.detail != nil:
		*f.detail = r.details()
	default:
		r.want(version)
	}
}

// reader walks a text; its first failure sticks.
type reader struct {
	b   []byte
	off int
	err error
}

func (r *reader) fail(what string) {
	if r.err == nil {
		r.err = fmt.Errorf("an entry with %s at octet %d: %w", what, r.off, ErrForm)
	}
}

// next says whether s comes next, and passes it.
func (r *reader) next(s string) bool {
	if r.err != nil || len(s) > len(r.b)-r.off || string(r.b[r.off:r.off+len(s)]) != s {
		return false
	}
	r.off += len(s)
	return true
}

func (r *reader) want(s string) {
	if !r.next(s) {
		r.fail("no " + s)
	}
}

// begins says whether the field of that name comes next, and passes its name.
func (r *reader) begins(name string, first bool) bool {
	at := r.off
	if (first || r.next(",")) && r.next(`"`) && r.next(name) && r.next(`":`) {
		return true
	}
	r.off = at
	return false
}

func (r *reader) text() string {
	r.want(`"`)
	var made []byte
	for r.err == nil {
		if r.off == len(r.b) {
			r.fail("a text without end")
			break
		}
		c := r.b[r.off]
		r.off++
		switch {
		case c == '"':
			return string(made)
		case c == '\\':
			if r.off == len(r.b) || r.b[r.off] != '"' && r.b[r.off] != '\\' {
				r.fail("an unknown escape")
				return ""
			}
			c = r.b[r.off]
			r.off++
		}
		made = append(made, c)
	}
	return ""
}

func (r *reader) list() (list []string) {
	r.want("[")
	for r.err == nil && !r.next("]") {
		if len(list) == MaxList {
			r.fail("too long a list")
			return nil
		}
		if list != nil {
			r.want(",")
		}
		list = append(list, r.text())
	}
	return list
}

func (r *reader) details() (list []Detail) {
	r.want("{")
	for r.err == nil && !r.next("}") {
		if len(list) == MaxDetails {
			r.fail("too many details")
			return nil
		}
		if list != nil {
			r.want(",")
		}
		name := r.text()
		r.want(":")
		list = append(list, Detail{name, r.text()})
	}
	return list
}

func (r *reader) time() time.Time {
	s := r.text()
	t, err := time.Parse(timeForm, s)
	if err != nil {
		r.fail("what is no time")
		return time.Time{}
	}
	return t
}

func (r *reader) number() uint64 {
	end := r.off
	for end < len(r.b) && '0' <= r.b[end] && r.b[end] <= '9' {
		end++
	}
	n, err := strconv.ParseUint(string(r.b[r.off:end]), 10, 53)
	if err != nil {
		r.fail("what is no number")
	}
	r.off = end
	return n
}

func (r *reader) kind() Kind {
	name := r.text()
	kinds := make([]string, 0, numKinds)
	for k := range numKinds {
		kinds = append(kinds, k.String())
	}
	k := slices.Index(kinds, name)
	if k < 0 {
		r.fail("an unknown kind")
		return 0
	}
	return Kind(k)
}
