package ran

import (
	"net/netip"
	"slices"
	"time"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// Status is what a phone and its radio know of it.
type Status struct {
	State     State
	Connected bool // it has a connection
	GUTI      ident.GUTI
	HasGUTI   bool
	Sessions  []SessionStatus
	Failure   Failure // the last one; none since the last success
	// Camped is whether the phone has a suitable cell, and Cell the tracking area of it or of
	// the last one. Restricted is whether it has no service there.
	Camped, Restricted bool
	Cell               ident.TAI
	Forbidden          []ident.TAI // tracking areas that the phone may not use
	// Mobility is what the core last told the radio of where the phone may go, on this
	// connection or the last one; nil if it told nothing.
	Mobility *ngap.MobilityRestrictions
	Rejected map[string]int // rejects by cause, since the phone was made
	Moves    int            // from radio to radio
	// Sent and Echoed are the packets of all sessions that there were.
	Sent, Echoed uint64
	Heard        time.Time // when the last packet came back
	// Identifiers of the connection; AMF is 0 until the core gave it.
	RAN ident.RANUENGAPID
	AMF ident.AMFUENGAPID
}

// SessionStatus is one PDU session.
type SessionStatus struct {
	PSI    ident.PDUSessionID
	Config SessionConfig
	Type   nas.PDUSessionType // 0 until the core accepted it
	Addr   netip.Addr         // IPv4, of types that have it
	Addr6  netip.Addr         // IPv6, once a router advertisement came; its prefix has 64 bits
	MTU    uint32             // of the session's packets, 0 where the core did not say
	Tunnel bool               // it has its user plane
	Remote ident.TEID         // the core's end, with Tunnel
	Local  ident.TEID
	Peer   netip.Addr
	Sent   uint64
	Echoed uint64
	Heard  time.Time // when the last one came back
}

// Ready reports whether the core accepted the session and it has all the addresses of its type.
func (s *SessionStatus) Ready() bool {
	if s.Type == nas.PDUSessionEthernet {
		return true
	}
	return s.Type != 0 && s.Addr.IsValid() == (s.Type != nas.PDUSessionIPv6) && s.Addr6.IsValid() == (s.Type != nas.PDUSessionIPv4)
}

// Session is the status of one session; ok is false if there is none.
func (s Status) Session(psi ident.PDUSessionID) (SessionStatus, bool) {
	for _, x := range s.Sessions {
		if x.PSI == psi {
			return x, true
		}
	}
	return SessionStatus{}, false
}

func (u *UE) status(r *Radio) Status {
	p := &u.phone
	s := Status{State: p.state, Connected: u.connected, GUTI: p.guti, HasGUTI: p.hasGUTI, Failure: p.failure,
		RAN: u.ranID(), AMF: u.amf, Camped: p.camped, Cell: p.cell, Restricted: p.camped && p.restricted(),
		Forbidden: slices.Concat(p.roaming, p.regional), Mobility: u.mobility, Moves: u.moves,
		Sent: u.pastSent, Echoed: u.pastEchoed}
	for f, n := range u.rejected {
		if s.Rejected == nil {
			s.Rejected = map[string]int{}
		}
		s.Rejected[f.String()] += n
	}
	for i := range p.sessions {
		x := &p.sessions[i]
		st := SessionStatus{PSI: x.psi, Config: x.cfg, Type: x.kind(), Addr: x.addr, MTU: uint32(x.mtu)}
		if f := u.flow(x.psi); f != nil && r.n3 != nil {
			r.n3.describe(f, &st)
		}
		s.Sent, s.Echoed = s.Sent+st.Sent, s.Echoed+st.Echoed
		if st.Heard.After(s.Heard) {
			s.Heard = st.Heard
		}
		s.Sessions = append(s.Sessions, st)
	}
	return s
}

// remember counts rejects by cause.
func (u *UE) remember(n Note) {
	rejected := n.Kind == NoteRegistrationFailed || n.Kind == NoteServiceFailed || n.Kind == NoteSessionFailed ||
		n.Kind == NoteReregistering || n.Kind == NoteDeregistered
	if !rejected || n.Cause.MM == 0 && n.Cause.SM == 0 {
		return
	}
	if u.rejected == nil {
		u.rejected = map[Failure]int{}
	}
	u.rejected[n.Cause]++
}
