// NAT by blocks of ports, as package upf does it. What makes or ends a mapping, and what has no port, is for
// user space.
#pragma once
#include "inner.h"

#define NAT_WINDOW 8
#define NAT_OPENING (1ull << 32)
#define NAT_CLOSING (1ull << 33)

enum { NAT_IDLE_UDP = 300, NAT_IDLE_ICMP = 60, NAT_IDLE_TCP = 2 * 3600 + 240, NAT_IDLE_HALF = 240 };
enum { TCP_FIN = 1 << 0, TCP_SYN = 1 << 1, TCP_RST = 1 << 2, TCP_ACK = 1 << 4 };
enum { NOT_MAPPED, MAPPED_OUT, MAPPED_IN };

// The transport header that NAT looks at, or the first 20 octets where one begins.
struct ports {
	__be16 from, to;
	__be16 ident; // of an ICMP echo
	__be16 sum;   // UDP's
	__u8 gap[5];
	__u8 flags;
	__be16 window;
	__be16 tcp_sum;
	__be16 urgent;
};

// expired reports whether a mapping has not been used for too long. User space may have used it in a second that has
// not come here.
INLINE int expired(__u64 owner, __u64 used, __u32 second)
{
	__u8 protocol = owner >> 48;
	__s32 life = NAT_IDLE_UDP;

	if (protocol == PROTO_ICMP)
		life = NAT_IDLE_ICMP;
	else if (protocol == PROTO_TCP)
		life = used & (NAT_OPENING | NAT_CLOSING) ? NAT_IDLE_HALF : NAT_IDLE_TCP;
	return (__s32)(second - (__u32)used) > life;
}

