package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"
)

// A story tells people what happens in a demo, a line each, with the time since it began. Its
// methods may be called from any goroutine.
type story struct {
	began time.Time

	mu sync.Mutex // guards w
	w  io.Writer
}

func newStory(w io.Writer) *story { return &story{began: time.Now(), w: w} }

func (s *story) tell(who, format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.w, "%6.1fs  %-14s %s\n", time.Since(s.began).Seconds(), who, fmt.Sprintf(format, args...))
}

// more goes on with what was told last.
func (s *story) more(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.w, "%24s%s\n", "", fmt.Sprintf(format, args...))
}

// heading begins a scene.
func (s *story) heading(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.w, "\n%s\n", text)
}

// conclude tells the end.
func (s *story) conclude(d demoSummary) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := d.Radios
	fmt.Fprintf(s.w, "\n%d radios: %d allowed, %d within bounds, %d refused, %d unknown and then approved; %s\n",
		r.Total, r.Allowed, r.Restricted, r.Refused, r.Approved, plural(len(d.Findings), "finding"))
	fmt.Fprintf(s.w, "%d of %d phones registered in the end, %d moves from radio to radio, %d packets sent, %d back, %d corrupted\n",
		d.Registered, d.Phones, d.Moves, d.PacketsSent, d.PacketsEchoed, d.Corrupted)
	for _, cause := range slices.Sorted(maps.Keys(d.Failed)) {
		fmt.Fprintf(s.w, "failed: %d times %s\n", d.Failed[cause], cause)
	}
	for _, problem := range d.Problems {
		fmt.Fprintf(s.w, "failed: %s\n", problem)
	}
}
