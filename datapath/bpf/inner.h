// Devices' packets: what package upf checks of them, in its order.
#pragma once
#include "session.h"

enum { FAMILY4 = 4, FAMILY6 = 6 };
enum { ICMP_ECHO = 8, ICMP6_ECHO = 128, ICMP6_ECHO_REPLY = 129, ICMP6_SOLICITATION = 133 };

// ICMP_CUT stands for the type of a message that is too short to have one: IPv4's redirect, which both versions refuse.
#define ICMP_CUT 5

#define INNER_HEADERS 60 // the most octets of IP and transport that are looked at

#define DHCP_SERVER 67
#define DHCP6_SERVER 547
#define TRANSLATOR (0x0064ff9bull << 32) // first half of 64:ff9b::/96
#define GATEWAY_HOST 1                   // second half of an IPv6 gateway's address

// An inner packet taken apart. Addresses are in the two halves that a range asks for.
struct inner {
	__u32 at;  // of its header, in the frame
	__u32 len; // all of it
	__u64 from_hi, from_lo;
	__u64 to_hi, to_lo;
	__u16 from_port, to_port; // with ported
	__u8 family, protocol;
	__u8 ported;   // it has ports: no later fragment
	__u8 whole;    // it is no fragment
	__u8 more;     // it is a fragment with more to come
	__u8 later;    // it is a fragment that does not begin the packet
	__u8 ttl;
	__u8 icmp;     // type, or ICMP_CUT if fewer than eight octets of it are there
	__u8 cuttable; // a router may cut it up
	__u8 mapped;   // NAT: outwards or inwards, with what follows
	__be32 map_addr;
	__be16 map_port;
};

// number is an address as pools have it.
INLINE __u64 number(__u8 family, __u64 hi, __u64 lo) { return family == FAMILY4 ? lo : hi; }

// fair refuses a fragment that only hides a transport header or overruns a reassembly.
INLINE int fair(const struct inner *p, __u32 fragment)
{
	__u32 offset = (fragment & OFFSET_MASK) * 8, size = p->len - IP4_SIZE;
	__u32 least = p->protocol == PROTO_TCP ? 20 : 8;

	if (offset == 0)
		return size >= least && size % 8 == 0;
	if (offset < least || size == 0 || ((fragment & MORE_FRAGMENTS) && size % 8 != 0))
		return 0;
	return offset + size <= 65535 - IP4_SIZE;
}

// transport reads what n octets of a transport header say.
INLINE void transport(const struct frame *f, struct inner *p, const void *at, __u32 n)
{
	const __be16 *ports = at;

	p->ported = !p->later && n >= 4 && (void *)(ports + 2) <= f->end;
	p->icmp = ICMP_CUT;
	p->from_port = 0;
	p->to_port = 0;
	if (!p->ported)
		return;
	p->from_port = bpf_ntohs(ports[0]);
	p->to_port = bpf_ntohs(ports[1]);
	if (n >= 8)
		p->icmp = p->from_port >> 8;
}

INLINE __u64 half(const __be32 a[2]) { return (__u64)bpf_ntohl(a[0]) << 32 | bpf_ntohl(a[1]); }

// inner4 takes the IPv4 packet apart that the n octets at an offset begin with.
INLINE int inner4(const struct frame *f, __u32 at, __u32 n, struct inner *p)
{
	struct ip4 *ip = f->data + at;
	__u32 fragment;

	if (n < IP4_SIZE || (void *)(ip + 1) > f->end || (ip->version_ihl & 15) < 5)
		return REASON_MALFORMED_IP;
	p->len = bpf_ntohs(ip->len);
	if (p->len > n || p->len < (ip->version_ihl & 15) * 4)
		return REASON_MALFORMED_IP;
	if ((ip->version_ihl & 15) != 5)
		return REASON_IP_OPTIONS;
	p->mapped = 0;
	p->map_addr = 0;
	p->map_port = 0;
	p->at = at;
	p->family = FAMILY4;
	p->protocol = ip->protocol;
	p->ttl = ip->ttl;
	p->from_hi = 0;
	p->from_lo = bpf_ntohl(ip->from);
	p->to_hi = 0;
	p->to_lo = bpf_ntohl(ip->to);
	fragment = bpf_ntohs(ip->fragment);
	p->whole = !(fragment & (MORE_FRAGMENTS | OFFSET_MASK));
	p->more = !!(fragment & MORE_FRAGMENTS);
	p->cuttable = !(fragment & DONT_FRAGMENT);
	p->later = !!(fragment & OFFSET_MASK);
	if (!p->whole && !fair(p, fragment))
		return REASON_FRAGMENT;
	transport(f, p, ip + 1, p->len - IP4_SIZE);
	return REASON_NONE;
}

