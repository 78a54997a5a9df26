package ran

import (
	"fmt"
	"net/netip"
	"sync"
	"time"
)

// takeStock writes down how things stand at the end of the load, before phones leave.
func (l *load) takeStock(s *Summary) {
	s.Radios, s.Phones = len(l.towers), len(l.phones)
	s.Registered, s.Sessions = int(l.registered.Load()), int(l.sessions.Load())
	s.Failed = map[string]int{}
	s.PhonesEchoed = l.echoing
	for _, t := range l.towers {
		if !t.radio.cell.Load().barred {
			s.RadiosUp++
		}
	}
	groups := map[*Group]*GroupSummary{}
	s.Groups = make([]GroupSummary, len(l.cfg.Groups))
	for i := range l.cfg.Groups {
		g := &l.cfg.Groups[i]
		s.Groups[i] = GroupSummary{Name: g.Name, Phones: g.Phones, On: map[string]int{}, Rejected: map[string]int{}}
		groups[g] = &s.Groups[i]
	}
	var mu sync.Mutex // guards s
	l.visit(l.phones, func(r *Radio, p *loadPhone) {
		status := p.ue.status(r)
		mu.Lock()
		defer mu.Unlock()
		if !p.attached {
			s.Failed[p.why()]++
		}
		groups[p.group].add(r, p, &status)
	}).Wait()
	for i := range s.Groups {
		s.Moves += s.Groups[i].Moves
		s.NoSuitableCell += s.Groups[i].NoSuitableCell
	}
}

// add counts one phone of the group.
func (g *GroupSummary) add(r *Radio, p *loadPhone, s *Status) {
	if p.registered {
		g.Registered++
		if !p.ue.searching {
			g.On[r.cfg.Name]++
		}
	}
	if p.ue.searching {
		g.NoSuitableCell++
	}
	for _, x := range s.Sessions {
		if x.Type != 0 {
			g.Sessions++
		}
	}
	if s.Echoed > 0 {
		g.PhonesEchoed++
	}
	g.PacketsSent += s.Sent
	g.PacketsEchoed += s.Echoed
	g.Moves += s.Moves
	for why, n := range s.Rejected {
		g.Rejected[why] += n
	}
}

// sumUp writes down what was counted, once the radios have ended.
func (l *load) sumUp(s *Summary) {
	var attach, rtt histogram
	s.Complaints = map[string]int{}
	for _, t := range l.towers {
		attach.merge(&t.attach)
		s.Reregistered += t.reregistered
		s.ServiceRequests += t.serviceRequests
		s.Reconnects += max(t.radio.starts-1, 0)
		for what, n := range t.radio.counts {
			s.Complaints[what] += n
		}
		if t.radio.n3 == nil {
			continue
		}
		c, h := t.radio.n3.traffic()
		rtt.merge(&h)
		s.PacketsSent += c.Sent
		s.PacketsEchoed += c.Echoed
		s.Corrupted += c.Corrupted
		s.Duplicated += c.Duplicated
		s.WrongTunnel += c.WrongTunnel
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
	sessions, flowing := 0, 0
	for _, g := range l.cfg.Groups {
		sessions += g.Phones * len(g.Phone.Sessions)
		if g.flows() {
			flowing += g.Phones
		}
	}
	n := len(l.phones)
	return s.Registered == n && s.Sessions == sessions && len(s.Failed) == 0 && s.Corrupted == 0 && s.WrongTunnel == 0 &&
		(!l.flowing || s.PhonesEchoed >= flowing) && (!l.cfg.Deregister || s.Deregistered == n)
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
