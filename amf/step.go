package amf

import (
	"time"

	"cordon/ident"
	"cordon/wire/ngap"
)

// Step takes one event to its effects. The slice is valid until the next Step; what is in it is
// the caller's. Step is total: every event has an effect, if only Drop with the reason; Tick
// alone may have none.
func (a *AMF) Step(now time.Time, ev Event) []Effect {
	a.now = now
	clear(a.out) // so that what was sent can be collected
	a.out, a.pdu = a.out[:0], nil
	switch ev := ev.(type) {
	case Arrived:
		a.arrived(ev)
	case Received:
		a.received(ev)
	case Lost:
		a.lost(ev)
	case Vector:
		a.vector(ev)
	case Adopted:
		a.adopted(ev)
	case SMMessage:
		a.smMessage(ev)
	case SMActivated:
		a.smActivated(ev)
	case SMEnded:
		a.smEnded(ev)
	case SMKept:
		a.smKept(ev)
	case SMReach:
		a.reach(ev)
	case Restored:
		a.restored(ev)
	case Deregister:
		a.deregister(ev)
	case NewLaw:
		a.newLaw(ev)
	case Classed:
		a.classed(ev)
	case Evict:
		a.evict(ev)
	case Tick:
	}
	a.pdu = nil
	a.expire()
	return a.out
}

// received gives a radio's message to the procedure it belongs to.
func (a *AMF) received(ev Received) {
	c := a.conns[ev.Conn]
	if c == nil {
		a.drop(ReasonNoConnection)
		return
	}
	switch m := ev.Msg.(type) {
	case *ngap.UplinkNASTransport:
		c.place(m.UserLocation)
		a.pdu = m.NASPDU
		a.uplink(c, m.NASPDU)
	case *ngap.InitialContextSetupResponse:
		a.contextStands(c, m)
	case *ngap.InitialContextSetupFailure:
		a.contextFailed(c, m)
	case *ngap.UEContextReleaseRequest:
		a.releaseRequest(c, m)
	case *ngap.UEContextReleaseComplete:
		a.releaseComplete(c)
	case *ngap.PDUSessionResourceSetupResponse:
		a.sessionAnswer(c, m.Setup, N2SetupResponse, m.Failed, N2SetupUnsuccessful)
	case *ngap.PDUSessionResourceReleaseResponse:
		a.sessionAnswer(c, m.Released, N2ReleaseResponse, nil, N2None)
	case *ngap.PDUSessionResourceNotify:
		a.sessionAnswer(c, m.Released, N2NotifyReleased, nil, N2None)
	case *ngap.UERadioCapabilityInfoIndication:
		a.radioCapability(c, m)
	case *ngap.NASNonDeliveryIndication:
		a.drop(ReasonNotDelivered) // the procedure's timer sends it again
	case *ngap.ErrorIndication:
		a.errorIndication(c, m)
	case *ngap.RRCInactiveTransitionReport:
		c.place(m.UserLocation)
		a.drop(ReasonAccepted)
	case *ngap.LocationReport:
		c.place(m.UserLocation)
		a.drop(ReasonAccepted)
	default:
		a.refuseMobility(c, ev.Msg)
	}
}

// place is where the device was last seen; the radio's machine has checked it.
func (c *conn) place(loc ngap.UserLocation) {
	if loc.Kind != ngap.AccessN3IWF {
		c.cell, c.tai = loc.NRCGI(), loc.TAI
	}
	if c.ue != nil {
		c.ue.tai = c.tai
	}
}

// expire runs what is due. Each timer starts at most as many others as its procedure has, all
// later, so this ends.
func (a *AMF) expire() {
	for {
		key, ok := a.timers.Pop(a.now)
		if !ok {
			return
		}
		switch key.kind {
		case timerReachable, timerImplicit:
			a.unreachable(ident.SUPI(key.who), key.kind)
			continue
		case timerPage:
			a.pageUnanswered(ident.SUPI(key.who))
			continue
		case timerLaw:
			a.rejudge()
			continue
		}
		if c := a.conns[ident.AMFUENGAPID(key.who)]; c != nil {
			a.expired(c, key.kind)
		}
	}
}

