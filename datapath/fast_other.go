//go:build !linux

package datapath

import (
	"errors"
	"sync"

	"cordon/upf"
	"cordon/wire/pfcp"
)

// fast is the half of a forwarder that runs in the kernel, which is Linux's.
type fast struct{ adopted int }

func openFast(*Config, n6, *sync.RWMutex) (*fast, *upf.Sessions, error) {
	return nil, nil, errors.New("the kernel forwards on Linux only")
}

func (*fast) String() string      { return "" }
func (*fast) stop()               {}
func (*fast) changed()            {}
func (*fast) ended(pfcp.Usage)    {}
func (*fast) carried() pfcp.Usage { return pfcp.Usage{} }
func (*fast) addDrops(*Stats)     {}
func (*fast) close() error        { return nil }

func leftBehind(string) (bool, error) { return false, nil }

// Detach takes a forwarder that no process has out of the kernel.
func Detach(string) (interfaces int, err error) {
	return 0, errors.New("the kernel forwards on Linux only")
}
