//go:build !linux

package joined

import "net"

// Reads lets the kernel hand over runs at once, where it can.
func Reads(*net.UDPConn) {}

// Writes reports whether the kernel takes a run in one message.
func Writes(*net.UDPConn) bool { return false }

// Size is the size of the datagrams in a read of n octets.
func Size(_ []byte, n int) int { return n }

// AppendSize writes the control message that says how large each datagram of a message is, which nobody asks for here.
func AppendSize(b []byte, _ int) []byte { return b }

// AppendDSCP writes the control message that marks a message, for which there is none here.
func AppendDSCP(b []byte, _ bool, _ uint8) []byte { return b }
