package ran

import (
	"context"
	"errors"
	"slices"

	"cordon/ident"
	"cordon/wire/ngap"
)

// tap is somebody who waits for a message from the core.
type tap struct {
	want func(ngap.Message) bool
	got  chan ngap.Message
}

// ask runs send in the loop and waits for the message that it brings.
func (r *Radio) ask(ctx context.Context, send func(), want func(ngap.Message) bool) (ngap.Message, error) {
	t := &tap{want, make(chan ngap.Message, 1)}
	if err := r.do(ctx, func() { r.taps = append(r.taps, t); send() }); err != nil {
		return nil, err
	}
	select {
	case m := <-t.got:
		return m, nil
	case <-r.stopped:
		return nil, ErrStopped
	case <-ctx.Done():
		_ = r.do(context.WithoutCancel(ctx), func() {
			r.taps = slices.DeleteFunc(r.taps, func(x *tap) bool { return x == t })
		})
		return nil, ctx.Err()
	}
}

// Observe waits for the next message from the core that want holds for. The radio acts on
// it as well.
func (r *Radio) Observe(ctx context.Context, want func(ngap.Message) bool) (ngap.Message, error) {
	return r.ask(ctx, func() {}, want)
}

// Say sends a message of a test's own on the radio's association.
func (r *Radio) Say(ctx context.Context, m ngap.Message, stream uint16) error {
	return r.do(ctx, func() { r.send(m, stream) })
}

// send encodes a message and sends it, or has it wait behind others.
func (r *Radio) send(m ngap.Message, stream uint16) {
	if r.cfg.Tamper == nil {
		r.encode(m, stream)
		return
	}
	for _, m := range r.cfg.Tamper(m) {
		r.encode(m, stream)
	}
}

func (r *Radio) encode(m ngap.Message, stream uint16) {
	if r.link == nil {
		return
	}
	b, err := ngap.Append(r.buf[:0], m)
	if err != nil {
		r.count("message that does not encode: " + err.Error())
		return
	}
	r.buf = b
	r.offer(Message{Stream: stream, PPID: PPID, Data: b})
}

// offer sends a message, or keeps it if the association is busy.
func (r *Radio) offer(m Message) {
	if len(r.backlog) == 0 {
		err := r.link.n2.Send(m)
		if err == nil {
			return
		}
		if !errors.Is(err, ErrBusy) {
			r.count("message not sent")
			return
		}
	}
	if len(r.backlog) >= backlogSize {
		r.count("message lost: association too slow")
		return
	}
	m.Data = slices.Clone(m.Data)
	r.backlog = append(r.backlog, m)
}

// flush offers again what waits.
func (r *Radio) flush() {
	n := 0
	for n < len(r.backlog) && r.link != nil {
		err := r.link.n2.Send(r.backlog[n])
		if errors.Is(err, ErrBusy) {
			break
		}
		n++
	}
	if n == len(r.backlog) {
		r.backlog = r.backlog[:0]
		return
	}
	r.backlog = slices.Delete(r.backlog, 0, n)
}

// receive takes one message from the core.
func (r *Radio) receive(m Message) {
	if m.PPID != PPID {
		r.count("wrong payload protocol identifier")
		return
	}
	msg, fault := ngap.Parse(m.Data)
	if fault != nil {
		if fault.Cause != nil {
			r.count("faulty message: " + fault.Error())
		}
		if answer := fault.Reply(); answer != nil {
			r.send(answer, 0)
		}
	}
	if msg == nil || r.cfg.Deaf != nil && r.cfg.Deaf(msg) {
		return
	}
	if !r.common(msg, m.Stream) {
		r.dedicated(msg, m.Stream)
	}
	for i, t := range r.taps {
		if t.want(msg) {
			t.got <- msg
			r.taps = slices.Delete(r.taps, i, i+1)
			break
		}
	}
}

// common handles what is not of one phone; false if the message is.
func (r *Radio) common(m ngap.Message, stream uint16) bool {
	switch m := m.(type) {
	case *ngap.NGSetupResponse:
		r.accepted(m)
	case *ngap.NGSetupFailure:
		r.refused(m)
	case *ngap.NGReset:
		r.wasReset(m)
	case *ngap.OverloadStart:
		r.overloaded(m)
	case *ngap.OverloadStop:
		r.recovered()
	case *ngap.RANConfigurationUpdateAcknowledge:
		r.updated(true)
	case *ngap.RANConfigurationUpdateFailure:
		r.updated(false)
	case *ngap.NGResetAcknowledge, *ngap.AMFStatusIndication:
		// Somebody may wait for them; the radio itself has nothing to do.
	case *ngap.AMFConfigurationUpdate:
		r.send(&ngap.AMFConfigurationUpdateAcknowledge{}, 0)
	case *ngap.Paging:
		r.page(m)
	case *ngap.ErrorIndication:
		if m.RANUENGAPID != nil || m.AMFUENGAPID != nil {
			return false
		}
		r.count("Error Indication" + causeOf(m))
	default:
		return false
	}
	if stream != 0 {
		r.count("message of the radio on the stream of a phone")
	}
	return true
}

