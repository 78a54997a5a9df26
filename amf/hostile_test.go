package amf

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"testing"

	"cordon/ident"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// TestFirstMessage is what may not open a connection: the connection ends, and nobody else
// notices.
func TestFirstMessage(t *testing.T) {
	victim := func(w *world) *phone {
		p := w.phone("victim")
		w.register(p)
		w.establish(p, 1)
		return p
	}
	cases := []struct{ name, pdu string }{
		{"N1-01 nothing", ""},
		{"N1-02 one octet", "7e"},
		{"N1-02 half a header", "7e025f74"},
		{"N1-02 a header and no more", "7e0200000000"},
		{"N1-02 reserved header type", "7e0f00000000007e0041"},
		{"another protocol", "2e0101c1ffff91"},
		{"ciphered, of nobody", "7e021234567800000000000000"},
		{"N1-04 GUTI announced, SUCI within", "7e004179000d0200f110f0ff00000000000010"},
		{"N1-04 SUCI announced, GUTI within", "7e004179000b0100f1100200400000000012"},
		{"N1-05 capability of no octets", "7e004179000d0100f110f0ff000000000000102e00"},
		{"N1-05 capability of one octet", "7e004179000d0100f110f0ff000000000000102e01e0"},
		{"N1-05 capability of nine octets", "7e004179000d0100f110f0ff000000000000102e09e0e0e0e0e0e0e0e0e0"},
		{"N1-23 digits beyond nine", "7e004179000d01aafaaaf0ff00000000000010"},
		{"N1-29 registration complete", "7e0043"},
		{"N1-29 authentication response", "7e00572d1000000000000000000000000000000000"},
		{"N1-29 security mode complete", "7e005e"},
		{"N1-29 identity response", "7e005c000d0100f110f0ff00000000000010"},
		{"N1-29 UL NAS transport", "7e00670100012e1201"},
		{"N1-29 configuration update complete", "7e0055"},
		{"N1-29 5GMM status", "7e006460"},
		{"N1-29 what only a network says", "7e004401"},
		{"unknown type", "7e00ff"},
	}
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, testConfig())
			v := victim(w)
			pdu, err := hex.DecodeString(tt.pdu)
			if err != nil {
				t.Fatal(err)
			}
			p := w.phone("a")
			w.connect(p, pdu, false)
			if ask, ok := w.asked[p]; ok {
				// An identity that parses is asked for, and unknown; a capability that does not is absent.
				w.step(Vector{Conn: ask.Conn, Request: ask.Request, Err: VectorUnknown})
			}
			if c := w.a.conns[p.conn]; c == nil || c.state != stateReleasing {
				if c != nil && c.state == stateIdentity {
					w.tick(30e9)
				} else {
					t.Fatalf("the connection goes on: %+v", c)
				}
			}
			w.fromRadio(p, &ngap.UEContextReleaseComplete{AMFUENGAPID: p.conn, RANUENGAPID: p.ran})
			w.alive(v)
		})
	}
}

// TestHalfOpen is N1-42: registrations that never go on are bounded; the oldest gives way, and a
// registered device never.
func TestHalfOpen(t *testing.T) {
	cfg := testConfig()
	cfg.Limits.HalfOpen = 100
	w := newWorld(t, cfg)
	v := w.phone("victim")
	w.register(v)
	w.establish(v, 1)
	for i := range 1000 {
		p := w.phone(fmt.Sprintf("fresh-%d", i))
		w.connect(p, p.initialPDU(p.registration(nas.RegistrationInitial)), false)
		if w.a.HalfOpen() > 100 || w.a.Connections() > 101 {
			t.Fatalf("%d half-open, %d connections", w.a.HalfOpen(), w.a.Connections())
		}
	}
	if w.drops[ReasonEvicted] != 900 || w.found[FindingFlood] != 900 {
		t.Errorf("%d evicted, %d findings", w.drops[ReasonEvicted], w.found[FindingFlood])
	}
	w.asked = map[*phone]NeedVector{}
	w.tick(tOpen + tRelease)
	if w.a.HalfOpen() != 0 || w.a.Connections() != 1 {
		t.Errorf("afterwards %d half-open, %d connections", w.a.HalfOpen(), w.a.Connections())
	}
	w.alive(v)
}

