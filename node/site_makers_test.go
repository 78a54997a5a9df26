package node

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"cordon/ident"
	"cordon/wire/gtpu"
	"cordon/wire/pfcp"
	"cordon/wire/wiretest"
)

// ie is an element as it travels: its type, then octets as hex, or elements in it.
func ie(t uint16, parts ...any) (b []byte) {
	var v []byte
	for _, p := range parts {
		switch p := p.(type) {
		case []byte:
			v = append(v, p...)
		case string:
			octets, err := hex.DecodeString(strings.ReplaceAll(p, " ", ""))
			if err != nil {
				panic(err)
			}
			v = append(v, octets...)
		case netip.Addr:
			v = append(v, p.AsSlice()...)
		}
	}
	b = binary.BigEndian.AppendUint16(nil, t)
	return append(binary.BigEndian.AppendUint16(b, uint16(len(v))), v...)
}

// tunnelTo is an Outer Header Creation.
func tunnelTo(teid string, at netip.Addr) []byte { return ie(84, "0100", teid, at) }

// A maker is how an SMF of another maker has a session: the elements of its requests. The radio's endpoints are teidA at radioA and teidB
// at radioB.
type maker struct {
	name                                      string
	establish, activate, deactivate, handover func(w *makers) []byte
	named                                     ident.TEID // that it chooses itself, 0: CHOOSE
	marks                                     bool       // the radio that is left gets an end marker
}

const (
	teidA, teidB = "0000a001", "0000b001"
	inInternet   = "08 696e7465726e6574"
	inAccess     = "06 616363657373 03 6f6169 03 6f7267" // access.oai.org
)

func cat(list ...[]byte) []byte { return bytes.Join(list, nil) }

