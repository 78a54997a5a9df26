package node

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
	"time"

	"cordon/evidence"
	"cordon/ident"
	"cordon/ran"
	"cordon/trust"
	"cordon/wire/ngap"
)

// graveLimit is at how many of a grave finding "contain" refuses.
const graveLimit = 3

// entry is the book's of so many findings of a kind against an element, once they are there.
func (l *land) entry(element, kind string, count uint64) (e trust.Entry) {
	l.Helper()
	l.eventually(kind+" is found", func() bool {
		for _, e = range findings(l, element) {
			if e.Kind == kind && e.Count >= count {
				return true
			}
		}
		return false
	})
	return e
}

// theft is a radio that names connections of another.
type theft struct {
	*land
	radio  *ran.RawRadio
	cfg    ran.RadioConfig
	victim ran.Status
	before map[int]netip.Addr
	said   []byte // first
}

// inTheft starts a core with phones on the hill, and a thief for whom the port's record is.
func inTheft(t *testing.T) *theft {
	x := &theft{land: inLand(t, "", contained)}
	x.cfg = x.load.Radios[port]
	x.load.Radios = x.load.Radios[:port]
	x.begin(x.group("public", 3, hill))
	x.on("public", hill)
	x.before = x.addresses("public")
	var err error
	x.victim, err = x.live.Phone("public", 0).Status(x.soon())
	x.must(err)
	x.radio = x.raw()
	x.accepted(x.radio, x.cfg)
	return x
}

// steal has the thief say something of the victim's connection until that has been found so often.
func (x *theft) steal(kind string, times int, say func(ident.RANUENGAPID, ngap.UserLocation) ngap.Message) {
	x.Helper()
	place := ngap.UserLocation{Kind: ngap.AccessNR, PLMN: x.cfg.Node.PLMN, Cell: uint64(x.cfg.Node.ID)<<12 | 1, TAI: ident.TAI{PLMN: x.cfg.Node.PLMN, TAC: 3}}
	for i := range times {
		m := say(ident.RANUENGAPID(1000+i), place)
		if i == 0 {
			var err error
			x.said, err = ngap.Append(nil, m)
			x.must(err)
		}
		x.must(x.radio.Send(m, 1))
		_, err := x.radio.Await(x.soon(), func(m ngap.Message) bool {
			switch m.(type) {
			case *ngap.ErrorIndication, *ngap.PathSwitchRequestFailure:
				return true
			}
			return false
		})
		x.must(err)
		if e := x.entry("port", kind, uint64(i+1)); e.Count != uint64(i+1) || !bytes.Equal(e.FirstBytes, x.said) {
			x.Errorf("the finding is %+v", e)
		}
	}
}

// shows wants evidence of the theft, with nothing in it that could name a subscriber.
func (x *theft) shows(kind string) {
	x.Helper()
	e := x.tells(evidence.Entry{Kind: evidence.Finding, Act: kind, Element: "port"})[0]
	if detail(e, "octets_digest") != x.Ledger.Digest(x.said) || detail(e, "node") != x.cfg.Node.String() || !strings.Contains(e.Why, "hill") {
		x.Errorf("%+v", e)
	}
}

