package ran

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"net/netip"
	"testing"
	"time"

	"cordon/wire/nas"
)

var testID = [8]byte{1, 2, 3, 4, 5, 6, 7, 8}

// TestSessionTypes: a phone gets addresses of what it asks for, forms its own of the prefix that is advertised, and
// keeps them when it was idle.
func TestSessionTypes(t *testing.T) {
	for name, c := range map[string]struct {
		asks, gives nas.PDUSessionType
		quiet       int
	}{
		"IPv4": {asks: nas.PDUSessionIPv4}, "IPv6": {asks: nas.PDUSessionIPv6}, "IPv4v6": {asks: nas.PDUSessionIPv4v6},
		"IPv4 for both":           {asks: nas.PDUSessionIPv4v6, gives: nas.PDUSessionIPv4},
		"IPv6 for both":           {asks: nas.PDUSessionIPv4v6, gives: nas.PDUSessionIPv6},
		"a router that is slow":   {asks: nas.PDUSessionIPv6, quiet: 3},
		"a router that is slower": {asks: nas.PDUSessionIPv4v6, quiet: 9},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(core *testCore, _ *RadioConfig, p *PhoneConfig) {
				p.Sessions[0].Type, core.kind, core.quiet = c.asks, c.gives, c.quiet
			}, func(ctx context.Context, core *testCore, u *UE) {
				check(t, u.Register(ctx))
				got := c.asks
				if c.gives != 0 {
					got = c.gives
				}
				look := func() SessionStatus {
					st, err := u.Status(ctx)
					check(t, err)
					s, _ := st.Session(1)
					if v4, v6 := got != nas.PDUSessionIPv6, got != nas.PDUSessionIPv4; s.Type != got || s.Addr.IsValid() != v4 || s.Addr6.IsValid() != v6 {
						t.Fatalf("%+v", s)
					}
					if got != nas.PDUSessionIPv6 {
						check(t, u.Echo(ctx, 1, serviceSide))
					} else if err := u.Echo(ctx, 1, serviceSide); !errors.Is(err, ErrNoEcho) {
						t.Errorf("an IPv4 echo: %v", err)
					}
					if got != nas.PDUSessionIPv4 {
						if s.MTU != 1390 || s.Addr6 != inPrefix(netip.PrefixFrom(s.Addr6, 64), testID) {
							t.Errorf("%+v", s)
						}
						check(t, u.Echo(ctx, 1, serviceSide6))
					}
					return s
				}
				before := look()
				check(t, u.Idle(ctx))
				check(t, u.Service(ctx))
				if after := look(); after.Addr != before.Addr || after.Addr6 != before.Addr6 {
					t.Errorf("%v %v became %v %v", before.Addr, before.Addr6, after.Addr, after.Addr6)
				}
			})
		})
	}
}

// A session of another type than was asked for is none.
func TestSessionOfAnotherType(t *testing.T) {
	inBubble(t, func(c *testCore, _ *RadioConfig, _ *PhoneConfig) { c.kind = nas.PDUSessionIPv6 }, func(ctx context.Context, c *testCore, u *UE) {
		var f Failure
		if err := u.Register(ctx); !errors.As(err, &f) || f.What != "session without the addresses of its type or a QoS rule" {
			t.Errorf("%v", err)
		}
	})
}

// TestDualLoad: a load sends to both services, and wants echoes of both.
func TestDualLoad(t *testing.T) {
	c := newTestCore(t)
	defer c.close()
	phone := testPhone(c)
	phone.Sessions[0].Type = nas.PDUSessionIPv4v6
	cfg := Config{Radios: Radios(2, testRadio(c)), Traffic: 100 * time.Millisecond, PPS: 100, Patience: 30 * time.Second,
		Groups: []Group{{Phones: 6, First: firstIMSI, Phone: phone, Target: serviceSide, Target6: serviceSide6}}}
	s, err := Run(t.Context(), cfg)
	if err != nil || !s.OK || s.PhonesEchoed != 6 {
		t.Errorf("%+v, %v", s, err)
	}
	cfg.Groups[0].Target6 = netip.AddrPort{}
	cfg.Groups[0].Phone.Sessions = []SessionConfig{{Type: nas.PDUSessionIPv6}}
	if _, err := Run(t.Context(), cfg); err == nil {
		t.Error("IPv6 sessions with nowhere to send to")
	}
}

