package datapath

import (
	"unsafe"

	"cordon/upf"
)

// hop and outer are the twins of the structures of those names in bpf/upf.h.
type hop struct {
	next, own [6]byte
	ifindex   uint32
	mtu, vlan uint16
}

type outer struct {
	hop4, hop6 hop
	epoch      uint64
	tick       uint32
	_          uint32
}

// outerOf is the part of the settings that package datapath writes.
func outerOf(s *upf.Settings) *outer { return (*outer)(unsafe.Pointer(&s.Outer)) }
