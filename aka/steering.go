package aka

// SoRMACIAUSF protects a steering-of-roaming list on its way to a device (TS 33.501 annex
// A.17). header is the SoR header and list what follows octet 22 of the container; a nil
// list is left out of the derivation.
func SoRMACIAUSF(kausf Key, header []byte, counter uint16, list []byte) [16]byte {
	if list == nil {
		return low128(KDF(kausf[:], 0x77, header, be16(counter)))
	}
	return low128(KDF(kausf[:], 0x77, header, be16(counter), list))
}

// SoRMACIUE is a device's acknowledgement of one (annex A.18).
func SoRMACIUE(kausf Key, counter uint16) [16]byte {
	return low128(KDF(kausf[:], 0x78, []byte{1}, be16(counter)))
}

// UPUMACIAUSF protects a UE parameters update (annex A.19). data is the update list.
func UPUMACIAUSF(kausf Key, data []byte, counter uint16) [16]byte {
	return low128(KDF(kausf[:], 0x7b, data, be16(counter)))
}

// UPUMACIUE is a device's acknowledgement of one (annex A.20).
func UPUMACIUE(kausf Key, counter uint16) [16]byte {
	return low128(KDF(kausf[:], 0x7c, []byte{1}, be16(counter)))
}
