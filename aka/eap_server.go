package aka

import (
	"crypto/subtle"
	"errors"
	"fmt"

	"cordon/ident"
)

// kdfCKIKPrime is the one key derivation function there is (RFC 9048 §3.2).
const kdfCKIKPrime = 1

// EAPServer is the home network's side of one run of EAP-AKA' (TS 33.501 §6.1.3.1). It is
// a value: the AMF's machine keeps it while it waits. The zero value ignores everything.
type EAPServer struct {
	id         uint8
	waiting    bool
	rand, autn [16]byte
	xres       RES
	kaut       [32]byte
	kausf      Key
	snn        string
}

// NewEAPServer starts a run with the vector q for the network snn. id is the EAP identifier
// of the request; another run with the same device takes another one.
func NewEAPServer(id uint8, q Quintet, snn string, supi ident.SUPI) EAPServer {
	s := EAPServer{id: id, waiting: true, rand: q.RAND, autn: q.AUTN, xres: q.XRES, snn: snn}
	s.kaut, s.kausf = eap5G(q.CK, q.IK, snn, q.SQNAK(), supi)
	return s
}

// Format keeps the keys out of every log line.
func (EAPServer) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("<EAP-AKA' run>")) }

// Challenge is the EAP-Request/AKA'-Challenge, the same octets each time.
func (s *EAPServer) Challenge() []byte {
	p := EAP{Code: EAPRequest, ID: s.id, Subtype: AKAChallenge, RAND: &s.rand, AUTN: &s.autn,
		KDFInput: &s.snn, KDF: []uint16{kdfCKIKPrime}}
	return p.sign(s.kaut)
}

// EAPVerdict is what a server makes of a packet.
type EAPVerdict uint8

const (
	EAPIgnored  EAPVerdict = iota // not an answer to our request: wait on
	EAPVerified                   // KAUSF is agreed
	EAPRefused                    // authentication failed
	EAPResync                     // the SIM asks to resynchronise: make another vector
)

// EAPResult is the verdict on a packet and what follows from it.
type EAPResult struct {
	Verdict EAPVerdict
	Reply   []byte   // EAP-Success or EAP-Failure, for EAPVerified and EAPRefused
	KAUSF   Key      // for EAPVerified
	AUTS    [14]byte // for EAPResync: not yet verified, which OpenAUTS does
	Why     error    // for EAPIgnored and EAPRefused
}

// Why a server ignored or refused a packet.
var (
	ErrEAPStray    = errors.New("EAP: not an answer to our request")
	ErrEAPRES      = errors.New("EAP: wrong answer to the challenge")
	ErrEAPRejected = errors.New("EAP: the device refused the challenge")
	ErrEAPMissing  = errors.New("EAP: message lacks what it must have, or is of no use here")
)

// Handle takes a packet from the device. Once it has given anything but EAPIgnored the run
// is over and further packets are ignored.
func (s *EAPServer) Handle(packet []byte) EAPResult {
	if !s.waiting || len(packet) < 2 || EAPCode(packet[0]) != EAPResponse || packet[1] != s.id {
		return EAPResult{Why: ErrEAPStray} // RFC 3748 §4.1: discard silently
	}
	s.waiting = false
	p, err := ParseEAP(packet)
	if err != nil {
		return s.refuse(err)
	}
	switch p.Subtype {
	case AKAChallenge:
		return s.verify(&p, packet)
	case AKASynchFail:
		if p.AUTS == nil {
			return s.refuse(ErrEAPMissing)
		}
		return EAPResult{Verdict: EAPResync, AUTS: *p.AUTS}
	case AKAReject:
		return s.refuse(ErrEAPRejected)
	case AKAClientError:
		if p.ClientError == nil {
			return s.refuse(ErrEAPMissing)
		}
		return s.refuse(fmt.Errorf("%w: client error %d", ErrEAPRejected, *p.ClientError))
	default:
		return s.refuse(ErrEAPMissing)
	}
}

func (s *EAPServer) verify(p *EAP, packet []byte) EAPResult {
	if p.RES == nil {
		return s.refuse(ErrEAPMissing)
	}
	if !p.verify(packet, s.kaut) {
		return s.refuse(ErrMAC)
	}
	if subtle.ConstantTimeCompare(p.RES.Bytes(), s.xres.Bytes()) == 0 {
		return s.refuse(ErrEAPRES)
	}
	return EAPResult{Verdict: EAPVerified, Reply: []byte{byte(EAPSuccess), s.id, 0, 4}, KAUSF: s.kausf}
}

func (s *EAPServer) refuse(why error) EAPResult {
	return EAPResult{Verdict: EAPRefused, Reply: []byte{byte(EAPFailure), s.id, 0, 4}, Why: why}
}
