package node

import (
	"context"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"cordon/aka"
	"cordon/ident"
	"cordon/ran"
	"cordon/subscriber"
	"cordon/wire/gtpu"
	"cordon/wire/nas"
	"cordon/wire/ngap"
	"cordon/wire/wiretest"
)

// Everything that a core says in the procedures there are, on N2 with NAS inside and on N3, is
// read by a dissector that nobody here wrote. The null cipher lets it see into NAS.
func TestDissected(t *testing.T) {
	first, _ := ident.ParseSUPI(firstIMSI)
	o := observe(t, first, slog.New(slog.NewTextHandler(t.Output(), nil)))
	o.everything()

	var n2 []wiretest.Packet
	for _, r := range o.rec.Records() {
		if r.FromCore {
			n2 = append(n2, wiretest.NGAP(r.Data))
		}
	}
	wiretest.Check(t, n2...)
	wants(t, wiretest.Text(t, n2...),
		"NGSetupResponse", "NGSetupFailure", "RANConfigurationUpdateAcknowledge", "RANConfigurationUpdateFailure", "NGResetAcknowledge",
		"ErrorIndication", "CriticalityDiagnostics",
		"DownlinkNASTransport", "InitialContextSetupRequest", "UEContextReleaseCommand",
		"PDUSessionResourceSetupRequest", "PDUSessionResourceReleaseCommand",
		"Authentication request", "EAP-AKA'", "Code: Success (3)", "Security mode command", "Identity request", "Authentication reject",
		"Registration accept", "Registration reject", "Configuration update command", "Service accept", "Service reject",
		"DL NAS transport", "5GMM status", "5GSM status",
		"Deregistration accept (UE originating)", "Deregistration request (UE terminated)",
		"PDU session establishment accept", "PDU session establishment reject", "PDU session release command")

	n3 := o.n3.packets()
	wiretest.Check(t, n3...)
	wants(t, wiretest.Text(t, n3...), "Message Type: T-PDU", "DL PDU SESSION INFORMATION", "Message Type: Echo response",
		"Message Type: Error indication", "Message Type: Supported extension header")
	t.Logf("%d messages on N2, %d on N3", len(n2), len(n3))
}

// wants checks that a dissector has seen something.
func wants(t *testing.T, text string, all ...string) {
	t.Helper()
	text = strings.ToLower(text)
	for _, w := range all {
		if !strings.Contains(text, strings.ToLower(w)) {
			t.Errorf("no %q was dissected", w)
		}
	}
}

// An observation is a core whose words are kept.
type observation struct {
	*world
	*testing.T
	rec  ran.Recorder
	n3   tapped
	cfg  ran.Config
	r    *ran.Radio
	next ident.SUPI
	ctx  context.Context
}

func observe(t *testing.T, first ident.SUPI, log *slog.Logger) *observation {
	cfg := testConfig(t)
	cfg.Security.Ciphering = []uint8{aka.AlgNull}
	cfg.NetworkName = NameConfig{Full: "Cordon", Short: "Cordon", NITZ: true}
	o := &observation{T: t, world: startLogging(t, cfg, log)}
	o.subscribeFrom(t, first, 10)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	o.ctx = ctx
	o.cfg = o.world.load(t, 0)
	o.cfg.Radios[0].Recorder, o.cfg.Radios[0].Listen = &o.rec, o.n3.listen
	o.next = first
	var err error
	if o.r, err = ran.Open(ctx, o.cfg.Radios[0]); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.r.Close)
	return o
}

// everything is all the procedures that there are, and what does not belong to any.
func (o *observation) everything() {
	o.phones()
	o.network()
	o.refusals()
	o.radios()
	o.packets()
}

func (o *observation) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

// phone is another one, switched off, after what change makes of it.
func (o *observation) phone(change func(*ran.PhoneConfig)) *ran.UE {
	o.Helper()
	cfg := o.cfg.Groups[0].Phone
	if change != nil {
		change(&cfg)
	}
	u, err := o.r.Add(o.ctx, o.next, &cfg)
	o.must(err)
	o.next++
	return u
}

