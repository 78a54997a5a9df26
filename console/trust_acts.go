package console

import (
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What operators order of the law. Each order is an object with who and why beside what it is about.

// Bounds of an act's texts, in characters.
const (
	maxWho = 64
	maxWhy = 500
)

// Check reports what is wrong with an act.
func (a Act) Check() error {
	if !said(a.Who, maxWho) {
		return Problem{Message: "want who orders this: 1 to 64 printable characters", Where: "who"}
	}
	if !said(a.Why, maxWhy) {
		return Problem{Message: "want a reason, which is kept as evidence: 1 to 500 printable characters", Where: "why"}
	}
	return nil
}

// said reports whether a text says something, on one line that a terminal can be given.
func said(s string, most int) bool {
	return strings.TrimSpace(s) != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= most &&
		!strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// lawOrder reads an order: its act, and the members of these names that it may have besides.
func lawOrder(w http.ResponseWriter, q *http.Request, names ...string) (Act, object, error) {
	if err := media(q, "application/json"); err != nil {
		return Act{}, nil, err
	}
	o, err := readObject(http.MaxBytesReader(w, q.Body, maxBody), append(names, "who", "why")...)
	if err != nil {
		return Act{}, nil, err
	}
	var a Act
	if a.Who, err = o.text("who"); err == nil {
		a.Why, err = o.text("why")
	}
	return a, o, err
}

// about reads an order about one thing, which is the member of that name.
func about(w http.ResponseWriter, q *http.Request, name, want string) (Act, string, error) {
	act, o, err := lawOrder(w, q, name)
	if err != nil {
		return act, "", err
	}
	what, err := o.text(name)
	if err == nil && what == "" {
		err = Problem{Message: want, Where: name}
	}
	if err == nil {
		err = act.Check()
	}
	return act, what, err
}

func done(w http.ResponseWriter, status string, err error) error {
	if err == nil {
		answer(w, http.StatusOK, map[string]string{"status": status})
	}
	return err
}

func (s *Server) approve(w http.ResponseWriter, q *http.Request) error {
	act, record, err := about(w, q, "record", "want the radio's record, as in a file of records")
	if err != nil {
		return err
	}
	return done(w, "approved", s.c.Trust.Approve(q.Context(), act, record))
}

func (s *Server) dismiss(w http.ResponseWriter, q *http.Request) error {
	act, node, err := about(w, q, "node", "want the identity of a radio that is pending")
	if err != nil {
		return err
	}
	return done(w, "dismissed", s.c.Trust.Dismiss(q.Context(), act, node))
}

// cut needs no act of an order that changes nothing.
func (s *Server) cut(w http.ResponseWriter, q *http.Request) error {
	act, o, err := lawOrder(w, q, "vendor", "element", "digest", "dry_run")
	if err != nil {
		return err
	}
	order := CutOrder{Act: act}
	if order.DryRun, err = o.flag("dry_run"); err != nil {
		return err
	}
	for name, to := range map[string]*string{"vendor": &order.Vendor, "element": &order.Element, "digest": &order.Digest} {
		if *to, err = o.text(name); err != nil {
			return err
		}
	}
	if order.Digest != "" && !isDigest(order.Digest) {
		return Problem{Message: "want sha256: and 64 hexadecimal digits in lower case", Where: "digest"} // another would never match
	}
	if !order.DryRun {
		if err := act.Check(); err != nil {
			return err
		}
	}
	report, err := s.c.Trust.Cut(q.Context(), order)
	if err != nil {
		return err
	}
	report.bound()
	answer(w, http.StatusOK, report)
	return nil
}

func isDigest(s string) bool {
	hash, ok := strings.CutPrefix(s, "sha256:")
	return ok && len(hash) == 64 && strings.Trim(hash, "0123456789abcdef") == ""
}

// restore takes back a cut, or an approval: their numbers are of one row.
func (s *Server) restore(w http.ResponseWriter, q *http.Request) error {
	n, err := strconv.ParseUint(q.PathValue("n"), 10, 31)
	if err != nil || n == 0 {
		return Problem{Message: "want the number of a cut or an approval: \"cordon cut list\" and \"cordon radio approvals\" have them", Where: "path"}
	}
	act, _, err := lawOrder(w, q)
	if err == nil {
		err = act.Check()
	}
	if err != nil {
		return err
	}
	return done(w, "restored", s.c.Trust.Restore(q.Context(), act, int(n)))
}

func (s *Server) clearFindings(w http.ResponseWriter, q *http.Request) error {
	act, element, err := about(w, q, "element", "want the name of an element")
	if err != nil {
		return err
	}
	return done(w, "cleared", s.c.Trust.ClearFindings(q.Context(), act, element))
}

func (s *Server) reload(w http.ResponseWriter, q *http.Request) error {
	act, _, err := lawOrder(w, q)
	if err == nil {
		err = act.Check()
	}
	if err != nil {
		return err
	}
	return done(w, "reloaded", s.c.Trust.Reload(q.Context(), act))
}
