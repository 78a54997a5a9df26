package amf

import (
	"encoding/binary"
	"errors"
	"fmt"

	"cordon/ident"
	"cordon/wire/nas"
)

// A registered context as it is stored, big endian:
//
//	octet  0      version, 2
//	       1      8 SUPI
//	       9      8 IMEISV
//	      17     32 KAMF
//	      49     16 KNASint
//	      65     16 KNASenc
//	      81      4 uplink COUNT: the next that is accepted
//	      85      4 downlink COUNT: ahead of any that was or will be used before the next Save
//	      89      2 NIA, NEA
//	      91      1 ngKSI
//	      92      3 PLMN of the last tracking area
//	      95      4 its TAC
//	      99      4 5G-TMSI
//	     103      4 the former 5G-TMSI, 0 if there is none
//	     107      2 PDU sessions
//	     109      1 n, then n octets: UE security capability
//	              1 n, then n times SST and 3 octets SD: allowed NSSAI
//	              for each PDU session, in their order: SST and 3 octets SD, 1 n, then n octets: DNN;
//	                where it leads to nothing known, SST, SD and n are 0
//	              4 n, then n octets: UE radio capability
const contextVersion = 2

const contextFixed = 109

// ErrContext reports a stored context that cannot be taken back.
var ErrContext = errors.New("stored context")

// AppendContext adds the context of a registered device to b, as Restored takes it; nothing
// for a device that is not registered, whose context is to be deleted. It holds keys: the
// owner keeps it sealed.
func (a *AMF) AppendContext(b []byte, supi ident.SUPI) []byte {
	u := a.ues[supi]
	if u == nil || !u.accepted {
		return b
	}
	return u.append(b, &a.lists)
}

func (u *ue) append(b []byte, l *lists) []byte {
	be := binary.BigEndian
	b = append(b, contextVersion)
	b = be.AppendUint64(b, uint64(u.supi))
	b = be.AppendUint64(b, uint64(u.imeisv))
	b = append(b, u.kamf[:]...)
	b = append(b, u.sec.KNASint[:]...)
	b = append(b, u.sec.KNASenc[:]...)
	b = be.AppendUint32(b, u.sec.Uplink)
	b = be.AppendUint32(b, max(u.ceiling, u.sec.Downlink))
	b = append(b, u.sec.Integrity, u.sec.Ciphering, u.ksi)
	b = append(b, u.tai.PLMN[:]...)
	b = be.AppendUint32(b, uint32(u.tai.TAC))
	b = be.AppendUint32(b, uint32(u.tmsi))
	b = be.AppendUint32(b, uint32(u.former))
	b = be.AppendUint16(b, uint16(u.sessions))
	b = append(b, byte(u.caps.Len()))
	b = u.caps.Append(b)
	b = append(b, byte(len(u.allowed)))
	for _, s := range u.allowed {
		b = be.AppendUint32(b, uint32(s.SST)<<24|s.SD)
	}
	for psi := range sessions(u.sessions) {
		to := l.route(u.routes[psi])
		b = be.AppendUint32(b, uint32(to.slice.SST)<<24|to.slice.SD)
		b = append(b, byte(len(to.dnn)))
		b = append(b, to.dnn...)
	}
	b = be.AppendUint32(b, uint32(len(u.radioCap)))
	return append(b, u.radioCap...)
}

// stored is a context as it is read: what an AMF shares among devices is not shared yet.
type stored struct {
	ue
	radioCap string
	leads    [16]route // of each session
}

// parseContext reads what append wrote, strictly.
func parseContext(b []byte) (stored, error) {
	be := binary.BigEndian
	if len(b) < contextFixed {
		return stored{}, fmt.Errorf("%w: %d octets are too few", ErrContext, len(b))
	}
	if b[0] != contextVersion {
		return stored{}, fmt.Errorf("%w: version %d is unknown", ErrContext, b[0])
	}
	var u stored
	u.supi, u.imeisv = ident.SUPI(be.Uint64(b[1:])), ident.IMEISV(be.Uint64(b[9:]))
	u.kamf = [32]byte(b[17:49])
	u.sec = nas.Security{
		KNASint: [16]byte(b[49:65]), KNASenc: [16]byte(b[65:81]),
		Uplink: be.Uint32(b[81:]), Downlink: be.Uint32(b[85:]),
		Integrity: b[89], Ciphering: b[90], Side: nas.Network,
	}
	u.ksi = b[91]
	u.tai = ident.TAI{PLMN: [3]byte(b[92:95]), TAC: ident.TAC(be.Uint32(b[95:]))}
	u.tmsi, u.former = ident.TMSI(be.Uint32(b[99:])), ident.TMSI(be.Uint32(b[103:]))
	u.sessions = nas.PDUSessions(be.Uint16(b[107:]))
	u.accepted = true
	if !u.parseTail(b[contextFixed:]) || !u.sound() {
		return stored{}, fmt.Errorf("%w: malformed", ErrContext)
	}
	return u, nil
}