// phones are the procedures that devices begin.
func (o *observation) phones() {
	u := o.phone(func(c *ran.PhoneConfig) { c.Sessions = append(c.Sessions, c.Sessions[0]) })
	o.must(u.Register(o.ctx))
	o.must(u.Echo(o.ctx, 1, testEcho))
	o.must(u.Idle(o.ctx))
	o.must(u.Service(o.ctx))
	o.must(u.Do(o.ctx, ran.Update{}))
	o.must(u.Await(o.ctx, func(s ran.Status) (bool, error) { return s.State == ran.Registered, nil }))
	o.must(u.Do(o.ctx, ran.Update{Periodic: true}))
	o.must(u.Await(o.ctx, func(s ran.Status) (bool, error) { return s.State == ran.Registered, nil }))
	o.must(u.Service(o.ctx))
	o.must(u.Do(o.ctx, ran.CloseSession{PSI: 1}))
	o.must(u.Await(o.ctx, func(s ran.Status) (bool, error) { _, ok := s.Session(1); return !ok, nil }))
	o.must(u.Do(o.ctx, ran.OpenSession{PSI: 3, SessionConfig: ran.SessionConfig{DNN: "nowhere"}}))
	o.must(u.Await(o.ctx, func(s ran.Status) (bool, error) { _, ok := s.Session(3); return !ok, nil }))
	o.must(u.Deregister(o.ctx, false))

	eap := o.next
	p, err := o.Store.Get(eap)
	o.must(err)
	p.Credentials.Method = subscriber.EAPAKAPrime
	o.must(o.Store.Add(p, true))
	u = o.phone(nil)
	o.must(u.Register(o.ctx))
	o.must(u.Deregister(o.ctx, true))

	for _, method := range []subscriber.Method{subscriber.FiveGAKA, subscriber.EAPAKAPrime} {
		p, err := o.Store.Get(o.next)
		o.must(err)
		p.Credentials.Method = method
		o.must(o.Store.Add(p, true))
		u = o.phone(func(c *ran.PhoneConfig) { c.FirstSQN = 1 << 46 })
		o.must(u.Register(o.ctx))
	}
}

// network are those that the core begins.
func (o *observation) network() {
	u := o.phone(nil)
	o.must(u.Register(o.ctx))
	o.must(o.ReleaseSession(o.ctx, u.SUPI(), 1))
	o.must(u.Await(o.ctx, func(s ran.Status) (bool, error) { _, ok := s.Session(1); return !ok, nil }))
	o.must(o.Deregister(o.ctx, u.SUPI()))
	o.must(u.Await(o.ctx, func(s ran.Status) (bool, error) { return s.State == ran.Deregistered && !s.Connected, nil }))
}

