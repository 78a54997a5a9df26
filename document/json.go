package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// JSON reads a text of one JSON value. It reports whether there is one, as [Reader.YAML] does.
func (r *Reader) JSON(text []byte, read Reading) bool {
	if len(text) > r.limits.Size {
		r.BadAt(Place{}, "", "the file is larger than %d octets", r.limits.Size)
		return true
	}
	j := newJSONText(text)
	root, err := j.tree()
	switch {
	case root == nil && errors.Is(err, io.EOF):
		return false
	case err != nil:
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("it ends too early")
		}
		r.BadAt(j.place(j.skip(" \t\r\n,:")), "", "this is not JSON: %v", err)
		return true
	}
	read(r, Node{root})
	if rest := j.skip(" \t\r\n"); rest < int64(len(j.text)) {
		r.BadAt(j.place(rest), "", "want nothing after the JSON value")
	}
	return true
}

// jsonText reads JSON into the nodes that YAML makes, and knows where it is.
type jsonText struct {
	text []byte
	d    *json.Decoder
	// The place of the octet at; what was looked at last, since places are asked for in order.
	at   int64
	line int
	head int64 // where the line begins
}

func newJSONText(text []byte) *jsonText {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	j := &jsonText{text: text, d: json.NewDecoder(bytes.NewReader(text)), line: 1}
	j.d.UseNumber()
	return j
}

var errNotUTF8 = errors.New("it is not UTF-8")

// tree reads one value, whatever its depth, without recursion.
func (j *jsonText) tree() (*yaml.Node, error) {
	if !utf8.Valid(j.text) {
		return nil, errNotUTF8
	}
	var open []*yaml.Node // sections and lists that have not ended
	for {
		at := j.place(j.skip(" \t\r\n,:"))
		t, err := j.d.Token()
		if err != nil {
			if len(open) > 0 && errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		n := jsonNode(t)
		if n == nil { // the end of the innermost
			n, open = open[len(open)-1], open[:len(open)-1]
			if len(open) == 0 {
				return n, nil
			}
			continue
		}
		n.Line, n.Column = at.Line, at.Column
		if len(open) > 0 {
			in := open[len(open)-1]
			in.Content = append(in.Content, n)
		}
		if n.Kind != yaml.ScalarNode {
			open = append(open, n)
		} else if len(open) == 0 {
			return n, nil
		}
	}
}

func jsonNode(t json.Token) *yaml.Node {
	switch t := t.(type) {
	case json.Delim:
		switch t {
		case '{':
			return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		case '[':
			return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		}
		return nil
	case string:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: t}
	case json.Number:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!float", Value: t.String()}
	case bool:
		n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "false"}
		if t {
			n.Value = "true"
		}
		return n
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}
}

// skip is where the next token begins, past what may stand between two.
func (j *jsonText) skip(between string) int64 {
	at := j.d.InputOffset()
	for at < int64(len(j.text)) && strings.IndexByte(between, j.text[at]) >= 0 {
		at++
	}
	return at
}

// place is that of an octet. Places are asked for in the order of the text.
func (j *jsonText) place(at int64) Place {
	for at = max(0, min(at, int64(len(j.text)))); j.at < at; j.at++ {
		if j.text[j.at] == '\n' {
			j.line++
			j.head = j.at + 1
		}
	}
	return Place{j.line, int(at-j.head) + 1}
}
