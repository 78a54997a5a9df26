// Package ident holds the identifiers of a 5G network: small values that can be
// compared and used as map keys, each with the clause that defines it. It has no
// dependency and does no I/O.
package ident

import (
	"fmt"
	"strconv"
	"strings"
)

// TAC is a tracking area code, 24 bits (TS 23.003 §19.4.2.3).
type TAC uint32

// MaxTAC is the largest tracking area code.
const MaxTAC TAC = 1<<24 - 1

// ParseTAC reads a decimal number, or a hexadecimal one after "0x". It refuses 010, which is ten to
// some and eight to others.
func ParseTAC(s string) (TAC, error) {
	digits, hex := strings.CutPrefix(s, "0x")
	base := 10
	if hex {
		base = 16
	}
	v, err := strconv.ParseUint(digits, base, 24)
	if err != nil || !hex && len(s) > 1 && s[0] == '0' {
		return 0, fmt.Errorf("TAC %q: want 0 to %d, or hexadecimal after 0x", s, MaxTAC)
	}
	return TAC(v), nil
}

// String shows both notations, since radios' manuals use either.
func (t TAC) String() string { return fmt.Sprintf("%d (0x%06x)", uint32(t), uint32(t)) }

// TAI is a tracking area identity.
type TAI struct {
	PLMN PLMN
	TAC  TAC
}

func (t TAI) String() string { return fmt.Sprintf("%s-%06x", t.PLMN, uint32(t.TAC)) }

// NRCGI is a cell's global identity; Cell has 36 bits, of which the first are the
// gNB's identifier (TS 38.413 §9.3.1.7).
type NRCGI struct {
	PLMN PLMN
	Cell uint64
}

func (c NRCGI) String() string { return fmt.Sprintf("%s-%09x", c.PLMN, c.Cell) }

// GNB is the gNB identifier that the cell belongs to, were it of the given length in bits.
func (c NRCGI) GNB(bits uint8) uint32 { return uint32(c.Cell >> (36 - bits)) }

// NodeKind says what a RAN node is (TS 38.413 §9.3.1.5).
type NodeKind uint8

const (
	GNB NodeKind = iota
	NgENBMacro
	NgENBShortMacro
	NgENBLongMacro
	N3IWF
)

// RANNode is a Global RAN Node ID. Bits is the length of ID: 22 to 32 for a gNB, 20, 18
// or 21 for an ng-eNB, 16 for an N3IWF; the same number in another length is another node.
type RANNode struct {
	PLMN PLMN
	Kind NodeKind
	Bits uint8
	ID   uint32
}

func (n RANNode) String() string {
	return fmt.Sprintf("%s-%s-%x/%d", nodeKinds[n.Kind].name, n.PLMN, n.ID, n.Bits)
}

// nodeKinds has the lengths that identifiers of each kind may have, in bits.
var nodeKinds = [...]struct {
	name     string
	min, max uint8
}{{"gnb", 22, 32}, {"ngenb", 20, 20}, {"ngenb-short", 18, 18}, {"ngenb-long", 21, 21}, {"n3iwf", 16, 16}}

// ParseRANNode reads what String writes, as "gnb-00101-19b/22".
func ParseRANNode(s string) (RANNode, error) {
	end := strings.LastIndexByte(s, '-')
	middle := strings.LastIndexByte(s[:max(0, end)], '-')
	if middle < 0 {
		return RANNode{}, fmt.Errorf("node %.40q: want its kind, PLMN, identifier and length in bits, as gnb-00101-19b/22", s)
	}
	id, length, _ := strings.Cut(s[end+1:], "/")
	bits, err := strconv.ParseUint(length, 10, 8)
	for kind, k := range nodeKinds {
		if k.name != s[:middle] || err != nil || uint8(bits) < k.min || uint8(bits) > k.max {
			continue
		}
		plmn, err := ParsePLMN(s[middle+1 : end])
		if err != nil {
			return RANNode{}, err
		}
		v, err := strconv.ParseUint(id, 16, int(bits))
		if err != nil {
			break
		}
		return RANNode{PLMN: plmn, Kind: NodeKind(kind), Bits: uint8(bits), ID: uint32(v)}, nil
	}
	return RANNode{}, fmt.Errorf("node %.40q: want gnb, ngenb, ngenb-short, ngenb-long or n3iwf, and an identifier of 22 to 32, 20, 18, 21 or 16 bits", s)
}

// ParseGNB reads the identifier of a gNB and its length in bits, as "1a2b/24". Its PLMN is left zero.
func ParseGNB(s string) (RANNode, error) {
	id, bits, _ := strings.Cut(s, "/")
	n, err := strconv.ParseUint(bits, 10, 8)
	if err != nil || n < 22 || n > 32 {
		return RANNode{}, fmt.Errorf("gNB %.40q: want an identifier and its length of 22 to 32 bits, as 1a2b/24", s)
	}
	v, err := strconv.ParseUint(id, 16, int(n))
	if err != nil {
		return RANNode{}, fmt.Errorf("gNB %.40q: want an identifier of %d bits in hexadecimal", s, n)
	}
	return RANNode{Kind: GNB, Bits: uint8(n), ID: uint32(v)}, nil
}

