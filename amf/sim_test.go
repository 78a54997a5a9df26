package amf

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"cordon/aka"
	"cordon/ident"
	"cordon/subscriber"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// The world of the tests: one AMF, radios, phones, and the answers of store and sessions.
type world struct {
	t      testing.TB
	cfg    *Config
	a      *AMF
	now    time.Time
	radios map[RadioID]*RadioInfo
	phones map[string]*phone
	conns  map[ident.AMFUENGAPID]*phone
	plan   *subscriber.Plan
	nextID uint64
	log    func(format string, args ...any) // each effect, as text
	asked  map[*phone]NeedVector
	saved  map[ident.SUPI][]byte
	drops  [reasons]int
	found  [findings]int
	quiet  bool
	bare   bool          // nothing is checked, kept or shown: for measuring
	spent  time.Duration // in the machine
}

var testPLMN = ident.PLMN{0x00, 0xf1, 0x10}

func testConfig() *Config {
	return &Config{
		Name: "cordon", GUAMI: ident.GUAMI{PLMN: testPLMN, Region: 2, Set: 1, Pointer: 0}, Capacity: 255,
		TACs: []ident.TAC{1, 2}, Slices: []ident.SNSSAI{{SST: 1, SD: ident.NoSD}, {SST: 2, SD: 0x010203}},
		Integrity: []uint8{2, 1, 3}, Ciphering: []uint8{2, 1, 3, 0},
		T3512: 54 * time.Minute, T3502: 12 * time.Minute, T3346: 5 * time.Minute,
		IMSVoice: true, FullName: "Cordon", NITZ: true,
	}
}

