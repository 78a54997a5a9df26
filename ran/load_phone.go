package ran

import (
	"context"
	"fmt"
	"math/bits"
	"net/netip"
	"time"

	"cordon/wire/nas"
)

// noted follows what happens to a phone, in the radio's loop.
func (g *group) noted(u *UE, n Note) {
	if int(u.index) < len(g.phones) {
		g.follow(&g.phones[u.index], n)
	}
	if g.notify != nil {
		g.notify(u, n)
	}
}

func (g *group) follow(p *loadPhone, n Note) {
	l := g.load
	switch n.Kind {
	case NoteRegistered:
		if !p.registered {
			p.registered = true
			l.registered.Add(1)
		}
		if p.gaveUp {
			p.gaveUp = false
			l.failed.Add(-1)
		}
		g.weigh(p)
	case NoteReregistering:
		g.reregistered++
		g.unregister(p)
	case NoteRegistrationFailed:
		if p.ue.phone.state == Deregistered {
			g.unregister(p)
		}
		if !p.ue.phone.wanted {
			g.giveUp(p)
		}
	case NoteSessionOpened:
		g.setOpen(p, p.open|1<<n.PSI)
		g.weigh(p)
		if l.traffic() && !g.leaving {
			if f := p.ue.flow(n.PSI); f != nil {
				g.radio.n3.start(f, n.Addr, l.cfg.Target, l.cfg.Payload)
			}
		}
	case NoteSessionFailed:
		g.giveUp(p) // the core said no; the phone does not ask again by itself
	case NoteSessionClosed:
		g.setOpen(p, p.open&^(1<<n.PSI))
		g.weigh(p)
		if n.Cause.SM == nas.SMCauseRegular && !g.leaving {
			p.ended = Failure{What: "session released by the core"}
			g.giveUp(p)
		}
	case NoteServiceRequested:
		g.serviceRequests++
	case NoteDeregistered:
		g.unregister(p)
		switch {
		case !g.leaving:
			g.giveUp(p) // the core's wish
		case !p.left:
			p.left = true
			l.deregistered.Add(1)
		}
	}
}

// giveUp has nobody wait for a phone that will not try again by itself.
func (g *group) giveUp(p *loadPhone) {
	if !p.gaveUp {
		p.gaveUp = true
		g.load.failed.Add(1)
	}
}

func (g *group) unregister(p *loadPhone) {
	if p.registered {
		p.registered = false
		g.load.registered.Add(-1)
	}
	g.setOpen(p, 0)
	g.weigh(p)
}

func (g *group) setOpen(p *loadPhone, open uint16) {
	g.load.sessions.Add(int64(bits.OnesCount16(open) - bits.OnesCount16(p.open)))
	p.open = open
}

// weigh decides whether a phone is attached, and when that came about.
func (g *group) weigh(p *loadPhone) {
	l := g.load
	now := p.registered && bits.OnesCount16(p.open) >= len(l.cfg.Phone.Sessions)
	if now == p.attached {
		return
	}
	p.attached = now
	if !now {
		l.attached.Add(-1)
		return
	}
	l.attached.Add(1)
	if !p.timed {
		p.timed = true
		at := time.Now()
		g.attach.add(at.Sub(p.started))
		l.lastAttach.Store(at.UnixNano())
	}
}

// takeStock writes down how things stand at the end of the load, before phones leave.
func (l *load) takeStock(s *Summary) {
	s.Radios, s.Phones = len(l.groups), l.cfg.Phones
	s.Registered, s.Sessions = int(l.registered.Load()), int(l.sessions.Load())
	s.Failed = map[string]int{}
	s.PhonesEchoed = l.echoing
	for _, g := range l.groups {
		_ = g.radio.do(context.Background(), func() {
			if g.radio.up {
				s.RadiosUp++
			}
			for i := range g.phones {
				if !g.phones[i].attached {
					s.Failed[g.phones[i].why()]++
				}
			}
		})
	}
}

// why is what to say of a phone that is not attached.
func (p *loadPhone) why() string {
	switch {
	case p.started.IsZero():
		return "not switched on"
	case p.ue.phone.failure.What != "":
		return p.ue.phone.failure.String()
	case p.ended.What != "":
		return p.ended.String()
	}
	return "still " + p.ue.phone.state.String()
}

// sumUp writes down what was counted, once the radios have ended.
func (l *load) sumUp(s *Summary) {
	var attach, rtt histogram
	s.Complaints = map[string]int{}
	for _, g := range l.groups {
		attach.merge(&g.attach)
		s.Reregistered += g.reregistered
		s.ServiceRequests += g.serviceRequests
		s.Reconnects += g.radio.starts - 1
		for what, n := range g.radio.counts {
			s.Complaints[what] += n
		}
		if g.radio.n3 == nil {
			continue
		}
		t, h := g.radio.n3.traffic()
		rtt.merge(&h)
		s.PacketsSent += t.Sent
		s.PacketsEchoed += t.Echoed
		s.Corrupted += t.Corrupted
		s.Duplicated += t.Duplicated
		s.WrongTunnel += t.WrongTunnel
	}
	s.P50AttachMS, s.P99AttachMS = ms(attach.quantile(0.5)), ms(attach.quantile(0.99))
	s.P50RTTMS, s.P99RTTMS = ms(rtt.quantile(0.5)), ms(rtt.quantile(0.99))
	if took := time.Duration(l.lastAttach.Load() - l.firstStart.Load()); took > 0 {
		s.AttachRate = float64(attach.n) / took.Seconds()
	}
	s.Deregistered = int(l.deregistered.Load())
	s.DurationS = time.Since(l.began).Seconds()
	s.OK = l.complete(s)
}

// complete reports whether all phones did all of it.
func (l *load) complete(s *Summary) bool {
	n := l.cfg.Phones
	return s.Registered == n && s.Sessions == n*len(l.cfg.Phone.Sessions) && len(s.Failed) == 0 &&
		s.Corrupted == 0 && s.WrongTunnel == 0 &&
		(!l.traffic() || s.PhonesEchoed == n) && (!l.cfg.Deregister || s.Deregistered == n)
}

func ms(d time.Duration) float64 { return float64(d.Round(time.Microsecond)) / 1e6 }

// Radios makes n radio configurations of one: identifiers count up, names get a number,
// makers alternate if there are several, N3 addresses follow one another.
func Radios(n int, first RadioConfig, makers ...Maker) []RadioConfig {
	all := make([]RadioConfig, n)
	addr := first.N3.Addr()
	for i := range all {
		c := first
		c.Node.ID += uint32(i)
		if n > 1 {
			c.Name = fmt.Sprintf("%s-%d", first.Name, i+1)
		}
		if len(makers) > 0 {
			c.Maker = makers[i%len(makers)]
		}
		if first.N3.IsValid() {
			c.N3 = netip.AddrPortFrom(addr, first.N3.Port())
			addr = addr.Next()
		}
		all[i] = c
	}
	return all
}
