// The way of the packets that nearly all are: of IPv4 in IPv4 without tags, options or fragments, to or from a
// network like any other, and there is nothing to refuse. It asks what the other way asks, of a packet whose headers are
// at places known where this is compiled. Whatever it meets besides, the other way looks at from the start; what was noted
// by then is noted again as it is.
#pragma once
#include "uplink.h"

#define NOT_QUICK -2
#define QUICK_INNER (ETH_SIZE + IP4_SIZE + UDP_SIZE + GTPU_SIZE + GTPU_OPTIONAL + 4)
#define QUICK_PORTS 8 // octets of a transport header that are there

// quick_inner takes a whole IPv4 packet apart, in a frame that has its header and ports.
INLINE int quick_inner(const struct frame *f, __u32 at, __u32 n, struct inner *p)
{
	struct ip4 *ip = f->data + at;
	__be16 *ports = (void *)(ip + 1);
	__u32 len = bpf_ntohs(ip->len);

	if (ip->version_ihl != 0x45 || len > n || len < IP4_SIZE + QUICK_PORTS || ip->fragment & bpf_htons(MORE_FRAGMENTS | OFFSET_MASK))
		return NOT_QUICK;
	*p = (struct inner){.at = at, .len = len, .from_lo = bpf_ntohl(ip->from), .to_lo = bpf_ntohl(ip->to), .family = FAMILY4,
			    .protocol = ip->protocol, .ported = 1, .whole = 1, .ttl = ip->ttl, .from_port = bpf_ntohs(ports[0]),
			    .to_port = bpf_ntohs(ports[1]), .icmp = *(__u8 *)ports, .cuttable = !(ip->fragment & bpf_htons(DONT_FRAGMENT))};
	return REASON_NONE;
}

// quick_gpdu reads a G-PDU with a plain container alone, in a frame that has it.
INLINE int quick_gpdu(const struct frame *f, __u32 len, struct gpdu *g)
{
	struct udp *udp = f->data + ETH_SIZE + IP4_SIZE;
	struct gtpu *h = (void *)(udp + 1);
	__u8 *optional = (__u8 *)(h + 1);
	__u32 plain = *(__u32 *)(optional + GTPU_OPTIONAL), n = bpf_ntohs(udp->len);

	if (udp->to != bpf_htons(GTPU_PORT) || n > len - IP4_SIZE || n < UDP_SIZE + GTPU_SIZE + GTPU_OPTIONAL + 4)
		return NOT_QUICK;
	if (*(__be16 *)h != bpf_htons((0x30 | GTPU_E) << 8 | TYPE_GPDU) || bpf_ntohs(h->len) != n - UDP_SIZE - GTPU_SIZE)
		return NOT_QUICK;
	if (optional[3] != EXT_CONTAINER || (plain & bpf_htonl(0xffffc0ff)) != bpf_htonl(1 << 24 | CONTAINER_UPLINK << 20 | EXT_NONE))
		return NOT_QUICK;
	*g = (struct gpdu){.teid = bpf_ntohl(h->teid), .inner = QUICK_INNER, .end = ETH_SIZE + IP4_SIZE + n, .contained = 1,
			   .direction = CONTAINER_UPLINK, .qfi = bpf_ntohl(plain) >> 8};
	return REASON_NONE;
}

// quick_uplink takes a datagram in a packet of len octets.
INLINE int quick_uplink(HOOK *ctx, const struct frame *f, __u32 len)
{
	struct ip4 *ip = f->data + ETH_SIZE;
	struct address from = {};
	struct gpdu g;
	struct inner p;
	struct line *l;
	__u64 now;
	__u32 slot;

	if (f->unsummed >= QUICK_INNER)
		return NOT_QUICK;
	if (f->data + QUICK_INNER + IP4_SIZE + QUICK_PORTS > f->end || ip->protocol != PROTO_UDP || ip->fragment & bpf_htons(MORE_FRAGMENTS | OFFSET_MASK))
		return NOT_QUICK;
	if (quick_gpdu(f, len, &g))
		return NOT_QUICK;
	from.words[0] = ip->from;
	slot = g.teid & SLOT_MASK;
	l = bpf_map_lookup_elem(&up, &slot);
	if (!l || !g.teid || l->teid != g.teid || l->flags & (LINE_SLOW | LINE_FROM_CORE))
		return NOT_QUICK;
	now = monotonic();
	if (outer_checks(l, &g, &from, second_of(now)) || quick_inner(f, QUICK_INNER, g.end - QUICK_INNER, &p))
		return NOT_QUICK;
	if (device_checks(l, &p) || space_bit(special, FAMILY4, 0, p.to_lo) || space_bit(routed, FAMILY4, 0, p.to_lo))
		return NOT_QUICK;
	if (!cfg.outer.hop4.ifindex || p.len > cfg.outer.hop4.mtu || may_go(f, l, &g, &p, NULL, now))
		return NOT_QUICK;
	uplink_commit(l, &g, &p, now);
	return leave(ctx, f, &p, &cfg.outer.hop4, l->qfi);
}

// quick_downlink takes a packet of len octets that came from N6.
INLINE int quick_downlink(HOOK *ctx, const struct frame *f, __u32 len)
{
	struct inner p;
	struct delivery d;
	struct pool *pool;
	__u64 now;

	if (f->unsummed || quick_inner(f, ETH_SIZE, len, &p) || !space_bit(special, FAMILY4, 0, p.to_lo))
		return NOT_QUICK;
	if (icmp_reason(&p) || space_bit(special, FAMILY4, 0, p.from_lo))
		return NOT_QUICK;
	pool = pool_of(FAMILY4, 0, p.to_lo);
	if (!pool)
		return NOT_QUICK;
	now = monotonic();
	if (find_way(f, &p, pool, now, 1, &d) || d.peer->family != FAMILY4)
		return NOT_QUICK;
	charge(d.line, now, p.len);
	count(d.line, p.len);
	if (translate(f, &p))
		return BROKEN;
	age4(f->data + ETH_SIZE);
	return deliver(ctx, f, &p, d.tunnel, d.qfi, d.peer, FAMILY4);
}

// quick says what becomes of a packet, or NOT_QUICK.
INLINE int quick(HOOK *ctx, const struct frame *f)
{
	struct eth *eth = f->data;
	struct ip4 *ip = (void *)(eth + 1);
	__u32 len;

	if ((void *)(ip + 1) + QUICK_PORTS > f->end || eth->type != TYPE_IP4 || ip->version_ihl != 0x45 || elsewhere(eth))
		return NOT_QUICK;
	len = bpf_ntohs(ip->len);
	if (len < IP4_SIZE || ETH_SIZE + len > size_of(ctx, f) || in_pieces(ctx, f, QUICK_INNER, INNER_HEADERS))
		return NOT_QUICK;
	if (cfg.n3_4 && ip->to == bpf_htonl(cfg.n3_4))
		return wrong_side(ctx, may.n6, may.n3) ? NOT_QUICK : quick_uplink(ctx, f, len);
	return wrong_side(ctx, may.n3, may.n6) ? NOT_QUICK : quick_downlink(ctx, f, len);
}
