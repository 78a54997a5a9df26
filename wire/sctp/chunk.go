package sctp

import (
	"encoding/binary"
	"iter"
)

// Data is a DATA chunk (§3.3.1): one fragment of a user message.
type Data struct {
	TSN         uint32
	Stream, SSN uint16
	PPID        uint32
	Immediate   bool // I: do not delay the acknowledgement
	Unordered   bool // U
	Begin, End  bool // B, E: first and last fragment
	Data        []byte
}

const dataHeader = 16 // octets before the user data, the chunk's header included

// ParseData reads a DATA chunk. An empty one is refused (§3.3.1).
func ParseData(c Chunk) (Data, error) {
	if len(c.Value) <= dataHeader-chunkHeader {
		return Data{}, ErrShort
	}
	v := c.Value
	return Data{
		TSN:       binary.BigEndian.Uint32(v),
		Stream:    binary.BigEndian.Uint16(v[4:]),
		SSN:       binary.BigEndian.Uint16(v[6:]),
		PPID:      binary.BigEndian.Uint32(v[8:]),
		Immediate: c.Flags&8 != 0,
		Unordered: c.Flags&4 != 0,
		Begin:     c.Flags&2 != 0,
		End:       c.Flags&1 != 0,
		Data:      v[12:],
	}, nil
}

// Append appends the chunk with its padding.
func (d Data) Append(b []byte) []byte {
	b = append(b, byte(TypeData), bit(d.Immediate, 8)|bit(d.Unordered, 4)|bit(d.Begin, 2)|bit(d.End, 1))
	b = binary.BigEndian.AppendUint16(b, uint16(dataHeader+len(d.Data)))
	b = binary.BigEndian.AppendUint32(b, d.TSN)
	b = binary.BigEndian.AppendUint16(b, d.Stream)
	b = binary.BigEndian.AppendUint16(b, d.SSN)
	b = binary.BigEndian.AppendUint32(b, d.PPID)
	b = append(b, d.Data...)
	return append(b, padding[:pad(len(d.Data))-len(d.Data)]...)
}

var padding [3]byte

func bit(set bool, v uint8) uint8 {
	if set {
		return v
	}
	return 0
}

// SACK is a SACK chunk (§3.3.4). Its blocks and duplicates stay in the octets it was
// parsed from.
type SACK struct {
	Cumulative uint32
	Window     uint32
	blocks     []byte
	duplicates []byte
}

// ParseSACK reads a SACK chunk.
func ParseSACK(c Chunk) (SACK, error) {
	v := c.Value
	if len(v) < 12 {
		return SACK{}, ErrShort
	}
	blocks := 4 * int(binary.BigEndian.Uint16(v[8:]))
	duplicates := 4 * int(binary.BigEndian.Uint16(v[10:]))
	if blocks+duplicates != len(v)-12 {
		return SACK{}, ErrLength
	}
	return SACK{
		Cumulative: binary.BigEndian.Uint32(v),
		Window:     binary.BigEndian.Uint32(v[4:]),
		blocks:     v[12 : 12+blocks],
		duplicates: v[12+blocks:],
	}, nil
}

// Blocks yields the gap ack blocks: first and last TSN received, as offsets from the
// cumulative TSN.
func (s SACK) Blocks() iter.Seq2[uint16, uint16] {
	return func(yield func(uint16, uint16) bool) {
		for b := s.blocks; len(b) > 0; b = b[4:] {
			if !yield(binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])) {
				return
			}
		}
	}
}

// Append appends the chunk.
func (s SACK) Append(b []byte) []byte {
	b = append(b, byte(TypeSACK), 0)
	b = binary.BigEndian.AppendUint16(b, uint16(16+len(s.blocks)+len(s.duplicates)))
	b = binary.BigEndian.AppendUint32(b, s.Cumulative)
	b = binary.BigEndian.AppendUint32(b, s.Window)
	b = binary.BigEndian.AppendUint16(b, uint16(len(s.blocks)/4))
	b = binary.BigEndian.AppendUint16(b, uint16(len(s.duplicates)/4))
	b = append(b, s.blocks...)
	return append(b, s.duplicates...)
}

// parseTSN reads the one TSN that a SHUTDOWN chunk consists of (§3.3.8).
func parseTSN(c Chunk) (uint32, error) {
	if len(c.Value) != 4 {
		return 0, ErrLength
	}
	return binary.BigEndian.Uint32(c.Value), nil
}

// Cause is the code of an error cause in an ABORT or ERROR chunk (§3.3.10).
type Cause uint16

const (
	CauseInvalidStream     Cause = 1
	CauseMissingParameter  Cause = 2
	CauseStaleCookie       Cause = 3
	CauseOutOfResource     Cause = 4
	CauseUnresolvable      Cause = 5
	CauseUnknownChunk      Cause = 6
	CauseInvalidParameter  Cause = 7
	CauseUnknownParameters Cause = 8
	CauseNoUserData        Cause = 9
	CauseShuttingDown      Cause = 10
	CauseUserAbort         Cause = 12
	CauseViolation         Cause = 13
)

// appendCause appends an error cause, the only one of its chunk: its padding is the
// chunk's (§3.2).
func appendCause(b []byte, code Cause, info []byte) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(code))
	b = binary.BigEndian.AppendUint16(b, uint16(4+len(info)))
	return append(b, info...)
}

// causes yields the error causes of an ABORT or ERROR chunk up to the first that is malformed.
func causes(v []byte) iter.Seq2[Cause, []byte] {
	return func(yield func(Cause, []byte) bool) {
		for len(v) >= 4 {
			n := int(binary.BigEndian.Uint16(v[2:]))
			if n < 4 || n > len(v) || !yield(Cause(binary.BigEndian.Uint16(v)), v[4:n]) {
				return
			}
			v = v[min(pad(n), len(v)):]
		}
	}
}
