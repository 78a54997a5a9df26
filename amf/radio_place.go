package amf

import (
	"cordon/ident"
	"cordon/wire/ngap"
)

// location is the user location in a UE-associated message that radios send; ok is false for
// any other message. Messages without a location have a nil one.
func location(m ngap.Message) (loc *ngap.UserLocation, ok bool) {
	switch m := m.(type) {
	case *ngap.UplinkNASTransport:
		return &m.UserLocation, true
	case *ngap.PDUSessionResourceSetupResponse:
		return m.UserLocation, true
	case *ngap.PDUSessionResourceReleaseResponse:
		return m.UserLocation, true
	case *ngap.PDUSessionResourceModifyResponse:
		return m.UserLocation, true
	case *ngap.PDUSessionResourceModifyIndication:
		return m.UserLocation, true
	case *ngap.PDUSessionResourceNotify:
		return m.UserLocation, true
	case *ngap.UEContextReleaseComplete:
		return m.UserLocation, true
	case *ngap.UEContextModificationResponse:
		return m.UserLocation, true
	case *ngap.RRCInactiveTransitionReport:
		return &m.UserLocation, true
	case *ngap.LocationReport:
		return &m.UserLocation, true
	case *ngap.PathSwitchRequest:
		return &m.UserLocation, true
	case *ngap.HandoverNotify:
		return &m.UserLocation, true
	case *ngap.SecondaryRATDataUsageReport:
		return m.UserLocation, true
	case *ngap.InitialContextSetupResponse, *ngap.InitialContextSetupFailure,
		*ngap.UEContextReleaseRequest, *ngap.UERadioCapabilityInfoIndication,
		*ngap.UEContextModificationFailure, *ngap.NASNonDeliveryIndication,
		*ngap.HandoverRequired, *ngap.HandoverRequestAcknowledge, *ngap.HandoverFailure,
		*ngap.HandoverCancel, *ngap.UplinkRANStatusTransfer,
		*ngap.LocationReportingFailureIndication, *ngap.UERadioCapabilityCheckResponse:
		return nil, true
	}
	return nil, false
}

// place compares where a device is said to be with what is known of the radio. A cell or
// area that is not the radio's is replaced by the radio's own, so that a false place can
// neither move a device into an area that the radio was not given nor reach anybody who relies on
// the location; and it is a finding.
func (r *Radio) place(loc *ngap.UserLocation) {
	gnb := r.info.Node.Kind == ident.GNB
	if loc.Kind == ngap.AccessN3IWF && !gnb {
		return // an address, and neither cell nor area
	}
	area := r.info.area(loc.TAI)
	// Other radio technologies have no gNB identity in their cells, and no gNB has theirs.
	own := !gnb || loc.Kind == ngap.AccessNR && loc.PLMN == r.info.Node.PLMN && loc.NRCGI().GNB(r.info.Node.Bits) == r.info.Node.ID
	if area != nil && own {
		return
	}
	r.find(Finding{Kind: FindingLocation, Node: r.info.Node, Cell: loc.NRCGI()})
	if area == nil {
		loc.TAI = r.info.Areas[0].TAI
	}
	if !own {
		shift := 36 - r.info.Node.Bits
		*loc = ngap.UserLocation{
			Kind: ngap.AccessNR, PLMN: r.info.Node.PLMN, TAI: loc.TAI, Time: loc.Time,
			Cell: uint64(r.info.Node.ID)<<shift | loc.Cell&(1<<shift-1),
		}
	}
}
