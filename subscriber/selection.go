package subscriber

import (
	"errors"
	"slices"

	"cordon/ident"
)

// DefaultSlices are the slices of a device that asks for none.
func (p *Plan) DefaultSlices() []ident.SNSSAI {
	var out []ident.SNSSAI
	for i := range p.Slices {
		if p.Slices[i].Default {
			out = append(out, p.Slices[i].SNSSAI)
		}
	}
	return out
}

// Slice is the plan's entry for s, or nil.
func (p *Plan) Slice(s ident.SNSSAI) *Slice {
	for i := range p.Slices {
		if p.Slices[i].SNSSAI == s {
			return &p.Slices[i]
		}
	}
	return nil
}

// AllowedNSSAI is what a device gets that asks for requested where served are on offer
// (TS 23.501 §5.15.5.2.1): what it asked for, subscribed to and is served, in its order;
// or, where that is nothing, the default slices that are served. rejected are those it
// asked for and does not get. If allowed is empty there is nothing for it here.
func (p *Plan) AllowedNSSAI(requested, served []ident.SNSSAI) (allowed, rejected []ident.SNSSAI) {
	for _, s := range requested {
		switch {
		case slices.Contains(allowed, s) || slices.Contains(rejected, s):
		case p.Slice(s) != nil && slices.Contains(served, s):
			allowed = append(allowed, s)
		default:
			rejected = append(rejected, s)
		}
	}
	if len(allowed) > 0 {
		return allowed, rejected
	}
	for _, s := range p.DefaultSlices() {
		if slices.Contains(served, s) {
			allowed = append(allowed, s)
		}
	}
	// A default slice that is served cannot have been rejected above, so the two are disjoint.
	return allowed, rejected
}

var (
	// ErrSlice is a session on a slice that the device was not allowed.
	ErrSlice = errors.New("slice is not in the allowed NSSAI")
	// ErrDNN is a session to a data network that the slice does not have for this
	// subscriber: 5GMM cause 91.
	ErrDNN = errors.New("data network is not subscribed to in the slice")
)

// Select finds the terms of a session: slice is nil and dnn empty where the device named
// none. Of several allowed slices one that is default is preferred, and one that has the
// data network named. The result points into the plan.
func (p *Plan) Select(allowed []ident.SNSSAI, slice *ident.SNSSAI, dnn ident.DNN) (*Slice, *Network, error) {
	if slice != nil {
		s := p.Slice(*slice)
		if s == nil || !slices.Contains(allowed, *slice) {
			return nil, nil, ErrSlice
		}
		if n := s.Network(dnn); n != nil {
			return s, n, nil
		}
		return nil, nil, ErrDNN
	}
	var found *Slice
	known := false
	for _, a := range allowed {
		s := p.Slice(a)
		if s == nil {
			continue
		}
		known = true
		if s.Network(dnn) != nil && (found == nil || s.Default && !found.Default) {
			found = s
		}
	}
	switch {
	case found != nil:
		return found, found.Network(dnn), nil
	case known:
		return nil, nil, ErrDNN
	default:
		return nil, nil, ErrSlice
	}
}

// Network is the slice's entry for dnn, its default one for "", or nil.
func (s *Slice) Network(dnn ident.DNN) *Network {
	for i := range s.DNNs {
		if n := &s.DNNs[i]; n.DNN == dnn || dnn == "" && n.Default {
			return n
		}
	}
	return nil
}