// TestTables: connections and devices beyond their limits are refused.
func TestTables(t *testing.T) {
	cfg := testConfig()
	cfg.Limits.Devices, cfg.Limits.Connections = 2, 3
	w := newWorld(t, cfg)
	a, b, c := w.phone("a"), w.phone("b"), w.phone("c")
	w.register(a)
	w.register(b)
	w.connect(c, c.initialPDU(c.registration(nas.RegistrationInitial)), false)
	w.answerVector(c, VectorOK)
	w.answerChallenge(c)
	w.uplink(c, c.complete(true))
	if w.drops[ReasonFull] != 1 || w.a.Len() != 2 {
		t.Errorf("%d refused, %d devices", w.drops[ReasonFull], w.a.Len())
	}
	d := w.phone("d")
	w.connect(d, d.initialPDU(d.registration(nas.RegistrationInitial)), false)
	if w.drops[ReasonFull] != 2 || w.a.Connections() != 3 {
		t.Errorf("%d refused, %d connections", w.drops[ReasonFull], w.a.Connections())
	}
}

// TestReplayedFirstMessage: a registration request that was recorded on the air opens nothing when it
// comes again: its COUNT is used, so whoever sends it is challenged (N1-14, N1-18).
func TestReplayedFirstMessage(t *testing.T) {
	w := newWorld(t, testConfig())
	v := w.phone("victim")
	w.register(v)
	w.establish(v, 1)
	w.idle(v)
	status := nas.PDUSessions(0).With(1)
	pdu := v.servicePDU(&nas.ServiceRequest{KSI: v.ksi, Service: nas.ServiceData, STMSI: v.guti.STMSI(), SessionStatus: &status})
	w.connect(v, pdu, false)
	before := *w.a.ues[v.supi]
	thief := w.phone("thief")
	w.connect(thief, pdu, false)
	if now := *w.a.ues[v.supi]; now.conn != before.conn || now.sec != before.sec || now.tmsi != before.tmsi {
		t.Error("a replay changed the context")
	}
	if _, ok := thief.got[len(thief.got)-1].(*nas.ServiceReject); !ok || w.found[FindingMAC] != 1 {
		t.Errorf("the thief got %T, findings %d", thief.got[len(thief.got)-1], w.found[FindingMAC])
	}
	w.fromRadio(thief, &ngap.UEContextReleaseComplete{AMFUENGAPID: thief.conn, RANUENGAPID: thief.ran})
	w.alive(v)
}

// TestSequenceNumber is N1-15: no sequence number, however chosen, moves the COUNT unless its MAC
// holds.
func TestSequenceNumber(t *testing.T) {
	w := newWorld(t, testConfig())
	v := w.phone("victim")
	w.register(v)
	w.establish(v, 1)
	want := w.a.ues[v.supi].sec
	for sn := range 256 {
		pdu := []byte{0x7e, 2, 1, 2, 3, 4, byte(sn), 0x7e, 0, 0x67, 1}
		w.uplink(v, pdu)
		if w.a.ues[v.supi].sec != want {
			t.Fatalf("sequence number %d moved the context", sn)
		}
	}
	w.alive(v)
}

