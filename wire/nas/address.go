package nas

import "net/netip"

// PDUSessionType is §9.11.4.11.
type PDUSessionType uint8

const (
	PDUSessionIPv4         PDUSessionType = 1
	PDUSessionIPv6         PDUSessionType = 2
	PDUSessionIPv4v6       PDUSessionType = 3
	PDUSessionUnstructured PDUSessionType = 4
	PDUSessionEthernet     PDUSessionType = 5
)

// SSCMode is how a session's address outlives movement (§9.11.4.16).
type SSCMode uint8

// PDUAddress is the address of a session (TS 24.501 §9.11.4.10). What the type does not
// have is zero.
type PDUAddress struct {
	Type        PDUSessionType
	IPv4        netip.Addr
	InterfaceID [8]byte    // of the device's IPv6 link-local address
	LinkLocal   netip.Addr // the SMF's IPv6 link-local address, if it is told
}

const addressHasLinkLocal = 1 << 3

func pduAddress(c *coder, a *PDUAddress) {
	if c.writing {
		writePDUAddress(c, a)
		return
	}
	head := c.get()
	a.Type = PDUSessionType(head & 7)
	switch a.Type {
	case PDUSessionIPv4:
		readIPv4(c, &a.IPv4)
	case PDUSessionIPv6:
		c.array(a.InterfaceID[:])
	case PDUSessionIPv4v6:
		c.array(a.InterfaceID[:])
		readIPv4(c, &a.IPv4)
	default:
		c.fail(ErrValue)
	}
	if head&addressHasLinkLocal != 0 {
		var v6 [16]byte
		c.array(v6[:])
		a.LinkLocal = netip.AddrFrom16(v6)
	}
}

func readIPv4(c *coder, a *netip.Addr) {
	var v4 [4]byte
	c.array(v4[:])
	*a = netip.AddrFrom4(v4)
}

func writePDUAddress(c *coder, a *PDUAddress) {
	head := byte(a.Type)
	if a.LinkLocal.IsValid() {
		head |= addressHasLinkLocal
	}
	c.put(head)
	switch a.Type {
	case PDUSessionIPv6:
		c.put(a.InterfaceID[:]...)
	case PDUSessionIPv4:
		writeIPv4(c, a.IPv4)
	case PDUSessionIPv4v6:
		c.put(a.InterfaceID[:]...)
		writeIPv4(c, a.IPv4)
	default:
		c.fail(ErrValue)
	}
	if a.LinkLocal.IsValid() {
		v6 := a.LinkLocal.As16()
		c.put(v6[:]...)
	}
}

func writeIPv4(c *coder, a netip.Addr) {
	if !a.Is4() {
		c.fail(ErrValue)
		return
	}
	v4 := a.As4()
	c.put(v4[:]...)
}