// inner6 is inner4 of an IPv6 packet. One with extension headers is for user space.
INLINE int inner6(const struct frame *f, __u32 at, __u32 n, struct inner *p)
{
	struct ip6 *ip = f->data + at;

	if (n < IP6_SIZE || (void *)(ip + 1) > f->end || bpf_ntohl(ip->version_class) >> 28 != 6)
		return REASON_MALFORMED_IP;
	p->len = IP6_SIZE + bpf_ntohs(ip->len);
	if (p->len > n)
		return REASON_MALFORMED_IP;
	switch (ip->next) {
	case PROTO_HOP_BY_HOP:
	case PROTO_ROUTING:
	case PROTO_FRAGMENT:
	case PROTO_AUTHENTICATION:
	case PROTO_DESTINATION:
		return SLOW;
	}
	p->mapped = 0;
	p->map_addr = 0;
	p->map_port = 0;
	p->later = 0;
	p->more = 0;
	p->cuttable = 0;
	p->at = at;
	p->family = FAMILY6;
	p->protocol = ip->next;
	p->ttl = ip->hops;
	p->from_hi = half(ip->from);
	p->from_lo = half(ip->from + 2);
	p->to_hi = half(ip->to);
	p->to_lo = half(ip->to + 2);
	p->whole = 1;
	transport(f, p, ip + 1, p->len - IP6_SIZE);
	return REASON_NONE;
}

// inner takes the packet apart that the n octets at an offset begin with.
INLINE int inner(HOOK *ctx, const struct frame *f, __u32 at, __u32 n, struct inner *p)
{
	__u8 *b = f->data + at;

	if (in_pieces(ctx, f, at, INNER_HEADERS))
		return SLOW;
	if (n < IP4_SIZE || (void *)(b + 1) > f->end)
		return REASON_MALFORMED_IP;
	return b[0] >> 4 == FAMILY4 ? inner4(f, at, n, p) : inner6(f, at, n, p);
}

INLINE int is_icmp(const struct inner *p) { return p->protocol == (p->family == FAMILY4 ? PROTO_ICMP : PROTO_ICMP6); }

// icmp_reason refuses an ICMP message that only misleads or reveals. What a device says to its link
// alone is told apart.
INLINE int icmp_reason(const struct inner *p)
{
	if (p->later || !is_icmp(p))
		return REASON_NONE;
	if (p->family == FAMILY4) {
		switch (p->icmp) {
		case 4:  // source quench
		case ICMP_CUT:
		case 9:  // router advertisement
		case 10: // and solicitation
		case 13 ... 18: // timestamp, information, address mask
			return REASON_FORBIDDEN_ICMP;
		}
		return REASON_NONE;
	}
	switch (p->icmp) {
	case 1 ... 4: // errors
	case ICMP6_ECHO:
	case ICMP6_ECHO_REPLY:
		return REASON_NONE;
	case 130 ... 133: // listeners, solicitations
	case 135:         // neighbours
	case 136:
	case 143:
		return REASON_LINK_ONLY;
	}
	return REASON_FORBIDDEN_ICMP;
}

// is_error reports whether the packet is an ICMP error message.
INLINE int is_error(const struct inner *p)
{
	if (!is_icmp(p) || p->later)
		return 0;
	if (p->family == FAMILY6)
		return p->icmp < 128;
	return p->icmp == 3 || p->icmp == 4 || p->icmp == ICMP_CUT || p->icmp == 11 || p->icmp == 12;
}

// is_echo reports whether the packet is a whole echo request.
INLINE int is_echo(const struct inner *p)
{
	return is_icmp(p) && p->whole && p->icmp == (p->family == FAMILY4 ? ICMP_ECHO : ICMP6_ECHO);
}

// link_only reports whether an IPv6 address means something on one link alone.
INLINE int link_only(__u64 hi, __u64 lo)
{
	return hi >> 54 == 0xfe80 >> 6 || (hi >> 56 == 0xff && (hi >> 48 & 0xf) <= 2) || (!hi && !lo);
}

// is_router reports whether an address is a pool's gateway's.
INLINE int is_router(const struct pool *pool, __u64 hi, __u64 lo)
{
	return pool->family == FAMILY4 ? lo == pool->gateway : hi == pool->gateway && lo == GATEWAY_HOST;
}

// space_bit reports whether an address's bit is set in special or routed.
INLINE int space_bit(const __u64 *words, __u8 family, __u64 hi, __u64 lo)
{
	__u32 n = family == FAMILY4 ? (__u32)lo >> 16 : 0x10000 | (__u32)(hi >> 48);

	return words[n >> 6] >> (n & 63) & 1;
}

