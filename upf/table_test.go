package upf_test

import (
	"testing"
	"time"

	"cordon/upf"
	"cordon/upf/upftest"
	"cordon/wire/pfcp"
)

// TestTable: what becomes of each packet of the table that every forwarder is held to.
func TestTable(t *testing.T) {
	for _, c := range upftest.Cases() {
		t.Run(c.Name, func(t *testing.T) {
			cfg := upftest.Config()
			if c.Change != nil {
				c.Change(&cfg)
			}
			s, err := upf.New(cfg, nil)
			if err != nil {
				t.Fatal(err)
			}
			w, err := upftest.NewWorld(func(e pfcp.Establishment) (pfcp.Established, error) { return s.Establish(0, e) })
			if err != nil {
				t.Fatal(err)
			}
			for i, st := range c.Steps {
				err := st.Judge(w, func(b []byte) upf.Verdict {
					switch v := (upf.Verdict{}); {
					case st.Bridge:
						return st.Frame(s, time.Minute, v, b)
					case st.N6:
						return s.Downlink(time.Minute, b)
					default:
						if v = s.Uplink(time.Minute, st.From, b); v.Action == upf.ToBridge {
							v = st.Frame(s, time.Minute, v, nil)
						}
						return v
					}
				})
				if err != nil {
					t.Errorf("packet %d: %v", i, err)
				}
			}
		})
	}
}
