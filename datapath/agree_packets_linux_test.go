package datapath

import (
	"net/netip"
	"testing"

	"cordon/upf"
	"cordon/upf/upftest"
	"cordon/wire/pfcp"
)

// TestProgramTable: the program does with each packet of the table that every forwarder is held to
// what the reference does, or passes it on.
func TestProgramTable(t *testing.T) {
	forEachProgram(t, func(t *testing.T, v variant) {
		k := newKernel(t, v)
		for _, c := range upftest.Cases() {
			t.Run(c.Name, func(t *testing.T) {
				w := k.begin(t, c.Change, nil)
				for i, st := range c.Steps {
					before := k.passed
					if err := st.Judge(w, func(b []byte) upf.Verdict { return k.take(&st, b) }); err != nil {
						t.Errorf("packet %d: %v", i, err)
					}
					if k.passed > before {
						t.Logf("packet %d was passed on", i)
					}
					k.sameMemory()
				}
				k.sameCounts()
			})
		}
		t.Logf("%d packets forwarded, %d dropped, %d passed on", k.forwarded, k.drops, k.passed)
	})
}

// TestProgramIPv6Radio: the same around packets, where N3 is IPv6.
func TestProgramIPv6Radio(t *testing.T) {
	forEachProgram(t, func(t *testing.T, v variant) {
		k := newKernel(t, v)
		radio := netip.MustParseAddrPort("[2001:db8:f::a1]:2152")
		w := k.begin(t, func(c *upf.Config) {
			c.N3, c.RAN = netip.MustParseAddr("2001:db8:f::1"), []netip.Prefix{netip.MustParsePrefix("2001:db8:f::/48")}
			c.Forbidden = append(c.Forbidden, c.RAN...)
		}, func(e *pfcp.Establishment) { e.FARs[1].Outer.Addr = radio.Addr() })
		far := netip.MustParseAddrPort("[2001:db8:f::a2]:2152")
		for n := range 100 {
			payload := make([]byte, 13*n)
			there := upftest.Datagram("10.45.0.2", upftest.Far, 1000, 2000, payload...)
			there6 := upftest.Datagram("2001:db8:45:2::7", upftest.Far6, 1000, 2000, payload...)
			for _, packet := range [][]byte{there, there6} {
				for _, st := range []upftest.Step{{From: radio, Action: upf.ToN6}, {From: far, Reason: upf.ReasonSecondSource}, {N6: true, Action: upf.ToN3}} {
					octets := upftest.GPDU(w.A.TEID, packet)
					if st.N6 {
						octets = upftest.Reply(packet)
					}
					if v := k.take(&st, octets); v.Action != st.Action || v.Reason != st.Reason {
						t.Fatalf("%s", told(&v))
					}
				}
			}
		}
		k.sameMemory()
		k.sameCounts()
		if k.passed > 0 {
			t.Errorf("%d packets passed on", k.passed)
		}
	})
}

// TestProgramJoined: what the kernel has joined it gets back, since no one can take it apart in a tunnel.
func TestProgramJoined(t *testing.T) {
	k := newKernel(t, control)
	w := k.begin(t, nil, nil)
	for name, packet := range map[string][]byte{
		"uplink":   k.datagramFrom(w.A.Radio, upftest.GPDU(w.A.TEID, upftest.Datagram("10.45.0.2", upftest.Far, 1, 2))),
		"downlink": upftest.Datagram(upftest.Far, "10.45.0.2", 1, 2),
	} {
		for size, want := range map[uint32]uint32{0: xdpRedirect, 1000: xdpPass} {
			k.joined = size
			if code, _ := k.run(frame(packet)); code != want {
				t.Errorf("%s, joined of %d octets: verdict %d; want %d", name, size, code, want)
			}
		}
	}
}
