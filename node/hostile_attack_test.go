package node

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"cordon/amf"
	"cordon/ident"
	"cordon/ran"
	"cordon/upf"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// An attack is one case: a hostile radio b that is set up, besides the siege's other radio,
// which plays by the rules until its messages are tampered with.
type attack struct {
	*siege
	*testing.T
	b      *ran.RawRadio
	cfg    ran.RadioConfig // of b
	phones []*ran.UE       // of this case, to leave at its end
	before map[string]float64
}

// run makes one case of f.
func (x *siege) run(t *testing.T, name string, f func(*attack)) {
	t.Run(name, func(t *testing.T) {
		x.cases++
		a := &attack{siege: x, T: t, cfg: x.fresh.Radios[1]}
		a.cfg.Node.ID, a.cfg.Name = 0x4000+x.cases, "hostile"
		a.before = a.counts()
		a.b = a.associate()
		a.setup(a.b, a.cfg)
		defer a.end() // even of a case that gave up
		f(a)
	})
}

// end is the same for every case.
func (a *attack) end() {
	a.tamper.Store(nil)
	a.mu.Lock()
	a.heard = nil
	a.mu.Unlock()
	a.survives(a.T)
	a.b.Close()
	for _, u := range a.phones {
		a.leave(u)
	}
	a.settles(a.T)
}

// associate sets up an association and nothing more.
func (a *attack) associate() *ran.RawRadio {
	a.Helper()
	n2, err := a.cfg.Dial(a.Context())
	if err != nil {
		a.Fatal(err)
	}
	return ran.Raw(n2)
}

func (a *attack) setup(r *ran.RawRadio, cfg ran.RadioConfig) {
	a.Helper()
	if answer, err := r.Setup(a.Context(), cfg); err != nil || answer.Kind() != ngap.Successful {
		a.Fatalf("a hostile radio cannot even set up: %#v, %v", answer, err)
	}
}

// mallory is a subscriber with hostile intent on the other radio, registered, who leaves at the
// end of the case.
func (a *attack) mallory() *ran.UE {
	a.Helper()
	u := a.siege.phone(a.T, a.other)
	a.phones = append(a.phones, u)
	return u
}

// leave gets rid of a phone in whatever state it is.
func (a *attack) leave(u *ran.UE) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	u.Tamper(ctx, nil)
	s, _ := u.Status(ctx)
	d, err := a.Device(ctx, u.SUPI())
	switch {
	case err != nil: // gone
	case s.Connected && !d.Connected: // its radio does not know
		err = a.Deregister(ctx, u.SUPI())
	case s.State == ran.Registered:
		err = u.Deregister(ctx, true)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		a.Errorf("a phone cannot leave: %v", err)
	}
}

// tampers replaces what the other radio sends.
func (a *attack) tampers(f func(ngap.Message) []ngap.Message) { a.tamper.Store(&f) }

// within is a context for what is sure to come.
func (a *attack) within() context.Context {
	ctx, cancel := context.WithTimeout(a.Context(), patience)
	a.Cleanup(cancel)
	return ctx
}

// send is NGAP from b, on the stream it belongs to.
func (a *attack) send(m ngap.Message) {
	a.Helper()
	stream := uint16(0)
	if _, _, associated := ueIDs(m); associated {
		stream = 1
	}
	if err := a.b.Send(m, stream); err != nil && !a.b.Ended() {
		a.Fatalf("%T: %v", m, err)
	}
}

// octets are any from b.
func (a *attack) octets(b []byte) {
	a.Helper()
	if err := a.b.SendRaw(ran.Message{Stream: 0, PPID: ran.PPID, Data: b}); err != nil && !a.b.Ended() {
		a.Fatal(err)
	}
}

// arrives is NAS in an Initial UE Message from b.
func (a *attack) arrives(id ident.RANUENGAPID, pdu []byte) {
	a.Helper()
	if err := a.b.Initial(a.cfg, id, pdu); err != nil {
		a.Fatal(err)
	}
}

// says is NAS from b on a connection that it has.
func (a *attack) says(c ident.AMFUENGAPID, id ident.RANUENGAPID, pdu []byte) {
	a.send(&ngap.UplinkNASTransport{AMFUENGAPID: c, RANUENGAPID: id, NASPDU: pdu, UserLocation: a.place()})
}

