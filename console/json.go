package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Problem is an error as the API tells it: a word for programs, a sentence for people,
// and the place of the fault where it has one.
type Problem struct {
	Code    string    `json:"code"`
	Message string    `json:"message"`
	Where   string    `json:"where,omitempty"`
	Details []Problem `json:"details,omitempty"` // when there are several
}

func (p Problem) Error() string {
	if p.Where != "" {
		return p.Where + ": " + p.Message
	}
	return p.Message
}

// Codes that go with the status codes in use.
var codes = map[int]string{
	http.StatusBadRequest:            "bad_request",
	http.StatusUnauthorized:          "unauthorized",
	http.StatusForbidden:             "forbidden",
	http.StatusNotFound:              "not_found",
	http.StatusMethodNotAllowed:      "method_not_allowed",
	http.StatusConflict:              "exists",
	http.StatusRequestEntityTooLarge: "too_large",
	http.StatusUnsupportedMediaType:  "unsupported_media_type",
	http.StatusUnprocessableEntity:   "invalid",
	http.StatusTooManyRequests:       "too_many",
	http.StatusServiceUnavailable:    "unavailable",
}

// fail answers with a problem, whose code is the status code's.
func fail(w http.ResponseWriter, status int, p Problem) {
	p.Code = codes[status]
	answer(w, status, map[string]Problem{"error": p})
}

// answer writes a JSON document. An error of writing it is the peer's own loss.
func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.Encode(v)
}

// object is a flat JSON object: names to strings, numbers and booleans.
type object map[string]any

// readObject reads the one flat object that a body holds. Names that differ in case only
// count as duplicates, and whatever is nested is refused where it begins.
func readObject(r io.Reader, names ...string) (object, error) {
	d := json.NewDecoder(r)
	d.UseNumber()
	if t, err := d.Token(); err != nil {
		return nil, syntax(d, err)
	} else if t != json.Delim('{') {
		return nil, Problem{Message: "want a JSON object", Where: "octet 0"}
	}
	o, seen := object{}, map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, syntax(d, err)
		}
		name, ok := t.(string)
		if !ok {
			return nil, Problem{Message: "want a name", Where: offset(d)}
		}
		known := ""
		for _, n := range names {
			if strings.EqualFold(n, name) {
				known = n
			}
		}
		if seen[known] {
			return nil, Problem{Message: "stands there twice", Where: known}
		}
		if known != name {
			return nil, Problem{Message: fmt.Sprintf("%.40q is not known here: want %s", name, strings.Join(names, ", ")), Where: offset(d)}
		}
		seen[name] = true
		if o[name], err = d.Token(); err != nil {
			return nil, syntax(d, err)
		}
		switch o[name].(type) {
		case json.Delim:
			return nil, Problem{Message: "want a string, a number, true or false", Where: name}
		case nil:
			delete(o, name) // null is absent
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, syntax(d, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, Problem{Message: "want nothing after the object", Where: offset(d)}
	}
	return o, nil
}

func offset(d *json.Decoder) string { return fmt.Sprintf("octet %d", d.InputOffset()) }

func syntax(d *json.Decoder, err error) error {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return Problem{Message: "the JSON ends too early", Where: offset(d)}
	}
	return Problem{Message: "this is not JSON", Where: offset(d)}
}

// text is a member that is a string, or "" when it is absent.
func (o object) text(name string) (string, error) {
	switch v := o[name].(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	}
	return "", Problem{Message: "want a string", Where: name}
}

// flag is a member that is true or false, or false when it is absent.
func (o object) flag(name string) (bool, error) {
	switch v := o[name].(type) {
	case nil:
		return false, nil
	case bool:
		return v, nil
	}
	return false, Problem{Message: "want true or false", Where: name}
}