// What they send has been taken from what they are known to: Open5GS 2.7, free5GC 3.4, OAI's SMF 2.0.
var otherMakers = []maker{
	{
		name: "Open5GS", marks: true,
		establish: func(w *makers) []byte {
			return cat(
				ie(1, ie(56, "0001"), ie(29, "0000ffff"), ie(2, ie(20, "01"), ie(22, inInternet), ie(93, "06", siteUE)), ie(108, "00000001"), ie(81, "00000001"), ie(109, "00000001")),
				ie(1, ie(56, "0002"), ie(29, "0000ffff"), ie(2, ie(20, "00"), ie(21, "0d05"), ie(22, inInternet), ie(93, "02", siteUE)), ie(95, "0001"), ie(108, "00000002"), ie(81, "00000001"), ie(109, "00000001")),
				ie(1, ie(56, "0003"), ie(29, "000000ff"), ie(2, ie(20, "03"), ie(21, "05"), ie(22, inInternet), ie(93, "02", siteUE)), ie(95, "06"), ie(108, "00000001"), ie(109, "00000001")),
				ie(1, ie(56, "0004"), ie(29, "000000ff"), ie(2, ie(20, "00"), ie(21, "0d05"), ie(22, inInternet), ie(93, "02", siteUE),
					ie(23, "0100", "002a", []byte("permit out 58 from ff02::2/128 to assigned"))), ie(95, "06"), ie(108, "00000003"), ie(109, "00000001")),
				ie(3, ie(108, "00000001"), ie(44, "0c00"), ie(4, ie(42, "00"), ie(22, inInternet)), ie(88, "01")),
				ie(3, ie(108, "00000002"), ie(44, "0200"), ie(4, ie(42, "01"), ie(22, inInternet))),
				ie(3, ie(108, "00000003"), ie(44, "0200"), ie(4, ie(42, "03"), ie(22, inInternet), tunnelTo("00000001", w.smf))),
				ie(6, ie(81, "00000001"), ie(62, "02"), ie(37, "020000"), ie(31, "01 0000000006400000")),
				ie(7, ie(109, "00000001"), ie(25, "00"), ie(26, "00000f4240 00000f4240"), ie(124, "01")),
				ie(85, ie(88, "01")), ie(113, "01"), ie(159, inInternet), ie(257, "01ffffff"))
		},
		activate: func(w *makers) []byte {
			return ie(10, ie(108, "00000001"), ie(44, "0200"), ie(11, ie(42, "00"), ie(22, inInternet), tunnelTo(teidA, w.radioA)))
		},
		deactivate: func(*makers) []byte { return ie(10, ie(108, "00000001"), ie(44, "0c00")) },
		handover: func(w *makers) []byte {
			return ie(10, ie(108, "00000001"), ie(44, "0200"), ie(11, ie(42, "00"), ie(22, inInternet), tunnelTo(teidB, w.radioB), ie(49, "02")))
		},
	},
	{
		name: "free5GC", marks: true, named: 1,
		establish: func(w *makers) []byte {
			return cat(
				ie(1, ie(56, "0001"), ie(29, "000000ff"), ie(2, ie(20, "00"), ie(21, "01 00000001", w.n3), ie(22, inInternet), ie(93, "02", siteUE)), ie(95, "00"), ie(108, "00000001"), ie(81, "00000001"), ie(109, "00000001")),
				ie(1, ie(56, "0002"), ie(29, "000000ff"), ie(2, ie(20, "01"), ie(22, inInternet), ie(93, "06", siteUE)), ie(108, "00000002"), ie(81, "00000001"), ie(109, "00000001")),
				ie(3, ie(108, "00000001"), ie(44, "02"), ie(4, ie(42, "02"), ie(22, inInternet))),
				ie(3, ie(108, "00000002"), ie(44, "01")),
				ie(6, ie(81, "00000001"), ie(62, "02"), ie(37, "0100"), ie(64, "0000003c")),
				ie(7, ie(109, "00000001"), ie(25, "00"), ie(26, "00000f4240 00000f4240"), ie(124, "01")),
				ie(113, "01"))
		},
		activate: func(w *makers) []byte {
			return cat(
				ie(9, ie(56, "0002"), ie(29, "000000ff"), ie(2, ie(20, "01"), ie(22, inInternet), ie(93, "06", siteUE)), ie(108, "00000002")),
				ie(10, ie(108, "00000002"), ie(44, "02"), ie(11, ie(42, "00"), ie(22, inInternet), tunnelTo(teidA, w.radioA))),
				ie(14, ie(109, "00000001"), ie(25, "00")))
		},
		deactivate: func(w *makers) []byte {
			return ie(10, ie(108, "00000002"), ie(44, "0c"), ie(11, ie(42, "00"), ie(22, inInternet), tunnelTo(teidA, w.radioA)))
		},
		handover: func(w *makers) []byte {
			return ie(10, ie(108, "00000002"), ie(44, "02"), ie(11, ie(42, "00"), ie(22, inInternet), tunnelTo(teidB, w.radioB), ie(49, "02")))
		},
	},
	{
		name: "OAI",
		establish: func(*makers) []byte {
			return cat(
				ie(1, ie(56, "0001"), ie(29, "00000000"), ie(2, ie(20, "00"), ie(21, "05"), ie(22, inAccess), ie(93, "02", siteUE), ie(124, "01")), ie(95, "00"), ie(108, "00000001")),
				ie(3, ie(108, "00000001"), ie(44, "02"), ie(4, ie(42, "01"), ie(22, inInternet))))
		},
		activate: func(w *makers) []byte {
			return cat(
				ie(1, ie(56, "0002"), ie(29, "00000000"), ie(2, ie(20, "01"), ie(22, inInternet), ie(93, "06", siteUE), ie(124, "01")), ie(108, "00000002")),
				ie(3, ie(108, "00000002"), ie(44, "02"), ie(4, ie(42, "00"), ie(22, inAccess), tunnelTo(teidA, w.radioA))))
		},
		deactivate: func(*makers) []byte { return ie(10, ie(108, "00000002"), ie(44, "0c")) },
		handover: func(w *makers) []byte { // where to, and nothing else
			return ie(10, ie(108, "00000002"), ie(44, "02"), ie(11, tunnelTo(teidB, w.radioB)))
		},
	},
}

