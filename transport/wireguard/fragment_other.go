//go:build !linux

package wireguard

import "syscall"

func fragmentable(_, _ string, _ syscall.RawConn) error { return nil }
