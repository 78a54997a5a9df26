package sctp

import (
	"encoding/binary"
	"iter"
)

// Init is an INIT or INIT ACK chunk (§3.3.2, §3.3.3).
type Init struct {
	Tag        uint32
	Window     uint32
	Out, In    uint16 // streams: outbound wanted, inbound at most
	TSN        uint32 // the first that its sender will use
	parameters []byte
}

const initFixed = 16

// ParseInit reads an INIT or INIT ACK chunk. Values that §3.3.2 forbids are refused by
// the endpoint, which has to answer them.
func ParseInit(c Chunk) (Init, error) {
	v := c.Value
	if len(v) < initFixed {
		return Init{}, ErrShort
	}
	i := Init{
		Tag:        binary.BigEndian.Uint32(v),
		Window:     binary.BigEndian.Uint32(v[4:]),
		Out:        binary.BigEndian.Uint16(v[8:]),
		In:         binary.BigEndian.Uint16(v[10:]),
		TSN:        binary.BigEndian.Uint32(v[12:]),
		parameters: v[initFixed:],
	}
	for rest := i.parameters; len(rest) > 0; {
		if len(rest) < 4 {
			return Init{}, ErrLength
		}
		n := int(binary.BigEndian.Uint16(rest[2:]))
		if n < 4 || n > len(rest) {
			return Init{}, ErrLength
		}
		rest = rest[min(pad(n), len(rest)):] // the last one's padding may be the chunk's
	}
	return i, nil
}

// Append appends the chunk as an INIT or an INIT ACK.
func (i Init) Append(b []byte, t ChunkType) []byte {
	b = append(b, byte(t), 0)
	b = binary.BigEndian.AppendUint16(b, uint16(chunkHeader+initFixed+len(i.parameters)))
	b = binary.BigEndian.AppendUint32(b, i.Tag)
	b = binary.BigEndian.AppendUint32(b, i.Window)
	b = binary.BigEndian.AppendUint16(b, i.Out)
	b = binary.BigEndian.AppendUint16(b, i.In)
	b = binary.BigEndian.AppendUint32(b, i.TSN)
	b = append(b, i.parameters...)
	return append(b, padding[:pad(len(i.parameters))-len(i.parameters)]...)
}

// ParamType is a parameter's type; its two high bits say what a receiver that does
// not know it does (§3.2.1).
type ParamType uint16

const (
	ParamIPv4          ParamType = 5
	ParamIPv6          ParamType = 6
	ParamCookie        ParamType = 7
	ParamUnrecognized  ParamType = 8
	ParamPreservative  ParamType = 9
	ParamHostName      ParamType = 11
	ParamAddressFamily ParamType = 12
)

const (
	paramReport = 0x4000 // high bits of an unknown parameter
	paramSkip   = 0x8000
)

// Params yields the chunk's parameters in order, padding taken away.
func (i Init) Params() iter.Seq2[ParamType, []byte] {
	return func(yield func(ParamType, []byte) bool) {
		for rest := i.parameters; len(rest) > 0; {
			n := int(binary.BigEndian.Uint16(rest[2:]))
			if !yield(ParamType(binary.BigEndian.Uint16(rest)), rest[4:n:n]) {
				return
			}
			rest = rest[min(pad(n), len(rest)):]
		}
	}
}

// WithParam returns the chunk with one parameter more. The last one's padding is the
// chunk's (§3.2).
func (i Init) WithParam(t ParamType, v []byte) Init {
	p := i.parameters[:len(i.parameters):len(i.parameters)]
	p = append(p, padding[:pad(len(p))-len(p)]...)
	i.parameters = appendParam(p, t, v)
	return i
}

func appendParam(b []byte, t ParamType, v []byte) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(t))
	b = binary.BigEndian.AppendUint16(b, uint16(4+len(v)))
	return append(b, v...)
}

// initParams is what this endpoint makes of a peer's parameters.
type initParams struct {
	cookie   []byte
	hostName bool
	unknown  [][]byte // the parameters to report, whole
}

// maxReported bounds what is echoed of unknown parameters, so that an answer is not
// much larger than the question.
const maxReported = 256

func (i Init) understand() initParams {
	var p initParams
	reported := 0
	for t, v := range i.Params() {
		switch t {
		case ParamCookie:
			p.cookie = v
		case ParamHostName:
			p.hostName = true
		case ParamIPv4, ParamIPv6, ParamUnrecognized, ParamPreservative, ParamAddressFamily:
		default:
			if t&paramReport != 0 && reported+8+pad(len(v)) <= maxReported {
				p.unknown = append(p.unknown, appendParam(nil, t, v))
				reported += 8 + pad(len(v))
			}
			if t&paramSkip == 0 {
				return p
			}
		}
	}
	return p
}
