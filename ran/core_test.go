package ran

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"net/netip"
	"sync"
	"testing"

	"cordon/aka"
	"cordon/ident"
	"cordon/transport"
	"cordon/wire/gtpu"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// testCore is a core that knows just enough to serve the phones of these tests: one
// process, one lock, no retransmission. Its security is package nas's, the phones' is
// their own.
type testCore struct {
	t     testing.TB
	mem   *transport.Mem
	wire  *Wire
	n3    N3
	key   aka.HomeKeys
	sim   aka.Functions
	addr  netip.AddrPort
	done  sync.WaitGroup
	list  transport.Listener
	eap   bool
	nea   uint8
	guami ident.GUAMI

	mu       sync.Mutex // guards what follows
	seq      uint64
	conns    map[ident.AMFUENGAPID]*testConn
	devices  map[ident.TMSI]*testDevice
	bySUPI   map[ident.SUPI]*testDevice
	tunnels  map[ident.TEID]*testSession
	nextConn ident.AMFUENGAPID
	nextTMSI ident.TMSI
	nextTEID ident.TEID
	live     []transport.Conn
	byName   map[string]transport.Conn
	setups   int
	asked    map[ident.TAC]map[nas.MessageType]int // initial messages, by where they came from

	// Misbehaviour and refusals of a test's choice.
	hook      func(c *testConn, m nas.Message) bool // true: handled
	setup     func(n int) ngap.Message              // answers NG Setup; nil for the usual
	wrongKey  bool
	corrupt   func(inner []byte) []byte
	crossOver bool // downlink goes down another phone's tunnel
	forgetful bool // service requests are rejected
	noSession bool
	kind      nas.PDUSessionType // of all sessions; 0 for what is asked for
	quiet     int                // how many router solicitations of a session get no answer
	reject    *nas.PDUSessionEstablishmentReject
	area      []ident.TAI // registration area; nil for the present one
	services  *nas.ServiceAreas
	mobility  *ngap.MobilityRestrictions
	admit     func(name string, n int) ngap.Message // as setup, by the radio's name
	update    ngap.Message                          // answers a RAN Configuration Update
}

type testDevice struct {
	supi     ident.SUPI
	guti     ident.GUTI
	kamf     aka.Key
	sec      nas.Security
	ksi      nas.KSI
	caps     nas.UESecurityCapability
	sessions map[ident.PDUSessionID]*testSession
}

type testSession struct {
	psi      ident.PDUSessionID
	kind     nas.PDUSessionType
	solicits int      // router solicitations that came
	held     [][]byte // downlink while there is no tunnel
	teid     ident.TEID
	addr     netip.Addr
	downTEID ident.TEID
	down     netip.AddrPort
}

// testConn is one UE-associated connection.
type testConn struct {
	core    *testCore
	conn    transport.Conn
	amf     ident.AMFUENGAPID
	ran     ident.RANUENGAPID
	dev     *testDevice
	request *nas.RegistrationRequest
	av      aka.Quintet
	eap     aka.EAPServer
	access  uint32
	tai     ident.TAI
	ready   bool // the context is set up
}

