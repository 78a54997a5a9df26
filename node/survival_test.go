package node

import (
	"net/netip"
	"slices"
	"testing"

	"cordon/ident"
	"cordon/smf"
	"cordon/store"
	"cordon/subscriber"
	"cordon/wire/pfcp"
)

// fakePlane is a user plane that has sessions from before a restart, or has lost them.
type fakePlane struct {
	asked   []pfcp.Establishment
	changed []pfcp.Modification
	local   pfcp.FTEID // of what it has; zero: it has nothing
	settled int
}

func (f *fakePlane) Establish(e pfcp.Establishment) (pfcp.Established, error) {
	f.asked = append(f.asked, e)
	a := pfcp.Established{CP: e.CP.SEID, Cause: pfcp.CauseAccepted, UP: pfcp.FSEID{SEID: e.Existing}, Created: []pfcp.CreatedPDR{{ID: e.PDRs[0].ID, Local: f.local}}}
	if f.local == (pfcp.FTEID{}) {
		a.UP.SEID, a.Created[0].Local = 0x999, pfcp.FTEID{TEID: 0x999, Addr: netip.MustParseAddr("127.0.0.1")}
	}
	return a, nil
}

func (f *fakePlane) Modify(m pfcp.Modification) (pfcp.Modified, error) {
	f.changed = append(f.changed, m)
	return pfcp.Modified{Cause: pfcp.CauseAccepted}, nil
}

func (f *fakePlane) Delete(pfcp.Deletion) (pfcp.Deleted, error) {
	return pfcp.Deleted{Cause: pfcp.CauseAccepted}, nil
}

func (f *fakePlane) RemoveUnclaimed() (taken, removed int) {
	f.settled++
	return len(f.asked), 0
}

// TestSurvival: after a restart a session of a user plane that went on is active, by the endpoints that it had, until its radio begins anew or
// the law is another; where the user plane has lost it, or its radio may not serve any more, it is idle.
func TestSurvival(t *testing.T) {
	cfg := dualConfig(t)
	w := start(t, cfg)
	v, _ := w.modems(t, 1)
	supi := v.Phone("", 0).SUPI()
	st, err := v.Phone("", 0).Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	own, _ := st.Session(1)
	if !eventually(func() bool {
		d, err := w.Device(t.Context(), supi)
		return err == nil && d.Sessions[0].State == "active"
	}) {
		t.Fatal("the session is not active")
	}
	w.end(t)()
	old, err := store.Open(cfg.Store)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	before := &testStore{stored: make(map[ident.SUPI][]byte)}
	if _, err := old.LoadContexts(func(supi ident.SUPI, b []byte) error { before.stored[supi] = slices.Clone(b); return nil }); err != nil {
		t.Fatal(err)
	}
	local := pfcp.FTEID{TEID: own.Remote, Addr: own.Peer}
	for _, c := range []struct {
		name  string
		local pfcp.FTEID
		state string
	}{
		{name: "it went on", local: local, state: "active"},
		{name: "it has lost all", state: "idle"},
	} {
		t.Run(c.name, func(t *testing.T) {
			up := &fakePlane{local: c.local}
			n := stillWith(t, cfg, 1, before, up)
			key := smf.Key{SUPI: supi, PSI: 1}
			view, ok := n.shards[0].smf.Session(key)
			if !ok || view.State != c.state || view.Addr.IPv4 != own.Addr || !view.Addr.IPv6.Contains(own.Addr6) {
				t.Fatalf("%+v, %v", view, ok)
			}
			if len(up.asked) != 1 || up.asked[0].Existing == 0 || up.settled != 1 {
				t.Fatalf("%+v, settled %d times", up.asked, up.settled)
			}
			far := up.asked[0].FARs[1]
			if far.Action != pfcp.Forward || far.Outer.TEID != own.Local {
				t.Errorf("downlink: %+v", far)
			}
			if c.state == "idle" {
				if len(up.changed) != 1 || up.changed[0].FARs[0].Action != pfcp.Buffer|pfcp.NotifyCP {
					t.Errorf("a session that leads nowhere is not held: %+v", up.changed)
				}
				return
			}
			n.shards[0].take(input{smf: smf.Unkeep{At: func(a netip.Addr) bool { return a != far.Outer.Addr }}})
			if view, _ := n.shards[0].smf.Session(key); view.State != "active" || len(up.changed) != 0 {
				t.Errorf("another radio began anew, and it is %s", view.State)
			}
			n.shards[0].take(input{smf: smf.Unkeep{At: func(a netip.Addr) bool { return a == far.Outer.Addr }}})
			if view, _ := n.shards[0].smf.Session(key); view.State != "idle" || len(up.changed) != 1 {
				t.Errorf("its radio began anew, and it is %s", view.State)
			}
		})
	}
	n := stillWith(t, cfg, 1, &testStore{stored: map[ident.SUPI][]byte{}}, nil)
	n.endpoints = map[netip.Addr]string{}
	keep := n.mayKeep(&subscriber.Profile{})
	is := smf.Kept{SNSSAI: ident.SNSSAI{SST: 1, SD: ident.NoSD}, DNN: "internet"}
	far := netip.MustParseAddr("192.0.2.77")
	sealed := is
	sealed.Sealed = true
	if at := loopback(t, 10); !keep(is, at) || keep(is, far) || keep(sealed, at) {
		t.Error("what a session may go on by is not what the law says")
	}
}
