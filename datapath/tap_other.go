//go:build !linux

package datapath

import "errors"

func newTAP(Tap, int) (*tap, error) {
	return nil, errors.New("TAP devices are made on Linux only")
}