func TestAdvertisement(t *testing.T) {
	to, prefix := linkLocal(testID), netip.MustParsePrefix("2001:db8:1:2::/64")
	whole := appendAdvertisement(nil, prefix, to, 1400)
	if a, ok := parseAdvertisement(whole, to); !ok || a.prefix != prefix || a.mtu != 1400 {
		t.Fatalf("%+v, %v", a, ok)
	}
	if _, ok := parseAdvertisement(appendAdvertisement(nil, prefix, allNodes, 0), to); !ok {
		t.Error("one for all nodes is not heeded")
	}
	if _, ok := parseAdvertisement(whole, linkLocal([8]byte{9})); ok {
		t.Error("another phone's is heeded")
	}
	for i := range whole {
		if _, ok := parseAdvertisement(whole[:i], to); ok {
			t.Errorf("its first %d octets are heeded", i)
		}
		for bit := range 8 {
			b := bytes.Clone(whole)
			b[i] ^= 1 << bit
			free := i == 0 && bit < 4 || i > 0 && i < 4 // traffic class and flow label
			if _, ok := parseAdvertisement(b, to); ok && !free {
				t.Errorf("bit %d of octet %d flipped, and nobody noticed", bit, i)
			}
		}
	}
	for what, change := range map[string]func(b []byte){
		"far router":         func(b []byte) { b[8] = 0x20 },
		"not on-link length": func(b []byte) { b[ipv6Header+16+8+2] = 56 },
		"not autonomous":     func(b []byte) { b[ipv6Header+16+8+3] = 0x80 },
		"expired":            func(b []byte) { copy(b[ipv6Header+16+8+4:], []byte{0, 0, 0, 0}) },
		"link-local prefix":  func(b []byte) { copy(b[ipv6Header+16+8+16:], []byte{0xfe, 0x80, 0, 0, 0, 0, 0, 0}) },
		"option of length 0": func(b []byte) { b[ipv6Header+16+1] = 0 },
		"option beyond":      func(b []byte) { b[ipv6Header+16+8+1] = 5 },
	} {
		b := bytes.Clone(whole)
		change(b)
		b[ipv6Header+2], b[ipv6Header+3] = 0, 0
		binary.BigEndian.PutUint16(b[ipv6Header+2:], ^fold(upperSum(b, ipv6Header, protoICMPv6)))
		if a, ok := parseAdvertisement(b, to); ok && a.prefix.IsValid() {
			t.Errorf("%s: %+v", what, a)
		}
	}
}

// FuzzAdvertisement: what is heeded has a prefix from which an address can be formed, or none.
func FuzzAdvertisement(f *testing.F) {
	f.Add(appendAdvertisement(nil, netip.MustParsePrefix("2001:db8:1:2::/64"), linkLocal(testID), 1400)[ipv6Header:])
	f.Add([]byte{typeAdvertisement, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 1})
	f.Fuzz(func(t *testing.T, m []byte) {
		if len(m) < 4 || len(m) > 1<<12 {
			return
		}
		m[2], m[3] = 0, 0
		b := append(appendIPv6(nil, netip.MustParseAddr("fe80::1"), linkLocal(testID), protoICMPv6, neighbourHops, len(m)), m...)
		binary.BigEndian.PutUint16(b[ipv6Header+2:], ^fold(upperSum(b, ipv6Header, protoICMPv6)))
		a, ok := parseAdvertisement(b, linkLocal(testID))
		if a.prefix.IsValid() && (!ok || a.prefix.Bits() != 64 || a.prefix != a.prefix.Masked() || a.prefix.Addr().IsLinkLocalUnicast() || a.prefix.Addr().IsMulticast()) {
			t.Fatalf("%+v, %v", a, ok)
		}
	})
}
