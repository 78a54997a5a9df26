package aka

import "cordon/ident"

// KAKMA is the key on which AKMA builds (TS 33.535 annex A.2).
func KAKMA(kausf Key, supi ident.SUPI) Key {
	return KDF(kausf[:], 0x80, []byte("AKMA"), supi.Key())
}

// ATID is the AKMA temporary identifier, the part of A-KID that names a key
// (TS 33.535 annex A.3).
func ATID(kausf Key, supi ident.SUPI) [32]byte {
	return KDF(kausf[:], 0x81, []byte("A-TID"), supi.Key())
}

// KAF is the key of one application function (TS 33.535 annex A.4). afID is its FQDN
// followed by the five octets of the Ua* security protocol.
func KAF(kakma Key, afID []byte) Key { return KDF(kakma[:], 0x82, afID) }