// parseTail reads the parts of variable length.
func (u *stored) parseTail(b []byte) bool {
	if len(b) < 1 || int(b[0]) > len(b)-1 {
		return false
	}
	caps, err := nas.NewUESecurityCapability(b[1 : 1+int(b[0])])
	if err != nil {
		return false
	}
	u.caps = caps
	b = b[1+int(b[0]):]
	if len(b) < 1 || 4*int(b[0]) > len(b)-1 {
		return false
	}
	n := int(b[0])
	for i := range n {
		v := binary.BigEndian.Uint32(b[1+4*i:])
		u.allowed = append(u.allowed, ident.SNSSAI{SST: uint8(v >> 24), SD: v & ident.NoSD})
	}
	b, ok := u.parseRoutes(b[1+4*n:])
	if !ok || len(b) < 4 || uint64(binary.BigEndian.Uint32(b)) != uint64(len(b)-4) || len(b)-4 > maxRadioCap {
		return false
	}
	u.radioCap = string(b[4:])
	return true
}

// parseRoutes reads where each session leads, and gives what follows.
func (u *stored) parseRoutes(b []byte) ([]byte, bool) {
	for psi := range sessions(u.sessions) {
		if len(b) < 5 || int(b[4]) > len(b)-5 {
			return nil, false
		}
		v, n := binary.BigEndian.Uint32(b), int(b[4])
		to := route{ident.SNSSAI{SST: uint8(v >> 24), SD: v & ident.NoSD}, ident.DNN(b[5 : 5+n])}
		if dnn, err := ident.ParseDNN(string(to.dnn)); to != (route{}) && (err != nil || dnn != to.dnn) {
			return nil, false
		}
		u.leads[psi] = to
		b = b[5+n:]
	}
	return b, true
}

// sound reports whether the values are ones that append can have written.
func (u *ue) sound() bool {
	return u.supi>>56 >= 5 && u.supi>>56 <= 15 && u.tmsi != 0 && u.tmsi != u.former && u.ksi < 7 &&
		u.sec.Integrity >= 1 && u.sec.Integrity <= 3 && u.sec.Ciphering <= 3 &&
		u.sec.Uplink <= maxCount && u.sec.Downlink <= maxCount &&
		len(u.allowed) > 0 && u.sessions&1 == 0 && u.tai.TAC <= ident.MaxTAC
}

// restored takes a context back after a restart: the device is registered and idle.
func (a *AMF) restored(ev Restored) {
	u, err := parseContext(ev.Blob)
	switch {
	case err != nil || ev.Plan == nil:
		a.drop(ReasonBadContext)
		return
	case a.ues[u.supi] != nil || a.tmsis[u.tmsi] != nil || u.former != 0 && a.tmsis[u.former] != nil:
		a.drop(ReasonDuplicate)
		return
	case len(a.ues) >= a.cfg.Limits.devices():
		a.drop(ReasonFull)
		return
	}
	a.keep(&u, ev)
}

func (a *AMF) keep(s *stored, ev Restored) {
	u := new(s.ue)
	u.near = u.tai.TAC
	u.plan, u.protected, u.since = ev.Plan, ev.Protected, uint32(a.now.Unix())
	for psi := range sessions(u.sessions) {
		if s.leads[psi] != (route{}) {
			u.routes[psi] = a.lists.number(s.leads[psi])
		}
	}
	u.allowed = a.lists.slices(u.allowed)
	u.ceiling = u.sec.Downlink
	a.setRadioCap(u, s.radioCap)
	a.ues[u.supi] = u
	a.tmsis[u.tmsi] = u
	if u.former != 0 {
		a.tmsis[u.former] = u
	}
	a.timers.Start(timerKey{uint64(u.supi), timerReachable}, a.now.Add(a.t3512+reachableMargin))
	a.drop(ReasonAccepted)
}
