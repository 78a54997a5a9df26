package ngap

import (
	"net/netip"

	"cordon/ident"
	"cordon/wire/per"
)

// GTPTunnel is one end of a user plane tunnel. Addr6 is valid only in the 160-bit form
// of the address, which carries both families (TS 38.414 §5.2); it is accepted and, as
// some radios refuse it, best not sent.
type GTPTunnel struct {
	Addr, Addr6 netip.Addr
	TEID        ident.TEID
}

// maxAddressBits is the longest TransportLayerAddress: an IPv4 and an IPv6 address.
const maxAddressBits = 32 + 128

// transportAddress codes a TransportLayerAddress: one address, or one of each family in
// six. Other lengths are not comprehended.
func transportAddress(c *coder, v, six *netip.Addr) {
	if !c.Decoding() {
		b := v.Unmap().AsSlice()
		if six.IsValid() {
			if len(b) != 4 || !six.Is6() {
				c.Fail(per.ErrRange)
			}
			b = append(b, six.AsSlice()...)
		}
		s := per.BitString{Octets: b, Bits: len(b) * 8}
		per.LongBits(&c.Coder, &s, 1, maxAddressBits, true)
		return
	}
	var longer bool
	if c.Bool(&longer); longer {
		c.Fail(per.ErrUnknown)
	}
	var bits uint8
	per.Int(&c.Coder, &bits, 1, maxAddressBits)
	var b [maxAddressBits / 8]byte
	switch bits {
	case 32, 128, maxAddressBits:
		per.Fixed(&c.Coder, b[:bits/8])
	default:
		c.Fail(per.ErrUnknown)
	}
	if c.Failed() {
		return
	}
	switch bits {
	case 32:
		*v = netip.AddrFrom4([4]byte(b[:]))
	case 128:
		*v = netip.AddrFrom16([16]byte(b[:])).Unmap()
	default:
		*v, *six = netip.AddrFrom4([4]byte(b[:])), netip.AddrFrom16([16]byte(b[4:]))
	}
}

// address codes a TransportLayerAddress where only one address is kept: the IPv4 one, of
// two.
func address(c *coder, v *netip.Addr) {
	var six netip.Addr
	transportAddress(c, v, &six)
}

func gtpTunnel(c *coder, v *GTPTunnel) {
	var alt uint8
	c.choice(&alt, 1)
	t := c.begin()
	transportAddress(c, &v.Addr, &v.Addr6)
	per.Uint(&c.Coder, &v.TEID, 4)
	c.end(t)
}

// maxMoreTunnels is maxnoofMultiConnectivityMinusOne.
const maxMoreTunnels = 3

func gtpTunnelItem(c *coder, v *GTPTunnel) {
	t := c.begin()
	gtpTunnel(c, v)
	c.end(t)
}

func gtpTunnels(c *coder, v *[]GTPTunnel) { list(c, v, 1, maxMoreTunnels, gtpTunnelItem) }
