package upf

import (
	"encoding/binary"
	"fmt"
	"net/netip"
)

// halves are an address as a Range asks for it.
func halves(a netip.Addr) (family uint32, hi, lo uint64) {
	if a.Is4() {
		return 4, 0, uint64(addr4(a))
	}
	b := a.As16()
	return 6, binary.BigEndian.Uint64(b[:]), binary.BigEndian.Uint64(b[8:])
}

// newRange is the addresses of a prefix.
func newRange(p netip.Prefix) Range {
	family, hi, lo := halves(p.Addr())
	r := Range{Family: family, MaskHi: ^uint64(0), MaskLo: uint64(^uint32(0)) << (32 - min(p.Bits(), 32)) & 0xffffffff}
	if family == 6 {
		r.MaskHi, r.MaskLo = ^uint64(0)<<max(64-p.Bits(), 0), ^uint64(0)<<min(128-p.Bits(), 64)
	}
	r.Hi, r.Lo = hi&r.MaskHi, lo&r.MaskLo
	return r
}

// has reports whether the range has an address, given as halves gives it.
func (r *Range) has(family uint32, hi, lo uint64) bool {
	return lo&r.MaskLo == r.Lo && hi&r.MaskHi == r.Hi && (r.Family == family || r.Family == 0)
}

func newRanges(what string, ps []netip.Prefix) ([]Range, error) {
	var out []Range
	for _, p := range ps {
		if !p.IsValid() || p.Addr().Is4In6() {
			return nil, fmt.Errorf("upf: %s %v is no prefix of IPv4 or IPv6", what, p)
		}
		out = append(out, newRange(p))
	}
	if len(out) > maxRanges {
		return nil, fmt.Errorf("upf: %d of %s: want at most %d", len(out), what, maxRanges)
	}
	return out, nil
}

func within(rs []Range, family uint32, hi, lo uint64) bool {
	for i := range rs {
		if rs[i].has(family, hi, lo) {
			return true
		}
	}
	return false
}