func newWorld(t testing.TB, cfg *Config) *world {
	if err := cfg.Check(); err != nil {
		t.Fatal(err)
	}
	plan, err := subscriber.NewPlan(subscriber.Plan{
		Name: "gold", UEAMBR: subscriber.AMBR{UL: 1e9, DL: 2e9},
		Slices: []subscriber.Slice{
			{SNSSAI: cfg.Slices[0], Default: true, DNNs: []subscriber.Network{{DNN: "internet", Default: true, AMBR: subscriber.AMBR{UL: 1e8, DL: 1e8}}}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		t: t, cfg: cfg, now: time.Unix(1_800_000_000, 0).UTC(), plan: plan,
		radios: map[RadioID]*RadioInfo{}, phones: map[string]*phone{}, conns: map[ident.AMFUENGAPID]*phone{},
		asked: map[*phone]NeedVector{}, saved: map[ident.SUPI][]byte{}, log: func(string, ...any) {},
	}
	w.a = New(cfg, 0, 1, rand.NewChaCha8([32]byte{1}))
	for id := RadioID(1); id <= 2; id++ {
		w.radios[id] = w.radio(id, "generic", 1)
	}
	w.radios[3] = w.radio(3, "generic", 9) // broadcasts an area that is not served
	return w
}

// radio sets a radio up through its own machine.
func (w *world) radio(id RadioID, profile string, tac ident.TAC) *RadioInfo {
	w.cfg.Radios = append(w.cfg.Radios, RadioRule{Prefix: fmt.Sprintf("radio%d", id), Profile: profile})
	r := NewRadio(w.cfg, id)
	tas := []ngap.SupportedTA{{TAC: tac, PLMNs: []ngap.PLMNSupport{{PLMN: testPLMN, Slices: w.cfg.Slices}}}}
	if tac == 9 {
		tas = append(tas, ngap.SupportedTA{TAC: 2, PLMNs: tas[0].PLMNs})
	}
	r.Step(Input{Msg: &ngap.NGSetupRequest{
		GlobalRANNodeID: testNode(id), RANNodeName: fmt.Sprintf("radio%d", id), SupportedTAs: tas,
	}})
	if r.Info() == nil {
		w.t.Fatalf("radio %d was not set up", id)
	}
	return r.Info()
}

func testNode(id RadioID) ident.RANNode {
	return ident.RANNode{PLMN: testPLMN, Kind: ident.GNB, Bits: 24, ID: uint32(id)}
}

// phone is a device as it should be: it checks what the network says.
type phone struct {
	name     string
	supi     ident.SUPI
	radio    RadioID
	conn     ident.AMFUENGAPID
	ran      ident.RANUENGAPID
	caps     nas.UESecurityCapability
	guti     *ident.GUTI
	sec      nas.Security // in use; Integrity 0 is none
	next     nas.Security // announced by a security mode command
	kamf     aka.Key
	ksi      nas.KSI
	kseaf    aka.Key // of the last challenge
	resStar  [16]byte
	eap      []byte // answer to the last EAP challenge
	eapKey   aka.Key
	request  *nas.RegistrationRequest // the whole last one
	got      []nas.Message
	sim      aka.SEQArray
	method   subscriber.Method
	connKey  *[32]byte // KgNB that the radio was given
	connUp   uint32    // uplink COUNT it should derive from
	lastSent []byte
	spoken   bool // the network has answered under the keys on this connection
}

const defaultCaps = "\xe0\xe0" // EA0-2, IA0-2

func (w *world) phone(name string) *phone {
	if p := w.phones[name]; p != nil {
		return p
	}
	w.nextID++
	supi, err := ident.ParseSUPI(fmt.Sprintf("00101%010d", w.nextID))
	if err != nil {
		w.t.Fatal(err)
	}
	caps, _ := nas.NewUESecurityCapability([]byte(defaultCaps))
	p := &phone{name: name, supi: supi, radio: 1, caps: caps, ksi: nas.NoKSI}
	w.phones[name] = p
	return p
}

// connect sends an InitialUEMessage on a new connection.
func (w *world) connect(p *phone, pdu []byte, context bool) {
	w.nextID++
	p.conn, p.ran = ident.AMFUENGAPID(w.nextID), ident.RANUENGAPID(w.nextID)
	w.conns[p.conn] = p
	p.lastSent, p.spoken = pdu, false
	w.step(Arrived{Conn: p.conn, Radio: w.radios[p.radio], Msg: &ngap.InitialUEMessage{
		RANUENGAPID: p.ran, NASPDU: pdu, UEContextRequest: context,
		UserLocation: w.location(p.radio), RRCEstablishmentCause: ngap.RRCMOSignalling,
	}})
}

func (w *world) location(id RadioID) ngap.UserLocation {
	return ngap.UserLocation{
		Kind: ngap.AccessNR, PLMN: testPLMN, Cell: uint64(id)<<12 | 1, TAI: w.radios[id].Areas[0].TAI,
	}
}

// uplink sends NAS on the phone's connection.
func (w *world) uplink(p *phone, pdu []byte) {
	p.lastSent = pdu
	w.step(Received{Conn: p.conn, Msg: &ngap.UplinkNASTransport{
		AMFUENGAPID: p.conn, RANUENGAPID: p.ran, NASPDU: pdu, UserLocation: w.location(p.radio),
	}})
}

func (w *world) fromRadio(p *phone, m ngap.Message) { w.step(Received{Conn: p.conn, Msg: m}) }

// step gives the AMF an event and deals with what it asks.
func (w *world) step(ev Event) {
	began := time.Now()
	effects := w.a.Step(w.now, ev)
	w.spent += time.Since(began)
	effects = append([]Effect(nil), effects...)
	if _, tick := ev.(Tick); len(effects) == 0 && !tick {
		w.t.Errorf("%T met silence", ev)
	}
	for _, e := range effects {
		w.perform(e)
	}
	if !w.bare {
		w.invariants()
	}
}

// tick lets time pass, stopping at each deadline.
func (w *world) tick(d time.Duration) {
	end := w.now.Add(d)
	for {
		at, ok := w.a.Deadline()
		if !ok || at.After(end) {
			break
		}
		w.now = at
		w.step(Tick{})
	}
	w.now = end
	w.step(Tick{})
}

func (w *world) perform(e Effect) {
	switch e := e.(type) {
	case Send:
		w.send(e)
		return
	case NeedVector:
		if p := w.conns[e.Conn]; p != nil {
			w.asked[p] = e
		}
	case Save:
		if w.bare {
			return
		}
		w.saved[e.SUPI] = w.a.AppendContext(nil, e.SUPI)
	case Forget:
		delete(w.saved, e.SUPI)
	case Closed:
		delete(w.conns, e.Conn)
	case Drop:
		w.drops[e.Reason]++
	case Finding:
		w.found[e.Kind]++
	}
	if !w.bare {
		w.log("%s", w.show(e))
	}
}

// send encodes what goes to the radio, as it must be possible, and gives the phone its NAS.
func (w *world) send(e Send) {
	if !w.bare {
		b, err := ngap.Append(nil, e.Msg)
		if err != nil {
			w.t.Errorf("%T cannot be encoded: %v", e.Msg, err)
		}
		if m, bad := ngap.Parse(b); m == nil {
			w.t.Errorf("%T cannot be decoded: %v", e.Msg, bad)
		}
		w.log("%s", w.show(e))
	}
	p := w.conns[e.Conn]
	if p == nil {
		return
	}
	for _, pdu := range nasPDUs(e.Msg) {
		m, err := p.receive(w, pdu)
		if err != nil {
			w.log("  %s refuses it: %v", p.name, err)
			continue
		}
		if !w.bare {
			w.log("  %s: %s", p.name, showNAS(m))
		}
	}
	if m, ok := e.Msg.(*ngap.InitialContextSetupRequest); ok {
		p.connKey = &m.SecurityKey
		if m.SecurityKey != aka.KgNB(p.kamf, p.connUp, aka.Access3GPP) {
			w.t.Errorf("%s: the radio's key does not derive from COUNT %d", p.name, p.connUp)
		}
	}
}

func nasPDUs(m ngap.Message) (out [][]byte) {
	switch m := m.(type) {
	case *ngap.DownlinkNASTransport:
		out = append(out, m.NASPDU)
	case *ngap.InitialContextSetupRequest:
		if m.NASPDU != nil {
			out = append(out, m.NASPDU)
		}
		for _, s := range m.Setup {
			if s.NAS != nil {
				out = append(out, s.NAS)
			}
		}
	case *ngap.PDUSessionResourceSetupRequest:
		for _, s := range m.Setup {
			if s.NAS != nil {
				out = append(out, s.NAS)
			}
		}
	case *ngap.PDUSessionResourceReleaseCommand:
		if m.NASPDU != nil {
			out = append(out, m.NASPDU)
		}
	}
	return out
}

// receive is the phone's side of protection and of what changes its state.
func (p *phone) receive(w *world, pdu []byte) (nas.Message, error) {
	h, err := nas.ParseHeader(pdu)
	if err != nil {
		return nil, err
	}
	plain := pdu
	switch h.Type {
	case nas.HeaderPlain:
	case nas.HeaderNewIntegrity:
		m, _, err := nas.Parse(h.Inner)
		if err != nil {
			return nil, err
		}
		if err := p.secure(w, m.(*nas.SecurityModeCommand)); err != nil {
			return m, err
		}
		if plain, err = p.next.Unprotect(pdu); err != nil {
			return m, err
		}
	default:
		if plain, err = p.sec.Unprotect(pdu); err != nil {
			return nil, err
		}
		p.spoken = true
	}
	m, ignored, err := nas.Parse(plain)
	if err != nil || len(ignored) > 0 {
		return nil, fmt.Errorf("malformed: %v %v", err, ignored)
	}
	p.got = append(p.got, m)
	p.note(w, m)
	return m, nil
}

func (p *phone) note(w *world, m nas.Message) {
	switch m := m.(type) {
	case *nas.AuthenticationRequest:
		p.ksi = m.KSI
		if m.EAP != nil {
			var err error
			p.eap, p.eapKey, err = aka.AnswerEAP(w.milenage(p), &p.sim, m.EAP, testPLMN.ServingNetworkName(), p.supi)
			if err != nil {
				w.t.Errorf("%s: EAP: %v", p.name, err)
			}
			p.kseaf = aka.KSEAF(p.eapKey, testPLMN.ServingNetworkName())
			return
		}
		p.kseaf, p.resStar = secrets(*m.RAND)
	case *nas.RegistrationAccept:
		p.guti = m.GUTI
	case *nas.ConfigurationUpdateCommand:
		if m.GUTI != nil {
			p.guti = m.GUTI
		}
	case *nas.RegistrationReject, *nas.AuthenticationReject:
		p.guti, p.sec, p.ksi = nil, nas.Security{}, nas.NoKSI
	}
}

// secure prepares the context that a security mode command announces.
func (p *phone) secure(w *world, m *nas.SecurityModeCommand) error {
	if m.Replayed != p.caps {
		return fmt.Errorf("capabilities were altered")
	}
	if m.Integrity == 0 {
		w.t.Errorf("%s: null integrity was chosen", p.name)
	}
	p.kamf = aka.KAMF(p.kseaf, p.supi, []byte{0, 0})
	p.next = nas.Security{
		KNASint:   aka.AlgorithmKey(p.kamf, aka.NASInt, m.Integrity),
		KNASenc:   aka.AlgorithmKey(p.kamf, aka.NASEnc, m.Ciphering),
		Integrity: m.Integrity, Ciphering: m.Ciphering, Side: nas.Device,
	}
	return nil
}

// secrets is a stand-in for a SIM: the anchor key and the answer to a challenge.
func secrets(rnd [16]byte) (kseaf aka.Key, resStar [16]byte) {
	h := sha256.Sum256(rnd[:])
	kseaf = sha256.Sum256(h[:])
	return kseaf, [16]byte(h[:16])
}

func (w *world) milenage(p *phone) aka.Functions {
	var k, opc [16]byte
	binary.BigEndian.PutUint64(k[:], uint64(p.supi))
	return aka.NewMilenage(k, opc)
}

// answerVector is the subscriber store.
func (w *world) answerVector(p *phone, why VectorError) {
	ask, ok := w.asked[p]
	if !ok {
		w.t.Fatalf("nobody asked for a vector of %s", p.name)
	}
	delete(w.asked, p)
	w.step(w.vectorFor(p, ask, why))
}

func (w *world) vectorFor(p *phone, ask NeedVector, why VectorError) Vector {
	supi := ask.SUPI
	if ask.SUCI != nil {
		supi = fromSUCI(ask.SUCI)
	}
	v := Vector{Conn: ask.Conn, Request: ask.Request, Err: why, SUPI: supi, Plan: w.plan}
	w.nextID++
	binary.BigEndian.PutUint64(v.RAND[:], w.nextID)
	if p.method == subscriber.EAPAKAPrime {
		q := aka.BuildAUTN(w.milenage(p), v.RAND, aka.MakeSQN(w.nextID, 0), [2]byte{0x80, 0})
		run := aka.NewEAPServer(1, q, testPLMN.ServingNetworkName(), supi)
		v.EAP = &run
		return v
	}
	v.KSEAF, v.XRESStar = secrets(v.RAND)
	return v
}

// The null scheme's output is the last ten digits.
func (p *phone) suci() nas.MobileIdentity {
	d := p.supi.IMSI()[5:]
	out := make([]byte, 5)
	for i := range out {
		out[i] = d[2*i]&15 | d[2*i+1]<<4
	}
	return nas.MobileIdentity{Type: nas.IdentitySUCI, SUCI: ident.SUCI{PLMN: testPLMN, Routing: ident.RoutingIndicator{0xf0, 0xff}, Output: out}}
}

func fromSUCI(s *ident.SUCI) ident.SUPI {
	d := "00101"
	for _, b := range s.Output {
		d += string('0'+rune(b&15)) + string('0'+rune(b>>4))
	}
	supi, _ := ident.ParseSUPI(d)
	return supi
}

// registration is the whole request that the phone has to make.
func (p *phone) registration(kind nas.RegistrationType) *nas.RegistrationRequest {
	m := &nas.RegistrationRequest{Kind: kind, FollowOn: true, KSI: p.ksi, Identity: p.suci(), Security: p.caps}
	if p.guti != nil {
		m.Identity = nas.MobileIdentity{Type: nas.IdentityGUTI, GUTI: *p.guti}
	}
	return m
}

// plain encodes without protection.
func plain(m nas.Message) []byte {
	b, err := nas.Append(nil, m)
	if err != nil {
		panic(err)
	}
	return b
}

// protected encodes under the phone's keys, or plain if it has none.
func (p *phone) protected(m nas.Message) []byte {
	if p.sec.Integrity == 0 {
		return plain(m)
	}
	if !p.spoken {
		return p.seal(plain(m), nas.HeaderIntegrity)
	}
	return p.seal(plain(m), nas.HeaderCiphered)
}

func (p *phone) seal(b []byte, t nas.HeaderType) []byte {
	out, err := p.sec.Protect(nil, b, t)
	if err != nil {
		panic(err)
	}
	return out
}

// initialPDU is the request as a first message: in the clear what may be, the rest in the
// container, all under the phone's integrity key if it has one.
func (p *phone) initialPDU(full *nas.RegistrationRequest) []byte {
	p.request = full
	clear := full.Cleartext()
	p.connUp = p.sec.Uplink
	if p.sec.Integrity == 0 {
		return plain(clear)
	}
	if len(full.NonCleartext()) > 0 {
		clear.Container = plain(full)
		if err := p.sec.CipherContainer(clear.Container, p.sec.Uplink); err != nil {
			panic(err)
		}
	}
	return p.seal(plain(clear), nas.HeaderIntegrity)
}

// servicePDU is the same for a service request.
func (p *phone) servicePDU(full *nas.ServiceRequest) []byte {
	clear := full.Cleartext()
	p.connUp = p.sec.Uplink
	if len(full.NonCleartext()) > 0 {
		clear.Container = plain(full)
		if err := p.sec.CipherContainer(clear.Container, p.sec.Uplink); err != nil {
			panic(err)
		}
	}
	return p.seal(plain(clear), nas.HeaderIntegrity)
}

// complete answers a security mode command and takes the keys into use.
func (p *phone) complete(container bool) []byte {
	p.sec = p.next
	imeisv := ident.IMEISV(0x3534900698733190)
	m := &nas.SecurityModeComplete{IMEISV: &imeisv}
	if container && p.request != nil {
		m.Container = plain(p.request)
	}
	p.connUp = p.sec.Uplink
	return p.seal(plain(m), nas.HeaderNewCiphered)
}

// register takes a phone through the whole of an initial registration.
func (w *world) register(p *phone) {
	p.guti, p.sec, p.ksi = nil, nas.Security{}, nas.NoKSI
	w.connect(p, p.initialPDU(p.registration(nas.RegistrationInitial)), true)
	w.answerVector(p, VectorOK)
	w.answerChallenge(p)
	w.uplink(p, p.complete(true))
	w.fromRadio(p, &ngap.InitialContextSetupResponse{AMFUENGAPID: p.conn, RANUENGAPID: p.ran})
	w.uplink(p, p.protected(&nas.RegistrationComplete{}))
	if _, ok := w.a.Device(p.supi); !ok {
		w.t.Fatalf("%s is not registered", p.name)
	}
}

func (w *world) answerChallenge(p *phone) {
	m := &nas.AuthenticationResponse{RES: &p.resStar}
	if p.eap != nil {
		m = &nas.AuthenticationResponse{EAP: p.eap}
		p.eap = nil
	}
	w.uplink(p, p.protected(m))
}

// establish gives the phone a session whose tunnel stands.
func (w *world) establish(p *phone, psi ident.PDUSessionID) {
	w.uplink(p, p.protected(sessionRequest(psi)))
	w.step(SMMessage{SUPI: p.supi, PSI: psi, SNSSAI: w.cfg.Slices[0], N1: []byte{0x2e, byte(psi), 1, 0xc2}, N2: N2SetupRequest, Transfer: []byte("setup")})
	w.fromRadio(p, &ngap.PDUSessionResourceSetupResponse{
		AMFUENGAPID: p.conn, RANUENGAPID: p.ran, Setup: []ngap.PDUSessionTransfer{{ID: psi, Transfer: []byte("tunnel")}},
	})
}

func sessionRequest(psi ident.PDUSessionID) *nas.ULNASTransport {
	return &nas.ULNASTransport{
		PayloadType: nas.PayloadSM, Payload: []byte{0x2e, byte(psi), 1, 0xc1, 0xff, 0xff}, Session: psi, Request: nas.RequestInitial, DNN: "internet",
	}
}

// idle has the radio let the phone go.
func (w *world) idle(p *phone) {
	w.fromRadio(p, &ngap.UEContextReleaseRequest{AMFUENGAPID: p.conn, RANUENGAPID: p.ran, Cause: ngap.CauseRadioUserInactivity})
	w.fromRadio(p, &ngap.UEContextReleaseComplete{AMFUENGAPID: p.conn, RANUENGAPID: p.ran})
}

// invariants are what holds after every step.
func (w *world) invariants() {
	a := w.a
	open := 0
	for id, c := range a.conns {
		if c.id != id {
			w.t.Fatalf("connection %d is kept as %d", c.id, id)
		}
		if c.ue != nil && (c.ue.conn != c || a.ues[c.ue.supi] != c.ue) {
			w.t.Fatalf("connection %d and its device disagree", id)
		}
		if c.ue == nil && c.state != stateReleasing {
			open++
		}
		running := func(k timerKind) bool { return a.timers.Running(timerKey{uint64(id), k}) }
		asks := c.state == stateVector || c.state == stateIdentity || c.state == stateAuth || c.state == stateSecurity ||
			c.state == stateAccepted || c.state == stateLeaving
		if running(timerNAS) != asks {
			w.t.Fatalf("in %v the procedure's timer runs: %v", c.state, running(timerNAS))
		}
		if running(timerRelease) != (c.state == stateReleasing) || running(timerOpen) != (c.ue == nil && c.state != stateReleasing) {
			w.t.Fatalf("in %v timers: release %v, open %v", c.state, running(timerRelease), running(timerOpen))
		}
		if (c.setup == setupAsked && c.state != stateReleasing) != running(timerContext) {
			w.t.Fatalf("context %d, its timer %v", c.setup, running(timerContext))
		}
		if (c.state == stateAuth || c.state == stateSecurity) != (c.auth != nil && c.state != stateVector) {
			w.t.Fatalf("in %v the challenge is %v", c.state, c.auth)
		}
	}
	if open != a.open.n || open > w.cfg.Limits.halfOpen() {
		w.t.Fatalf("%d half-open connections, %d counted", open, a.open.n)
	}
	for t, u := range a.tmsis {
		if a.ues[u.supi] != u || u.tmsi != t && u.former != t {
			w.t.Fatalf("identity %08x belongs to nobody", t)
		}
	}
	for supi, u := range a.ues {
		if u.supi != supi || u.accepted && a.tmsis[u.tmsi] != u {
			w.t.Fatal("a device cannot be found")
		}
		if u.conn == nil && !a.timers.Running(timerKey{uint64(supi), timerReachable}) && !a.timers.Running(timerKey{uint64(supi), timerImplicit}) {
			w.t.Fatal("an idle device is waited for by no timer")
		}
		if u.conn != nil && a.conns[u.conn.id] != u.conn {
			w.t.Fatal("a device's connection is gone")
		}
		if u.accepted && u.sec.Downlink > u.ceiling {
			w.t.Fatalf("downlink COUNT %d is beyond what a restart continues from, %d", u.sec.Downlink, u.ceiling)
		}
	}
}

// alive is what every hostile case ends with: the victim is registered as before and reaches
// its session, and a fresh device can register.
func (w *world) alive(victim *phone) {
	w.t.Helper()
	i, ok := w.a.Device(victim.supi)
	if !ok || victim.guti == nil || i.GUTI != *victim.guti {
		w.t.Fatalf("%s is no longer registered as it was", victim.name)
	}
	if !i.Connected {
		status := i.Sessions
		w.connect(victim, victim.servicePDU(&nas.ServiceRequest{
			KSI: victim.ksi, Service: nas.ServiceData, STMSI: victim.guti.STMSI(), UplinkData: &status, SessionStatus: &status,
		}), true)
		for psi := range sessions(i.Sessions) {
			w.step(SMActivated{SUPI: victim.supi, PSI: psi, SNSSAI: w.cfg.Slices[0], Transfer: []byte("again"), OK: true})
		}
		if _, ok := victim.got[len(victim.got)-1].(*nas.ServiceAccept); !ok {
			w.t.Fatalf("%s gets no service: %T", victim.name, victim.got[len(victim.got)-1])
		}
	}
	reached := 0
	for psi := range sessions(i.Sessions) {
		for _, e := range w.a.Step(w.now, Received{Conn: victim.conn, Msg: &ngap.UplinkNASTransport{
			AMFUENGAPID: victim.conn, RANUENGAPID: victim.ran, UserLocation: w.location(victim.radio),
			NASPDU: victim.protected(&nas.ULNASTransport{PayloadType: nas.PayloadSM, Payload: []byte{0x2e, byte(psi), 0, 0xd6, 0x24}, Session: psi}),
		}}) {
			if _, ok := e.(SMN1); ok {
				reached++
			}
		}
	}
	if want := len(collect(i.Sessions)); reached != want {
		w.t.Fatalf("%s reaches %d of its %d sessions", victim.name, reached, want)
	}
	before := w.a.Connections()
	fresh := w.phone(fmt.Sprintf("fresh%d", w.nextID))
	w.register(fresh)
	w.uplink(fresh, fresh.protected(&nas.DeregistrationRequestUE{
		Kind: nas.Deregister3GPP | nas.SwitchOff, KSI: fresh.ksi, Identity: nas.MobileIdentity{Type: nas.IdentityGUTI, GUTI: *fresh.guti},
	}))
	w.fromRadio(fresh, &ngap.UEContextReleaseComplete{AMFUENGAPID: fresh.conn, RANUENGAPID: fresh.ran})
	if w.a.Connections() != before {
		w.t.Fatalf("%d connections, %d before the fresh device", w.a.Connections(), before)
	}
}

func collect(set nas.PDUSessions) (out []ident.PDUSessionID) {
	for psi := range sessions(set) {
		out = append(out, psi)
	}
	return out
}
