// Package wiretest is test support: it has tshark, a dissector nobody here wrote, read
// what the codecs write. No package of the product may import it.
package wiretest

import (
	"encoding/binary"
	"hash/crc32"
)

// Packet is one encoded message with how it is to be wrapped.
type Packet struct {
	wrap func(n int, msg []byte) []byte // n numbers the packets of a capture from 1
	data []byte
	link uint32
}

// Link types of a capture (pcap-linktype(7)).
const (
	linkRawIP = 101
	linkUser0 = 147 // tshark is told to read these as plain 5GS NAS
)

// NGAP is an NGAP PDU in an SCTP DATA chunk with protocol identifier 60.
func NGAP(pdu []byte) Packet { return Packet{wrapSCTP, pdu, linkRawIP} }

// GTPU is a GTP-U message in a UDP datagram to port 2152.
func GTPU(msg []byte) Packet { return Packet{wrapUDP(gtpuPort), msg, linkRawIP} }

// PFCP is a PFCP message in a UDP datagram to port 8805.
func PFCP(msg []byte) Packet { return Packet{wrapUDP(pfcpPort), msg, linkRawIP} }

// NAS is a 5GS NAS message by itself.
func NAS(msg []byte) Packet { return Packet{func(_ int, b []byte) []byte { return b }, msg, linkUser0} }

const (
	protoUDP  = 17
	protoSCTP = 132

	ngapPort = 38412
	ngapPPID = 60
	gtpuPort = 2152
	pfcpPort = 8805
)

// pcap is a capture file of the packets, a second apart.
func pcap(link uint32, packets []Packet) []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 0xa1b2c3d4)
	b = le.AppendUint16(b, 2)
	b = le.AppendUint16(b, 4)
	b = append(b, make([]byte, 8)...) // time zone, accuracy
	b = le.AppendUint32(b, 1<<18)     // longest packet
	b = le.AppendUint32(b, link)
	for i, p := range packets {
		frame := p.wrap(i+1, p.data)
		b = le.AppendUint32(b, uint32(i+1))
		b = le.AppendUint32(b, 0)
		b = le.AppendUint32(b, uint32(len(frame)))
		b = le.AppendUint32(b, uint32(len(frame)))
		b = append(b, frame...)
	}
	return b
}

// wrapIP is an IPv4 packet, whose length must fit its 16 bits.
func wrapIP(proto byte, payload []byte) []byte {
	be := binary.BigEndian
	b := []byte{0x45, 0}
	b = be.AppendUint16(b, uint16(20+len(payload)))
	b = append(b, 0, 0, 0x40, 0, 64, proto, 0, 0)
	b = append(b, 10, 0, 0, 1, 10, 0, 0, 2)
	be.PutUint16(b[10:], ^checksum(0, b))
	return append(b, payload...)
}

func wrapUDP(port uint16) func(int, []byte) []byte {
	return func(_ int, msg []byte) []byte {
		be := binary.BigEndian
		b := be.AppendUint16(nil, port)
		b = be.AppendUint16(b, port)
		b = be.AppendUint16(b, uint16(8+len(msg)))
		b = append(b, 0, 0) // no checksum
		return wrapIP(protoUDP, append(b, msg...))
	}
}

// wrapSCTP numbers the chunk, since one that seems sent twice is not read twice.
func wrapSCTP(n int, pdu []byte) []byte {
	be := binary.BigEndian
	b := be.AppendUint16(nil, ngapPort)
	b = be.AppendUint16(b, ngapPort)
	b = append(b, 0, 0, 0, 1, 0, 0, 0, 0) // verification tag, checksum to come
	b = append(b, 0, 7)                   // DATA, unordered, whole message
	b = be.AppendUint16(b, uint16(16+len(pdu)))
	b = be.AppendUint32(b, uint32(n))
	b = append(b, 0, 0, 0, 0) // stream 0
	b = be.AppendUint32(b, ngapPPID)
	b = append(b, pdu...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	sum := crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli))
	binary.LittleEndian.PutUint32(b[8:], sum)
	return wrapIP(protoSCTP, b)
}

// checksum is the ones' complement sum of the Internet protocols.
func checksum(sum uint32, b []byte) uint16 {
	for i := 0; i+1 < len(b); i += 2 {
		sum += uint32(b[i])<<8 | uint32(b[i+1])
	}
	for sum>>16 != 0 {
		sum = sum&0xffff + sum>>16
	}
	return uint16(sum)
}