// makers is a site, an SMF that is not Cordon's, and two radios.
type makers struct {
	*testing.T
	site                    *Site
	smf, n3, radioA, radioB netip.Addr
	conn, a, b              *net.UDPConn
	seq                     uint32
	sent                    []wiretest.Packet
	reports                 []*pfcp.SessionReport
}

func newMakers(t *testing.T) *makers {
	var log kept
	c := testSite(t)
	w := &makers{T: t, smf: loopback(t, 3), radioA: loopback(t, 2), radioB: loopback(t, 8)}
	c.N4 = SiteN4Config{Address: netip.AddrPortFrom(loopback(t, 1), 0), SMFs: []SMFConfig{{Address: w.smf}}}
	c.complete()
	w.site = runSite(t, c, &log)
	w.n3 = w.site.N3.Addr()
	listen := func(at netip.Addr, port uint16) *net.UDPConn {
		conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(at, port)))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		conn.SetReadDeadline(time.Now().Add(time.Minute))
		return conn
	}
	w.conn, w.a, w.b = listen(w.smf, pfcp.Port), listen(w.radioA, gtpu.Port), listen(w.radioB, gtpu.Port)
	return w
}

// ask sends a request of so many elements and gives the answer. What the site asks meanwhile is answered.
func (w *makers) ask(kind pfcp.Type, seid ident.SEID, elements []byte) pfcp.Message {
	w.Helper()
	w.seq++
	b := []byte{0x20, byte(kind), 0, 0}
	if kind.Session() {
		b[0] = 0x21
		b = binary.BigEndian.AppendUint64(b, uint64(seid))
	}
	b = append(binary.BigEndian.AppendUint32(b, w.seq<<8), elements...)
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)-4))
	w.sent = append(w.sent, wiretest.PFCP(b))
	if _, err := w.conn.WriteToUDPAddrPort(b, w.site.N4); err != nil {
		w.Fatal(err)
	}
	room := make([]byte, 1<<16)
	for {
		n, from, err := w.conn.ReadFromUDPAddrPort(room)
		if err != nil {
			w.Fatalf("no answer to %v: %v", kind, err)
		}
		h, m, err := pfcp.Parse(bytes.Clone(room[:n]))
		if err != nil {
			w.Fatalf("%x: %v", room[:n], err)
		}
		var answer pfcp.Message
		switch m := m.(type) {
		case *pfcp.HeartbeatRequest:
			answer = &pfcp.HeartbeatResponse{Recovery: 1}
		case *pfcp.SessionReport:
			w.reports = append(w.reports, m)
			answer = &pfcp.Reported{Cause: pfcp.CauseAccepted}
		default:
			if h.Type == kind+1 && h.Seq == w.seq {
				return m
			}
			continue
		}
		if b, err = pfcp.Append(nil, h.Seq, answer); err == nil {
			_, err = w.conn.WriteToUDPAddrPort(b, from)
		}
		if err != nil {
			w.Fatal(err)
		}
	}
}

func (w *makers) modify(what string, seid ident.SEID, elements []byte) {
	w.Helper()
	if m, ok := w.ask(pfcp.TypeModificationRequest, seid, elements).(*pfcp.Modified); !ok || m.Cause != pfcp.CauseAccepted || m.CP != 7 {
		w.Fatalf("%s: %+v", what, m)
	}
}