// TestDetach moves a connection to the shard where its device lives.
func TestDetach(t *testing.T) {
	from, to := newWorld(t, testConfig()), newWorld(t, testConfig())
	p := from.phone("a")
	if _, ok := from.a.Detach(9); ok {
		t.Error("a connection that is not there was detached")
	}
	from.connect(p, p.initialPDU(p.registration(nas.RegistrationInitial)), false)
	ask := from.asked[p]
	moved, ok := from.a.Detach(p.conn)
	if !ok || from.a.Connections() != 0 || from.a.HalfOpen() != 0 {
		t.Fatalf("detached %v, %d connections, %d half-open", ok, from.a.Connections(), from.a.HalfOpen())
	}
	from.invariants()
	if _, due := from.a.Deadline(); due {
		t.Error("a timer stayed behind")
	}
	to.phones["a"], to.conns[p.conn] = p, p
	to.step(Adopted{Moved: moved, Vector: to.vectorFor(p, ask, VectorOK)})
	to.answerChallenge(p)
	to.uplink(p, p.complete(true))
	to.uplink(p, p.protected(&nas.RegistrationComplete{}))
	to.step(Adopted{Moved: moved, Vector: to.vectorFor(p, ask, VectorOK)})
	if to.drops[ReasonDuplicate] != 1 {
		t.Error("adopted twice")
	}
	if _, ok := to.a.Detach(p.conn); ok {
		t.Error("a registered device was detached")
	}
	to.alive(p)
}

// TestHome: a first message finds the shard of the device that it names.
func TestHome(t *testing.T) {
	const shards = 7
	seen := [shards]int{}
	for n := range 7000 {
		supi, _ := ident.ParseSUPI(fmt.Sprintf("00101%010d", n))
		seen[HomeOf(supi, shards)]++
	}
	for i, n := range seen {
		if n < 800 || n > 1200 {
			t.Errorf("shard %d has %d of 7000 devices", i, n)
		}
	}
	w := newWorld(t, testConfig())
	w.a.shard, w.a.shards = 3, shards
	p := w.phone("a")
	w.register(p)
	if int(p.guti.TMSI)%shards != 3 {
		t.Fatalf("5G-TMSI %08x is not of shard 3", p.guti.TMSI)
	}
	stmsi := p.guti.STMSI()
	for name, m := range map[string]*ngap.InitialUEMessage{
		"registration": {NASPDU: p.initialPDU(p.registration(nas.RegistrationMobility))},
		"service":      {NASPDU: p.servicePDU(&nas.ServiceRequest{KSI: p.ksi, STMSI: stmsi})},
		"farewell":     {NASPDU: p.seal(plain(&nas.DeregistrationRequestUE{Kind: 1, Identity: p.registration(1).Identity}), nas.HeaderIntegrity)},
		"N2 alone":     {NASPDU: []byte{0x7e}, STMSI: &stmsi},
	} {
		if tmsi, ok := TMSIOfMessage(m); !ok || HomeOfTMSI(tmsi, shards) != 3 {
			t.Errorf("%s: %08x, %v", name, uint32(tmsi), ok)
		}
	}
	if _, ok := TMSIOfMessage(&ngap.InitialUEMessage{}); ok {
		t.Error("nobody has a home")
	}
}

// TestIdentities: a temporary identity is unpredictable and not that of another.
func TestIdentities(t *testing.T) {
	w := newWorld(t, testConfig())
	seen := map[ident.TMSI]bool{}
	for i := range 200 {
		p := w.phone(fmt.Sprintf("fresh-%d", i))
		w.register(p)
		if seen[p.guti.TMSI] {
			t.Fatal("an identity came twice")
		}
		seen[p.guti.TMSI] = true
	}
	if len(w.a.tmsis) != 200 {
		t.Errorf("%d identities for 200 devices", len(w.a.tmsis))
	}
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], 1)
	if w.a.lookup(ident.GUTI{TMSI: 1}) != nil {
		t.Error("a foreign identity was found")
	}
}

// TestMaskIMEISV hides the last four digits of the serial number and nothing else.
func TestMaskIMEISV(t *testing.T) {
	if got := maskIMEISV(0x3534900698733190); got != 0x3534900698ffff90 {
		t.Errorf("%016x", got)
	}
}