// NoSD is the slice differentiator that stands for none: absent and 0xffffff mean the
// same (TS 23.003 §28.4.2).
const NoSD uint32 = 0xffffff

// SNSSAI names a slice. SD has 24 bits and is NoSD where there is none.
type SNSSAI struct {
	SST uint8
	SD  uint32
}

// ParseSNSSAI reads "1" or "1-010203".
func ParseSNSSAI(s string) (SNSSAI, error) {
	sst, sd, has := strings.Cut(s, "-")
	v, err := strconv.ParseUint(sst, 10, 8)
	if err != nil {
		return SNSSAI{}, fmt.Errorf("slice %q: want SST or SST-SD, as 1 or 1-010203", s)
	}
	n := SNSSAI{SST: uint8(v), SD: NoSD}
	if has {
		d, err := strconv.ParseUint(sd, 16, 24)
		if err != nil || len(sd) != 6 {
			return SNSSAI{}, fmt.Errorf("slice %q: the differentiator is six hexadecimal digits", s)
		}
		n.SD = uint32(d)
	}
	return n, nil
}

func (s SNSSAI) String() string {
	if s.SD == NoSD {
		return strconv.Itoa(int(s.SST))
	}
	return fmt.Sprintf("%d-%06x", s.SST, s.SD)
}

// GUAMI is an AMF's global identity: region 8 bits, set 10, pointer 6 (TS 23.003 §2.10.1).
type GUAMI struct {
	PLMN    PLMN
	Region  uint8
	Set     uint16
	Pointer uint8
}

func (g GUAMI) String() string {
	return fmt.Sprintf("%s-%02x-%03x-%02x", g.PLMN, g.Region, g.Set, g.Pointer)
}

// TMSI is the part of a 5G-GUTI that is unique within an AMF.
type TMSI uint32

// GUTI is a 5G-GUTI, a device's temporary identity (TS 23.003 §2.10).
type GUTI struct {
	GUAMI GUAMI
	TMSI  TMSI
}

func (g GUTI) String() string { return fmt.Sprintf("%s-%08x", g.GUAMI, uint32(g.TMSI)) }

// STMSI is the GUTI's short form.
func (g GUTI) STMSI() STMSI { return STMSI{g.GUAMI.Set, g.GUAMI.Pointer, g.TMSI} }

// STMSI is a 5G-S-TMSI, the short form of a GUTI used over the air and in paging.
type STMSI struct {
	Set     uint16
	Pointer uint8
	TMSI    TMSI
}

func (s STMSI) String() string {
	return fmt.Sprintf("%03x-%02x-%08x", s.Set, s.Pointer, uint32(s.TMSI))
}

type (
	// AMFUENGAPID is the AMF's handle of a UE-associated connection, 40 bits.
	AMFUENGAPID uint64
	// RANUENGAPID is the radio's handle of the same connection, 32 bits.
	RANUENGAPID uint32
	// PDUSessionID is 1 to 15 for a device's own sessions; 0 means none.
	PDUSessionID uint8
	// PTI is a 5GSM procedure transaction identity: 0 none, 1 to 254, 255 reserved.
	PTI uint8
	// QFI is a QoS flow identifier, 0 to 63.
	QFI uint8
	// TEID is a GTP-U tunnel endpoint identifier.
	TEID uint32
	// SEID is a PFCP session endpoint identifier.
	SEID uint64
	// IMEISV is a device's equipment identity with software version, sixteen digits packed
	// as they are read, one a nibble; 0 is unknown.
	IMEISV uint64
)

// MaxAMFUENGAPID is the largest AMF-UE-NGAP-ID.
const MaxAMFUENGAPID AMFUENGAPID = 1<<40 - 1

// DNN is a data network name, in dotted form without the operator identifier.
type DNN string

// ParseDNN checks the labels of a name: 1 to 63 letters, digits and hyphens each, 1 to
// 99 octets encoded (TS 23.003 §9.1).
func ParseDNN(s string) (DNN, error) {
	if s == "" || len(s) > 98 {
		return "", fmt.Errorf("DNN of %d characters: want 1 to 98", len(s))
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 {
			return "", fmt.Errorf("DNN %q: a label has 1 to 63 characters", s)
		}
		for i := range len(label) {
			c := label[i]
			if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-') {
				return "", fmt.Errorf("DNN %q: %q is not a letter, digit or hyphen", s, c)
			}
		}
	}
	return DNN(strings.ToLower(s)), nil
}
