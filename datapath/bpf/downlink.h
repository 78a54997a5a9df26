// From N6, or from another device, to a device.
#pragma once
#include "send.h"

// Where a packet for a device goes.
struct delivery {
	struct line *line; // with the session's meter and counts
	struct peer *peer;
	__u64 tunnel; // the radio's TEID, and the peer above it: read at once
	__u8 qfi;
};

// from_outside checks that a packet from N6 can come from there.
INLINE int from_outside(const struct inner *p)
{
	struct pool *pool;
	int reason = icmp_reason(p);

	if (reason)
		return reason;
	if (!space_bit(special, p->family, p->from_hi, p->from_lo))
		return REASON_NONE;
	if (p->ported && is_service(p->family, p->from_hi, p->from_lo, (__u32)p->protocol << 16 | p->from_port))
		return REASON_NONE;
	pool = pool_of(p->family, p->from_hi, p->from_lo);
	if (pool)
		return is_icmp(p) && is_router(pool, p->from_hi, p->from_lo) ? REASON_NONE : REASON_UE_SOURCE;
	if (p->family == FAMILY6 && p->from_hi == TRANSLATOR && p->from_lo >> 32 == 0)
		return REASON_NONE;
	if (nowhere(p->family, p->from_hi, p->from_lo))
		return REASON_BAD_SOURCE;
	return may.framed ? SLOW : REASON_NONE;
}

// own_line finds the session's line of a packet to a pool.
INLINE int own_line(const struct frame *f, struct inner *p, const struct pool *pool, __u64 now, struct line **own)
{
	__u64 v = number(p->family, p->to_hi, p->to_lo);
	struct line *l;
	__u32 i;
	int reason;

	if (pool->flags & POOL_PUBLIC) {
		reason = nat_in(f, p, pool, second_of(now), &i);
		if (reason)
			return reason;
	} else {
		if (v - pool->base >= pool->count)
			return REASON_UNKNOWN_UE;
		i = pool->first + (v - pool->base);
	}
	l = bpf_map_lookup_elem(&down, &i);
	if (l && l->flags & LINE_ALIAS) {
		i = l->word;
		l = bpf_map_lookup_elem(&down, &i);
	}
	if (!l || !l->aux)
		return REASON_UNKNOWN_UE;
	if (p->mapped == MAPPED_IN)
		p->map_addr = bpf_htonl(l->ue4);
	*own = l;
	return REASON_NONE;
}

// find_way decides about a packet for a device, and changes nothing of it. routed says that this is a hop of
// the packet's way.
INLINE int find_way(const struct frame *f, struct inner *p, const struct pool *pool, __u64 now, int routed, struct delivery *d)
{
	struct line *l;
	__u32 i;
	int reason = own_line(f, p, pool, now, &l);

	if (reason)
		return reason;
	d->line = l;
	if (l->flags & (LINE_SLOW | LINE_HOLD))
		return SLOW;
	if (!passes(l->rules, p, p->from_hi, p->from_lo, p->from_port, p->to_port))
		return REASON_NOT_SEALED;
	if (p->len > cfg.mtu)
		return p->cuttable ? SLOW : REASON_TOO_BIG;
	if (routed && p->ttl <= 1)
		return REASON_HOPS;
	d->qfi = l->qfi;
	d->tunnel = *(volatile __u64 *)&l->teid;
	if (l->flags & LINE_SHUT)
		return REASON_GATE;
	if (!(__u32)d->tunnel)
		return SLOW; // since a moment ago, and it may wait
	if (over(l, now))
		return REASON_RATE;
	i = d->tunnel >> 32;
	d->peer = bpf_map_lookup_elem(&peers, &i);
	if (!d->peer || !d->peer->ready || p->len + ENCAPSULATION + IP6_SIZE > d->peer->mtu)
		return SLOW;
	return REASON_NONE;
}

// downlink decides about a packet that came from N6 for an address of a pool: n octets of the frame.
INLINE int downlink(HOOK *ctx, const struct frame *f, __u32 at, __u32 n, const struct pool *pool)
{
	struct inner p;
	struct delivery d = {};
	__u64 now = monotonic();
	int reason = f->unsummed ? SLOW : inner(ctx, f, at, n, &p);

	if (reason)
		goto refused;
	reason = from_outside(&p);
	if (reason)
		goto refused;
	reason = find_way(f, &p, pool, now, 1, &d);
	if (reason == SLOW && d.line && d.line->flags & LINE_HOLD && crowded(d.line, second_of(now)))
		reason = REASON_BUFFER_FULL;
	if (reason)
		goto refused;
	charge(d.line, now, p.len);
	count(d.line, p.len);
	if (translate(f, &p) || age(f, &p))
		return BROKEN;
	return deliver(ctx, f, &p, d.tunnel, d.qfi, d.peer, d.peer->family);
refused:
	return refuse(reason, DOWNLINK, 0, answered(reason) ? ANSWERED : TOLD);
}