INLINE int has(const struct range *r, __u8 family, __u64 hi, __u64 lo)
{
	return (!r->family || r->family == family) && (lo & r->mask_lo) == r->lo && (hi & r->mask_hi) == r->hi;
}

// within reports whether an address is in a range that devices do not reach.
CALLED int within(__u8 family, __u64 hi, __u64 lo)
{
	for (__u32 i = 0; i < RANGES && i < cfg.ranges; i++)
		if (has(&ranges[i], family, hi, lo))
			return 1;
	return 0;
}

// nowhere reports whether an address is no single other host's.
INLINE int nowhere(__u8 family, __u64 hi, __u64 lo)
{
	if (family == FAMILY4)
		return lo >> 24 == 0 || lo >> 24 == 127 || lo >> 16 == 0xa9fe || lo >= 0xe0000000;
	return (hi >> 61 != 1 && hi >> 57 != 0xfc >> 1) || hi >> 32 == 0x20010000 || hi >> 48 == 0x2002;
}

// pool_at is the number of the pool that has an address, and 1; 0 if none has it.
CALLED __u32 pool_at(__u8 family, __u64 hi, __u64 lo)
{
	__u64 v = number(family, hi, lo);

	for (__u32 i = 0; i < POOLS && i < cfg.pools; i++)
		if ((v & pools[i].mask) == pools[i].base && pools[i].family == family)
			return i + 1;
	return 0;
}

// pool_of is the pool that has an address, null if none.
INLINE struct pool *pool_of(__u8 family, __u64 hi, __u64 lo)
{
	__u64 i = pool_at(family, hi, lo);

	if (!i)
		return NULL;
	i = (i - 1) & (POOLS - 1);
	asm volatile("" : "+r"(i)); // so that the bound is seen where it is used
	return &pools[i];
}

// may_be_framed reports whether a special address of no pool may be in a network behind a device.
INLINE int may_be_framed(__u8 family, __u64 hi, __u64 lo)
{
	return may.framed && space_bit(special, family, hi, lo) && !pool_at(family, hi, lo);
}

// usable reports whether a number of a pool can be a device's.
INLINE int usable(const struct pool *p, __u64 v)
{
	if (p->flags & POOL_PUBLIC || v == p->gateway || v - p->base >= p->count)
		return 0;
	return p->family == FAMILY6 || (v != p->base && v != (p->base | (__u32)~p->mask));
}

// is_service reports whether an address, protocol and port, the protocol above the port, are allowed by name.
CALLED int is_service(__u8 family, __u64 hi, __u64 lo, __u32 protocol_port)
{
	for (__u32 i = 0; i < SERVICES && i < cfg.services; i++) {
		struct service *s = &services[i];

		if (((__u32)s->protocol << 16 | s->port) == protocol_port && s->lo == lo && s->hi == hi && s->family == family)
			return 1;
	}
	return 0;
}

// passes_rules reports whether one of a set's rules has a far end, the protocol and both ports, which are
// above each other, the far end's below; without ports there is a bit above all.
CALLED int passes_rules(__u32 set, __u8 family, __u64 hi, __u64 lo, __u64 flow)
{
	__u16 remote = flow, local = flow >> 16;
	__u8 protocol = flow >> 32, portless = flow >> 40;
	struct rule_set *s = bpf_map_lookup_elem(&rule_sets, &set);

	if (set == RULES_NONE || !s)
		return 0;
	for (__u32 i = 0; i < RULES && i < s->count; i++) {
		struct rule *r = &s->rules[i];

		if (!has(&r->remote, family, hi, lo) || (r->protocol && r->protocol != protocol))
			continue;
		if (r->remote_last && (portless || remote < r->remote_first || remote > r->remote_last))
			continue;
		if (r->local_last && (portless || local < r->local_first || local > r->local_last))
			continue;
		return 1;
	}
	return 0;
}

INLINE int has_ports(__u8 protocol) { return protocol == PROTO_TCP || protocol == PROTO_UDP || protocol == PROTO_SCTP; }

// passes reports whether a rule set lets a packet pass whose far end is given.
INLINE int passes(__u32 set, const struct inner *p, __u64 hi, __u64 lo, __u16 remote, __u16 local)
{
	if (set == RULES_ANY)
		return 1;
	return passes_rules(set, p->family, hi, lo, remote | (__u32)local << 16 | (__u64)p->protocol << 32 | (__u64)!(p->ported && has_ports(p->protocol)) << 40);
}
