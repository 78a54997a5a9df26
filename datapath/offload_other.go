//go:build !linux

package datapath

import "net"

func joinReads(*net.UDPConn) {}

func segmentSize(_ []byte, n int) int { return n }

func canJoin(*net.UDPConn) bool { return false }

func appendSegment(b []byte, _ int) []byte { return b }

func appendMark(b []byte, _ bool, _ uint8) []byte { return b }
