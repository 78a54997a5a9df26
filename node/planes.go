package node

import (
	"cmp"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"time"

	"cordon/amf"
	"cordon/ident"
	"cordon/rules"
	"cordon/smf"
	"cordon/transport/wireguard"
	"cordon/wire/pfcp"
)

// planes are all user planes of the network as one: the one in this process, and those at other sites. A session ends
// at its anchor, by which its data network knows it. A user plane at the site of the device's radio comes between where
// there is one: it classifies uplink (TS 23.501 §5.6.4.2), leads what is for networks of the site there, and the rest to
// the anchor over N9. The SMF knows a session by one name and sees one user plane.
type planes struct {
	n      *Node
	own    UserPlane
	n4     *controlN4
	n9     netip.Addr        // where this process's user plane is reached over N9, in the tunnel; not valid: where radios reach it
	tunnel *wireguard.Tunnel // nil where N4 and N9 go as the host protects them
	sites  []*planeSite

	mu      sync.Mutex             // guards what follows and the changing part of sites
	courses map[ident.SEID]*course // by the SMF's name
	names   map[ident.SEID]*course // by the name that the SMF was told
	lanes   map[smf.Key][]func()   // what is to be done for a session, in order
}

// planeSite is a user plane at another site.
type planeSite struct {
	cfg    UserPlaneConfig
	up     bool
	barred bool // the N4 gate refuses it
	judged bool
	load   uint8 // 0 to 100
	since  time.Time
	word   word // what it says of radios
	// refuses: it answers, and wants no association. The operator has been told.
	refuses bool
}

// course is the way of one session. Its lane alone changes it, under planes.mu.
type course struct {
	key      smf.Key
	name     ident.SEID // what the SMF was told
	anchor   *planeSite // nil: this process
	seid     ident.SEID // the anchor's, 0 if that has lost the session
	local    pfcp.FTEID // the anchor's, for uplink
	rules    pfcp.Establishment
	place    place
	via      *planeSite // nil: none is between
	viaSEID  ident.SEID
	viaLocal pfcp.FTEID // for the radio
	viaCore  pfcp.FTEID // for the anchor
	tally    tally      // of what via says
}

// place is what the choice of a session's user planes depends on.
type place struct {
	radio     amf.RadioID
	node      ident.RANNode
	site      string
	protected bool
	sealed    bool
	slice     ident.SNSSAI
	dnn       ident.DNN
}

func newPlanes(own UserPlane, list []UserPlaneConfig) *planes {
	p := &planes{own: own, courses: map[ident.SEID]*course{}, names: map[ident.SEID]*course{}, lanes: map[smf.Key][]func(){}}
	for _, c := range list {
		p.sites = append(p.sites, &planeSite{cfg: c})
	}
	return p
}

// of is the user plane of that name on N4, nil if there is none.
func (p *planes) of(node pfcp.NodeID) *planeSite {
	for _, s := range p.sites {
		if s.cfg.node() == node {
			return s
		}
	}
	return nil
}

func (p *planes) name(node pfcp.NodeID) string {
	if s := p.of(node); s != nil {
		return s.cfg.Element
	}
	return node.String()
}

// in has f run after all that was to be done for the session before, and not on the caller's goroutine: another site
// may take seconds to answer.
func (p *planes) in(k smf.Key, f func()) {
	p.mu.Lock()
	queue, busy := p.lanes[k]
	p.lanes[k] = append(queue, f)
	p.mu.Unlock()
	if busy {
		return
	}
	go func() {
		for {
			p.mu.Lock()
			if len(p.lanes[k]) == 0 {
				delete(p.lanes, k)
				p.mu.Unlock()
				return
			}
			next := p.lanes[k][0]
			p.lanes[k] = p.lanes[k][1:]
			p.mu.Unlock()
			next()
		}
	}()
}

// candidate is a user plane as a choice sees it.
type candidate struct {
	site *planeSite
	at   string // where it stands, by its record
	load uint8
}

// between chooses the user plane that comes between a radio and the anchor: one at the radio's site that serves the data
// network and the slice, the least busy of several; nil where there is none.
func between(of []candidate, where place) *planeSite {
	of = slices.DeleteFunc(of, func(c candidate) bool {
		return where.site == "" || c.at != where.site || !serves(c.site.cfg.Networks, where.dnn) || !serves(c.site.cfg.Slices, where.slice)
	})
	return leastBusy(of)
}

// serves reports whether a list that stands for all where it is empty has v.
func serves[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }

// anchors chooses the user plane at which a session of a data network ends, of those that are configured for it: at the
// radio's site before elsewhere, and the least busy.
func anchors(of []candidate, where place) *planeSite {
	of = slices.DeleteFunc(of, func(c candidate) bool {
		return !slices.Contains(c.site.cfg.Anchors, where.dnn) || !serves(c.site.cfg.Slices, where.slice)
	})
	if near := slices.DeleteFunc(slices.Clone(of), func(c candidate) bool { return c.at != where.site }); len(near) > 0 {
		of = near
	}
	return leastBusy(of)
}

func leastBusy(of []candidate) *planeSite {
	if len(of) == 0 {
		return nil
	}
	return slices.MinFunc(of, func(a, b candidate) int { return cmp.Compare(a.load, b.load) }).site
}

// candidates are the user planes that answer and that rules let have a session.
func (p *planes) candidates(where place) (list []candidate) {
	law := p.n.law.now.Load()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.sites {
		record := law.Element(s.cfg.Element)
		if !s.up || s.barred || record == nil || !p.mayCarry(law, s, where) {
			continue
		}
		list = append(list, candidate{site: s, at: record.Site, load: s.load})
	}
	return list
}

// mayCarry asks the session gate whether a session may go by a user plane. What would be sealed because of it goes
// another way instead.
func (p *planes) mayCarry(law *rules.Snapshot, s *planeSite, where place) bool {
	v := rules.Decide(law, rules.Question{
		Gate: rules.GateSession, Node: where.node, Protected: where.protected, DNN: where.dnn, Slice: where.slice, UserPlane: s.cfg.Element,
	})
	return v.Act != rules.Refuse && (where.sealed || v.Owes&rules.SealedOnly == 0)
}

// place is where a session's device is.
func (p *planes) place(radio uint32, dnn ident.DNN, slice ident.SNSSAI, protected, sealed bool) place {
	where := place{radio: amf.RadioID(radio), dnn: dnn, slice: slice, protected: protected, sealed: sealed}
	if a := p.n.association(where.radio); a != nil {
		where.node = a.node()
		if record := p.n.law.now.Load().Radio(where.node); record != nil {
			where.site = record.Site
		}
	}
	return where
}

// anchored reports whether sessions of a data network end at other sites.
func (p *planes) anchored(dnn ident.DNN) bool {
	return slices.ContainsFunc(p.sites, func(s *planeSite) bool { return slices.Contains(s.cfg.Anchors, dnn) })
}

// errNoPlane: no user plane at which the session could end is there and may have it.
var errNoPlane = errors.New("no user plane for this data network answers and may serve the session")