// refusals are answers to what a phone should not say.
func (o *observation) refusals() {
	u := o.phone(nil)
	o.must(u.Register(o.ctx))
	// What the phone answers meanwhile is lost, so that its next word is the test's.
	o.must(u.Tamper(o.ctx, func([]byte) [][]byte { return nil }))
	v6, err := nas.AppendSM(nil, nas.SMHeader{Session: 5, PTI: 5}, &nas.PDUSessionEstablishmentRequest{
		IntegrityRate: nas.IntegrityRate{Uplink: nas.FullRate, Downlink: nas.FullRate}, SessionType: nas.PDUSessionIPv6, SSC: 1})
	o.must(err)
	for _, m := range []nas.Message{
		&nas.ULNASTransport{PayloadType: nas.PayloadSM, Payload: []byte{0x2e, 1, 9, 0xfe}, Session: 1},       // no 5GSM message
		&nas.ULNASTransport{PayloadType: nas.PayloadSM, Payload: []byte{0x2e, 1, 9, 0xc9}, Session: 1},       // cut short
		&nas.ULNASTransport{PayloadType: nas.PayloadSM, Payload: []byte{0x2e, 9, 9, 0xd1, 0x24}, Session: 9}, // of no session
		&nas.ULNASTransport{PayloadType: nas.PayloadSM, Payload: v6, Session: 5, Request: nas.RequestInitial},
		&nas.AuthenticationResponse{}, // not asked for
	} {
		b, err := u.Seal(o.ctx, m)
		o.must(err)
		before := o.said()
		o.must(u.SendNAS(o.ctx, b))
		if !eventually(func() bool { return o.said() > before }) {
			o.Errorf("no answer to %+v", m)
		}
	}
	o.must(u.Tamper(o.ctx, nil))

	wrong := o.phone(func(c *ran.PhoneConfig) {
		k := testK
		k[0] ^= 1
		c.SIM = aka.NewMilenage(k, testOPc)
	})
	if err := wrong.Register(o.ctx); err == nil {
		o.Error("a SIM with the wrong key is let in")
	}
	stranger := o.phone(nil)
	o.must(o.Store.Remove(stranger.SUPI()))
	if err := stranger.Register(o.ctx); err == nil {
		o.Error("a stranger is let in")
	}
}

// said is how many messages the core has sent.
func (o *observation) said() (n int) {
	for _, r := range o.rec.Records() {
		if r.FromCore {
			n++
		}
	}
	return n
}

// radios are what a radio by itself is told.
func (o *observation) radios() {
	_, err := o.r.Update(o.ctx, "renamed", nil, nil)
	o.must(err)
	raw := o.raw()
	elsewhere := o.cfg.Radios[1]
	elsewhere.Node.ID, elsewhere.TACs = 0x999, []ident.TAC{99}
	_, err = raw.Setup(o.ctx, elsewhere)
	o.must(err)
	elsewhere.TACs = o.cfg.Radios[1].TACs
	_, err = raw.Setup(o.ctx, elsewhere)
	o.must(err)
	o.must(raw.Send(&ngap.RANConfigurationUpdate{SupportedTAs: []ngap.SupportedTA{{TAC: 99, PLMNs: []ngap.PLMNSupport{{PLMN: o.world.cfg.PLMN, Slices: elsewhere.Slices}}}}}, 0))
	_, err = ran.Expect[*ngap.RANConfigurationUpdateFailure](o.ctx, raw)
	o.must(err)

	// A temporary identity of another core, and one that is nobody's.
	guti := ident.GUTI{GUAMI: ident.GUAMI{PLMN: o.world.cfg.PLMN, Region: 9, Set: 9, Pointer: 9}, TMSI: 0xc0ffee}
	register, err := nas.Append(nil, &nas.RegistrationRequest{Kind: nas.RegistrationInitial, KSI: 7,
		Identity: nas.MobileIdentity{Type: nas.IdentityGUTI, GUTI: guti}, Security: capable})
	o.must(err)
	o.must(raw.Initial(elsewhere, 1, register))
	_, err = ran.Expect[*ngap.DownlinkNASTransport](o.ctx, raw)
	o.must(err)
	service, err := nas.Append(nil, &nas.ServiceRequest{KSI: 1, Service: nas.ServiceData, STMSI: guti.STMSI()})
	o.must(err)
	o.must(raw.Initial(elsewhere, 2, append([]byte{0x7e, 1, 1, 2, 3, 4, 0}, service...)))
	_, err = ran.Expect[*ngap.DownlinkNASTransport](o.ctx, raw)
	o.must(err)

	// What is no NGAP, is of nobody, or lacks what it must have.
	amf, rid := ident.AMFUENGAPID(12345), ident.RANUENGAPID(77)
	o.must(raw.Send(&ngap.UplinkNASTransport{AMFUENGAPID: amf, RANUENGAPID: rid, NASPDU: service, UserLocation: hisPlace(elsewhere)}, 1))
	o.must(raw.SendRaw(ran.Message{PPID: ran.PPID, Data: []byte{0x00, 0x0f, 0x40, 0xff, 0xff}}))
	o.must(raw.SendRaw(ran.Message{PPID: ran.PPID, Data: []byte{0x00, 0x2e, 0x40, 0x03, 0x00, 0x00, 0x00}}))
	o.must(raw.SendRaw(ran.Message{PPID: ran.PPID, Data: []byte{0x00, 0xfe, 0x00, 0x03, 0x00, 0x00, 0x00}}))
	for range 3 {
		_, err = ran.Expect[*ngap.ErrorIndication](o.ctx, raw)
		o.must(err)
	}
	// Both kinds of reset.
	o.must(raw.Send(&ngap.NGReset{Cause: ngap.CauseRadioUnspecified, ResetType: ngap.ResetType{Part: []ngap.NGConnection{{AMF: &amf, RAN: &rid}, {RAN: &rid}}}}, 0))
	_, err = ran.Expect[*ngap.NGResetAcknowledge](o.ctx, raw)
	o.must(err)
	_, err = o.r.Reset(o.ctx)
	o.must(err)
}

