package gtpu

import "slices"

// SupportedExtensions tells a peer which extension headers this endpoint understands, when
// it sent one that must be understood and is not (TS 29.281 §7.2.3).
//
//	extension header type list   M  TLV, length of one octet
type SupportedExtensions struct {
	Types []uint8 // at most 255
}

// Supported is what this implementation understands.
func Supported() SupportedExtensions {
	return SupportedExtensions{Types: []uint8{extSessionContext, extPDCPNumber, extLongPDCPNumber}}
}

// AppendBinary writes the message. More than 255 types are an error.
func (m SupportedExtensions) AppendBinary(b []byte) ([]byte, error) {
	if len(m.Types) > 255 {
		return b, FaultIE
	}
	h := Header{Type: TypeSupportedExtensions, HasSeq: true}
	b = append(h.Append(b, 2+len(m.Types)), ieExtensionTypes, byte(len(m.Types)))
	return append(b, m.Types...), nil
}

// ParseSupportedExtensions reads what Parse returned for a message of TypeSupportedExtensions.
func ParseSupportedExtensions(rest []byte) (SupportedExtensions, error) {
	e, err := parseElements(rest)
	if err != nil {
		return SupportedExtensions{}, err
	}
	if !e.hasExtensions {
		return SupportedExtensions{}, FaultMissingIE
	}
	return SupportedExtensions{Types: slices.Clone(e.extensions)}, nil
}
