package datapath

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"time"
)

// splice copies a device's flow both ways until both sides are done, one of them fails, or
// idle passes without an octet, and closes both.
func (f *flows) splice(ue netip.Addr, near, far net.Conn, idle time.Duration) {
	defer f.drop(near)
	defer f.drop(far)
	if !f.keep(near, ue) || !f.keep(far, ue) {
		return
	}
	done := make(chan error, 2)
	go func() { done <- carry(near, far, idle) }()
	go func() { done <- carry(far, near, idle) }()
	if err := <-done; err != nil {
		near.Close()
		far.Close()
	}
	<-done
}

// carry copies from src to dst. An end of src closes only dst's sending side. A datagram
// that fills the buffer may have been cut, and is dropped.
func carry(dst, src net.Conn, idle time.Duration) error {
	b := make([]byte, flowBuffer)
	_, stream := dst.(interface{ CloseWrite() error })
	var last time.Time
	for {
		if now := time.Now(); now.Sub(last) > idle/4 { // deadlines cost more than clocks
			last = now
			err := errors.Join(src.SetDeadline(now.Add(idle)), dst.SetDeadline(now.Add(idle)))
			if err != nil {
				return err
			}
		}
		n, err := src.Read(b)
		if n > 0 && (stream || n < len(b)) {
			if _, err := dst.Write(b[:n]); err != nil {
				return fmt.Errorf("writing: %w", err)
			}
		}
		if err == io.EOF {
			if half, ok := dst.(interface{ CloseWrite() error }); ok {
				return half.CloseWrite()
			}
			return io.EOF
		}
		if err != nil {
			return err
		}
	}
}
