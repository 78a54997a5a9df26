package datapath

import (
	"time"

	"cordon/wire/pfcp"
)

// sweepEvery is between two looks at what sessions have used: a session may pass a threshold by what it carries meanwhile. Package upf counts on
// two of them in a second, where a quota comes near.
const sweepEvery = 250 * time.Millisecond

// sweepSessions is how many sessions are looked at while packets and N4 wait, a fraction of a millisecond.
const sweepSessions = 4096

// account has told what usage rules have to report, and gives up packets that have waited too long for their
// device. A report waits until there is room for it: what it says is said once.
func (f *Forwarder) account() {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	var reports []pfcp.Report
	for {
		select {
		case <-f.done:
			return
		case <-tick.C:
		}
		for end := false; !end; {
			reports, end = f.sweep(reports[:0])
			for i := range reports {
				if !f.events.await(reports[i], f.done) {
					return
				}
			}
		}
	}
}

// sweep adds what the next sessions have to report.
func (f *Forwarder) sweep(reports []pfcp.Report) (_ []pfcp.Report, end bool) {
	f.rules.Lock()
	defer f.rules.Unlock()
	if f.shut {
		return reports, true
	}
	now := f.now()
	end = f.sessions.Sweep(now, sweepSessions, func(r pfcp.Report) { reports = append(reports, r) })
	if end {
		f.sessions.Expire(now)
	}
	return reports, end
}
