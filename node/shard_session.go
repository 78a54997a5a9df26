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
			Radio: uint32(e.Radio.ID), Refused: e.Refused, Sealed: e.Sealed,
		})
	case amf.SMN1:
		s.stepSMF(smf.N1{Key: smf.Key{SUPI: e.SUPI, PSI: e.PSI}, Msg: e.N1})
	case amf.SMN2:
		s.stepSMF(smf.N2{Key: smf.Key{SUPI: e.SUPI, PSI: e.PSI}, Kind: smf.N2Kind(e.Kind), Radio: uint32(e.Radio), Transfer: e.Transfer})
	case amf.SMActivate:
		s.stepSMF(smf.Activate{Key: smf.Key{SUPI: e.SUPI, PSI: e.PSI}, Radio: uint32(e.Radio.ID), Sealed: e.Sealed})
	case amf.SMSeal:
		s.stepSMF(smf.Seal{Key: smf.Key{SUPI: e.SUPI, PSI: e.PSI}, Sealed: e.Sealed})
	case amf.SMDeactivate:
		s.stepSMF(smf.Deactivate{Key: smf.Key{SUPI: e.SUPI, PSI: e.PSI}})
	case amf.SMRelease:
		s.stepSMF(smf.Release{Key: smf.Key{SUPI: e.SUPI, PSI: e.PSI}})
	case smf.Message:
		s.stepAMF(amf.SMMessage{SUPI: e.Key.SUPI, PSI: e.Key.PSI, SNSSAI: e.SNSSAI, N1: e.N1, N2: amf.N2Kind(e.Kind), Transfer: e.Transfer})
	case smf.Activated:
		s.stepAMF(amf.SMActivated{SUPI: e.Key.SUPI, PSI: e.Key.PSI, SNSSAI: e.SNSSAI, Transfer: e.Transfer, OK: e.OK})
	case smf.Kept:
		s.stepAMF(amf.SMKept{SUPI: e.Key.SUPI, PSI: e.Key.PSI, SNSSAI: e.SNSSAI, DNN: e.DNN, Sealed: e.Sealed})
	case smf.Ended:
		s.stepAMF(amf.SMEnded{SUPI: e.Key.SUPI, PSI: e.Key.PSI})
	case smf.NeedAddress:
		addr, _ := s.n.pools[e.DNN].take(e.IP, e.Want)
		s.stepSMF(smf.Address{Key: e.Key, Gen: e.Gen, DNN: e.DNN, Addr: addr})
	case smf.FreeAddress:
		s.n.pools[e.DNN].free(e.Addr)
	case smf.Establish:
		answer, err := s.n.d.UserPlane.Establish(e.Request)
		s.stepSMF(smf.Established{Key: e.Key, Gen: e.Gen, Answer: answer, Err: err})
	case smf.Modify:
		s.stepSMF(smf.Modified{Key: e.Key, Gen: e.Gen, Change: e.Change, Err: s.modify(e)})
	case smf.Delete:
		if _, err := s.n.d.UserPlane.Delete(pfcp.Deletion{SEID: e.SEID}); err != nil {
			s.n.metrics.n4Errors.Add(1)
		}
	default:
		s.n.bug(unperformed(e))
	}
}

// modify asks the user plane for a change, if a tunnel endpoint that it names is the radio's that
// named it.
func (s *shard) modify(e smf.Modify) error {
	for i := range e.Request.FARs {
		if out := e.Request.FARs[i].Outer; out.Addr.IsValid() {
			if err := s.n.mayReceive(out.Addr, amf.RadioID(e.Radio)); err != nil {
				return err
			}
		}
	}
	_, err := s.n.d.UserPlane.Modify(e.Request)
	return err
}