// touch notes that a mapping is in use, and what a TCP header says.
INLINE void touch(struct nat *e, __u32 second, __u8 protocol, __u8 flags, int out)
{
	__u64 used = e->used, state = used >> 32 << 32;

	if (protocol == PROTO_TCP) {
		if (out && (flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
			state = NAT_OPENING;
		else if (flags & (TCP_FIN | TCP_RST))
			state |= NAT_CLOSING;
		else if (out)
			state &= ~NAT_OPENING;
	} else if (!out) {
		return;
	}
	state |= second;
	if (state != used)
		e->used = state;
}

// ports_of is where a packet's ports are, null if NAT does not know it by any.
INLINE struct ports *ports_of(const struct frame *f, const struct inner *p)
{
	struct ports *t = f->data + p->at + IP4_SIZE;
	__u32 n = p->len - IP4_SIZE;

	if ((void *)t + 8 > f->end || n < 8)
		return NULL;
	if (p->protocol == PROTO_UDP || (p->protocol == PROTO_ICMP && (p->icmp == ICMP_ECHO || p->icmp == 0)))
		return t;
	return p->protocol == PROTO_TCP && n >= 20 ? t : NULL;
}

INLINE __u8 tcp_flags(const struct frame *f, const struct inner *p, const struct ports *t)
{
	return p->protocol == PROTO_TCP && (void *)(t + 1) <= f->end ? t->flags : 0;
}

// nat_find is the entry of a device's port and protocol, which is above it, in the block that begins with the
// entry first, and 1; 0 if there is none near its place. It is touched then, with a TCP header's flags.
CALLED __u32 nat_find(__u32 first, __u32 protocol_port, __u32 second, __u8 flags)
{
	for (__u32 k = 0; k < NAT_WINDOW; k++) {
		__u32 i = first + ((protocol_port + k) & (cfg.nat_block - 1));
		struct nat *e = bpf_map_lookup_elem(&ports, &i);
		__u64 owner;

		if (!e)
			return 0;
		owner = e->owner;
		if (!(__u32)owner || owner >> 32 != protocol_port)
			continue;
		if (expired(owner, e->used, second))
			return 0;
		touch(e, second, protocol_port >> 16, flags, 1);
		return i + 1;
	}
	return 0;
}

// public_of is the public address that has an entry, 0 if none.
CALLED __u32 public_of(__u32 entry)
{
	for (__u32 i = 0; i < POOLS && i < cfg.pools; i++) {
		__u32 off = (entry >> 16) - pools[i].first;

		if (pools[i].flags & POOL_PUBLIC && off < pools[i].count)
			return pools[i].base + off;
	}
	return 0;
}

// nat_out finds the mapping of a device's packet in the block that begins with an entry.
INLINE int nat_out(const struct frame *f, struct inner *p, __u32 first, __u32 second)
{
	struct ports *t;
	__u32 i;

	if (!p->whole || is_error(p))
		return SLOW;
	t = ports_of(f, p);
	if (!t)
		return REASON_PORTS;
	i = (__u32)p->protocol << 16 | bpf_ntohs(p->protocol == PROTO_ICMP ? t->ident : t->from);
	i = nat_find(first, i, second, tcp_flags(f, p, t));
	p->map_addr = bpf_htonl(public_of(first));
	p->map_port = bpf_htons(i - 1);
	p->mapped = MAPPED_OUT;
	return i && p->map_addr ? REASON_NONE : SLOW;
}

// nat_in finds the device, by the number of its line, that a packet to a public address is for.
INLINE int nat_in(const struct frame *f, struct inner *p, const struct pool *pool, __u32 second, __u32 *line)
{
	__u32 off = p->to_lo - pool->base, i;
	struct ports *t;
	struct nat *e;
	__u64 owner;

	if (!p->whole || is_error(p))
		return SLOW;
	t = ports_of(f, p);
	if (!t || off >= pool->count)
		return REASON_UNMAPPED;
	i = (pool->first + off) << 16 | bpf_ntohs(p->protocol == PROTO_ICMP ? t->ident : t->to);
	e = bpf_map_lookup_elem(&ports, &i);
	if (!e)
		return REASON_UNMAPPED;
	owner = e->owner;
	if (!owner || (__u8)(owner >> 48) != p->protocol || expired(owner, e->used, second))
		return REASON_UNMAPPED;
	touch(e, second, p->protocol, tcp_flags(f, p, t), 0);
	p->mapped = MAPPED_IN;
	p->map_port = bpf_htons((__u16)(owner >> 32));
	p->to_port = owner >> 32;
	*line = (__u32)owner - 1;
	return REASON_NONE;
}

// changed is a checksum after what it covers has changed: what was and what is, as sums (RFC 1624).
INLINE __u16 changed(__u16 sum, __u32 was, __u32 is)
{
	return ~fold64((__u64)(__u16)~sum + (__u16)~fold(was) + is);
}

INLINE __u32 halves(__be32 v) { return (v & 0xffff) + (v >> 16); }

// translate puts the public address and port into a packet, or the device's, and mends the checksums.
INLINE int translate(const struct frame *f, const struct inner *p)
{
	struct ip4 *ip = f->data + p->at;
	struct ports *t = (void *)(ip + 1);
	__u32 was, is;
	__be16 *port, *sum = NULL;

	if (!p->mapped)
		return 0;
	if ((void *)t + 8 > f->end)
		return -1;
	if (p->mapped == MAPPED_OUT) {
		was = halves(ip->from);
		ip->from = p->map_addr;
		port = &t->from;
	} else {
		was = halves(ip->to);
		ip->to = p->map_addr;
		port = &t->to;
	}
	is = halves(p->map_addr);
	ip->sum = changed(ip->sum, was, is);
	if (p->protocol == PROTO_ICMP) {
		was = t->ident;
		t->ident = p->map_port;
		t->to = changed(t->to, was, p->map_port); // the checksum is there
		return 0;
	}
	was += *port;
	*port = p->map_port;
	is += p->map_port;
	if (p->protocol == PROTO_UDP) {
		if (t->sum) {
			t->sum = changed(t->sum, was, is);
			if (!t->sum)
				t->sum = 0xffff;
		}
		return 0;
	}
	sum = &t->tcp_sum;
	if ((void *)(sum + 1) > f->end)
		return -1;
	*sum = changed(*sum, was, is);
	return 0;
}
