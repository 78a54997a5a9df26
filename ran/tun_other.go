//go:build !linux

package ran

import "errors"

// TUN is a TUN device; there are none here but on Linux.
type TUN struct{ Host }

// OpenTUN has nothing to open.
func OpenTUN(string) (*TUN, error) { return nil, errors.New("a TUN device needs Linux") }