// place is b's own cell.
func (a *attack) place() ngap.UserLocation {
	n := a.cfg.Node
	return ngap.UserLocation{Kind: ngap.AccessNR, PLMN: n.PLMN, Cell: uint64(n.ID)<<(36-n.Bits) | 1,
		TAI: ident.TAI{PLMN: n.PLMN, TAC: a.cfg.TACs[0]}}
}

// plain encodes NAS.
func (a *attack) plain(m nas.Message) []byte {
	a.Helper()
	b, err := nas.Append(nil, m)
	if err != nil {
		a.Fatal(err)
	}
	return b
}

// told waits for a NAS message of type M in clear on one of b's connections.
func told[M nas.Message](a *attack) (M, *ngap.DownlinkNASTransport) {
	a.Helper()
	var got M
	m, err := a.b.Await(a.within(), func(m ngap.Message) bool {
		down, ok := m.(*ngap.DownlinkNASTransport)
		if !ok {
			return false
		}
		n, _, err := nas.Parse(down.NASPDU)
		got, ok = n.(M)
		return err == nil && ok
	})
	if err != nil {
		a.Fatalf("waiting for %T: %v", got, err)
	}
	return got, m.(*ngap.DownlinkNASTransport)
}

// answered waits for an NGAP message of type M to b.
func answered[M ngap.Message](a *attack) M {
	a.Helper()
	m, err := ran.Expect[M](a.within(), a.b)
	if err != nil {
		a.Fatalf("waiting for %T: %v", m, err)
	}
	return m
}

// released waits for a connection of b's to be released, and confirms it.
func (a *attack) released(id ident.RANUENGAPID) {
	a.Helper()
	for {
		m := answered[*ngap.UEContextReleaseCommand](a)
		if m.UENGAPIDs.RAN == nil || *m.UENGAPIDs.RAN != id {
			continue
		}
		a.send(&ngap.UEContextReleaseComplete{AMFUENGAPID: m.UENGAPIDs.AMF, RANUENGAPID: id})
		return
	}
}

// silence is that the core says nothing to b for a moment.
func (a *attack) silence() {
	a.Helper()
	for _, m := range a.b.Heard(quiet) {
		msg, _ := ngap.Parse(m.Data)
		a.Errorf("the core answers with %T", msg)
	}
}

// counts are the core's counters, by name and label.
func (x *siege) counts() map[string]float64 {
	all := make(map[string]float64)
	for _, f := range x.Metrics() {
		for _, s := range f.Samples {
			name := strings.TrimSuffix(strings.TrimPrefix(f.Name, "cordon_"), "_total")
			for _, l := range s.Labels {
				name += " " + l.Value
			}
			all[name] += s.Value
		}
	}
	return all
}

// counted waits until a counter has gone up since the case began.
func (a *attack) counted(name string) {
	a.Helper()
	if !eventually(func() bool { return a.counts()[name] > a.before[name] }) {
		now := a.counts()
		var changed []string
		for _, k := range slices.Sorted(maps.Keys(now)) {
			if now[k] != a.before[k] {
				changed = append(changed, fmt.Sprintf("%s +%v", k, now[k]-a.before[k]))
			}
		}
		a.Fatalf("%q does not go up; what does: %s", name, strings.Join(changed, ", "))
	}
}

// finding waits until the operator was told of something, dropped until something was dropped.
func (a *attack) finding(k amf.FindingKind) { a.Helper(); a.counted("findings " + k.String()) }
func (a *attack) dropped(r amf.Reason)      { a.Helper(); a.counted("amf_drops " + r.String()) }
func (a *attack) packet(r upf.Reason)       { a.Helper(); a.counted("user_drops uplink " + r.String()) }

// hears waits for a message of type M to the other radio since the case began.
func hears[M ngap.Message](a *attack) (found M) {
	a.Helper()
	if !eventually(func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		for _, m := range a.siege.heard {
			if is, ok := m.(M); ok {
				found = is
				return true
			}
		}
		return false
	}) {
		a.Fatalf("waiting for %T", found)
	}
	return found
}
