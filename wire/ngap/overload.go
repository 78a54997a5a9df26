package ngap

var overloadStart = ieTable[OverloadStart]{
	optional(idAMFOverloadResponse, Reject, overloadResponse, func(m *OverloadStart) **OverloadAction { return &m.Response }),
	optional(idAMFTrafficLoadReductionIndication, Ignore, trafficLoadReduction, func(m *OverloadStart) **uint8 { return &m.TrafficLoadReduction }),
	listed(idOverloadStartNSSAIList, Ignore, sliceOverloads, func(m *OverloadStart) *[]SliceOverload { return &m.Slices }),
}

// OverloadStart asks a radio for less traffic (TS 38.413 §9.2.6.14).
type OverloadStart struct {
	Response             *OverloadAction // optional
	TrafficLoadReduction *uint8          // optional
	Slices               []SliceOverload // optional
}

func (*OverloadStart) Procedure() Procedure { return ProcOverloadStart }
func (*OverloadStart) Kind() Kind           { return Initiating }
func (m *OverloadStart) walk(c *coder)      { overloadStart.walk(m, c) }

var overloadStop = ieTable[OverloadStop]{}

// OverloadStop ends an overload (TS 38.413 §9.2.6.15).
type OverloadStop struct {
}

func (*OverloadStop) Procedure() Procedure { return ProcOverloadStop }
func (*OverloadStop) Kind() Kind           { return Initiating }
func (m *OverloadStop) walk(c *coder)      { overloadStop.walk(m, c) }
