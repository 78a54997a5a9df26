package pfcp

// Keep says what an update leaves as it is of the rule that it changes (§7.5.4), bit by bit; the fields for those bits are
// zero. With none the update is the whole rule. A rule that is created keeps nothing.
type Keep uint8

// Of a PDR. A PDI that comes takes the place of the one before, but a rule keeps its tunnel, its device, its framed
// routes and its network instance where the new one does not say them.
const (
	KeepPrecedence Keep = 1 << iota
	KeepPDI
	KeepRemoval
	KeepFAR
	KeepQERs
	KeepURRs

	keepPDR = 1<<iota - 1
)

// Of a FAR.
const (
	KeepAction Keep = 1 << iota
	KeepDestination
	KeepInstance
	KeepOuter
	KeepBAR

	keepFAR = 1<<iota - 1
)

// Of a QER.
const (
	KeepGate Keep = 1 << iota
	KeepMBR
	KeepGBR
	KeepQFI

	keepQER = 1<<iota - 1
)

// Of a URR: its limits. One that is neither kept nor set is taken away.
const (
	KeepPeriod Keep = 1 << iota
	KeepVolumeThreshold
	KeepTimeThreshold
	KeepVolumeQuota
	KeepTimeQuota

	keepURR = 1<<iota - 1
)

// stay puts what a rule was where an update keeps it.
func stay[T any](k, bit Keep, now *T, was T) {
	if k&bit != 0 {
		*now = was
	}
}

// Over is what becomes of a rule that the update u changes. Of an update that was not made yet it is the update that does what both
// do, in their order.
func (u PDR) Over(was PDR) PDR {
	k := u.Keep
	stay(k, KeepPrecedence, &u.Precedence, was.Precedence)
	stay(k, KeepRemoval, &u.RemoveOuterHeader, was.RemoveOuterHeader)
	stay(k, KeepFAR, &u.FAR, was.FAR)
	stay(k, KeepQERs, &u.QERs, was.QERs)
	stay(k, KeepURRs, &u.URRs, was.URRs)
	if k&KeepPDI != 0 {
		u.PDI = was.PDI
	} else {
		u.PDI.whose(&was.PDI)
	}
	u.Keep &= was.Keep
	return u
}

// whose fills in what a PDI does not say of whose packets it detects.
func (d *PDI) whose(was *PDI) {
	if d.Local == (FTEID{}) {
		d.Local = was.Local
	}
	if d.Instance == "" {
		d.Instance = was.Instance
	}
	if !d.UE.IsValid() && !d.UE6.IsValid() {
		d.UE, d.UE6 = was.UE, was.UE6
	}
	if len(d.Framed) == 0 {
		d.Framed = was.Framed
	}
	d.Ethernet = d.Ethernet || was.Ethernet
}

// Over is what becomes of a rule that the update u changes: see PDR.Over.
func (u FAR) Over(was FAR) FAR {
	k := u.Keep
	stay(k, KeepAction, &u.Action, was.Action)
	stay(k, KeepDestination, &u.Destination, was.Destination)
	stay(k, KeepInstance, &u.Instance, was.Instance)
	stay(k, KeepOuter, &u.Outer, was.Outer)
	stay(k, KeepBAR, &u.BAR, was.BAR)
	u.SendEndMarkers = u.SendEndMarkers || was.SendEndMarkers
	u.Keep &= was.Keep
	return u
}

// Over is what becomes of a rule that the update u changes: see PDR.Over.
func (u QER) Over(was QER) QER {
	k := u.Keep
	if k&KeepGate != 0 {
		u.CloseUL, u.CloseDL = was.CloseUL, was.CloseDL
	}
	if k&KeepMBR != 0 {
		u.UplinkMBR, u.DownlinkMBR = was.UplinkMBR, was.DownlinkMBR
	}
	if k&KeepGBR != 0 {
		u.UplinkGBR, u.DownlinkGBR = was.UplinkGBR, was.DownlinkGBR
	}
	stay(k, KeepQFI, &u.QFI, was.QFI)
	u.Keep &= was.Keep
	return u
}

// Over is what becomes of a rule that the update u changes: see PDR.Over.
func (u URR) Over(was URR) URR {
	k := u.Keep
	stay(k, KeepPeriod, &u.Period, was.Period)
	stay(k, KeepVolumeThreshold, &u.VolumeThreshold, was.VolumeThreshold)
	stay(k, KeepTimeThreshold, &u.TimeThreshold, was.TimeThreshold)
	stay(k, KeepVolumeQuota, &u.VolumeQuota, was.VolumeQuota)
	stay(k, KeepTimeQuota, &u.TimeQuota, was.TimeQuota)
	u.Keep &= was.Keep
	return u
}

// said is an element of an update: it is there unless the rule keeps what it says.
func said[M any](keep func(*M) *Keep, bit Keep, e element[M]) element[M] {
	count, f := e.count, e.code
	e.missing = 0
	e.count = func(m *M) int {
		if *keep(m)&bit != 0 {
			return 0
		}
		return count(m)
	}
	e.code = func(c *coder, m *M, i int) {
		if !c.writing {
			*keep(m) &^= bit
		}
		f(c, m, i)
	}
	return e
}
