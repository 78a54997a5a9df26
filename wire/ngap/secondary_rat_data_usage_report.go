package ngap

import "cordon/ident"

// SecondaryRATDataUsageReport counts what went over a secondary radio (TS 38.413 §9.2.14.1).
type SecondaryRATDataUsageReport struct {
	AMFUENGAPID         ident.AMFUENGAPID
	RANUENGAPID         ident.RANUENGAPID
	Usage               []PDUSessionTransfer
	HandoverPreparation bool          // optional
	UserLocation        *UserLocation // optional
}

func (*SecondaryRATDataUsageReport) Procedure() Procedure { return ProcSecondaryRATDataUsageReport }
func (*SecondaryRATDataUsageReport) Kind() Kind           { return Initiating }
