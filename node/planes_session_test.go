package node

import (
	"errors"
	"net/netip"
	"testing"

	"cordon/ident"
	"cordon/n4"
	"cordon/smf"
	"cordon/wire/pfcp"
)

// willing is a user plane that does all that it is asked.
type willing struct{}

func (willing) Establish(pfcp.Establishment) (pfcp.Established, error) {
	return pfcp.Established{Cause: pfcp.CauseAccepted}, nil
}
func (willing) Modify(pfcp.Modification) (pfcp.Modified, error) {
	return pfcp.Modified{Cause: pfcp.CauseAccepted}, nil
}
func (willing) Delete(pfcp.Deletion) (pfcp.Deleted, error) {
	return pfcp.Deleted{Cause: pfcp.CauseAccepted}, nil
}

// unreached has every request to other sites answered with err.
func unreached(t *testing.T, p *planes, err error) {
	c := &controlN4{planes: p, ctx: t.Context(), asked: map[uint64]chan n4.Answer{}, loop: &n4Loop{inbox: make(chan n4.Event)}}
	p.n4 = c
	go func() {
		for {
			select {
			case ev := <-c.loop.inbox:
				c.perform(n4.Answer{ID: ev.(n4.Request).ID, Err: err})
			case <-t.Context().Done():
				return
			}
		}
	}()
}

// TestDeferred: a user plane that is away is told later where packets go. What may pass is not as it is to be until
// the user plane has said so, be it the anchor or one between with networks of its site.
func TestDeferred(t *testing.T) {
	site := &planeSite{cfg: UserPlaneConfig{Element: "upf-mill",
		Local: []LocalConfig{{Network: "internet", To: []netip.Prefix{netip.MustParsePrefix("198.51.100.7/32")}}}}}
	const ruleDown = pfcp.FARID(2)
	path := pfcp.Modification{SEID: 7, FARs: []pfcp.FAR{{ID: ruleDown, Action: pfcp.Forward}}}
	seal := pfcp.Modification{SEID: 7, PDRs: []pfcp.PDR{{ID: 1}, {ID: 2}}}
	for _, c := range []struct {
		name        string
		anchor, via *planeSite
		ask         pfcp.Modification
		err, want   error
	}{
		{"the path to an anchor that is away", site, nil, path, n4.ErrDeferred, nil},
		{"what passes an anchor that is away", site, nil, seal, n4.ErrDeferred, smf.ErrDeferred},
		{"the path by one between that is away", nil, site, path, n4.ErrDeferred, nil},
		{"what passes one between that is away", nil, site, seal, n4.ErrDeferred, smf.ErrDeferred},
		{"what passes the anchor here", nil, nil, seal, n4.ErrDeferred, nil},
		{"the path to an anchor that has lost the session", site, nil, path, n4.ErrLost, n4.ErrLost},
		{"what passes an anchor that does not answer", site, nil, seal, n4.ErrNoAnswer, n4.ErrNoAnswer},
	} {
		p := newPlanes(willing{}, nil)
		p.n = still(t, 1, &testStore{})
		p.names[7] = &course{name: 7, seid: 70, anchor: c.anchor, via: c.via, viaSEID: ident.SEID(71), place: place{dnn: "internet"},
			rules: pfcp.Establishment{FARs: []pfcp.FAR{{ID: 1}, {ID: ruleDown}}}}
		unreached(t, p, c.err)
		answer, err := p.modify(c.ask)
		if !errors.Is(err, c.want) || c.want == nil && answer.Cause != pfcp.CauseAccepted {
			t.Errorf("%s: %v, %v", c.name, answer.Cause, err)
		}
	}
}
