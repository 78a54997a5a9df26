package sctp

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"time"
)

// cookie is all that an association needs to begin, kept by the peer meanwhile (§5.1.3).
type cookie struct {
	made            time.Duration
	remote          netip.AddrPort // the peer's address and SCTP port
	ownTag, peerTag uint32
	ownTSN, peerTSN uint32
	window          uint32 // the peer's
	out, in         uint16 // streams, negotiated
	tieOwn, tiePeer uint32 // tags of the association that existed already; or zero
}

const (
	cookieBody = 8 + 16 + 2 + 7*4 + 2*2
	cookieLen  = cookieBody + sha256.Size
)

// sign writes the cookie out under the endpoint's key.
func (c cookie) sign(key *[32]byte) []byte {
	b := make([]byte, 0, cookieLen)
	b = binary.BigEndian.AppendUint64(b, uint64(c.made))
	addr := c.remote.Addr().As16()
	b = append(b, addr[:]...)
	b = binary.BigEndian.AppendUint16(b, c.remote.Port())
	for _, v := range [...]uint32{c.ownTag, c.peerTag, c.ownTSN, c.peerTSN, c.window, c.tieOwn, c.tiePeer} {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	b = binary.BigEndian.AppendUint16(b, c.out)
	b = binary.BigEndian.AppendUint16(b, c.in)
	return mac(b, key, b)
}

func mac(to []byte, key *[32]byte, body []byte) []byte {
	h := hmac.New(sha256.New, key[:])
	h.Write(body)
	return h.Sum(to)
}

// openCookie returns the cookie if this endpoint signed it for this peer.
func openCookie(b []byte, key *[32]byte, remote netip.AddrPort) (cookie, bool) {
	if len(b) != cookieLen {
		return cookie{}, false
	}
	body, sum := b[:cookieBody], b[cookieBody:]
	if !hmac.Equal(sum, mac(nil, key, body)) {
		return cookie{}, false
	}
	u32 := func(i int) uint32 { return binary.BigEndian.Uint32(body[26+4*i:]) }
	c := cookie{
		made:    time.Duration(binary.BigEndian.Uint64(body)),
		remote:  netip.AddrPortFrom(netip.AddrFrom16([16]byte(body[8:24])).Unmap(), binary.BigEndian.Uint16(body[24:])),
		ownTag:  u32(0),
		peerTag: u32(1),
		ownTSN:  u32(2),
		peerTSN: u32(3),
		window:  u32(4),
		tieOwn:  u32(5),
		tiePeer: u32(6),
		out:     binary.BigEndian.Uint16(body[54:]),
		in:      binary.BigEndian.Uint16(body[56:]),
	}
	// The zone of a link-local address is not on the wire, and the mac needs none of it.
	return c, c.remote == netip.AddrPortFrom(remote.Addr().WithZone("").Unmap(), remote.Port())
}
