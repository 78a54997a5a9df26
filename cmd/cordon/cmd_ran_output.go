package main

import (
	"bufio"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"cordon/ident"
	"cordon/ran"
)

// writeCSV writes the phones as "cordon subscriber import" reads them. The file holds keys,
// so only its owner may read it.
func (f *ranFlags) writeCSV(cfg ran.Config) error {
	file, err := os.OpenFile(f.csv, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	column, value := "opc", f.opc
	if f.op != "" {
		column, value = "op", f.op
	}
	fmt.Fprintf(w, "imsi,k,%s,algorithm\n", column)
	for i := range f.phones {
		fmt.Fprintf(w, "%s,%s,%s,%s\n", (cfg.Groups[0].First + ident.SUPI(i)).IMSI(), f.key, value, f.algorithm)
	}
	if err := w.Flush(); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}

// ranProgress is the line that a terminal shows while a load runs.
type ranProgress struct {
	shown bool
	last  time.Time
}

func (r *ranProgress) print(c *call, p ran.Progress) {
	if time.Since(r.last) < 100*time.Millisecond && p.Phase != "done" {
		return
	}
	r.last, r.shown = time.Now(), true
	fmt.Fprintf(c.err, "\r\x1b[K%6.1fs %-9s %d/%d phones registered, %d sessions", p.Elapsed.Seconds(), p.Phase,
		p.Registered, p.Phones, p.Sessions)
	if p.Failed > 0 {
		fmt.Fprintf(c.err, ", %d failed", p.Failed)
	}
	if p.Sent > 0 {
		fmt.Fprintf(c.err, ", %d packets sent, %d back", p.Sent, p.Echoed)
	}
}

func (r *ranProgress) clear(c *call) {
	if r.shown {
		fmt.Fprint(c.err, "\r\x1b[K")
	}
}

// printSummary tells what came of a load.
func printSummary(c *call, s ran.Summary) error {
	err := facts(c.out,
		"radios", fmt.Sprintf("%d of %d up", s.RadiosUp, s.Radios),
		"phones", fmt.Sprintf("%d of %d registered", s.Registered, s.Phones),
		"sessions", fmt.Sprint(s.Sessions),
		"attach", fmt.Sprintf("%.1f ms median, %.1f ms 99th percentile, %.0f a second", s.P50AttachMS, s.P99AttachMS, s.AttachRate),
		"packets", fmt.Sprintf("%d sent, %d came back, %d altered, %d twice, %d in a wrong tunnel", s.PacketsSent,
			s.PacketsEchoed, s.Corrupted, s.Duplicated, s.WrongTunnel),
		"round trip", fmt.Sprintf("%.2f ms median, %.2f ms 99th percentile", s.P50RTTMS, s.P99RTTMS),
		"afterwards", fmt.Sprintf("%d service requests, %d registered anew, %d deregistered, %d associations set up again",
			s.ServiceRequests, s.Reregistered, s.Deregistered, s.Reconnects),
		"on the move", fmt.Sprintf("%d times to another radio, %d without a suitable cell in the end", s.Moves, s.NoSuitableCell),
		"duration", fmt.Sprintf("%.1f s", s.DurationS))
	for _, list := range []struct {
		title  string
		counts map[string]int
	}{{"failed", s.Failed}, {"noticed", s.Complaints}} {
		for _, what := range slices.Sorted(maps.Keys(list.counts)) {
			if err == nil {
				_, err = fmt.Fprintf(c.out, "%s: %d x %s\n", list.title, list.counts[what], orDash(what))
			}
		}
	}
	return err
}
