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
	"cordon/rules"
	"cordon/subscriber"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// The world of the tests: one AMF, radios, phones, and the answers of store and sessions.
type world struct {
	t        testing.TB
	cfg      *Config
	a        *AMF
	now      time.Time
	law      *rules.Snapshot
	radios   map[RadioID]*RadioInfo
	machines map[RadioID]*Radio
	phones   map[string]*phone
	conns    map[ident.AMFUENGAPID]*phone
	plan     *subscriber.Plan
	nextID   uint64
	log      func(format string, args ...any) // each effect, as text
	asked    map[*phone]NeedVector
	saved    map[ident.SUPI][]byte
	drops    [reasons]int
	found    [findings]int
	quiet    bool
	bare     bool          // nothing is checked, kept or shown: for measuring
	spent    time.Duration // in the machine
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
			{SNSSAI: cfg.Slices[1], DNNs: []subscriber.Network{{DNN: "factory", Default: true, AMBR: subscriber.AMBR{UL: 1e8, DL: 1e8}}}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		t: t, cfg: cfg, now: time.Unix(1_800_000_000, 0).UTC(), plan: plan,
		radios: map[RadioID]*RadioInfo{}, machines: map[RadioID]*Radio{}, phones: map[string]*phone{}, conns: map[ident.AMFUENGAPID]*phone{},
		asked: map[*phone]NeedVector{}, saved: map[ident.SUPI][]byte{}, log: func(string, ...any) {},
	}
	w.a = New(cfg, 0, 1, rand.NewChaCha8([32]byte{1}))
	w.obey()
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
	w.machines[id] = r
	tas := []ngap.SupportedTA{{TAC: tac, PLMNs: []ngap.PLMNSupport{{PLMN: testPLMN, Slices: w.cfg.Slices}}}}
	if tac == 9 {
		tas = append(tas, ngap.SupportedTA{TAC: 2, PLMNs: tas[0].PLMNs})
	}
	r.Step(Input{Law: w.law, Peer: testPeer, Msg: &ngap.NGSetupRequest{
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
		w.obeyed(e)
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
	v := Vector{Conn: ask.Conn, Request: ask.Request, Err: why, SUPI: supi, Plan: w.plan, Protected: p.vip}
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