// expired is a timer of the connection c.
func (a *AMF) expired(c *conn, kind timerKind) {
	switch kind {
	case timerOpen:
		a.drop(ReasonExpired)
		a.release(c, ngap.CauseNASUnspecified)
	case timerNAS:
		a.retry(c)
	case timerUpdate:
		a.retryUpdate(c)
	case timerContext:
		a.finding(c, FindingUnanswered)
		a.release(c, ngap.CauseRadioFailureInRadioInterfaceProcedure)
	case timerActivation:
		a.activationLate(c)
	case timerRelease:
		a.finding(c, FindingUnanswered)
		a.forget(c)
	case timerEnding:
		a.endingLate(c)
	case timerIdle:
		if c.state == stateReady && !c.carries() && c.update == nil {
			a.release(c, ngap.CauseNASNormalRelease)
		}
	}
}

// unreachable is a device that was not heard of in time (TS 24.501 §5.3.7).
func (a *AMF) unreachable(supi ident.SUPI, kind timerKind) {
	u := a.ues[supi]
	if u == nil || u.conn != nil {
		return
	}
	if kind == timerReachable {
		a.timers.Start(timerKey{uint64(supi), timerImplicit}, a.now.Add(implicitAfter))
		return
	}
	a.remove(u, LeftSilent)
}

// refuseMobility answers what belongs to handovers, and every other procedure that is not
// here, with the refusal that the procedure has.
func (a *AMF) refuseMobility(c *conn, m ngap.Message) {
	switch m := m.(type) {
	case *ngap.HandoverRequired:
		a.send(c, &ngap.HandoverPreparationFailure{
			AMFUENGAPID: c.id, RANUENGAPID: c.ran, Cause: ngap.CauseRadioHOTargetNotAllowed,
		})
	case *ngap.HandoverCancel:
		a.send(c, &ngap.HandoverCancelAcknowledge{AMFUENGAPID: c.id, RANUENGAPID: c.ran})
	case *ngap.PathSwitchRequest:
		a.send(c, &ngap.PathSwitchRequestFailure{
			AMFUENGAPID: c.id, RANUENGAPID: c.ran,
			Released: refused(m.Switch, &ngap.PathSwitchRequestUnsuccessfulTransfer{Cause: ngap.CauseRadioHOTargetNotAllowed}),
		})
	case *ngap.PDUSessionResourceModifyIndication:
		a.send(c, &ngap.PDUSessionResourceModifyConfirm{
			AMFUENGAPID: c.id, RANUENGAPID: c.ran,
			Failed: refused(m.Modify, &ngap.PDUSessionResourceModifyIndicationUnsuccessfulTransfer{Cause: ngap.CauseRadioUnspecified}),
		})
	case *ngap.SecondaryRATDataUsageReport, *ngap.LocationReportingFailureIndication,
		*ngap.UERadioCapabilityCheckResponse, *ngap.UEContextModificationResponse,
		*ngap.UEContextModificationFailure:
	default:
		cause := ngap.CauseProtocolMessageNotCompatibleWithReceiverState
		id, ran := c.id, c.ran
		a.send(c, &ngap.ErrorIndication{AMFUENGAPID: &id, RANUENGAPID: &ran, Cause: &cause})
	}
	a.drop(ReasonUnsupported)
}

// refused is the same refusal for every session in the list.
func refused(list []ngap.PDUSessionTransfer, why ngap.Transfer) []ngap.PDUSessionTransfer {
	transfer, err := ngap.AppendTransfer(nil, why)
	if err != nil {
		return nil
	}
	out := make([]ngap.PDUSessionTransfer, 0, len(list))
	for _, it := range list {
		out = append(out, ngap.PDUSessionTransfer{ID: it.ID, Transfer: transfer})
	}
	return out
}
