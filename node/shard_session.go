package node

import (
	"cordon/amf"
	"cordon/smf"
	"cordon/wire/pfcp"
)

// performSession carries what AMF, SMF, user plane and address pools say to each other.
func (s *shard) performSession(e any) {
	switch e := e.(type) {
	case amf.SMCreate:
		s.stepSMF(smf.Create{
			Key: smf.Key{SUPI: e.SUPI, PSI: e.PSI}, SNSSAI: e.SNSSAI, DNN: e.DNN, Settings: e.Settings, N1: e.N1,
			Radio: uint32(e.Radio.ID), Protected: e.Protected, Refused: e.Refused, Sealed: e.Sealed,
		})
	case amf.SMN1:
		s.stepSMF(smf.N1{Key: smf.Key{SUPI: e.SUPI, PSI: e.PSI}, Msg: e.N1})
	case amf.SMN2:
		s.stepSMF(smf.N2{Key: smf.Key{SUPI: e.SUPI, PSI: e.PSI}, Kind: smf.N2Kind(e.Kind), Radio: uint32(e.Radio), Transfer: e.Transfer})
	case amf.SMActivate:
		s.stepSMF(smf.Activate{Key: smf.Key{SUPI: e.SUPI, PSI: e.PSI}, Radio: uint32(e.Radio.ID), Protected: e.Protected, Sealed: e.Sealed})
	case amf.SMSeal:
		s.stepSMF(smf.Seal{Key: smf.Key{SUPI: e.SUPI, PSI: e.PSI}, Sealed: e.Sealed})
	case amf.SMDeactivate:
		s.stepSMF(smf.Deactivate{Key: smf.Key{SUPI: e.SUPI, PSI: e.PSI}})
	case amf.SMUnreached:
		s.stepSMF(smf.Unreached{Key: smf.Key{SUPI: e.SUPI, PSI: e.PSI}})
	case amf.SMRelease:
		s.stepSMF(smf.Release{Key: smf.Key{SUPI: e.SUPI, PSI: e.PSI}})
	case smf.Message:
		s.stepAMF(amf.SMMessage{SUPI: e.Key.SUPI, PSI: e.Key.PSI, SNSSAI: e.SNSSAI, N1: e.N1, N2: amf.N2Kind(e.Kind), Transfer: e.Transfer})
	case smf.Activated:
		s.stepAMF(amf.SMActivated{SUPI: e.Key.SUPI, PSI: e.Key.PSI, SNSSAI: e.SNSSAI, Transfer: e.Transfer, OK: e.OK})
	case smf.Kept:
		s.stepAMF(amf.SMKept{SUPI: e.Key.SUPI, PSI: e.Key.PSI, SNSSAI: e.SNSSAI, DNN: e.DNN, Sealed: e.Sealed})
	case smf.Reach:
		s.stepAMF(amf.SMReach{SUPI: e.Key.SUPI, PSI: e.Key.PSI})
	case smf.Ended:
		s.stepAMF(amf.SMEnded{SUPI: e.Key.SUPI, PSI: e.Key.PSI})
	case smf.NeedAddress:
		addr, _ := s.n.pools[e.DNN].take(e.IP, e.Want)
		s.stepSMF(smf.Address{Key: e.Key, Gen: e.Gen, DNN: e.DNN, Addr: addr})
	case smf.FreeAddress:
		s.n.pools[e.DNN].free(e.Addr)
	case smf.Establish:
		s.establish(e)
	case smf.Route:
		s.atPlanes(e.Key, func() smf.Event {
			local, err := s.n.planes.route(e)
			return smf.Routed{Key: e.Key, Gen: e.Gen, Local: local, Err: err}
		})
	case smf.Modify:
		s.modify(e)
	case smf.Delete:
		s.end(e)
	default:
		s.n.bug(unperformed(e))
	}
}

// atPlanes has something done by user planes at several sites, in the session's order, and takes what came of it.
func (s *shard) atPlanes(k smf.Key, f func() smf.Event) {
	s.n.planes.in(k, func() {
		if ev := f(); ev != nil {
			s.post(s.n.life, input{smf: ev})
		}
	})
}

// establish asks for a session. One that outlives a restart is taken over before anything else happens.
func (s *shard) establish(e smf.Establish) {
	done := func(answer pfcp.Established, err error) smf.Event {
		return smf.Established{Key: e.Key, Gen: e.Gen, Answer: answer, Err: err}
	}
	switch p := s.n.planes; {
	case p == nil:
		answer, err := s.n.d.UserPlane.Establish(e.Request)
		if err == nil {
			s.n.leases.given("", answer.UP.SEID, e.Key.SUPI, answer.Public)
		}
		s.stepSMF(done(answer, err))
	case e.Radio == 0 && !p.anchored(e.Request.PDRs[0].PDI.Instance):
		s.stepSMF(done(p.establish(e)))
	default:
		s.atPlanes(e.Key, func() smf.Event { return done(p.establish(e)) })
	}
}

// modify asks for a change, if a tunnel endpoint that it names is the radio's that named it.
func (s *shard) modify(e smf.Modify) {
	done := func(err error) smf.Event { return smf.Modified{Key: e.Key, Gen: e.Gen, Change: e.Change, Err: err} }
	for i := range e.Request.FARs {
		if out := e.Request.FARs[i].Outer; out.Addr.IsValid() {
			if err := s.n.mayReceive(out.Addr, amf.RadioID(e.Radio)); err != nil {
				s.stepSMF(done(err))
				return
			}
		}
	}
	if s.n.planes == nil {
		answer, err := s.n.d.UserPlane.Modify(e.Request)
		if err == nil {
			s.n.leases.given("", e.Request.SEID, e.Key.SUPI, answer.Public)
		}
		s.stepSMF(done(err))
		return
	}
	s.atPlanes(e.Key, func() smf.Event {
		_, err := s.n.planes.modify(e.Request)
		return done(err)
	})
}

// end ends a session.
func (s *shard) end(e smf.Delete) {
	gone := func(err error) {
		if err != nil {
			s.n.metrics.n4Errors.Add(1)
		}
	}
	if s.n.planes == nil {
		_, err := s.n.d.UserPlane.Delete(pfcp.Deletion{SEID: e.SEID})
		s.n.leases.ended("", e.SEID)
		gone(err)
		return
	}
	s.atPlanes(e.Key, func() smf.Event {
		gone(s.n.planes.end(e.SEID))
		return nil
	})
}
