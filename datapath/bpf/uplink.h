// From a radio, to N6 or to another device.
#pragma once
#include "downlink.h"

#define SEEN_WINDOW 32
#define SECOND_SOURCE 10 // seconds

// outer_checks looks at what the radio is answerable for.
INLINE int outer_checks(struct line *l, const struct gpdu *g, const struct address *from, __u16 now)
{
	__u16 second = now ? now : 1;
	__u64 word = l->word;
	__u16 seen = word >> 48;
	__u32 i = l->peer;
	struct peer *q;

	if (!i)
		return REASON_UNBOUND;
	q = bpf_map_lookup_elem(&peers, &i);
	if (!q)
		return REASON_UNBOUND;
	if (!same_address(from, q->addr))
		return seen && (__u16)(second - seen) < SECOND_SOURCE ? REASON_SECOND_SOURCE : REASON_WRONG_SOURCE;
	if (seen != second)
		l->word = word << 16 >> 16 | (__u64)second << 48;
	if (g->contained ? g->direction != CONTAINER_UPLINK : cfg.flags & SETTINGS_REQUIRE_CONTAINER)
		return REASON_WRONG_CONTAINER;
	if (g->contained && g->qfi != l->qfi)
		return REASON_UNKNOWN_QFI;
	if (l->flags & LINE_SHUT)
		return REASON_GATE;
	return REASON_NONE;
}

// place says which way a packet goes to a destination that is special: local is the pool of another device.
INLINE int place(const struct inner *p, struct pool **local)
{
	struct pool *pool;

	if (p->ported && !p->more && is_service(p->family, p->to_hi, p->to_lo, (__u32)p->protocol << 16 | p->to_port))
		return REASON_NONE;
	if (p->family == FAMILY6 && p->to_hi == TRANSLATOR && p->to_lo >> 32 == 0)
		return SLOW;
	if (p->family == FAMILY6 && link_only(p->to_hi, p->to_lo))
		return REASON_LINK_ONLY;
	if (nowhere(p->family, p->to_hi, p->to_lo))
		return REASON_FORBIDDEN;
	pool = pool_of(p->family, p->to_hi, p->to_lo);
	if (!pool && within(p->family, p->to_hi, p->to_lo))
		return REASON_FORBIDDEN;
	if (!pool)
		return may.framed ? SLOW : REASON_NONE;
	if (is_router(pool, p->to_hi, p->to_lo) && is_echo(p))
		return SLOW;
	if (!(pool->flags & POOL_PUBLIC) && !usable(pool, number(p->family, p->to_hi, p->to_lo)))
		return REASON_FORBIDDEN;
	if (!(cfg.flags & SETTINGS_UE_TO_UE))
		return REASON_OTHER_UE;
	*local = pool;
	return pool->flags & POOL_PUBLIC ? SLOW : REASON_NONE;
}

// device_checks looks at what the device is answerable for, wherever the packet goes.
INLINE int device_checks(const struct line *l, const struct inner *p)
{
	int reason;

	if (p->family == FAMILY6 && is_icmp(p) && p->icmp == ICMP6_SOLICITATION)
		return SLOW;
	if (p->family == FAMILY4 ? !l->ue4 || p->from_lo != l->ue4 : !l->ue6 || p->from_hi != l->ue6) {
		if (may_be_framed(p->family, p->from_hi, p->from_lo))
			return SLOW;
		return p->family == FAMILY6 && link_only(p->from_hi, p->from_lo) ? REASON_LINK_ONLY : REASON_SPOOFED_SOURCE;
	}
	reason = icmp_reason(p);
	if (reason)
		return reason;
	if (p->protocol == PROTO_UDP && p->ported && p->from_port == (p->family == FAMILY4 ? DHCP_SERVER : DHCP6_SERVER))
		return REASON_DHCP_SERVER;
	return passes(l->rules, p, p->to_hi, p->to_lo, p->to_port, p->from_port) ? REASON_NONE : REASON_NOT_SEALED;
}

// inner_checks is device_checks, and place where the destination is special.
INLINE int inner_checks(const struct line *l, const struct inner *p, struct pool **local)
{
	int reason = device_checks(l, p);

	*local = NULL;
	return !reason && space_bit(special, p->family, p->to_hi, p->to_lo) ? place(p, local) : reason;
}

// repeats reports whether a sequence number has been seen or is too old to tell.
INLINE int repeats(__u64 word, __u16 seq)
{
	__u32 window = word;
	__u16 behind = (__u16)(word >> 32) - seq;

	return window && behind < 1 << 15 && (behind >= SEEN_WINDOW || window >> (behind & 31) & 1);
}

