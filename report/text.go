package report

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// sheet is a text being written, for a terminal of usual width.
type sheet struct{ b strings.Builder }

const (
	sheetWidth = 100
	maxColumn  = 44 // characters to which a column pads; longer cells stick out
)

func (s *sheet) bytes() []byte { return []byte(s.b.String()) }

func (s *sheet) line(format string, args ...any) { fmt.Fprintf(&s.b, format+"\n", args...) }

// head begins a part.
func (s *sheet) head(format string, args ...any) {
	s.line("\n"+format, args...)
}

// wrap writes a text in lines, each after so many spaces.
func (s *sheet) wrap(indent int, text string) {
	margin := strings.Repeat(" ", indent)
	at := 0
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case at == 0:
			s.b.WriteString(margin)
			at = indent
		case at+1+n > sheetWidth:
			s.b.WriteString("\n" + margin)
			at = indent
		default:
			s.b.WriteByte(' ')
			at++
		}
		s.b.WriteString(word)
		at += n
	}
	s.b.WriteByte('\n')
}

// named writes a name and a text that wraps beside it.
func (s *sheet) named(indent, width int, name, text string) {
	var in sheet
	in.wrap(indent+width+2, text)
	body := strings.TrimLeft(in.b.String(), " ")
	s.b.WriteString(strings.Repeat(" ", indent) + pad(name, width) + "  " + body)
}

// rows writes cells in columns, which are clean already.
func (s *sheet) rows(indent int, rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], min(maxColumn, utf8.RuneCountInString(cell)))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		b.WriteString(strings.Repeat(" ", indent))
		for i, cell := range row {
			if i == len(row)-1 {
				b.WriteString(cell)
			} else {
				b.WriteString(pad(cell, widths[i]) + "  ")
			}
		}
		s.b.WriteString(strings.TrimRight(b.String(), " ") + "\n")
	}
}

func pad(s string, width int) string {
	if n := utf8.RuneCountInString(s); n < width {
		return s + strings.Repeat(" ", width-n)
	}
	return s
}
