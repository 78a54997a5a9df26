package node

import (
	"encoding/binary"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"cordon/ident"
	"cordon/ran"
	"cordon/wire/nas"
)

var testEcho6 = netip.MustParseAddrPort("[2001:db8:ffff::1]:7")

// dualConfig is a core whose network has both versions of IP.
func dualConfig(t testing.TB) Config {
	cfg := testConfig(t)
	cfg.Networks[0].Pool6 = netip.MustParsePrefix("2001:db8:45::/48")
	cfg.N6.Echo6 = testEcho6
	return cfg
}

// TestDualStack: phones with IPv4, IPv6 or both get what they ask for, and packets both ways of each.
func TestDualStack(t *testing.T) {
	w := start(t, dualConfig(t))
	w.subscribe(t, 9)
	cfg := w.load(t, 0)
	all := cfg.Groups[0]
	cfg.Groups, cfg.Deregister = nil, true
	for i, kind := range []nas.PDUSessionType{nas.PDUSessionIPv4, nas.PDUSessionIPv6, nas.PDUSessionIPv4v6} {
		g := all
		g.Phones, g.First, g.Target6 = 3, all.First+ident.SUPI(3*i), testEcho6
		g.Phone.Sessions = []ran.SessionConfig{{DNN: "internet", Slice: all.Phone.Slices[0], Type: kind}}
		cfg.Groups = append(cfg.Groups, g)
	}
	s, err := ran.Run(t.Context(), cfg)
	if err != nil || !s.OK || s.Registered != 9 || s.PhonesEchoed != 9 || s.Deregistered != 9 {
		t.Errorf("not everybody did everything: %+v, %v", s, err)
	}
	n := w.pools["internet"]
	for _, p := range []*pool{&n.v4.pool, &n.v6.pool} {
		if !eventually(func() bool { p.mu.Lock(); defer p.mu.Unlock(); return p.inUse == 0 }) {
			t.Error("addresses or prefixes are not given back")
		}
	}
}

// TestDualStackView: an operator sees both addresses of a session.
func TestDualStackView(t *testing.T) {
	w := start(t, dualConfig(t))
	v, _ := w.modems(t, 1)
	st, err := v.Phone("", 0).Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	own, _ := st.Session(1)
	list, err := w.Sessions(t.Context(), 0, 0, 10)
	if err != nil || len(list) != 1 || list[0].Address != own.Addr || list[0].Prefix != netip.PrefixFrom(own.Addr6, 64).Masked() {
		t.Errorf("the phone has %v and %v; the operator sees %+v, %v", own.Addr, own.Addr6, list, err)
	}
}

// TestHeldInOrder: what comes for an idle phone, of either version of IP, waits, and is there in order once the phone has asked
// for service.
func TestHeldInOrder(t *testing.T) {
	cfg := dualConfig(t)
	cfg.N6.UEToUE = true
	w := start(t, cfg)
	v, hosts := w.modems(t, 2)
	idle, busy := hosts[0], hosts[1]
	u := v.Phone("0", 0)
	if err := u.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !eventually(func() bool {
		d, err := w.Device(t.Context(), u.SUPI())
		return err == nil && d.Sessions[0].State == "idle"
	}) {
		t.Fatal("the session is not idle")
	}
	for n := range byte(4) {
		busy.up <- inner6(busy.v6.Addr(), idle.v6.Addr(), 9, n)
		busy.up <- inner(busy.v4, idle.v4, 17, []byte{0, 9, 0, 9, 0, 9, 0, 0, n})
	}
	busy.up <- inner6(busy.v6.Addr(), testEcho6.Addr(), testEcho6.Port(), 0) // it comes after the others have
	busy.gets(t)
	if err := u.Service(t.Context()); err != nil {
		t.Fatal(err)
	}
	for n := range byte(4) {
		six, four := idle.gets(t), idle.gets(t)
		if six[0]>>4 != 6 || four[0]>>4 != 4 || six[len(six)-1] != n || four[len(four)-1] != n {
			t.Fatalf("packets %d are % x and % x", n, six, four)
		}
	}
}

// inner6 is a datagram over IPv6 that ends with n.
func inner6(from, to netip.Addr, port uint16, n byte) []byte {
	u := binary.BigEndian.AppendUint16(nil, 40001)
	u = append(binary.BigEndian.AppendUint16(u, port), 0, 9, 0, 0, n)
	sum := uint32(17 + len(u))
	for _, b := range [][]byte{from.AsSlice(), to.AsSlice(), append(slices.Clone(u), 0)} {
		for i := 0; i+1 < len(b); i += 2 {
			sum += uint32(b[i])<<8 | uint32(b[i+1])
		}
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	binary.BigEndian.PutUint16(u[6:], ^uint16(sum))
	return slices.Concat([]byte{0x60, 0, 0, 0, 0, byte(len(u)), 17, 64}, from.AsSlice(), to.AsSlice(), u)
}

// modem is a computer behind a phone, as far as it sends and gets packets.
type modem struct {
	up, down chan []byte
	told     chan struct{} // closed when it has its addresses
	done     chan struct{}
	once     sync.Once
	v4       netip.Addr // both are told once
	v6       netip.Prefix
}

// modems are phones with both versions of IP and a modem each, attached to one radio; they are named by their numbers if there are several.
func (w *world) modems(t *testing.T, n int) (*ran.Live, []*modem) {
	t.Helper()
	return w.modemsOf(t, n, "internet", nas.PDUSessionIPv4v6)
}

// modemsOf are modems with sessions of a network and type.
func (w *world) modemsOf(t *testing.T, n int, dnn ident.DNN, kind nas.PDUSessionType) (*ran.Live, []*modem) {
	t.Helper()
	w.subscribe(t, n)
	cfg := w.load(t, 1)
	cfg.Radios = cfg.Radios[:1]
	of, hosts := cfg.Groups[0], make([]*modem, n)
	of.Target = netip.AddrPort{}
	of.Phone.Sessions[0].Type, of.Phone.Sessions[0].DNN = kind, dnn
	cfg.Groups = nil
	for i := range hosts {
		hosts[i] = &modem{up: make(chan []byte, 64), down: make(chan []byte, 64), told: make(chan struct{}), done: make(chan struct{})}
		g := of
		g.Host, g.First = hosts[i], of.First+ident.SUPI(i)
		if n > 1 {
			g.Name = strconv.Itoa(i)
		}
		cfg.Groups = append(cfg.Groups, g)
	}
	v, err := ran.Begin(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	for _, h := range hosts {
		select {
		case <-h.told:
		case <-time.After(time.Minute):
			t.Fatal("a phone has no addresses")
		}
	}
	return v, hosts
}

func (h *modem) Address(v4 netip.Addr, v6 netip.Prefix, _ int) error {
	h.v4, h.v6 = v4, v6
	close(h.told)
	return nil
}

func (h *modem) Read(packets [][]byte, sizes []int, offset int) (int, error) {
	select {
	case p := <-h.up:
		sizes[0] = copy(packets[0][offset:], p)
		return 1, nil
	case <-h.done:
		return 0, net.ErrClosed
	}
}

func (h *modem) Write(packets [][]byte, offset int) (int, error) {
	for _, p := range packets {
		h.down <- slices.Clone(p[offset:])
	}
	return len(packets), nil
}

func (h *modem) Close() error { h.once.Do(func() { close(h.done) }); return nil }

// gets is the next packet that comes down.
func (h *modem) gets(t *testing.T) []byte {
	t.Helper()
	select {
	case p := <-h.down:
		return p
	case <-time.After(time.Minute):
		t.Fatal("nothing comes down")
		return nil
	}
}
