package console

import (
	"net/http"
	"strconv"
	"strings"

	"cordon/ident"
)

// Lists as they are answered. Next is what to ask for as "after" to go on, and is absent
// on the last page.
type (
	// Radios answers GET /v1/radios.
	Radios struct {
		Radios []Radio `json:"radios"`
	}
	// Devices answers GET /v1/devices.
	Devices struct {
		Devices []Device `json:"devices"`
		Next    string   `json:"next,omitempty"`
	}
	// Sessions answers GET /v1/sessions.
	Sessions struct {
		Sessions []Session `json:"sessions"`
		Next     string    `json:"next,omitempty"`
	}
)

// health answers 200 while the core answers and the store can be written, else 503.
func (s *Server) health(w http.ResponseWriter, q *http.Request) error {
	if _, err := s.c.Core.Status(q.Context()); err != nil {
		return err
	}
	if err := s.c.Subscribers.Health(); err != nil {
		return err
	}
	answer(w, http.StatusOK, map[string]string{"status": "ok"})
	return nil
}

func (s *Server) metrics(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	WriteMetrics(w, append(processMetrics(s.started), s.c.Core.Metrics()...)) // an error is the peer's own loss
	return nil
}

func (s *Server) status(w http.ResponseWriter, q *http.Request) error {
	st, err := s.c.Core.Status(q.Context())
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, st)
	return nil
}

func (s *Server) radios(w http.ResponseWriter, q *http.Request) error {
	list, err := s.c.Core.Radios(q.Context())
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, Radios{some(list)})
	return nil
}

// resetRadio takes the identity in the body, for it has a slash in it.
func (s *Server) resetRadio(w http.ResponseWriter, q *http.Request) error {
	if err := media(q, "application/json"); err != nil {
		return err
	}
	o, err := readObject(http.MaxBytesReader(w, q.Body, maxBody), "id")
	if err != nil {
		return err
	}
	id, err := o.text("id")
	if err != nil {
		return err
	}
	if err := s.c.Core.ResetRadio(q.Context(), id); err != nil {
		return err
	}
	answer(w, http.StatusAccepted, map[string]string{"status": "resetting"})
	return nil
}

func (s *Server) devices(w http.ResponseWriter, q *http.Request) error {
	after, limit, err := pageOfSUPIs(q)
	if err != nil {
		return err
	}
	list, err := s.c.Core.Devices(q.Context(), after, limit)
	if err != nil {
		return err
	}
	out := Devices{Devices: some(list)}
	if len(list) == limit {
		out.Next = full(list[limit-1].SUPI)
	}
	answer(w, http.StatusOK, out)
	return nil
}

// pageOfSUPIs is page where a SUPI is what the list goes on after.
func pageOfSUPIs(q *http.Request) (after ident.SUPI, limit int, err error) {
	text, limit, err := page(q)
	if err == nil && text != "" {
		after, err = supi(text, "after")
	}
	return after, limit, err
}

// order is whom a request without a body orders something for.
func order(q *http.Request) (ident.SUPI, error) {
	id, err := supi(q.PathValue("supi"), "path")
	if err == nil {
		err = empty(q)
	}
	return id, err
}

func full(s SUPI) string { return "imsi-" + ident.SUPI(s).IMSI() }

func (s *Server) device(w http.ResponseWriter, q *http.Request) error {
	id, err := supi(q.PathValue("supi"), "path")
	if err != nil {
		return err
	}
	d, err := s.c.Core.Device(q.Context(), id)
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, d)
	return nil
}

// deregister answers 202: the device has been told, or will be when it is reached.
func (s *Server) deregister(w http.ResponseWriter, q *http.Request) error {
	id, err := order(q)
	if err != nil {
		return err
	}
	if err := s.c.Core.Deregister(q.Context(), id); err != nil {
		return err
	}
	answer(w, http.StatusAccepted, map[string]string{"status": "deregistering"})
	return nil
}

func (s *Server) releaseSession(w http.ResponseWriter, q *http.Request) error {
	id, err := supi(q.PathValue("supi"), "path")
	if err != nil {
		return err
	}
	psi, err := strconv.ParseUint(q.PathValue("id"), 10, 8)
	if err != nil || psi < 1 || psi > 15 {
		return Problem{Message: "want a session's identity, 1 to 15", Where: "path"}
	}
	if err := empty(q); err != nil {
		return err
	}
	if err := s.c.Core.ReleaseSession(q.Context(), id, ident.PDUSessionID(psi)); err != nil {
		return err
	}
	answer(w, http.StatusAccepted, map[string]string{"status": "releasing"})
	return nil
}

// sessions are listed after a place that reads SUPI/ID.
func (s *Server) sessions(w http.ResponseWriter, q *http.Request) error {
	text, limit, err := page(q)
	if err != nil {
		return err
	}
	var after ident.SUPI
	var afterID uint64
	if text != "" {
		id, n, has := strings.Cut(text, "/")
		if after, err = supi(id, "after"); err != nil {
			return err
		}
		if afterID, err = strconv.ParseUint(n, 10, 4); has && err != nil {
			return Problem{Message: "want SUPI/ID with an identity up to 15", Where: "after"}
		}
	}
	list, err := s.c.Core.Sessions(q.Context(), after, ident.PDUSessionID(afterID), limit)
	if err != nil {
		return err
	}
	out := Sessions{Sessions: some(list)}
	if len(list) == limit {
		last := list[limit-1]
		out.Next = full(last.SUPI) + "/" + strconv.Itoa(int(last.ID))
	}
	answer(w, http.StatusOK, out)
	return nil
}

// some is a list that is written as [] when it is empty.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
