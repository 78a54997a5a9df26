//go:build !linux

package wireguard

import (
	"net"
	"syscall"
)

func fragmentable(_, _ string, _ syscall.RawConn) error { return nil }

func joinReads(*net.UDPConn) {}

func segmentSize(_ []byte, n int) int { return n }

func canJoin(*net.UDPConn) bool { return false }

func appendSegment(b []byte, _ int) []byte { return b }
