package ran

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cordon/ident"
	"cordon/wire/ngap"
)

// lost is the end of the association, or an attempt that came to none. Phones lose their
// connection; what they had registered stays with them.
func (r *Radio) lost(err error) {
	wasUp := r.up
	r.link, r.up, r.backlog = nil, false, nil
	r.overload, r.proposed = overload{}, nil
	r.timers.Stop(timerKey{ue: radioItself, timer: timerSetup})
	r.announce()
	if !r.cfg.KeepTunnels || r.off {
		r.dropAll()
	}
	r.announced()
	if wasUp {
		r.count("association lost")
	}
	never := r.starts == 0 && r.opening != nil
	r.lastErr = err
	if r.off {
		return
	}
	if !r.cfg.Reconnect || never { // what has never stood is not set up again
		r.opened(fmt.Errorf("setting up the association: %w", err))
		return
	}
	retry := r.cfg.RetryAfter
	if retry == 0 {
		retry = defaultRetry
	}
	r.timers.Start(timerKey{ue: radioItself, timer: timerDial}, r.now.Add(retry))
}

// present sends NG Setup (TS 38.413 §8.7.1).
func (r *Radio) present() {
	if r.link == nil {
		return
	}
	r.send(r.setupRequest(), 0)
	r.timers.Start(timerKey{ue: radioItself, timer: timerSetup}, r.now.Add(setupGuard))
}

func (r *Radio) setupRequest() *ngap.NGSetupRequest {
	return &ngap.NGSetupRequest{
		GlobalRANNodeID:  r.cfg.Node,
		RANNodeName:      r.cfg.Name,
		SupportedTAs:     r.areas(&proposal{r.cfg.TACs, r.cfg.Slices}),
		DefaultPagingDRX: ngap.PagingDRX128,
	}
}

func (r *Radio) areas(p *proposal) []ngap.SupportedTA {
	var tas []ngap.SupportedTA
	for _, tac := range p.tacs {
		tas = append(tas, ngap.SupportedTA{TAC: tac, PLMNs: []ngap.PLMNSupport{{PLMN: r.cfg.Node.PLMN, Slices: p.slices}}})
	}
	return tas
}

func (r *Radio) accepted(m *ngap.NGSetupResponse) {
	if r.up {
		r.count("unexpected NG Setup Response")
		return
	}
	r.timers.Stop(timerKey{ue: radioItself, timer: timerSetup})
	r.up, r.amf, r.refusals = true, *m, 0
	r.dropAll() // those that were kept
	r.opened(nil)
	r.announced()
}

// refused waits as long as it is told and tries again, or gives up.
func (r *Radio) refused(m *ngap.NGSetupFailure) {
	r.count("NG Setup Failure: " + m.Cause.String())
	r.lastErr = Refused{m.Cause}
	r.refusals++
	defer r.news()
	key := timerKey{ue: radioItself, timer: timerSetup}
	if m.TimeToWait == nil || r.opening != nil && lasting(m.Cause) {
		r.timers.Stop(key)
		if r.opening == nil && r.cfg.RetryRefused > 0 {
			r.timers.Start(key, r.now.Add(r.cfg.RetryRefused))
		}
		r.opened(Refused{m.Cause})
		return
	}
	waits := [...]time.Duration{1, 2, 5, 10, 20, 60}
	if int(*m.TimeToWait) >= len(waits) {
		r.count("TimeToWait that does not exist")
		return
	}
	wait := waits[*m.TimeToWait] * time.Second
	if r.cfg.MaxWait > 0 {
		wait = min(wait, r.cfg.MaxWait)
	}
	r.timers.Start(key, r.now.Add(wait))
}

// lasting reports whether a refusal is about what the radio is, so that waiting is in vain.
func lasting(c ngap.Cause) bool {
	return c == ngap.CauseMiscUnknownPLMNOrSNPN || c == ngap.CauseRadioSliceNotSupported
}

// opened tells Open how it went, the first time.
func (r *Radio) opened(err error) {
	if r.opening != nil {
		r.opening <- err
		r.opening = nil
	}
}

