package node

import (
	"encoding/json"
	"runtime"
	"testing"
	"time"

	"cordon/ran"
)

// Ten thousand phones (fewer under the race detector) attach, exchange traffic and leave, and then the core holds nothing of
// them: no device, session, goroutine or memory, and no address.
func TestScale(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED in short mode: ten thousand phones")
	}
	phones := 10_000
	if raceDetector {
		phones = 1000
	}
	cfg := testConfig(t)
	cfg.Timers.T3346 = 2 * time.Second // whom a busy machine turns away comes back within it
	w := start(t, cfg)
	w.subscribe(t, phones)
	// The first round fills what is kept for reuse and says what this machine can do.
	rate := min(1000, 0.5*w.round(t, phones/10, 2500, nil).AttachRate)
	goroutines, before := settled(t), heap()
	attached := 0
	w.round(t, phones, rate, func(p ran.Progress) {
		if p.Phase == "traffic" {
			attached = max(attached, p.Sessions)
		}
	})
	if attached != phones {
		t.Errorf("%d sessions at a time, not all", attached)
	}
	if n := settled(t); n > goroutines {
		t.Errorf("%d goroutines, %d before:\n%s", n, goroutines, starters())
	}
	// What stays is room for so many devices again, in maps and slices that do not shrink.
	const room = 1 << 10
	if after := heap(); after > before+uint64(room*phones) {
		t.Errorf("%d octets of heap, %d before", after, before)
	} else {
		t.Logf("%d KiB of heap before, %d after", before>>10, after>>10)
	}
	if n := w.metrics.bugs.Load(); n != 0 {
		t.Errorf("%d faults were contained", n)
	}
}

// round has so many phones attach, exchange traffic and leave.
func (w *world) round(t *testing.T, phones int, rate float64, progress func(ran.Progress)) ran.Summary {
	t.Helper()
	cfg := w.load(t, phones)
	cfg.Deregister, cfg.Progress = true, progress
	cfg.Rate, cfg.PPS, cfg.Traffic, cfg.Patience = rate, 0.5, 4*time.Second, 30*time.Second
	s, err := ran.Run(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := json.Marshal(s)
	t.Logf("%s", b)
	if !s.OK || s.Registered != phones || s.PhonesEchoed != phones || s.Deregistered != phones || s.Reregistered != 0 {
		t.Errorf("not everybody did everything")
	}
	if !eventually(func() bool {
		now, err := w.Load(t.Context())
		return err == nil && now == Load{}
	}) {
		now, _ := w.Load(t.Context())
		t.Errorf("left behind: %+v", now)
	}
	if n := w.Forwarder.Stats().Sessions; n != 0 {
		t.Errorf("the user plane still holds %d sessions", n)
	}
	return s
}

// settled is how many goroutines there are once their number has stopped falling.
func settled(t *testing.T) int {
	t.Helper()
	last, since := runtime.NumGoroutine(), time.Now()
	for time.Since(since) < time.Second {
		time.Sleep(20 * time.Millisecond)
		if n := runtime.NumGoroutine(); n != last {
			last, since = n, time.Now()
		}
	}
	return last
}
