package smf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"

	"cordon/ident"
	"cordon/wire/pfcp"
)

// errSaved refuses octets that Append did not write.
var errSaved = errors.New("smf: saved sessions are malformed")

// A saved session is what outlives a restart: who it is, what the device was told, and where the
// user plane had it. What was saved before there was IPv6 has no more than the first part.
//
//	octet 1      PDU session identity; savedSealed if the session is sealed, savedMore if a second part follows
//	octets 2-5   SST, SD
//	octets 6-9   IPv4 address, 0 if none
//	octet 10     length of the DNN, which follows
//
// and the second part, each but the first only if its flag is set:
//
//	1            flags
//	8            IPv6 prefix
//	8, 4, 4|16   the user plane's name of the session, and its tunnel endpoint: TEID, address
//	4, 4|16      the radio's tunnel endpoint
const (
	savedFixed  = 10
	savedSealed = 0x80
	savedMore   = 0x40

	savedPrefix = 0x01
	savedPlane  = 0x02
	savedLocal6 = 0x04 // the address is IPv6
	savedRadio  = 0x08 // traffic flows
	savedRadio6 = 0x10
	savedFrames = 0x20 // it is of type Ethernet, and has no address
	savedFlags  = savedPrefix | savedPlane | savedLocal6 | savedRadio | savedRadio6 | savedFrames
)

// restored is what a session was before a restart.
type restored struct {
	addr   addresses
	up     ident.SEID // the user plane's name, 0 if it had none
	local  pfcp.FTEID
	remote pfcp.OuterHeader // zero if it was not active
	frames bool             // it is of type Ethernet
}

// Append writes the device's sessions after b, those that the device has been told of.
func (m *SMF) Append(b []byte, supi ident.SUPI) []byte {
	for psi := ident.PDUSessionID(1); psi <= 15; psi++ {
		s := m.sessions[Key{supi, psi}]
		if s == nil || s.state < statePending && s.restored == nil || s.state == stateReleasing {
			continue
		}
		b = s.append(b)
	}
	return b
}

func (s *session) append(b []byte) []byte {
	is := s.lasting()
	first := byte(s.key.PSI) | savedMore
	if s.sealed {
		first |= savedSealed
	}
	b = append(b, first)
	b = binary.BigEndian.AppendUint32(b, uint32(s.snssai.SST)<<24|s.snssai.SD)
	b = append(b, is.addr.v4[:]...)
	b = append(b, byte(len(s.dnn)))
	b = append(b, s.dnn...)
	at := len(b)
	b = append(b, 0)
	if is.addr.v6 != [8]byte{} {
		b[at] |= savedPrefix
		b = append(b, is.addr.v6[:]...)
	}
	if is.frames {
		b[at] |= savedFrames
	}
	if is.up == 0 {
		return b
	}
	b[at] |= savedPlane
	b = binary.BigEndian.AppendUint64(b, uint64(is.up))
	b = binary.BigEndian.AppendUint32(b, uint32(is.local.TEID))
	b = append(b, is.local.Addr.AsSlice()...)
	if is.local.Addr.Is6() {
		b[at] |= savedLocal6
	}
	if is.remote.Addr.IsValid() {
		b[at] |= savedRadio
		b = binary.BigEndian.AppendUint32(b, uint32(is.remote.TEID))
		b = append(b, is.remote.Addr.AsSlice()...)
		if is.remote.Addr.Is6() {
			b[at] |= savedRadio6
		}
	}
	return b
}

// lasting is what a later life can have again of the session.
func (s *session) lasting() restored {
	if s.restored != nil { // the user plane has not said yet what there is
		return *s.restored
	}
	r := restored{addr: s.addr, up: s.peer, local: s.local, frames: s.frames}
	if !s.local.Addr.IsValid() {
		r.up = 0
	}
	if s.state == stateActive {
		r.remote = s.remote
	}
	return r
}

// parseSaved reads one session from the front of b.
func parseSaved(b []byte) (s session, rest []byte, err error) {
	const flags = savedSealed | savedMore
	if len(b) < savedFixed || b[0]&^flags < 1 || b[0]&^flags > 15 || int(b[9]) > len(b)-savedFixed {
		return session{}, nil, errSaved
	}
	name := b[savedFixed : savedFixed+int(b[9])]
	s.key.PSI, s.sealed = ident.PDUSessionID(b[0]&^flags), b[0]&savedSealed != 0
	slice := binary.BigEndian.Uint32(b[1:])
	s.snssai = ident.SNSSAI{SST: uint8(slice >> 24), SD: slice & 0xffffff}
	s.restored = &restored{addr: addresses{v4: [4]byte(b[5:9])}}
	if s.dnn, err = ident.ParseDNN(string(name)); err != nil || string(s.dnn) != string(name) {
		return session{}, nil, fmt.Errorf("%w: %w", errSaved, err)
	}
	rest = b[savedFixed+len(name):]
	if b[0]&savedMore != 0 {
		rest, err = s.restored.parse(rest)
	}
	if err == nil && (s.restored.addr == addresses{}) != s.restored.frames {
		err = errSaved
	}
	if err != nil {
		return session{}, nil, err
	}
	return s, rest, nil
}

// parse reads the second part.
func (r *restored) parse(b []byte) (rest []byte, err error) {
	c := cursor{b: b}
	flags := c.take(1)[0]
	has := func(f byte) bool { return flags&f != 0 }
	if flags&^savedFlags != 0 || has(savedLocal6|savedRadio) && !has(savedPlane) || has(savedRadio6) && !has(savedRadio) {
		return nil, errSaved
	}
	r.frames = has(savedFrames)
	if has(savedPrefix) {
		r.addr.v6 = [8]byte(c.take(8))
		c.short = c.short || r.addr.v6 == [8]byte{}
	}
	if has(savedPlane) {
		r.up = ident.SEID(binary.BigEndian.Uint64(c.take(8)))
		r.local.TEID, r.local.Addr = c.endpoint(has(savedLocal6))
		c.short = c.short || r.up == 0
	}
	if has(savedRadio) {
		r.remote.TEID, r.remote.Addr = c.endpoint(has(savedRadio6))
	}
	if c.short {
		return nil, errSaved
	}
	return c.b, nil
}

// cursor takes octets from the front; once there are too few, all that it gives is zero.
type cursor struct {
	b     []byte
	short bool
}

func (c *cursor) take(n int) []byte {
	if c.short = c.short || n > len(c.b); c.short {
		return make([]byte, n)
	}
	taken := c.b[:n]
	c.b = c.b[n:]
	return taken
}

// endpoint is a TEID and an address, which is no IPv4 one in the form of IPv6.
func (c *cursor) endpoint(v6 bool) (ident.TEID, netip.Addr) {
	teid, size := ident.TEID(binary.BigEndian.Uint32(c.take(4))), 4
	if v6 {
		size = 16
	}
	addr, _ := netip.AddrFromSlice(c.take(size))
	c.short = c.short || addr.Is4In6()
	return teid, addr
}