// Up reports whether the core has accepted the radio and the association stands.
func (r *Radio) Up(ctx context.Context) (up bool, err error) {
	err = r.do(ctx, func() { up = r.up })
	return up, err
}

// proposal is a configuration that the core has not accepted yet.
type proposal struct {
	tacs   []ident.TAC
	slices []ident.SNSSAI
}

// updated is the core's answer to a RAN Configuration Update.
func (r *Radio) updated(accepted bool) {
	if p := r.proposed; p != nil && accepted {
		r.cfg.TACs, r.cfg.Slices = p.tacs, p.slices
		r.announced()
	}
	r.proposed = nil
}

// Update sends a RAN Configuration Update with what has changed and gives the core's
// answer. What is nil or empty stands as it was; so does all where the core refuses.
func (r *Radio) Update(ctx context.Context, name string, tacs []ident.TAC, nssai []ident.SNSSAI) (ngap.Message, error) {
	return r.ask(ctx, func() {
		m := &ngap.RANConfigurationUpdate{RANNodeName: name}
		if tacs != nil || nssai != nil {
			p := &proposal{r.cfg.TACs, r.cfg.Slices}
			if tacs != nil {
				p.tacs = tacs
			}
			if nssai != nil {
				p.slices = nssai
			}
			r.proposed = p
			m.SupportedTAs = r.areas(p)
		}
		r.send(m, 0)
	}, func(m ngap.Message) bool {
		return m.Procedure() == ngap.ProcRANConfigurationUpdate && m.Kind() != ngap.Initiating
	})
}

// Reset sends an NG Reset for the phones named, or for all when none is, drops their
// connections, and gives the core's acknowledgement.
func (r *Radio) Reset(ctx context.Context, phones ...*UE) (*ngap.NGResetAcknowledge, error) {
	m, err := r.ask(ctx, func() {
		reset := &ngap.NGReset{Cause: ngap.CauseRadioUnspecified}
		hit := r.ues
		if len(phones) > 0 {
			hit = phones
		}
		for _, u := range hit {
			if u == nil || u.radio.Load() != r || !u.connected {
				continue
			}
			if len(phones) > 0 {
				ran := u.ranID()
				c := ngap.NGConnection{RAN: &ran}
				if amf := u.amf; u.hasAMF {
					c.AMF = &amf
				}
				reset.ResetType.Part = append(reset.ResetType.Part, c)
			}
		}
		r.send(reset, 0)
		for _, u := range slices.Clone(hit) {
			if u != nil && u.radio.Load() == r {
				r.drop(u)
			}
		}
	}, func(m ngap.Message) bool {
		return m.Procedure() == ngap.ProcNGReset && m.Kind() == ngap.Successful
	})
	if err != nil {
		return nil, err
	}
	return m.(*ngap.NGResetAcknowledge), nil
}

// Break aborts the association, as a cut cable or a crash would.
func (r *Radio) Break(ctx context.Context) error {
	return r.do(ctx, func() {
		if r.link != nil {
			r.link.n2.Abort()
		}
	})
}

// dropAll ends the connections of all its phones.
func (r *Radio) dropAll() {
	for i := 0; i < len(r.ues); i++ { // they may move away
		if u := r.ues[i]; u != nil {
			r.drop(u)
		}
	}
}

// wasReset is an NG Reset from the core (TS 38.413 §8.7.4.2.2).
func (r *Radio) wasReset(m *ngap.NGReset) {
	ack := &ngap.NGResetAcknowledge{}
	if len(m.ResetType.Part) == 0 {
		r.dropAll()
	}
	for _, c := range m.ResetType.Part {
		ack.Connections = append(ack.Connections, c)
		if c.RAN != nil {
			if u := r.find(*c.RAN); u != nil {
				r.drop(u)
			}
		} else if u := r.findAMF(c.AMF); u != nil {
			r.drop(u)
		}
	}
	r.send(ack, 0)
}
