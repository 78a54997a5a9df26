package pfcp

import (
	"net/netip"
	"strings"

	"cordon/ident"
)

// addr4 and addr6 code addresses of one family; a value of the other cannot be written.
func addr4(c *coder, p *netip.Addr) {
	if c.writing {
		a := p.Unmap()
		if c.check(a.Is4()); c.err == nil {
			c.put(a.AsSlice()...)
		}
	} else if v := c.take(4); v != nil {
		*p = netip.AddrFrom4([4]byte(v))
	}
}

func addr6(c *coder, p *netip.Addr) {
	if c.writing {
		if c.check(p.Is6() && !p.Is4In6() && p.Zone() == ""); c.err == nil {
			c.put(p.AsSlice()...)
		}
	} else if v := c.take(16); v != nil {
		a := netip.AddrFrom16([16]byte(v))
		c.check(!a.Is4In6()) // it would compare unequal to itself once written
		*p = a
	}
}

// addresses codes the one that flags announce, where both may be there; of two the IPv4 address is taken.
func addresses(c *coder, p *netip.Addr, is4, is6 bool) {
	if c.writing {
		if is4 {
			addr4(c, p)
		} else if is6 {
			addr6(c, p)
		}
		return
	}
	var a4, a6 netip.Addr
	if is4 {
		addr4(c, &a4)
	}
	if is6 {
		addr6(c, &a6)
	}
	if *p = a4; !is4 {
		*p = a6
	}
}

// fseid codes an F-SEID (§8.2.37): flags V4 (bit 2) and V6 (bit 1), SEID, addresses.
func fseid(c *coder, f *FSEID) {
	var flags uint8
	if c.writing {
		c.check(f.Addr.IsValid())
		flags = 1
		if f.Addr.Unmap().Is4() {
			flags = 2
		}
	}
	u8(c, &flags)
	c.check(flags&3 != 0)
	u64(c, &f.SEID)
	addresses(c, &f.Addr, flags&2 != 0, flags&1 != 0)
}

const (
	fteidV4 = 1 << iota
	fteidV6
	fteidChoose
	fteidChooseID
)

// fteid codes an F-TEID (§8.2.3). To choose one by its address, IPv6Unspecified asks for IPv6 and anything else for IPv4.
func fteid(c *coder, f *FTEID) {
	var flags uint8
	if c.writing {
		flags = f.flags()
		c.check(f.Choose || f.Addr.IsValid())
	}
	u8(c, &flags)
	is4, is6 := flags&fteidV4 != 0, flags&fteidV6 != 0
	c.check(is4 || is6)
	if !c.writing {
		f.Choose = flags&fteidChoose != 0
	}
	if !f.Choose {
		u32(c, &f.TEID)
		addresses(c, &f.Addr, is4, is6)
		return
	}
	if !c.writing && !is4 {
		f.Addr = netip.IPv6Unspecified()
	}
	if flags&fteidChooseID != 0 {
		u8(c, &f.ChooseID)
	}
}

func (f *FTEID) flags() (flags uint8) {
	flags = fteidV4
	if f.Addr.Is6() && !f.Addr.Is4In6() {
		flags = fteidV6
	}
	if f.Choose {
		flags |= fteidChoose
		if f.ChooseID != 0 {
			flags |= fteidChooseID
		}
	}
	return flags
}

// networkInstance codes a name (§8.2.4) as an APN's labels. What comes may also be plain text.
func networkInstance(c *coder, d *ident.DNN) {
	if c.writing {
		labels(c, string(*d))
		return
	}
	v := c.take(c.left())
	s, ok := unlabelled(v)
	if !ok {
		s = string(v)
	}
	dnn, err := ident.ParseDNN(s)
	if err != nil {
		c.fail(CauseMandatoryIncorrect, ErrValue)
		return
	}
	*d = dnn
}

// labels writes a dotted name as labels, each after its length.
func labels(c *coder, name string) {
	for label := range strings.SplitSeq(name, ".") {
		c.check(label != "" && len(label) < 64)
		c.put(byte(len(label)))
		c.put([]byte(label)...)
	}
}

// unlabelled is the dotted name that labels make up; a last one may be empty.
func unlabelled(b []byte) (string, bool) {
	var parts []string
	for len(b) > 0 {
		n := int(b[0])
		if n == 0 && len(b) == 1 && parts != nil {
			break
		}
		if n == 0 || n > 63 || n > len(b)-1 {
			return "", false
		}
		parts = append(parts, string(b[1:1+n]))
		b = b[1+n:]
	}
	return strings.Join(parts, "."), parts != nil
}

// volume codes a threshold or a quota (§8.2.13, §8.2.50): flags for total, uplink and downlink, then those.
func volume(c *coder, v *Volume) {
	fields := [...]*uint64{&v.Total, &v.Uplink, &v.Downlink}
	var flags uint8
	for i, p := range fields {
		if *p != 0 {
			flags |= 1 << i
		}
	}
	u8(c, &flags)
	for i, p := range fields {
		if flags>>i&1 != 0 {
			u64(c, p)
		}
	}
}

// measurement codes a Volume Measurement (§8.2.44): six flags, then total, uplink and downlink octets and the packets of each.
func measurement(c *coder, u *Usage) {
	bytes, packets := u.UplinkBytes+u.DownlinkBytes, u.UplinkPackets+u.DownlinkPackets
	flags := uint8(0x3f)
	u8(c, &flags)
	for i, p := range [...]*uint64{&bytes, &u.UplinkBytes, &u.DownlinkBytes, &packets, &u.UplinkPackets, &u.DownlinkPackets} {
		if flags>>i&1 != 0 {
			u64(c, p)
		}
	}
	if !c.writing {
		u.DownlinkBytes = rest(flags, bytes, u.UplinkBytes, u.DownlinkBytes)
		u.DownlinkPackets = rest(flags>>3, packets, u.UplinkPackets, u.DownlinkPackets)
	}
}

// rest is downlink where a UPF tells the total and not it.
func rest(flags uint8, total, up, down uint64) uint64 {
	if flags&1 != 0 && flags&4 == 0 && total >= up {
		return total - up
	}
	return down
}

// gprsTimer is a time in seconds as units and a count of at most 31 (§8.2.38); 255 in seconds is for ever.
func gprsTimer(c *coder, seconds *uint32) {
	units := [...]uint32{2, 60, 600, 3600, 36000}
	var v uint8
	if c.writing {
		for unit, size := range units {
			if n := (*seconds + size - 1) / size; *seconds/size <= 31 && n <= 31 {
				v = uint8(unit)<<5 | uint8(n)
				break
			}
			v = 7 << 5
		}
	}
	if u8(c, &v); c.writing {
		return
	}
	switch unit := v >> 5; {
	case int(unit) < len(units):
		*seconds = units[unit] * uint32(v&31)
	case unit == 7:
		*seconds = Forever
	default: // §8.2.38: other units are minutes
		*seconds = 60 * uint32(v&31)
	}
}

// Forever is a time in seconds without an end.
const Forever uint32 = 1<<32 - 1
