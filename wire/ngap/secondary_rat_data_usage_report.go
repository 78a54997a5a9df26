package ngap

import "cordon/ident"

var secondaryRATDataUsageReport = ieTable[SecondaryRATDataUsageReport]{
	required(idAMFUENGAPID, Ignore, amfUENGAPID, func(m *SecondaryRATDataUsageReport) *ident.AMFUENGAPID { return &m.AMFUENGAPID }),
	required(idRANUENGAPID, Ignore, ranUENGAPID, func(m *SecondaryRATDataUsageReport) *ident.RANUENGAPID { return &m.RANUENGAPID }),
	required(idPDUSessionResourceSecondaryRATUsageList, Ignore, transfers, func(m *SecondaryRATDataUsageReport) *[]PDUSessionTransfer { return &m.Usage }),
	flagIf(idHandoverFlag, Ignore, func(m *SecondaryRATDataUsageReport) *bool { return &m.HandoverPreparation }),
	optional(idUserLocationInformation, Ignore, userLocation, func(m *SecondaryRATDataUsageReport) **UserLocation { return &m.UserLocation }),
}

// SecondaryRATDataUsageReport counts what went over a secondary radio (TS 38.413
// §9.2.14.1).
type SecondaryRATDataUsageReport struct {
	AMFUENGAPID         ident.AMFUENGAPID
	RANUENGAPID         ident.RANUENGAPID
	Usage               []PDUSessionTransfer
	HandoverPreparation bool          // optional
	UserLocation        *UserLocation // optional
}

func (*SecondaryRATDataUsageReport) Procedure() Procedure { return ProcSecondaryRATDataUsageReport }
func (*SecondaryRATDataUsageReport) Kind() Kind           { return Initiating }
func (m *SecondaryRATDataUsageReport) walk(c *coder)      { secondaryRATDataUsageReport.walk(m, c) }
