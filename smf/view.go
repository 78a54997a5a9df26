package smf

import (
	"time"

	"cordon/ident"
	"cordon/subscriber"
)

// View is a session as an operator sees it.
type View struct {
	Key       Key
	State     string
	DNN       ident.DNN
	SNSSAI    ident.SNSSAI
	Addr      Addresses // not valid before they are given
	Settings  *subscriber.Network
	Since     time.Time  // of its rules in the user plane; zero before, and anew after a restart
	Sealed    bool       // see Seal
	UserPlane ident.SEID // the user plane's name of the session, 0 if it has none
}

// Session is one session.
func (m *SMF) Session(k Key) (View, bool) {
	s := m.sessions[k]
	if s == nil {
		return View{}, false
	}
	v := View{Key: k, State: s.state.String(), DNN: s.dnn, SNSSAI: s.snssai, Settings: s.settings, Sealed: s.sealed, UserPlane: s.peer}
	if s.since != 0 {
		v.Since = time.Unix(int64(s.since), 0)
	}
	v.Addr = s.addr.public()
	return v, true
}

// Keys yields the sessions, in no order.
func (m *SMF) Keys(yield func(Key) bool) {
	for k := range m.sessions {
		if !yield(k) {
			return
		}
	}
}
