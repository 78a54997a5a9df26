package node

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Problem is one thing wrong with a configuration: where, and what was expected.
type Problem struct {
	File         string // "" for a configuration that was not read from a file
	Line, Column int    // from 1; 0 where the place is not known
	Path         string // as "networks[1].pool"
	Message      string
}

func (p *Problem) Error() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File + ":")
		if p.Line > 0 {
			fmt.Fprintf(&b, "%d:%d:", p.Line, p.Column)
		}
		b.WriteByte(' ')
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	return b.String() + p.Message
}

const (
	maxConfig = 1 << 20 // octets of a configuration file
	maxDepth  = 16      // of nesting; ours is four
)

// ReadConfig reads and checks a configuration file. Its error joins a [Problem] for
// everything that is wrong, in the order of the file.
func ReadConfig(path string) (Config, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Config{}, fmt.Errorf("reading the configuration: %w: \"cordon config example\" prints one to start from", err)
	} else if err != nil {
		return Config{}, fmt.Errorf("reading the configuration: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxConfig+1))
	if err != nil {
		return Config{}, fmt.Errorf("reading the configuration: %w", err)
	}
	return ParseConfig(path, text)
}

// ParseConfig is ReadConfig for a text; file is the name that problems give.
func ParseConfig(file string, text []byte) (Config, error) {
	r := &configReader{file: file, places: map[string]configPlace{}}
	c := DefaultConfig()
	if len(text) > maxConfig {
		r.bad(configPlace{}, "", "the file is larger than %d octets", maxConfig)
		return Config{}, r.err()
	}
	var doc, more yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(text))
	switch err := d.Decode(&doc); {
	case errors.Is(err, io.EOF):
		r.bad(configPlace{}, "", "the file is empty: \"cordon config example\" prints one to start from")
	case err != nil:
		r.syntax(err)
	default:
		readSection(c.fields()...)(r, doc.Content[0], "")
		if err := d.Decode(&more); err == nil {
			r.bad(placeOf(&more), "", "a second document begins here: want one")
		} else if !errors.Is(err, io.EOF) {
			r.syntax(err)
		}
	}
	if r.problems == nil {
		r.locate(c.Check())
	}
	if r.problems != nil {
		return Config{}, r.err()
	}
	return c, nil
}

// configReader walks the nodes of a file and collects problems.
type configReader struct {
	file     string
	problems []*Problem
	places   map[string]configPlace // of every value read, by its path
	depth    int
}

type configPlace struct{ line, column int }

func placeOf(n *yaml.Node) configPlace { return configPlace{n.Line, n.Column} }

func (r *configReader) bad(at configPlace, path, format string, args ...any) {
	r.problems = append(r.problems, &Problem{r.file, at.line, at.column, path, fmt.Sprintf(format, args...)})
}

func (r *configReader) err() error {
	slices.SortStableFunc(r.problems, func(a, b *Problem) int {
		return cmp.Or(a.Line-b.Line, a.Column-b.Column)
	})
	errs := make([]error, len(r.problems))
	for i, p := range r.problems {
		errs[i] = p
	}
	return errors.Join(errs...)
}

// syntax takes the parser's own error apart, which says "yaml: line 3: what".
func (r *configReader) syntax(err error) {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	var p configPlace
	if rest, ok := strings.CutPrefix(msg, "line "); ok {
		if n, what, ok := strings.Cut(rest, ": "); ok {
			if line, err := strconv.Atoi(n); err == nil {
				p, msg = configPlace{line, 1}, what
			}
		}
	}
	r.bad(p, "", "this is not YAML: %s", msg)
}

// locate adds what Check found, each at the place of its value or of the nearest one
// around it.
func (r *configReader) locate(err error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return
	}
	for _, e := range joined.Unwrap() {
		p, ok := errors.AsType[*Problem](e)
		if !ok {
			continue
		}
		at, around := configPlace{}, p.Path
		for at == (configPlace{}) && around != "" {
			at = r.places[around]
			around = around[:max(0, strings.LastIndexAny(around, ".["))]
		}
		r.problems = append(r.problems, &Problem{r.file, at.line, at.column, p.Path, p.Message})
	}
}

// reading puts a node's value where it belongs, or notes a problem.
type reading func(r *configReader, n *yaml.Node, path string)

type configField struct {
	name string
	read reading
}

// readSection reads a mapping whose names are known; each stands there at most once.
func readSection(fields ...configField) reading {
	return func(r *configReader, n *yaml.Node, path string) {
		if !r.enter(n, path, yaml.MappingNode, "a section of \"name: value\" lines") {
			return
		}
		defer r.leave()
		seen := map[string]int{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			f := slices.IndexFunc(fields, func(f configField) bool { return f.name == key.Value })
			if f < 0 {
				r.bad(placeOf(key), path, "%q is not known here: want %s", key.Value, wanted(fields, key.Value))
				continue
			}
			if line, twice := seen[key.Value]; twice {
				r.bad(placeOf(key), joinPath(path, key.Value), "stands there twice: the first is on line %d", line)
				continue
			}
			seen[key.Value] = key.Line
			fields[f].read(r, value, joinPath(path, key.Value))
		}
	}
}

// wanted names the field that was probably meant, or all of them.
func wanted(fields []configField, got string) string {
	var names []string
	for _, f := range fields {
		if distance(f.name, got) <= 2 {
			return f.name
		}
		names = append(names, f.name)
	}
	return "one of " + strings.Join(names, ", ")
}

// distance is the number of letters to change, add or take away.
func distance(a, b string) int {
	if len(b) > 40 {
		return len(b)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func joinPath(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// enter notes a node's place and sees that it is of a kind. Whoever enters leaves.
func (r *configReader) enter(n *yaml.Node, path string, kind yaml.Kind, want string) bool {
	r.places[path] = placeOf(n)
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		r.bad(placeOf(n), path, "anchors and aliases are not read here: write the value out")
	case n.Kind != kind:
		r.bad(placeOf(n), path, "want %s, not %s", want, describeNode(n))
	case r.depth == maxDepth:
		r.bad(placeOf(n), path, "nested too deeply")
	default:
		r.depth++
		return true
	}
	return false
}

func (r *configReader) leave() { r.depth-- }

func describeNode(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a section"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Tag == "!!null":
		return "nothing"
	}
	return strconv.Quote(n.Value)
}

// readList reads a sequence, each item with what item gives for its place in the list.
func readList[T any](to *[]T, item func(*T) reading) reading {
	return func(r *configReader, n *yaml.Node, path string) {
		if !r.enter(n, path, yaml.SequenceNode, "a list") {
			return
		}
		defer r.leave()
		*to = make([]T, len(n.Content))
		for i, c := range n.Content {
			item(&(*to)[i])(r, c, fmt.Sprintf("%s[%d]", path, i))
		}
	}
}

// readValue reads a scalar from its text as it stands in the file, so that 00101 is five
// digits and no number. want completes "want ...".
func readValue[T any](to *T, want string, parse func(string) (T, error)) reading {
	return func(r *configReader, n *yaml.Node, path string) {
		if !r.enter(n, path, yaml.ScalarNode, want) {
			return
		}
		defer r.leave()
		if n.Tag == "!!null" {
			r.bad(placeOf(n), path, "want %s, not nothing", want)
			return
		}
		v, err := parse(n.Value)
		if err != nil {
			r.bad(placeOf(n), path, "%.80q: want %s", n.Value, want)
			return
		}
		*to = v
	}
}
