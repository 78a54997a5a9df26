package aka

// indBits is the length of IND in a sequence number (TS 33.102 annex C.1.1.1).
const indBits = 5

// SQN is a sequence number of 48 bits: SEQ in the upper 43, IND in the lower 5
// (TS 33.102 annex C.1.1.1).
type SQN uint64

// MaxSEQ is the largest SEQ.
const MaxSEQ uint64 = 1<<43 - 1

// MakeSQN puts a sequence number together. seq is at most MaxSEQ, ind at most 31.
func MakeSQN(seq uint64, ind uint8) SQN { return SQN(seq<<indBits | uint64(ind&31)) }

// SEQ is the counter in it.
func (s SQN) SEQ() uint64 { return uint64(s) >> indBits & MaxSEQ }

// IND is the index in it, 0 to 31.
func (s SQN) IND() uint8 { return uint8(s & 31) }

// Bytes is the six octets in which it travels.
func (s SQN) Bytes() [6]byte {
	return [6]byte{byte(s >> 40), byte(s >> 32), byte(s >> 24), byte(s >> 16), byte(s >> 8), byte(s)}
}

// ParseSQN reads the six octets.
func ParseSQN(b [6]byte) SQN {
	return SQN(b[0])<<40 | SQN(b[1])<<32 | SQN(b[2])<<24 | SQN(b[3])<<16 | SQN(b[4])<<8 | SQN(b[5])
}
