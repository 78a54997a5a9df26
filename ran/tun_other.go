//go:build !linux

package ran

import "errors"

// TUN is a TUN device; there are none here but on Linux.
type TUN struct{ Host }

// TAP is a TAP device; there are none here but on Linux.
type TAP struct{ Host }

// OpenTAP has nothing to open.
func OpenTAP(string) (*TAP, error) { return nil, errors.New("a TAP device needs Linux") }

// OpenTUN has nothing to open.
func OpenTUN(string) (*TUN, error) { return nil, errors.New("a TUN device needs Linux") }
