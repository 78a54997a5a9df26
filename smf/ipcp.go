package smf

import (
	"encoding/binary"
	"net/netip"
)

// IPCP inside the protocol configuration options (RFC 1332, RFC 1877): some devices ask for
// their resolvers by it rather than by the container made for that.
const (
	ipcpConfigureRequest = 1
	ipcpConfigureNak     = 3
	ipcpConfigureReject  = 4
	ipcpPrimaryDNS       = 129
	ipcpSecondaryDNS     = 131
)

// ipcpAnswer answers a Configure-Request, under the request's own identifier, with the
// resolvers that it asked for; nil is no answer. Options other than those are refused.
func ipcpAnswer(req []byte, n *Network) []byte {
	if len(req) < 4 || req[0] != ipcpConfigureRequest {
		return nil
	}
	length := int(binary.BigEndian.Uint16(req[2:]))
	if length < 4 || length > len(req) {
		return nil
	}
	known := n.resolvers(netip.Addr.Is4)
	nak := []byte{ipcpConfigureNak, req[1], 0, 0}
	rejected := []byte{ipcpConfigureReject, req[1], 0, 0}
	for opts := req[4:length]; len(opts) > 0; {
		if len(opts) < 2 || opts[1] < 2 || int(opts[1]) > len(opts) {
			return nil
		}
		opt := opts[:opts[1]]
		opts = opts[opts[1]:]
		which := -1
		switch opt[0] {
		case ipcpPrimaryDNS:
			which = 0
		case ipcpSecondaryDNS:
			which = 1
		}
		if which < 0 || which >= len(known) || len(opt) != 6 {
			rejected = append(rejected, opt...)
			continue
		}
		a := known[which].As4()
		nak = append(nak, opt[0], 6, a[0], a[1], a[2], a[3])
	}
	out := nak
	if len(rejected) > 4 && len(nak) == 4 { // a Reject comes first, but what was asked and can be told is worth more
		out = rejected
	}
	if len(out) == 4 {
		return nil
	}
	binary.BigEndian.PutUint16(out[2:], uint16(len(out)))
	return out
}
