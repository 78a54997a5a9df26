package pfcp

import "cordon/ident"

// Unlimited is a rate that is not policed.
const Unlimited uint64 = 1<<40 - 1

// QER is a QoS enforcement rule (§7.5.2.5). A session's rule holds its AMBR; a flow's
// rule has a QFI. Rates are kbit/s of inner IP octets, at most Unlimited; an MBR of 0 lets nothing
// pass. A flow within its GBR, 0 for none, passes whatever the session's rule says.
//
//	109 QER ID       M
//	25  Gate Status  M
//	26  MBR          C  absent: Unlimited
//	27  GBR          C
//	124 QFI          C
type QER struct {
	ID          QERID
	UplinkMBR   uint64
	DownlinkMBR uint64
	UplinkGBR   uint64
	DownlinkGBR uint64
	QFI         ident.QFI // 0: no marking, the rule is the session's
	CloseUL     bool      // gate status (§8.2.7)
	CloseDL     bool
	Keep        Keep // of an update
}

var (
	createQER = []element[QER]{
		one(ieQERID, func(m *QER) *QERID { return &m.ID }, u32),
		one(ieGate, func(m *QER) *QER { return m }, gate),
		when(ieMBR, func(m *QER) bool { return m.UplinkMBR != Unlimited || m.DownlinkMBR != Unlimited }, mbr),
		when(ieGBR, func(m *QER) bool { return m.UplinkGBR != 0 || m.DownlinkGBR != 0 }, gbr),
		opt(ieQFI, func(m *QER) *ident.QFI { return &m.QFI }, low[ident.QFI](63)),
	}
	changeQER = []element[QER]{
		one(ieQERID, func(m *QER) *QERID { return &m.ID }, u32),
		saidQER(KeepGate, one(ieGate, func(m *QER) *QER { return m }, gate)),
		saidQER(KeepMBR, one(ieMBR, func(m *QER) *QER { return m }, mbr)),
		saidQER(KeepGBR, one(ieGBR, func(m *QER) *QER { return m }, gbr)),
		saidQER(KeepQFI, opt(ieQFI, func(m *QER) *ident.QFI { return &m.QFI }, low[ident.QFI](63))),
	}
)

func saidQER(bit Keep, e element[QER]) element[QER] {
	return said(func(m *QER) *Keep { return &m.Keep }, bit, e)
}

// updateQER codes an Update QER.
func updateQER(c *coder, q *QER) {
	if !c.writing {
		q.Keep = keepQER
	}
	if code(c, q, changeQER); !c.writing && q.QFI == 0 {
		q.Keep |= KeepQFI
	}
}

// create codes a Create QER, in which no MBR means that the rate is not policed.
func (q *QER) create(c *coder) {
	if !c.writing {
		q.UplinkMBR, q.DownlinkMBR = Unlimited, Unlimited
	}
	code(c, q, createQER)
}

// gate codes a Gate Status: two bits of downlink, above them two of uplink, 0 for open.
func gate(c *coder, q *QER) {
	var v uint8
	if q.CloseDL {
		v |= 1
	}
	if q.CloseUL {
		v |= 1 << 2
	}
	u8(c, &v)
	q.CloseDL, q.CloseUL = v&3 != 0, v>>2&3 != 0
}

func mbr(c *coder, q *QER) {
	c.uint(&q.UplinkMBR, 5)
	c.uint(&q.DownlinkMBR, 5)
}

func gbr(c *coder, q *QER) {
	c.uint(&q.UplinkGBR, 5)
	c.uint(&q.DownlinkGBR, 5)
}
