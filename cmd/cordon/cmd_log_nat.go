package main

import (
	"fmt"
	"net/netip"
	"slices"
	"sort"
	"time"

	"cordon/console"
	"cordon/evidence"
	"cordon/ledger"
	"cordon/node"
)

// holder is what the log says of who had a public port at a time.
type holder struct {
	At      string    `json:"at"` // the address and port
	Time    time.Time `json:"time"`
	Subject string    `json:"subject,omitempty"` // empty: nobody
	Ports   string    `json:"ports,omitempty"`
	Plane   string    `json:"user_plane,omitempty"` // empty: the core's own
	Given   time.Time `json:"given,omitzero"`
	Entry   int64     `json:"entry,omitempty"` // that says so
	Ended   time.Time `json:"ended,omitzero"`  // at the latest; zero: not yet
	EndedBy int64     `json:"ended_entry,omitempty"`
	Notes   []string  `json:"notes,omitempty"` // why the answer may be another
}

// logNAT answers who had a port of a public address at a time.
func logNAT(c *call) error {
	when := c.flags.String("at", "", "the time, as 2027-06-01T12:00:00Z (default: now)")
	asJSON := c.flags.Bool("json", false, "print JSON")
	r, err := c.log(1)
	if err != nil {
		return err
	}
	at, err := netip.ParseAddrPort(c.args[0])
	if err != nil || !at.Addr().Is4() {
		return misused("%q: want a public address and a port, as 198.51.100.7:20480", c.args[0])
	}
	h := holder{At: at.String(), Time: time.Now().UTC()}
	if *when != "" {
		if h.Time, err = time.Parse(time.RFC3339, *when); err != nil {
			return misused("--at %q: want a time, as 2027-06-01T12:00:00Z", *when)
		}
		h.Time = h.Time.UTC()
	}
	_, cp, err := r.Checkpoint()
	if err != nil {
		return err
	}
	if err := (&leaseSearch{r, cp, at}).find(&h); err != nil {
		return err
	}
	if *asJSON {
		return printJSON(c.out, h)
	}
	return h.print(c)
}

func (h *holder) print(c *call) error {
	moment := func(t time.Time, entry int64) string {
		if t.IsZero() {
			return ""
		}
		return fmt.Sprintf("%s, entry %d", t.Format(time.RFC3339Nano), entry)
	}
	pairs := []string{"address", h.At, "at", h.Time.Format(time.RFC3339), "subscriber", h.Subject}
	if h.Subject != "" {
		pairs = append(pairs, "ports", h.Ports, "user plane", h.Plane, "given", moment(h.Given, h.Entry), "ended", moment(h.Ended, h.EndedBy))
	}
	for _, n := range h.Notes {
		pairs = append(pairs, "note", n)
	}
	return facts(c.out, pairs...)
}

// leaseSearch looks through a log for the leases of a port.
type leaseSearch struct {
	r  *ledger.Reader
	cp evidence.Checkpoint
	at netip.AddrPort
}

// find looks back from the time for who got the port last, and on from there for when they gave it back. What one run of the
// core says, it says from its start on, so that no more than that has to be read.
func (s *leaseSearch) find(h *holder) error {
	next, err := s.after(h.Time)
	if err != nil {
		return err
	}
	var gone []string // who gave it back before; what is told of two sessions may cross
	err = s.each(next, -1, func(index int64, e evidence.Entry) (bool, error) {
		switch e.Kind {
		case evidence.Gap:
			h.note("%d entries from %s to %s are lost", e.Count, e.From.Format(time.RFC3339), e.To.Format(time.RFC3339))
		case evidence.Stop:
			h.note("the core stopped at %s; a user plane that went on without it has kept its sessions", e.Time.Format(time.RFC3339))
		case evidence.Start:
			h.note("the core started at %s, and says of each session within moments after that who has which ports: ask for later, too, where it is about those", e.Time.Format(time.RFC3339))
			return false, nil
		}
		list, err := e.Leases()
		for _, l := range slices.Backward(list) {
			switch {
			case !l.Covers(s.at):
			case l.Ended:
				gone = append(gone, l.Subject)
			case !slices.Contains(gone, l.Subject):
				h.Subject, h.Ports, h.Plane = l.Subject, fmt.Sprintf("%d-%d", l.First, l.Last), e.Element
				h.Given, h.Entry = e.Time, index
				return false, nil
			default:
				return false, nil
			}
		}
		return true, err
	})
	if err != nil || h.Subject == "" {
		return err
	}
	return s.each(next, +1, func(index int64, e evidence.Entry) (bool, error) {
		list, err := e.Leases()
		over := e.Kind == evidence.Start || slices.ContainsFunc(list, func(l evidence.Lease) bool { return l.Covers(s.at) && l.Ended == (l.Subject == h.Subject) })
		if over {
			h.Ended, h.EndedBy = e.Time, index
		}
		return !over, err
	})
}

func (h *holder) note(format string, args ...any) {
	h.Notes = append(h.Notes, fmt.Sprintf(format, args...))
}

// after is the number of the first entry that is later than a time.
func (s *leaseSearch) after(t time.Time) (int64, error) {
	var failed error
	n := sort.Search(int(s.cp.Size), func(i int) bool {
		list, err := s.read(int64(i), int64(i)+1)
		if err != nil {
			failed = err
			return true
		}
		return list[0].Time.After(t)
	})
	return int64(n), failed
}

// each calls f with the entries before the next one, backwards, or from it on, until f says that it has seen enough.
func (s *leaseSearch) each(next, step int64, f func(int64, evidence.Entry) (more bool, err error)) error {
	const atOnce = 4 * evidence.Width
	for {
		first, end := next, min(next+atOnce, s.cp.Size)
		if step < 0 {
			first, end = max(next-atOnce, 0), next
		}
		if first == end {
			return nil
		}
		list, err := s.read(first, end)
		if err != nil {
			return err
		}
		for k := range list {
			i := k
			if step < 0 {
				i = len(list) - 1 - k
			}
			if more, err := f(first+int64(i), list[i]); err != nil || !more {
				return err
			}
		}
		if next = end; step < 0 {
			next = first
		}
	}
}

func (s *leaseSearch) read(first, end int64) ([]evidence.Entry, error) {
	lines, err := s.r.Entries(s.cp, first, end)
	if err != nil {
		return nil, err
	}
	list := make([]evidence.Entry, len(lines))
	for i, line := range lines {
		if list[i], err = evidence.ParseEntry(line); err != nil {
			return nil, fmt.Errorf("entry %d: %w", first+int64(i), err)
		}
	}
	return list, nil
}

// logWho finds whose pseudonym one is, by trying all subscribers that there are.
func logWho(c *call) error {
	file := c.flags.String("pseudonym-key-file", node.DefaultConfig().Evidence.PseudonymFile, "the key file that makes pseudonyms")
	api, err := c.remote(1)
	if err != nil {
		return err
	}
	key, err := ledger.PseudonymKey(*file)
	if err != nil {
		return err
	}
	all, err := everyPage(api, "/v1/subscribers", func(l *console.SubscriberList) (*[]console.Subscriber, string) { return &l.Subscribers, l.Next })
	if err != nil {
		return err
	}
	for _, s := range all.Subscribers {
		if evidence.Pseudonym(key, "imsi-"+imsi(s.SUPI)) == c.args[0] {
			return api.print(c.out, s, func() error { return facts(c.out, "IMSI", imsi(s.SUPI)) })
		}
	}
	return fmt.Errorf("none of the %d subscribers that there are now has the pseudonym %s under this key", len(all.Subscribers), c.args[0])
}
