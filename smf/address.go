package smf

import (
	"encoding/binary"
	"net/netip"

	"cordon/subscriber"
	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// addresses are a session's in the room that a million sessions can afford; each is zero where there is none.
type addresses struct {
	v4 [4]byte
	v6 [8]byte // the first half of the prefix, of 64 bits
}

// prefixBits is the length of every session's IPv6 prefix (TS 23.501 §5.8.2.2.3).
const prefixBits = 64

func compact(a Addresses) (c addresses) {
	if a.IPv4.Is4() {
		c.v4 = a.IPv4.As4()
	}
	if a.IPv6.Bits() == prefixBits {
		b := a.IPv6.Addr().As16()
		c.v6 = [8]byte(b[:])
	}
	return c
}

func (a addresses) public() (out Addresses) {
	if a.v4 != [4]byte{} {
		out.IPv4 = netip.AddrFrom4(a.v4)
	}
	if a.v6 != [8]byte{} {
		var b [16]byte
		copy(b[:], a.v6[:])
		out.IPv6 = netip.PrefixFrom(netip.AddrFrom16(b), prefixBits)
	}
	return out
}

// versions are those that there are addresses of.
func (a addresses) versions() (v subscriber.IPVersions) {
	if a.v4 != [4]byte{} {
		v |= subscriber.IPv4
	}
	if a.v6 != [8]byte{} {
		v |= subscriber.IPv6
	}
	return v
}

// nas is the selected PDU session type.
func (s *session) nas() nas.PDUSessionType {
	switch v := s.addr.versions(); {
	case s.frames:
		return nas.PDUSessionEthernet
	case v == subscriber.IPv4:
		return nas.PDUSessionIPv4
	case v == subscriber.IPv6:
		return nas.PDUSessionIPv6
	}
	return nas.PDUSessionIPv4v6
}

// ngap is the same for the radio.
func (s *session) ngap() ngap.PDUSessionType {
	switch v := s.addr.versions(); {
	case s.frames:
		return ngap.PDUSessionEthernet
	case v == subscriber.IPv4:
		return ngap.PDUSessionIPv4
	case v == subscriber.IPv6:
		return ngap.PDUSessionIPv6
	}
	return ngap.PDUSessionIPv4v6
}

// allowed are the versions of IP that network and plan leave a session.
func (m *SMF) allowed(ev Create) subscriber.IPVersions {
	return ev.Settings.Of(m.cfg.Networks[ev.DNN].IP)
}

// typeOf is selectType for what a session's network is of: of type Ethernet there is one kind, and who asks for another is
// told so.
func (m *SMF) typeOf(ev Create, asked nas.PDUSessionType) (versions subscriber.IPVersions, refusal, less nas.SMCause) {
	if m.cfg.Networks[ev.DNN].Ethernet {
		if asked != nas.PDUSessionEthernet && asked != 0 {
			return 0, nas.SMCauseEthernetOnly, 0
		}
		return 0, 0, 0
	}
	versions, less = selectType(asked, m.allowed(ev))
	if versions == 0 {
		return 0, less, 0
	}
	return versions, 0, less
}

// selectType is what a session gets of what is asked for (TS 24.501 §6.4.1.3, §6.4.1.4.1), with a
// cause where that is less. Nothing is the refusal.
func selectType(asked nas.PDUSessionType, allowed subscriber.IPVersions) (subscriber.IPVersions, nas.SMCause) {
	const both = subscriber.IPv4 | subscriber.IPv6
	want := both
	switch asked {
	case nas.PDUSessionUnstructured, nas.PDUSessionEthernet, 7: // the last one is reserved
		return 0, nas.SMCauseUnknownPDUType
	case nas.PDUSessionIPv4:
		want = subscriber.IPv4
	case nas.PDUSessionIPv6:
		want = subscriber.IPv6
	case 0: // absent: the network chooses (§6.4.1.2), and every device has IPv4
		if want = allowed & subscriber.IPv4; want == 0 {
			want = allowed
		}
		return want, 0
	}
	switch given := want & allowed; {
	case given == want:
		return given, 0
	case allowed == subscriber.IPv4:
		return given, nas.SMCauseIPv4Only
	case allowed == subscriber.IPv6:
		return given, nas.SMCauseIPv6Only
	}
	return 0, nas.SMCauseUnknownPDUType
}

// pduAddress is what the device is told of its addresses (TS 24.501 §9.11.4.10). The interface
// identifier is for its link-local address, so that it and the user plane's differ; the prefix comes by a router
// advertisement (TS 23.501 §5.8.2.2.3).
func (m *SMF) pduAddress(s *session) *nas.PDUAddress {
	if s.frames {
		return nil
	}
	a := &nas.PDUAddress{Type: s.nas(), IPv4: s.addr.public().IPv4}
	if s.addr.v6 != [8]byte{} {
		for binary.BigEndian.Uint32(a.InterfaceID[:]) == 0 { // the user plane's own begin so
			m.rand.Read(a.InterfaceID[:]) // never fails, by New's contract
		}
	}
	return a
}
