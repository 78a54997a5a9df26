package upf_test

import (
	"bytes"
	"testing"
	"time"

	"cordon/upf"
	"cordon/upf/upftest"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
)

// TestTable: what becomes of each packet of the table that every forwarder is held to. What is refused is counted once for its
// reason, and costs no other device its service.
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
				var v upf.Verdict
				before := refused(s, st.Reason)
				err := st.Judge(w, func(b []byte) upf.Verdict { v = decide(s, st, b); return v })
				if err != nil {
					t.Errorf("packet %d: %v", i, err)
				}
				if n := refused(s, st.Reason) - before; st.Reason != upf.ReasonNone && n != 1 {
					t.Errorf("packet %d: counted %d times as %v", i, n, st.Reason)
				}
				if st.N6 && !st.Bridge && v.Action == upf.ToN3 {
					tunnelled(t, w, v)
				}
			}
			served(t, s, w)
		})
	}
}

// decide has a UPF decide about a step's packet.
func decide(s *upf.Sessions, st upftest.Step, b []byte) (v upf.Verdict) {
	switch {
	case st.Bridge:
		return st.Frame(s, time.Minute, v, b)
	case st.N6:
		return s.Downlink(time.Minute, b)
	}
	if v = s.Uplink(time.Minute, st.From, b); v.Action == upf.ToBridge {
		v = st.Frame(s, time.Minute, v, nil)
	}
	return v
}

// refused is how many packets a UPF has counted for a reason.
func refused(s *upf.Sessions, r upf.Reason) uint64 {
	up, down := s.Stats()
	return up.Drops[r] + down.Drops[r]
}

// tunnelled checks that a packet goes to the radio of the device that it is for, in its tunnel.
func tunnelled(t *testing.T, w *upftest.World, v upf.Verdict) {
	t.Helper()
	h, inner, err := gtpu.Parse(append(bytes.Clone(v.Head), v.Packet...))
	for _, d := range w.Sessions() {
		if to := upftest.Destination(v.Packet); to == d.UE || d.UE6.IsValid() && d.UE6.Contains(to) {
			want := gtpu.Header{Type: gtpu.TypeGPDU, TEID: d.Remote, HasContainer: true, Container: gtpu.Container{QFI: upftest.QFI}}
			if err != nil || h != want || !bytes.Equal(inner, v.Packet) || v.To != d.Radio {
				t.Errorf("%+v to %v, %v; want %+v to %v", h, v.To, err, want, d.Radio)
			}
			return
		}
	}
	t.Errorf("it is no device's: % x", v.Packet)
}

// served checks that packets of a device that had no part in it flow both ways, some time after.
func served(t *testing.T, s *upf.Sessions, w *upftest.World) {
	t.Helper()
	own := w.B.UE.String()
	up, down := upftest.Datagram(own, upftest.Far, 1000, 7, 'x'), upftest.Datagram(upftest.Far, own, 7, 1000, 'x')
	if v := s.Uplink(time.Hour, w.B.Radio, upftest.GPDU(w.B.TEID, up)); v.Action != upf.ToN6 {
		t.Errorf("another device's uplink: %v %v", v.Action, v.Reason)
	}
	if v := s.Downlink(time.Hour, down); v.Action != upf.ToN3 || v.TEID != w.B.Remote {
		t.Errorf("another device's downlink: %v %v", v.Action, v.Reason)
	}
}
