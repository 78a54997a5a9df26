// Package document reads what people write: configuration, records and rules, as YAML or
// JSON. It is strict, so that a slip of the pen is found and not obeyed: an unknown name, a name that
// stands there twice, a value of another type, an anchor, a tag or a second document is a [Problem] with
// its line and column, and all problems of a text are told at once.
//
// A [Reader] reads one text. What the text may hold is a [Reading], put together from [Section], [List],
// [Names], [Either] and values such as [Text] and [Int], each of which writes to a variable of its caller.
// The text decides nothing else: its size, nesting, lists, texts and problems have their [Limits].
package document

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Place is where a value begins, counted from 1; the zero value is not known.
type Place struct{ Line, Column int }

// Problem is one thing wrong with a text: where, and what was expected.
type Problem struct {
	File         string // "" for what was not read from a file
	Line, Column int    // from 1; 0 where the place is not known
	Path         string // as "networks[1].pool"
	Message      string
}

func (p *Problem) Error() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.place() + ": ")
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	return b.String() + p.Message
}

// Where names the place: "radios.yaml:3:5", or the path in what was not read from a file.
func (p *Problem) Where() string {
	if p.File == "" {
		return p.Path
	}
	return p.place()
}

func (p *Problem) place() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Join makes one error of a file's problems, in the order of the file; nil of none.
func Join(problems []*Problem) error {
	sorted := slices.Clone(problems)
	slices.SortStableFunc(sorted, func(a, b *Problem) int {
		return cmp.Or(a.Line-b.Line, a.Column-b.Column)
	})
	errs := make([]error, len(sorted))
	for i, p := range sorted {
		errs[i] = p
	}
	return errors.Join(errs...)
}
