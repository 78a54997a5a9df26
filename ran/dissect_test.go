package ran

import (
	"context"
	"testing"

	"cordon/aka"
	"cordon/wire/gtpu"
	"cordon/wire/wiretest"
)

// Everything that a radio and its phone send is read by somebody else's dissector.
func TestDissected(t *testing.T) {
	var rec Recorder
	inBubble(t, func(c *testCore, r *RadioConfig, _ *PhoneConfig) { r.Recorder, c.nea = &rec, aka.AlgNull }, func(ctx context.Context, c *testCore, u *UE) {
		check(t, u.Register(ctx))
		check(t, u.Idle(ctx))
		check(t, u.Service(ctx))
		check(t, u.Do(ctx, Update{}))
		check(t, u.Await(ctx, func(s Status) (bool, error) { return s.State == Registered, nil }))
		check(t, u.Do(ctx, CloseSession{1}))
		check(t, u.Await(ctx, func(s Status) (bool, error) { _, ok := s.Session(1); return !ok, nil }))
		_, err := u.Radio().Update(ctx, "renamed", nil, nil)
		check(t, err)
		_, err = u.Radio().Reset(ctx, u)
		check(t, err)
		check(t, u.Deregister(ctx, false))
	})
	var packets []wiretest.Packet
	for _, r := range rec.Records() {
		if !r.FromCore {
			packets = append(packets, wiretest.NGAP(r.Data))
		}
	}
	if len(packets) < 15 {
		t.Fatalf("%d messages recorded", len(packets))
	}
	wiretest.Check(t, packets...)
	h := gtpu.Header{Type: gtpu.TypeGPDU, TEID: 9, HasContainer: true, Container: gtpu.Container{Type: gtpu.Uplink, QFI: 1}}
	p := probe{flow: 1, seq: 2, at: 3}
	solicitation := appendSolicitation(nil, linkLocal(testID))
	wiretest.Check(t, wiretest.GTPU(p.append(h.Append(nil, innerHeader(phoneSide.Addr())+64), phoneSide, serviceSide, 64)),
		wiretest.GTPU(p.append(h.Append(nil, innerHeader(phoneSide6.Addr())+64), phoneSide6, serviceSide6, 64)),
		wiretest.GTPU(append(h.Append(nil, len(solicitation)), solicitation...)))
}
