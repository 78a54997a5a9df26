package smf

import "cordon/wire/pfcp"

// restore brings a device's sessions back: each asks for its addresses again and then
// for the user plane's rules. One that the user plane still has goes on as it was, the others are idle. What cannot be
// had again is gone, and the device learns of it by the status of its sessions.
func (m *SMF) restore(ev Restored) {
	for b := ev.Blob; len(b) > 0; {
		s, rest, err := parseSaved(b)
		if err != nil {
			m.drop(Key{SUPI: ev.SUPI}, ReasonSaved)
			return
		}
		b = rest
		s.key.SUPI = ev.SUPI
		s.settings = ev.Settings(s.snssai, s.dnn)
		n, served := m.cfg.Networks[s.dnn]
		want := s.restored.addr
		if !served || s.settings == nil || m.sessions[s.key] != nil || n.Ethernet != s.restored.frames || want.versions()&^s.settings.Of(n.IP) != 0 {
			m.drop(s.key, ReasonSaved)
			m.emit(Ended{s.key})
			continue
		}
		is := Kept{Key: s.key, SNSSAI: s.snssai, DNN: s.dnn, Sealed: s.sealed}
		if r := s.restored; r.remote.Addr.IsValid() && (ev.Keep == nil || !ev.Keep(is, r.remote.Addr)) {
			r.remote = pfcp.OuterHeader{}
		}
		m.gen++
		s.gen, s.seid = m.gen, m.drawSEID()
		m.sessions[s.key], m.seids[s.seid] = &s, s.key
		if s.frames = s.restored.frames; s.frames {
			m.askRules(&s)
			continue
		}
		m.emit(NeedAddress{Key: s.key, Gen: s.gen, DNN: s.dnn, Slice: s.snssai, IP: want.versions(), Want: want.public()})
	}
}

// adopted goes on with a session from before a restart. Where the user plane has given it another endpoint, it
// had nothing to take over: the radio's tunnel leads nowhere, and the session is idle.
func (m *SMF) adopted(s *session) {
	was := s.restored
	s.restored = nil
	s.state = stateIdle
	switch {
	case !was.remote.Addr.IsValid():
	case s.local != was.local || was.up == 0:
		m.hold(s)
	default:
		s.state, s.remote = stateActive, was.remote
		if len(m.kept) == 0 {
			m.timers.Start(timerKey{kind: timerKept}, m.now.Add(tKept))
		}
		m.kept[s.remote.Addr] = append(m.kept[s.remote.Addr], s.key)
	}
	if s.lasting() != *was {
		m.emit(Save{s.key.SUPI})
	}
}

// unkeep ends what a restart has left as it was, at the latest when its radio has had the time to come back. Of sessions that
// became active in this life the AMF knows which radio they are on, and says that it is gone.
func (m *SMF) unkeep(ev Unkeep) {
	for addr, keys := range m.kept {
		if !ev.At(addr) {
			continue
		}
		delete(m.kept, addr)
		for _, k := range keys {
			if s := m.sessions[k]; s != nil && s.state == stateActive && s.radio == 0 && s.remote.Addr == addr {
				m.hold(s)
				s.state = stateIdle
				m.emit(Save{k.SUPI})
			}
		}
	}
	if len(m.kept) == 0 {
		m.timers.Stop(timerKey{kind: timerKept})
	}
}
