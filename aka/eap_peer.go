package aka

import (
	"errors"
	"slices"

	"cordon/ident"
)

// clientErrorUnable is "unable to process packet" (RFC 4187 §10.20).
const clientErrorUnable uint16 = 0

// AnswerEAP is a device's side of EAP-AKA' (TS 33.501 §6.1.3.1): the packet that answers
// the request, and KAUSF if the challenge was accepted. An error says why it was not; the
// packet is to be sent all the same, unless it is nil, which a packet gets that no answer
// may be given to. snn is the name of the network that the device believes it is on.
func AnswerEAP(f Functions, seen *SEQArray, packet []byte, snn string, supi ident.SUPI) ([]byte, Key, error) {
	p, err := ParseEAP(packet)
	if err != nil {
		if len(packet) < 2 || EAPCode(packet[0]) != EAPRequest {
			return nil, Key{}, err
		}
		return clientError(packet[1]), Key{}, err
	}
	if p.Code != EAPRequest {
		return nil, Key{}, ErrEAPStray
	}
	if p.Subtype != AKAChallenge || p.RAND == nil || p.AUTN == nil || p.MAC == nil || p.KDFInput == nil ||
		!slices.Equal(p.KDF, []uint16{kdfCKIKPrime}) {
		return clientError(p.ID), Key{}, ErrEAPMissing
	}
	if *p.KDFInput != snn { // RFC 9048 §3.1: as if AUTN had been wrong
		return plain(EAP{Code: EAPResponse, ID: p.ID, Subtype: AKAReject}), Key{}, ErrMAC
	}
	a, auts, err := CheckAUTN(f, *p.RAND, *p.AUTN, seen)
	switch {
	case err == nil:
	case errors.Is(err, ErrNotFresh):
		return plain(EAP{Code: EAPResponse, ID: p.ID, Subtype: AKASynchFail, AUTS: &auts, KDF: p.KDF}), Key{}, err
	default:
		return plain(EAP{Code: EAPResponse, ID: p.ID, Subtype: AKAReject}), Key{}, err
	}
	kaut, kausf := eap5G(a.CK, a.IK, snn, [6]byte(p.AUTN[:6]), supi)
	if !p.verify(packet, kaut) {
		return clientError(p.ID), Key{}, ErrMAC
	}
	r := EAP{Code: EAPResponse, ID: p.ID, Subtype: AKAChallenge, RES: &a.RES}
	return r.sign(kaut), kausf, nil
}

func clientError(id uint8) []byte {
	code := clientErrorUnable
	return plain(EAP{Code: EAPResponse, ID: id, Subtype: AKAClientError, ClientError: &code})
}

// plain encodes a packet that carries no MAC.
func plain(p EAP) []byte {
	b, err := p.AppendBinary(nil)
	if err != nil { // what we make is far below the limit
		panic(err)
	}
	return b
}
