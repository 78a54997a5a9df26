package console

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cordon/rules"
	"cordon/trust"
)

// What the API tells of the law in force. Elements' and radios' names are told; nothing of subscribers is,
// and no message that shows a finding, for a device's identity may be in it.

// Lists as they are answered.
type (
	// Elements answers GET /v1/trust/elements.
	Elements struct {
		Elements []Element `json:"elements"`
		Next     string    `json:"next,omitempty"`
	}
	// PendingRadios answers GET /v1/trust/pending.
	PendingRadios struct {
		Pending []PendingRadio `json:"pending"`
	}
	// Approvals answers GET /v1/trust/approvals.
	Approvals struct {
		Approvals []Approval `json:"approvals"`
		Omitted   int        `json:"omitted,omitempty"` // of them, beyond the first [MaxApprovals]
	}
	// Cuts answers GET /v1/trust/cuts.
	Cuts struct {
		Cuts []NumberedCut `json:"cuts"`
	}
	// Findings answers GET /v1/trust/findings.
	Findings struct {
		Findings []Finding `json:"findings"`
	}
)

// Finding is what has been found of one kind against an element.
type Finding struct {
	Element string    `json:"element"` // empty for what has no record
	Kind    string    `json:"kind"`
	Count   uint64    `json:"count"` // since it was cleared, or ever
	Day     int       `json:"day"`   // those of the last 24 hours that count
	Lasting bool      `json:"lasting"`
	First   time.Time `json:"first"`
	Last    time.Time `json:"last"`
	Why     string    `json:"why"`   // the latest one's
	Means   string    `json:"means"` // what was seen
	Do      string    `json:"do"`    // what an operator does about it
	// Who explained those before, and how.
	Cleared    time.Time `json:"cleared,omitzero"`
	ClearedBy  string    `json:"cleared_by,omitempty"`
	ClearedWhy string    `json:"cleared_why,omitempty"`
}

// MaxListed bounds each list within one answer that has no pages.
const MaxListed = 10_000

// upTo is the beginning of a list, and how much was left out of it.
func upTo[T any](list []T, omitted *int) []T {
	if len(list) > MaxListed {
		*omitted += len(list) - MaxListed
		list = list[:MaxListed]
	}
	return list
}

func (s *Server) law(w http.ResponseWriter, q *http.Request) error {
	st, err := s.c.Trust.Law(q.Context())
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, st)
	return nil
}

func (s *Server) elements(w http.ResponseWriter, q *http.Request) error {
	after, limit, err := page(q)
	if err != nil {
		return err
	}
	list, err := s.c.Trust.Elements(q.Context(), after, limit)
	if err != nil {
		return err
	}
	out := Elements{Elements: some(list)}
	if len(list) == limit {
		out.Next = list[limit-1].Name
	}
	answer(w, http.StatusOK, out)
	return nil
}

func (s *Server) why(w http.ResponseWriter, q *http.Request) error {
	e, err := s.c.Trust.Why(q.Context(), q.PathValue("name"))
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, e)
	return nil
}

func (s *Server) pending(w http.ResponseWriter, q *http.Request) error {
	list, err := s.c.Trust.Pending(q.Context())
	if err != nil {
		return err
	}
	for i := range list {
		list[i].bound()
	}
	answer(w, http.StatusOK, PendingRadios{some(list)})
	return nil
}

// maxClaimed bounds what is told of a radio's claims: areas, and slices of each. Nobody vouches for them.
const maxClaimed = 64

// bound leaves out what is too much for one answer, and a record that could not be sent back.
func (r *PendingRadio) bound() {
	r.Areas = slices.Clone(r.Areas[:min(len(r.Areas), maxClaimed)])
	for i := range r.Areas {
		a := &r.Areas[i]
		a.Slices = a.Slices[:min(len(a.Slices), maxClaimed)]
	}
	if len(r.Record) > maxBody/2 {
		r.Record = ""
	}
}

// MaxApprovals bounds how many approvals are listed, each of which has a record.
const MaxApprovals = 1000

