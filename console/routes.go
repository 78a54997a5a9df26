package console

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"strings"

	"cordon/ident"
)

// route is one thing that the API can do. Its handler answers success itself and leaves
// errors to [Server.refuse].
type route struct {
	pattern string
	handle  func(http.ResponseWriter, *http.Request) error
}

// routes is the whole API.
func (s *Server) routes() []route {
	if s.c.Plane != nil {
		return s.planeRoutes()
	}
	return []route{
		{"GET /healthz", s.health},
		{"GET /metrics", s.metrics},
		{"GET /v1/status", s.status},
		{"GET /v1/radios", s.radios},
		{"POST /v1/radios/reset", s.resetRadio},
		{"GET /v1/devices", s.devices},
		{"GET /v1/devices/{supi}", s.device},
		{"POST /v1/devices/{supi}/deregister", s.deregister},
		{"GET /v1/sessions", s.sessions},
		{"POST /v1/devices/{supi}/sessions/{id}/release", s.releaseSession},
		{"GET /v1/subscribers", s.subscribers},
		{"POST /v1/subscribers", s.addSubscriber},
		{"POST /v1/subscribers/import", s.importSubscribers},
		{"GET /v1/subscribers/{supi}", s.subscriber},
		{"DELETE /v1/subscribers/{supi}", s.removeSubscriber},
		{"POST /v1/subscribers/{supi}/protect", s.protect},
		{"POST /v1/subscribers/{supi}/unprotect", s.unprotect},
		{"GET /v1/trust/law", s.law},
		{"GET /v1/trust/elements", s.elements},
		{"GET /v1/trust/elements/{name}/why", s.why},
		{"GET /v1/trust/pending", s.pending},
		{"POST /v1/trust/pending/approve", s.approve},
		{"POST /v1/trust/pending/dismiss", s.dismiss},
		{"GET /v1/trust/approvals", s.approvals},
		{"POST /v1/trust/approvals/{n}/withdraw", s.restore},
		{"GET /v1/trust/cuts", s.cuts},
		{"POST /v1/trust/cuts", s.cut},
		{"POST /v1/trust/cuts/{n}/restore", s.restore},
		{"GET /v1/trust/findings", s.findings},
		{"POST /v1/trust/findings/clear", s.clearFindings},
		{"GET /v1/trust/whatif", s.whatIf},
		{"GET /v1/trust/records", s.records},
		{"POST /v1/trust/reload", s.reload},
	}
}

// Handler is the whole API behind its guards.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range s.routes() {
		mux.HandleFunc(r.pattern, func(w http.ResponseWriter, q *http.Request) {
			if err := s.perform(w, q, r); err != nil {
				s.refuse(w, r.pattern, err)
			}
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fail(w, http.StatusNotFound, Problem{Message: "the API has no such path, or not with this method"})
	})
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fail(w, http.StatusForbidden, Problem{Message: "requests from another site's pages are refused"})
	}))
	inner := s.authenticate(cross.Handler(mux))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		inner.ServeHTTP(w, r)
	})
}

// perform runs a route, and logs what changes something: the route and its outcome, and
// never the path, which may hold an identity.
func (s *Server) perform(w http.ResponseWriter, q *http.Request, r route) error {
	ctx, cancel := context.WithTimeout(q.Context(), askCore)
	defer cancel()
	err := r.handle(w, q.WithContext(ctx))
	if q.Method != http.MethodGet {
		s.c.Log.Info("operator's act", "route", r.pattern, "done", err == nil)
	}
	return err
}

// refuse answers an error. What is nobody's fault outside is logged here, once.
func (s *Server) refuse(w http.ResponseWriter, pattern string, err error) {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		fail(w, http.StatusRequestEntityTooLarge, Problem{Message: err.Error()})
		return
	}
	if p, ok := errors.AsType[Problem](err); ok {
		fail(w, http.StatusBadRequest, p)
		return
	}
	_, several := err.(interface{ Unwrap() []error })
	if p, placed := places(err); placed || several && strings.Contains(pattern, "/trust/") {
		fail(w, http.StatusUnprocessableEntity, p) // what is wrong with records or rules is told whole
		return
	}
	switch {
	case errors.Is(err, fs.ErrNotExist) && strings.Contains(pattern, "/sessions/"):
		fail(w, http.StatusNotFound, Problem{Message: "the core does not know this session"})
	case errors.Is(err, fs.ErrNotExist) && strings.Contains(pattern, "/devices/"):
		fail(w, http.StatusNotFound, Problem{Message: "the core does not know this device"})
	case errors.Is(err, fs.ErrNotExist) && strings.Contains(pattern, "/radios/"):
		fail(w, http.StatusNotFound, Problem{Message: "the core does not know this radio: \"cordon radio list\" has the identities"})
	case errors.Is(err, fs.ErrNotExist):
		fail(w, http.StatusNotFound, Problem{Message: strings.TrimSuffix(err.Error(), ": "+fs.ErrNotExist.Error())})
	case errors.Is(err, fs.ErrExist):
		fail(w, http.StatusConflict, Problem{Message: err.Error()})
	default:
		s.c.Log.Warn("the console could not answer", "route", pattern, "err", err)
		fail(w, http.StatusServiceUnavailable, Problem{Message: err.Error()})
	}
}

// places turns an error into one problem, with the details of each that is joined in it, and reports
// whether any of them tells where it is.
func places(err error) (p Problem, placed bool) {
	p.Message = err.Error()
	for _, e := range unjoined(err) {
		d := Problem{Code: "invalid", Message: e.Error()}
		if at, ok := errors.AsType[interface {
			error
			Where() string
		}](e); ok {
			d.Where, placed = at.Where(), true
			p.Where = cmp.Or(p.Where, d.Where)
		}
		p.Details = append(p.Details, d)
	}
	return p, placed
}

// unjoined is the errors that are joined in one, however deep.
func unjoined(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var list []error
	for _, e := range joined.Unwrap() {
		list = append(list, unjoined(e)...)
	}
	return list
}

// page is what a list's query asks for: the place to go on after, and how many.
func page(q *http.Request) (after string, limit int, err error) {
	limit = 100
	for name, values := range q.URL.Query() {
		switch {
		case name != "after" && name != "limit":
			return "", 0, Problem{Message: "want after and limit only", Where: "query"}
		case len(values) > 1:
			return "", 0, Problem{Message: "stands there twice", Where: name}
		case name == "after":
			after = values[0]
		default:
			if limit, err = strconv.Atoi(values[0]); err != nil || limit < 1 || limit > maxPage {
				return "", 0, Problem{Message: "want a number from 1 to " + strconv.Itoa(maxPage), Where: "limit"}
			}
		}
	}
	return after, limit, nil
}

// maxPage bounds one answer of a list.
const maxPage = 1000

// supi is the identity in a path or a query. Only the name of the place is told back.
func supi(text, where string) (ident.SUPI, error) {
	id, err := ident.ParseSUPI(text)
	if err != nil {
		return 0, Problem{Message: err.Error(), Where: where}
	}
	return id, nil
}

// empty refuses a body where none is wanted.
func empty(q *http.Request) error {
	var b [1]byte
	if n, err := io.ReadFull(q.Body, b[:]); n != 0 || err != io.EOF {
		return Problem{Message: "want no body", Where: "octet 0"}
	}
	return nil
}
