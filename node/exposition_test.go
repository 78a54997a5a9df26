package node

import (
	"testing"
	"time"

	"cordon/amf"
	"cordon/ident"
	"cordon/rules"
)

// The law's figures are told: what it restricted and refused by gate, who waits, and that evidence is
// written.
func TestLawMetrics(t *testing.T) {
	w := start(t, testConfig(t))
	w.metrics.verdicts[rules.GateN2][rules.Refuse].Add(2)
	w.metrics.verdicts[rules.GateSession][rules.Restrict].Add(3)
	w.pending.note(time.Now(), claim{Claim: amf.Claim{Node: ident.RANNode{PLMN: testPLMN, Bits: 24, ID: 0xfffff}}})
	got := map[string]float64{}
	for _, f := range w.Metrics() {
		for _, s := range f.Samples {
			name := f.Name
			for _, l := range s.Labels {
				name += " " + l.Value
			}
			got[name] = s.Value
		}
	}
	for name, want := range map[string]float64{
		"cordon_verdicts_total n2 refuse": 2, "cordon_verdicts_total session restrict": 3, "cordon_law_current": 1, "cordon_radios_pending": 1,
		"cordon_radios_draining": 0, "cordon_cuts": 0, "cordon_evidence_written": 1, "cordon_evidence_lost_total": 0,
	} {
		if v, told := got[name]; !told || v != want {
			t.Errorf("%s: %v, %v; want %v", name, v, told, want)
		}
	}
	if _, told := got["cordon_verdicts_total n2 restrict"]; told {
		t.Error("what did not happen is told")
	}
}
