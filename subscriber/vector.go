package subscriber

import (
	"fmt"

	"cordon/aka"
)

// Vector is one authentication, bound to the serving network it was made for
// (TS 33.501 §6.1.3). It holds keys and does not print itself.
type Vector struct {
	Method   Method
	RAND     [16]byte
	AUTN     [16]byte
	XRESStar [16]byte       // 5G AKA
	KAUSF    aka.Key        // 5G AKA; of EAP-AKA' it comes with the run's end
	KSEAF    aka.Key        // 5G AKA
	EAP      *aka.EAPServer // EAP-AKA'
}

// Format keeps the vector out of every log line.
func (Vector) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("<vector>")) }

// NewVector makes a vector for the subscriber p in the network named snn. rand is fresh
// from a CSPRNG and sqn from a Sequencer; eapID is the identifier of the EAP request, where
// there is one.
func NewVector(p *Profile, rand [16]byte, sqn aka.SQN, snn string, eapID uint8) (Vector, error) {
	f, err := p.Credentials.Functions()
	if err != nil {
		return Vector{}, err
	}
	q := aka.BuildAUTN(f, rand, sqn, p.Credentials.AMF)
	v := Vector{Method: p.Credentials.Method, RAND: q.RAND, AUTN: q.AUTN}
	if v.Method == EAPAKAPrime {
		run := aka.NewEAPServer(eapID, q, snn, p.SUPI)
		v.EAP = &run
		return v, nil
	}
	v.XRESStar = aka.RESStar(q.CK, q.IK, snn, q.RAND, q.XRES)
	v.KAUSF = aka.KAUSF(q.CK, q.IK, snn, q.SQNAK())
	v.KSEAF = aka.KSEAF(v.KAUSF, snn)
	return v, nil
}
