package sctp

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"iter"
)

// Reasons to refuse a packet or a chunk.
var (
	ErrShort    = errors.New("shorter than its fixed part")
	ErrLength   = errors.New("a length field disagrees with what is there")
	ErrChecksum = errors.New("wrong checksum")
	ErrPort     = errors.New("port 0")
)

const (
	packetHeader = 12
	chunkHeader  = 4
)

// Packet is a common header (§3.1) and well-formed chunks, which it shares with the
// octets it was parsed from.
type Packet struct {
	Source, Destination uint16
	Tag                 uint32
	chunks              []byte
}

// ParsePacket checks ports, checksum and the lengths of all chunks. Their contents are
// checked when they are parsed.
func ParsePacket(b []byte) (Packet, error) {
	if len(b) < packetHeader+chunkHeader {
		return Packet{}, ErrShort
	}
	if binary.LittleEndian.Uint32(b[8:]) != checksum(b) {
		return Packet{}, ErrChecksum
	}
	p := Packet{
		Source:      binary.BigEndian.Uint16(b),
		Destination: binary.BigEndian.Uint16(b[2:]),
		Tag:         binary.BigEndian.Uint32(b[4:]),
		chunks:      b[packetHeader:],
	}
	if p.Source == 0 || p.Destination == 0 {
		return Packet{}, ErrPort
	}
	for rest := p.chunks; len(rest) > 0; {
		if len(rest) < chunkHeader {
			return Packet{}, ErrLength
		}
		n := int(binary.BigEndian.Uint16(rest[2:]))
		if n < chunkHeader || pad(n) > len(rest) {
			return Packet{}, ErrLength
		}
		rest = rest[pad(n):]
	}
	return p, nil
}

// Chunks yields the packet's chunks in order.
func (p Packet) Chunks() iter.Seq[Chunk] {
	return func(yield func(Chunk) bool) {
		for rest := p.chunks; len(rest) > 0; {
			n := int(binary.BigEndian.Uint16(rest[2:]))
			c := Chunk{Type: ChunkType(rest[0]), Flags: rest[1], Value: rest[chunkHeader:n:n]}
			if !yield(c) {
				return
			}
			rest = rest[pad(n):]
		}
	}
}

// first is the first chunk, which a parsed packet always has.
func (p Packet) first() Chunk {
	for c := range p.Chunks() {
		return c
	}
	return Chunk{}
}

// AppendPacket appends a whole packet of the given chunks. To be refused by nobody it
// must have at least one.
func AppendPacket(b []byte, source, destination uint16, tag uint32, chunks ...Chunk) []byte {
	start := len(b)
	b = appendHeader(b, source, destination, tag)
	for _, c := range chunks {
		b = c.Append(b)
	}
	seal(b[start:])
	return b
}

func appendHeader(b []byte, source, destination uint16, tag uint32) []byte {
	b = binary.BigEndian.AppendUint16(b, source)
	b = binary.BigEndian.AppendUint16(b, destination)
	b = binary.BigEndian.AppendUint32(b, tag)
	return append(b, 0, 0, 0, 0)
}

// seal writes the checksum of a packet that is otherwise complete.
func seal(b []byte) { binary.LittleEndian.PutUint32(b[8:], checksum(b)) }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum is the CRC32c of a packet whose checksum field counts as zero (§6.8).
func checksum(b []byte) uint32 {
	var zero [4]byte
	c := crc32.Update(0, castagnoli, b[:8])
	c = crc32.Update(c, castagnoli, zero[:])
	return crc32.Update(c, castagnoli, b[packetHeader:])
}

func pad(n int) int { return (n + 3) &^ 3 }

// ChunkType is a chunk's type; its two high bits say what a receiver that does not
// know it does (§3.2).
type ChunkType uint8

const (
	TypeData             ChunkType = 0
	TypeInit             ChunkType = 1
	TypeInitAck          ChunkType = 2
	TypeSACK             ChunkType = 3
	TypeHeartbeat        ChunkType = 4
	TypeHeartbeatAck     ChunkType = 5
	TypeAbort            ChunkType = 6
	TypeShutdown         ChunkType = 7
	TypeShutdownAck      ChunkType = 8
	TypeError            ChunkType = 9
	TypeCookieEcho       ChunkType = 10
	TypeCookieAck        ChunkType = 11
	TypeShutdownComplete ChunkType = 14
)

// FlagT on an ABORT or SHUTDOWN COMPLETE says that the packet's tag is the one its
// sender received, not the one its receiver chose (§8.5.1).
const FlagT = 1

// Chunk is one chunk as it stands in a packet, padding taken away.
type Chunk struct {
	Type  ChunkType
	Flags uint8
	Value []byte
}

// Append appends the chunk with its padding.
func (c Chunk) Append(b []byte) []byte {
	b = append(b, byte(c.Type), c.Flags)
	b = binary.BigEndian.AppendUint16(b, uint16(chunkHeader+len(c.Value)))
	b = append(b, c.Value...)
	return append(b, make([]byte, pad(len(c.Value))-len(c.Value))...)
}
