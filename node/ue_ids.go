package node

import (
	"cordon/ident"
	"cordon/wire/ngap"
)

// ueIDs are the identities of the connection that a radio's message is about; ok is false
// for one that is about none. An Initial UE Message has only the radio's half, which is
// new, and an Error Indication may lack either.
func ueIDs(m ngap.Message) (conn ident.AMFUENGAPID, ran ident.RANUENGAPID, ok bool) {
	switch m := m.(type) {
	case *ngap.InitialUEMessage:
		return 0, m.RANUENGAPID, true
	case *ngap.ErrorIndication:
		if m.AMFUENGAPID == nil || m.RANUENGAPID == nil {
			return 0, 0, m.AMFUENGAPID != nil || m.RANUENGAPID != nil
		}
		return *m.AMFUENGAPID, *m.RANUENGAPID, true
	case *ngap.PathSwitchRequest:
		return m.SourceAMFUENGAPID, m.RANUENGAPID, true
	case *ngap.UplinkNASTransport:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.NASNonDeliveryIndication:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.InitialContextSetupResponse:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.InitialContextSetupFailure:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.UEContextReleaseRequest:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.UEContextReleaseComplete:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.UEContextModificationResponse:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.UEContextModificationFailure:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.UERadioCapabilityInfoIndication:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.UERadioCapabilityCheckResponse:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.PDUSessionResourceSetupResponse:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.PDUSessionResourceReleaseResponse:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.PDUSessionResourceModifyResponse:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.PDUSessionResourceModifyIndication:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.PDUSessionResourceNotify:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	default:
		return mobilityIDs(m)
	}
}

// mobilityIDs is ueIDs for what concerns movement and place.
func mobilityIDs(m ngap.Message) (conn ident.AMFUENGAPID, ran ident.RANUENGAPID, ok bool) {
	switch m := m.(type) {
	case *ngap.HandoverRequired:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.HandoverRequestAcknowledge:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.HandoverFailure:
		return m.AMFUENGAPID, 0, true
	case *ngap.HandoverNotify:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.HandoverCancel:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.UplinkRANStatusTransfer:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.RRCInactiveTransitionReport:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.LocationReport:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.LocationReportingFailureIndication:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	case *ngap.SecondaryRATDataUsageReport:
		return m.AMFUENGAPID, m.RANUENGAPID, true
	}
	return 0, 0, false
}
