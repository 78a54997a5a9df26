// Package joined has the kernel take and hand over runs of UDP datagrams of one flow and size in one message, the last
// of which may be shorter: what a datagram costs in system calls is most of what it costs. It stands between sockets and
// those who read and write them in batches, and holds nothing itself.
package joined

// What one message takes.
const (
	Most   = 60    // datagrams; kernels allow 64
	Octets = 60000 // an IP packet's worth
)
