package subscriber

import (
	"fmt"
	"slices"

	"cordon/ident"
)

// AMBR is an aggregate maximum bit rate in bit/s, each way.
type AMBR struct{ UL, DL uint64 }

// MaxBitRate is the largest rate that N2 can carry, in bit/s (TS 38.413 §9.3.1.4).
const MaxBitRate uint64 = 4_000_000_000_000

// Plan is what its subscribers may have. All who have it share one.
type Plan struct {
	Name   string
	UEAMBR AMBR
	Slices []Slice
}

// Slice is one slice of a plan.
type Slice struct {
	SNSSAI  ident.SNSSAI
	Default bool // given to a device that asks for none
	DNNs    []Network
}

// Network is a data network that a slice leads to, and the session's terms.
type Network struct {
	DNN     ident.DNN
	Default bool       // for a session that names none
	AMBR    AMBR       // of a session
	FiveQI  uint8      // of the default flow, which is not GBR; 0 means 9
	ARP     uint8      // allocation and retention priority, 8 to 15; 0 means 8
	IP      IPVersions // that a session may have; 0 means all that the data network has
}

// IPVersions is a set of versions of IP. A session of type IPv4v6 has both.
type IPVersions uint8

// The versions there are.
const (
	IPv4 IPVersions = 1 << iota
	IPv6
)

// Of are those of the data network that the plan leaves.
func (n *Network) Of(network IPVersions) IPVersions {
	if n.IP == 0 {
		return network
	}
	return n.IP & network
}

// Limits of a plan. The allowed NSSAI has room for eight slices (TS 24.501 §9.11.3.37).
const (
	maxSlices   = 8
	maxDNNs     = 16
	maxPlanName = 64
)

// nonGBR are the 5QIs that a default flow can have (TS 23.501 table 5.7.4-1).
var nonGBR = []uint8{5, 6, 7, 8, 9, 10, 69, 70, 79, 80}

// NewPlan copies p, fills in what it leaves to us (5QI 9, ARP 8, and the default mark
// where there is but one slice or network to bear it) and validates it.
func NewPlan(p Plan) (*Plan, error) {
	p.Slices = slices.Clone(p.Slices)
	for i := range p.Slices {
		s := &p.Slices[i]
		s.Default = s.Default || len(p.Slices) == 1
		s.DNNs = slices.Clone(s.DNNs)
		for j := range s.DNNs {
			n := &s.DNNs[j]
			n.Default = n.Default || len(s.DNNs) == 1
			if n.FiveQI == 0 {
				n.FiveQI = 9
			}
			if n.ARP == 0 {
				n.ARP = 8
			}
		}
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	return &p, nil
}

// PlanError names the part of a plan that is wrong and what was expected there.
type PlanError struct{ Field, Want string }

func (e *PlanError) Error() string { return e.Field + ": want " + e.Want }

// Validate reports the first thing wrong with a plan, as a *PlanError.
func (p *Plan) Validate() error {
	if p.Name == "" || len(p.Name) > maxPlanName {
		return &PlanError{"name", fmt.Sprintf("1 to %d characters", maxPlanName)}
	}
	if err := p.UEAMBR.validate("ue_ambr"); err != nil {
		return err
	}
	if len(p.Slices) == 0 || len(p.Slices) > maxSlices {
		return &PlanError{"slices", fmt.Sprintf("1 to %d", maxSlices)}
	}
	byDefault := false
	for i := range p.Slices {
		s := &p.Slices[i]
		at := fmt.Sprintf("slices[%d]", i)
		if slices.ContainsFunc(p.Slices[:i], func(o Slice) bool { return o.SNSSAI == s.SNSSAI }) {
			return &PlanError{at, "a slice that is not listed yet; " + s.SNSSAI.String() + " is"}
		}
		if err := s.validate(at); err != nil {
			return err
		}
		byDefault = byDefault || s.Default
	}
	if !byDefault {
		return &PlanError{"slices", "at least one marked default"}
	}
	return nil
}

func (s *Slice) validate(at string) error {
	if s.SNSSAI.SD > ident.NoSD {
		return &PlanError{at + ".snssai", "a slice differentiator of 24 bits"}
	}
	if len(s.DNNs) == 0 || len(s.DNNs) > maxDNNs {
		return &PlanError{at + ".dnns", fmt.Sprintf("1 to %d", maxDNNs)}
	}
	defaults := 0
	for j := range s.DNNs {
		n := &s.DNNs[j]
		in := fmt.Sprintf("%s.dnns[%d]", at, j)
		if slices.ContainsFunc(s.DNNs[:j], func(o Network) bool { return o.DNN == n.DNN }) {
			return &PlanError{in, "a data network that is not listed yet; " + string(n.DNN) + " is"}
		}
		if err := n.validate(in); err != nil {
			return err
		}
		if n.Default {
			defaults++
		}
	}
	if defaults != 1 {
		return &PlanError{at + ".dnns", "exactly one marked default"}
	}
	return nil
}

func (n *Network) validate(at string) error {
	if d, err := ident.ParseDNN(string(n.DNN)); err != nil || d != n.DNN {
		return &PlanError{at + ".dnn", "labels of letters, digits and hyphens in lower case, with dots between"}
	}
	if err := n.AMBR.validate(at + ".ambr"); err != nil {
		return err
	}
	switch {
	case !slices.Contains(nonGBR, n.FiveQI):
		return &PlanError{at + ".5qi", fmt.Sprintf("one that is not GBR, of %v", nonGBR)}
	case n.ARP < 8 || n.ARP > 15:
		return &PlanError{at + ".arp", "8 to 15; lower ones outrank other networks' subscribers"}
	}
	return nil
}

func (a AMBR) validate(at string) error {
	if a.UL == 0 || a.DL == 0 || a.UL > MaxBitRate || a.DL > MaxBitRate {
		return &PlanError{at, fmt.Sprintf("1 to %d bit/s each way", MaxBitRate)}
	}
	return nil
}
