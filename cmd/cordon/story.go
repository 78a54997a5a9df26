package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"cordon/ran"
)

// A story tells people what happens in a demo, a line each, with the time since it began. Its
// methods may be called from any goroutine.
type story struct {
	began time.Time

	mu    sync.Mutex // guards what follows
	w     io.Writer
	phase string
	told  time.Time // when traffic was told last
}

// trafficEvery is how often running traffic is told of.
const trafficEvery = 2 * time.Second

func newStory(w io.Writer) *story { return &story{began: time.Now(), w: w} }

func (s *story) tell(who, format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.line(who, format, args...)
}

// line writes one. Callers hold mu.
func (s *story) line(who, format string, args ...any) {
	fmt.Fprintf(s.w, "%6.1fs  %-9s %s\n", time.Since(s.began).Seconds(), who, fmt.Sprintf(format, args...))
}

// noter tells what happens to the phones of one radio.
func (s *story) noter(site string) func(*ran.UE, ran.Note) {
	return func(u *ran.UE, n ran.Note) {
		number := demoNumber(u.SUPI())
		who := fmt.Sprintf("phone %02d", number+1)
		switch n.Kind {
		case ran.NoteRegistered:
			s.tell(who, "is registered through %s: identity concealed, %v on both sides, NAS protected", site, demoMethod(number))
		case ran.NoteSessionOpened:
			s.tell(who, "has session %d with address %v", n.PSI, n.Addr)
		case ran.NoteDeregistered:
			s.tell(who, "has left")
		case ran.NoteRegistrationFailed, ran.NoteSessionFailed, ran.NoteServiceFailed:
			s.tell(who, "%v at %s: %v", n.Kind, site, n.Cause)
		}
	}
}

// progress tells when a new phase begins, and now and then how traffic fares.
func (s *story) progress(p ran.Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.Phase != s.phase {
		s.phase = p.Phase
		switch p.Phase {
		case "radios":
			s.line("radios", "%d sites connect", len(demoSites))
		case "attaching":
			s.line("phones", "%d are switched on, %d a second", p.Phones, demoRate)
		case "traffic":
			s.line("traffic", "each phone sends packets to %v, which sends them back", demoEcho)
		case "leaving":
			s.line("phones", "deregister")
		}
	}
	if p.Phase == "traffic" && time.Since(s.told) >= trafficEvery {
		s.told = time.Now()
		s.line("traffic", "%d packets sent, %d came back and were verified", p.Sent, p.Echoed)
	}
}

// conclude tells the end.
func (s *story) conclude(d demoSummary) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.w, "\n%d radios, %d of %d phones registered, %d sessions, %d packets sent, %d back, %d corrupted\n",
		d.RadiosUp, d.Registered, d.Phones, d.Sessions, d.PacketsSent, d.PacketsEchoed, d.Corrupted)
	fmt.Fprintf(s.w, "attach: half within %.1f ms, 99 of 100 within %.1f ms; packets: half back within %.2f ms\n", d.P50AttachMS, d.P99AttachMS, d.P50RTTMS)
	for _, cause := range slices.Sorted(maps.Keys(d.Failed)) {
		fmt.Fprintf(s.w, "failed: %d times %s\n", d.Failed[cause], cause)
	}
}
