package node

import "cordon/console"

// status is how the user planes at other sites are, in the order of the configuration.
func (p *planes) status() []console.UserPlane {
	list := make([]console.UserPlane, len(p.sites))
	at := make(map[*planeSite]*console.UserPlane, len(p.sites))
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, s := range p.sites {
		list[i] = console.UserPlane{Element: s.cfg.Element, Up: s.up, Since: s.since, Refuses: s.refuses, Barred: s.barred, Load: int(s.load)}
		at[s] = &list[i]
	}
	for _, c := range p.courses {
		if c.anchor != nil && c.seid != 0 {
			at[c.anchor].Sessions++
		}
		if c.via != nil {
			at[c.via].Sessions++
		}
	}
	return list
}