// note marks a sequence number as seen, and says how many were left out just before it.
INLINE __u64 note(__u64 word, __u16 seq, __u32 *gap)
{
	__u32 window = word;
	__u16 top = word >> 32, ahead = seq - top, behind = top - seq;

	if (!window) {
		window = 1;
		top = seq;
	} else if (ahead && ahead < 1 << 15) {
		window = ahead < SEEN_WINDOW ? window << (ahead & 31) | 1 : 1;
		top = seq;
		*gap = ahead - 1;
	} else if (behind < SEEN_WINDOW) {
		window |= 1u << (behind & 31);
	}
	return word >> 48 << 48 | (__u64)top << 32 | window;
}

// number_seen marks the packet's sequence number.
INLINE void number_seen(struct line *l, __u16 seq)
{
	__u32 gap = 0, i = l->peer;
	struct watch *w;

	l->word = note(l->word, seq, &gap);
	if (!gap)
		return;
	w = bpf_map_lookup_elem(&watches, &i);
	if (w)
		__sync_fetch_and_add(&w->gaps, gap);
}

// may_go is what is left once a packet may go: its sequence number, its size, its hops, its rate.
INLINE int may_go(const struct frame *f, const struct line *l, const struct gpdu *g, struct inner *p, const struct pool *local, __u64 now)
{
	if (g->numbered && cfg.flags & SETTINGS_FILTER_DUPLICATES && repeats(l->word, g->seq))
		return REASON_REPLAYED;
	if (!local && p->len > cfg.mtu_n6)
		return p->cuttable ? SLOW : REASON_TOO_BIG;
	if (p->ttl <= 1)
		return REASON_HOPS;
	if (over(l, now))
		return REASON_RATE;
	return l->aux && p->family == FAMILY4 && !local ? nat_out(f, p, l->aux - 1, second_of(now)) : REASON_NONE;
}

INLINE void uplink_commit(struct line *l, const struct gpdu *g, const struct inner *p, __u64 now)
{
	if (g->numbered)
		number_seen(l, g->seq);
	charge(l, now, p->len);
	count(l, p->len);
}

// across takes a packet to another device.
INLINE int across(HOOK *ctx, const struct frame *f, struct line *l, const struct gpdu *g, struct inner *p, const struct pool *local,
		  __u64 now)
{
	struct delivery d = {};
	int reason = find_way(f, p, local, now, 0, &d);

	if (reason == SLOW || reason == REASON_TOO_BIG)
		return PASS;
	uplink_commit(l, g, p, now);
	if (reason)
		return refuse(reason, DOWNLINK, 0, QUIET); // for uplink has it behind it
	charge(d.line, now, p->len);
	count(d.line, p->len);
	return age(f, p) ? BROKEN : deliver(ctx, f, p, d.tunnel, d.qfi, d.peer, d.peer->family);
}

// onward takes a packet to N6. Where the kernel knows more ways than the default one, it is asked.
INLINE int onward(HOOK *ctx, const struct frame *f, struct line *l, const struct gpdu *g, struct inner *p, __u64 now)
{
	const struct hop *h = p->family == FAMILY4 ? &cfg.outer.hop4 : &cfg.outer.hop6;
	struct hop other;

	if (space_bit(routed, p->family, p->to_hi, p->to_lo)) {
		if (ask_way(ctx, p, &other))
			return PASS;
		h = &other;
	}
	if (!h->ifindex || p->len > h->mtu)
		return PASS;
	uplink_commit(l, g, p, now);
	return leave(ctx, f, p, h, l->qfi);
}

// uplink decides about a datagram of n octets that came to N3.
INLINE int uplink(HOOK *ctx, const struct frame *f, __u32 at, __u32 n, const struct address *from)
{
	struct gpdu g;
	struct inner p;
	struct pool *local;
	struct line *l;
	__u64 now = monotonic();
	__u32 slot;
	int reason = gpdu(ctx, f, at, n, &g);

	if (reason)
		goto refused;
	blur(g.inner, g.teid);
	if (g.inner > GTPU_FAR || f->unsummed >= g.inner)
		return PASS;
	slot = g.teid & SLOT_MASK;
	l = bpf_map_lookup_elem(&up, &slot);
	reason = REASON_UNKNOWN_TEID;
	if (!l || !g.teid || l->teid != g.teid)
		goto refused;
	if (l->flags & (LINE_SLOW | LINE_FROM_CORE))
		return PASS;
	reason = outer_checks(l, &g, from, second_of(now));
	if (reason)
		goto refused;
	reason = inner(ctx, f, g.inner, g.end - g.inner, &p);
	if (reason)
		goto refused;
	reason = inner_checks(l, &p, &local);
	if (reason)
		goto refused;
	reason = may_go(f, l, &g, &p, local, now);
	if (reason)
		goto refused;
	return local ? across(ctx, f, l, &g, &p, local, now) : onward(ctx, f, l, &g, &p, now);
refused:
	return refuse(reason, UPLINK, radio(from), answered(reason) ? ANSWERED : TOLD);
}
