package ngap

// OverloadStart asks a radio for less traffic (TS 38.413 §9.2.6.14).
type OverloadStart struct {
	Response             *OverloadAction // optional
	TrafficLoadReduction *uint8          // optional
	Slices               []SliceOverload // optional
}

func (*OverloadStart) Procedure() Procedure { return ProcOverloadStart }
func (*OverloadStart) Kind() Kind           { return Initiating }

// OverloadStop ends an overload (TS 38.413 §9.2.6.15).
type OverloadStop struct {
}

func (*OverloadStop) Procedure() Procedure { return ProcOverloadStop }
func (*OverloadStop) Kind() Kind           { return Initiating }