var (
	testPLMN  = must(ident.ParsePLMN("00101"))
	testSlice = ident.SNSSAI{SST: 1, SD: 0x010203}
	testK     = [16]byte{0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f, 0xaa, 0x5f, 0x0a, 0x2e, 0xe2, 0x38, 0xa6, 0xbc}
	testOPc   = [16]byte{0xcd, 0x63, 0xcb, 0x71, 0x95, 0x4a, 0x9f, 0x4e, 0x48, 0xa5, 0x99, 0x4e, 0x37, 0xa0, 0x2b, 0xaf}
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func newTestCore(t testing.TB) *testCore {
	c := &testCore{
		t: t, mem: transport.NewMem(transport.MemConfig{}), wire: &Wire{}, nea: aka.AlgAES,
		sim: aka.NewMilenage(testK, testOPc), seq: 1000,
		addr:  netip.MustParseAddrPort("10.0.0.1:38412"),
		guami: ident.GUAMI{PLMN: testPLMN, Region: 2, Set: 1, Pointer: 4},
		conns: map[ident.AMFUENGAPID]*testConn{}, devices: map[ident.TMSI]*testDevice{},
		bySUPI: map[ident.SUPI]*testDevice{}, tunnels: map[ident.TEID]*testSession{},
		byName: map[string]transport.Conn{}, asked: map[ident.TAC]map[nas.MessageType]int{},
	}
	home := make([]byte, 32)
	for i := range home {
		home[i] = byte(i + 1)
	}
	c.key = aka.HomeKeys{AllowNull: true, Keys: map[uint8]aka.HomeKey{
		1: must(aka.NewHomeKey(ident.SchemeProfileA, home)),
		2: must(aka.NewHomeKey(ident.SchemeProfileB, home)),
	}}
	c.list = must(c.mem.Listen(c.addr))
	c.n3 = must(c.wire.Listen(netip.MustParseAddrPort("10.0.0.1:2152")))
	c.done.Go(c.accept)
	c.done.Go(c.forward)
	return c
}

func (c *testCore) close() {
	_ = c.list.Close()
	_ = c.n3.Close()
	c.mu.Lock()
	for _, l := range c.live {
		l.Abort()
	}
	c.mu.Unlock()
	c.done.Wait()
}

func (c *testCore) accept() {
	for {
		conn, err := c.list.Accept()
		if err != nil {
			return
		}
		c.mu.Lock()
		c.live = append(c.live, conn)
		c.mu.Unlock()
		c.done.Go(func() {
			for {
				m, err := conn.Receive()
				if err != nil {
					return
				}
				c.mu.Lock()
				c.receive(conn, m)
				c.mu.Unlock()
			}
		})
	}
}

// breakAll loses every association, and with forget all that the core knew.
func (c *testCore) breakAll(forget bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range c.live {
		c.mem.Break(l)
	}
	c.live = nil
	clear(c.conns)
	if forget {
		clear(c.devices)
		clear(c.tunnels)
	}
}

func (c *testCore) dial(ctx context.Context) (N2, error) {
	conn, err := c.mem.Dial(ctx, netip.MustParseAddrPort("10.0.0.9:0"), c.addr)
	if err != nil {
		return nil, err
	}
	return Over(conn, transport.ErrBacklog), nil
}

func (c *testCore) send(conn transport.Conn, m ngap.Message, stream uint16) {
	b, err := ngap.Append(nil, m)
	if err != nil {
		c.t.Errorf("core encodes %T: %v", m, err)
		return
	}
	_ = conn.Send(transport.Message{Stream: stream, PPID: transport.PPIDNGAP, Data: b})
}

func (c *testCore) receive(conn transport.Conn, m transport.Message) {
	msg, fault := ngap.Parse(m.Data)
	if fault != nil || m.PPID != transport.PPIDNGAP {
		c.t.Errorf("core received %x: %v", m.Data, fault)
	}
	switch msg := msg.(type) {
	case *ngap.NGSetupRequest:
		c.setups++
		var answer ngap.Message = &ngap.NGSetupResponse{AMFName: "test", RelativeAMFCapacity: 255,
			ServedGUAMIs: []ngap.ServedGUAMI{{GUAMI: c.guami}},
			PLMNSupport:  []ngap.PLMNSupport{{PLMN: testPLMN, Slices: []ident.SNSSAI{testSlice}}}}
		if c.setup != nil {
			answer = c.setup(c.setups)
		}
		c.byName[msg.RANNodeName] = conn
		if c.admit != nil {
			if a := c.admit(msg.RANNodeName, c.setups); a != nil {
				answer = a
			}
		}
		c.send(conn, answer, 0)
	case *ngap.RANConfigurationUpdate:
		if c.update != nil {
			c.send(conn, c.update, 0)
			return
		}
		c.send(conn, &ngap.RANConfigurationUpdateAcknowledge{}, 0)
	case *ngap.NGReset:
		c.send(conn, &ngap.NGResetAcknowledge{Connections: msg.ResetType.Part}, 0)
	case *ngap.InitialUEMessage:
		c.nextConn++
		u := &testConn{core: c, conn: conn, amf: c.nextConn, ran: msg.RANUENGAPID, tai: msg.UserLocation.TAI}
		c.conns[u.amf] = u
		u.initial(msg.NASPDU)
	case *ngap.UplinkNASTransport:
		if u := c.conns[msg.AMFUENGAPID]; u != nil && u.ran == msg.RANUENGAPID {
			u.uplink(msg.NASPDU)
		}
	case *ngap.InitialContextSetupResponse:
		if u := c.conns[msg.AMFUENGAPID]; u != nil {
			u.ready = true
			u.tunnels(msg.Setup)
		}
	case *ngap.PDUSessionResourceSetupResponse:
		if u := c.conns[msg.AMFUENGAPID]; u != nil {
			u.tunnels(msg.Setup)
		}
	case *ngap.UEContextReleaseRequest:
		if u := c.conns[msg.AMFUENGAPID]; u != nil {
			u.release(ngap.CauseRadioUserInactivity)
		}
	case *ngap.UEContextReleaseComplete:
		delete(c.conns, msg.AMFUENGAPID)
	}
}

func (u *testConn) release(cause ngap.Cause) {
	ran := u.ran
	u.core.send(u.conn, &ngap.UEContextReleaseCommand{UENGAPIDs: ngap.UENGAPIDs{AMF: u.amf, RAN: &ran}, Cause: cause}, 1)
}

// down sends NAS, protected if there is a device.
func (u *testConn) down(m nas.Message, t nas.HeaderType) {
	u.core.send(u.conn, &ngap.DownlinkNASTransport{AMFUENGAPID: u.amf, RANUENGAPID: u.ran, NASPDU: u.protect(m, t)}, 1)
}

func (u *testConn) protect(m nas.Message, t nas.HeaderType) []byte {
	b := must(nas.Append(nil, m))
	if t == nas.HeaderPlain {
		return b
	}
	return must(u.dev.sec.Protect(nil, b, t))
}

// initial takes a first message: plain, or under a context that is stored.
func (u *testConn) initial(b []byte) {
	m, _, err := nas.ParseUnverified(b)
	if err != nil {
		u.core.t.Errorf("initial message %x: %v", b, err)
		return
	}
	var dev *testDevice
	switch m := m.(type) {
	case *nas.RegistrationRequest:
		if m.Identity.Type == nas.IdentityGUTI {
			dev = u.core.devices[m.Identity.GUTI.TMSI]
		}
	case *nas.ServiceRequest:
		dev = u.core.devices[m.STMSI.TMSI]
	case *nas.DeregistrationRequestUE:
		dev = u.core.devices[m.Identity.GUTI.TMSI]
	}
	if dev != nil {
		o, err := dev.sec.Check(b)
		if err != nil || !dev.sec.Commit(o) {
			u.core.t.Errorf("%s does not verify: %v", m.Type(), err)
			return
		}
		u.dev, u.access = dev, o.Count
		m = u.uncover(m, o.Count)
	}
	if u.core.asked[u.tai.TAC] == nil {
		u.core.asked[u.tai.TAC] = map[nas.MessageType]int{}
	}
	u.core.asked[u.tai.TAC][m.Type()]++
	u.message(m)
}

// uncover takes the whole message out of its container.
func (u *testConn) uncover(m nas.Message, count uint32) nas.Message {
	var inner []byte
	switch m := m.(type) {
	case *nas.RegistrationRequest:
		inner = m.Container
	case *nas.ServiceRequest:
		inner = m.Container
	}
	if inner == nil {
		return m
	}
	if err := u.dev.sec.CipherContainer(inner, count); err != nil {
		u.core.t.Error(err)
	}
	whole, _, err := nas.Parse(inner)
	if err != nil || whole.Type() != m.Type() {
		u.core.t.Errorf("container of %s: %v", m.Type(), err)
		return m
	}
	return whole
}

func (u *testConn) uplink(b []byte) {
	h, err := nas.ParseHeader(b)
	if err != nil {
		u.core.t.Errorf("uplink %x: %v", b, err)
		return
	}
	plain := b
	if h.Type.Protected() {
		if u.dev == nil {
			u.core.t.Errorf("protected message without a context")
			return
		}
		if plain, err = u.dev.sec.Unprotect(b); err != nil {
			u.core.t.Errorf("uplink does not verify: %v", err)
			return
		}
	}
	m, ignored, err := nas.Parse(plain)
	if err != nil || len(ignored) > 0 {
		u.core.t.Errorf("uplink %x: %v %v", plain, err, ignored)
		return
	}
	u.message(m)
}

// tunnels takes in where a radio wants downlink.
func (u *testConn) tunnels(list []ngap.PDUSessionTransfer) {
	for _, x := range list {
		t, err := ngap.ParseTransfer[ngap.PDUSessionResourceSetupResponseTransfer](x.Transfer)
		s := u.dev.sessions[x.ID]
		if err != nil || s == nil {
			u.core.t.Errorf("setup response for session %d: %v", x.ID, err)
			continue
		}
		s.downTEID = t.DL.Tunnel.TEID
		s.down = netip.AddrPortFrom(t.DL.Tunnel.Addr, gtpu.Port)
		for _, b := range s.held {
			u.core.deliver(s, b)
		}
		s.held = nil
	}
}

// forward echoes what comes up a tunnel.
func (c *testCore) forward() {
	buf := make([]byte, 4096)
	for {
		n, from, err := c.n3.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		h, inner, err := gtpu.Parse(buf[:n])
		c.mu.Lock()
		s := c.tunnels[h.TEID]
		if err != nil || s == nil || !h.HasContainer || h.Container.Type != gtpu.Uplink || s.downTEID != 0 && s.down.Addr() != from.Addr() {
			c.mu.Unlock()
			continue
		}
		back := s.answer(inner, c.quiet)
		if back == nil {
			c.mu.Unlock()
			continue
		}
		if c.corrupt != nil {
			back = c.corrupt(back)
		}
		to := s
		if c.crossOver {
			for _, other := range c.tunnels {
				if other != s && other.downTEID != 0 {
					to = other
				}
			}
		}
		if to.downTEID == 0 {
			to.held = append(to.held, back)
		} else {
			c.deliver(to, back)
		}
		c.mu.Unlock()
	}
}

// deliver sends a packet down a session's tunnel.
func (c *testCore) deliver(to *testSession, b []byte) {
	out := gtpu.Header{Type: gtpu.TypeGPDU, TEID: to.downTEID, HasContainer: true,
		Container: gtpu.Container{Type: gtpu.Downlink, QFI: 1}}
	_, _ = c.n3.WriteToUDPAddrPort(append(out.Append(nil, len(b)), b...), to.down)
}

// answer echoes a packet, or advertises the session's prefix.
func (s *testSession) answer(inner []byte, quiet int) []byte {
	if inner[0]>>4 != 6 || inner[6] != protoICMPv6 {
		return echo(inner)
	}
	if s.solicits++; s.solicits <= quiet {
		return nil
	}
	return appendAdvertisement(nil, prefixOf(s.teid), netip.AddrFrom16([16]byte(inner[8:24])), 1390)
}

// prefixOf gives each tunnel a prefix.
func prefixOf(t ident.TEID) netip.Prefix {
	b := netip.MustParseAddr("2001:db8::").As16()
	binary.BigEndian.PutUint16(b[6:], uint16(t))
	return netip.PrefixFrom(netip.AddrFrom16(b), 64)
}

// appendAdvertisement writes a Router Advertisement.
func appendAdvertisement(b []byte, prefix netip.Prefix, to netip.Addr, mtu uint32) []byte {
	m := []byte{typeAdvertisement, 0, 0, 0, 64, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, optionMTU, 1, 0, 0}
	m = binary.BigEndian.AppendUint32(m, mtu)
	m = append(m, optionPrefix, 4, 64, prefixAutonomous, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0)
	m = append(m, prefix.Addr().AsSlice()...)
	start := len(b)
	b = append(appendIPv6(b, netip.MustParseAddr("fe80::1"), to, protoICMPv6, neighbourHops, len(m)), m...)
	binary.BigEndian.PutUint16(b[start+ipv6Header+2:], ^fold(upperSum(b[start:], ipv6Header, protoICMPv6)))
	return b
}

// addrOf gives each tunnel an address.
func addrOf(t ident.TEID) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], 10<<24|45<<16|uint32(t))
	return netip.AddrFrom4(b)
}

func random16() (b [16]byte) {
	_, _ = rand.Read(b[:])
	return b
}
