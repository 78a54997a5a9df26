package smf

import "encoding/binary"

// Authentication inside the protocol configuration options, as devices with credentials for
// a data network send it (RFC 1334, RFC 1994). The network has authenticated the device by its
// SIM and has nobody to ask about these, so it accepts them; some devices take no answer for
// a refusal.
const (
	papRequest   = 1
	papAck       = 2
	chapResponse = 2
	chapSuccess  = 3
)

// papAnswer acknowledges an Authenticate-Request, with an empty message; nil is no answer.
func papAnswer(req []byte) []byte {
	if !pppPacket(req, papRequest) {
		return nil
	}
	return []byte{papAck, req[1], 0, 5, 0}
}

// chapAnswer accepts a Response. The Challenge, which the device repeats before it, has no
// answer.
func chapAnswer(req []byte) []byte {
	if !pppPacket(req, chapResponse) {
		return nil
	}
	return []byte{chapSuccess, req[1], 0, 4}
}

// pppPacket reports whether b is a whole packet of that code.
func pppPacket(b []byte, code byte) bool {
	if len(b) < 4 || b[0] != code {
		return false
	}
	n := int(binary.BigEndian.Uint16(b[2:]))
	return n >= 4 && n <= len(b)
}
