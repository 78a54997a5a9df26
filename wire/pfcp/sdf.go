package pfcp

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// SDF is one service data flow filter (§8.2.5), the flow description "permit out PROTOCOL from
// REMOTE PORTS to assigned PORTS". The remote end is the source of downlink and the
// destination of uplink; the local end is the device.
type SDF struct {
	Remote      netip.Prefix // not valid: any
	Protocol    uint8        // 0: any
	RemotePorts Ports
	LocalPorts  Ports
}

// Remotes are the filters that let a device have to do with the given networks and nothing else.
func Remotes(networks []netip.Prefix) []SDF {
	var out []SDF
	for _, n := range networks {
		out = append(out, SDF{Remote: n})
	}
	return out
}

// Ports is a range of ports, both ends included. The zero value is any port.
type Ports struct{ First, Last uint16 }

// String is the flow description of the filter (TS 29.212 §5.4.2).
func (s SDF) String() string {
	var b strings.Builder
	b.WriteString("permit out ")
	if s.Protocol == 0 {
		b.WriteString("ip")
	} else {
		fmt.Fprintf(&b, "%d", s.Protocol)
	}
	b.WriteString(" from ")
	switch {
	case !s.Remote.IsValid():
		b.WriteString("any")
	case s.Remote.IsSingleIP():
		b.WriteString(s.Remote.Addr().String())
	default:
		b.WriteString(s.Remote.String())
	}
	b.WriteString(s.RemotePorts.suffix())
	b.WriteString(" to assigned")
	b.WriteString(s.LocalPorts.suffix())
	return b.String()
}

func (p Ports) suffix() string {
	switch {
	case p == (Ports{}):
		return ""
	case p.First == p.Last:
		return fmt.Sprintf(" %d", p.First)
	}
	return fmt.Sprintf(" %d-%d", p.First, p.Last)
}

// ParseSDF reads a flow description as N4 has it: permit, out, one range of ports at each end, the device as
// "assigned" or "any". The error is ErrValue, or ErrUnsupported for what the grammar has beyond that.
func ParseSDF(text string) (SDF, error) {
	w := strings.Fields(text)
	if len(w) < 7 || w[3] != "from" {
		return SDF{}, ErrValue
	}
	if w[0] != "permit" || w[1] != "out" {
		return SDF{}, ErrUnsupported
	}
	var s SDF
	if w[2] != "ip" {
		n, err := strconv.ParseUint(w[2], 10, 8)
		if err != nil || n == 0 {
			return SDF{}, ErrValue
		}
		s.Protocol = uint8(n)
	}
	var err error
	if w[4] != "any" {
		if s.Remote, err = network(w[4]); err != nil {
			return SDF{}, err
		}
	}
	w = w[5:]
	if w, err = s.RemotePorts.read(w, "to"); err != nil || len(w) < 2 || w[0] != "to" {
		return SDF{}, firstOf(err, ErrValue)
	}
	if w[1] != "assigned" && w[1] != "any" {
		return SDF{}, ErrUnsupported // which address is the device's, the UE IP address says
	}
	if w, err = s.LocalPorts.read(w[2:], ""); err != nil || len(w) != 0 {
		return SDF{}, firstOf(err, ErrUnsupported)
	}
	return s, nil
}

func firstOf(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// network reads an address, or a prefix whose host part counts for nothing.
func network(text string) (netip.Prefix, error) {
	if text[0] == '!' {
		return netip.Prefix{}, ErrUnsupported
	}
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" && !a.Is4In6() {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil || p.Addr().Is4In6() {
		return netip.Prefix{}, ErrValue
	}
	return p.Masked(), nil
}

// read takes a range of ports off the words, if the next is not the given one.
func (p *Ports) read(w []string, end string) ([]string, error) {
	if len(w) == 0 || w[0] == end {
		return w, nil
	}
	if strings.Contains(w[0], ",") {
		return nil, ErrUnsupported
	}
	first, last, ranged := strings.Cut(w[0], "-")
	if !ranged {
		last = first
	}
	lo, err1 := strconv.ParseUint(first, 10, 16)
	hi, err2 := strconv.ParseUint(last, 10, 16)
	if err1 != nil || err2 != nil || lo > hi || hi == 0 {
		return nil, ErrValue // port 0 alone could not be told from any
	}
	*p = Ports{uint16(lo), uint16(hi)}
	return w[1:], nil
}

const (
	sdfDescription = 1 << iota
	sdfTOS
	sdfSPI
	sdfFlowLabel
	sdfID
)

// sdf codes an SDF Filter (§8.2.5): flags, spare, length of the flow description, flow description. A filter's identifier, by
// which other rules could have it, is skipped.
func sdf(c *coder, s *SDF) {
	var flags uint16 = sdfDescription << 8
	u16(c, &flags)
	flags >>= 8
	c.supported(flags&(sdfTOS|sdfSPI|sdfFlowLabel) == 0 && flags&sdfDescription != 0)
	if c.writing {
		text := s.String()
		c.put(byte(len(text)>>8), byte(len(text)))
		c.put([]byte(text)...)
		return
	}
	var n uint16
	u16(c, &n)
	v := c.take(int(n))
	if c.err != nil {
		return
	}
	switch f, err := ParseSDF(string(v)); err {
	case nil:
		*s = f
	case ErrUnsupported:
		c.supported(false)
	default:
		c.fail(CauseMandatoryIncorrect, ErrValue)
	}
}