// TestFindingsOfTheft: a radio that takes another's connections for its own gets none, is found with the octets that
// show it, is refused when it does so again and again, and serves again once an operator has looked.
func TestFindingsOfTheft(t *testing.T) {
	for name, say := range map[string]func(ident.AMFUENGAPID, ident.RANUENGAPID, ngap.UserLocation) ngap.Message{
		"uplink": func(c ident.AMFUENGAPID, r ident.RANUENGAPID, at ngap.UserLocation) ngap.Message {
			return &ngap.UplinkNASTransport{AMFUENGAPID: c, RANUENGAPID: r, NASPDU: []byte{0x7e, 0, 0x45}, UserLocation: at}
		},
		"release": func(c ident.AMFUENGAPID, r ident.RANUENGAPID, _ ngap.UserLocation) ngap.Message {
			return &ngap.UEContextReleaseRequest{AMFUENGAPID: c, RANUENGAPID: r, Cause: ngap.CauseRadioUnspecified}
		},
	} {
		t.Run(name, func(t *testing.T) {
			x := inTheft(t)
			defer x.audit()
			x.steal("stolen connection", graveLimit, func(r ident.RANUENGAPID, at ngap.UserLocation) ngap.Message { return say(x.victim.AMF, r, at) })
			x.eventually("the thief is out of service", x.radio.Ended)
			if f := x.refused(x.raw(), x.cfg); f.Cause != ngap.CauseMiscUnspecified {
				t.Errorf("%v", f.Cause)
			}
			x.on("public", hill)
			x.same("public", x.before)
			x.must(x.ClearFindings(t.Context(), x.who, "port"))
			x.eventually("it may serve again", func() bool { return x.state(port).Act == "allow" })
			x.accepted(x.raw(), x.cfg)
			x.shows("stolen connection")
			x.tells(evidence.Entry{Kind: evidence.Snapshot, Why: "findings"},
				evidence.Entry{Kind: evidence.Verdict, Act: "refuse", Gate: "n2", Element: "port", Rules: []string{"CONTAIN-16"}},
				evidence.Entry{Kind: evidence.Cut, Act: "drained", Element: "port"},
				x.by(evidence.Act, "clear findings", "port"))
		})
	}
}

// TestFindingsOfPathSwitch: a path switch for another's connection gets nothing and is found; but a hostile radio can
// bring it about by handing its devices over, so that nobody is taken out of service for it.
func TestFindingsOfPathSwitch(t *testing.T) {
	x := inTheft(t)
	defer x.audit()
	x.steal("path switch", 2*graveLimit, func(r ident.RANUENGAPID, at ngap.UserLocation) ngap.Message {
		return &ngap.PathSwitchRequest{SourceAMFUENGAPID: x.victim.AMF, RANUENGAPID: r, UserLocation: at, Switch: []ngap.PDUSessionTransfer{{ID: 1, Transfer: []byte{0}}}}
	})
	x.followFindings(time.Now())
	if st := x.state(port); st.Act != "allow" || st.State != "connected" {
		t.Errorf("it is %+v", st)
	}
	x.on("public", hill)
	x.same("public", x.before)
	x.shows("path switch")
}

// TestFindingsOfTunnels: a radio that names tunnel endpoints that are not its own gets no downlink there, is found, and
// is refused when it does so again and again.
func TestFindingsOfTunnels(t *testing.T) {
	l := inLand(t, "", contained)
	defer l.audit()
	elsewhere := l.load.Radios[port].N3.Addr()
	l.load.Radios[hill].Tamper = func(m ngap.Message) []ngap.Message {
		if set, ok := m.(*ngap.PDUSessionResourceSetupResponse); ok && len(set.Setup) > 0 {
			t, _ := ngap.ParseTransfer[ngap.PDUSessionResourceSetupResponseTransfer](set.Setup[0].Transfer)
			t.DL.Tunnel.Addr = elsewhere
			set.Setup[0].Transfer, _ = ngap.AppendTransfer(nil, t)
		}
		return []ngap.Message{m}
	}
	l.begin(l.group("public", graveLimit, hill, mill), l.group("others", 2, mill))
	l.on("others", mill)
	e := l.entry("hill", "foreign tunnel endpoint", 1)
	if len(e.FirstBytes) == 0 {
		t.Errorf("the finding is %+v", e)
	}
	l.is(hill, "absent")
	l.on("public", mill)
	l.on("others", mill)
	l.tells(evidence.Entry{Kind: evidence.Finding, Act: "foreign tunnel endpoint", Element: "hill"},
		evidence.Entry{Kind: evidence.Verdict, Act: "refuse", Gate: "n2", Element: "hill", Rules: []string{"CONTAIN-16"}},
		evidence.Entry{Kind: evidence.Cut, Act: "drained", Element: "hill"})
}

// changesIdentity has a radio present another identity than the one that it is set up with.
func (l *land) changesIdentity(r *ran.RawRadio, to ident.RANNode) {
	l.Helper()
	l.must(r.Send(&ngap.RANConfigurationUpdate{GlobalRANNodeID: &to}, 0))
	if _, err := ran.Expect[*ngap.RANConfigurationUpdateFailure](l.soon(), r); err != nil {
		l.Fatal(err)
	}
}
