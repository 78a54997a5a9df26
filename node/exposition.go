package node

import (
	"context"
	"fmt"
	"time"

	"cordon/amf"
	"cordon/console"
	"cordon/n4"
	"cordon/rules"
	"cordon/smf"
	"cordon/upf"
)

// Metrics are the core's figures. No identity is in a name or a label.
func (c *Core) Metrics() []console.Family {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	load, _ := c.Load(ctx) // what does not answer in time is told as zero, and the scrape goes on
	m := &c.metrics
	plane := c.Forwarder.Stats()
	gauge := func(name, help string, v int) console.Family {
		return console.One(console.Gauge, "cordon_"+name, help, float64(v))
	}
	count := func(name, help string, v uint64) console.Family {
		return console.One(console.Counter, "cordon_"+name, help, float64(v))
	}
	var buckets []uint64
	for i := range m.latency {
		buckets = append(buckets, m.latency[i].Load())
	}
	var bounds []float64
	for _, b := range latencyBounds {
		bounds = append(bounds, b.Seconds())
	}
	return append(append(c.lawMetrics(), echoMetrics(&plane)...),
		gauge("radios", "Radios that are set up.", load.Radios),
		gauge("devices", "Registered devices.", load.Devices),
		gauge("devices_connected", "Devices with a radio connection.", load.Connected),
		gauge("connections_half_open", "Connections that have proven nothing yet.", load.HalfOpen),
		gauge("sessions", "PDU sessions.", load.Sessions),
		gauge("sessions_user_plane", "Sessions that the user plane holds.", plane.Sessions),
		count("ngap_received_total", "NGAP messages received.", m.received.Load()),
		count("ngap_sent_total", "NGAP messages sent.", m.sent.Load()),
		count("registrations_total", "Registrations accepted.", m.registrations.Load()),
		console.NewHistogram("cordon_attach_seconds", "From a device's first message to REGISTRATION ACCEPT.", bounds, buckets,
			time.Duration(m.latencySum.Load()).Seconds()),
		count("pages_total", "Pages sent to radios.", m.pages.Load()),
		m.searches.family(c.Node.amf.TACs),
		labelled("cordon_deregistrations_total", "Devices that left, by why.", "why", &m.leavings, amf.Leaving.String),
		labelled("cordon_ngap_drops_total", "What radios sent that went no further, by why.", "why", &m.drops, dropReason.String),
		labelled("cordon_amf_drops_total", "Events that changed nothing, by why.", "why", &m.amfDrops, amf.Reason.String),
		labelled("cordon_smf_drops_total", "Session events that changed nothing, by why.", "why", &m.smfDrops, smf.Reason.String),
		labelled("cordon_findings_total", "What peers did that their role does not explain, by kind.", "kind", &m.findings, amf.FindingKind.String),
		labelled("cordon_session_findings_total", "The same of sessions.", "kind", &m.sessions, smf.FindingKind.String),
		labelled("cordon_user_plane_findings_total", "The same of user packets.", "kind", &m.planeFindings, upf.Reason.String),
		labelled("cordon_echo_findings_total", "What rounds of echo requests showed that the places of radios and user planes do not explain, by kind.", "kind", &m.echoFindings, upf.EchoFault.String),
		traffic("cordon_user_packets_total", "Inner packets forwarded.", plane.Uplink.Packets, plane.Downlink.Packets),
		count("user_packets_fast_total", "Those of them that the kernel forwarded by itself.", plane.Fast),
		traffic("cordon_user_bytes_total", "Inner octets forwarded.", plane.Uplink.Bytes, plane.Downlink.Bytes),
		drops(&plane.Uplink, &plane.Downlink),
		labelled("cordon_n4_drops_total", "What user planes at other sites sent that went no further, by why.", "why", &m.n4Drops, n4.Reason.String),
		labelled("cordon_n4_findings_total", "What they did that their role does not explain, by kind.", "kind", &m.n4Findings, n4.Kind.String),
		count("reported_findings_total", "Findings that user planes at other sites reported.", m.reported.Load()),
		count("reported_findings_lost_total", "Those of them that were not entered: more than their share, or of no kind that is known.", m.reportedLost.Load()),
		count("n4_errors_total", "Requests that the user plane did not do.", m.n4Errors.Load()),
		count("faults_total", "Faults of this program, contained.", m.bugs.Load()),
	)
}

// lawMetrics are the figures of the law in force and its evidence.
func (c *Core) lawMetrics() []console.Family {
	c.law.mu.Lock()
	cuts, well := len(c.law.in.cuts), c.law.problem == ""
	c.law.mu.Unlock()
	written, _, waiting, lost := c.d.Evidence.Health()
	gauge := func(name, help string, v int) console.Family {
		return console.One(console.Gauge, "cordon_"+name, help, float64(v))
	}
	return []console.Family{
		verdicts(&c.metrics),
		gauge("law_current", "1 while records and rules are in force as last changed, 0 while a change is refused.", oneIf(well)),
		gauge("radios_pending", "Radios without a record that wait for an operator.", c.pending.len()),
		gauge("radios_draining", "Radios that are being taken out of service.", c.drains.len()),
		gauge("cuts", "Cuts in force.", cuts),
		gauge("evidence_written", "1 while evidence is being written, 0 while it is not.", oneIf(written)),
		gauge("evidence_waiting", "Entries of evidence that wait to be written.", waiting),
		console.One(console.Counter, "cordon_evidence_lost_total", "Entries of evidence that could not be written.", float64(lost)),
	}
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// verdicts are those that restricted or refused, by gate and act.
func verdicts(m *metrics) console.Family {
	f := console.Family{Name: "cordon_verdicts_total", Help: "Verdicts that restricted or refused, by gate and act.", Kind: console.Counter}
	for gate := range m.verdicts {
		for act := range m.verdicts[gate] {
			if n := m.verdicts[gate][act].Load(); n > 0 {
				f.Samples = append(f.Samples, console.Sample{Labels: []console.Label{
					{Name: "gate", Value: rules.Gate(gate).String()}, {Name: "act", Value: rules.Act(act).String()}}, Value: float64(n)})
			}
		}
	}
	return f
}

// labelled is a counter for each value that was counted at all.
func labelled[T ~uint8](name, help, label string, of *counters, say func(T) string) console.Family {
	f := console.Family{Name: name, Help: help, Kind: console.Counter}
	for i := range of {
		if n := of[i].Load(); n > 0 {
			f.Samples = append(f.Samples, console.Sample{Labels: []console.Label{{Name: label, Value: say(T(i))}}, Value: float64(n)})
		}
	}
	return f
}

func traffic(name, help string, up, down uint64) console.Family {
	return console.Family{Name: name, Help: help, Kind: console.Counter, Samples: []console.Sample{
		{Labels: []console.Label{{Name: "direction", Value: "uplink"}}, Value: float64(up)},
		{Labels: []console.Label{{Name: "direction", Value: "downlink"}}, Value: float64(down)},
	}}
}

// drops are the user packets that were not forwarded, by direction and why.
func drops(up, down *upf.Counters) console.Family {
	f := console.Family{Name: "cordon_user_drops_total", Help: "User packets dropped, by direction and why.", Kind: console.Counter}
	for _, d := range []struct {
		name string
		of   *upf.Counters
	}{{"uplink", up}, {"downlink", down}} {
		for i, n := range d.of.Drops {
			if n > 0 {
				f.Samples = append(f.Samples, console.Sample{Labels: []console.Label{
					{Name: "direction", Value: d.name}, {Name: "why", Value: fmt.Sprint(upf.Reason(i))}}, Value: float64(n)})
			}
		}
	}
	return f
}
