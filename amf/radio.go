package amf

import (
	"bytes"
	"net/netip"
	"slices"

	"cordon/ident"
	"cordon/rules"
	"cordon/wire/ngap"
)

// RadioID is the owner's number of an association; it is not used again while anything
// speaks of it. Zero is none.
type RadioID uint32

// RadioInfo is what is known of a radio: an immutable snapshot, shared by the connections
// that it brings.
type RadioInfo struct {
	ID       RadioID
	Node     ident.RANNode
	Name     string
	Areas    []Area // every tracking area that the radio broadcasts in the served network
	Profile  *Profile
	Element  string   // the name of its record
	Standing Standing // as the N2 gate last judged it
	Draining bool     // it may not serve any longer: see the effect of that name
}

// Standing is the summary of a verdict that outlives the snapshot it came from.
type Standing struct {
	Act  rules.Act
	Owes rules.Owes
	Due  rules.Date
	Rule string // its identity, empty where no rule decided
}

// Area is a tracking area of a radio with the slices that it offers there.
type Area struct {
	TAI     ident.TAI
	Offered []ident.SNSSAI
	Served  []ident.SNSSAI // of those, the ones that this core serves here; empty if it does not serve the area
}

// area is the radio's area t, nil if it has none such.
func (r *RadioInfo) area(t ident.TAI) *Area {
	i := slices.IndexFunc(r.Areas, func(a Area) bool { return a.TAI == t })
	if i < 0 {
		return nil
	}
	return &r.Areas[i]
}

// Radio is the machine of one association (TS 38.413 §8.7). It is owned by the goroutine
// that reads the association, and decides what this radio may say at all.
type Radio struct {
	cfg        *Config
	id         RadioID
	info       *RadioInfo // nil before NG Setup
	said       claim      // what info was made of
	overloaded bool
	bytes      []byte // the message in hand
	out        []Effect
}

// NewRadio is the machine of a fresh association; a restarted one is a fresh one.
func NewRadio(cfg *Config, id RadioID) *Radio { return &Radio{cfg: cfg, id: id} }

// Info is the radio as it was set up last, nil before.
func (r *Radio) Info() *RadioInfo { return r.info }

// Input is what an association brought.
type Input struct {
	Msg ngap.Message // nil for octets that are no message
	// Answer is what the rules of TS 38.413 clause 10 have the sender told about a message that
	// cannot be decoded or has defects; nil for nothing.
	Answer ngap.Message
	// Taken says whether another living association has this identity. It is asked for a
	// message that sets one.
	Taken func(ident.RANNode) bool
	// Law is what a radio is judged by; nil refuses every one.
	Law *rules.Snapshot
	// Peer is where the radio's association comes from.
	Peer netip.Addr
	// Bytes is the message as it came, for findings about it; it is not kept.
	Bytes []byte
}

// Step takes one input to its effects, which are valid until the next Step.
func (r *Radio) Step(in Input) []Effect {
	r.out, r.bytes = r.out[:0], in.Bytes
	if in.Answer != nil && r.info != nil {
		r.emit(Reply{in.Answer})
	}
	switch {
	case in.Msg == nil && r.info == nil:
		r.unparsed(in)
	case in.Msg == nil:
		r.emit(Drop{ReasonParse})
	case r.info == nil:
		r.first(in)
	default:
		r.message(in)
	}
	r.bytes = nil
	return r.out
}

// unparsed answers octets that came before NG Setup: a failed NG Setup is told why, and anything
// else ends the association.
func (r *Radio) unparsed(in Input) {
	if in.Answer != nil && in.Answer.Procedure() == ngap.ProcNGSetup {
		r.emit(Reply{in.Answer})
		r.emit(Drop{ReasonParse})
		return
	}
	r.emit(Hangup{ReasonParse})
}

// first holds the door: nothing comes before NG Setup (TS 38.413 §8.7.1.1).
func (r *Radio) first(in Input) {
	switch m := in.Msg.(type) {
	case *ngap.NGSetupRequest:
		r.setup(in, m)
	case *ngap.ErrorIndication:
		r.emit(Drop{ReasonReported})
	default:
		cause := ngap.CauseProtocolMessageNotCompatibleWithReceiverState
		r.emit(Reply{&ngap.ErrorIndication{Cause: &cause}})
		r.emit(Hangup{ReasonNotSetUp})
	}
}

// message answers what comes from a radio that is set up.
func (r *Radio) message(in Input) {
	switch m := in.Msg.(type) {
	case *ngap.NGSetupRequest:
		r.setup(in, m)
	case *ngap.RANConfigurationUpdate:
		r.update(in, m)
	case *ngap.NGReset:
		r.reset(m)
	case *ngap.NGResetAcknowledge:
		r.emit(Drop{ReasonAccepted})
	case *ngap.ErrorIndication:
		r.errorIndication(m)
	case *ngap.InitialUEMessage:
		r.place(&m.UserLocation)
		r.emit(Deliver{m})
	case *ngap.UplinkRANConfigurationTransfer:
		r.emit(Drop{ReasonUnsupported})
	default:
		r.associated(in.Msg)
	}
}

// associated passes on what concerns one device, its place corrected, and refuses what only
// a core says.
func (r *Radio) associated(m ngap.Message) {
	if loc, ok := location(m); ok {
		if loc != nil {
			r.place(loc)
		}
		r.emit(Deliver{m})
		return
	}
	cause := ngap.CauseProtocolMessageNotCompatibleWithReceiverState
	r.emit(Reply{&ngap.ErrorIndication{Cause: &cause}})
	r.emit(Drop{ReasonWrongWay})
}

// errorIndication passes on one that names a connection. None is ever answered: two ends that
// answer each other's would not stop.
func (r *Radio) errorIndication(m *ngap.ErrorIndication) {
	if m.AMFUENGAPID != nil {
		r.emit(Deliver{m})
		return
	}
	r.emit(Drop{ReasonReported})
}

func (r *Radio) emit(e Effect) { r.out = append(r.out, e) }

func (r *Radio) finding(kind FindingKind, node ident.RANNode) {
	r.find(Finding{Kind: kind, Node: node})
}

// find reports a finding with the message in hand.
func (r *Radio) find(f Finding) {
	f.Radio, f.Bytes = r.id, shown(r.bytes)
	r.emit(f)
}

// maxShown is how many octets of a message go with a finding about it.
const maxShown = 1024

// shown is the beginning of a message that outlives it.
func shown(msg []byte) []byte { return bytes.Clone(msg[:min(len(msg), maxShown)]) }
