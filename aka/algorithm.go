package aka

// Algorithm identities of TS 33.501 §5.11, the same for ciphering (NEA) and integrity (NIA).
const (
	AlgNull   uint8 = 0
	AlgSNOW3G uint8 = 1 // 128-NEA1, 128-NIA1
	AlgAES    uint8 = 2 // 128-NEA2, 128-NIA2
	AlgZUC    uint8 = 3 // 128-NEA3, 128-NIA3
)

// Directions of TS 33.501 annex D.
const (
	Uplink   uint8 = 0
	Downlink uint8 = 1
)

// NIA is the integrity algorithm alg over msg (TS 33.501 annex D.3). bearer has five bits
// and direction one. Algorithm 0 yields zeros, as the standard has it: a caller that lets
// it through protects nothing. An algorithm that does not exist is our own bug.
func NIA(alg uint8, key *[16]byte, count uint32, bearer, direction uint8, msg []byte) [4]byte {
	switch alg {
	case AlgNull:
		return [4]byte{}
	case AlgSNOW3G:
		return nia1(key, count, bearer, direction, msg, 8*len(msg))
	case AlgAES:
		return nia2(key, count, bearer, direction, msg, 8*len(msg))
	case AlgZUC:
		return nia3(key, count, bearer, direction, msg, 8*len(msg))
	}
	panic("aka: no such integrity algorithm")
}

// NEA enciphers or deciphers data in place with the ciphering algorithm alg
// (TS 33.501 annex D.2). Its arguments are those of NIA. Algorithm 0 leaves data as it is.
func NEA(alg uint8, key *[16]byte, count uint32, bearer, direction uint8, data []byte) {
	switch alg {
	case AlgNull:
	case AlgSNOW3G:
		nea1(key, count, bearer, direction, data)
	case AlgAES:
		nea2(key, count, bearer, direction, data)
	case AlgZUC:
		nea3(key, count, bearer, direction, data)
	default:
		panic("aka: no such ciphering algorithm")
	}
}
