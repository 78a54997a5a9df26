package node

import (
	"sync/atomic"
	"time"

	"cordon/amf"
	"cordon/smf"
)

// dropReason is why something that a radio sent, or that was for it, went no further than
// its association.
type dropReason uint8

const (
	dropPPID        dropReason = iota // not NGAP's payload protocol identifier
	dropStream                        // a stream that TS 38.412 §7 does not give it
	dropUndecodable                   // no NGAP message
	dropUnknownUE                     // identities of no connection of this radio
	dropFull                          // more connections than one radio may have
	dropHangup                        // the radio's machine ended the association
	dropBacklog                       // the radio does not take what it is sent
	dropRadioGone                     // for a radio that has gone
	dropSilent                        // an association without NG Setup, ended
	dropReasons
)

var dropNames = [dropReasons]string{"ppid", "stream", "undecodable", "unknown ue", "full", "hangup", "backlog", "radio gone", "silent"}

func (r dropReason) String() string { return dropNames[r] }

// counters is one for each value of a small enumeration.
type counters [64]atomic.Uint64

// latencyBounds are the upper bounds of the histogram of attach latencies.
var latencyBounds = [...]time.Duration{
	time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond,
	50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond,
	time.Second, 2 * time.Second, 5 * time.Second,
}

// metrics is what the core counts. Everything in it is written by many goroutines.
type metrics struct {
	received, sent atomic.Uint64 // NGAP messages
	bugs           atomic.Uint64
	n4Errors       atomic.Uint64
	n4Drops        counters      // by n4.Reason
	n4Findings     counters      // by n4.Kind
	pages          atomic.Uint64 // sent to radios
	searches       searches
	registrations  atomic.Uint64
	drops          counters            // by dropReason
	amfDrops       counters            // by amf.Reason
	smfDrops       counters            // by smf.Reason
	findings       counters            // by amf.FindingKind
	sessions       counters            // by smf.FindingKind
	leavings       counters            // by amf.Leaving
	planeFindings  counters            // by upf.Reason
	reported       atomic.Uint64       // findings of user planes at other sites that were entered
	reportedLost   atomic.Uint64       // and that were not
	echoFindings   counters            // by upf.EchoFault
	verdicts       [8][3]atomic.Uint64 // by rules.Gate and rules.Act, of those that restrict or refuse

	latency    [len(latencyBounds) + 1]atomic.Uint64
	latencySum atomic.Int64 // nanoseconds
}

func (m *metrics) drop(r dropReason)       { m.drops[r].Add(1) }
func (m *metrics) dropAMF(r amf.Reason)    { m.amfDrops[r].Add(1) }
func (m *metrics) dropSMF(r smf.Reason)    { m.smfDrops[r].Add(1) }
func (m *metrics) left(e amf.Deregistered) { m.leavings[e.Why].Add(1) }

func (m *metrics) registered(e amf.Registered) {
	m.registrations.Add(1)
	i := 0
	for i < len(latencyBounds) && e.Latency > latencyBounds[i] {
		i++
	}
	m.latency[i].Add(1)
	m.latencySum.Add(int64(e.Latency))
}
