package nas

import "cordon/ident"

// QoSFlow describes a QoS flow (TS 24.501 §9.11.4.12). Parameters that are zero are
// absent.
type QoSFlow struct {
	QFI ident.QFI
	Op  FlowOp
	// Replace is the E bit: of a new flow, that it has parameters, which Append sees to;
	// of a modified one, that these replace all the former.
	Replace      bool
	FiveQI       uint8
	GFBRUplink   BitRate
	GFBRDownlink BitRate
	MFBRUplink   BitRate
	MFBRDownlink BitRate
	Window       uint16 // averaging window in ms
	EPSBearer    uint8  // identity, 0 to 15
	// Other is parameters that this package does not know, as they came.
	Other []FlowParameter
}

// FlowParameter is a parameter by its number.
type FlowParameter struct {
	ID    uint8
	Value []byte
}

// FlowOp is what is done to a flow.
type FlowOp uint8

const (
	FlowCreate FlowOp = 1
	FlowDelete FlowOp = 2
	FlowModify FlowOp = 3
)

// Identifiers of flow parameters.
const (
	flow5QI       = 1
	flowGFBRUp    = 2
	flowGFBRDown  = 3
	flowMFBRUp    = 4
	flowMFBRDown  = 5
	flowWindow    = 6
	flowEPSBearer = 7

	maxFlowParameters = 63
)

func qosFlows(c *coder, p *[]QoSFlow) { each(c, p, qosFlow) }

func qosFlow(c *coder, f *QoSFlow) {
	if c.writing {
		writeQoSFlow(c, f)
		return
	}
	f.QFI = ident.QFI(c.get() & 0x3f)
	f.Op = FlowOp(c.get() >> 5)
	head := c.get()
	n := int(head & 0x3f)
	f.Replace = head&0x40 != 0
	for range n {
		id := c.get()
		lengthed(c, func() { readFlowParameter(c, f, id) })
		if c.err != nil {
			return
		}
	}
	if f.Op == FlowCreate {
		f.Replace = f.has()
	}
}

func readFlowParameter(c *coder, f *QoSFlow, id byte) {
	switch id {
	case flow5QI:
		u8(c, &f.FiveQI)
	case flowGFBRUp:
		bitRate(c, &f.GFBRUplink)
	case flowGFBRDown:
		bitRate(c, &f.GFBRDownlink)
	case flowMFBRUp:
		bitRate(c, &f.MFBRUplink)
	case flowMFBRDown:
		bitRate(c, &f.MFBRDownlink)
	case flowWindow:
		u16(c, &f.Window)
	case flowEPSBearer:
		f.EPSBearer = c.get() >> 4
	default:
		f.Other = append(f.Other, FlowParameter{id, append([]byte(nil), c.take(c.left())...)})
	}
}

// has reports whether the flow has any parameter.
func (f *QoSFlow) has() bool {
	return f.FiveQI != 0 || f.GFBRUplink != 0 || f.GFBRDownlink != 0 || f.MFBRUplink != 0 ||
		f.MFBRDownlink != 0 || f.Window != 0 || f.EPSBearer != 0 || len(f.Other) > 0
}

func writeQoSFlow(c *coder, f *QoSFlow) {
	c.check(f.QFI < 64 && f.Op < 8 && f.EPSBearer < 16)
	c.put(byte(f.QFI), byte(f.Op)<<5)
	at := len(c.b)
	c.put(0)
	n := 0
	if f.FiveQI != 0 {
		c.put(flow5QI, 1, f.FiveQI)
		n++
	}
	for id, r := range [...]*BitRate{&f.GFBRUplink, &f.GFBRDownlink, &f.MFBRUplink, &f.MFBRDownlink} {
		if *r != 0 {
			c.put(flowGFBRUp+byte(id), 3)
			bitRate(c, r)
			n++
		}
	}
	if f.Window != 0 {
		c.put(flowWindow, 2, byte(f.Window>>8), byte(f.Window))
		n++
	}
	if f.EPSBearer != 0 {
		c.put(flowEPSBearer, 1, f.EPSBearer<<4)
		n++
	}
	for _, o := range f.Other {
		c.check(len(o.Value) < 256 && (o.ID == 0 || o.ID > flowEPSBearer))
		c.put(o.ID, byte(len(o.Value)))
		c.put(o.Value...)
		n++
	}
	c.check(n <= maxFlowParameters)
	if c.err == nil {
		c.b[at] = byte(n)
		if f.Replace || f.Op == FlowCreate && n > 0 {
			c.b[at] |= 0x40
		}
	}
}