func hisPlace(cfg ran.RadioConfig) ngap.UserLocation {
	return ngap.UserLocation{Kind: ngap.AccessNR, PLMN: cfg.Node.PLMN, Cell: uint64(cfg.Node.ID)<<(36-cfg.Node.Bits) | 1,
		TAI: ident.TAI{PLMN: cfg.Node.PLMN, TAC: cfg.TACs[0]}}
}

// raw is a radio that says what it is told to, and is recorded as well.
func (o *observation) raw() *ran.RawRadio {
	o.Helper()
	n2, err := o.cfg.Radios[1].Dial(o.ctx)
	o.must(err)
	r := ran.Raw(o.rec.Wrap("raw", n2))
	o.Cleanup(r.Close)
	return r
}

// packets are what a radio is told on N3.
func (o *observation) packets() {
	u := o.phone(nil)
	o.must(u.Register(o.ctx))
	o.must(u.Echo(o.ctx, 1, testEcho))
	s, err := u.Status(o.ctx)
	o.must(err)
	x, _ := s.Session(1)
	echo, err := gtpu.EchoRequest{Seq: 7}.AppendBinary(nil)
	o.must(err)
	o.must(o.r.SendGTP(x, echo))
	nobody := x
	nobody.Remote ^= 0x5a5a5a5a
	o.must(o.r.SendGTP(x, ran.Encapsulate(nobody, 1, make([]byte, 40))))
	extended := ran.Encapsulate(x, 1, make([]byte, 40))
	extended[11] = 0xc1 // an extension header that must be understood and is not
	o.must(o.r.SendGTP(x, extended))
	if !eventually(func() bool { return o.n3.kinds() == 4 }) {
		o.Errorf("%d kinds of messages on N3", o.n3.kinds())
	}
}

// tapped keeps what a radio's N3 socket hears.
type tapped struct {
	ran.N3
	mu    sync.Mutex // guards heard
	heard [][]byte
}

func (n *tapped) listen(addr netip.AddrPort) (_ ran.N3, err error) {
	n.N3, err = ran.ListenUDP(addr)
	return n, err
}

func (n *tapped) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	size, from, err := n.N3.ReadFromUDPAddrPort(b)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.heard = append(n.heard, append([]byte(nil), b[:size]...))
	return size, from, err
}

func (n *tapped) packets() (all []wiretest.Packet) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, b := range n.heard {
		if len(b) > 0 { // the last reading is the end
			all = append(all, wiretest.GTPU(b))
		}
	}
	return all
}

// kinds is how many types of message have come.
func (n *tapped) kinds() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	seen := make(map[byte]bool)
	for _, b := range n.heard {
		if len(b) > 1 {
			seen[b[1]] = true
		}
	}
	return len(seen)
}
