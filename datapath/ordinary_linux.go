//go:build !race

package datapath

import (
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"

	"cordon/upf"
)

// ordinary is memory for sessions that this process alone uses. Its large arrays lie beside the heap: the system gives
// them page by page as sessions come, but the collector would take them for memory in use, and let as much
// garbage gather before it ran. The memory is given back when nobody has f any more.
func (f *Forwarder) ordinary(l upf.Layout) (*upf.Memory, error) {
	rest := l
	rest.Up, rest.Down, rest.Records, rest.NAT = 0, 0, 0, 0
	m := upf.NewMemory(rest)
	var err error
	if m.Up, err = beside[upf.Line](f, l.Up); err != nil {
		return nil, err
	}
	if m.Down, err = beside[upf.Line](f, l.Down); err != nil {
		return nil, err
	}
	if m.Records, err = beside[upf.Record](f, l.Records); err != nil {
		return nil, err
	}
	m.NAT, err = beside[upf.NATEntry](f, l.NAT)
	return m, err
}

// beside is an array of n that is not in the heap, for as long as anybody has f. T has no pointers.
func beside[T any](f *Forwarder, n int) ([]T, error) {
	var one T
	size := n * int(unsafe.Sizeof(one))
	if size == 0 {
		return nil, nil
	}
	b, err := unix.Mmap(-1, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_NORESERVE)
	if err != nil {
		return nil, fmt.Errorf("%d MiB of memory for sessions: %w", size>>20, err)
	}
	runtime.AddCleanup(f, func(b []byte) { _ = unix.Munmap(b) }, b) // all of what Mmap gave: it cannot fail
	return unsafe.Slice((*T)(unsafe.Pointer(&b[0])), n), nil
}
