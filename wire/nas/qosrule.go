package nas

import "cordon/ident"

// QoSRule maps packets to a QoS flow (TS 24.501 §9.11.4.13).
type QoSRule struct {
	ID      uint8 // 1 to 255; 0 where the device asks for one
	Op      RuleOp
	Default bool // the rule for what no other matches
	Filters []PacketFilter
	// Bare says that precedence and flow are left out, as in a deletion.
	Bare        bool
	Precedence  uint8
	QFI         ident.QFI
	Segregation bool
}

// RuleOp is what is done to a rule.
type RuleOp uint8

const (
	RuleCreate         RuleOp = 1
	RuleDelete         RuleOp = 2
	RuleAddFilters     RuleOp = 3
	RuleReplaceFilters RuleOp = 4
	RuleDeleteFilters  RuleOp = 5 // its filters have nothing but their IDs
	RuleModify         RuleOp = 6 // and leave the filters alone
)

// PacketFilter is one of a rule's filters: a packet matches if all components do.
type PacketFilter struct {
	ID         uint8 // 0 to 15
	Direction  FilterDirection
	Components []FilterComponent
}

// FilterDirection is which packets a filter looks at.
type FilterDirection uint8

const (
	FilterDownlink FilterDirection = 1
	FilterUplink   FilterDirection = 2
	FilterBoth     FilterDirection = 3
)

// FilterComponent is one condition; its value has the length that its type says.
type FilterComponent struct {
	Type  ComponentType
	Value []byte
}

// ComponentType is what a component looks at.
type ComponentType uint8

const (
	ComponentMatchAll        ComponentType = 0x01
	ComponentRemoteIPv4      ComponentType = 0x10 // address, mask
	ComponentLocalIPv4       ComponentType = 0x11
	ComponentRemoteIPv6      ComponentType = 0x21 // address, prefix length
	ComponentLocalIPv6       ComponentType = 0x23
	ComponentProtocol        ComponentType = 0x30
	ComponentLocalPort       ComponentType = 0x40
	ComponentLocalPorts      ComponentType = 0x41 // low, high
	ComponentRemotePort      ComponentType = 0x50
	ComponentRemotePorts     ComponentType = 0x51
	ComponentSPI             ComponentType = 0x60
	ComponentTrafficClass    ComponentType = 0x70 // value, mask
	ComponentFlowLabel       ComponentType = 0x80
	ComponentDestinationMAC  ComponentType = 0x81
	ComponentSourceMAC       ComponentType = 0x82
	ComponentCTAG            ComponentType = 0x83
	ComponentSTAG            ComponentType = 0x84
	ComponentCTAGPriority    ComponentType = 0x85
	ComponentSTAGPriority    ComponentType = 0x86
	ComponentEtherType       ComponentType = 0x87
	ComponentDestinationMACs ComponentType = 0x88
	ComponentSourceMACs      ComponentType = 0x89
)

// size is the octets of a component's value; false for a type that does not exist.
func (t ComponentType) size() (int, bool) {
	switch t {
	case ComponentMatchAll:
		return 0, true
	case ComponentProtocol, ComponentCTAGPriority, ComponentSTAGPriority:
		return 1, true
	case ComponentLocalPort, ComponentRemotePort, ComponentTrafficClass, ComponentCTAG, ComponentSTAG, ComponentEtherType:
		return 2, true
	case ComponentFlowLabel:
		return 3, true
	case ComponentLocalPorts, ComponentRemotePorts, ComponentSPI:
		return 4, true
	case ComponentDestinationMAC, ComponentSourceMAC:
		return 6, true
	case ComponentRemoteIPv4, ComponentLocalIPv4:
		return 8, true
	case ComponentDestinationMACs, ComponentSourceMACs:
		return 12, true
	case ComponentRemoteIPv6, ComponentLocalIPv6:
		return 17, true
	}
	return 0, false
}

// DefaultRule matches all packets both ways, after all other rules: the rule of every IP
// session's default flow.
func DefaultRule(id uint8, qfi ident.QFI) QoSRule {
	return QoSRule{
		ID: id, Op: RuleCreate, Default: true, Precedence: 255, QFI: qfi,
		Filters: []PacketFilter{{ID: 1, Direction: FilterBoth, Components: []FilterComponent{{Type: ComponentMatchAll}}}},
	}
}

func qosRules(c *coder, p *[]QoSRule) {
	each(c, p, func(c *coder, r *QoSRule) {
		u8(c, &r.ID)
		lengthed2(c, func() { qosRule(c, r) })
	})
}

func qosRule(c *coder, r *QoSRule) {
	if c.writing {
		writeQoSRule(c, r)
		return
	}
	head := c.get()
	r.Op, r.Default = RuleOp(head>>5), head&0x10 != 0
	for range head & 15 {
		r.Filters = append(r.Filters, PacketFilter{})
		packetFilter(c, &r.Filters[len(r.Filters)-1], r.Op)
		if c.err != nil {
			return
		}
	}
	if r.Bare = !c.more(); r.Bare {
		return
	}
	u8(c, &r.Precedence)
	last := c.get()
	r.QFI, r.Segregation = ident.QFI(last&0x3f), last&0x40 != 0
}

func writeQoSRule(c *coder, r *QoSRule) {
	c.check(r.Op < 8 && len(r.Filters) < 16 && r.QFI < 64)
	head := byte(r.Op)<<5 | byte(len(r.Filters))
	if r.Default {
		head |= 0x10
	}
	c.put(head)
	for i := range r.Filters {
		packetFilter(c, &r.Filters[i], r.Op)
	}
	if r.Bare {
		return
	}
	last := byte(r.QFI)
	if r.Segregation {
		last |= 0x40
	}
	c.put(r.Precedence, last)
}

func packetFilter(c *coder, f *PacketFilter, op RuleOp) {
	head := byte(f.Direction)<<4 | f.ID
	if c.writing {
		c.check(f.ID < 16 && f.Direction < 4)
	}
	u8(c, &head)
	f.ID = head & 15
	if op == RuleDeleteFilters {
		return
	}
	f.Direction = FilterDirection(head >> 4 & 3)
	lengthed(c, func() {
		if !c.writing && !c.more() {
			return
		}
		each(c, &f.Components, filterComponent)
	})
}

func filterComponent(c *coder, v *FilterComponent) {
	u8(c, &v.Type)
	n, ok := v.Type.size()
	c.check(ok)
	switch {
	case c.writing:
		c.check(len(v.Value) == n)
		c.put(v.Value...)
	case n > 0:
		v.Value = append([]byte(nil), c.take(n)...)
	}
}
