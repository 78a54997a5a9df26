package console

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"strconv"

	"cordon/ident"
	"cordon/subscriber"
)

type (
	// SubscriberList answers GET /v1/subscribers.
	SubscriberList struct {
		Subscribers []Subscriber `json:"subscribers"`
		Next        string       `json:"next,omitempty"`
	}
	// Imported answers POST /v1/subscribers/import.
	Imported struct {
		Imported int `json:"imported"`
	}
)

// Subscriber is what the API tells of a profile: everything but the keys.
type Subscriber struct {
	SUPI      SUPI   `json:"supi"`
	Algorithm string `json:"algorithm"`
	Method    string `json:"method"`
	AMF       string `json:"amf"` // the authentication management field, in hexadecimal
	Plan      string `json:"plan"`
	Protected bool   `json:"protected"`
}

func describe(p *subscriber.Profile) Subscriber {
	c := &p.Credentials
	return Subscriber{SUPI(p.SUPI), c.Algorithm.String(), c.Method.String(), hex.EncodeToString(c.AMF[:]), p.Plan, p.Protected}
}

func (s *Server) subscribers(w http.ResponseWriter, q *http.Request) error {
	after, limit, err := pageOfSUPIs(q)
	if err != nil {
		return err
	}
	list, err := s.c.Subscribers.List(after, limit)
	if err != nil {
		return err
	}
	out := SubscriberList{Subscribers: make([]Subscriber, len(list))}
	for i := range list {
		out.Subscribers[i] = describe(&list[i])
	}
	if len(list) == limit {
		out.Next = full(SUPI(list[limit-1].SUPI))
	}
	answer(w, http.StatusOK, out)
	return nil
}

func (s *Server) subscriber(w http.ResponseWriter, q *http.Request) error {
	id, err := supi(q.PathValue("supi"), "path")
	if err != nil {
		return err
	}
	p, err := s.c.Subscribers.Get(id)
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, describe(&p))
	return nil
}

// addSubscriber takes the columns of a record as members, and "replace". All are strings but
// "protected" and "replace", which are true or false.
func (s *Server) addSubscriber(w http.ResponseWriter, q *http.Request) error {
	if err := media(q, "application/json"); err != nil {
		return err
	}
	o, err := readObject(http.MaxBytesReader(w, q.Body, maxBody), append(subscriber.Columns[:], "replace")...)
	if err != nil {
		return err
	}
	replace, err := o.flag("replace")
	if err != nil {
		return err
	}
	fields, err := columns(o)
	if err != nil {
		return err
	}
	p, err := subscriber.ParseRecord(fields)
	if e, ok := errors.AsType[*subscriber.RecordError](err); ok {
		return Problem{Message: "want " + e.Want, Where: e.Column}
	} else if err != nil {
		return err
	}
	if !s.c.Core.KnowsPlan(p.Plan) {
		return Problem{Message: "want a plan of the configuration", Where: "plan"}
	}
	if err := s.c.Subscribers.Add(p, replace); err != nil {
		return err
	}
	if replace {
		if err := s.changed(q.Context(), p.SUPI); err != nil {
			return err
		}
	}
	answer(w, http.StatusCreated, describe(&p))
	return nil
}

// columns are the members of a request as a record has them.
func columns(o object) (fields map[string]string, err error) {
	fields = make(map[string]string, len(o))
	for _, column := range subscriber.Columns {
		if column == "protected" {
			protected, err := o.flag(column)
			if err != nil {
				return nil, err
			}
			fields[column] = strconv.FormatBool(protected)
		} else if fields[column], err = o.text(column); err != nil {
			return nil, err
		}
	}
	return fields, nil
}

// changed has the network act on who is protected now.
func (s *Server) changed(ctx context.Context, ids ...ident.SUPI) error {
	for i, id := range ids {
		if err := s.c.Core.SubscriberChanged(ctx, id); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("it is stored, but the running network has yet to be told of %d: give the order again: %w", len(ids)-i, err)
		}
	}
	return nil
}

func (s *Server) protect(w http.ResponseWriter, q *http.Request) error {
	return s.setProtected(w, q, true)
}
func (s *Server) unprotect(w http.ResponseWriter, q *http.Request) error {
	return s.setProtected(w, q, false)
}

func (s *Server) setProtected(w http.ResponseWriter, q *http.Request, protected bool) error {
	id, err := order(q)
	if err != nil {
		return err
	}
	if err := s.c.Subscribers.SetProtected(id, protected); err != nil {
		return err
	}
	if err := s.changed(q.Context(), id); err != nil {
		return err
	}
	status := "unprotected"
	if protected {
		status = "protected"
	}
	answer(w, http.StatusOK, map[string]string{"status": status})
	return nil
}

// removeSubscriber deregisters the device too, if it is registered.
func (s *Server) removeSubscriber(w http.ResponseWriter, q *http.Request) error {
	id, err := order(q)
	if err != nil {
		return err
	}
	if err := s.c.Subscribers.Remove(id); err != nil {
		return err
	}
	if err := s.c.Core.Deregister(q.Context(), id); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the subscriber is removed, but the device is still registered: %w", err)
	}
	answer(w, http.StatusOK, map[string]string{"status": "removed"})
	return nil
}

// importSubscribers takes a CSV file as the body.
func (s *Server) importSubscribers(w http.ResponseWriter, q *http.Request) error {
	if err := media(q, "text/csv"); err != nil {
		return err
	}
	replace := false
	for name, values := range q.URL.Query() {
		if name != "replace" || len(values) != 1 || values[0] != "true" && values[0] != "false" {
			return Problem{Message: "want nothing but replace=true or replace=false", Where: "query"}
		}
		replace = values[0] == "true"
	}
	n, changed, err := s.c.Subscribers.Import(http.MaxBytesReader(w, q.Body, maxImport), replace, s.c.Core.KnowsPlan)
	if err != nil {
		return err
	}
	if err := s.changed(q.Context(), changed...); err != nil {
		return err
	}
	answer(w, http.StatusOK, Imported{n})
	return nil
}

// media refuses a body of another type than the one wanted.
func media(q *http.Request, want string) error {
	if got, _, err := mime.ParseMediaType(q.Header.Get("Content-Type")); err != nil || got != want {
		return Problem{Message: "want Content-Type: " + want, Where: "header"}
	}
	return nil
}
