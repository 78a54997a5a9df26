package gtpu

import "cordon/ident"

// PDUType is the direction of a container (TS 38.415 §5.5.3.1).
type PDUType uint8

const (
	Downlink PDUType = 0
	Uplink   PDUType = 1
)

// Container is the PDU session container (TS 38.415 §5.5.2), which names the QoS flow.
//
//	octet 1   PDU type 4 bits; downlink: QMP, SNP, MSNP; uplink: QMP, DL delay, UL delay, SNP
//	octet 2   downlink: PPP, RQI, QFI; uplink: N3/N9 delay, new IE, QFI
//	          what the flags announce, then padding
//
// Timestamps, delays and sequence numbers are measured against the length and skipped.
type Container struct {
	Type   PDUType
	QFI    ident.QFI // 0 to 63
	RQI    bool      // downlink: reflective QoS
	HasPPI bool      // downlink: PPP
	PPI    uint8     // paging policy indicator, 0 to 7
}

// extLen is the size of the extension header that holds c.
func (c *Container) extLen() int {
	if c.Type == Downlink && c.HasPPI {
		return 2 * containerExtLength
	}
	return containerExtLength
}

// appendExt writes c as the only extension header.
func (c *Container) appendExt(b []byte) []byte {
	second := byte(c.QFI) & 0x3f
	if c.Type != Downlink {
		return append(b, 1, byte(c.Type)<<4, second, extNone)
	}
	if c.RQI {
		second |= 1 << 6
	}
	if !c.HasPPI {
		return append(b, 1, 0, second, extNone)
	}
	return append(b, 2, 0, second|1<<7, c.PPI<<5, 0, 0, 0, extNone)
}

// parseContainer reads an extension header's content.
func parseContainer(b []byte) (Container, error) {
	if len(b) < 2 {
		return Container{}, FaultContainer
	}
	c := Container{Type: PDUType(b[0] >> 4), QFI: ident.QFI(b[1] & 0x3f)}
	need := 2
	flag := func(octet, bit, size int) {
		if b[octet]>>bit&1 != 0 {
			need += size
		}
	}
	switch c.Type {
	case Downlink:
		flag(1, 7, 1) // PPI
		flag(0, 3, 8) // sending time stamp
		flag(0, 2, 3) // QFI sequence number
		flag(0, 1, 4) // MBS QFI sequence number
		c.RQI = b[1]>>6&1 != 0
	case Uplink:
		flag(0, 3, 24) // three time stamps
		flag(0, 2, 4)  // downlink delay
		flag(0, 1, 4)  // uplink delay
		flag(0, 0, 3)  // QFI sequence number
		flag(1, 7, 4)  // N3/N9 delay
		flag(1, 6, 1)  // new IE flags; what these announce is in the rest or is not read
	default:
		return Container{}, FaultContainer
	}
	if need > len(b) {
		return Container{}, FaultContainer
	}
	if c.Type == Downlink && b[1]>>7 != 0 {
		c.HasPPI, c.PPI = true, b[2]>>5
	}
	return c, nil
}