func causeOf(m *ngap.ErrorIndication) string {
	if m.Cause == nil {
		return ""
	}
	return ": " + m.Cause.String()
}

// page wakes the phone that is meant, if it is here.
func (r *Radio) page(m *ngap.Paging) {
	for _, u := range r.ues {
		if u == nil || u.connected {
			continue
		}
		if s, ok := u.phone.lastSTMSI(); ok && s == m.STMSI {
			r.step(u, Paged{})
			return
		}
	}
}

// find is the phone that has this connection; nil if none has.
func (r *Radio) find(id ident.RANUENGAPID) *UE {
	i := uint32(id) >> 8
	if int(i) >= len(r.ues) || r.ues[i] == nil || !r.ues[i].connected || r.ues[i].ranID() != id {
		return nil
	}
	return r.ues[i]
}

func (r *Radio) findAMF(id *ident.AMFUENGAPID) *UE {
	if id == nil {
		return nil
	}
	for _, u := range r.ues {
		if u != nil && u.connected && u.hasAMF && u.amf == *id {
			return u
		}
	}
	return nil
}

// owner is the phone that a message is for, once both identifiers have been checked and
// the core's is known. Where there is none, the core is told.
func (r *Radio) owner(amf ident.AMFUENGAPID, ran ident.RANUENGAPID, stream uint16) *UE {
	u := r.find(ran)
	if u == nil {
		r.count("message for a connection that is not there")
		cause := ngap.CauseRadioUnknownLocalUENGAPID
		r.send(&ngap.ErrorIndication{AMFUENGAPID: &amf, RANUENGAPID: &ran, Cause: &cause}, stream)
		return nil
	}
	if u.hasAMF && u.amf != amf {
		r.count("message with another connection's identifier")
		cause := ngap.CauseRadioInconsistentRemoteUENGAPID
		r.send(&ngap.ErrorIndication{AMFUENGAPID: &amf, RANUENGAPID: &ran, Cause: &cause}, stream)
		return nil
	}
	switch {
	case !u.hasAMF:
		u.hasAMF, u.amf, u.theirs = true, amf, stream
		if stream == 0 && r.link.streams > 1 {
			r.count("message of a phone on stream 0")
		}
	case u.theirs != stream:
		r.count("message of a phone on another stream than before")
	default:
		return u
	}
	if r.cfg.Maker.StrictStreams && (stream == 0 && r.link.streams > 1 || u.theirs != stream) {
		return nil
	}
	return u
}

// dedicated handles what is of one phone.
func (r *Radio) dedicated(m ngap.Message, stream uint16) {
	switch m := m.(type) {
	case *ngap.DownlinkNASTransport:
		if u := r.owner(m.AMFUENGAPID, m.RANUENGAPID, stream); u != nil {
			u.restrict(m.MobilityRestrictions)
			r.deliver(u, m.NASPDU)
		}
	case *ngap.InitialContextSetupRequest:
		if u := r.owner(m.AMFUENGAPID, m.RANUENGAPID, stream); u != nil {
			r.contextSetup(u, m)
		}
	case *ngap.UEContextReleaseCommand:
		r.release(m, stream)
	case *ngap.PDUSessionResourceSetupRequest:
		if u := r.owner(m.AMFUENGAPID, m.RANUENGAPID, stream); u != nil {
			r.sessionSetup(u, m)
		}
	case *ngap.PDUSessionResourceReleaseCommand:
		if u := r.owner(m.AMFUENGAPID, m.RANUENGAPID, stream); u != nil {
			r.sessionRelease(u, m)
		}
	case *ngap.PDUSessionResourceModifyRequest:
		if u := r.owner(m.AMFUENGAPID, m.RANUENGAPID, stream); u != nil {
			r.sessionModify(u, m)
		}
	case *ngap.UEContextModificationRequest:
		if u := r.owner(m.AMFUENGAPID, m.RANUENGAPID, stream); u != nil {
			r.send(&ngap.UEContextModificationResponse{AMFUENGAPID: m.AMFUENGAPID, RANUENGAPID: m.RANUENGAPID}, u.stream)
		}
	case *ngap.ErrorIndication:
		r.errorAbout(m)
	default:
		r.count("unexpected " + m.Procedure().String())
	}
}

// errorAbout is an Error Indication of a phone's connection, which then is gone.
func (r *Radio) errorAbout(m *ngap.ErrorIndication) {
	r.count("Error Indication" + causeOf(m))
	u := r.findAMF(m.AMFUENGAPID)
	if m.RANUENGAPID != nil {
		u = r.find(*m.RANUENGAPID)
	}
	if u == nil || m.AMFUENGAPID != nil && u.hasAMF && u.amf != *m.AMFUENGAPID {
		return
	}
	r.drop(u)
}