func (s *Server) approvals(w http.ResponseWriter, q *http.Request) error {
	list, err := s.c.Trust.Approvals(q.Context())
	if err != nil {
		return err
	}
	out := Approvals{Approvals: some(list[:min(len(list), MaxApprovals)])}
	out.Omitted = len(list) - len(out.Approvals)
	answer(w, http.StatusOK, out)
	return nil
}

func (s *Server) cuts(w http.ResponseWriter, q *http.Request) error {
	list, err := s.c.Trust.Cuts(q.Context())
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, Cuts{some(list)})
	return nil
}

func (s *Server) findings(w http.ResponseWriter, q *http.Request) error {
	list, err := s.c.Trust.Findings(q.Context())
	if err != nil {
		return err
	}
	out := Findings{Findings: make([]Finding, len(list))}
	for i := range list {
		out.Findings[i] = describeFinding(&list[i])
	}
	answer(w, http.StatusOK, out)
	return nil
}

func describeFinding(e *trust.Entry) Finding {
	k, _ := trust.KindNamed(e.Kind)
	f := Finding{
		Element: e.Element, Kind: e.Kind, Count: e.Count, Day: e.Day, First: e.First, Last: e.Last, Why: e.Why,
		Lasting: k.Lasting, Means: k.Means, Do: k.Do,
	}
	if c := e.Cleared; c != nil {
		f.Cleared, f.ClearedBy, f.ClearedWhy = c.At, c.Who, c.Why
	}
	return f
}

func (s *Server) records(w http.ResponseWriter, q *http.Request) error {
	text, err := s.c.Trust.Records(q.Context())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/yaml")
	w.Write(text) // an error is the peer's own loss
	return nil
}

func (s *Server) whatIf(w http.ResponseWriter, q *http.Request) error {
	query, err := whatIfQuery(q)
	if err != nil {
		return err
	}
	out, err := s.c.Trust.WhatIf(q.Context(), query)
	if err != nil {
		return err
	}
	out.Now.bound()
	for i := range out.Outlook.Due {
		d := &out.Outlook.Due[i]
		for _, o := range []*trust.Outcome{&d.AsIs, &d.Planned} {
			o.Refused, o.Restored, o.Dark = upTo(o.Refused, &out.Omitted), upTo(o.Restored, &out.Omitted), upTo(o.Dark, &out.Omitted)
			o.Shares = upTo(o.Shares, &out.Omitted)
		}
	}
	answer(w, http.StatusOK, out)
	return nil
}

// bound leaves out what is too much for one answer.
func (r *CutReport) bound() {
	r.Elements, r.Radios = upTo(r.Elements, &r.Omitted), upTo(r.Radios, &r.Omitted)
}

// Bounds of what a what-if asks.
const (
	maxRegimes = 32
	maxMonths  = 600
)

func whatIfQuery(q *http.Request) (out WhatIfQuery, err error) {
	for name, values := range q.URL.Query() {
		switch {
		case name == "regime":
			if out.Regimes = values; len(values) > maxRegimes {
				return out, Problem{Message: "want at most " + strconv.Itoa(maxRegimes) + " regimes", Where: name}
			}
		case name != "as_of" && name != "months":
			return out, Problem{Message: "want regime, as_of and months only", Where: "query"}
		case len(values) > 1:
			return out, Problem{Message: "stands there twice", Where: name}
		case name == "as_of":
			if out.AsOf, err = rules.ParseDate(values[0]); err != nil {
				return out, Problem{Message: err.Error(), Where: name}
			}
		default:
			if out.Months, err = strconv.Atoi(values[0]); err != nil || out.Months < 1 || out.Months > maxMonths {
				return out, Problem{Message: "want a number from 1 to " + strconv.Itoa(maxMonths), Where: name}
			}
		}
	}
	for i, r := range out.Regimes {
		for _, before := range out.Regimes[:i] {
			if strings.EqualFold(r, before) {
				return out, Problem{Message: "the regime stands there twice", Where: "regime"}
			}
		}
	}
	return out, nil
}