// pass has a device speak with the echo service by a radio.
func (w *makers) pass(radio *net.UDPConn, up ident.TEID, down, text string) {
	w.Helper()
	inner := innerUDP(netip.AddrPortFrom(siteUE, 4000), testEcho, text)
	h := gtpu.Header{Type: gtpu.TypeGPDU, TEID: up, HasContainer: true, Container: gtpu.Container{Type: gtpu.Uplink, QFI: 1}}
	if _, err := radio.WriteToUDPAddrPort(append(h.Append(nil, len(inner)), inner...), w.site.N3); err != nil {
		w.Fatal(err)
	}
	h, rest := w.comes(radio)
	want, _ := hex.DecodeString(down)
	if h.Type != gtpu.TypeGPDU || uint32(h.TEID) != binary.BigEndian.Uint32(want) || h.Container.QFI != 1 || !bytes.HasSuffix(rest, []byte(text)) {
		w.Fatalf("%+v %x", h, rest)
	}
}

// comes is the next that a radio gets, but for echo requests.
func (w *makers) comes(radio *net.UDPConn) (gtpu.Header, []byte) {
	w.Helper()
	for room := make([]byte, 2048); ; {
		n, err := radio.Read(room)
		if err != nil {
			w.Fatal(err)
		}
		if h, rest, err := gtpu.Parse(room[:n]); err == nil && h.Type != gtpu.TypeEchoRequest {
			return h, rest
		}
	}
}

// TestOtherMakers: SMFs of other makers have sessions at a site, with the messages that they send: made, active, idle, active again, handed over
// and ended; and what a device sends goes its way.
func TestOtherMakers(t *testing.T) {
	for _, m := range otherMakers {
		t.Run(m.name, func(t *testing.T) {
			w := newMakers(t)
			node := ie(60, "00", w.smf)
			if a, ok := w.ask(pfcp.TypeAssociationSetupRequest, 0, cat(node, ie(96, "e0000001"), ie(89, "00"))).(*pfcp.AssociationSetupResponse); !ok ||
				a.Cause != pfcp.CauseAccepted || a.UP&pfcp.FeatureFTUP == 0 {
				t.Fatalf("%+v", a)
			}
			made, ok := w.ask(pfcp.TypeEstablishmentRequest, 0, cat(node, ie(57, "02 0000000000000007", w.smf), m.establish(w))).(*pfcp.Established)
			if !ok || made.Cause != pfcp.CauseAccepted || made.CP != 7 || made.UP.Addr != w.site.N4.Addr() {
				t.Fatalf("%+v", made)
			}
			up := m.named
			for _, c := range made.Created {
				if up = c.Local.TEID; c.Local.Addr != w.n3 || up != made.Created[0].Local.TEID {
					t.Errorf("%+v", made.Created)
				}
			}
			seid := made.UP.SEID
			w.modify("activate", seid, m.activate(w))
			w.pass(w.a, up, teidA, "first")
			w.modify("nothing", seid, nil)
			w.modify("deactivate", seid, m.deactivate(w))
			w.modify("rules that are not there", seid, cat(ie(15, ie(56, "0063")), ie(16, ie(108, "00000063")), ie(18, ie(109, "00000063"))))
			far := "00000002"
			if m.name == "Open5GS" {
				far = "00000001"
			}
			w.modify("activate by the action alone", seid, ie(10, ie(108, far), ie(44, "02")))
			w.pass(w.a, up, teidA, "second")
			w.modify("handover", seid, m.handover(w))
			if m.marks {
				if h, _ := w.comes(w.a); h.Type != gtpu.TypeEndMarker || h.TEID != 0xa001 {
					t.Errorf("the radio that is left gets %+v", h)
				}
			}
			w.pass(w.b, up, teidB, "third")
			d, ok := w.ask(pfcp.TypeDeletionRequest, seid, nil).(*pfcp.Deleted)
			if !ok || d.Cause != pfcp.CauseAccepted || d.Usage.UplinkPackets != 3 || d.Usage.DownlinkPackets != 3 {
				t.Errorf("%+v", d)
			}
			if m.name != "OAI" && (len(d.Rules) != 1 || d.Rules[0].Usage.UplinkPackets != 3) {
				t.Errorf("%+v", d.Rules)
			}
			wiretest.Check(t, w.sent...)
		})
	}
}
