package smf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"

	"cordon/ident"
)

// errSaved refuses octets that Append did not write.
var errSaved = errors.New("smf: saved sessions are malformed")

// A saved session is what outlives a restart: who it is and what the device was told. The
// user plane's part is made anew.
//
//	octet 1      PDU session identity; its highest bit is set if the session is sealed
//	octets 2-5   SST, SD
//	octets 6-9   IPv4 address
//	octet 10     length of the DNN, which follows
const (
	savedFixed  = 10
	savedSealed = 0x80
)

// Append writes the device's sessions after b, those that the device has been told of.
func (m *SMF) Append(b []byte, supi ident.SUPI) []byte {
	for psi := ident.PDUSessionID(1); psi <= 15; psi++ {
		s := m.sessions[Key{supi, psi}]
		if s == nil || s.state < statePending || s.state == stateReleasing {
			continue
		}
		first := byte(psi)
		if s.sealed {
			first |= savedSealed
		}
		b = append(b, first)
		b = binary.BigEndian.AppendUint32(b, uint32(s.snssai.SST)<<24|s.snssai.SD)
		b = append(b, s.addr[:]...)
		b = append(b, byte(len(s.dnn)))
		b = append(b, s.dnn...)
	}
	return b
}

// parseSaved reads one session from the front of b.
func parseSaved(b []byte) (s session, rest []byte, err error) {
	if len(b) < savedFixed || b[0]&^savedSealed < 1 || b[0]&^savedSealed > 15 || int(b[9]) > len(b)-savedFixed {
		return session{}, nil, errSaved
	}
	name := b[savedFixed : savedFixed+int(b[9])]
	s.key.PSI, s.sealed = ident.PDUSessionID(b[0]&^savedSealed), b[0]&savedSealed != 0
	slice := binary.BigEndian.Uint32(b[1:])
	s.snssai = ident.SNSSAI{SST: uint8(slice >> 24), SD: slice & 0xffffff}
	s.addr = [4]byte(b[5:9])
	if s.dnn, err = ident.ParseDNN(string(name)); err != nil || string(s.dnn) != string(name) {
		return session{}, nil, fmt.Errorf("%w: %w", errSaved, err)
	}
	return s, b[savedFixed+len(name):], nil
}

// restore brings a device's sessions back, idle: each asks for its address again and then
// for the user plane's rules. What cannot be had again is gone, and the device learns of it
// by the status of its sessions.
func (m *SMF) restore(ev Restored) {
	for b := ev.Blob; len(b) > 0; {
		s, rest, err := parseSaved(b)
		if err != nil {
			m.drop(Key{SUPI: ev.SUPI}, ReasonSaved)
			return
		}
		b = rest
		s.key.SUPI = ev.SUPI
		s.settings = ev.Settings(s.snssai, s.dnn)
		if _, served := m.cfg.Networks[s.dnn]; !served || s.settings == nil || m.sessions[s.key] != nil {
			m.drop(s.key, ReasonSaved)
			m.emit(Ended{s.key})
			continue
		}
		want := netip.AddrFrom4(s.addr)
		m.gen++
		s.addr, s.gen, s.seid, s.restored = [4]byte{}, m.gen, m.drawSEID(), want.As4()
		m.sessions[s.key], m.seids[s.seid] = &s, s.key
		m.emit(NeedAddress{Key: s.key, Gen: s.gen, DNN: s.dnn, Want: want})
	}
}
