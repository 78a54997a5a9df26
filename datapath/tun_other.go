//go:build !linux

package datapath

import (
	"errors"

	"cordon/upf"
)

type tun struct{ n6 }

func newTUN(string, upf.Config) (*tun, string, error) {
	return nil, "", errors.New("TUN devices are driven on Linux only")
}
