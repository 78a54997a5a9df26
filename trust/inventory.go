package trust

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"unicode/utf8"

	"cordon/document"
)

// inventory reads elements from CSV (RFC 4180), with commas or semicolons between cells and the columns' names in the first line.
func (b *intake) inventory(r *document.Reader, file int32, text []byte) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if len(text) > limits.Size {
		r.BadAt(document.Place{}, "", "the file is larger than %d octets", limits.Size)
		return
	}
	if i := invalidUTF8(text); i >= 0 {
		r.BadAt(document.Place{Line: 1 + bytes.Count(text[:i], []byte("\n")), Column: 1}, "", "this is not UTF-8: save the inventory as such")
		return
	}
	c := csv.NewReader(bytes.NewReader(text))
	first, _, _ := bytes.Cut(text, []byte("\n"))
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		c.Comma = ';'
	}
	c.FieldsPerRecord, c.ReuseRecord = -1, true
	var columns []cellReading
	for n := 0; ; n++ {
		cells, err := c.Read()
		switch {
		case errors.Is(err, io.EOF):
			if n == 0 {
				r.BadAt(document.Place{Line: 1, Column: 1}, "", "the file is empty: want the columns' names in the first line")
			}
			return
		case err != nil:
			syntaxOf(r, err)
			return
		case n == 0:
			if columns = header(r, c, cells); columns == nil {
				return
			}
		case n > MaxElements:
			r.BadAt(placeOf(c, 0), "", "more than %d lines", MaxElements)
			return
		default:
			b.row(r, c, file, columns, cells)
		}
	}
}

func invalidUTF8(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; ; {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
}

func syntaxOf(r *document.Reader, err error) {
	at := document.Place{Line: 1, Column: 1}
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		at, err = document.Place{Line: e.Line, Column: max(1, e.Column)}, e.Err
	}
	r.BadAt(at, "", "this is not CSV: %v", err)
}

func placeOf(c *csv.Reader, cell int) document.Place {
	line, column := c.FieldPos(cell)
	return document.Place{Line: line, Column: column}
}
