package trust

import (
	"strconv"
	"strings"
)

// writer writes YAML that people read: two spaces for each level, texts plain where they cannot be
// taken for anything else.
type writer struct {
	b      strings.Builder
	indent int
	item   bool // the next key begins an item of a list
	inside int  // of so many lists on one line
}

func (w *writer) key(name string) {
	n := w.indent
	if w.item {
		n -= 2
	}
	w.b.WriteString(strings.Repeat(" ", n))
	if w.item {
		w.b.WriteString("- ")
		w.item = false
	}
	w.b.WriteString(name + ":")
}

// value writes a number, a date or the like after its key, or as an item of a list on one line.
func (w *writer) value(text string) {
	if w.inside > 0 {
		w.b.WriteString(text)
		return
	}
	w.b.WriteString(" " + text + "\n")
}

// text writes a text, in quotes where any reader of YAML could take it for something else.
func (w *writer) text(s string) {
	if isPlain(s) {
		w.value(s)
	} else {
		w.value(strconv.Quote(strings.ToValidUTF8(s, "\ufffd"))) // which no reading accepts
	}
}

// flow writes a list on one line.
func (w *writer) flow(n int, item func(i int)) {
	if w.inside == 0 {
		w.b.WriteByte(' ')
	}
	w.b.WriteByte('[')
	w.inside++
	for i := range n {
		if i > 0 {
			w.b.WriteString(", ")
		}
		item(i)
	}
	w.inside--
	w.b.WriteByte(']')
	if w.inside == 0 {
		w.b.WriteByte('\n')
	}
}

// section writes what belongs to a key, further in.
func (w *writer) section(fields func()) {
	w.b.WriteByte('\n')
	w.indent += 2
	fields()
	w.indent -= 2
}

// list writes items that each have fields.
func (w *writer) list(n int, fields func(i int)) {
	w.b.WriteByte('\n')
	w.indent += 4
	for i := range n {
		w.item = true
		fields(i)
	}
	w.indent -= 4
}

// lines writes a list with each item on a line of its own.
func (w *writer) lines(n int, item func(i int)) {
	w.b.WriteByte('\n')
	for i := range n {
		w.b.WriteString(strings.Repeat(" ", w.indent+2) + "-")
		item(i)
	}
}

// isPlain reports that a text begins with a letter, has only letters, digits, spaces between words and
// harmless signs, and is no word of YAML's own.
func isPlain(s string) bool {
	if s == "" || !letter(rune(s[0])) || strings.HasSuffix(s, " ") {
		return false
	}
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "null", "y", "n":
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !letter(r) && (r < '0' || r > '9') && !strings.ContainsRune(" -_./()", r)
	})
}

func letter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
