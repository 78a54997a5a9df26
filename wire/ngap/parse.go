package ngap

import (
	"errors"
	"fmt"

	"cordon/ident"
	"cordon/wire/per"
)

// procedure is what there is to know of a procedure to read its messages.
type procedure struct {
	crit       Criticality
	newMessage [3]func() Message
}

// walker is a Message as this package sees it.
type walker interface {
	Message
	walk(c *coder)
}

// ErrNotNGAP reports a PDU that is of no kind that NGAP has.
var ErrNotNGAP = errors.New("not an NGAP PDU")

// Append appends the encoding of m to b. It fails, and returns b as it was, if a value of
// m is outside its bounds.
func Append(b []byte, m Message) ([]byte, error) {
	c := coder{Coder: per.Encoder(b)}
	proc, kind := m.Procedure(), m.Kind()
	crit := procedures[proc].crit
	c.Preamble(true)
	per.Choice(&c.Coder, &kind, 3)
	per.Int(&c.Coder, &proc, 0, 255)
	per.Enum(&c.Coder, &crit, 3, 0, false)
	o := c.Open()
	m.(walker).walk(&c)
	c.Close(o)
	if err := c.Err(); err != nil {
		return b, fmt.Errorf("encoding %v %v: %w", m.Procedure(), m.Kind(), err)
	}
	return c.Bytes(), nil
}

// header is what begins a PDU.
type header struct {
	proc Procedure
	kind Kind
	crit Criticality
}

// begun decodes a PDU's header and goes into its message.
func begun(b []byte) (h header, c coder) {
	c.Coder = per.Decoder(b)
	if c.Preamble(true) {
		c.Fail(ErrNotNGAP)
	}
	per.Choice(&c.Coder, &h.kind, 3)
	per.Int(&c.Coder, &h.proc, 0, 255)
	per.Enum(&c.Coder, &h.crit, 3, 0, false)
	return h, c
}

// Parse decodes one NGAP PDU. The message is nil if it must not be acted on; what the peer
// is to be told then, or though the message stands, is in the diagnosis, which is nil if
// there is nothing to say. Octets after the PDU are not looked at.
func Parse(b []byte) (Message, *Diagnosis) {
	h, c := begun(b)
	if c.Failed() {
		d := new(Diagnosis)
		d.refuse(CauseProtocolTransferSyntaxError, c.Err())
		return nil, d
	}
	c.Open()
	var m Message
	if !c.Failed() {
		if int(h.proc) >= len(procedures) || procedures[h.proc].newMessage[h.kind] == nil {
			return nil, notComprehended(h)
		}
		m = procedures[h.proc].newMessage[h.kind]()
		m.(walker).walk(&c)
		if !c.Failed() && len(c.noted) == 0 && c.skipped == 0 {
			return m, nil
		}
	}
	d := judge(h, &c)
	d.identify(b)
	if d.refused {
		return nil, d
	}
	return m, d
}

func (d *Diagnosis) refuse(cause Cause, err error) {
	d.Cause, d.Err, d.refused = &cause, err, true
}

// notComprehended judges a procedure, or a kind of message of one, that is not known, by
// the criticality it came with (TS 38.413 §10.3.4.1).
func notComprehended(h header) *Diagnosis {
	d := &Diagnosis{Procedure: h.proc, Kind: h.kind, Criticality: h.crit, Identified: true}
	d.refuse(CauseProtocolAbstractSyntaxErrorReject, nil)
	d.unknown = true
	switch d.Criticality {
	case Notify:
		*d.Cause = CauseProtocolAbstractSyntaxErrorIgnoreAndNotify
	case Ignore:
		d.silent = true
	}
	return d
}

// judge weighs what decoding a message came upon.
func judge(h header, c *coder) *Diagnosis {
	d := &Diagnosis{Procedure: h.proc, Kind: h.kind, Criticality: h.crit, Identified: true}
	if int(h.proc) < len(procedures) {
		d.Criticality = procedures[h.proc].crit
	}
	d.IEs, d.Skipped = c.noted, c.skipped
	switch {
	case c.Failed():
		d.refuse(CauseProtocolTransferSyntaxError, c.Err())
		d.IEs = nil
	case c.falsely:
		d.refuse(CauseProtocolAbstractSyntaxErrorFalselyConstructedMessage, nil)
	case c.rejects:
		d.refuse(CauseProtocolAbstractSyntaxErrorReject, nil)
	case len(c.noted) > 0:
		d.Cause = new(CauseProtocolAbstractSyntaxErrorIgnoreAndNotify)
	}
	return d
}

// identify looks through a message's IEs for the identifiers of its connection, as far as
// they can be read.
func (d *Diagnosis) identify(b []byte) {
	if d.Cause == nil {
		return
	}
	var amf *ident.AMFUENGAPID
	var ran *ident.RANUENGAPID
	_, in := begun(b)
	c := &in
	c.Open()
	c.Preamble(true)
	var n uint32
	per.Int(&c.Coder, &n, 0, 65535)
	for i := uint32(0); i < n && !c.Failed(); i++ {
		var id ID
		var crit Criticality
		c.field(&id, &crit)
		o := c.Open()
		switch id {
		case idAMFUENGAPID, idSourceAMFUENGAPID:
			present(c, amf == nil, &amf, amfUENGAPID)
		case idRANUENGAPID:
			present(c, ran == nil, &ran, ranUENGAPID)
		case idUENGAPIDs:
			var ids UENGAPIDs
			if ueNGAPIDs(c, &ids); !c.Failed() {
				amf, ran = &ids.AMF, ids.RAN
			}
		}
		c.Close(o)
	}
	d.AMFUENGAPID, d.RANUENGAPID = amf, ran
}
