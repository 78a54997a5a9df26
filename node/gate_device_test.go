package node

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	"cordon/evidence"
	"cordon/ran"
)

// noSuitable is what a phone is told that looks elsewhere then.
const noSuitable = "no suitable cells in tracking area"

// rejected counts what a phone was told with such a cause.
func rejected(s ran.Status, cause string) (n int) {
	for why, times := range s.Rejected {
		if strings.Contains(why, cause) {
			n += times
		}
	}
	return n
}

// TestGateDevice: who is protected is not served in the cell of a radio that is not trusted, and is in another
// tracking area; who is not stays. It is refused once and does not come back.
func TestGateDevice(t *testing.T) {
	l := inLand(t, rule("OWN-1", at(hill), away))
	defer l.audit()
	l.begin(l.group("public", 5, hill, mill), l.group("protected", 5, hill, mill))
	l.on("public", hill)
	l.on("protected", mill)
	for _, s := range l.live.Phones() {
		want := 0
		if s.Group == "protected" {
			want = 1
		}
		if n := rejected(s.Status, noSuitable); n != want {
			t.Errorf("%s phone %d was refused: %v", s.Group, s.Number, s.Rejected)
		}
	}
	pseudonym := l.Ledger.Pseudonym("imsi-" + l.live.Phone("protected", 0).SUPI().IMSI())
	e := l.tells(evidence.Entry{Kind: evidence.Verdict, Act: "restrict", Gate: "n2", Element: "hill", Rules: []string{"OWN-1"}},
		evidence.Entry{Kind: evidence.Verdict, Act: "refuse", Gate: "device", Element: "hill", Rules: []string{"OWN-1"}, Subject: pseudonym})[1]
	if e.Why == "" || detail(e, "tac") == "" {
		t.Errorf("the verdict is %+v", e)
	}
}

// TestGateDeviceNowhere: where no radio may serve them, phones wait and leave the network alone; when one may
// again, those that look for it come back.
func TestGateDeviceNowhere(t *testing.T) {
	l := inLand(t, rule("OWN-1", at(hill), away)+rule("OWN-2", at(mill), away))
	defer l.audit()
	patient, eager := l.group("protected", 5, hill, mill), l.group("protected too", 1, hill, mill)
	patient.Phone.Timers.Forbidden = time.Hour
	eager.Phone.Timers.Forbidden = 2 * time.Second
	l.begin(patient, eager)
	l.on("protected") // none
	refusals := func() (n int) {
		for _, s := range l.live.Phones() {
			if s.Group == "protected" {
				n += rejected(s.Status, noSuitable)
			}
		}
		return n
	}
	l.on("protected too")
	before := refusals()
	time.Sleep(10 * patient.Phone.Timers.Search) // in which who hammers would be refused
	if n := refusals() - before; n != 0 {
		t.Errorf("phones that wait have asked %d times", n)
	}
	for _, s := range l.live.Phones() {
		if n := rejected(s.Status, noSuitable); s.Group == "protected" && (n < 1 || n > 2) || len(s.Forbidden) == 0 {
			t.Errorf("phone %d was refused %d times and avoids %v", s.Number, n, s.Forbidden)
		}
	}
	l.amend(rule("OWN-2", at(mill), away))
	l.on("protected too", hill)
	l.tells(evidence.Entry{Kind: evidence.Verdict, Act: "refuse", Gate: "device", Element: "hill"}, l.by(evidence.Act, "reload", ""))
}

// TestGateDeviceService: a phone that was idle when the law changed is refused when it asks for service, stays
// registered, and is served by the next radio.
func TestGateDeviceService(t *testing.T) {
	l := inLand(t, "")
	defer l.audit()
	quiet := l.group("protected quietly", 1, hill, mill)
	quiet.Target = netip.AddrPort{}
	l.begin(quiet)
	l.on("protected quietly", hill)
	u := l.live.Phone("protected quietly", 0)
	l.must(u.Idle(l.soon()))
	before, err := u.Status(l.soon())
	l.must(err)
	l.amend(rule("OWN-1", at(hill), away))
	if s, _ := u.Status(l.soon()); s.Connected || s.State != ran.Registered {
		t.Errorf("the law wakes an idle phone: %+v", s)
	}
	u.Service(l.soon()) // which is refused
	l.on("protected quietly", mill)
	l.must(u.Echo(l.soon(), 1, testEcho))
	after, err := u.Status(l.soon())
	l.must(err)
	if after.Sessions[0].Addr != before.Sessions[0].Addr || rejected(after, noSuitable) != 1 {
		t.Errorf("before %+v, after %+v", before, after)
	}
	l.tells(l.by(evidence.Act, "reload", ""), evidence.Entry{Kind: evidence.Verdict, Act: "refuse", Gate: "device", Element: "hill", Rules: []string{"OWN-1"}})
}

// TestGateDeviceClassed: a subscriber who is made protected while it is served leaves a radio that may not serve it, with
// its address.
func TestGateDeviceClassed(t *testing.T) {
	l := inLand(t, rule("OWN-1", at(hill), away))
	defer l.audit()
	l.begin(l.group("public", 2, hill, mill))
	l.on("public", hill)
	u := l.live.Phone("public", 0)
	before, err := u.Status(l.soon())
	l.must(err)
	l.must(l.Store.SetProtected(u.SUPI(), true))
	l.must(l.SubscriberChanged(l.soon(), u.SUPI()))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	l.must(l.live.Await(ctx, func(all []ran.Sighting) bool {
		return all[0].Radio == mill && all[0].Why == "" && all[0].Echoed > before.Echoed && all[1].Radio == hill
	}))
	if after, _ := u.Status(l.soon()); after.Sessions[0].Addr != before.Sessions[0].Addr {
		t.Errorf("before %+v, after %+v", before.Sessions, after.Sessions)
	}
	l.tells(evidence.Entry{Kind: evidence.Verdict, Act: "refuse", Gate: "device", Element: "hill", Rules: []string{"OWN-1"}})
}
